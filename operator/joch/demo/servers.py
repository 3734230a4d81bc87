"""Processes of the demo: started with their log, stopped for certain, explained when they fail."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from joch.local import processes
from joch.local.processes import ProcessRecord

_GRACE = 5.0
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
        variables = [f"{key}={value}" for key, value in environ.items()]
        process = processes.start(
            ["/usr/bin/env", *variables, *command], cwd=folder, log=log, dies_with_us=True
        )
        return cls(name, log, process)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """SIGTERM, then SIGKILL after a grace; return when it has ended."""
        processes.stop([ProcessRecord.of(self.name, self.process.pid)], grace=_GRACE)
        self.process.wait()

    def kill(self) -> None:
        """SIGKILL; return when it has ended."""
        self.process.kill()
        self.process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:])
