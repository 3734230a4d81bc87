"""What the kubelet is told, and what a person is told whose port is taken."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from prometheus_client import CollectorRegistry

from joch.handlers.health import HealthServer, PortTakenError


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("", 0)) as held:
        yield held.getsockname()[1]


def test_a_taken_port_is_named_with_its_remedy(port: int) -> None:
    server = HealthServer(CollectorRegistry(), lambda: True, port)

    with pytest.raises(
        PortTakenError, match=rf"--health-port {port} cannot .* Choose another port"
    ):
        server.start()


def test_a_leader_is_ready_once_everything_is_listed_and_a_standby_at_once() -> None:
    with socket.create_server(("", 0)) as held:
        port = held.getsockname()[1]
    leads = [True]
    server = HealthServer(CollectorRegistry(), lambda: leads[0], port)
    server.start()
    try:
        ready = f"http://127.0.0.1:{port}/readyz"
        assert (httpx.get(ready).status_code, httpx.get(ready).text) == (503, "listing\n")
        leads[0] = False
        assert (httpx.get(ready).status_code, httpx.get(ready).text) == (200, "standing by\n")
        leads[0], server.ready = True, True
        assert (httpx.get(ready).status_code, httpx.get(ready).text) == (200, "ok\n")
    finally:
        server.stop()
