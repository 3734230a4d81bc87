"""Carries a switch out: read, judge, checkpoint, handoff, commit, tell. Four writes at most.

Before the commit nothing has happened, after it everything has. A crash anywhere is healed by
doing it again: the names are deterministic, so what exists already is found and used.
"""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from joch.api.conversation import Conversation, Switch
from joch.api.statecheckpoint import (
    Compatibility,
    StateCheckpoint,
    StateCheckpointSpec,
    StateCheckpointStatus,
)
from joch.apply.events import Notice, post
from joch.apply.owned import NameTaken, create_once, handoff_body, record_body
from joch.apply.writer import MAX_BODY
from joch.decide import told
from joch.decide.conversation.decision import ConversationInput, Move, Settle, TranscriptProblem
from joch.decide.conversation.requests import answered, switched, unread
from joch.decide.conversation.settled import name_taken, unreadable
from joch.decide.names import MARK
from joch.decide.switch import Held, Report, SwitchInput, SwitchPlan, plan_switch
from joch.handlers.operator import Operator
from joch.handlers.triggers import conversation_moved
from joch.observe.api_server import NotFound
from joch.observe.paths import SECRETS, collection
from joch.observe.transcripts import ReadTranscript, read_transcript

HELD_RECHECK = 60.0
"""Seconds after which a held switch is judged again: its transcript may say more by then."""

MAX_HANDOFF_BODY = 2 * MAX_BODY
"""A handoff of 256 KiB is a third larger as a Secret's base64."""

log = logging.getLogger(__name__)
RECORDS = collection(StateCheckpoint)
NOTHING_PLANNED: Mapping[str, StateCheckpointSpec] = MappingProxyType({})


async def move(
    operator: Operator,
    facts: ConversationInput,
    wish: Move,
    read: ReadTranscript | TranscriptProblem | None,
) -> None:
    """Plan the switch on the transcript as it is now; carry it out, hold it, or report it."""
    conversation = facts.conversation
    if read is None:
        read = await read_transcript(operator.server, conversation)
    if isinstance(read, TranscriptProblem):
        if wish.request is not None:
            await _answer(operator, wish.request, unread(wish.request, read.message, facts.now))
        await _wait(operator, facts, unreadable(facts, wish, read))
        return
    given = SwitchInput(
        conversation=conversation,
        move=wish,
        transcript=read.transcript,
        read=read.status,
        source=facts.bound,
        stored_bytes=operator.cache.checkpoints.stored_bytes,
        budget=operator.storage_budget,
        now=operator.now(),
        gateway_home=facts.gateway_home,
    )
    match plan_switch(given):
        case SwitchPlan() as plan:
            await _carry_out(operator, facts, wish, plan)
        case Held(status, compatibility) if wish.request is None:
            operator.learn(Conversation, await operator.writer.patch_status(conversation, status))
            operator.enqueue(Conversation, conversation.key, HELD_RECHECK)
        case Held(_, compatibility, why):
            await _report(operator, facts, wish, compatibility, why)
        case Report(compatibility):
            await _report(operator, facts, wish, compatibility, "")


async def tell_news(
    operator: Operator, key: str, planned: Mapping[str, StateCheckpointSpec] = NOTHING_PLANNED
) -> None:
    """Post the events of all young switches that were committed and not told yet.

    `planned` has the checkpoints of switches that were made just now, by name; those of an earlier
    attempt or process are read.

    Raises:
        Unavailable: an event could not be posted and may be posted later.
    """
    conversation = operator.cache.conversations.get(key)
    if conversation is None:
        return
    uid = conversation.metadata.uid
    for switch in told.news(conversation, operator.told.get(uid, 0), operator.now()):
        checkpoint = planned.get(switch.checkpoint) or await _recorded(operator, key, switch)
        if checkpoint is not None:
            await _tell(operator, conversation, switch, checkpoint)
        operator.told[uid] = switch.ordinal


async def _recorded(operator: Operator, key: str, switch: Switch) -> StateCheckpointSpec | None:
    namespace, name = key.partition("/")[0], switch.checkpoint
    try:
        raw = await operator.server.get(RECORDS.one(namespace, name))
    except NotFound:
        log.warning("%s: StateCheckpoint %s is gone; its event is not posted", key, name)
        return None
    return StateCheckpoint.model_validate(raw).spec


async def _carry_out(
    operator: Operator, facts: ConversationInput, wish: Move, plan: SwitchPlan
) -> None:
    before = facts.conversation
    try:
        await _store(operator, before.metadata.namespace, plan)
    except NameTaken as error:
        await _wait(operator, facts, name_taken(facts, wish, str(error)))
        return
    raw = await operator.writer.patch_status(before, plan.status)
    operator.learn(Conversation, raw)
    operator.metrics.switches.labels(reason=wish.reason.value).inc()
    conversation_moved(operator, before.key)
    await tell_news(operator, before.key, {plan.name: plan.checkpoint})
    if wish.request is not None:
        status = switched(wish.request, plan.name, plan.compatibility, operator.now())
        await _answer(operator, wish.request, status)
        # Other requests from the backend that was left are superseded now.
        operator.enqueue(Conversation, before.key)


async def _store(operator: Operator, namespace: str, plan: SwitchPlan) -> None:
    """The record, then its handoff: found where an earlier attempt made them."""
    record = record_body(namespace, plan.name, plan.checkpoint)
    identity = {
        name: record["spec"]["record"][name]
        for name in ("ordinal", "conversationUid", "transcriptDigest", "handoffSecret")
    }
    same = {"metadata": {"labels": MARK}, "spec": {"record": identity}}
    made = await create_once(operator.server, operator.writer, RECORDS, record, same, MAX_BODY)
    operator.learn(StateCheckpoint, made)
    secret = handoff_body(namespace, plan.name, made["metadata"]["uid"], plan.handoff.body)
    equal: dict[str, Any] = {
        "metadata": {"labels": MARK, "ownerReferences": secret["metadata"]["ownerReferences"]},
        "immutable": True,
        "data": secret["data"],
    }
    await create_once(operator.server, operator.writer, SECRETS, secret, equal, MAX_HANDOFF_BODY)


async def _tell(
    operator: Operator, conversation: Conversation, switch: Switch, checkpoint: StateCheckpointSpec
) -> None:
    event = told.tell(conversation, switch, checkpoint)
    notice = Notice(
        regarding=conversation,
        name=event.name,
        type="Normal",
        reason=told.REASON,
        action=told.ACTION,
        note=event.note,
        at=event.at,
        annotations=event.annotations,
    )
    await post(operator.writer, notice, operator.instance)


async def _report(
    operator: Operator, facts: ConversationInput, wish: Move, compatibility: Compatibility, why: str
) -> None:
    """Tell a person what was found: their request is over, the conversation is judged as ever."""
    if wish.request is not None:
        status = answered(wish.request, compatibility, facts.now, why)
        await _answer(operator, wish.request, status)
    operator.enqueue(Conversation, facts.conversation.key)


async def _wait(operator: Operator, facts: ConversationInput, settled: Settle) -> None:
    raw = await operator.writer.patch_status(facts.conversation, settled.status)
    operator.learn(Conversation, raw)
    if settled.recheck is not None:
        operator.enqueue(Conversation, facts.conversation.key, settled.recheck)


async def _answer(
    operator: Operator, request: StateCheckpoint, status: StateCheckpointStatus
) -> None:
    operator.learn(StateCheckpoint, await operator.writer.patch_status(request, status))
