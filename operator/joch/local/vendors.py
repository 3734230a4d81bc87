"""Vendors on this machine that can be killed: each is one process with a real language model."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import Popen

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter

from joch.local import language_model, processes
from joch.local.errors import StartError
from joch.local.private_files import write_private
from joch.local.vendor_wires import Json

START_SECONDS = 60.0
"""Longest wait for the model to load; 1 s on an idle machine."""


class SeenRequest(BaseModel):
    """A request that a vendor received. `at`: seconds since 1970; `body`: its JSON object."""

    model_config = ConfigDict(frozen=True)

    at: float
    method: str
    path: str
    body: Json | None


_LINE = TypeAdapter(SeenRequest)


@dataclass(frozen=True)
class VendorSpec:
    """Which vendor to play.

    Attributes:
        name: of its folder and of its provider in the demo.
        wire: a key of `vendor_wires.WIRES`.
        models: the ids that it lists; the first is how the language model calls itself.
        port: of 127.0.0.1; 0 for any that is free.
    """

    name: str
    wire: str
    models: tuple[str, ...]
    port: int = 0


@dataclass
class Vendor:
    """A vendor that runs, or ran.

    Attributes:
        spec: who it is, with the port that it has.
        folder: its key, its log and the requests that it received.
        key: the credential that it takes.
        process: the whole vendor.
    """

    spec: VendorSpec
    folder: Path
    key: SecretStr
    process: Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        """Scheme, host and port, without a path."""
        return f"http://127.0.0.1:{self.spec.port}"

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.process.poll() is None

    @property
    def listening(self) -> bool:
        """Whether anything takes connections at its port."""
        try:
            socket.create_connection(("127.0.0.1", self.spec.port), timeout=1.0).close()
        except OSError:
            return False
        return True

    def wait_until_it_answers(self) -> None:
        """Return when its model is loaded.

        Raises:
            StartError: the vendor ended, or the time is up.
        """
        try:
            # Any answer will do: it comes only when the model is loaded.
            httpx.get(f"{self.url}/", timeout=START_SECONDS, trust_env=False)
        except httpx.TransportError as error:
            raise StartError(
                f"vendor {self.spec.name} did not answer within {START_SECONDS:.0f} s: "
                f"see {self.folder / 'vendor.log'}."
            ) from error

    def kill(self) -> None:
        """SIGKILL, as the kernel's OOM killer would; return when the process has ended."""
        self.process.kill()
        self.process.wait()

    def requests(self) -> tuple[SeenRequest, ...]:
        """Every request that it received, oldest first, over restarts in the same folder."""
        log = self.folder / "requests.jsonl"
        lines = log.read_bytes().splitlines() if log.exists() else []
        return tuple(_LINE.validate_json(line) for line in lines)

    def turns(self) -> tuple[Json, ...]:
        """The bodies of the requests that asked for a turn, oldest first."""
        return tuple(seen.body for seen in self.requests() if seen.method == "POST" and seen.body)


def start_vendor(spec: VendorSpec, folder: Path, key: SecretStr) -> Vendor:
    """Start a vendor, and don't wait for it: a request that comes before it is ready waits.

    It dies with the thread that calls this, even by kill -9.

    Raises:
        MissingError: the language model is not installed.
        StartError: the port is taken.
    """
    language_model.require_runtime()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(folder / "key", key.get_secret_value().encode())
    # The socket is handed over listening: nobody else can take the port, and a request that comes
    # before the model is loaded waits. Our own copy is closed, so that it dies with the vendor.
    with _listening(spec) as listening:
        port = listening.getsockname()[1]
        process = processes.start(
            [
                sys.executable,
                "-m",
                "joch.local.vendor_server",
                f"--wire={spec.wire}",
                *(f"--model={model}" for model in spec.models),
                f"--socket={listening.fileno()}",
                f"--key-file={folder / 'key'}",
                f"--log={folder / 'requests.jsonl'}",
            ],
            cwd=folder,
            log=folder / "vendor.log",
            dies_with_us=True,
            inherited=(listening.fileno(),),
        )
    return Vendor(replace(spec, port=port), folder, key, process)


@contextmanager
def running_vendor(spec: VendorSpec, folder: Path, key: SecretStr) -> Iterator[Vendor]:
    """A vendor that answers, for as long as the block runs, unless it is killed before.

    Raises:
        MissingError: the language model is not installed.
        StartError: the port is taken, or the vendor did not answer in time.
    """
    vendor = start_vendor(spec, folder, key)
    try:
        vendor.wait_until_it_answers()
        yield vendor
    finally:
        vendor.kill()


def _listening(spec: VendorSpec) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", spec.port), backlog=128)
    except OSError as error:
        raise StartError(
            f"vendor {spec.name}: port {spec.port} of 127.0.0.1 can't be had "
            f"({error.strerror}): stop what listens there, or name another port."
        ) from error
