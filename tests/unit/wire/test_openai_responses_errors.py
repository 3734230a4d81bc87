"""What cannot be read is refused with the item's index, the field, and what to do."""

import json
from typing import Any

import pytest

from joch.wire.errors import WireError
from joch.wire.openai_responses import parse
from tests.unit.wire.responses import call, input_text, message, output, user

NAMELESS = {"type": "function_call", "call_id": "c1", "arguments": "{}"}


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([user("a"), 7], "input[1]: must be an object, not a number"),
        ([{"content": "a"}], "input[0].type: is missing: name the item's type"),
        ([{"type": 7}], "input[0].type: must be a string, not a number"),
        ([{"type": "message"}], "input[0].role: is missing: write one of system, developer"),
        ([{"role": "king"}], "input[0].role: 'king' is no role: write one of"),
        ([{"role": ["user"]}], "input[0].role: ['user'] is no role"),
        ([user(3)], "input[0].content: must be a string or a list of parts, not a number"),
        ([user([3])], "input[0].content[0]: must be an object, not a number"),
        ([user([{}])], "input[0].content[0].type: is missing"),
        ([user([{"type": "input_text"}])], "input[0].content[0].text: is missing"),
        ([user([{"type": "input_image"}])], "input[0].content[0]: has neither image_url nor"),
        ([user([{"type": "input_file"}])], "has neither file_data, file_url nor file_id"),
        (
            [user([{"type": "input_image", "image_url": "cat.png"}])],
            "input[0].content[0].image_url: is neither a web address nor base64",
        ),
        (
            [user([{"type": "input_file", "file_data": "data:application/pdf;base64,%%%"}])],
            "input[0].content[0].file_data: is neither a web address nor base64",
        ),
        (
            [message({**input_text("a"), "annotations": 7})],
            "content[0].annotations: must be a list",
        ),
        ([NAMELESS], "input[0].name: is missing: name the tool that was called"),
        ([{**call("", "f")}], "input[0].call_id: is missing: write the id that joins"),
        ([call("c1", "f"), {**output("c1", "x"), "call_id": None}], "input[1].call_id: is missing"),
        (
            [call("c1", "f"), call("c1", "f")],
            "input[1].call_id: 'c1' is the id of two calls in one turn: give each its own",
        ),
        ([user("a"), output("c9", "x")], "input[1].call_id: nobody asked for 'c9'"),
        ([output("c1", "x"), call("c1", "f")], "input[0].call_id: nobody asked for 'c1'"),
        (
            [call("c1", "f"), output("c1", "x"), output("c1", "x")],
            "input[2].call_id: nobody asked for 'c1'",
        ),
        ([{**output("c1", "x"), "is_error": "yes"}], "input[0].is_error: must be a boolean"),
        ([{"type": "reasoning", "summary": "hm"}], "input[0].summary: must be a list"),
        ([user("a"), {"output": 7}], "input[1].output: must be a list"),
        ([user("a"), {"output": [7]}], "input[1].output[0]: must be an object"),
        (
            [user("a"), {"output": [message("b"), NAMELESS]}],
            "input[1].output[1].name: is missing",
        ),
        (
            [{"input": "a"}, {"input": "b"}],
            "input[1].input: begins a second conversation: store the last request alone",
        ),
    ],
)
def test_a_wrong_item_is_named_by_index_and_field(items: list[Any], sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(json.dumps(items))

    assert sentence in str(caught.value)
    assert caught.value.index is not None
    assert caught.value.retryable is False


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (
            {"role": "tool", "content": "x", "tool_call_id": "c1"},
            "input[0].role: 'tool' belongs to openai_chat: store the result as a",
        ),
        (
            {"role": "assistant", "content": None, "tool_calls": []},
            "input[0].tool_calls: belongs to openai_chat: store one format",
        ),
        (
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f"}]},
            "input[0].content[0].type: 'tool_use' is another format's: store one format",
        ),
    ],
)
def test_mixed_formats_are_named_where_they_mix(item: Any, sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(json.dumps([item]))

    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (b"", "the transcript is empty"),
        (b" \n", "the transcript is empty"),
        (b"[]", "input: the transcript has no items: store a request body with input"),
        (b'{"input": []}', "input: the transcript has no items"),
        (b"hello", "the transcript is not JSON: Expecting value at line 1 column 1"),
        (b'[{"role": "us', "it ends early"),
        (b"\xff\xfe", "the transcript is not UTF-8 at byte 0"),
        (b"7", "must not be a number: store a request body with input"),
        (b'{"messages": []}', "messages: belongs to another format"),
        (b'{"contents": []}', "input: is missing"),
        (b'{"input": 7}', "input: must be a string or a list of items, not a number"),
        (b'{"input": "a", "output": [7]}', "output[0]: must be an object"),
        (b'{"input": "a", "instructions": 7}', "instructions: must be a list"),
        (b'{"input": [NaN]}', "NaN is no JSON number"),
        (b"[" * 100_000, "nested too deep"),
        (b"[" + b"9" * 5_000 + b"]", "too many digits"),
        (b'{"input": "a", "temperature": "hot"}', "temperature: must be a number"),
        (b'{"input": "a", "max_output_tokens": 1e999}', "1e999 is too large a number"),
        (b'{"input": "a", "tools": [{}]}', "tools[0].name: is missing"),
        (b'{"input": "a", "tools": [{"type": "custom"}]}', "tools[0].name: is missing"),
        (b'{"input": "a", "text": 7}', "text: must be an object"),
        (b'{"input": "a", "text": {"format": 7}}', "text.format: must be an object"),
        (b'{"input": "a", "reasoning": {"effort": 7}}', "reasoning.effort: must be a string"),
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
    assert caught.value.place == "input[1]"


def test_an_item_that_is_nested_too_deep_is_refused_wherever_that_is_noticed() -> None:
    deep = '{"a":' * 985 + "1" + "}" * 985
    item = f'{{"type":"function_call","call_id":"c1","name":"f","arguments":{deep}}}'

    with pytest.raises(WireError, match="nested too deep"):
        parse(f"[{item}]")


def test_fifty_megabytes_in_one_message_are_read() -> None:
    large = "x" * 50_000_000

    assert len(str(parse(json.dumps({"input": large})).messages[0].parts[0])) > len(large)
