"""The files a control plane is configured by, from its keys to its kubeconfigs."""

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

import yaml

from joch.local import pki
from joch.local.errors import InputError
from joch.local.homes import Home
from joch.local.private_files import write_private

# 10.0.0.1 and the name are how pods would reach the server, as in every cluster.
SERVER_NAMES = ("localhost", "127.0.0.1", "10.0.0.1", "kubernetes.default.svc")

ADMIN = ("joch-local-admin", ("system:masters",))
CONTROLLER_MANAGER = "system:kube-controller-manager"

_LONGEST_COMMON_NAME = 64


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
    write_kubeconfig(home.path, server, *ADMIN)
    controller_manager = write_kubeconfig(home.path, server, CONTROLLER_MANAGER)
    controller_manager.replace(home.config / "controller-manager.kubeconfig")


def write_kubeconfig(home: Path, server: str, user: str, groups: Sequence[str] = ()) -> Path:
    """Write a kubeconfig for a user of the control plane in `home`, and return its path.

    The client certificate names `user` and `groups`; it is embedded, and the file is private.

    Raises:
        InputError: the user's name doesn't fit a certificate.
    """
    if not 1 <= len(user) <= _LONGEST_COMMON_NAME:
        raise InputError(
            f"user {user!r} has {len(user)} characters, and a client certificate names at most "
            f"{_LONGEST_COMMON_NAME}: shorten it, or use a service account's token."
        )
    authority = pki.Authority.load(home / "pki")
    client = authority.issue_client(user, groups)
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "joch-local", "cluster": _cluster(server, authority)}],
        "users": [{"name": user, "user": _user(client)}],
        "contexts": [{"name": "joch-local", "context": {"cluster": "joch-local", "user": user}}],
        "current-context": "joch-local",
    }
    is_admin = (user, tuple(groups)) == ADMIN
    path = home / ("kubeconfig" if is_admin else f"kubeconfig-{_file_name(user, groups)}")
    write_private(path, _yaml(config))
    return path


def _cluster(server: str, authority: pki.Authority) -> dict[str, str]:
    return {"server": server, "certificate-authority-data": _base64(authority.certificate)}


def _user(client: pki.KeyPair) -> dict[str, str]:
    return {
        "client-certificate-data": _base64(client.certificate),
        "client-key-data": _base64(client.key),
    }


def _file_name(user: str, groups: Sequence[str]) -> str:
    """Readable, and never the same for different users or groups."""
    digest = hashlib.sha256("\n".join((user, *groups)).encode()).hexdigest()[:8]
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', user)}-{digest}"


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
