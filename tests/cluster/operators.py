"""The operator as a process of its own, under the rights that its chart grants."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from joch.local import processes
from joch.local.control_plane import Access
from joch.local.kubectl import Kubectl

RBAC = Path(__file__).with_name("operator-rbac.yaml")
ACCOUNT = "joch-operator"
LEASE = "joch-operator"
JOCH = Path(sys.executable).with_name("joch")
END = 30.0
"""Seconds in which a process that was told to end must have ended."""


def account_in(namespace: str) -> str:
    """The user that an operator of this namespace is to the API server."""
    return f"system:serviceaccount:{namespace}:{ACCOUNT}"


def grant_rights(kubectl: Kubectl, namespace: str) -> None:
    """Grant the operator's account of this namespace its rights in it, and no others."""
    kubectl("apply", "--field-manager=test-user", "-n", namespace, "-f", str(RBAC))
    binding = ["rolebinding", ACCOUNT, f"--role={ACCOUNT}"]
    kubectl("create", *binding, f"--serviceaccount={namespace}:{ACCOUNT}", "-n", namespace)


@dataclass
class OperatorProcess:
    """One `joch operator`, limited to a namespace; its output is in `log`."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, kubeconfig: Path, namespace: str, log: Path) -> "OperatorProcess":
        limits = ["--namespace", namespace, "--lease-namespace", namespace, "--lease-name", LEASE]
        command = [str(JOCH), "operator", "--kubeconfig", str(kubeconfig), *limits]
        started = processes.start(
            command, cwd=log.parent, log=log, dies_with_us=True, environ=os.environ
        )
        return cls(started, log)

    def kill(self) -> None:
        """End it as a crash of its machine would: it can do nothing about it."""
        self.process.kill()
        self.process.wait(END)

    def wait_killed(self) -> None:
        """Wait until somebody else has killed it."""
        assert self.process.wait(END) == -signal.SIGKILL

    def stop(self) -> None:
        """End it as the kubelet does, and wait until it has ended well."""
        self.process.terminate()
        assert self.process.wait(END) == 0, f"it ended badly: {self.log.read_text()}"

    def pause(self) -> None:
        """Stop its time, as a machine under a hypervisor may be stopped."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@dataclass
class Operators:
    """The operators of one test: one at least, and those that follow or compete."""

    access: Access
    namespace: str
    folder: Path
    started: list[OperatorProcess] = field(default_factory=list)

    @property
    def user(self) -> str:
        return account_in(self.namespace)

    def start(self, kubeconfig: Path | None = None) -> OperatorProcess:
        """Start one more, directly at the API server unless another kubeconfig is given."""
        reached = kubeconfig or self.access.kubeconfig_for(self.user)
        log = self.folder / f"operator-{len(self.started)}.log"
        operator = OperatorProcess.start(reached, self.namespace, log)
        self.started.append(operator)
        return operator

    def end(self) -> str:
        """End them all; what they said."""
        for each in self.started:
            each.kill()
        return "\n".join(each.log.read_text() for each in self.started)
