"""What the kubelet and Prometheus ask: /livez, /readyz, /metrics.

kopf's own /healthz stays 200 as long as its loop runs (kopf.md), so this says what is true: ready
means that everything was listed and this replica leads, or that it stands by to lead; alive means
that the loop of the reconcilers still turns.
"""

import threading
import time
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

STUCK = 60.0
"""Seconds without a turn of the loop after which the kubelet should start the process again."""


class PortTakenError(Exception):
    """Nothing can listen on the port that was asked for; the sentence says why."""


class HealthServer:
    """A small HTTP server in a thread of its own; none at all where no port is given."""

    def __init__(
        self, registry: CollectorRegistry, leads: Callable[[], bool], port: int | None
    ) -> None:
        self._metrics = make_wsgi_app(registry)
        self._leads = leads
        self._port = port
        self._server: WSGIServer | None = None
        self._turned = time.monotonic()
        self.ready = False

    def start(self) -> None:
        """Begin to answer.

        Raises:
            PortTakenError: the port cannot be listened on.
        """
        if self._port is None:
            return
        try:
            self._server = make_server(
                "", self._port, self._answer, server_class=_Server, handler_class=_Quiet
            )
        except OSError as error:
            raise PortTakenError(
                f"--health-port {self._port} cannot be listened on: {error.strerror}. "
                "Choose another port."
            ) from error
        threading.Thread(target=self._server.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        """Answer no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def turned(self) -> None:
        """The loop turns: call it at least every few seconds."""
        self._turned = time.monotonic()

    def _answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            page: Iterable[bytes] = self._metrics(environ, start)
            return page
        if path == "/livez":
            stuck = time.monotonic() - self._turned > STUCK
            return _text(start, "the loop is stuck" if stuck else "ok", bad=stuck)
        if path == "/readyz":
            listing = self._leads() and not self.ready
            words = "listing" if listing else "ok" if self.ready else "standing by"
            return _text(start, words, bad=listing)
        start("404 Not Found", [])
        return [b""]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Probes are not worth a line each."""


def _text(start: StartResponse, words: str, *, bad: bool) -> Iterable[bytes]:
    start("503 Service Unavailable" if bad else "200 OK", [("Content-Type", "text/plain")])
    return [f"{words}\n".encode()]
