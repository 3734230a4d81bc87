"""What a conversation gets back from its records, and what its transcript decides."""

from dataclasses import replace
from datetime import timedelta

import pytest

from joch.decide.clock import parse, render
from joch.decide.conversation.decision import ConversationInput, Move, Rebuild, Settle
from joch.decide.conversation.judge import decide_conversation, needs_transcript
from joch.decide.conversation.settled import name_taken, unreadable
from tests.unit.decide.conversation_objects import (
    LATER,
    PROBLEM,
    READABLE,
    WITH_TRANSCRIPT,
    World,
    again,
    conversation,
    down,
    facts,
    moving,
    ready,
    record,
    settled,
    switching,
)


def test_a_conversation_that_lost_its_status_gets_binding_count_and_history_back() -> None:
    records = [record(1), record(2, from_backend="anthropic:sonnet", to_backend="openai:gpt")]
    given_facts = facts(conversation(), switching(), down("openai"), records=records)

    decision = decide_conversation(given_facts)

    assert isinstance(decision, Rebuild)
    held = decision.status.binding
    assert held is not None
    assert (held.backend, held.checkpoint, held.since) == ("openai:gpt", "r2", records[1].created)
    assert (held.gateway_model, held.route) == ("openai.gpt", "research")
    assert decision.status.switch_count == 2
    assert [s.checkpoint for s in decision.status.switches] == ["r1", "r2"]


def test_history_is_rebuilt_before_anything_is_resolved() -> None:
    unresolved = facts(conversation(spec={}), records=[record(1)])

    assert isinstance(decide_conversation(unresolved), Rebuild)


def test_a_rebuilt_conversation_is_settled_next_and_keeps_its_binding() -> None:
    given_facts = facts(conversation(), switching(), records=[record(1)])
    rebuilt = decide_conversation(given_facts)
    assert isinstance(rebuilt, Rebuild)

    decision = settled(decide_conversation(again(given_facts, rebuilt.status, LATER)))

    assert decision.status.binding is not None
    assert rebuilt.status.binding is not None
    assert decision.status.binding.backend == rebuilt.status.binding.backend
    assert decision.status.binding.checkpoint == "r1"
    assert ready(decision.status)[:2] == ("True", "Bound")


def test_records_do_not_touch_a_conversation_that_has_a_binding() -> None:
    decision = decide_conversation(
        facts(conversation("openai:gpt"), switching(), records=[record(1)])
    )

    assert isinstance(decision, Settle)


# The transcript


def test_the_transcript_is_read_for_the_first_binding_and_after_an_edit() -> None:
    assert needs_transcript(conversation(spec=WITH_TRANSCRIPT), [])
    assert needs_transcript(conversation("openai:gpt", WITH_TRANSCRIPT, generation=2), [])
    assert not needs_transcript(conversation("openai:gpt", WITH_TRANSCRIPT), [])
    assert not needs_transcript(conversation(spec=WITH_TRANSCRIPT), [record(1)])
    assert not needs_transcript(conversation(), [])


def test_an_unreadable_transcript_is_told_and_read_again_until_it_can_be_read() -> None:
    unread = settled(
        decide_conversation(
            facts(conversation(spec=WITH_TRANSCRIPT), switching(), transcript=PROBLEM)
        )
    )

    condition = next(c for c in unread.status.conditions if c.type == "TranscriptReadable")
    assert (condition.status, condition.message) == ("False", PROBLEM.message)
    assert unread.recheck == 30
    of = conversation("openai:gpt", WITH_TRANSCRIPT).model_copy(update={"status": unread.status})
    assert needs_transcript(of, [])
    read = settled(decide_conversation(facts(of, switching(), transcript=READABLE)))
    assert read.recheck is None
    assert [c.status for c in read.status.conditions if c.type == "TranscriptReadable"] == ["True"]


@pytest.mark.parametrize(("minutes", "pause"), [(1, 60), (5, 300), (60, 600)])
def test_the_longer_a_transcript_is_unreadable_the_more_rarely_it_is_read(
    minutes: int, pause: float
) -> None:
    given = facts(conversation(spec=WITH_TRANSCRIPT), switching(), transcript=PROBLEM)
    unread = settled(decide_conversation(given)).status
    of = conversation("openai:gpt", WITH_TRANSCRIPT).model_copy(update={"status": unread})
    later = render(parse(given.now) + timedelta(minutes=minutes))

    again = replace(facts(of, switching(), transcript=PROBLEM), now=later)

    assert settled(decide_conversation(again)).recheck == pause


def test_what_was_read_is_forgotten_when_the_spec_names_no_transcript_any_more() -> None:
    of = conversation(spec=WITH_TRANSCRIPT)
    read = settled(decide_conversation(facts(of, switching(), transcript=READABLE))).status
    assert read.transcript == READABLE

    without = conversation("openai:gpt", generation=2).model_copy(update={"status": read})
    status = settled(decide_conversation(facts(without, switching()))).status

    assert status.transcript is None
    assert [c.type for c in status.conditions] == ["Ready"]


def test_the_conversations_tokens_decide_whether_a_backend_is_large_enough() -> None:
    long = READABLE.model_copy(update={"tokens": 500_000})

    decision = settled(
        decide_conversation(facts(conversation(spec=WITH_TRANSCRIPT), switching(), transcript=long))
    )

    assert ready(decision.status)[1] == "NoEligibleBackend"
    assert "the conversation's 500000 tokens" in ready(decision.status)[2]


def wish(world: World) -> tuple[ConversationInput, Move]:
    given_facts = facts(conversation("openai:gpt"), switching(), world)
    return given_facts, moving(decide_conversation(given_facts))


def test_a_switch_waits_for_a_transcript_that_can_be_read() -> None:
    given_facts, move = wish(down("openai"))

    waits = unreadable(given_facts, move, PROBLEM)

    assert ready(waits.status)[:2] == ("False", "TranscriptNotFound")
    assert ready(waits.status)[2].endswith(
        f"The switch to anthropic:sonnet waits: {PROBLEM.message}"
    )
    assert waits.recheck == 30
    assert waits.status.binding == given_facts.conversation.status.binding


def test_a_conversation_whose_backend_serves_is_ready_while_its_switch_waits() -> None:
    given_facts = facts(
        conversation("anthropic:sonnet"), switching(existingConversations="FollowRoute")
    )

    waits = unreadable(given_facts, moving(decide_conversation(given_facts)), PROBLEM)

    assert ready(waits.status)[:2] == ("True", "Bound")
    assert PROBLEM.message in ready(waits.status)[2]


def test_a_taken_name_stalls_the_switch_until_it_is_free() -> None:
    given_facts, move = wish(down("openai"))

    waits = name_taken(given_facts, move, "Secret rig/x exists and is not Joch's.")

    assert waits.recheck == 10
    assert ready(waits.status)[:2] == ("False", "NameTaken")
    assert "Secret rig/x exists" in ready(waits.status)[2]
