"""The folder a control plane lives in: its data, keys, configuration and logs.

A home is locked through a descriptor that the servers inherit, so it is in use exactly as long as
one of them runs. A throw-away home that nobody uses any more is deleted by whoever makes the next.
"""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from joch.local.errors import InputError
from joch.local.locks import locked, try_lock
from joch.local.private_files import private_folder

_LOCK = "joch-local.lock"


@dataclass(frozen=True)
class Home:
    """A locked home.

    Attributes:
        path: the folder, absolute.
        kept: whether the data outlives the servers.
        lock: the locked file, which the servers inherit.
    """

    path: Path
    kept: bool
    lock: BinaryIO

    @property
    def etcd(self) -> Path:
        """etcd's data."""
        return self.path / "etcd"

    @property
    def pki(self) -> Path:
        """Certificates and keys."""
        return self.path / "pki"

    @property
    def config(self) -> Path:
        """The servers' configuration files, the encryption key among them."""
        return self.path / "config"

    @property
    def logs(self) -> Path:
        """What the servers print, one file each."""
        return self.path / "logs"

    @property
    def audit_log(self) -> Path:
        """The API server's audit log, one JSON event a line, if it was asked for."""
        return self.path / "audit.log"

    def release(self) -> None:
        """Let go of the lock; servers that inherited it hold it on."""
        self.lock.close()

    def discard(self) -> None:
        """Release the home, and delete it unless it is kept."""
        self.release()
        if not self.kept:
            shutil.rmtree(self.path, ignore_errors=True)


def throw_away_home(state: Path) -> Home:
    """A new home below the state folder, after deleting those whose servers are gone."""
    folder = private_folder(state / "throw-away")
    with locked(folder / "lock"):
        for abandoned in folder.glob("plane-*"):
            delete_if_unused(abandoned)
        path = Path(tempfile.mkdtemp(dir=folder, prefix="plane-"))
        return _take(path, kept=False)


def kept_home(directory: Path) -> Home:
    """The home in a folder that the user named; it is made if missing.

    Raises:
        InputError: the folder is used by a running control plane, or holds something else.
    """
    path = directory.expanduser().absolute()
    try:
        private_folder(path)
        foreign = not (path / _LOCK).exists() and any(path.iterdir())
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"--dir {path} is not a folder: name a new or an empty one.") from error
    except PermissionError as error:
        raise InputError(f"--dir {path}: {error.strerror}: name a folder of yours.") from error
    if foreign:
        raise InputError(
            f"--dir {path} holds other files and no control plane: name a new or an empty folder."
        )
    return _take(path, kept=True)


def _take(path: Path, *, kept: bool) -> Home:
    lock = try_lock(path / _LOCK)
    if lock is None:
        raise InputError(
            f"{path} is in use by a control plane that runs: stop that one ('joch local down'), "
            "or name another folder."
        )
    home = Home(path, kept, lock)
    for folder in (home.pki, home.config, home.logs):
        private_folder(folder)
    return home


def delete_if_unused(path: Path) -> None:
    """Delete a throw-away home, unless one of its servers still runs."""
    if not path.is_dir():
        return
    lock = try_lock(path / _LOCK)
    if lock is not None:
        shutil.rmtree(path, ignore_errors=True)
        lock.close()
