"""Which of a person's requests act, and what becomes of the others."""

from collections.abc import Sequence

import pytest

from joch.api.conversation import Conversation
from joch.api.statecheckpoint import (
    Compatibility,
    Finding,
    FindingLevel,
    StateCheckpoint,
    StateCheckpointStatus,
    Verdict,
)
from joch.decide.conversation.requests import answered, sort_requests, switched, unread
from joch.decide.history.records import RecordFacts
from tests.unit.decide.conversation_objects import (
    LATER,
    NOW,
    binding,
    conversation,
    record,
    request,
)

BOUND = conversation("openai:gpt")
MOVED = conversation(binding("anthropic:sonnet", checkpoint="r1", since=NOW), switchCount=1)
LED = record(1, request="move", created="2026-11-21T11:59:00Z")


def decided(
    of: Conversation | None, wanted: StateCheckpoint, records: Sequence[RecordFacts] = ()
) -> StateCheckpointStatus | None:
    """The status of the one request; None: it may act."""
    found = sort_requests(of, [wanted], records, NOW)
    if found.acting is not None:
        assert (found.acting, found.decided) == (wanted, ())
        return None
    assert [each for each, _ in found.decided] == [wanted]
    return found.decided[0][1]


def test_a_request_acts_while_its_from_backend_is_the_binding_and_it_is_younger() -> None:
    assert decided(BOUND, request(created="2026-11-21T11:00:01Z")) is None


SUPERSEDED: dict[str, tuple[Conversation, StateCheckpoint, Sequence[RecordFacts], str]] = {
    "the binding is another backend": (
        MOVED,
        request(created="2026-11-21T12:30:00Z"),
        (),
        "is bound to anthropic:sonnet, not to spec.fromBackend openai:gpt",
    ),
    "the binding is younger": (
        BOUND,
        request(created="2026-11-21T10:59:59Z"),
        (),
        "Make a new StateCheckpoint",
    ),
    "it was made in the moment of the binding": (
        BOUND,
        request(created="2026-11-21T11:00:00Z"),
        (),
        "Make a new StateCheckpoint",
    ),
    "one of its name has acted before": (
        conversation(binding("openai:gpt", checkpoint="r2"), switchCount=2),
        request(created="2026-11-21T11:59:59Z"),
        (LED, record(2, from_backend="anthropic:sonnet", to_backend="openai:gpt")),
        "Give a new one another name.",
    ),
}


@pytest.mark.parametrize("sentence", SUPERSEDED)
def test_a_request_is_superseded_and_moves_nothing_when(sentence: str) -> None:
    of, wanted, records, remedy = SUPERSEDED[sentence]

    status = decided(of, wanted, records)

    assert status is not None
    assert status.outcome == "Superseded"
    assert status.observed_generation == 1
    stalled = next(c for c in status.conditions if c.type == "Stalled")
    assert (stalled.status, stalled.reason) == ("True", "Superseded")
    assert remedy in stalled.message
    assert "nothing was moved" in stalled.message


def test_a_request_whose_switch_was_committed_before_a_crash_is_answered_afterwards() -> None:
    status = decided(MOVED, request(created="2026-11-21T11:58:00Z"), [LED])

    assert status is not None
    assert (status.outcome, status.checkpoint) == ("Switched", "r1")


def test_a_request_is_answered_even_when_the_conversation_has_moved_on_since() -> None:
    moved_on = conversation(binding("ollama:smollm", checkpoint="r2"), switchCount=2)
    records = [LED, record(2, to_backend="ollama:smollm")]

    status = decided(moved_on, request(created="2026-11-21T11:58:00Z"), records)

    assert status is not None
    assert (status.outcome, status.checkpoint) == ("Switched", "r1")


def test_a_record_that_was_never_committed_answers_no_request() -> None:
    orphan = record(1, "orphan", request="move", created="2026-11-21T11:59:00Z")

    assert decided(BOUND, request(created="2026-11-21T11:58:00Z"), [orphan]) is None


def test_a_request_about_no_conversation_stays_open_and_says_what_to_create() -> None:
    status = decided(None, request())

    assert status is not None
    assert status.outcome is None
    assert status.conditions[0].reason == "ConversationNotFound"
    assert "Conversation rig/thesis does not exist: create it" in status.conditions[0].message


def test_a_request_about_an_unbound_conversation_waits() -> None:
    status = decided(conversation(), request())

    assert status is not None
    assert status.outcome is None
    assert [(c.type, c.status, c.reason) for c in status.conditions] == [
        ("Ready", "False", "NotBound"),
        ("Reconciling", "True", "NotBound"),
    ]


def test_the_oldest_request_acts_and_the_others_wait_for_their_turn() -> None:
    first, second = request(name="a"), request(name="b", to="ollama:smollm")

    found = sort_requests(BOUND, [first, second], [], NOW)

    assert (found.acting, found.decided) == (first, ())


@pytest.mark.parametrize("outcome", ["Switched", "Reported", "Held", "Superseded", "Refused"])
def test_a_request_with_an_outcome_is_over(outcome: str) -> None:
    found = sort_requests(BOUND, [request(status={"outcome": outcome})], [], NOW)

    assert (found.acting, found.decided) == (None, ())


@pytest.mark.parametrize("of", [None, conversation(), MOVED])
def test_an_open_request_decided_again_later_has_an_equal_status(of: Conversation | None) -> None:
    status = decided(of, request())
    assert status is not None
    same = request().model_copy(update={"status": status.model_copy(update={"outcome": None})})

    later = sort_requests(of, [same], [], LATER)

    assert later.decided == ((same, status),)


def report(*findings: Finding) -> Compatibility:
    return Compatibility(verdict=Verdict.WARNINGS, findings=findings)


WARNED = report(Finding(id="tools", level=FindingLevel.WARNING, message="2 tools missing"))


def conditions(status: StateCheckpointStatus) -> list[tuple[str, str, str]]:
    return [(c.type, c.status, c.reason) for c in status.conditions]


def test_a_dry_run_reports_and_is_ready() -> None:
    status = answered(request(mode="DryRun"), WARNED, NOW)

    assert (status.outcome, status.compatibility) == ("Reported", WARNED)
    assert conditions(status) == [("Ready", "True", "Reported")]


def test_a_held_request_says_why_and_keeps_the_report() -> None:
    status = answered(request(), WARNED, NOW, "accept tools by a StateCheckpoint")

    assert (status.outcome, status.compatibility) == ("Held", WARNED)
    assert conditions(status) == [("Ready", "False", "Held"), ("Stalled", "True", "Held")]
    assert status.conditions[0].message == "nothing was moved: accept tools by a StateCheckpoint"


def test_a_done_request_names_the_record_of_its_switch() -> None:
    status = switched(request(), "thesis-s1-abc", WARNED, NOW)

    assert (status.outcome, status.checkpoint) == ("Switched", "thesis-s1-abc")
    assert conditions(status) == [("Ready", "True", "Switched")]
    assert "thesis-s1-abc records it" in status.conditions[0].message


def test_a_request_stays_open_while_the_transcript_cannot_be_read() -> None:
    status = unread(request(), "ConfigMap rig/t does not exist: create it.", NOW)

    assert status.outcome is None
    assert conditions(status)[1] == ("Reconciling", "True", "TranscriptUnreadable")
    assert "ConfigMap rig/t does not exist" in status.conditions[0].message
