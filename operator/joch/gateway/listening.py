"""Sockets that listen, and uvicorn servers on them."""

import asyncio
import socket

import uvicorn

BACKLOG = 2048
_LOOK = 0.02


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        OSError: the address is taken or not ours.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


async def started(server: uvicorn.Server) -> None:
    """Wait until the server answers; uvicorn has no event for it."""
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(_LOOK)


async def unconnected(server: uvicorn.Server) -> None:
    """Wait until no client is connected; uvicorn has no event for it."""
    while server.server_state.connections:  # noqa: ASYNC110
        await asyncio.sleep(_LOOK)
