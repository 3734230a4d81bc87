"""Processes of the demo: started with their log, stopped for certain, explained when they fail."""

import contextlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from joch.local import processes
from joch.local.processes import ProcessRecord

GRACE = 5.0
"""Seconds for a server that has something to give back (a Lease)."""

_LAST_LINES = 12


@dataclass(frozen=True)
class Server:
    """A process that runs, or ran.

    Attributes:
        name: what people call it.
        log: all that it prints.
        process: the child; whoever it starts must end with it.
    """

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(
        cls, name: str, command: Sequence[str], folder: Path, environ: Mapping[str, str]
    ) -> "Server":
        """Start a command that dies with this thread; `environ` is added to ours."""
        log = folder / f"{name}.log"
        process = processes.start(
            command, cwd=folder, log=log, dies_with_us=True, environ={**os.environ, **environ}
        )
        return cls(name, log, process)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def stop(self, grace: float) -> None:
        """End it and all that it started; return when they have ended.

        It gets SIGTERM and `grace` seconds, then SIGKILL; without grace SIGKILL at once.
        """
        family = [ProcessRecord.of(self.name, pid) for pid in _descendants(self.process.pid)]
        processes.stop([ProcessRecord.of(self.name, self.process.pid)], grace=grace)
        processes.stop(family, grace=0)
        self.process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:])


def _descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            children += map(int, task.read_text().split())
    return [each for child in children for each in (child, *_descendants(child))]
