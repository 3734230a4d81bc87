"""Files that only their owner may read, and that are whole or not there."""

import os
import tempfile
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write `path` with mode 0600, at once: a reader sees the old content or the new one.

    The content is on the disk before the name is, so that a crash leaves no empty key.
    """
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def private_folder(path: Path) -> Path:
    """Make the folder (and its parents) with mode 0700 if it is missing, and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
