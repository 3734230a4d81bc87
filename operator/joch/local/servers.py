"""The command lines of the three servers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from joch.local.homes import Home

# etcd listens on a socket in the home (it takes the "host:port" of a unix URL as a relative path):
# no port to collide on, and nobody but the home's owner can reach it.
_ETCD_CLIENT = "unix://etcd-client.sock:0"
_ETCD_PEER = "unix://etcd-peer.sock:0"

CONTROLLERS = (
    "clusterrole-aggregation-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "serviceaccount-controller",
    "serviceaccount-token-controller",
)


@dataclass(frozen=True)
class Options:
    """What may differ between one control plane and another.

    Attributes:
        audit: whether the API server writes an audit log (level Metadata) into the home.
        apiserver_flags: further flags of kube-apiserver, e.g. `--event-ttl=1m`.
        crds: a folder of CustomResourceDefinitions that are Established before the controller
            manager starts: its garbage collector looks for new kinds only every 30 s.
    """

    audit: bool = False
    apiserver_flags: Sequence[str] = field(default=())
    crds: Path | None = None


def etcd(programs: Mapping[str, Path], home: Home) -> list[str]:
    """One member, without fsync if the data are to be thrown away."""
    return [
        str(programs["etcd"]),
        "--name=joch",
        f"--data-dir={home.etcd}",
        f"--listen-client-urls={_ETCD_CLIENT}",
        f"--advertise-client-urls={_ETCD_CLIENT}",
        f"--listen-peer-urls={_ETCD_PEER}",
        # It has no peers; the URL only has to be well-formed.
        "--initial-advertise-peer-urls=http://localhost:2380",
        "--initial-cluster=joch=http://localhost:2380",
        "--log-level=warn",
        *([] if home.kept else ["--unsafe-no-fsync"]),
    ]


def kube_apiserver(
    programs: Mapping[str, Path], home: Home, port: int, options: Options
) -> list[str]:
    """RBAC, encryption at rest, and nothing that needs nodes or pods."""
    signing_key = home.pki / "service-accounts.key"
    command = [
        str(programs["kube-apiserver"]),
        f"--etcd-servers={_ETCD_CLIENT}",
        f"--encryption-provider-config={home.config / 'encryption.yaml'}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        # Otherwise it refuses to advertise a loopback address.
        "--endpoint-reconciler-type=none",
        f"--secure-port={port}",
        # The port is held for it until it listens; see `ports`.
        "--permit-port-sharing=true",
        f"--tls-cert-file={home.pki / 'apiserver.crt'}",
        f"--tls-private-key-file={home.pki / 'apiserver.key'}",
        f"--client-ca-file={home.pki / 'ca.crt'}",
        "--authorization-mode=RBAC",
        f"--service-account-key-file={signing_key}",
        f"--service-account-signing-key-file={signing_key}",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--disable-admission-plugins=ServiceAccount",
        "--allow-privileged=true",
    ]
    if options.audit:
        command += [
            f"--audit-policy-file={home.config / 'audit.yaml'}",
            f"--audit-log-path={home.audit_log}",
            "--audit-log-maxsize=0",
        ]
    return [*command, *options.apiserver_flags]


def kube_controller_manager(programs: Mapping[str, Path], home: Home) -> list[str]:
    """Garbage collection, namespaces, service accounts, aggregated roles."""
    return [
        str(programs["kube-controller-manager"]),
        f"--kubeconfig={home.config / 'controller-manager.kubeconfig'}",
        f"--service-account-private-key-file={home.pki / 'service-accounts.key'}",
        f"--root-ca-file={home.pki / 'ca.crt'}",
        "--use-service-account-credentials=true",
        "--leader-elect=false",
        "--secure-port=0",
        f"--controllers={','.join(CONTROLLERS)}",
    ]
