"""The servers of one control plane: started in order, watched, and stopped in order."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from joch.local import processes
from joch.local.errors import StartError
from joch.local.homes import Home
from joch.local.processes import ProcessRecord

# All that the servers get of the user's environment: etcd takes ETCD_* for flags and refuses to
# start on a contradiction, and secrets, proxies and service managers' sockets are not theirs.
_PASSED_ON = ("GOGC", "GOMAXPROCS", "GOMEMLIMIT", "HOME", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")
_LONGEST_WORDS = 400


class Started:
    """The servers that were started so far, in that order.

    Attributes:
        dies_with_us: whether the kernel ends them when the thread ends that started them.
        records: who they are; `note` is called with each as soon as it is known.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        dies_with_us: bool,
        note: Callable[[ProcessRecord], None] = lambda record: None,
    ) -> None:
        """Start with none; the servers get what they need of `environ`."""
        self._environ = {name: environ[name] for name in _PASSED_ON if name in environ}
        self.dies_with_us = dies_with_us
        self.records: list[ProcessRecord] = []
        self._note = note
        self._children: list[tuple[subprocess.Popen[bytes], Path]] = []

    def start(self, command: Sequence[str], home: Home) -> None:
        """Start a server that lives in `home`, its output in the home's logs."""
        log = home.logs / f"{Path(command[0]).name}.log"
        child = processes.start(
            command,
            cwd=home.path,
            environ=self._environ,
            log=log,
            dies_with_us=self.dies_with_us,
            inherited=(home.lock.fileno(),),
            note=self._keep,
        )
        self._children.append((child, log))

    def check(self) -> None:
        """Raise StartError, with what it said last, if a server has ended."""
        for child, log in self._children:
            if (status := child.poll()) is not None:
                name = log.stem
                raise StartError(
                    f"{name} ended with status {status} before the control plane was ready. "
                    f"It said: {last_words(log)} (all of it: {log})"
                )

    def stop(self, grace: float) -> None:
        """End them, the last first, and return when they have ended."""
        stop_in_order(self.records, grace)
        for child, _ in self._children:
            child.wait()

    def _keep(self, record: ProcessRecord) -> None:
        self.records.append(record)
        self._note(record)


def stop_in_order(records: Sequence[ProcessRecord], grace: float) -> None:
    """End the servers; with a grace etcd goes last, when nobody writes any more."""
    storage = [record for record in records if record.name == "etcd"]
    processes.stop([record for record in records if record.name != "etcd"], grace=grace)
    processes.stop(storage, grace=grace)


def last_words(log: Path) -> str:
    """The last line of a log: a server that gives up says why in it."""
    text = log.read_text(errors="replace").strip()
    return text.rpartition("\n")[2][:_LONGEST_WORDS] or "nothing"
