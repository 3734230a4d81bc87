"""Folders written the way the kubelet writes a ConfigMap or Secret volume.

    FOLDER/config.yaml        -> ..data/config.yaml
    FOLDER/..data             -> ..2026_11_21_12_00_00.123456789
    FOLDER/..2026_…/config.yaml

All files of one version are in one folder, and `..data` moves from version to version by one
rename: a reader that opens two files through one resolved `..data` never mixes versions.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

DATA = "..data"


def read_volume(folder: Path) -> dict[str, bytes] | None:
    """The files of the current version; None if there is none yet."""
    current = folder / DATA
    if not current.exists():
        return None
    return {file.name: file.read_bytes() for file in current.resolve().iterdir()}


def write_volume(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Make the folder hold these files, all at once; False if it held them already.

    Only the owner may read them.
    """
    if read_volume(folder) == files:
        return False
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    version = Path(tempfile.mkdtemp(dir=folder, prefix=".."))
    for name, content in files.items():
        (version / name).write_bytes(content)
    _point(folder / DATA, version.name)
    _link_names(folder, files)
    for other in folder.glob("..*"):
        if other.is_dir() and not other.is_symlink() and other != version:
            shutil.rmtree(other)
    return True


def _point(link: Path, target: str) -> None:
    """Move a symlink in one step: a reader finds the old target or the new one."""
    temporary = link.with_name(f"{link.name}_tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def _link_names(folder: Path, files: Mapping[str, bytes]) -> None:
    for name in files:
        if not (folder / name).is_symlink():
            _point(folder / name, os.path.join(DATA, name))  # noqa: PTH118 - a relative target
    for entry in folder.iterdir():
        if not entry.name.startswith("..") and entry.name not in files:
            entry.unlink()
