"""One generation of LiteLLM: a process that serves one configuration from start to end.

    python -m joch.gateway.worker --listen-fd N --control-fd N --private PATH --drain-timeout S

LiteLLM reads its configuration from `CONFIG_FILE_PATH` (its own variable) when its application
starts. The worker serves it on a private unix socket first and says `ready`; told `accept` it
serves the shared listening socket too and says `accepting`; told `drain` it takes no new
connection, finishes every answer that has begun, and ends. When the supervisor dies, the control
socket closes and the worker ends at once, however it is occupied.
"""

import argparse
import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import uvicorn

from joch.gateway.listening import started, unconnected
from joch.gateway.protocol import Command, Report

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

KEEP_ALIVE = 5
"""Seconds that an idle connection stays open; uvicorn's default."""

ORPHANED = 70
"""Exit code of a worker whose supervisor died (EX_SOFTWARE: nobody is left to read it)."""


class PublicApplication:
    """LiteLLM's application as the shared socket sees it.

    Its start and end belong to the private server, whose lifespan state it passes on. Once
    `closing`, every answer asks its client to connect anew, and so reaches the next generation:
    closing an idle connection instead would lose a request that is already on its way.
    """

    def __init__(self, application: Application, private: uvicorn.Server) -> None:
        self._application = application
        self._private = private
        self.closing = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""

        async def send_marked(event: Message) -> None:
            if self.closing and event["type"] == "http.response.start":
                headers = [*event.get("headers", ()), (b"connection", b"close")]
                event = {**event, "headers": headers}
            await send(event)

        scope["state"] = dict(self._private.lifespan.state)
        await self._application(scope, receive, send_marked)


class Control:
    """The worker's end of the control socket, read by a thread that nothing can keep waiting."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._heard = {command: threading.Event() for command in Command}
        threading.Thread(target=self._listen, name="control", daemon=True).start()

    def report(self, report: Report) -> None:
        """Tell the supervisor."""
        self._end.sendall(f"{report}\n".encode())

    async def heard(self, command: Command) -> None:
        """Wait until the supervisor has said this."""
        await asyncio.to_thread(self._heard[command].wait)

    def _listen(self) -> None:
        with contextlib.suppress(ConnectionError), self._end.makefile("r") as lines:
            for line in lines:
                self._heard[Command(line.strip())].set()
        os._exit(ORPHANED)


async def serve(
    listener: socket.socket, control: Control, private_socket: Path, drain_timeout: int
) -> None:
    """Serve one generation until it is drained."""
    from litellm.proxy.proxy_server import app

    private = uvicorn.Server(_config(app, uds=str(private_socket), lifespan="on"))
    application = PublicApplication(app, private)
    public = uvicorn.Server(
        _config(application, lifespan="off", timeout_graceful_shutdown=drain_timeout)
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(private.serve())
        await started(private)
        control.report(Report.READY)
        await control.heard(Command.ACCEPT)
        serving = tasks.create_task(public.serve(sockets=[listener]))
        await started(public)
        control.report(Report.ACCEPTING)
        await control.heard(Command.DRAIN)
        await _send_away(public, application)
        public.should_exit = True
        await serving
        private.should_exit = True


async def _send_away(public: uvicorn.Server, application: PublicApplication) -> None:
    """Let every client go to the next generation without losing a request on the way."""
    for listening in public.servers:
        listening.close()
    application.closing = True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(KEEP_ALIVE + 1):
            await unconnected(public)


def _config(app: Application, **settings: Any) -> uvicorn.Config:
    """No access log: a key may stand in a query (`?key=` of the generateContent format)."""
    return uvicorn.Config(app, access_log=False, timeout_keep_alive=KEEP_ALIVE, **settings)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve one generation; called by the supervisor only."""
    parser = argparse.ArgumentParser(prog="joch.gateway.worker")
    parser.add_argument("--listen-fd", type=int, required=True)
    parser.add_argument("--control-fd", type=int, required=True)
    parser.add_argument("--private", type=Path, required=True)
    parser.add_argument("--drain-timeout", type=int, required=True)
    options = parser.parse_args(arguments)
    control = Control(socket.socket(fileno=options.control_fd))
    listener = socket.socket(fileno=options.listen_fd)
    work = serve(listener, control, options.private, options.drain_timeout)
    loop_factory = uvicorn.Config(app="").get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(work)


if __name__ == "__main__":
    main()
