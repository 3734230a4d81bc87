"""Every stored conversation, rendered for every target, judged by what the vendors published."""

import json
from dataclasses import replace

import pytest

from joch.transcript.values import canonical_json
from joch.wire.registry import FORMATS
from tests.conformance.wire.carriage import (
    MUST_CARRY,
    canonical,
    everything,
    is_told,
    mispaired,
    not_carried,
    not_said,
    silently_lost,
)
from tests.conformance.wire.requests import (
    MUST_SET,
    not_set,
    silently_unset,
    undeclared_tools,
)
from tests.conformance.wire.stored import CONVERSATIONS, Stored
from tests.conformance.wire.targets import TARGETS, Target, rendered, sent
from tests.conformance.wire.words import Words, strings

# A beta's blocks: its clients send them, the published request has none.
IN_NO_PUBLISHED_REQUEST = ("anthropic_messages/mcp_tool.json",)

each_conversation = pytest.mark.parametrize("stored", CONVERSATIONS, ids=str)
each_target = pytest.mark.parametrize("target", TARGETS, ids=str)


def test_every_format_has_a_target_a_table_and_forty_conversations() -> None:
    for known in FORMATS:
        assert any(target.format is known for target in TARGETS), known.name
        assert known.name in MUST_CARRY
        assert known.name in MUST_SET
        assert sum(stored.format is known for stored in CONVERSATIONS) >= 40, known.name
    assert len(CONVERSATIONS) >= 300


@each_conversation
def test_no_message_loses_a_word_in_being_read(stored: Stored) -> None:
    read = Words(everything(stored.read()))

    missing = [
        word for word in strings(stored.messages()) if not read.say(word.rpartition(";base64,")[-1])
    ]

    assert missing == []


@each_target
@each_conversation
def test_its_vendor_takes_what_is_rendered(stored: Stored, target: Target) -> None:
    assert target.judge(sent(target, rendered(target, stored))) == []


@each_target
@each_conversation
def test_what_was_said_is_said_at_the_target(stored: Stored, target: Target) -> None:
    assert not_said(stored.read(), rendered(target, stored)) == []


@each_target
@each_conversation
def test_what_is_not_carried_is_declared_at_its_message(stored: Stored, target: Target) -> None:
    assert silently_lost(stored.read(), rendered(target, stored)) == []


@each_target
@each_conversation
def test_calls_results_and_media_come_out_as_they_went_in(stored: Stored, target: Target) -> None:
    read, made = stored.read(), rendered(target, stored)
    again = target.format.parse(json.dumps(made.body))

    assert not_carried(read, again, target.format.name) == []
    if not is_told(made):
        assert mispaired(read, again) == []


@each_target
@each_conversation
def test_settings_and_tools_come_out_as_they_went_in(stored: Stored, target: Target) -> None:
    read, made = stored.read(), rendered(target, stored)
    again = target.format.parse(json.dumps(made.body))

    assert not_set(read.settings, again.settings, target.format.name) == []
    assert silently_unset(read.settings, again.settings, made.changes) == []
    assert undeclared_tools(read, again, made.changes) == []


@each_conversation
def test_the_same_format_gives_back_what_it_was_given(stored: Stored) -> None:
    """Byte for byte of the canonical form, wherever no change is declared."""
    own = next(target for target in TARGETS if target.format is stored.format)
    made = rendered(own, stored)
    again = own.format.parse(json.dumps(made.body))
    twice = own.format.render(again, own.profile)

    if not made.changes:
        assert canonical(again) == canonical(stored.read())
    assert canonical_json(twice.body) == canonical_json(made.body)


@each_conversation
def test_the_backend_that_wrote_it_gets_its_own_back(stored: Stored) -> None:
    """Signatures, encrypted thoughts, tools that it carried out: all, or a declared change."""
    own = next(target for target in TARGETS if target.format is stored.format)
    made = own.format.render(stored.read(), replace(own.profile, same_backend=True))
    body = Words(made.body)

    if str(stored) not in IN_NO_PUBLISHED_REQUEST:
        assert own.judge(sent(own, made)) == []
    assert made.changes or [w for w in strings(stored.messages()) if not body.say(w)] == []
