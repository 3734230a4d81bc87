"""Watching processes from outside, as the tests of this folder do."""

import contextlib
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

JOCH = [sys.executable, "-m", "joch"]


def joch(*arguments: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(
        [*JOCH, *arguments], env=environ, capture_output=True, text=True, check=False
    )


def processes_that_name(path: Path) -> set[int]:
    """The living processes with `path` on their command lines."""
    found = set()
    for command_line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if os.fsencode(path) in command_line.read_bytes():
                found.add(int(command_line.parent.name))
    return found - {os.getpid()}


def wait_until_gone(pid: int) -> None:
    """Return when the process has ended; fail if it lives on for half a minute."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ended, _, _ = select.select([descriptor], [], [], 30)
        assert ended, f"process {pid} is still there"
    finally:
        os.close(descriptor)
