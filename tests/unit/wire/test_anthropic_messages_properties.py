"""Whatever is rendered is a body that Anthropic takes, and whatever it lacks is declared."""

import json
from collections.abc import Iterator

from hypothesis import given

from joch.transcript.canonical import digest
from joch.transcript.conversation import Transcript
from joch.transcript.parts import (
    Citation,
    Document,
    Image,
    Part,
    ProviderTool,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.wire.anthropic_messages import parse, render
from joch.wire.errors import WireError
from joch.wire.profile import Profile
from tests.conformance.wire.validators.anthropic_messages import refusals
from tests.unit.wire import conversations
from tests.unit.wire.messages_api import Data, blocks_of, body_of
from tests.unit.wire.messages_strategies import (
    broken_bodies,
    profiles,
    rich_transcripts,
    stored_bodies,
)

UNNAMED: Data = {"model": "any"}


@given(conversations.any_transcript, profiles)
def test_any_transcript_at_all_renders_to_a_body_that_anthropic_takes(
    read: Transcript, profile: Profile
) -> None:
    assert refusals({**UNNAMED, **body_of(render(read, profile))}) == []


@given(rich_transcripts, profiles)
def test_any_parts_in_any_role_render_to_a_body_that_anthropic_takes(
    read: Transcript, profile: Profile
) -> None:
    assert refusals({**UNNAMED, **body_of(render(read, profile))}) == []


@given(rich_transcripts, profiles)
def test_what_was_rendered_is_read_and_rendered_to_the_same_without_a_change(
    read: Transcript, profile: Profile
) -> None:
    once = body_of(render(read, profile))
    again = render(parse(json.dumps(once)), profile)

    assert body_of(again) == once
    assert again.changes == ()


@given(stored_bodies())
def test_a_stored_body_comes_out_as_it_went_in(body: Data) -> None:
    rendered = render(parse(json.dumps(body)))

    assert rendered.body == body
    assert rendered.changes == ()
    assert digest(parse(json.dumps(rendered.body))) == digest(parse(json.dumps(body)))


@given(rich_transcripts, profiles)
def test_every_part_is_in_the_body_or_declared_at_its_place(
    read: Transcript, profile: Profile
) -> None:
    rendered = render(read, profile)
    body = json.dumps(rendered.body)
    declared = {change.where for change in rendered.changes}

    for where, part in _spoken(read):
        assert where in declared or _stands_in(part, body), (where, part)


@given(rich_transcripts, profiles)
def test_every_call_is_sent_or_told_and_every_result_stands_with_its_call(
    read: Transcript, profile: Profile
) -> None:
    rendered = render(read, profile)
    calls = [part for _, part in read.parts() if isinstance(part, ToolCall)]
    results = [part for _, part in read.parts() if isinstance(part, ToolResult)]
    orphans = sum(change.id == "orphan-result" for change in rendered.changes)
    blocks = blocks_of(rendered)
    sent = sum(block["type"] == "tool_use" for block in blocks)
    told = sum(str(block.get("text", "")).startswith("Tool record") for block in blocks)
    unknown = json.dumps(blocks).count("outcome unknown; do not repeat this call")

    assert sent + told == len(calls)
    assert sum(block["type"] == "tool_result" for block in blocks) == sent
    assert len(results) - orphans == len(calls) - unknown


@given(rich_transcripts, profiles)
def test_rendering_twice_gives_the_same(read: Transcript, profile: Profile) -> None:
    assert render(read, profile) == render(read, profile)


@given(broken_bodies(), profiles)
def test_any_json_in_any_place_is_rendered_or_refused_with_a_sentence(
    body: Data, profile: Profile
) -> None:
    read = _read(body)
    if isinstance(read, WireError):
        assert read.place
        assert read.sentence
    else:
        once = render(read, profile)
        assert render(parse(json.dumps(once.body)), profile).body == once.body


def _read(body: Data) -> Transcript | WireError:
    try:
        return parse(json.dumps(body))
    except WireError as error:
        return error


def _spoken(read: Transcript) -> Iterator[tuple[str, Part]]:
    """Every part but calls and results, those inside of results too, with where it is declared."""
    orphans = {c.where for c in render(read).changes if c.id == "orphan-result"}
    for index, message in enumerate(read.messages):
        for place, part in enumerate(message.parts):
            where = f"messages[{index}].parts[{place}]"
            if isinstance(part, ToolResult) and where not in orphans:
                yield from ((where, inner) for inner in part.parts)
            elif not isinstance(part, ToolCall | ToolResult):
                yield where, part


def _stands_in(part: Part, body: str) -> bool:
    match part:
        case Text(extra={"search_result": {"content": _}}):
            return '"search_result"' in body
        case Text():
            return json.dumps(part.text)[1:-1] in body
        case Image() | Document():
            source = part.source
            told = source.data or source.url or source.file_id or ""
            return bool(told) and told in body
        case ProviderTool(extra={"type": kind}):
            return f'"{kind}"' in body
        case Reasoning(extra={"signature": kind} | {"data": kind}):
            return json.dumps(kind) in body
        case Citation():
            return '"citations"' in body
        case Unknown():
            return f'"{part.type}"' in body
    return False
