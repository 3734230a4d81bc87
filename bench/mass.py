"""Many conversations moved by one outage, several times to and fro, beside the raw ceiling."""

from collections import Counter
from dataclasses import dataclass

from bench import edits
from bench.api import JOCH, Api, Json
from bench.ceiling import EVENTS, RawSwitches, example, told_checkpoint
from bench.figures import Figure, Outcome, Target, median
from bench.objects import make_conversation, make_conversations, make_namespace, make_transcript
from bench.outage import ROUTE, Outages, healthy
from bench.processes import Cpu, OperatorProcess
from bench.stage import Stage, succeeded, told
from bench.vendor import Vendor, serving
from tests.audit_log import Request

NAMESPACE = "mass"
EDITED = "edits-busy"
CEILING = "ceiling"
"""What the raw requests go to; the operator does not watch it."""
OF_A_SWITCH = ("statecheckpoints", "secrets", "conversations/status", "events")


@dataclass(frozen=True, slots=True)
class Moved:
    """One outage: switches a second, CPU seconds by program, all writes of the operator."""

    rate: float
    cpu: dict[str, float]
    writes: list[Request]


@dataclass(frozen=True, slots=True)
class Raw:
    """One block of raw switches: a second, and CPU seconds by program."""

    rate: float
    cpu: dict[str, float]


async def measure(stage: Stage) -> Outcome:
    """Outages between blocks of raw switches; then one more, while a route is edited."""
    vendors = (
        Vendor("openai", "north-1", "key-north"),
        Vendor("anthropic", "south-1", "key-south"),
    )
    steady = Vendor("openai", "steady-1", "key-steady")
    async with serving(*vendors, steady):
        outages = await Outages.lay_out(stage, NAMESPACE, vendors)
        await make_namespace(stage.api, CEILING)
        await edits.lay_out(stage.api, EDITED, steady)
        async with OperatorProcess(stage.access, NAMESPACE, EDITED) as operator:
            for name in ("north", "south"):
                await healthy(stage.api, NAMESPACE, name)
            raw = await _prepare(stage, outages)
            ceilings, moves, problems = [await _raw(raw, stage, operator)], [], []
            for turn in range(stage.sizes.outages):
                moves.append(await _move(outages, operator, turn))
                problems += await _verify(stage, turn + 1, outages.parts(turn)[2])
                await outages.recover(turn)
                ceilings.append(await _raw(raw, stage, operator))
            busy = await _edit_meanwhile(outages)
            problems += await _verify(
                stage, stage.sizes.outages + 1, outages.parts(stage.sizes.outages)[2]
            )
            problems += operator.errors()
    return Outcome((*_figures(stage, moves, ceilings), busy), tuple(problems))


async def _prepare(stage: Stage, outages: Outages) -> RawSwitches:
    """One switch to take as the example, the raw conversations, and those that will be moved."""
    api, count = stage.api, stage.sizes.moved
    follower = stage.follower()
    await make_transcript(api, NAMESPACE, "example", 99_999)
    await make_conversation(api, NAMESPACE, "example", ROUTE, "example")
    await outages.bound(follower, 1)
    await outages.strike(0)
    await follower.until("the example", succeeded("create", "events", NAMESPACE), 1, 30)
    raw = RawSwitches(api, await example(api, NAMESPACE, "example"), CEILING)
    await outages.recover(0)
    await api.delete(f"{JOCH}/namespaces/{NAMESPACE}/conversations/example")
    await raw.prepare(stage.sizes.raw_switches)
    await raw.run(stage.sizes.raw_switches)
    follower = stage.follower()
    await make_conversations(api, NAMESPACE, count, ROUTE)
    await outages.bound(follower, count)
    return raw


async def _raw(raw: RawSwitches, stage: Stage, operator: OperatorProcess) -> Raw:
    await operator.at_rest()
    before = Cpu.now(operator=operator.pid)
    seconds = await raw.run(stage.sizes.raw_switches)
    cpu = Cpu.now(operator=operator.pid).since(before)
    return Raw(stage.sizes.raw_switches / seconds, cpu)


async def _move(outages: Outages, operator: OperatorProcess, turn: int) -> Moved:
    """One outage, from the probe that crossed the threshold to the last event's answer."""
    count = outages.stage.sizes.moved
    audit, follower = outages.stage.audit, outages.stage.follower()
    since = audit.position()
    struck = await outages.strike(turn)
    before = Cpu.now(operator=operator.pid)
    await told(audit, since, NAMESPACE, count, 60 + count / 5)
    cpu = Cpu.now(operator=operator.pid).since(before)
    is_event = succeeded("create", "events", NAMESPACE)
    last = max(write.answered for write in follower.writes() if is_event(write))
    return Moved(count / (last - struck), cpu, follower.writes())


async def _edit_meanwhile(outages: Outages) -> Figure:
    """Edit a route again and again until the last conversation has moved."""
    stage = outages.stage
    async with edits.editing(stage, EDITED) as editor:
        follower = stage.follower()
        await outages.strike(stage.sizes.outages)
        is_event = succeeded("create", "events", NAMESPACE)
        while sum(map(is_event, follower.read())) < stage.sizes.moved:
            await editor.edit()
        return editor.figure("while a mass switch runs", Target(150.0))


async def _verify(stage: Stage, switches: int, backend: str) -> list[str]:
    """What is lost or doubled: every conversation moved once an outage, and each move told once."""
    api, count = stage.api, stage.sizes.moved
    found = await api.list(f"{JOCH}/namespaces/{NAMESPACE}/conversations")
    astray = [
        item["metadata"]["name"]
        for item in found
        if (item["status"]["binding"]["backend"], item["status"]["switchCount"])
        != (backend, switches)
    ]
    records = await _records(api)
    ordinals = Counter(
        (record["spec"]["conversationRef"]["name"], record["spec"]["record"]["ordinal"])
        for record in records
    )
    names = Counter(record["metadata"]["name"] for record in records)
    secrets = await api.list(f"/api/v1/namespaces/{NAMESPACE}/secrets")
    handoffs = Counter(
        item["metadata"]["name"]
        for item in secrets
        if item["type"] == "joch.dev/handoff" and _is_moved(item["metadata"]["name"])
    )
    events = await api.list(f"{EVENTS}/namespaces/{NAMESPACE}/events")
    named = Counter(name for name in map(told_checkpoint, events) if name and _is_moved(name))
    checks = {
        f"conversations not at {backend} after {switches} switches: {astray[:5]}": not astray,
        f"{len(found)} of {count} conversations": len(found) == count,
        f"{len(ordinals)} switches recorded, not {count * switches}": (
            len(ordinals) == count * switches
        ),
        "a switch is recorded twice": len(records) == len(ordinals),
        "handoffs and records differ": handoffs == names,
        "events and records differ": named == names,
    }
    return [problem for problem, fine in checks.items() if not fine]


async def _records(api: Api) -> list[Json]:
    found = await api.list(f"{JOCH}/namespaces/{NAMESPACE}/statecheckpoints")
    return [record for record in found if _is_moved(record["metadata"]["name"])]


def _is_moved(name: str) -> bool:
    return name.startswith("conversation-")


def _figures(stage: Stage, moves: list[Moved], ceilings: list[Raw]) -> tuple[Figure, ...]:
    count = stage.sizes.moved
    around = [(ceilings[i].rate + ceilings[i + 1].rate) / 2 for i in range(len(moves))]
    ratios = [move.rate / rate for move, rate in zip(moves, around, strict=True)]
    clients = [move.cpu["operator"] / move.cpu["kube-apiserver"] for move in moves]
    raw_client = median(raw.cpu["bench"] / raw.cpu["kube-apiserver"] for raw in ceilings)
    writes = Counter(write.resource for move in moves for write in move.writes)
    refused = Counter(w.resource for move in moves for w in move.writes if w.status >= 300)
    of_switches = sum(writes[resource] for resource in OF_A_SWITCH) / (count * len(moves))
    raw_text = " ".join(f"{raw.rate:.0f}" for raw in ceilings)
    ours = _per_switch([move.cpu for move in moves], count)
    bare = _per_switch([raw.cpu for raw in ceilings], stage.sizes.raw_switches)
    return (
        Figure(
            name=f"{count} conversations moved: switches a second ÷ raw ceiling",
            value=median(ratios),
            unit="",
            target=Target(0.85, at_least=True),
            samples=ratios,
            ceiling=f"raw: {raw_text} /s",
            facts={
                "switches a second": [round(move.rate, 1) for move in moves],
                "CPU of a switch (ms)": ours,
                "CPU of a raw switch (ms)": bare,
            },
        ),
        Figure(
            name="the same by CPU of all processes, which others on the machine disturb less",
            value=sum(bare.values()) / sum(ours.values()),
            unit="",
            ceiling=f"raw: {sum(bare.values()):.1f} ms a switch",
        ),
        Figure(
            name="writes a switch",
            value=of_switches,
            unit="",
            target=Target(4.0),
            ceiling="record, handoff, status, event: 4",
            facts={"all writes but the Lease": dict(writes), "refused": dict(refused)},
        ),
        Figure(
            name="operator's CPU ÷ API server's",
            value=median(clients),
            unit="",
            target=Target(0.3),
            samples=clients,
            ceiling=f"raw client: {raw_client:.2f}",
        ),
    )


def _per_switch(used: list[dict[str, float]], count: int) -> dict[str, float]:
    """Milliseconds of CPU by program, the mean over all blocks."""
    total = Counter[str]()
    for each in used:
        total.update(each)
    return {name: round(1000 * spent / count / len(used), 2) for name, spent in total.items()}
