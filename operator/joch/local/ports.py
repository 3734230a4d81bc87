"""A free TCP port that nobody else can take before the server listens on it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_port() -> Iterator[int]:
    """A free port of 127.0.0.1, held while the block runs.

    The port is bound with SO_REUSEPORT and never listened on: a server of the same user that binds
    with SO_REUSEPORT too can have it, anybody else gets "address in use".
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
