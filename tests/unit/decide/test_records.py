"""The history that records tell, after anything may have happened to the status."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.history.records import (
    RecordFacts,
    belongs_to,
    committed_chain,
    surviving_chain,
    switches,
)
from tests.unit.decide.conversation_objects import conversation, record, request
from tests.unit.decide.routing_objects import PROPERTY


def names(chain: tuple[RecordFacts, ...]) -> list[str]:
    return [each.name for each in chain]


def test_the_committed_records_are_those_reachable_from_the_binding() -> None:
    orphan = record(3, "orphan", previous="r2")

    chain = committed_chain([orphan, record(2), record(1), record(3)], "r3")

    assert names(chain) == ["r1", "r2", "r3"]


def test_a_missing_record_ends_the_history() -> None:
    assert names(committed_chain([record(1), record(3)], "r3")) == ["r3"]
    assert committed_chain([record(1)], None) == ()
    assert committed_chain([record(1)], "gone") == ()


def test_records_that_name_each_other_in_a_circle_are_told_once() -> None:
    circle = [record(1, previous="r2"), record(2, previous="r1")]

    assert names(committed_chain(circle, "r2")) == ["r1", "r2"]


SURVIVING: dict[str, tuple[list[RecordFacts], list[str]]] = {
    "no record, no history": ([], []),
    "the highest ordinal is the end": ([record(1), record(3), record(2)], ["r1", "r2", "r3"]),
    "an attempt that a later switch passed by is left out": (
        [record(1), record(1, "tried", created="2026-11-21T11:30:00Z"), record(2)],
        ["r1", "r2"],
    ),
    "of several attempts the youngest can have been committed": (
        [
            record(1),
            record(2, "first", created="2026-11-21T11:10:00Z"),
            record(2, "second", created="2026-11-21T11:11:00Z", to_backend="ollama:smollm"),
        ],
        ["r1", "second"],
    ),
    "two attempts of one second at one backend lead there both": (
        [
            record(1),
            record(2, "a", created="2026-11-21T11:10:00Z"),
            record(2, "b", created="2026-11-21T11:10:00Z"),
        ],
        ["r1", "b"],
    ),
    "two attempts of one second at two backends are undecidable, and the one before is the end": (
        [
            record(1),
            record(2, "a", created="2026-11-21T11:10:00Z"),
            record(2, "b", created="2026-11-21T11:10:00Z", to_backend="ollama:smollm"),
        ],
        ["r1"],
    ),
    "undecidable from the first switch on is no history": (
        [record(1, "a"), record(1, "b", to_backend="ollama:smollm")],
        [],
    ),
    "what was cut off at 20 is not needed": ([record(7), record(8)], ["r7", "r8"]),
}


@pytest.mark.parametrize("sentence", SURVIVING)
def test_of_a_lost_status_the_records_tell_that(sentence: str) -> None:
    records, expected = SURVIVING[sentence]

    assert names(surviving_chain(records)) == expected
    assert names(surviving_chain(records[::-1])) == expected


@PROPERTY
@given(st.integers(1, 25), st.integers(0, 3), st.randoms(use_true_random=False))
def test_orphans_of_earlier_attempts_never_change_what_survives(
    committed: int, orphans: int, random: Random
) -> None:
    chain = [record(i, created=f"2026-11-21T11:{i:02}:30Z") for i in range(1, committed + 1)]
    tried = [
        record(i, f"tried{i}", created=f"2026-11-21T11:{i:02}:00Z", to_backend="ollama:smollm")
        for i in range(max(1, committed - orphans), committed + 1)
    ]
    found = [*chain, *tried]
    random.shuffle(found)

    assert list(surviving_chain(found)) == chain


def test_a_status_shows_the_last_ten_switches_oldest_first() -> None:
    shown = switches([record(i) for i in range(1, 13)])

    assert [switch.ordinal for switch in shown] == list(range(3, 13))
    assert (shown[-1].checkpoint, shown[-1].at) == ("r12", "2026-11-21T11:12:00Z")


def test_a_record_is_read_from_its_checkpoint() -> None:
    checkpoint = StateCheckpoint.model_validate(
        {
            "metadata": {
                "name": "thesis-s1-abc",
                "namespace": "rig",
                "uid": "u",
                "creationTimestamp": "2026-11-21T11:00:00Z",
            },
            "spec": {
                "conversationRef": {"name": "thesis"},
                "fromBackend": "openai:gpt",
                "toBackend": "anthropic:sonnet",
                "reason": "ProviderUnavailable: openai:gpt: LLMProvider rig/openai is unreachable.",
                "record": {
                    "ordinal": 1,
                    "conversationUid": "u-1",
                    "transcriptDigest": "sha256:a",
                    "compatibility": {"verdict": "Compatible"},
                    "handoffSecret": {"name": "thesis-s1-abc", "digest": "sha256:b", "bytes": 7},
                },
            },
        }
    )

    facts = RecordFacts.of(checkpoint)

    assert (facts.ordinal, facts.reason, facts.handoff_bytes) == (1, "ProviderUnavailable", 7)
    assert belongs_to(facts, conversation())


def test_a_request_is_no_record() -> None:
    with pytest.raises(ValueError, match="StateCheckpoint rig/move is a request"):
        RecordFacts.of(request())
