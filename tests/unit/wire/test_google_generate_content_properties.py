"""Whatever is rendered is a body that Gemini takes, and whatever it lacks is declared."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from joch.transcript.canonical import digest
from joch.transcript.conversation import Transcript
from joch.transcript.parts import (
    Audio,
    Document,
    Image,
    Part,
    ProviderTool,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
)
from joch.wire.errors import WireError
from joch.wire.google_generate_content import parse, render
from joch.wire.google_generate_content.base64_text import standard
from joch.wire.profile import GEMINI, GEMINI_3, Profile
from joch.wire.rendered import Rendered
from tests.conformance.wire.validators.google_generate_content import refusals
from tests.unit.decide.routing_objects import PROPERTY
from tests.unit.wire.conversations import any_transcript
from tests.unit.wire.generate_content import (
    SAME,
    Data,
    body_of,
    contents_of,
    odd_contents,
    rich_transcripts,
    stored_bodies,
)

STRICT = replace(
    GEMINI,
    images=False,
    audio=False,
    documents=False,
    urls=False,
    sampling=False,
    prefill=False,
    forced_tool_choice=False,
    max_output_tokens=5,
)
each = pytest.mark.parametrize(
    "profile",
    [GEMINI, GEMINI_3, SAME, STRICT],
    ids=["gemini", "gemini 3", "same backend", "strict"],
)


@PROPERTY
@given(any_transcript)
def test_any_transcript_at_all_renders_to_a_body_that_gemini_takes(read: Transcript) -> None:
    assert refusals(body_of(render(read))) == []


@each
@PROPERTY
@given(read=rich_transcripts)
def test_any_parts_in_any_role_render_to_a_body_that_gemini_takes(
    read: Transcript, profile: Profile
) -> None:
    assert refusals(body_of(render(read, profile)), signed=profile.signed_calls) == []


@each
@PROPERTY
@given(read=rich_transcripts)
def test_what_was_rendered_is_read_and_rendered_to_the_same(
    read: Transcript, profile: Profile
) -> None:
    again = replace(profile, same_backend=True)
    once = body_of(render(read, profile))

    assert body_of(render(parse(json.dumps(once)), again)) == once


@PROPERTY
@given(stored_bodies())
def test_a_stored_body_comes_out_as_it_went_in(body: Data) -> None:
    rendered = render(parse(json.dumps(body)), SAME)

    assert rendered.body == body
    assert rendered.changes == ()
    assert digest(parse(json.dumps(rendered.body))) == digest(parse(json.dumps(body)))


@each
@PROPERTY
@given(read=rich_transcripts)
def test_every_part_is_in_the_body_or_declared_at_its_place(
    read: Transcript, profile: Profile
) -> None:
    rendered = render(read, profile)
    body = json.dumps(rendered.body)
    declared = {change.where for change in rendered.changes}

    for where, part in _spoken(read, rendered):
        assert _declared(where, declared) or _stands_in(part, body), (where, part)


@PROPERTY
@given(odd_contents)
def test_whatever_is_stored_is_refused_with_a_sentence_or_rendered_as_gemini_takes_it(
    contents: list[Any],
) -> None:
    read = _read_or_refused(json.dumps(contents))

    assert isinstance(read, str) or refusals(body_of(render(read, SAME)), signed=True) == []
    assert read != ""


@PROPERTY
@given(rich_transcripts)
def test_every_call_is_sent_or_told_and_has_exactly_one_response(read: Transcript) -> None:
    rendered = render(read)
    told = sum(change.id == "tool-history" for change in rendered.changes)
    parts = [part for content in contents_of(rendered) for part in content["parts"]]
    sent = sum("functionCall" in part for part in parts)

    assert sent + told == sum(isinstance(part, ToolCall) for _, part in read.parts())
    assert sum("functionResponse" in part for part in parts) == sent


@PROPERTY
@given(rich_transcripts)
def test_results_sent_told_and_declared_lost_are_those_read(read: Transcript) -> None:
    rendered = render(read)
    found = Counter(change.id for change in rendered.changes)
    results = sum(isinstance(part, ToolResult) for _, part in read.parts())
    parts = [part for content in contents_of(rendered) for part in content["parts"]]
    sent = sum("functionResponse" in part for part in parts) - found["unknown-outcome"]

    assert sent + found["orphan-result"] <= results
    assert results <= sent + found["orphan-result"] + found["tool-history"]


@PROPERTY
@given(rich_transcripts)
def test_rendering_twice_gives_the_same(read: Transcript) -> None:
    assert render(read, GEMINI_3) == render(read, GEMINI_3)


def _read_or_refused(stored: str) -> Transcript | str:
    """The transcript, or the sentence of its refusal."""
    try:
        return parse(stored)
    except WireError as error:
        return error.sentence


def _spoken(read: Transcript, rendered: Rendered) -> Iterator[tuple[str, Part]]:
    """Every part but calls and results, those inside of results too, with its place."""
    orphans = {c.where for c in rendered.changes if c.id == "orphan-result"}
    for index, message in enumerate(read.messages):
        for place, part in enumerate(message.parts):
            where = f"messages[{index}].parts[{place}]"
            if isinstance(part, ToolResult) and where not in orphans:
                yield from ((where, inner) for inner in part.parts)
            elif not isinstance(part, ToolCall | ToolResult):
                yield where, part


def _declared(where: str, declared: set[str]) -> bool:
    return where in declared or where.partition(".parts")[0] in declared


def _stands_in(part: Part, body: str) -> bool:
    match part:
        case Text() | Refusal():
            said = json.dumps(part.text)[1:-1]
            return said in body or said.replace("\\", "") in body.replace("\\", "")
        case Reasoning():
            return '"thought' in body and json.dumps(part.text) in body
        case ProviderTool():
            return '"executableCode"' in body
        case Image() | Document() | Audio():
            sent = standard(part.source.data or "") or part.source.url or part.source.file_id
            return sent is not None and sent in body
    return False
