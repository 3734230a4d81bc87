"""One switch, from a read transcript to all that will be written: judge, checkpoint, handoff.

Pure, and the same for the same input to the byte: a switch that a crash interrupted is planned
again and finds its own objects under the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joch.api.base import LocalReference
from joch.api.conversation import (
    Binding,
    Conversation,
    ConversationCondition,
    ConversationReason,
    ConversationStatus,
    HeldSwitch,
    Switch,
    TranscriptFormat,
    TranscriptStatus,
)
from joch.api.model import EffectiveFacts
from joch.api.modelroute import FindingPolicy
from joch.api.statecheckpoint import (
    Compatibility,
    Finding,
    FindingLevel,
    HandoffReference,
    Mode,
    Record,
    StateCheckpointSpec,
    Summary,
)
from joch.decide.checkpoint.extract import extract_summary
from joch.decide.checkpoint.reading import Reading, reading_of
from joch.decide.conditions import Verdict, cut, ready, settle
from joch.decide.conversation.decision import Move
from joch.decide.conversation.settled import readable, serving_or_waiting
from joch.decide.handoff.build import (
    TOO_LARGE,
    Handoff,
    HandoffInput,
    HandoffTooLargeError,
    build_handoff,
)
from joch.decide.history.records import KEPT_SWITCHES
from joch.decide.names import checkpoint_name, gateway_model
from joch.decide.portability import (
    PortabilityInput,
    capability_deltas,
    judge,
    subject_of,
    with_finding,
)
from joch.decide.route.candidates import CandidateFacts
from joch.decide.target import TargetFacts
from joch.providers.registry import provider_type
from joch.transcript.conversation import Transcript

UNKNOWN_OUTCOME = "unknown-outcome-"
"""What the ids of these failures begin with; no policy waves them through, only a person does."""


@dataclass(frozen=True, slots=True)
class SwitchInput:
    """All that a switch is planned from.

    `source` are the facts of the backend that is left, None where nothing is known of it any more.
    `stored_bytes` of handoffs are in the cluster already; `budget` bytes may be. `now` is RFC 3339.
    `gateway_home` is the namespace of the gateway that serves the conversation, None for its own.
    """

    conversation: Conversation
    move: Move
    transcript: Transcript
    read: TranscriptStatus
    source: CandidateFacts | None
    stored_bytes: int
    budget: int
    now: str
    gateway_home: str | None = None


@dataclass(frozen=True, slots=True)
class SwitchPlan:
    """What is written: the record, the handoff Secret of the same name, the status; then told."""

    name: str
    checkpoint: StateCheckpointSpec
    handoff: Handoff
    status: ConversationStatus
    compatibility: Compatibility


@dataclass(frozen=True, slots=True)
class Held:
    """The switch waits: the Conversation's status says for what, and `why` in short."""

    status: ConversationStatus
    compatibility: Compatibility
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """A dry run: nothing moves."""

    compatibility: Compatibility


def plan_switch(given: SwitchInput) -> SwitchPlan | Held | Report:
    """Judge the transcript at the target and plan the switch, or hold it.

    Raises:
        ValueError: the target is not eligible: it has no Model or the conversation no binding.
    """
    target = _target_facts(given.move.target)
    reading = _reading(given)
    summary = _summary(given, reading)
    handoff: Handoff | None = None
    try:
        handoff = build_handoff(_handoff_input(given, reading, summary, target))
        compatibility = judge(_portability_input(given, reading, target, handoff.tokens))
    except HandoffTooLargeError as error:
        found = judge(_portability_input(given, reading, target, None))
        compatibility = with_finding(found, error.finding)
    request = given.move.request
    if request is not None and request.spec.mode is Mode.DRY_RUN:
        return Report(compatibility)
    if handoff is None:
        return _held(given, compatibility, _too_large(compatibility))
    blocking = _blocking(given, compatibility)
    if blocking:
        return _held(given, compatibility, _remedy(given, blocking))
    if given.stored_bytes + len(handoff.body) > given.budget:
        return _over_budget(given, compatibility)
    return _plan(given, summary, compatibility, handoff)


def _plan(
    given: SwitchInput, summary: Summary, compatibility: Compatibility, handoff: Handoff
) -> SwitchPlan:
    conversation, move = given.conversation, given.move
    binding = conversation.status.binding
    if binding is None:
        raise ValueError(f"Conversation {conversation.key} has no binding to leave")
    target = str(move.target.backend)
    ordinal = conversation.status.switch_count + 1
    request = move.request
    name = checkpoint_name(
        conversation.metadata.name,
        conversation.metadata.uid,
        ordinal,
        given.read.digest,
        target,
        handoff.digest,
        request.metadata.uid if request is not None else "",
    )
    deltas = capability_deltas(_effective(given.source), _effective(move.target))
    record = Record(
        ordinal=ordinal,
        conversation_uid=conversation.metadata.uid,
        transcript_digest=given.read.digest,
        compatibility=compatibility,
        handoff_secret=HandoffReference(name=name, digest=handoff.digest, bytes=len(handoff.body)),
        capability_deltas=deltas or None,
        previous=binding.checkpoint,
        request=request.metadata.name if request is not None else None,
    )
    spec = StateCheckpointSpec(
        conversation_ref=LocalReference(name=conversation.metadata.name),
        from_backend=binding.backend,
        to_backend=target,
        summary=summary,
        reason=cut(f"{move.reason}: {move.message}"),
        record=record,
    )
    status = _switched_status(given, name, binding)
    return SwitchPlan(name, spec, handoff, status, compatibility)


def _switched_status(given: SwitchInput, checkpoint: str, old: Binding) -> ConversationStatus:
    conversation, move = given.conversation, given.move
    target = str(move.target.backend)
    model = _gateway_model(given)
    ordinal = conversation.status.switch_count + 1
    switch = Switch(
        ordinal=ordinal,
        from_backend=old.backend,
        to_backend=target,
        checkpoint=checkpoint,
        reason=move.reason.value,
        at=given.now,
    )
    binding = Binding(
        backend=target,
        gateway_model=model,
        resolved_by=move.resolved_by,
        route=move.route,
        checkpoint=checkpoint,
        since=given.now,
    )
    message = f"bound to {target}: ask the gateway for {model}"
    return _status(
        given,
        ready(ConversationReason.BOUND, message),
        {
            "binding": binding,
            "switch_count": ordinal,
            "switches": (*conversation.status.switches, switch)[-KEPT_SWITCHES:],
            "held_switch": None,
        },
    )


def _held(given: SwitchInput, compatibility: Compatibility, why: str) -> Held:
    message = f"{given.move.message} The switch to {given.move.target.backend} is held: {why}"
    held = HeldSwitch(
        to_backend=str(given.move.target.backend),
        reason=given.move.reason.value,
        transcript_digest=given.read.digest,
        compatibility=compatibility,
    )
    reason = ConversationReason.SWITCH_HELD
    verdicts = (
        *serving_or_waiting(given.conversation, given.move, reason, message),
        Verdict(ConversationCondition.SWITCH_HELD, "True", reason, message),
    )
    return Held(_status(given, verdicts, {"held_switch": held}), compatibility, why)


def _over_budget(given: SwitchInput, compatibility: Compatibility) -> Held:
    # Without the bytes stored by now: they change with every switch, and so would every status.
    why = (
        f"handoffs may fill {given.budget} bytes of the cluster's store and do. Delete "
        "conversations that are over, or raise the operator's --storage-budget."
    )
    message = f"{given.move.message} The switch to {given.move.target.backend} waits: {why}"
    verdicts = serving_or_waiting(
        given.conversation, given.move, ConversationReason.STORAGE_BUDGET, message
    )
    return Held(_status(given, verdicts, {"held_switch": None}), compatibility, why)


def _status(
    given: SwitchInput, verdicts: tuple[Verdict, ...], changed: Mapping[str, Any]
) -> ConversationStatus:
    """The status with these verdicts, the transcript as it was read, and what else changed."""
    conversation = given.conversation
    generation = conversation.metadata.generation
    verdicts = (*verdicts, readable(given.read))
    conditions = settle(conversation.status.conditions, verdicts, generation, given.now)
    return conversation.status.model_copy(
        update={
            "observed_generation": generation,
            "conditions": conditions,
            "transcript": given.read,
            **changed,
        }
    )


def _blocking(given: SwitchInput, compatibility: Compatibility) -> tuple[Finding, ...]:
    """The findings that hold this switch: by policy, and not accepted by a person.

    A policy that only a later version knows holds.
    """
    request, switching = given.move.request, given.move.switching
    accepted = set(request.spec.accept or ()) if request is not None else set()
    held = {
        FindingLevel.WARNING: switching.on_warnings is not FindingPolicy.PROCEED,
        FindingLevel.FAILURE: switching.on_failures is not FindingPolicy.PROCEED,
    }
    return tuple(
        finding
        for finding in compatibility.findings or ()
        if finding.id not in accepted
        and (held.get(finding.level, False) or finding.id.startswith(UNKNOWN_OUTCOME))
    )


def _remedy(given: SwitchInput, blocking: tuple[Finding, ...]) -> str:
    """What a person may do first, then the findings: a long sentence is cut at its end."""
    binding = given.conversation.status.binding
    source = binding.backend if binding is not None else ""
    ids = ", ".join(finding.id for finding in blocking)
    marks = "; ".join(f"{each.level.mark} {each.message} ({each.id})" for each in blocking)
    return (
        f"accept {ids} by a StateCheckpoint with fromBackend {source}, toBackend "
        f"{given.move.target.backend} and these ids in spec.accept, or settle what they name: "
        f"{marks}."
    )


def _too_large(compatibility: Compatibility) -> str:
    """Nobody can accept a handoff that cannot be stored; its finding names the remedy."""
    findings = compatibility.findings or ()
    return next(f"{each.message}." for each in findings if each.id == TOO_LARGE)


def _reading(given: SwitchInput) -> Reading:
    tools = given.conversation.spec.tools
    levels = {tool.name: tool.side_effect for tool in tools if tool.side_effect}
    return reading_of(given.transcript, levels)


def _summary(given: SwitchInput, reading: Reading) -> Summary:
    request = given.move.request
    return extract_summary(reading, request.spec.summary if request is not None else None)


def _handoff_input(
    given: SwitchInput, reading: Reading, summary: Summary, target: TargetFacts
) -> HandoffInput:
    spec = given.conversation.spec
    return HandoffInput(
        reading=reading,
        summary=summary,
        target=target,
        target_model=_gateway_model(given),
        window_tokens=spec.window.max_tokens,
        memory=spec.memory,
        wire_format=_stored_format(given),
    )


def _portability_input(
    given: SwitchInput, reading: Reading, target: TargetFacts, handoff_tokens: int | None
) -> PortabilityInput:
    return subject_of(reading, target, handoff_tokens, _stored_format(given))


def _stored_format(given: SwitchInput) -> TranscriptFormat:
    """What the conversation's client speaks: the format in which it stores the messages."""
    source = given.conversation.spec.transcript
    return source.format if source is not None else TranscriptFormat.OPENAI_CHAT


def _target_facts(target: CandidateFacts) -> TargetFacts:
    if target.provider is None or target.model is None:
        raise ValueError(f"{target.backend} has no provider or model")
    wire = provider_type(target.provider.spec.type).wire_format
    return TargetFacts(str(target.backend), target.model.status.effective, wire)


def _effective(candidate: CandidateFacts | None) -> EffectiveFacts:
    if candidate is None or candidate.model is None:
        return EffectiveFacts()
    return candidate.model.status.effective


def _gateway_model(given: SwitchInput) -> str:
    model = given.move.target.model
    if model is None:
        raise ValueError(f"{given.move.target.backend} has no Model")
    return gateway_model(model, given.gateway_home or given.conversation.metadata.namespace)
