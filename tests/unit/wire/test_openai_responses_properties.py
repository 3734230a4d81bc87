"""Whatever is rendered is a body that OpenAI takes, and whatever it lacks is declared."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from joch.transcript.canonical import digest
from joch.transcript.conversation import Transcript
from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Part,
    ProviderTool,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from joch.wire.openai_responses import parse, render
from joch.wire.profile import MISTRAL, OPENAI_RESPONSES, Profile
from tests.conformance.wire.validators.openai_responses import refusals
from tests.unit.wire.conversations import any_transcript
from tests.unit.wire.converse import rich_transcripts
from tests.unit.wire.responses import (
    SAME_BACKEND,
    Data,
    any_items,
    body_of,
    items_of,
    stored_bodies,
)

NARROW = replace(
    MISTRAL,
    images=False,
    documents=False,
    sampling=False,
    reasoning_effort=False,
    prefill=False,
    forced_tool_choice=False,
    max_output_tokens=20,
)
each_profile = pytest.mark.parametrize(
    "profile", [OPENAI_RESPONSES, NARROW], ids=["openai", "narrow"]
)


def refused(read: Transcript, profile: Profile = OPENAI_RESPONSES) -> list[str]:
    return refusals({"model": "any", **body_of(render(read, profile))})


@given(any_transcript)
def test_any_transcript_at_all_renders_to_a_body_that_openai_takes(read: Transcript) -> None:
    assert refused(read) == []


@each_profile
@given(read=rich_transcripts)
def test_any_media_in_any_role_render_to_a_body_that_openai_takes(
    read: Transcript, profile: Profile
) -> None:
    assert refused(read, profile) == []


@each_profile
@given(read=any_items)
def test_any_parts_in_any_role_render_to_a_body_that_openai_takes(
    read: Transcript, profile: Profile
) -> None:
    assert refused(read, profile) == []


@given(any_items)
def test_what_was_rendered_is_read_and_rendered_to_the_same(read: Transcript) -> None:
    once = body_of(render(read))
    again = render(parse(json.dumps(once)))

    assert body_of(again) == once
    assert {change.id for change in again.changes} <= {"item-ids"}


@given(any_items)
def test_reading_what_was_rendered_gives_the_same_digest_each_time(read: Transcript) -> None:
    once = parse(json.dumps(render(read).body))
    twice = parse(json.dumps(render(once).body))

    assert digest(twice) == digest(once)


@given(stored_bodies())
def test_a_stored_body_comes_out_as_it_went_in(body: Data) -> None:
    rendered = render(parse(json.dumps(body)))

    assert rendered.body == body
    assert rendered.changes == ()


@given(any_items)
def test_every_call_has_exactly_one_output_before_anybody_speaks(read: Transcript) -> None:
    waiting: set[str] = set()
    seen: set[str] = set()
    for item in items_of(render(read)):
        if item.get("type") in {"function_call", "custom_tool_call"}:
            assert item["call_id"] not in seen
            waiting.add(item["call_id"])
            seen.add(item["call_id"])
        elif str(item.get("type")).endswith("_output"):
            waiting.remove(item["call_id"])
        else:
            assert not waiting
    assert not waiting


@given(any_items)
def test_calls_carried_are_calls_read(read: Transcript) -> None:
    calls = sum(isinstance(part, ToolCall) for _, part in read.parts())

    sent = [str(item.get("type")) for item in items_of(render(read))]

    assert sent.count("function_call") + sent.count("custom_tool_call") == calls


@given(any_items)
def test_every_part_is_in_the_body_or_declared_at_its_message(read: Transcript) -> None:
    rendered = render(read)
    declared = {change.where for change in rendered.changes}
    sent = strings(rendered.body)

    for index, message in enumerate(read.messages):
        for part in message.parts:
            assert is_carried(part, sent) or f"messages[{index}]" in declared, part


@given(rich_transcripts)
def test_every_medium_is_in_the_body_or_declared_at_its_message(read: Transcript) -> None:
    rendered = render(read)
    declared = {change.where for change in rendered.changes}
    sent = " ".join(strings(rendered.body))

    for index, part in read.parts():
        if isinstance(part, Image | Document | Audio):
            told = part.source.data or part.source.url or part.source.file_id or ""
            assert told in sent or f"messages[{index}]" in declared, part


@given(any_items)
def test_every_setting_is_in_the_body_or_declared_by_its_name(read: Transcript) -> None:
    rendered = render(read)
    declared = " ".join(change.where for change in rendered.changes)
    settings = read.settings

    for key in settings.extra or {}:
        assert key in rendered.body or key in declared or key in str(rendered.body.get("text"))
    stated = {
        "temperature": settings.temperature,
        "max_output_tokens": settings.max_tokens,
        "reasoning": settings.reasoning_effort,
        "tool_choice": settings.tool_choice,
        "text": settings.output,
    }
    for key, value in stated.items():
        assert value is None or key in rendered.body or key in declared, key


@given(any_items)
def test_rendering_twice_gives_the_same_bytes(read: Transcript) -> None:
    first, second = render(read, SAME_BACKEND), render(read, SAME_BACKEND)

    assert json.dumps(first.body) == json.dumps(second.body)
    assert first.changes == second.changes


def strings(value: Any) -> list[str]:
    """Every string in a JSON value."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []


def is_carried(part: Part, sent: list[str]) -> bool:
    """Whether the part is in the body word for word."""
    match part:
        case Text() | Refusal():
            return part.text in sent
        case ToolCall():
            return part.name.replace(".", "_") in " ".join(sent)
        case ToolResult():
            return all(is_carried(inner, sent) for inner in part.parts)
        case Citation():
            return (part.extra or {}).get("url") in sent
        case ProviderTool():
            return False
    return False
