"""What is rendered is judged by OpenAI's published types and rules, not by our own reading."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from joch.api.model import Capabilities
from joch.decide.checkpoint.extract import extract_summary
from joch.decide.checkpoint.reading import reading_of
from joch.decide.handoff.build import HandoffInput, build_handoff, read_handoff
from joch.transcript.conversation import Transcript
from joch.transcript.parts import Document, Image, Part, ToolCall, ToolResult
from joch.wire.openai_chat import parse, render
from joch.wire.profile import OPENAI, Profile
from tests.conformance.wire.validators.openai_chat import refusals
from tests.unit.decide.targets import target
from tests.unit.wire.conversations import (
    answer,
    any_transcript,
    call,
    function,
    result,
    user,
)

CORPUS = sorted(Path(__file__).with_name("corpus").joinpath("openai_chat").glob("*.json*"))
ALL = Capabilities(
    tool_calling=True, structured_output=True, vision=True, documents=True, audio=True
)
each_conversation = pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)


def rendered(read: Transcript, profile: Profile = OPENAI) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(render(read, profile).body))
    return {"model": "any", **body}


def handed_over(read: Transcript, can: Capabilities) -> dict[str, Any]:
    reading = reading_of(read, {})
    given_one = HandoffInput(reading, extract_summary(reading), target(can), "any")
    body: dict[str, Any] = json.loads(json.dumps(read_handoff(build_handoff(given_one).body)))
    return body


def count(read: Transcript, *kinds: type[Part]) -> int:
    outer = [part for _, part in read.parts()]
    inner = [p for part in outer if isinstance(part, ToolResult) for p in part.parts]
    return sum(isinstance(part, kinds) for part in (*outer, *inner))


@each_conversation
def test_a_stored_conversation_renders_to_a_body_that_openai_takes(path: Path) -> None:
    assert refusals(rendered(parse(path.read_bytes()))) == []


@each_conversation
def test_every_call_result_image_and_file_is_on_both_sides(path: Path) -> None:
    read = parse(path.read_bytes())
    again = parse(json.dumps(rendered(read)))
    unanswered = count(read, ToolCall) - count(read, ToolResult)

    assert count(again, ToolCall) == count(read, ToolCall)
    assert count(again, ToolResult) == count(read, ToolResult) + unanswered
    assert count(again, Image) == count(read, Image)
    assert count(again, Document) == count(read, Document)


@each_conversation
def test_what_was_rendered_renders_again_to_the_same(path: Path) -> None:
    once = render(parse(path.read_bytes())).body

    assert render(parse(json.dumps(once))).body == once


@each_conversation
@pytest.mark.parametrize("can", [ALL, Capabilities()], ids=["able", "unknown"])
def test_a_handoff_is_a_body_that_openai_takes(path: Path, can: Capabilities) -> None:
    assert refusals(handed_over(parse(path.read_bytes()), can)) == []


@given(any_transcript)
def test_any_transcript_at_all_renders_to_a_body_that_openai_takes(read: Transcript) -> None:
    assert refusals(rendered(read)) == []


@given(any_transcript)
def test_any_handoff_at_all_is_a_body_that_openai_takes(read: Transcript) -> None:
    assert refusals(handed_over(read, ALL)) == []


@pytest.mark.parametrize(
    ("messages", "refusal"),
    [
        ([], "messages: are empty"),
        ([user(7)], "body.messages[0].content: 7 is no"),
        ([{**user("a"), "mood": "merry"}], "body.messages[0].mood: is not published"),
        ([{"role": "king", "content": "a"}], "body.messages[0].role: 'king' is none of"),
        ([user([{"type": "text"}])], "body.messages[0].content"),
        ([answer("")], "messages[0]: the assistant says nothing"),
        ([result("c1", "x")], "messages[0]: answers no open call"),
        ([answer(None, call("c1", "f"))], "messages: ['c1'] were never answered"),
        (
            [answer(None, call("c1", "f")), user("a"), result("c1", "x")],
            "messages[1]: stands before the results of ['c1']",
        ),
        (
            [answer(None, call("c:1", "f")), result("c:1", "x")],
            "messages[0]: call id 'c:1'",
        ),
        (
            [answer(None, call("c1", "f.g")), result("c1", "x")],
            "messages[0]: tool name 'f.g'",
        ),
        (
            [*(answer(None, call("c1", "f")), result("c1", "x")) * 2],
            "messages[2]: a call id comes twice",
        ),
    ],
)
def test_the_judge_refuses_what_openai_refuses(messages: list[Any], refusal: str) -> None:
    found = refusals({"model": "any", "messages": messages})

    assert any(line.startswith(refusal) for line in found), found


def test_the_judge_looks_at_tools_too() -> None:
    body = {"model": "any", "messages": [user("a")], "tools": [function("f"), function("f")]}

    assert refusals(body) == ["tools: a name comes twice"]
