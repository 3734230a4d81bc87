"""What cannot be read is refused with the message's index, the field, and what to do."""

import json
from typing import Any

import pytest

from joch.wire.errors import WireError
from joch.wire.openai_chat import parse
from joch.wire.registry import wire_format
from tests.unit.wire.conversations import answer, call, result, user

TWICE = answer(None, call("c1", "f"), call("c1", "f"))
NAMELESS = {"id": "c1", "type": "function", "function": {"arguments": "{}"}}


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        ([user("a"), 7], "messages[1]: must be an object, not a number"),
        ([{"content": "a"}], "messages[0].role: is missing: write one of system, developer"),
        ([{"role": "king"}], "messages[0].role: 'king' is no role: write one of"),
        ([{"role": ["user"]}], "messages[0].role: ['user'] is no role"),
        ([user(3)], "messages[0].content: must be a string or a list of parts, not a number"),
        ([user([3])], "messages[0].content[0]: must be an object, not a number"),
        ([user([{}])], "messages[0].content[0].type: is missing"),
        ([user([{"type": "text"}])], "messages[0].content[0].text: is missing"),
        ([user([{"type": "image_url"}])], "messages[0].content[0].image_url: must be an object"),
        ([user([{"type": "file", "file": {}}])], "has neither file_data nor file_id"),
        ([answer(None, NAMELESS)], "messages[0].tool_calls[0].function.name: is missing: name"),
        ([{"role": "assistant", "tool_calls": {}}], "messages[0].tool_calls: must be a list"),
        ([answer(None, {"function": {"name": "f"}})], "messages[0].tool_calls[0].id: is missing"),
        ([TWICE], "messages[0].tool_calls[1].id: 'c1' is the id of two calls in one message"),
        ([user("a"), result("c9", "x")], "messages[1].tool_call_id: nobody asked for 'c9'"),
        ([result("c1", "x"), answer(None, call("c1", "f"))], "messages[0].tool_call_id: nobody"),
        (
            [answer(None, call("c1", "f")), result("c1", "x"), result("c1", "x")],
            "messages[2].tool_call_id: nobody asked for 'c1'",
        ),
        ([{"role": "tool", "content": "x"}], "messages[0].tool_call_id: is missing"),
    ],
)
def test_a_wrong_message_is_named_by_index_and_field(messages: list[Any], sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(json.dumps(messages))

    assert sentence in str(caught.value)
    assert caught.value.index is not None
    assert caught.value.retryable is False


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (b"", "the transcript is empty"),
        (b" \n", "the transcript is empty"),
        (b"[]", "messages: the transcript has no messages"),
        (b'{"messages": []}', "messages: the transcript has no messages"),
        (b"hello", "the transcript is not JSON: Expecting value at line 1 column 1"),
        (b'[{"role": "us', "it ends early"),
        (b"\xff\xfe", "the transcript is not UTF-8 at byte 0"),
        (b"7", "must not be a number: store a request body with messages"),
        (b'{"contents": []}', "messages: is missing"),
        (b'{"messages": {}}', "messages: must be a list, not an object"),
        (b'[{"role": "user", "content": NaN}]', "NaN is no JSON number"),
        (b'{"messages": [{"role": "user"}], "seed": 1e999}', "1e999 is too large a number"),
        (b'[{"role": "user", "content": [-1E400]}]', "-1E400 is too large a number: store null"),
        (b"[" + b"9" * 400 + b".0]", "999… is too large a number"),
        (b"[" * 100_000, "nested too deep"),
        (b"[" + b"9" * 5_000 + b"]", "too many digits"),
        (
            b'{"messages": [{"role": "user"}], "temperature": "hot"}',
            "temperature: must be a number",
        ),
        (
            b'{"messages": [{"role": "user"}], "tools": [{"function": {}}]}',
            "tools[0].function.name: is",
        ),
        (b'{"messages": [{"role": "user"}], "stop": [1]}', "stop: must be a string or a list"),
    ],
)
def test_an_input_that_is_no_transcript_says_what_it_is(stored: bytes, sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(stored)

    assert sentence in str(caught.value)
    assert caught.value.index is None


def test_a_line_that_is_not_json_is_named_by_its_number() -> None:
    with pytest.raises(WireError, match=r"line 3 is not JSON: .* at column 8") as caught:
        parse(b'{"role": "user", "content": "a"}\n\n{"role"')

    assert caught.value.index == 1


def test_a_format_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(WireError, match=r"'telegraph' is no format .* use one of openai_chat"):
        wire_format("telegraph")
