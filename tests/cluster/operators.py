"""The operator as a process of its own, under the rights that its chart grants."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from joch.local import processes
from joch.local.control_plane import Access
from joch.local.kubectl import Kubectl

RBAC = Path(__file__).with_name("operator-rbac.yaml")
ACCOUNT = "joch-operator"
LEASE = "joch-operator"
JOCH = Path(sys.executable).with_name("joch")
LOOK = 0.05
"""Seconds between two looks at what a process has said."""
END = 30.0
"""Seconds in which a process that was told to end must have ended."""


def account_in(namespace: str, account: str = ACCOUNT) -> str:
    """The user that an operator of this namespace is to the API server."""
    return f"system:serviceaccount:{namespace}:{account}"


def grant_rights(kubectl: Kubectl, namespace: str, account: str = ACCOUNT) -> None:
    """Grant an account of this namespace the operator's rights in it, and no others."""
    binding = ["rolebinding", account, f"--role={ACCOUNT}"]
    kubectl("create", *binding, f"--serviceaccount={namespace}:{account}", "-n", namespace)


@dataclass
class OperatorProcess:
    """One `joch operator`, limited to some namespaces; its output is in `log`."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, kubeconfig: Path, namespaces: Sequence[str], log: Path) -> "OperatorProcess":
        """Its Lease is in the first of its namespaces."""
        limits = [f"--namespace={namespace}" for namespace in namespaces]
        lease = [f"--lease-namespace={namespaces[0]}", f"--lease-name={LEASE}"]
        command = [str(JOCH), "operator", f"--kubeconfig={kubeconfig}", *limits, *lease]
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

    def wait_said(self, words: str) -> None:
        """Wait until it has said this, or has ended."""
        while words not in self.log.read_text():
            with contextlib.suppress(subprocess.TimeoutExpired):
                ended = self.process.wait(LOOK)
                raise AssertionError(f"it ended with {ended}: {self.log.read_text()}")

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

    def make_role(self) -> None:
        """Make the role that all operators of the namespace have, and bind the first of them."""
        role = ["-n", self.namespace, "-f", str(RBAC)]
        self.access.kubectl("apply", "--field-manager=test-user", *role)
        grant_rights(self.access.kubectl, self.namespace)

    def start_as(self, account: str) -> OperatorProcess:
        """Start one more, under an account of its own with the same rights."""
        grant_rights(self.access.kubectl, self.namespace, account)
        return self.start(self.access.kubeconfig_for(account_in(self.namespace, account)))

    def start(self, kubeconfig: Path | None = None) -> OperatorProcess:
        """Start one more, directly at the API server unless another kubeconfig is given."""
        reached = kubeconfig or self.access.kubeconfig_for(self.user)
        log = self.folder / f"operator-{len(self.started)}.log"
        operator = OperatorProcess.start(reached, [self.namespace], log)
        self.started.append(operator)
        return operator

    def end(self) -> str:
        """End them all; what they said."""
        for each in self.started:
            each.kill()
        return "\n".join(each.log.read_text() for each in self.started)
