"""Changing what is served, under the eyes of a client that never pauses."""

import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from joch.decide.gateway.config import GatewayPlan
from tests.e2e.gateway.recording_vendor import Vendor, serve_vendor
from tests.e2e.gateway.running_gateway import (
    MASTER_KEY,
    Gateway,
    command,
    environment,
    free_port,
    run_gateway,
    wait_until,
)
from tests.e2e.gateway.served_objects import model, planned, provider

BODY = {"model": "steady", "messages": [{"role": "user", "content": "ping"}]}


@dataclass
class Hammer:
    """A client that asks again and again over one kept connection."""

    answers: int = 0
    failures: list[str] = field(default_factory=list)


@contextmanager
def hammering(gateway: Gateway) -> Iterator[Hammer]:
    """Ask again and again while the block runs."""
    hammer, stop = Hammer(), threading.Event()

    def ask() -> None:
        with gateway.client() as client:
            while not stop.wait(0.15):
                try:
                    client.post("/v1/chat/completions", json=BODY).raise_for_status()
                    hammer.answers += 1
                except httpx.HTTPError as error:
                    hammer.failures.append(repr(error))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield hammer
    finally:
        stop.set()
        thread.join()


def plan_with(vendor: Vendor, *aliases: str) -> GatewayPlan:
    """A plan that serves one vendor's model under these names."""
    models = (model("vendor", f"id-of-{alias}", alias) for alias in ("steady", *aliases))
    return planned(provider("vendor", "openai_completions", vendor.url), *models)


def give(gateway: Gateway, plan: GatewayPlan, key: str) -> None:
    """Give a plan and its key, and wait until it is served."""
    (name,) = plan.key_names
    gateway.give_keys({name: key, "JOCH_MASTER_KEY": MASTER_KEY})
    gateway.give_config(plan.config_yaml)
    gateway.wait_for(state="Serving", servedHash=plan.config_hash)


@contextmanager
def streaming(gateway: Gateway, vendor: Vendor) -> Iterator[Iterator[str]]:
    """A stream whose first chunk has come, and whose vendor then pauses."""
    vendor.go_on.clear()
    vendor.pause.set()
    with (
        gateway.client() as client,
        client.stream("POST", "/v1/chat/completions", json={**BODY, "stream": True}) as answer,
    ):
        lines = (line for line in answer.iter_lines() if line)
        assert "pi" in next(lines)
        vendor.pause.clear()
        yield lines


def test_five_reloads_lose_no_request_and_no_stream(tmp_path: Path) -> None:
    with serve_vendor() as vendor, run_gateway(tmp_path) as gateway:
        give(gateway, plan_with(vendor), "key-of-yesterday")
        with hammering(gateway) as hammer, streaming(gateway, vendor) as stream:
            first = gateway.workers()
            give(gateway, plan_with(vendor, "one"), "key-of-yesterday")
            assert set(first) < set(gateway.workers()), "the stream's generation is still there"
            vendor.go_on.set()
            assert list(stream)[-1] == "data: [DONE]"
            for aliases in (("one", "two"), ("two",), ("three",)):
                give(gateway, plan_with(vendor, *aliases), "key-of-yesterday")

            before = len(gateway.log())
            give_new_key(gateway, vendor, "three")
            wait_until(
                lambda: vendor.asked[-1].headers["authorization"] == "Bearer key-of-today",
                lambda: gateway.log()[before:],
            )
        assert hammer.failures == []
        assert hammer.answers > 50
        wait_until(lambda: len(gateway.workers()) == 1, gateway.log)
        assert_drains_on_sigterm(gateway, vendor)


def give_new_key(gateway: Gateway, vendor: Vendor, *aliases: str) -> None:
    """Rotate the key: the configuration's bytes stay."""
    (name,) = plan_with(vendor, *aliases).key_names
    gateway.give_keys({name: "key-of-today", "JOCH_MASTER_KEY": MASTER_KEY})


def assert_drains_on_sigterm(gateway: Gateway, vendor: Vendor) -> None:
    """A stream in flight is finished before the process ends, with exit code 0."""
    with streaming(gateway, vendor) as stream:
        gateway.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not _accepts(gateway), gateway.log)
        vendor.go_on.set()
        assert list(stream)[-1] == "data: [DONE]"
    assert gateway.process.wait(timeout=60) == 0


def _accepts(gateway: Gateway) -> bool:
    try:
        httpx.get(f"{gateway.url}/health/liveliness", timeout=5)
    except httpx.TransportError:
        return False
    return True


def test_a_killed_supervisor_leaves_no_litellm(tmp_path: Path) -> None:
    with serve_vendor() as vendor, run_gateway(tmp_path) as gateway:
        plan = plan_with(vendor)
        gateway.give_keys(dict.fromkeys((*plan.key_names, "JOCH_MASTER_KEY"), "key"))
        gateway.give_config(plan.config_yaml)
        wait_until(lambda: len(gateway.workers()) == 1, gateway.log)
        (worker,) = gateway.workers()

        gateway.process.send_signal(signal.SIGKILL)
        gateway.process.wait()

        wait_until(lambda: not Path(f"/proc/{worker}").exists(), gateway.log)


def test_a_gateway_without_a_configuration_is_alive_not_ready_and_ends_when_told(
    tmp_path: Path,
) -> None:
    with run_gateway(tmp_path) as gateway:
        ready = httpx.get(f"{gateway.status_url}/readyz")
        alive = httpx.get(f"{gateway.status_url}/livez")
        gateway.process.send_signal(signal.SIGTERM)

        assert gateway.process.wait(timeout=60) == 0
    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.text == (
        "there is no config.yaml in the configuration folder yet; nothing is served"
    )


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        again = command(tmp_path, taken.getsockname()[1], free_port())
        ended = subprocess.run(
            again, capture_output=True, check=False, env=environment(), text=True
        )

    assert ended.returncode == 1
    assert "choose others with --port and --status-port" in ended.stderr
    assert "Traceback" not in ended.stderr
