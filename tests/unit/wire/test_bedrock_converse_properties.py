"""Whatever is rendered is a body that Bedrock takes, and whatever it lacks is declared."""

import json
from collections.abc import Iterator

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
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.wire.base64_text import standard
from joch.wire.bedrock_converse import parse, render
from joch.wire.profile import BEDROCK, Profile
from tests.conformance.wire.validators.bedrock_converse import refusals
from tests.unit.wire.conversations import any_transcript
from tests.unit.wire.converse import Data, body_of, messages_of, rich_transcripts, stored_bodies

STRICT = Profile(
    call_ids=BEDROCK.call_ids,
    images=False,
    audio=False,
    documents=False,
    sampling=False,
    prefill=False,
    forced_tool_choice=False,
    max_output_tokens=5,
    developer=False,
    mixed_turns=False,
)
both = pytest.mark.parametrize("profile", [BEDROCK, STRICT], ids=["bedrock", "strict"])


@given(any_transcript)
def test_any_transcript_at_all_renders_to_a_body_that_bedrock_takes(read: Transcript) -> None:
    assert refusals(body_of(render(read))) == []


@both
@given(read=rich_transcripts)
def test_any_parts_in_any_role_render_to_a_body_that_bedrock_takes(
    read: Transcript, profile: Profile
) -> None:
    assert refusals(body_of(render(read, profile))) == []


@given(rich_transcripts)
def test_what_was_rendered_is_read_and_rendered_to_the_same_without_a_change(
    read: Transcript,
) -> None:
    once = body_of(render(read))
    again = render(parse(json.dumps(once)))

    assert body_of(again) == once
    assert again.changes == ()


@given(stored_bodies())
def test_a_stored_body_comes_out_as_it_went_in(body: Data) -> None:
    rendered = render(parse(json.dumps(body)))

    assert rendered.body == body
    assert rendered.changes == ()
    assert digest(parse(json.dumps(rendered.body))) == digest(parse(json.dumps(body)))


@given(rich_transcripts)
def test_every_part_is_in_the_body_or_declared_at_its_place(read: Transcript) -> None:
    rendered = render(read)
    body = json.dumps(rendered.body)
    declared = {change.where for change in rendered.changes}

    for where, part in _spoken(read):
        places = {where, where.partition(".parts")[0]} if _is_cache_point(part) else {where}
        assert places & declared or _stands_in(part, body), (where, part)


@given(rich_transcripts)
def test_every_call_is_sent_or_told_and_every_result_stands_with_its_call(
    read: Transcript,
) -> None:
    rendered = render(read)
    calls = [part for _, part in read.parts() if isinstance(part, ToolCall)]
    results = [part for _, part in read.parts() if isinstance(part, ToolResult)]
    orphans = sum(change.id == "orphan-result" for change in rendered.changes)
    unknown = sum(change.id == "unknown-outcome" for change in rendered.changes)
    blocks = [block for message in messages_of(rendered) for block in message["content"]]
    sent = sum("toolUse" in block for block in blocks)
    told = sum(str(block.get("text", "")).startswith("Tool record") for block in blocks)

    assert sent + told == len(calls)
    assert sum("toolResult" in block for block in blocks) == sent
    assert len(calls) - len(results) + orphans >= 0
    assert unknown <= len(calls) - len(results) + orphans


@given(rich_transcripts)
def test_rendering_twice_gives_the_same(read: Transcript) -> None:
    assert render(read) == render(read)


def _spoken(read: Transcript) -> Iterator[tuple[str, Part]]:
    """Every part but calls and results, those inside of results too, with its place."""
    orphans = {c.where for c in render(read).changes if c.id == "orphan-result"}
    for index, message in enumerate(read.messages):
        for place, part in enumerate(message.parts):
            where = f"messages[{index}].parts[{place}]"
            if isinstance(part, ToolResult) and where not in orphans:
                yield from ((f"{where}.parts[{i}]", inner) for i, inner in enumerate(part.parts))
            elif not isinstance(part, ToolCall | ToolResult):
                yield where, part


def _is_cache_point(part: Part) -> bool:
    """Whether it may go with the whole message: a cache point before any content."""
    return isinstance(part, Unknown) and part.type == "cachePoint"


def _stands_in(part: Part, body: str) -> bool:
    match part:
        case Text(extra={"searchResult": _}):
            return '"searchResult"' in body
        case Text(extra={"citationsContent": _}):
            return '"citationsContent"' in body
        case Text():
            return json.dumps(part.text)[1:-1] in body
        case Image() | Document() | Audio():
            sent = standard(part.source.data or "") or part.source.url
            return sent is not None and sent in body
        case Citation():
            return "citationsContent" in body
        case Unknown():
            return json.dumps(part.payload[part.type]) in body
    return False
