"""`joch gateway run`: the supervisor as a process, from its sockets to its signals."""

import asyncio
import contextlib
import logging
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from joch.gateway.generation import Place
from joch.gateway.listening import listen, started
from joch.gateway.supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Options:
    """How the supervisor is run.

    Attributes:
        config_dir: the folder with `config.yaml`.
        keys_dir: the folder with one file a key.
        host: the address that LiteLLM and the status endpoint listen on.
        port: LiteLLM's.
        status_port: the status endpoint's.
        start_timeout: seconds that LiteLLM may take to start.
        drain_timeout: seconds that answers in flight may take to end.
    """

    config_dir: Path
    keys_dir: Path
    host: str
    port: int
    status_port: int
    start_timeout: float
    drain_timeout: int


def run(options: Options) -> None:
    """Serve until SIGTERM or SIGINT, then drain; a second signal ends it at once.

    Raises:
        OSError: a port can't be listened on.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="joch-gateway-") as folder:
        asyncio.run(_supervise(options, Path(folder)))


async def _supervise(options: Options, folder: Path) -> None:
    listener = listen(options.host, options.port)
    place = Place(listener, folder, options.start_timeout, options.drain_timeout)
    supervisor = Supervisor(options.config_dir, options.keys_dir, place)
    async with _status_endpoint(supervisor, listen(options.host, options.status_port)):
        await _until_signal(supervisor.run())
        await _until_signal(supervisor.drain())


async def _until_signal(work: Coroutine[None, None, None]) -> None:
    """Do the work until it ends or a signal cancels it."""
    task = asyncio.create_task(work)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


@contextlib.asynccontextmanager
async def _status_endpoint(supervisor: Supervisor, listener: socket.socket) -> AsyncIterator[None]:
    """Answer while the block runs.

    It has started before the block does: uvicorn takes the signals then, and the block takes them
    back.
    """
    application = status_application(supervisor)
    server = uvicorn.Server(
        uvicorn.Config(application, log_level="warning", access_log=False, lifespan="off")
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await started(server)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def status_application(supervisor: Supervisor) -> Starlette:
    """`/livez`, `/readyz` (503 while nothing is served) and `/status`."""

    async def livez(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        if supervisor.serving:
            return PlainTextResponse("ok")
        return PlainTextResponse(supervisor.status().message, status_code=503)

    async def status(_request: Request) -> Response:
        return JSONResponse(supervisor.status().to_wire())

    return Starlette(
        routes=[Route("/livez", livez), Route("/readyz", readyz), Route("/status", status)]
    )
