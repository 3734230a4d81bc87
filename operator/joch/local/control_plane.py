"""Starts the servers of a control plane, waits until they are ready, and stops them."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from joch.local import programs, servers
from joch.local.configuration import Client, write_configuration, write_kubeconfig
from joch.local.folders import state_folder
from joch.local.homes import Home, throw_away_home
from joch.local.kubectl import Kubectl
from joch.local.pki import Authority
from joch.local.ports import held_port
from joch.local.readiness import wait_until_ready
from joch.local.servers import Options
from joch.local.started import Started


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

    def __init__(self, home: Home, access: Access, started: Started) -> None:
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
        started = Started(environ, dies_with_us=True)
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
            wait_until_ready(server, access.certificate_authority, started.check)
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
