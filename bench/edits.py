"""From an edited ModelRoute to the rewritten ConfigMap of its gateway."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.api import JOCH, Api, Json, eventually
from bench.figures import Figure, Outcome, Target, percentile
from bench.objects import make_gateway, make_namespace, make_provider, make_route
from bench.outage import healthy
from bench.processes import OperatorProcess
from bench.stage import Stage, succeeded
from bench.vendor import Vendor, serving
from joch.api.llmprovider import Probe

ROUTES = 20
ROUTE = "route-000"
BACKENDS = ("east:large", "west:large")
CONFIG_MAP = "gateway-litellm"
WARM_UP = 6
PAUSE = 0.05
"""Seconds between two edits."""


@dataclass
class Editor:
    """Turns a route round and waits for the ConfigMap; beside it the bare loop does the same.

    Times in milliseconds, from sending the edit to the answer to the ConfigMap's write.
    """

    stage: Stage
    namespace: str
    bare: "BareLoop"
    times: list[float] = field(default_factory=list)
    bare_times: list[float] = field(default_factory=list)

    async def edit(self) -> None:
        """One edit through the operator, then one through the bare loop."""
        strategy = _strategy(len(self.times))
        follower = self.stage.follower()
        began = time.time()
        await self.stage.api.patch(_route(self.namespace), strategy)
        rewritten = succeeded("update", "configmaps", self.namespace)
        write, *_ = await follower.until("the rewritten ConfigMap", rewritten, 1, 60)
        self.times.append((write.answered - began) * 1000)
        self.bare_times.append(await self.bare.edit(strategy) * 1000)
        await asyncio.sleep(PAUSE)

    def forget(self) -> None:
        """Begin to count anew: what was so far is warm-up."""
        # An even number of edits keeps each one different from the one before.
        assert len(self.times) % 2 == 0
        self.times, self.bare_times = [], []

    def figure(self, when: str, target: Target) -> Figure:
        """The slowest in a hundred, judged."""
        return Figure(
            name=f"route edited to ConfigMap rewritten, {when}: p99 of {len(self.times)}",
            value=percentile(self.times, 99),
            unit="ms",
            target=target,
            samples=self.times,
            ceiling=(
                f"bare watch and PUT: p50 {percentile(self.bare_times, 50):.1f}, "
                f"p99 {percentile(self.bare_times, 99):.1f} ms"
            ),
            facts={"p50 (ms)": round(percentile(self.times, 50), 1)},
        )


@dataclass
class BareLoop:
    """Watches a route and PUTs a ConfigMap at each change, with nothing between."""

    api: Api
    namespace: str
    config_map: Json
    written: asyncio.Queue[float] = field(default_factory=asyncio.Queue)

    async def run(self) -> None:
        route = await self.api.get(_route(self.namespace))
        where = f"{JOCH}/namespaces/{self.namespace}/modelroutes"
        path = f"/api/v1/namespaces/{self.namespace}/configmaps/{CONFIG_MAP}"
        number = 0
        async for _ in self.api.watch(where, route["metadata"]["resourceVersion"]):
            number += 1
            await self.api.put(path, {**self.config_map, "metadata": _metadata(number)})
            self.written.put_nowait(time.time())

    async def edit(self, strategy: Json) -> float:
        """Seconds from sending an edit to the ConfigMap written after it."""
        began = time.time()
        await self.api.patch(_route(self.namespace), strategy)
        return await self.written.get() - began


async def measure(stage: Stage) -> Outcome:
    """Edits with nothing else to do."""
    steady = Vendor("openai", "steady-1", "key-steady")
    async with serving(steady):
        await lay_out(stage.api, "edits", steady)
        async with (
            OperatorProcess(stage.access, "edits") as operator,
            editing(stage, "edits") as editor,
        ):
            for _ in range(stage.sizes.edits):
                await editor.edit()
            problems = operator.errors()
    return Outcome((editor.figure("idle", Target(50.0)),), tuple(problems))


async def lay_out(api: Api, namespace: str, vendor: Vendor) -> None:
    """Two providers, some routes over both, and a gateway."""
    await make_namespace(api, namespace)
    for name in ("east", "west"):
        await make_provider(api, namespace, name, vendor, Probe())
    for number in range(ROUTES):
        await make_route(api, namespace, f"route-{number:03}", *BACKENDS)
    await make_gateway(api, namespace)


@asynccontextmanager
async def editing(stage: Stage, namespace: str) -> AsyncIterator[Editor]:
    """An editor of what was laid out, warm, with a bare loop beside it."""
    config_map = await _settled(stage.api, namespace)
    bare = f"{namespace}-bare"
    await make_namespace(stage.api, bare)
    await make_route(stage.api, bare, ROUTE, *BACKENDS)
    copy = {"apiVersion": "v1", "kind": "ConfigMap", "data": config_map["data"]}
    await stage.api.post(
        f"/api/v1/namespaces/{bare}/configmaps", {**copy, "metadata": _metadata(0)}
    )
    editor = Editor(stage, namespace, BareLoop(stage.api, bare, copy))
    looping = asyncio.create_task(editor.bare.run())
    try:
        for _ in range(WARM_UP):
            await editor.edit()
        editor.forget()
        yield editor
    finally:
        looping.cancel()


async def _settled(api: Api, namespace: str) -> Json:
    """Wait until all routes are in the ConfigMap; the ConfigMap then."""
    for name in ("east", "west"):
        await healthy(api, namespace, name)
    found: list[Json] = []

    async def is_complete() -> bool:
        items = await api.list(f"/api/v1/namespaces/{namespace}/configmaps")
        found[:] = [item for item in items if item["metadata"]["name"] == CONFIG_MAP]
        # Each route has a group of its own with both models.
        text = str(found)
        return all(text.count(f"route-{number:03}") >= len(BACKENDS) for number in range(ROUTES))

    await eventually("all routes in the gateway's ConfigMap", is_complete, 30)
    return found[0]


def _route(namespace: str) -> str:
    return f"{JOCH}/namespaces/{namespace}/modelroutes/{ROUTE}"


def _strategy(turn: int) -> Json:
    first, second = BACKENDS if turn % 2 else BACKENDS[::-1]
    return {"spec": {"strategy": {"primary": first, "fallback": [second]}}}


def _metadata(number: int) -> Json:
    return {"name": CONFIG_MAP, "annotations": {"turn": str(number)}}
