"""What is done from time to time: full comparisons, and the sweep of records that nobody needs.

kopf relists after a 410 without telling of what was deleted meanwhile (kopf.md), so the kinds that
it watches are listed again from time to time and compared by key.
"""

import asyncio
import logging
import random
from collections.abc import Iterable, Sequence

from joch.api.conversation import Conversation
from joch.api.llmgateway import LLMGateway
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.history.records import RecordFacts
from joch.decide.history.retention import Absent, Hold, expired
from joch.handlers.informer import Scope, list_all
from joch.handlers.operator import Operator
from joch.observe.api_server import ApiError
from joch.observe.paths import collection

INTERVAL = 600.0

log = logging.getLogger(__name__)


async def repeat(operator: Operator, compared: Sequence[Scope]) -> None:
    """Compare these scopes with the server again and again, and find what has expired."""
    while True:
        sweep(operator)
        await asyncio.sleep(INTERVAL * random.uniform(0.9, 1.1))
        try:
            await list_all(operator, compared)
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
