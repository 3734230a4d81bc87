"""Reconciles a Conversation: bind it, leave it, move it; and answer the requests about it."""

import logging
from collections.abc import Sequence

from joch.api.backend import Backend
from joch.api.conversation import Conversation, ConversationStatus
from joch.api.statecheckpoint import StateCheckpoint, StateCheckpointStatus
from joch.decide.conversation.decision import (
    ConversationInput,
    Move,
    Rebuild,
    Refuse,
    Settle,
    TranscriptProblem,
)
from joch.decide.conversation.judge import decide_conversation, needs_transcript
from joch.decide.conversation.requests import sort_requests
from joch.decide.conversation.resolution import Pinned, Routed, resolve
from joch.decide.history.records import RecordFacts
from joch.decide.route.candidates import CandidateFacts
from joch.handlers import housekeeping, switch
from joch.handlers.operator import Operator
from joch.handlers.triggers import conversation_moved
from joch.observe.api_server import NotFound
from joch.observe.backends import candidate, candidates, serving_namespace
from joch.observe.cache import default_group
from joch.observe.paths import SECRETS
from joch.observe.transcripts import ReadTranscript, read_transcript

log = logging.getLogger(__name__)


async def reconcile(operator: Operator, key: str) -> None:
    """Bring one conversation to where its spec, its route and the world want it."""
    await _judge(operator, key)
    await housekeeping.clear(operator, key)


async def _judge(operator: Operator, key: str) -> None:
    conversation = operator.cache.conversations.get(key)
    request = await _sort_requests(operator, key, conversation)
    if conversation is None:
        return
    records = await _records(operator, conversation)
    read: ReadTranscript | TranscriptProblem | None = None
    if needs_transcript(conversation, records):
        read = await read_transcript(operator.server, conversation)
    facts = observe(operator, conversation, records, request, read)
    match decide_conversation(facts):
        case Rebuild(status):
            await write(operator, conversation, status)
            operator.enqueue(Conversation, key)
        case Settle(status, recheck):
            await write(operator, conversation, status)
            if conversation.status.binding is None and status.binding is not None:
                # Requests that waited for a binding can be answered now.
                operator.enqueue(Conversation, key)
            await switch.tell_news(operator, key)
            if recheck is not None:
                operator.enqueue(Conversation, key, recheck)
        case Refuse(refused, refusal):
            await _answer(operator, refused, refusal)
            operator.enqueue(Conversation, key)
        case Move() as move:
            await switch.move(operator, facts, move, read)


def observe(
    operator: Operator,
    conversation: Conversation,
    records: tuple[RecordFacts, ...],
    request: StateCheckpoint | None,
    read: ReadTranscript | TranscriptProblem | None,
) -> ConversationInput:
    """All that the conversation is judged from."""
    cache, home = operator.cache, conversation.metadata.namespace
    resolution = resolve(None, conversation, cache.models.grouped(default_group(home)))
    route_key = f"{home}/{resolution.route_name}" if isinstance(resolution, Routed) else None
    route = cache.routes.get(route_key) if route_key is not None else None
    backends: tuple[Backend, ...] = ()
    if isinstance(resolution, Pinned):
        backends = (resolution.backend,)
    elif route is not None:
        backends = tuple(Backend.parse(text) for text in route.backends)
    if request is not None:
        backends = (*backends, Backend.parse(request.spec.to_backend))
    found = candidates(cache, backends, home)
    return ConversationInput(
        conversation=conversation,
        resolution=resolution,
        route=route,
        candidates=found,
        bound=_bound(operator, conversation, found),
        records=records,
        request=request,
        transcript=read.status if isinstance(read, ReadTranscript) else read,
        now=operator.now(),
        gateway_home=serving_namespace(cache, home),
    )


async def write(operator: Operator, before: Conversation, after: ConversationStatus) -> None:
    """Write a Conversation's status where it differs, and let its route's count follow."""
    raw = await operator.writer.patch_status(before, after)
    operator.learn(Conversation, raw)
    if raw is not None and before.status.binding != after.binding:
        conversation_moved(operator, before.key)


def _bound(
    operator: Operator, conversation: Conversation, found: Sequence[CandidateFacts]
) -> CandidateFacts | None:
    """The facts of the current binding: most often it is one of those that were found already."""
    binding = conversation.status.binding
    if binding is None:
        return None
    backend = Backend.parse(binding.backend)
    known = next((each for each in found if each.backend == backend), None)
    return known or candidate(operator.cache, backend, conversation.metadata.namespace)


async def _sort_requests(
    operator: Operator, key: str, conversation: Conversation | None
) -> StateCheckpoint | None:
    checkpoints = operator.cache.checkpoints
    requests = checkpoints.requests(key)
    if not requests:
        return None
    found = sort_requests(conversation, requests, checkpoints.records(key), operator.now())
    for request, status in found.decided:
        await _answer(operator, request, status)
    return found.acting


async def _answer(
    operator: Operator, request: StateCheckpoint, status: StateCheckpointStatus
) -> None:
    operator.learn(StateCheckpoint, await operator.writer.patch_status(request, status))


async def _records(operator: Operator, conversation: Conversation) -> tuple[RecordFacts, ...]:
    """The conversation's records; where its status was lost, without a last one that is half made.

    A record whose handoff does not exist was never committed, or cannot be gone on from: in both
    cases the switch has to be made again.
    """
    records = operator.cache.checkpoints.records(conversation.key)
    if not records or conversation.status.binding is not None:
        return records
    last = max(record.ordinal for record in records)
    whole = [
        record
        for record in records
        if record.ordinal < last or await _has_handoff(operator, record)
    ]
    return tuple(whole)


async def _has_handoff(operator: Operator, record: RecordFacts) -> bool:
    try:
        await operator.server.get(SECRETS.one(record.namespace, record.handoff_secret))
    except NotFound:
        return False
    return True
