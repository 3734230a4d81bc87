"""Control planes that run in the background under a name, until somebody stops them."""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from joch.local import programs
from joch.local.control_plane import Access, start_servers
from joch.local.errors import InputError
from joch.local.folders import state_folder
from joch.local.homes import Home, delete_if_unused, kept_home, throw_away_home
from joch.local.locks import locked
from joch.local.private_files import private_folder, write_private
from joch.local.processes import ProcessRecord
from joch.local.readiness import is_ready, wait_until_ready
from joch.local.servers import Options
from joch.local.started import Started, stop_in_order

Say = Callable[[str], None]

_GRACE = 10.0


class Instance(BaseModel):
    """A control plane that was started under a name, as its record file has it.

    Attributes:
        name: what the user calls it.
        home: the folder it lives in.
        kept: whether its data outlive `down`.
        processes: its servers, in the order of their start.
        access: how to reach it; None until it was ready.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    home: Path
    kept: bool
    processes: tuple[ProcessRecord, ...] = ()
    access: Access | None = None

    @property
    def running(self) -> bool:
        """Whether it was ready once and all its servers are still alive."""
        return self.access is not None and all(process.alive for process in self.processes)

    @property
    def ready(self) -> bool:
        """Whether its API server says now that it is ready."""
        access = self.access
        if access is None or not self.running:
            return False
        return is_ready(access.server, access.certificate_authority)


@dataclass(frozen=True)
class Instances:
    """The named control planes of a user; what is done to one of them is done by one at a time.

    Attributes:
        folder: where their records are.
        environ: where to look for programs and folders.
        say: told what takes long.
    """

    folder: Path
    environ: Mapping[str, str]
    say: Say

    @classmethod
    def of_user(cls, environ: Mapping[str, str], say: Say) -> "Instances":
        """Those in the user's state folder."""
        return cls(private_folder(state_folder(environ) / "instances"), environ, say)

    def up(self, name: str, directory: Path | None = None) -> Instance:
        """Start the control plane and return when it is ready; one that runs is returned as it is.

        What a killed `up` left behind is stopped and removed first. With a directory the data are
        kept there.

        Raises:
            LocalError: the name or the directory can't be used, a program is missing, or a server
                did not come up (nothing is left running then).
        """
        with self._exclusively(name):
            instance = self._load(name)
            if instance is not None and instance.access is not None and instance.running:
                _check_same(instance, directory)
                wait_until_ready(instance.access.server, instance.access.certificate_authority)
                return instance
            if instance is not None:
                self._remove(instance)
            found = programs.find(programs.CONTROL_PLANE, self.environ, self.say)
            home = kept_home(directory) if directory else throw_away_home(self.folder.parent)
            return self._start(name, home, found)

    def down(self, name: str) -> Instance | None:
        """Stop the control plane and return what it was, or None if there was none."""
        with self._exclusively(name):
            instance = self._load(name)
            if instance is not None:
                self._remove(instance)
            return instance

    def get(self, name: str) -> Instance | None:
        """The control plane, running or dead, or None if there is none of that name."""
        self._check(name)
        return self._load(name)

    def _start(self, name: str, home: Home, found: Mapping[str, Path]) -> Instance:
        records: list[ProcessRecord] = []

        def note(record: ProcessRecord) -> None:
            records.append(record)
            self._save(
                Instance(name=name, home=home.path, kept=home.kept, processes=tuple(records))
            )

        started = Started(self.environ, dies_with_us=False, note=note)
        try:
            access = start_servers(found, home, Options(), started)
            instance = Instance(
                name=name, home=home.path, kept=home.kept, processes=tuple(records), access=access
            )
            self._save(instance)
        except BaseException:
            started.stop(grace=0)
            self._record(name).unlink(missing_ok=True)
            raise
        home.release()
        return instance

    def _remove(self, instance: Instance) -> None:
        stop_in_order(instance.processes, _GRACE if instance.kept else 0)
        if not instance.kept:
            delete_if_unused(instance.home)
        self._record(instance.name).unlink(missing_ok=True)

    def _load(self, name: str) -> Instance | None:
        record = self._record(name)
        try:
            return Instance.model_validate_json(record.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise InputError(
                f"{record} is not a record of a control plane that this version of joch has "
                "written: stop its servers by hand, and delete the file."
            ) from error

    def _save(self, instance: Instance) -> None:
        write_private(self._record(instance.name), instance.model_dump_json(indent=2).encode())

    def _record(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _exclusively(self, name: str) -> AbstractContextManager[None]:
        self._check(name)
        return locked(
            self.folder / f"{name}.lock",
            lambda: self.say(f"waiting for another joch that starts or stops {name!r}"),
        )

    def _check(self, name: str) -> None:
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name):
            raise InputError(
                f"--name {name!r}: use lower-case letters, digits and '-', at most 63 of them."
            )


def _check_same(instance: Instance, directory: Path | None) -> None:
    if directory is None or directory.expanduser().absolute() == instance.home:
        return
    data = f"with its data in {instance.home}" if instance.kept else "with throw-away data"
    raise InputError(
        f"Control plane {instance.name!r} runs already, {data}: stop it first ('joch local down "
        f"--name {instance.name}'), or give the new one another --name."
    )
