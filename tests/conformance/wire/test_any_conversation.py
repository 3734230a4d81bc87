"""Conversations that nobody stored: whatever they are made of, a target takes what is rendered."""

import json

import pytest
from hypothesis import given, settings

from joch.transcript.conversation import Transcript
from joch.transcript.values import canonical_json
from tests.conformance.wire.carriage import is_told, mispaired, not_said, silently_lost
from tests.conformance.wire.targets import TARGETS, Target, sent
from tests.unit.wire.conversations import any_transcript_in_its_roles, any_transcript_of_all_parts

PROPERTY = settings(derandomize=True, database=None, deadline=None, max_examples=150)
each_target = pytest.mark.parametrize("target", TARGETS, ids=str)


@each_target
@PROPERTY
@given(read=any_transcript_of_all_parts)
def test_its_vendor_takes_any_conversation(read: Transcript, target: Target) -> None:
    assert target.judge(sent(target, target.format.render(read, target.profile))) == []


@each_target
@PROPERTY
@given(read=any_transcript_of_all_parts)
def test_what_any_conversation_loses_is_declared(read: Transcript, target: Target) -> None:
    assert silently_lost(read, target.format.render(read, target.profile)) == []


@each_target
@PROPERTY
@given(read=any_transcript_in_its_roles)
def test_what_anybody_said_is_said_at_the_target(read: Transcript, target: Target) -> None:
    assert not_said(read, target.format.render(read, target.profile)) == []


@each_target
@PROPERTY
@given(read=any_transcript_in_its_roles)
def test_any_call_keeps_its_own_result(read: Transcript, target: Target) -> None:
    rendered = target.format.render(read, target.profile)

    if not is_told(rendered):
        again = target.format.parse(json.dumps(rendered.body))
        assert mispaired(read, again) == []


@each_target
@PROPERTY
@given(read=any_transcript_of_all_parts)
def test_what_was_rendered_is_read_and_rendered_to_the_same(
    read: Transcript, target: Target
) -> None:
    once = target.format.render(read, target.profile).body
    again = target.format.parse(json.dumps(once))

    assert canonical_json(target.format.render(again, target.profile).body) == canonical_json(once)
