"""What `--record DIR` keeps: manifests, generated configuration, requests seen. Never a key."""

import json
import shutil
from pathlib import Path

from joch.demo.stage import Stage
from joch.local.volumes import read_volume

_KINDS = (
    "llmproviders,models,modelroutes,llmgateways,conversations,statecheckpoints,"
    "events.v1.events.k8s.io,configmaps"
)


def record(stage: Stage, folder: Path) -> None:
    """Copy what this run applied, generated and saw into `folder`, which is made if missing.

    manifests/        what was applied: examples/demo and this run's addresses over it
    objects.yaml      every object of the namespace as it was at the end, Secrets left out
    gateway/          the configuration that LiteLLM was given last
    NAME/requests.jsonl   every request that a vendor received
    NAME/turns.json       the bodies of those that asked for a turn, readable
    """
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("base", "overlay"):
        if (stage.folder / part).is_dir():
            shutil.copytree(stage.folder / part, folder / "manifests" / part, dirs_exist_ok=True)
    for name, content in (read_volume(stage.config_folder) or {}).items():
        (folder / "gateway").mkdir(exist_ok=True)
        (folder / "gateway" / name).write_bytes(content)
    for vendor in stage.vendors.values():
        _record_requests(vendor.folder / "requests.jsonl", folder / vendor.spec.name)
        turns = json.dumps(vendor.turns(), indent=2, ensure_ascii=False)
        (folder / vendor.spec.name / "turns.json").write_text(turns + "\n")
    if stage.up:
        objects = stage.cluster.show("get", _KINDS, "-o", "yaml").output
        (folder / "objects.yaml").write_text(objects + "\n")


def _record_requests(log: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    if log.exists():
        shutil.copyfile(log, folder / "requests.jsonl")
