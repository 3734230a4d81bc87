"""What a LiteLLM process prints: passed on without credentials, its errors remembered."""

import asyncio
import re
import sys
from collections import deque
from collections.abc import Iterable

from joch.gateway.redaction import Redactor

_ERROR = re.compile(r"^(?:[\w.]+\.)?\w*(?:Error|Exception|Exit)\b: ?.+")
_NOISE = re.compile(r"^\s*$|Application startup failed|^Traceback|^\s+")
_KEPT = 400
_SHOWN = 400


class Output:
    """The last lines of one process, by the name under which they are shown."""

    def __init__(self, name: str, redact: Redactor) -> None:
        self._name = name
        self._redact = redact
        self._lines: deque[str] = deque(maxlen=_KEPT)

    async def follow(self, stream: asyncio.StreamReader) -> None:
        """Pass on every line to stderr until the process closes its end."""
        while line := await _line(stream):
            text = self._redact(line.decode(errors="replace").rstrip())
            self._lines.append(text)
            print(f"[{self._name}] {text}", file=sys.stderr, flush=True)

    def last_error(self) -> str:
        """LiteLLM's own last error, in a line; empty when it said none."""
        return last_error(self._lines)


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line; of one that is longer than the buffer, as much as there is."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as long:
        return await stream.read(long.consumed)


def last_error(lines: Iterable[str]) -> str:
    """The last line that names an exception, else the last that says anything."""
    said = [line for line in lines if not _NOISE.search(line)]
    errors = [line for line in said if _ERROR.match(line)]
    found = (errors or said or [""])[-1].strip()
    return found if len(found) <= _SHOWN else f"{found[: _SHOWN - 1]}…"
