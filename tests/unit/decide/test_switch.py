"""One switch, planned from a transcript: what is written, or why it is held."""

import dataclasses
import gzip
import json
import subprocess
import sys
from typing import Any

import pytest

from joch.api.conversation import (
    Conversation,
    ResolvedBy,
    SwitchReason,
    TranscriptFormat,
    TranscriptStatus,
)
from joch.api.modelroute import Switching
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.conversation.decision import Move
from joch.decide.switch import Held, Report, SwitchInput, SwitchPlan, plan_switch
from joch.transcript.canonical import digest
from joch.wire import openai_chat
from joch.wire.registry import wire_format
from tests.unit.decide.conversation_objects import (
    NOW,
    WITH_TRANSCRIPT,
    World,
    binding,
    conversation,
)
from tests.unit.decide.conversation_objects import ready as ready_of
from tests.unit.decide.conversation_objects import request as requested
from tests.unit.decide.routing_objects import CAPABLE, model

CALL: dict[str, Any] = {
    "role": "assistant",
    "content": "I am sending the survey.",
    "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "send_email", "arguments": "{}"}}
    ],
}
SENT: dict[str, Any] = {"role": "tool", "tool_call_id": "c1", "content": '{"status": "sent"}'}
GOAL: dict[str, Any] = {"role": "user", "content": "Goal: compare five tools."}
PIXEL = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
SEEN: dict[str, Any] = {"role": "user", "content": [{"type": "text", "text": "Look:"}, PIXEL]}
BUDGET = 1_000_000
ANSWERED = [GOAL, CALL, SENT]
UNKNOWN = [GOAL, CALL]


def switch(
    *messages: dict[str, Any],
    of: Conversation | None = None,
    policy: dict[str, str] | None = None,
    request: StateCheckpoint | None = None,
    **fields: Any,
) -> SwitchInput:
    transcript = openai_chat.parse(json.dumps({"messages": messages or ANSWERED}))
    world = World()
    move = Move(
        target=world.candidate("anthropic:sonnet"),
        reason=SwitchReason.REQUESTED if request else SwitchReason.PROVIDER_UNAVAILABLE,
        message="openai:gpt: LLMProvider rig/openai is unreachable.",
        switching=Switching.model_validate(policy or {}),
        route="research",
        resolved_by=ResolvedBy.SESSION,
        serves=False,
        request=request,
    )
    usual: dict[str, Any] = {
        "conversation": of or conversation("openai:gpt", WITH_TRANSCRIPT),
        "move": move,
        "transcript": transcript,
        "read": TranscriptStatus(
            digest=digest(transcript), messages=len(transcript.messages), tokens=50
        ),
        "source": world.candidate("openai:gpt"),
        "stored_bytes": 0,
        "budget": BUDGET,
        "now": NOW,
    }
    return SwitchInput(**{**usual, **fields})


def test_a_conversation_gets_its_handoff_in_the_format_that_its_client_stores() -> None:
    reference = {"name": "t", "key": "messages"}
    source = {"configMapRef": reference, "format": "anthropic_messages"}
    stored = {**WITH_TRANSCRIPT, "transcript": source}
    plan = planned(switch(of=conversation("openai:gpt", stored)))

    request = json.loads(gzip.decompress(plan.handoff.body))
    assert request["max_tokens"] > 0
    assert [block["type"] for block in request["messages"][0]["content"]] == ["text", "text"]


@pytest.mark.parametrize("format_name", [each.value for each in TranscriptFormat])
def test_every_format_that_a_conversation_may_name_is_read_and_written(format_name: str) -> None:
    assert wire_format(format_name).name == format_name


def planned(given: SwitchInput) -> SwitchPlan:
    plan = plan_switch(given)
    assert isinstance(plan, SwitchPlan)
    return plan


def held(given: SwitchInput) -> Held:
    plan = plan_switch(given)
    assert isinstance(plan, Held)
    return plan


def blocking_ids(of: Held) -> tuple[str, ...]:
    return tuple(f.id for f in of.compatibility.findings or () if f.level == "failure")


# What is written


def test_the_status_binds_the_target_counts_the_switch_and_lists_it() -> None:
    plan = planned(switch())

    bound = plan.status.binding
    assert bound is not None
    assert (bound.backend, bound.gateway_model, bound.checkpoint, bound.since) == (
        "anthropic:sonnet",
        "anthropic.sonnet",
        plan.name,
        NOW,
    )
    assert (bound.route, bound.resolved_by) == ("research", "Session")
    assert plan.status.switch_count == 1
    (listed,) = plan.status.switches
    assert (listed.ordinal, listed.from_backend, listed.to_backend) == (
        1,
        "openai:gpt",
        "anthropic:sonnet",
    )
    assert (listed.checkpoint, listed.reason, listed.at) == (
        plan.name,
        "ProviderUnavailable",
        NOW,
    )
    assert ready_of(plan.status)[:2] == ("True", "Bound")
    assert plan.status.transcript is not None
    assert plan.status.held_switch is None


def test_the_record_says_everything_that_a_rebuild_and_an_audit_need() -> None:
    of = conversation(binding(checkpoint="before"), WITH_TRANSCRIPT, switchCount=4)

    plan = planned(switch(of=of))

    record = plan.checkpoint.record
    assert record is not None
    assert (record.ordinal, record.conversation_uid, record.previous) == (5, "u-1", "before")
    assert record.transcript_digest == switch().read.digest
    assert (record.handoff_secret.name, record.handoff_secret.digest) == (
        plan.name,
        plan.handoff.digest,
    )
    assert record.handoff_secret.bytes == len(plan.handoff.body)
    assert plan.checkpoint.mode is None
    assert plan.checkpoint.accept is None
    assert plan.checkpoint.reason == (
        "ProviderUnavailable: openai:gpt: LLMProvider rig/openai is unreachable."
    )
    assert plan.checkpoint.summary is not None
    assert plan.checkpoint.summary.user_goal == "compare five tools."


def test_only_the_last_ten_switches_are_listed() -> None:
    listed = [
        {
            "ordinal": i,
            "fromBackend": "a:b",
            "toBackend": "c:d",
            "checkpoint": f"r{i}",
            "reason": "Requested",
            "at": NOW,
        }
        for i in range(1, 11)
    ]
    of = conversation("openai:gpt", WITH_TRANSCRIPT, switchCount=10, switches=listed)

    status = planned(switch(of=of)).status

    assert [each.ordinal for each in status.switches] == list(range(2, 12))


def test_a_switch_planned_again_after_a_crash_is_the_same_to_the_byte() -> None:
    later = dataclasses.replace(switch(), now="2026-11-21T12:00:05.000000Z")

    first, second = planned(switch()), planned(later)

    assert (first.name, first.checkpoint) == (second.name, second.checkpoint)
    assert first.handoff.body == second.handoff.body


def test_a_request_s_switch_names_it_and_is_another_switch() -> None:
    plan = planned(switch(request=requested()))

    assert plan.checkpoint.record is not None
    assert plan.checkpoint.record.request == "move"
    assert plan.name != planned(switch()).name


def test_there_and_back_and_there_again_gives_four_records() -> None:
    world, of = World(), conversation("openai:gpt", WITH_TRANSCRIPT)
    names = set()
    for to in ("anthropic:sonnet", "openai:gpt") * 2:
        given = switch(of=of)
        move = dataclasses.replace(given.move, target=world.candidate(to))
        plan = planned(dataclasses.replace(given, move=move))
        of = of.model_copy(update={"status": plan.status})
        names.add(plan.name)

    assert len(names) == 4
    assert of.status.switch_count == 4


PROGRAM = """
import hashlib
from tests.unit.decide.test_switch import planned, switch
plan = planned(switch())
bytes_ = plan.checkpoint.model_dump_json() + plan.status.model_dump_json() + plan.handoff.digest
print(plan.name, hashlib.sha256(bytes_.encode()).hexdigest())
"""


def test_every_process_plans_the_same_bytes_whatever_its_hash_seed() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }

    assert len(printed) == 1


# What holds it


def test_a_failure_holds_the_switch_and_says_how_to_accept_it() -> None:
    found = held(switch(*UNKNOWN))

    (finding,) = blocking_ids(found)
    status, reason, message = ready_of(found.status)
    assert (status, reason) == ("False", "SwitchHeld")
    assert f"accept {finding} by a StateCheckpoint with fromBackend openai:gpt" in message
    assert "toBackend anthropic:sonnet" in message
    assert [c.status for c in found.status.conditions if c.type == "SwitchHeld"] == ["True"]
    waiting = found.status.held_switch
    assert waiting is not None
    assert (waiting.to_backend, waiting.reason) == ("anthropic:sonnet", "ProviderUnavailable")
    assert waiting.compatibility == found.compatibility
    assert found.status.binding == switch().conversation.status.binding
    assert found.status.switch_count == 0


def test_a_held_switch_judged_again_writes_nothing() -> None:
    once = held(switch(*UNKNOWN)).status
    of = conversation("openai:gpt", WITH_TRANSCRIPT).model_copy(update={"status": once})

    again = held(switch(*UNKNOWN, of=of, now="2026-11-21T12:01:00.000000Z"))

    assert again.status == once


def test_a_held_switch_that_can_go_is_held_no_more() -> None:
    once = held(switch(*UNKNOWN)).status
    of = conversation("openai:gpt", WITH_TRANSCRIPT).model_copy(update={"status": once})

    status = planned(switch(of=of)).status

    assert status.held_switch is None
    assert {c.type for c in status.conditions} == {"Ready", "TranscriptReadable"}


def test_a_person_s_acceptance_of_every_failure_lets_the_switch_go() -> None:
    ids = blocking_ids(held(switch(*UNKNOWN)))

    assert isinstance(plan_switch(switch(*UNKNOWN, request=requested(accept=ids))), SwitchPlan)
    assert isinstance(plan_switch(switch(*UNKNOWN, request=requested(accept=["other"]))), Held)


def test_no_policy_waves_an_unknown_outcome_through() -> None:
    found = held(switch(*UNKNOWN, policy={"onFailures": "Proceed"}))

    assert blocking_ids(found)[0].startswith("unknown-outcome-")


def crowded(**policy: str) -> SwitchInput:
    """A target whose context window is too small for anything."""
    world, given = World(), switch(policy=policy)
    world.models[1] = model("sonnet", of="anthropic", facts={**CAPABLE, "contextWindow": 16})
    move = dataclasses.replace(given.move, target=world.candidate("anthropic:sonnet"))
    return dataclasses.replace(given, move=move)


def test_other_failures_pass_where_the_policy_says_proceed() -> None:
    assert blocking_ids(held(crowded())) == ("context-window",)
    assert planned(crowded(onFailures="Proceed")).compatibility.verdict == "Failures"


def test_warnings_hold_only_where_the_policy_says_so() -> None:
    # The target's Model states nothing about images.
    assert planned(switch(GOAL, SEEN)).compatibility.verdict == "Warnings"

    found = held(switch(GOAL, SEEN, policy={"onWarnings": "Hold"}))

    assert ready_of(found.status)[1] == "SwitchHeld"


def test_a_policy_of_a_later_version_holds() -> None:
    assert blocking_ids(held(crowded(onFailures="AskSomebody"))) == ("context-window",)
    found = held(switch(GOAL, SEEN, policy={"onWarnings": "AskSomebody"}))
    assert ready_of(found.status)[1] == "SwitchHeld"


def test_a_handoff_that_is_too_large_is_held_and_nobody_can_accept_it() -> None:
    body = "".join(chr(0x4E00 + (i * 7919) % 20_000) for i in range(250_000))
    system = {"role": "system", "content": body}

    for request in (None, requested(accept=["handoff-too-large", "context-window"])):
        found = held(switch(system, GOAL, request=request, policy={"onFailures": "Proceed"}))
        assert "above the limit" in found.why
        assert "spec.accept" not in found.why


def test_a_switch_waits_where_handoffs_fill_the_budget() -> None:
    of = conversation(
        "openai:gpt", WITH_TRANSCRIPT, heldSwitch=held(switch(*UNKNOWN)).status.held_switch
    )

    found = held(switch(of=of, stored_bytes=BUDGET))

    status, reason, message = ready_of(found.status)
    assert (status, reason) == ("False", "StorageBudget")
    assert "--storage-budget" in message
    assert found.status.held_switch is None
    assert found.status == held(switch(of=of, stored_bytes=BUDGET + 1)).status


def test_a_conversation_whose_backend_serves_is_ready_while_its_switch_is_held() -> None:
    given = switch(*UNKNOWN)
    serving = dataclasses.replace(given.move, serves=True)

    found = held(dataclasses.replace(given, move=serving))

    assert ready_of(found.status)[:2] == ("True", "Bound")
    assert "is held" in ready_of(found.status)[2]


@pytest.mark.parametrize("messages", [ANSWERED, UNKNOWN])
def test_a_dry_run_reports_and_plans_nothing(messages: list[dict[str, Any]]) -> None:
    plan = plan_switch(switch(*messages, request=requested(mode="DryRun")))

    assert isinstance(plan, Report)
    assert plan.compatibility.findings


def test_a_person_s_summary_replaces_what_was_found_but_forgets_no_side_effect() -> None:
    plan = planned(switch(request=requested(summary={"userGoal": "buy one"})))

    assert plan.checkpoint.summary is not None
    assert plan.checkpoint.summary.user_goal == "buy one"
    assert plan.checkpoint.summary.executed_side_effects


def test_a_conversation_without_a_binding_has_nothing_to_leave() -> None:
    with pytest.raises(ValueError, match="Conversation rig/thesis has no binding to leave"):
        plan_switch(switch(of=conversation(None, WITH_TRANSCRIPT)))


@pytest.mark.parametrize("gone", ["ollama:none", "nobody:gpt"])
def test_a_target_without_provider_or_model_is_a_defect_of_the_caller(gone: str) -> None:
    given = switch()
    move = dataclasses.replace(given.move, target=World().candidate(gone))

    with pytest.raises(ValueError, match="has no provider or model"):
        plan_switch(dataclasses.replace(given, move=move))
