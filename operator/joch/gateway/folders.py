"""What the supervisor is given: a folder with `config.yaml`, and a folder with one file a key.

Both may be plain folders or mounted ConfigMap and Secret volumes. The kubelet replaces all files of
a volume at once by moving its `..data` link, so they are read behind that link, resolved once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

CONFIG_FILE = "config.yaml"
_DATA = "..data"


@dataclass(frozen=True, slots=True)
class Given:
    """The files at one moment. `config` is None while there is no `config.yaml`."""

    config: bytes | None
    keys: Mapping[str, SecretStr]


def read_given(config_dir: Path, keys_dir: Path) -> Given:
    """Read both folders; one that is missing is empty.

    Raises:
        OSError: a file can't be read now; a moment later it may be.
        UnicodeDecodeError: a key is not text.
    """
    config = _files(config_dir).get(CONFIG_FILE)
    keys = {
        name: SecretStr(path.read_text(encoding="utf-8").strip())
        for name, path in _files(keys_dir).items()
    }
    return Given(None if config is None else config.read_bytes(), keys)


def _files(folder: Path) -> Mapping[str, Path]:
    data = folder / _DATA
    current = data.resolve() if data.exists() else folder
    if not current.is_dir():
        return {}
    return {
        entry.name: entry
        for entry in sorted(current.iterdir())
        if entry.is_file() and not entry.name.startswith("..")
    }
