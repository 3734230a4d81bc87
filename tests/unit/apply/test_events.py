"""Events as the API server takes them."""

import re

from hypothesis import given
from hypothesis import strategies as st

from joch.apply.events import MAX_NOTE, Notice, cut_bytes, event
from tests.unit.decide.conversation_objects import conversation
from tests.unit.decide.routing_objects import PROPERTY


def notice(note: str = "openai:gpt → anthropic:sonnet", at: str = "2026-11-21T12:00:00Z") -> Notice:
    return Notice(
        regarding=conversation(),
        name="thesis.abc",
        type="Normal",
        reason="ProviderSwitched",
        action="SwitchBackend",
        note=note,
        at=at,
        annotations={"joch.dev/from": "openai:gpt"},
    )


def test_an_event_regards_exactly_one_object() -> None:
    body = event(notice(), "replica-1")

    assert body["regarding"] == {
        "apiVersion": "joch.dev/v1alpha1",
        "kind": "Conversation",
        "name": "thesis",
        "namespace": "rig",
        "uid": "u-1",
        "resourceVersion": "7",
    }
    assert body["metadata"] == {
        "name": "thesis.abc",
        "namespace": "rig",
        "annotations": {"joch.dev/from": "openai:gpt"},
    }
    assert (body["reportingController"], body["reportingInstance"]) == (
        "joch.dev/operator",
        "replica-1",
    )
    assert (body["type"], body["reason"], body["action"]) == (
        "Normal",
        "ProviderSwitched",
        "SwitchBackend",
    )


def test_an_event_s_time_has_six_digits_whatever_it_was_read_from() -> None:
    assert event(notice(), "r")["eventTime"] == "2026-11-21T12:00:00.000000Z"
    odd = notice(at="2026-11-21T13:00:00.5+01:00")
    assert event(odd, "r")["eventTime"] == "2026-11-21T12:00:00.500000Z"


def test_a_long_note_is_cut_between_characters() -> None:
    note = event(notice("→" * 1000), "r")["note"]

    assert len(note.encode()) <= MAX_NOTE
    assert re.fullmatch("→+…", note)


@PROPERTY
@given(st.text(), st.integers(3, 40))
def test_a_cut_text_fits_and_begins_as_the_whole_one_does(text: str, limit: int) -> None:
    found = cut_bytes(text, limit)

    assert len(found.encode()) <= limit
    assert found == text or text.startswith(found[:-1])
