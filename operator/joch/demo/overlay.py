"""The demo's manifests with the addresses of this run laid over them, as a kustomize overlay."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from joch.demo import plot


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things listen in this run; URLs without a trailing slash."""

    acme: str
    globex: str
    gateway: str
    supervisor: str


def write_overlay(folder: Path, examples: Path, namespace: str, addresses: Addresses) -> Path:
    """Copy `examples` into `folder/base`, and return a folder for `kubectl apply -k`."""
    shutil.copytree(examples, folder / "base", dirs_exist_ok=True)
    overlay = folder / "overlay"
    overlay.mkdir(exist_ok=True)
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": namespace,
        "resources": ["../base"],
        "patches": [
            _patch("LLMProvider", plot.ACME.name, {"baseUrl": f"{addresses.acme}/v1"}),
            _patch("LLMProvider", plot.GLOBEX.name, {"baseUrl": addresses.globex}),
            _patch(
                "LLMGateway",
                plot.GATEWAY,
                {"adminUrl": addresses.gateway, "supervisorUrl": addresses.supervisor},
            ),
        ],
    }
    (overlay / "kustomization.yaml").write_text(yaml.safe_dump(kustomization, sort_keys=False))
    return overlay


def _patch(kind: str, name: str, spec: dict[str, str]) -> dict[str, object]:
    operations = [
        {"op": "replace", "path": f"/spec/{field}", "value": value} for field, value in spec.items()
    ]
    return {
        "target": {"kind": kind, "name": name},
        "patch": yaml.safe_dump(operations, sort_keys=False),
    }
