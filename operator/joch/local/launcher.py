"""Becomes another program, once its starter has noted its process id.

Run as a script, by `processes.start`, with nothing but the standard library:

    launcher.py PARENT COMMAND...

PARENT is the process id of the starter if the program must die with it, even by kill -9, else 0.
A byte on stdin lets the launcher go on; end of file (the starter died before it wrote down whom
it started) ends it. So no program ever runs that nobody knows of.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Replace this process by `command`, or exit if the starter is gone."""
    if parent:
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)
    if not os.read(0, 1):
        sys.exit(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    try:
        os.execv(command[0], command)  # noqa: S606 - a shell is what this avoids
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
