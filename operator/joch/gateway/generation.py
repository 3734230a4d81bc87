"""One LiteLLM process as the supervisor holds it: started, proven, put to work, sent home."""

import asyncio
import contextlib
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from joch.gateway.environment import worker_environment
from joch.gateway.launch import Launch
from joch.gateway.output import Output
from joch.gateway.protocol import Command, Report
from joch.gateway.redaction import Redactor
from joch.gateway.served import ServedError, compare_served

_AFTER_DRAIN = 20.0


class RejectedError(Exception):
    """A generation that was not put to work; the sentence says why, in LiteLLM's words."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where generations run.

    Attributes:
        listener: the shared listening socket.
        folder: a private folder for configurations and private sockets.
        start_timeout: seconds that a generation may take to answer.
        drain_timeout: seconds that answers in flight may take to end.
    """

    listener: socket.socket
    folder: Path
    start_timeout: float
    drain_timeout: int


@dataclass(frozen=True, slots=True)
class Files:
    """The configuration and the private socket of one generation."""

    config: Path
    private: Path

    def delete(self) -> None:
        """Leave neither."""
        self.config.unlink(missing_ok=True)
        self.private.unlink(missing_ok=True)


class Generation:
    """A LiteLLM process for one launch."""

    def __init__(
        self,
        launch: Launch,
        number: int,
        process: asyncio.subprocess.Process,
        control: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        files: "Files",
    ) -> None:
        self.launch = launch
        self.number = number
        self._process = process
        self._reader, self._writer = control
        self._files = files
        self.output = Output(f"litellm {number}", Redactor(launch.keys.values()))
        self._following = asyncio.create_task(self._follow())
        self.ended = asyncio.create_task(process.wait())

    async def prove(self) -> None:
        """Wait until it answers, and compare what it serves with what was written.

        Raises:
            RejectedError: it ended, or serves something else.
        """
        await self._hear(Report.READY)
        launch = self.launch
        try:
            await compare_served(self._files.private, launch.master_key, launch.models)
        except ServedError as error:
            raise RejectedError(self._with_last_error(str(error))) from None

    async def accept(self) -> None:
        """Let it answer on the shared socket.

        Raises:
            RejectedError: it ended instead.
        """
        self._tell(Command.ACCEPT)
        await self._hear(Report.ACCEPTING)

    async def drain(self, drain_timeout: float) -> None:
        """Let it finish the answers it has begun, and see it end."""
        self._tell(Command.DRAIN)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(drain_timeout + _AFTER_DRAIN):
                await asyncio.shield(self.ended)
        await self.kill()

    async def kill(self) -> None:
        """End it now, and leave nothing of it."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self.ended
        await self._following
        self._writer.close()
        self._files.delete()

    def why_ended(self) -> str:
        """A sentence about a process that has ended."""
        code = self._process.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return self._with_last_error(f"LiteLLM ended with {how}")

    async def _hear(self, report: Report) -> None:
        line = b""
        with contextlib.suppress(ConnectionError):
            line = await self._reader.readline()
        if line.decode().strip() != report:
            await self.ended
            await self._following
            raise RejectedError(self.why_ended())

    def _tell(self, command: Command) -> None:
        self._writer.write(f"{command}\n".encode())

    async def _follow(self) -> None:
        if self._process.stdout is not None:
            await self.output.follow(self._process.stdout)

    def _with_last_error(self, sentence: str) -> str:
        error = self.output.last_error()
        return f"{sentence}: {error}" if error else sentence


async def bring_up(launch: Launch, number: int, place: Place) -> Generation:
    """Start a generation, prove it on its private socket, and let it answer on the shared one.

    Raises:
        RejectedError: it never got so far; no process is left.
    """
    generation = await _start(launch, number, place)
    try:
        async with asyncio.timeout(place.start_timeout):
            await generation.prove()
            await generation.accept()
    except TimeoutError:
        await generation.kill()
        raise RejectedError(f"LiteLLM did not answer within {place.start_timeout:g} s") from None
    except BaseException:
        await generation.kill()
        raise
    return generation


async def _start(launch: Launch, number: int, place: Place) -> Generation:
    files = Files(place.folder / f"config-{number}.yaml", place.folder / f"{number}.sock")
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            files.config.write_bytes(launch.config)
            process = await _spawn(launch, files, theirs, place)
        except OSError as error:
            ours.close()
            files.delete()
            # A full disk or process table is no reason to end what is served.
            raise RejectedError(f"LiteLLM could not be started: {error.strerror}") from None
    return Generation(launch, number, process, await asyncio.open_connection(sock=ours), files)


async def _spawn(
    launch: Launch, files: Files, control: socket.socket, place: Place
) -> asyncio.subprocess.Process:
    inherited = (place.listener.fileno(), control.fileno())
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "joch.gateway.worker"),
        *("--listen-fd", str(inherited[0]), "--control-fd", str(inherited[1])),
        *("--private", str(files.private), "--drain-timeout", str(place.drain_timeout)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=inherited,
        env=worker_environment(os.environ, launch.keys, place.folder, files.config),
        cwd=place.folder,
        start_new_session=True,
    )
