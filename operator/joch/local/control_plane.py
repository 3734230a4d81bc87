"""Starts the servers of a control plane, waits until they are ready, and stops them."""

import contextlib
import os
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from joch.local import processes, programs, servers
from joch.local.configuration import Client, write_configuration, write_kubeconfig
from joch.local.errors import StartError
from joch.local.folders import state_folder
from joch.local.homes import Home, throw_away_home
from joch.local.kubectl import Kubectl
from joch.local.pki import Authority
from joch.local.ports import held_port
from joch.local.processes import ProcessRecord
from joch.local.servers import Options

_READY_WITHIN = 60.0
_BETWEEN_CHECKS = 0.05


@dataclass(frozen=True)
class Access:
    """How to reach a control plane: good for any process that may read its home.

    Attributes:
        home: the folder the control plane lives in.
        server: the API server's URL.
        kubectl_program: kubectl's path.
    """

    home: Path
    server: str
    kubectl_program: Path

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig (group system:masters)."""
        return self.home / "kubeconfig"

    @property
    def certificate_authority(self) -> Path:
        """The certificate, PEM, that the API server's own is signed by."""
        return self.home / "pki" / "ca.crt"

    @property
    def client_certificate(self) -> Path:
        """The administrator's certificate and key, PEM, for clients that take no kubeconfig."""
        return self.home / "pki" / "admin.pem"

    @property
    def audit_log(self) -> Path:
        """The audit log, one JSON event a line; only with `Options.audit`."""
        return self.home / "audit.log"

    @property
    def kubectl(self) -> Kubectl:
        """kubectl as the administrator."""
        return Kubectl(self.kubectl_program, self.kubeconfig, self.home / "kubectl-cache")

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path:
        """A kubeconfig for somebody who may do what RBAC grants to `user` or its `groups`.

        A service account's name works too (`system:serviceaccount:NAMESPACE:NAME`).
        """
        authority = Authority.load(self.home / "pki")
        client = Client.of(authority, user, groups)
        path = self.home / client.file_name
        write_kubeconfig(path, self.server, authority, client)
        return path


class ControlPlane:
    """A running control plane that dies with the thread that started it.

    >>> with ControlPlane.start() as control_plane:
    ...     control_plane.access.kubectl("get", "namespaces")
    """

    def __init__(self, home: Home, access: Access, started: "Started") -> None:
        """Use `start`."""
        self._home = home
        self._started = started
        self.access = access

    @classmethod
    def start(
        cls,
        options: Options | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> Self:
        """Start a control plane with throw-away data; returns when `/readyz` says ok.

        Raises:
            LocalError: a program is missing or can't be built, or a server did not come up.
        """
        options = options or Options()
        environ = os.environ if environ is None else environ
        found = programs.find(programs.CONTROL_PLANE, environ, say)
        home = throw_away_home(state_folder(environ))
        started = Started(dies_with_us=True)
        access = start_servers(found, home, options, started)
        return cls(home, access, started)

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig."""
        return self.access.kubeconfig

    def stop(self) -> None:
        """End the servers and delete the data. Doing it twice is fine."""
        self._started.stop(grace=0)
        self._home.discard()

    def __enter__(self) -> Self:
        """Return the control plane, to be stopped at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()


class Started:
    """The servers that were started so far, in that order.

    Attributes:
        dies_with_us: whether the kernel ends them when the thread ends that started them.
        records: who they are; `note` is called with each as soon as it is known.
    """

    def __init__(
        self,
        *,
        dies_with_us: bool,
        note: Callable[[ProcessRecord], None] = lambda record: None,
    ) -> None:
        """Start with none."""
        self.dies_with_us = dies_with_us
        self.records: list[ProcessRecord] = []
        self._note = note
        self._children: list[tuple[subprocess.Popen[bytes], Path]] = []

    def start(self, command: Sequence[str], home: Home) -> None:
        """Start a server that lives in `home`, its output in the home's logs."""
        log = home.logs / f"{Path(command[0]).name}.log"
        child = processes.start(
            command,
            cwd=home.path,
            log=log,
            dies_with_us=self.dies_with_us,
            inherited=(home.lock,),
            note=self._keep,
        )
        self._children.append((child, log))

    def check(self) -> None:
        """Raise StartError, with what it said last, if a server has ended."""
        for child, log in self._children:
            if (status := child.poll()) is not None:
                name = log.stem
                raise StartError(
                    f"{name} ended with status {status} before the control plane was ready. "
                    f"It said: {last_words(log)} (all of it: {log})"
                )

    def stop(self, grace: float) -> None:
        """End them, the last first, and return when they have ended."""
        stop_in_order(self.records, grace)
        for child, _ in self._children:
            child.wait()

    def _keep(self, record: ProcessRecord) -> None:
        self.records.append(record)
        self._note(record)


def stop_in_order(records: Sequence[ProcessRecord], grace: float) -> None:
    """End the servers; with a grace etcd goes last, when nobody writes any more."""
    storage = [record for record in records if record.name == "etcd"]
    processes.stop([record for record in records if record.name != "etcd"], grace=grace)
    processes.stop(storage, grace=grace)


def start_servers(
    found: Mapping[str, Path], home: Home, options: Options, started: Started
) -> Access:
    """Start the three servers in `home`; returns when the API server is ready.

    When that fails, or is interrupted, those that were started are stopped, and the home stays
    for its logs; the next throw-away home that is made deletes it.

    Raises:
        StartError: a server ended, or the API server was not ready in time.
    """
    try:
        with held_port() as port:
            server = f"https://127.0.0.1:{port}"
            write_configuration(home, server)
            access = Access(home.path, server, found["kubectl"])
            started.start(servers.etcd(found, home), home)
            started.start(servers.kube_apiserver(found, home, port, options), home)
            wait_until_ready(access, started.check)
        if options.crds is not None:
            apply_crds(access, options.crds)
        started.start(servers.kube_controller_manager(found, home), home)
    except BaseException:
        started.stop(grace=0)
        home.release()
        raise
    return access


def apply_crds(access: Access, folder: Path) -> None:
    """Apply the CustomResourceDefinitions in `folder` and wait until they are Established."""
    access.kubectl("apply", "--server-side", "--field-manager=joch-local", "-f", str(folder))
    access.kubectl("wait", "--for=condition=Established", "--timeout=30s", "-f", str(folder))


def wait_until_ready(access: Access, check: Callable[[], None] = lambda: None) -> None:
    """Return when `/readyz` says ok; `check` may raise to end the waiting.

    Raises:
        StartError: the time is up.
    """
    deadline = time.monotonic() + _READY_WITHIN
    with _client(access) as client:
        while not _is_ready(client):
            check()
            if time.monotonic() > deadline:
                raise StartError(
                    f"The API server was not ready within {_READY_WITHIN:.0f} s; its log is "
                    f"{access.home / 'logs' / 'kube-apiserver.log'}."
                )
            time.sleep(_BETWEEN_CHECKS)


def answers(access: Access) -> bool:
    """Whether the API server answers `/readyz` with 200 now."""
    with _client(access) as client:
        return _is_ready(client)


def _is_ready(client: httpx.Client) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return client.get("/readyz").status_code == httpx.codes.OK
    return False


def _client(access: Access) -> httpx.Client:
    """`/readyz` is open to everybody; only the server has to prove who it is."""
    trust = ssl.create_default_context(cafile=access.certificate_authority)
    return httpx.Client(base_url=access.server, verify=trust, trust_env=False, timeout=2.0)


def last_words(log: Path) -> str:
    """The last line of a log: a server that gives up says why in it."""
    text = log.read_text(errors="replace").strip()
    return text.rpartition("\n")[2] or "nothing"
