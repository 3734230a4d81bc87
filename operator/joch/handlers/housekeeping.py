"""Takes what listings and watches bring, and sweeps: full comparisons, and records nobody needs.

kopf relists after a 410 without telling of what was deleted meanwhile (kopf.md), so every kind is
listed again from time to time and compared by key.
"""

import asyncio
import logging
import random
from collections.abc import Iterable, Sequence

from pydantic import ValidationError

from joch.api.base import GROUP, Resource
from joch.api.conversation import Conversation
from joch.api.kinds import KINDS
from joch.api.llmgateway import LLMGateway
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.history.records import RecordFacts
from joch.decide.history.retention import Absent, Hold, expired
from joch.handlers.operator import Operator
from joch.handlers.triggers import ON_CHANGE
from joch.observe.api_server import ApiError, Gone, Json, KindMissing, NotFound
from joch.observe.cache import object_key
from joch.observe.paths import collection

INTERVAL = 600.0
RETRIES = 5

log = logging.getLogger(__name__)


def take(operator: Operator, kind: type[Resource], raw: Json) -> None:
    """An object as the server has it now."""
    key, store = object_key(raw), operator.cache.store(kind)
    if not store.versions.is_news(key, raw["metadata"]):
        return
    if store.uid(key) is not None:
        # Who depended on what it was is told too: the rival of a name that it leaves, say.
        ON_CHANGE[kind](operator, key)
    try:
        news = store.put(raw)
    except ValueError as error:
        name = kind.definition.kind
        log.error("%s %s is not understood and left alone: %s", name, key, _first(error))
        return
    if news:
        ON_CHANGE[kind](operator, key)


def forget(operator: Operator, kind: type[Resource], raw: Json) -> None:
    """An object was deleted: who depended on it is told before it is forgotten."""
    key, uid = object_key(raw), raw["metadata"]["uid"]
    if operator.cache.store(kind).uid(key) == uid:
        ON_CHANGE[kind](operator, key)
        operator.cache.store(kind).drop(key, uid)
        operator.told.pop(uid, None)


async def list_all(operator: Operator, namespaces: Sequence[str]) -> None:
    """List every kind: take what is there, forget what is not.

    Raises:
        KindMissing: a CRD is not installed.
        ApiError: a kind could not be listed, after several attempts.
    """
    for kind in KINDS:
        try:
            await _list(operator, kind, namespaces)
        except NotFound as error:
            plural = f"{kind.definition.plural}.{GROUP}"
            raise KindMissing(
                f"the API server does not know {plural}: install the CRDs (kubectl apply -f crds/)"
            ) from error


async def repeat(operator: Operator, namespaces: Sequence[str]) -> None:
    """Compare everything with the server again and again, and find what has expired."""
    while True:
        sweep(operator)
        await asyncio.sleep(INTERVAL * random.uniform(0.9, 1.1))
        try:
            await list_all(operator, namespaces)
        except ApiError as error:
            log.warning("the full comparison is tried again later: %s", error)
        look_again(operator)


def look_again(operator: Operator) -> None:
    """Read the gateways' ConfigMaps and Secrets again: nobody watches them, and they may differ."""
    operator.written.clear()
    for gateway in operator.cache.gateways:
        operator.enqueue(LLMGateway, gateway.key)


def sweep(operator: Operator) -> None:
    """Have the conversations that hold expired records worked on, and those records deleted then.

    Nothing is deleted here: an attempt at a switch that is made again takes up the record of the
    one before, which was an orphan until then.
    """
    checkpoints = operator.cache.checkpoints
    for key in _expired(operator, checkpoints.all_records()):
        operator.swept.add(key)
        operator.enqueue(Conversation, key)
    for key in [key for key in operator.missed if not checkpoints.records(key)]:
        del operator.missed[key]


async def clear(operator: Operator, key: str) -> None:
    """Delete the records of a swept conversation that are expired now.

    Only the worker that has just judged the conversation calls this.
    """
    if key not in operator.swept:
        return
    operator.swept.discard(key)
    where = collection(StateCheckpoint)
    found = _expired(operator, operator.cache.checkpoints.records(key))
    for record in found.get(key, ()):
        try:
            await operator.writer.delete(where, record.namespace, record.name, record.uid)
        except ApiError as error:
            log.warning("StateCheckpoint %s of %s is deleted later: %s", record.name, key, error)


def _expired(
    operator: Operator, records: Iterable[RecordFacts]
) -> dict[str, tuple[RecordFacts, ...]]:
    """The expired ones of these records, by conversation."""
    cache, now = operator.cache, operator.now()

    def hold_of(conversation: str) -> Hold:
        hold = cache.conversations.hold_of(conversation, operator.missed.get(conversation, now))
        if isinstance(hold, Absent):
            operator.missed[conversation] = hold.since
        else:
            operator.missed.pop(conversation, None)
        return hold

    found: dict[str, tuple[RecordFacts, ...]] = {}
    for record in expired(records, hold_of, now):
        key = f"{record.namespace}/{record.conversation}"
        found[key] = (*found.get(key, ()), record)
    return found


async def _list(operator: Operator, kind: type[Resource], namespaces: Sequence[str]) -> None:
    where = collection(kind)
    paths = [where.inside(namespace) for namespace in namespaces] or [where.all()]
    before = operator.cache.store(kind).uids()
    seen: set[str] = set()
    for path in paths:
        seen |= await _list_path(operator, kind, path)
    for key, uid in before.items():
        if key not in seen:
            namespace, _, name = key.partition("/")
            forget(operator, kind, {"metadata": {"namespace": namespace, "name": name, "uid": uid}})


async def _list_path(operator: Operator, kind: type[Resource], path: str) -> set[str]:
    for attempt in range(RETRIES):
        try:
            seen = set()
            async for raw in operator.server.list(path):
                take(operator, kind, raw)
                seen.add(object_key(raw))
            return seen
        except ApiError as error:
            # Just after a CRD is made a LIST answers 429 (measured); a 410 wants a fresh start.
            if attempt == RETRIES - 1 or not (error.retryable or isinstance(error, Gone)):
                raise
            await asyncio.sleep((error.retry_after or 0.5 * 2**attempt) * random.uniform(1.0, 1.5))
    raise AssertionError("unreachable: the last attempt returns or raises")


def _first(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    problem = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
