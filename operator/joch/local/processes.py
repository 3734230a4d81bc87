"""Processes that are known for certain: started, recognised later, and stopped.

A process id alone says nothing, because the kernel gives it out again. A `ProcessRecord` adds when
the process started and in which boot, and signals go through a pidfd that is checked against it.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict

# How long a killed process may take to go: the kernel may still be writing for it.
_DEATH = 30.0

_LAUNCHER = Path(__file__).with_name("launcher.py")


class ProcessRecord(BaseModel):
    """Which process it is, on this machine, since it booted.

    Attributes:
        name: the program's name.
        pid: its process id.
        started: when it started, in clock ticks since boot, as /proc/PID/stat has it.
        boot: the kernel's random id of this boot.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int
    started: int
    boot: str

    @classmethod
    def of(cls, name: str, pid: int) -> "ProcessRecord":
        """The record of a process that runs now (a child of ours, so that its id can't change)."""
        return cls(name=name, pid=pid, started=_started(pid) or 0, boot=_boot())

    @property
    def alive(self) -> bool:
        """Whether that very process still runs; one that waits to be reaped does not."""
        return self.boot == _boot() and _started(self.pid) == self.started


def start(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    dies_with_us: bool,
    environ: Mapping[str, str] | None = None,
    inherited: Sequence[int] = (),
    note: Callable[[ProcessRecord], None] = lambda record: None,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, its output appended to `log`.

    It gets our environment, unless another is given. `note` is called with the process before it
    becomes the server: if we are killed before `note` returns, the server never runs. With
    `dies_with_us` the kernel kills it when the *thread* that called this ends, so call it from one
    that lives as long as the server shall.
    """
    parent = os.getpid() if dies_with_us else 0
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_LAUNCHER), str(parent), *command],
            cwd=cwd,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=tuple(inherited),
            start_new_session=True,
            bufsize=0,
        )
    assert process.stdin is not None
    with process.stdin as go_on:
        note(ProcessRecord.of(Path(command[0]).name, process.pid))
        with contextlib.suppress(BrokenPipeError):
            go_on.write(b".")
    return process


def start_child(
    command: Sequence[str], *, cwd: Path, environ: Mapping[str, str], stdout: IO[Any], stderr: int
) -> subprocess.Popen[bytes]:
    """Start a command that works for us and dies with us; Ctrl-C reaches it too."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), *command],
        cwd=cwd,
        env=dict(environ),
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
    )
    assert process.stdin is not None
    with process.stdin as go_on:
        go_on.write(b".")
    return process


def stop(records: Iterable[ProcessRecord], *, grace: float) -> None:
    """End the processes and return when they have ended.

    They get SIGTERM and `grace` seconds, then SIGKILL; with no grace SIGKILL at once. Those that
    have ended already, or whose id is another process's by now, are left alone.
    """
    with _pidfds(records) as pidfds:
        if grace:
            _signal(pidfds, signal.SIGTERM)
        stubborn = _wait(pidfds, grace)
        _signal(stubborn, signal.SIGKILL)
        _wait(stubborn, _DEATH)


@contextlib.contextmanager
def _pidfds(records: Iterable[ProcessRecord]) -> Iterator[list[int]]:
    opened: list[int] = []
    try:
        for record in records:
            with contextlib.suppress(ProcessLookupError):
                descriptor = os.pidfd_open(record.pid)
                opened.append(descriptor)
                # Checked after opening: from here on the descriptor can't mean another process.
                if not record.alive:
                    os.close(opened.pop())
        yield opened
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _signal(pidfds: Iterable[int], number: signal.Signals) -> None:
    for descriptor in pidfds:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(descriptor, number)


def _wait(pidfds: Iterable[int], seconds: float) -> list[int]:
    """Those that still run after `seconds`; a pidfd becomes readable when its process ends."""
    waiting = set(pidfds)
    deadline = time.monotonic() + seconds
    while waiting:
        ended, _, _ = select.select(waiting, [], [], max(0.0, deadline - time.monotonic()))
        waiting.difference_update(ended)
        if not ended:
            break
    return list(waiting)


def _started(pid: int) -> int | None:
    """Field 22 of /proc/PID/stat (proc(5)), or None if the process has ended or is a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field, the program's name in parentheses, may hold anything.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else int(fields[19])


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
