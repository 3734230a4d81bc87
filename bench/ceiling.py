"""The ceiling: the same reads and writes as the operator's, with nothing between them.

The bodies are those of a switch that the operator made, renamed. Who switches also watches: the API
server sends each written record and status to the watches of their kinds, whose bytes are read
here and dropped.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.api import JOCH, Api, Json, by_workers
from bench.objects import make_conversations

EVENTS = "/apis/events.k8s.io/v1"
WATCHED = ("conversations", "statecheckpoints")
_KEPT = ("labels", "annotations", "ownerReferences")


@dataclass(frozen=True, slots=True)
class Example:
    """One switch that the operator made: its three objects and the status it committed."""

    checkpoint: Json
    secret: Json
    event: Json
    status: Json


async def example(api: Api, namespace: str, conversation: str) -> Example:
    """The last switch of a conversation."""
    found = await api.get(f"{JOCH}/namespaces/{namespace}/conversations/{conversation}")
    name = found["status"]["binding"]["checkpoint"]
    events = await api.list(f"{EVENTS}/namespaces/{namespace}/events")
    return Example(
        checkpoint=await api.get(f"{JOCH}/namespaces/{namespace}/statecheckpoints/{name}"),
        secret=await api.get(f"/api/v1/namespaces/{namespace}/secrets/{name}"),
        event=next(event for event in events if told_checkpoint(event) == name),
        status=found["status"],
    )


def told_checkpoint(event: Json) -> str | None:
    """The checkpoint that a ProviderSwitched event names."""
    annotations: dict[str, str] = event["metadata"].get("annotations", {})
    return annotations.get("joch.dev/checkpoint")


@dataclass
class RawSwitches:
    """Makes switches as fast as the API server takes them: GET, POST, POST, PATCH, POST."""

    api: Api
    like: Example
    namespace: str
    versions: dict[str, str] = field(default_factory=dict)
    made: int = 0

    async def prepare(self, count: int) -> None:
        """Conversations and transcripts to read and write."""
        await make_conversations(self.api, self.namespace, count, "route")
        where = f"{JOCH}/namespaces/{self.namespace}/conversations"
        for item in await self.api.list(where):
            self.versions[item["metadata"]["name"]] = item["metadata"]["resourceVersion"]

    async def run(self, count: int, workers: int = 8) -> float:
        """Make so many switches; the seconds that they took."""
        self.made += 1
        async with self._watching():
            started = time.monotonic()
            await by_workers(sorted(self.versions)[:count], self._switch, workers)
            return time.monotonic() - started

    @asynccontextmanager
    async def _watching(self) -> AsyncIterator[None]:
        paths = [f"{JOCH}/namespaces/{self.namespace}/{plural}" for plural in WATCHED]
        watches = [asyncio.create_task(self.api.drain_watch(path)) for path in paths]
        try:
            yield
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)

    async def _switch(self, conversation: str) -> None:
        core, ours = f"/api/v1/namespaces/{self.namespace}", f"{JOCH}/namespaces/{self.namespace}"
        name = f"{conversation}-s{self.made}-0123456789"
        await self.api.get(f"{core}/configmaps/{conversation}")
        record = await self.api.post(
            f"{ours}/statecheckpoints", self._renamed(self.like.checkpoint, name)
        )
        secret = self._renamed(self.like.secret, name)
        secret["metadata"]["ownerReferences"][0].update(name=name, uid=record["metadata"]["uid"])
        await self.api.post(f"{core}/secrets", secret)
        metadata = {"resourceVersion": self.versions[conversation]}
        since = f"2026-01-01T00:00:{self.made % 60:02}Z"
        binding = {**self.like.status["binding"], "checkpoint": name, "since": since}
        status = {**self.like.status, "binding": binding, "switchCount": self.made}
        patched = await self.api.patch(
            f"{ours}/conversations/{conversation}/status",
            {"metadata": metadata, "status": status},
        )
        self.versions[conversation] = patched["metadata"]["resourceVersion"]
        event = self._renamed(self.like.event, name)
        event["regarding"] = {**event["regarding"], "namespace": self.namespace}
        await self.api.post(f"{EVENTS}/namespaces/{self.namespace}/events", event)

    def _renamed(self, item: Json, name: str) -> Json:
        metadata = {key: item["metadata"][key] for key in _KEPT if key in item["metadata"]}
        owners = [dict(owner) for owner in metadata.get("ownerReferences", ())]
        if owners:
            metadata["ownerReferences"] = owners
        return {**item, "metadata": {**metadata, "name": name, "namespace": self.namespace}}
