"""Many conversations that rest: what the operator's start costs, its memory, and its idling."""

import asyncio
import subprocess
import sys
import time
from collections import Counter

from bench.api import JOCH, Api, by_workers, eventually
from bench.figures import Figure, Outcome, Target
from bench.objects import (
    make_conversation,
    make_gateway,
    make_namespace,
    make_provider,
    make_route,
    make_transcript,
)
from bench.outage import healthy
from bench.processes import Cpu, OperatorProcess, cpu_seconds, memory
from bench.stage import Follower, Stage, succeeded
from bench.vendor import Vendor, serving
from joch.api.kinds import KINDS
from joch.api.llmprovider import Probe
from tests.audit_log import Request

NAMESPACE = "population"
TRANSCRIPT = "shared"
IMPORTS = {
    "python": "",
    "with kopf, without kubernetes": (
        "import sys; sys.modules.update(kubernetes=None, kubernetes_asyncio=None); import kopf"
    ),
    "with kubernetes.aio alone": "import kubernetes.aio.client.api_client",
    "with kopf and kubernetes": "import kopf",
    "with the operator": "import joch.handlers.runtime",
}


async def measure(stage: Stage) -> Outcome:
    """Start without conversations, make them, start with them, idle."""
    steady = Vendor("openai", "steady-1", "key-steady")
    async with serving(steady):
        await _lay_out(stage, steady)
        problems: list[str] = []
        async with OperatorProcess(stage.access, NAMESPACE) as operator:
            for name in ("north", "south"):
                await healthy(stage.api, NAMESPACE, name)
            await _quiet(stage)
            without = memory(operator.pid)["VmRSS"]
            await _populate(stage)
            await _quiet(stage)
            problems += operator.errors()
        start, idle, more = await _start_and_idle(stage, without)
    return Outcome((*start, idle), (*problems, *more))


async def _start_and_idle(
    stage: Stage, without: float
) -> tuple[tuple[Figure, ...], Figure, list[str]]:
    follower = stage.follower()
    operator = OperatorProcess(stage.access, NAMESPACE)
    imported = await operator.imported()
    async with operator:
        listed = await operator.ready()
        done = await operator.reconciled("conversations", stage.sizes.conversations, 300)
        cpu = cpu_seconds(operator.pid)
        # kopf lists what it watches once more by itself.
        await follower.until("the watches", _is_watch, len(KINDS), 300)
        await operator.at_rest()
        await _quiet(stage)
        facts = {
            "imports (s)": round(imported - operator.started, 1),
            "listed after (s)": round(listed - imported, 1),
            "operator's CPU with its imports (s)": round(cpu, 1),
        }
        start = (
            await _time_to_start(stage, done - imported, facts),
            _writes_at_start(follower),
            _memory_of_one(stage, memory(operator.pid), without),
        )
        idle = await _idle(stage, operator)
        return start, idle, operator.errors()


async def _time_to_start(stage: Stage, seconds: float, facts: dict[str, float]) -> Figure:
    return Figure(
        name=f"start with {stage.sizes.conversations} conversations: reconciled after imports",
        value=seconds,
        unit="s",
        target=Target(8.0),
        ceiling=f"paged LIST and JSON alone: {await _time_of_listing(stage.api):.1f} s",
        facts=facts,
    )


def _writes_at_start(follower: Follower) -> Figure:
    writes = Counter(f"{write.verb} {write.resource}" for write in follower.writes())
    return Figure(
        name="writes at that start, but the Lease",
        value=float(writes.total()),
        unit="",
        target=Target(0.0),
        facts={"writes": dict(writes)} if writes else {},
    )


def _memory_of_one(stage: Stage, used: dict[str, float], without: float) -> Figure:
    return Figure(
        name="memory of a conversation above the idle process",
        value=(used["VmRSS"] - without) / stage.sizes.conversations,
        unit="KiB",
        target=Target(5.0),
        ceiling=f"idle process: {without / 1024:.0f} MiB",
        facts={
            "with all (MiB)": round(used["VmRSS"] / 1024, 1),
            "at its highest (MiB)": round(used["VmHWM"] / 1024, 1),
            "a process of imports alone (MiB)": _imports(),
        },
    )


async def _idle(stage: Stage, operator: OperatorProcess) -> Figure:
    follower = stage.follower()
    before = Cpu.now(operator=operator.pid)
    await asyncio.sleep(stage.sizes.idle_seconds)
    cpu = Cpu.now(operator=operator.pid).since(before)
    writes = Counter(f"{write.verb} {write.resource}" for write in follower.writes())
    reads = Counter(f"{r.verb} {r.resource}" for r in follower.seen if not r.is_write)
    return Figure(
        name=(
            f"writes in {stage.sizes.idle_seconds:.0f} s of idling with "
            f"{stage.sizes.conversations} conversations and {stage.sizes.routes} routes"
        ),
        value=float(writes.total()),
        unit="",
        target=Target(0.0),
        ceiling="0",
        facts={
            "operator's CPU (s)": round(cpu["operator"], 2),
            "reads": dict(reads),
            **({"writes": dict(writes)} if writes else {}),
        },
    )


async def _lay_out(stage: Stage, vendor: Vendor) -> None:
    api = stage.api
    await make_namespace(api, NAMESPACE)
    for name in ("north", "south"):
        await make_provider(api, NAMESPACE, name, vendor, Probe())
    await by_workers(
        range(stage.sizes.routes),
        lambda n: make_route(api, NAMESPACE, _route(n), "north:large", "south:large"),
    )
    await make_gateway(api, NAMESPACE)
    await make_transcript(api, NAMESPACE, TRANSCRIPT, 0)


async def _populate(stage: Stage) -> None:
    """Make the conversations and have the operator bind them."""
    sizes, follower = stage.sizes, stage.follower()

    async def make(number: int) -> None:
        name, route = f"conversation-{number:05}", _route(number % sizes.routes)
        await make_conversation(stage.api, NAMESPACE, name, route, TRANSCRIPT)

    await by_workers(range(sizes.conversations), make)
    bound = succeeded("patch", "conversations/status", NAMESPACE)
    count = sizes.conversations
    await follower.until("conversations bound", bound, count, 60 + count / 20)


def _is_watch(request: Request) -> bool:
    return request.verb == "watch" and request.namespace == NAMESPACE


def _route(number: int) -> str:
    return f"route-{number:03}"


async def _quiet(stage: Stage, seconds: float = 5.0) -> None:
    """Wait until the operator has written nothing for a while."""
    follower = stage.follower()
    known, since = 0, time.monotonic()

    async def is_quiet() -> bool:
        nonlocal known, since
        count = len(follower.writes())
        if count != known:
            known, since = count, time.monotonic()
        return time.monotonic() - since > seconds

    await eventually("an operator that writes nothing", is_quiet, 300)


async def _time_of_listing(api: Api) -> float:
    started = time.monotonic()
    await api.list(f"{JOCH}/namespaces/{NAMESPACE}/conversations")
    return time.monotonic() - started


def _imports() -> dict[str, float]:
    """Resident MiB of Python processes that have done nothing but import."""
    read = "print(open('/proc/self/status').read().partition('VmRSS:')[2].split()[0])"
    sizes = {}
    for name, code in IMPORTS.items():
        done = subprocess.run(
            [sys.executable, "-c", f"{code}\n{read}"], capture_output=True, text=True, check=True
        )
        sizes[name] = round(int(done.stdout) / 1024, 1)
    return sizes
