"""`joch gateway run` as a process of its own, in LiteLLM's environment."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from joch.local.volumes import write_volume

MASTER_KEY = "sk-test-master-key-of-this-run"
REPOSITORY = Path(__file__).parents[3]
CANARY = "sk-standard-environment-key-canary"
STANDARD_KEYS = {
    "OPENAI_API_KEY": CANARY,
    "ANTHROPIC_API_KEY": CANARY,
    "OLLAMA_API_KEY": CANARY,
}
"""What a careless pod has in its environment; it must never reach an endpoint."""


def gateway_python() -> str:
    """LiteLLM's interpreter."""
    default = REPOSITORY / ".venv-gateway" / "bin" / "python"
    return os.environ.get("JOCH_GATEWAY_PYTHON", str(default))


def wait_until(what: Callable[[], bool], why: Callable[[], object], seconds: float = 120) -> None:
    """Look until it is so; `why` is shown when it never is."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, why()
        time.sleep(0.05)


@dataclass
class Gateway:
    """A running supervisor, its folders and its addresses."""

    folder: Path
    url: str
    status_url: str
    process: subprocess.Popen[bytes]

    def give_config(self, config_yaml: bytes) -> None:
        """Put a configuration where the kubelet would."""
        write_volume(self.folder / "config", {"config.yaml": config_yaml})

    def give_keys(self, keys: Mapping[str, str]) -> None:
        """Put the keys where the kubelet would."""
        files = {name: value.encode() for name, value in keys.items()}
        write_volume(self.folder / "keys", files)

    def status(self) -> dict[str, Any]:
        """`/status`, or nothing while it does not answer."""
        try:
            answer = httpx.get(f"{self.status_url}/status")
        except httpx.TransportError:
            return {}
        return dict(answer.json())

    def wait_for(self, **wanted: str) -> dict[str, Any]:
        """Wait until `/status` says all of this; what it says then."""

        def so() -> bool:
            said = self.status()
            return all(said.get(name) == value for name, value in wanted.items())

        wait_until(so, lambda: (wanted, self.status(), self.log()))
        return self.status()

    def log(self) -> str:
        """What it printed."""
        return (self.folder / "gateway.log").read_text()

    def workers(self) -> list[int]:
        """The ids of its LiteLLM processes."""
        return children(self.process.pid)

    def client(self) -> httpx.Client:
        """A client that is allowed to ask LiteLLM."""
        headers = {"Authorization": f"Bearer {MASTER_KEY}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=120)


def children(pid: int) -> list[int]:
    """The ids of a process's children."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split()]


def command(folder: Path, port: int, status_port: int) -> list[str]:
    """How the supervisor is started."""
    return [
        *(gateway_python(), "-m", "joch", "gateway", "run"),
        *("--config-dir", str(folder / "config"), "--keys-dir", str(folder / "keys")),
        *("--host", "127.0.0.1", "--port", str(port), "--status-port", str(status_port)),
    ]


def environment() -> dict[str, str]:
    """Joch's sources, and the keys that must not leak."""
    return {**os.environ, **STANDARD_KEYS, "PYTHONPATH": str(REPOSITORY / "operator")}


@contextmanager
def run_gateway(folder: Path) -> Iterator[Gateway]:
    """A supervisor without a configuration yet; it is killed at the end, if it still runs."""
    port, status_port = free_port(), free_port()
    with (folder / "gateway.log").open("wb") as log:
        process = subprocess.Popen(
            command(folder, port, status_port),
            stdout=log,
            stderr=log,
            env=environment(),
            cwd=folder,
        )
    urls = (f"http://127.0.0.1:{port}", f"http://127.0.0.1:{status_port}")
    gateway = Gateway(folder, *urls, process)
    try:
        gateway.wait_for(state="Waiting")
        yield gateway
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return int(holder.getsockname()[1])
