"""From a vendor's death to the switched status, beyond the time that the probes take."""

from bench.ceiling import RawSwitches, example
from bench.figures import Figure, Outcome, Target, median
from bench.objects import make_conversations, make_namespace
from bench.outage import ROUTE, Outages, detection, healthy
from bench.processes import OperatorProcess
from bench.stage import Stage, succeeded
from bench.vendor import Vendor, serving
from tests.audit_log import Request

NAMESPACE = "reaction"
CHAIN = "reaction-bare"
STEPS = ("llmproviders/status", "modelroutes/status", "statecheckpoints", "conversations/status")


async def measure(stage: Stage) -> Outcome:
    """One conversation, moved to and fro."""
    vendors = (
        Vendor("openai", "north-1", "key-north"),
        Vendor("anthropic", "south-1", "key-south"),
    )
    async with serving(*vendors):
        outages = await Outages.lay_out(stage, NAMESPACE, vendors)
        follower = stage.follower()
        async with OperatorProcess(stage.access, NAMESPACE) as operator:
            for name in ("north", "south"):
                await healthy(stage.api, NAMESPACE, name)
            await make_conversations(stage.api, NAMESPACE, 1, ROUTE)
            await outages.bound(follower, 1)
            await _react(outages, 0)
            steps = [await _react(outages, turn) for turn in range(1, stage.sizes.reactions + 1)]
            raw = await _chain(stage)
            problems = operator.errors()
    reactions = [step["conversations/status"] for step in steps]
    figure = Figure(
        name="vendor's death to switched status, beyond the probes' own time",
        value=max(reactions),
        unit="s",
        target=Target(1.0),
        samples=reactions,
        ceiling=f"a switch's requests one after another: {raw * 1000:.0f} ms",
        facts={
            "probes' own time, at most (s)": detection(),
            "until each write was answered, median (ms)": {
                name: round(median(step[name] for step in steps) * 1000, 1) for name in STEPS
            },
        },
    )
    return Outcome((figure,), tuple(problems))


async def _react(outages: Outages, turn: int) -> dict[str, float]:
    """Seconds from the probe that crossed the threshold to the first answer to each write."""
    follower = outages.stage.follower()
    struck = await outages.strike(turn)
    told = succeeded("create", "events", NAMESPACE)
    await follower.until("the switch", told, 1, 30)
    await outages.recover(turn)
    return {name: _first(follower.writes(), name, struck) - struck for name in STEPS}


def _first(writes: list[Request], resource: str, after: float) -> float:
    return next(w.answered for w in writes if w.resource == resource and w.answered > after)


async def _chain(stage: Stage) -> float:
    """Seconds of one switch's requests with nobody else asking; the best of ten."""
    await make_namespace(stage.api, CHAIN)
    like = await example(stage.api, NAMESPACE, "conversation-00000")
    raw = RawSwitches(stage.api, like, CHAIN)
    await raw.prepare(1)
    return min([await raw.run(1) for _ in range(10)])
