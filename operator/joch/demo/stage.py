"""Everything that runs in the demo, each part started when the story comes to it."""

import secrets
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from pydantic import SecretStr

from joch.demo import plot
from joch.demo.agent import Agent
from joch.demo.cluster import Cluster
from joch.demo.failure import expect
from joch.demo.overlay import Addresses
from joch.demo.servers import GRACE, Server
from joch.demo.source import Source
from joch.local.cluster_reader import ClusterReader
from joch.local.control_plane import Access, ControlPlane
from joch.local.ports import held_port
from joch.local.servers import Options
from joch.local.vendors import Vendor, VendorSpec, start_vendor
from joch.local.volumes import DATA

MASTER_KEY = "JOCH_MASTER_KEY"
"""Key of the gateway's Secret that LiteLLM takes from its clients."""
OPERATOR, MOUNTS, LITELLM = "operator", "mounts", "gateway"
_MOUNT_SECONDS = 20.0
_PAUSE = 0.1


class Stage:
    """The processes of the demo. Each `start_` does nothing for a part that runs already.

    Leaving the block ends them all, the last started first; kill -9 of this process does too.

    Attributes:
        folder: logs, requests seen, generated configuration; keys too, so it is private.
        source: what is started, and from where.
        vendors: those that were started, by name.
        servers: operator, mounts and gateway, as far as they were started, by name.
    """

    def __init__(
        self, folder: Path, source: Source, say: Callable[[str], None] = lambda sentence: None
    ) -> None:
        """Start nothing yet; `say` gets a sentence when something takes long."""
        self.folder = folder
        self.source = source
        self.vendors: dict[str, Vendor] = {}
        self._say = say
        self._closing = ExitStack()
        self._held = ExitStack()
        self._ports = [self._held.enter_context(held_port()) for _ in range(2)]
        self._control_plane: ControlPlane | None = None
        self._reader: ClusterReader | None = None
        self.servers: dict[str, Server] = {}

    def __enter__(self) -> Self:
        """Return the stage."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self._closing.close()
        self._held.close()

    @property
    def up(self) -> bool:
        """Whether the control plane was started."""
        return self._control_plane is not None

    @property
    def access(self) -> Access:
        """How to reach the control plane, which was started before."""
        assert self._control_plane is not None
        return self._control_plane.access

    @property
    def cluster(self) -> Cluster:
        """The demo's namespace, seen by the administrator."""
        assert self._reader is not None
        return Cluster(self.access.kubectl, self._reader, plot.NAMESPACE)

    @property
    def addresses(self) -> Addresses:
        """Where the vendors, the gateway and its supervisor listen."""
        gateway, supervisor = (f"http://127.0.0.1:{port}" for port in self._ports)
        acme, globex = (self.vendors[spec.name].url for spec in plot.VENDORS)
        return Addresses(acme, globex, gateway, supervisor)

    @property
    def agent(self) -> Agent:
        """The agent that holds the conversation."""
        keys = self.cluster.secret(f"{plot.GATEWAY}-litellm")
        key = SecretStr(keys[MASTER_KEY].decode())
        return Agent(self.cluster, plot.CONVERSATION, self.addresses.gateway, key)

    def start_control_plane(self) -> None:
        """etcd, kube-apiserver with the CRDs, kube-controller-manager."""
        if self._control_plane is None:
            started = ControlPlane.start(Options(crds=self.source.crds), say=self._say)
            self._control_plane = self._closing.enter_context(started)
            reader = ClusterReader.connect(started.kubeconfig)
            self._reader = self._closing.enter_context(reader)

    def start_vendors(self) -> None:
        """Both vendors; one that was killed comes back at its old port."""
        for spec in plot.VENDORS:
            before = self.vendors.get(spec.name)
            if before is None:
                self.start_vendor(spec, SecretStr(f"sk-demo-{secrets.token_hex(16)}"))
            elif not before.alive:
                self.start_vendor(before.spec, before.key)
        for vendor in self.vendors.values():
            vendor.wait_until_it_answers()

    def start_operator(self) -> None:
        """`joch operator` for the demo's namespace, with the rights of its own account."""
        account = f"system:serviceaccount:{plot.NAMESPACE}:{plot.OPERATOR_ACCOUNT}"
        self._start(
            OPERATOR,
            [
                sys.executable,
                "-m",
                "joch",
                "operator",
                f"--kubeconfig={self.access.kubeconfig_for(account)}",
                f"--namespace={plot.NAMESPACE}",
                f"--lease-namespace={plot.NAMESPACE}",
            ],
            {},
            GRACE,
        )

    def start_gateway(self) -> None:
        """What the kubelet would do (mount ConfigMap and Secret), then LiteLLM's supervisor."""
        name = f"{plot.GATEWAY}-litellm"
        self._start(
            MOUNTS,
            [
                sys.executable,
                "-m",
                "joch.local.mounts",
                f"--kubeconfig={self.access.kubeconfig}",
                f"--namespace={plot.NAMESPACE}",
                f"--config-map={name}={self.config_folder}",
                f"--secret={name}={self.keys_folder}",
            ],
            {},
        )
        self._wait_for_mounts()
        self._held.close()
        gateway, supervisor = self._ports
        self._start(
            LITELLM,
            [
                str(self.source.gateway_python),
                "-m",
                "joch",
                "gateway",
                "run",
                f"--config-dir={self.config_folder}",
                f"--keys-dir={self.keys_folder}",
                "--host=127.0.0.1",
                f"--port={gateway}",
                f"--status-port={supervisor}",
            ],
            # What it leaves when it is killed goes with our folder.
            {"PYTHONPATH": str(self.source.package), "TMPDIR": str(self.folder)},
        )

    def check(self, *names: str) -> None:
        """Raise StepError if one of these processes has ended."""
        for name in names:
            status = self.servers[name].process.poll()
            expect(status is None, f"the {name} to run", f"it ended with status {status}")

    @property
    def config_folder(self) -> Path:
        """The gateway's ConfigMap, mounted."""
        return self.folder / "gateway-config"

    @property
    def keys_folder(self) -> Path:
        """The gateway's Secret, mounted."""
        return self.folder / "gateway-keys"

    def start_vendor(self, spec: VendorSpec, key: SecretStr) -> None:
        """One vendor, without waiting for it; it ends with the stage."""
        vendor = start_vendor(spec, self.folder / spec.name, key)
        self._closing.callback(vendor.kill)
        self.vendors[spec.name] = vendor

    def _start(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], grace: float = 0
    ) -> None:
        before = self.servers.get(name)
        if before is None or not before.alive:
            server = Server.start(name, command, self.folder, environ)
            self.servers[name] = server
            self._closing.callback(server.stop, grace)

    def _wait_for_mounts(self) -> None:
        """A pod's containers start when its volumes are there."""
        deadline = time.monotonic() + _MOUNT_SECONDS
        while not all((f / DATA).exists() for f in (self.config_folder, self.keys_folder)):
            expect(
                time.monotonic() < deadline,
                f"ConfigMap and Secret {plot.GATEWAY}-litellm within {_MOUNT_SECONDS:.0f} s",
                "the operator has not written them",
            )
            time.sleep(_PAUSE)
