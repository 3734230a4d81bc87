"""The files a control plane is configured by, from its keys to its kubeconfigs."""

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from joch.local import pki
from joch.local.errors import InputError
from joch.local.homes import Home
from joch.local.private_files import write_private

# 10.0.0.1 and the name are how pods would reach the server, as in every cluster.
SERVER_NAMES = ("localhost", "127.0.0.1", "10.0.0.1", "kubernetes.default.svc")

_NAME = "joch-local"
_ADMINISTRATOR = "joch-local-admin"

_LONGEST_COMMON_NAME = 64


@dataclass(frozen=True)
class Client:
    """A user of the API server, with the certificate that proves it."""

    user: str
    groups: tuple[str, ...]
    pair: pki.KeyPair

    @classmethod
    def of(cls, authority: pki.Authority, user: str, groups: Sequence[str] = ()) -> "Client":
        """Have the authority certify the user and its groups.

        Raises:
            InputError: the user's name doesn't fit a certificate.
        """
        if not 1 <= len(user) <= _LONGEST_COMMON_NAME:
            raise InputError(
                f"user {user!r} has {len(user)} characters, and a client certificate names at most "
                f"{_LONGEST_COMMON_NAME}: shorten it, or use a service account's token."
            )
        return cls(user, tuple(groups), authority.issue_client(user, groups))

    @property
    def file_name(self) -> str:
        """Readable, and never the same for different users or groups."""
        digest = hashlib.sha256("\n".join((self.user, *self.groups)).encode()).hexdigest()[:8]
        return f"kubeconfig-{re.sub(r'[^A-Za-z0-9]+', '-', self.user)}-{digest}"


def write_configuration(home: Home, server: str) -> None:
    """Write all that the servers and the administrator need; keys that are there are kept.

    Raises:
        InputError: the home holds data, and the key they are encrypted with is gone.
    """
    authority = pki.Authority.load_or_create(home.pki)
    serving = authority.issue_server(SERVER_NAMES)
    write_private(home.pki / "apiserver.crt", serving.certificate)
    write_private(home.pki / "apiserver.key", serving.key)
    if not (home.pki / "service-accounts.key").is_file():
        write_private(home.pki / "service-accounts.key", pki.new_signing_key())
    _write_encryption(home)
    write_private(home.config / "audit.yaml", _yaml(_AUDIT_POLICY))
    administrator = Client.of(authority, _ADMINISTRATOR, ["system:masters"])
    write_private(home.pki / "admin.pem", administrator.pair.certificate + administrator.pair.key)
    write_kubeconfig(home.path / "kubeconfig", server, authority, administrator)
    manager = Client.of(authority, "system:kube-controller-manager")
    write_kubeconfig(home.config / "controller-manager.kubeconfig", server, authority, manager)


def write_kubeconfig(path: Path, server: str, authority: pki.Authority, client: Client) -> None:
    """Write a private kubeconfig for a client of the authority; all it needs is embedded."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": _NAME, "cluster": _cluster(server, authority)}],
        "users": [{"name": client.user, "user": _user(client.pair)}],
        "contexts": [{"name": _NAME, "context": {"cluster": _NAME, "user": client.user}}],
        "current-context": _NAME,
    }
    write_private(path, _yaml(config))


def _cluster(server: str, authority: pki.Authority) -> dict[str, str]:
    return {"server": server, "certificate-authority-data": _base64(authority.certificate)}


def _user(client: pki.KeyPair) -> dict[str, str]:
    return {
        "client-certificate-data": _base64(client.certificate),
        "client-key-data": _base64(client.key),
    }


def _write_encryption(home: Home) -> None:
    """AES-GCM for every resource, and no way to read what is not encrypted."""
    path = home.config / "encryption.yaml"
    if path.is_file():
        return
    if home.etcd.exists():
        raise InputError(
            f"{path} is missing, and the data in {home.path} can't be read without its key: "
            "restore the file, or delete the folder to start anew."
        )
    key = {"name": "key1", "secret": _base64(secrets.token_bytes(32))}
    configuration = {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [{"resources": ["*.*"], "providers": [{"aesgcm": {"keys": [key]}}]}],
    }
    write_private(path, _yaml(configuration))


# Who did what to which object, without its content: an audit log holds no Secret.
_AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [{"level": "Metadata"}],
}


def _yaml(document: object) -> bytes:
    return yaml.safe_dump(document, sort_keys=False).encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
