"""What the ProviderSwitched event says, and of which switches it is said."""

from typing import Any

from joch.api.conversation import Conversation
from joch.api.statecheckpoint import StateCheckpointSpec
from joch.decide.told import news, tell
from tests.unit.decide.conversation_objects import NOW, conversation

SPEC = StateCheckpointSpec.model_validate(
    {
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
            "capabilityDeltas": ["-vision", "context window 200000 → 8000"],
        },
    }
)


def switched(at: str = "2026-11-21T11:59:00.500000Z", **fields: Any) -> Conversation:
    switch = {
        "ordinal": 1,
        "fromBackend": "openai:gpt",
        "toBackend": "anthropic:sonnet",
        "checkpoint": "thesis-s1-abc",
        "reason": "ProviderUnavailable",
        "at": at,
        **fields,
    }
    return conversation("anthropic:sonnet", switches=[switch], switchCount=1)


def test_the_note_has_from_to_checkpoint_reason_and_deltas() -> None:
    of = switched()

    told = tell(of, of.status.switches[0], SPEC)

    assert told.note == (
        "openai:gpt → anthropic:sonnet, checkpoint thesis-s1-abc, ProviderUnavailable: "
        "openai:gpt: LLMProvider rig/openai is unreachable. Capability deltas: -vision; "
        "context window 200000 → 8000."
    )
    assert told.annotations == {
        "joch.dev/from": "openai:gpt",
        "joch.dev/to": "anthropic:sonnet",
        "joch.dev/checkpoint": "thesis-s1-abc",
        "joch.dev/reason": "ProviderUnavailable",
        "joch.dev/capability-deltas": "-vision; context window 200000 → 8000",
    }
    assert told.at == of.status.switches[0].at


def test_the_same_switch_has_the_same_event_and_another_has_another() -> None:
    of, other = switched(), switched(ordinal=2)

    assert tell(of, of.status.switches[0], SPEC) == tell(of, of.status.switches[0], SPEC)
    assert (
        tell(of, of.status.switches[0], SPEC).name
        != tell(other, other.status.switches[0], SPEC).name
    )


def test_a_young_switch_is_news_until_it_is_told() -> None:
    of = switched()

    assert news(of, 0, NOW) == of.status.switches
    assert news(of, 1, NOW) == ()


def test_a_switch_that_an_earlier_one_was_followed_by_does_not_silence_it() -> None:
    first = switched().status.switches[0]
    second = first.model_copy(update={"ordinal": 2, "checkpoint": "thesis-s2-def"})
    of = switched()
    both = of.status.model_copy(update={"switches": (first, second)})

    assert news(of.model_copy(update={"status": both}), 0, NOW) == (first, second)


def test_a_switch_of_ten_minutes_ago_is_told_no_more() -> None:
    assert news(switched(at="2026-11-21T11:50:00Z"), 0, NOW) == ()


def test_a_conversation_that_never_switched_has_no_news() -> None:
    assert news(conversation("openai:gpt"), 0, NOW) == ()


def test_a_switch_that_was_rebuilt_from_records_is_not_told_again() -> None:
    replaced = switched()
    younger = replaced.metadata.model_copy(update={"creation_timestamp": "2026-11-21T11:59:30Z"})

    assert news(replaced.model_copy(update={"metadata": younger}), 0, NOW) == ()
