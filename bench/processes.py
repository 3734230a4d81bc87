"""The operator as its users start it, and what the kernel says of all processes that take part."""

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bench.api import eventually
from joch.local import processes
from joch.local.control_plane import Access

USER = "joch-operator"
TICK = os.sysconf("SC_CLK_TCK")
SERVERS = ("kube-apiserver", "etcd", "kube-controller-manager")


class OperatorProcess:
    """`joch operator` for some namespaces, as a user of its own; ends with the block."""

    def __init__(self, access: Access, *namespaces: str) -> None:
        self.log = access.home / "logs" / "operator.log"
        port = _free_port()
        kubeconfig = access.kubeconfig_for(USER, ["system:masters"])
        command = [sys.executable, "-m", "joch", "operator"]
        command += [f"--kubeconfig={kubeconfig}", f"--health-port={port}"]
        command += [f"--namespace={namespace}" for namespace in namespaces]
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        self._health = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False)
        self.started = time.time()
        self._process = processes.start(command, cwd=Path.cwd(), log=self.log, dies_with_us=True)
        self.pid = self._process.pid

    async def imported(self) -> float:
        """When it had imported everything and began to ask for its Lease."""

        async def says_so() -> bool:
            self._check()
            return "waiting for Lease" in self.words()

        await eventually("the operator's start", says_so, 60, pause=0.01)
        return time.time()

    async def ready(self) -> float:
        """When it leads and has listed everything."""

        async def is_ready() -> bool:
            self._check()
            return await self._ask("/readyz") == "ok"

        await eventually("the operator's readiness", is_ready, 120, pause=0.05)
        return time.time()

    async def reconciled(self, kind: str, count: int, within: float) -> float:
        """When it had reconciled so many objects of a kind since its start."""

        async def has() -> bool:
            self._check()
            return (await self._reconciles()).get(kind, 0.0) >= count

        await eventually(f"{count} {kind} reconciled", has, within, pause=0.2)
        return time.time()

    async def at_rest(self) -> None:
        """Wait until no reconcile has ended for a second."""
        known = -1.0

        async def is_resting() -> bool:
            nonlocal known
            before, known = known, sum((await self._reconciles()).values())
            return known == before

        await eventually("an operator at rest", is_resting, 120, pause=1.0)

    async def _reconciles(self) -> dict[str, float]:
        """How many reconciles have ended, by plural."""
        families = text_string_to_metric_families(await self._ask("/metrics"))
        samples = (sample for family in families for sample in family.samples)
        return {
            sample.labels["kind"]: sample.value
            for sample in samples
            if sample.name == "joch_reconcile_seconds_count"
        }

    def words(self) -> str:
        """What it has logged."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def errors(self) -> list[str]:
        """The lines of its log that tell of errors."""
        return [line for line in self.words().splitlines() if " ERROR " in line]

    def _check(self) -> None:
        if self._process.poll() is not None:
            raise RuntimeError(f"the operator ended; it said: {self.words()[-2000:]}")

    async def _ask(self, path: str) -> str:
        try:
            return (await self._health.get(path)).text.strip()
        except httpx.TransportError:
            return ""

    async def __aenter__(self) -> Self:
        await self.ready()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._health.aclose()
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of CPU that programs have used, by name."""

    seconds: dict[str, float]

    @classmethod
    def now(cls, **further: int) -> Self:
        """Of the control plane's servers, of this process ("bench"), and of further ids by name."""
        ids = {**_children(), "bench": os.getpid(), **further}
        return cls({name: cpu_seconds(pid) for name, pid in ids.items()})

    def since(self, before: "Cpu") -> dict[str, float]:
        return {name: used - before.seconds[name] for name, used in self.seconds.items()}


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory(pid: int) -> dict[str, float]:
    """Resident memory in KiB: now (`VmRSS`), and at its highest (`VmHWM`)."""
    text = Path(f"/proc/{pid}/status").read_text()
    return {name: float(size) for name, size in re.findall(r"(VmRSS|VmHWM):\s+(\d+)", text)}


def _children() -> dict[str, int]:
    """The control plane's servers, by name: they are our children."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    found = {}
    for pid in listed:
        program = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode()
        found[Path(program).name] = int(pid)
    return {name: found[name] for name in SERVERS}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
