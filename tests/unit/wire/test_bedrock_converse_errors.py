"""What cannot be read is refused with the message's index, the field, and what to do."""

import json
from typing import Any

import pytest

from joch.wire.bedrock_converse import parse
from joch.wire.errors import WireError
from tests.unit.wire.converse import Data, answer, image, result, spec, use, user

ASK = answer(use("c1", "f"))


def source(**fields: Any) -> Data:
    return {"image": {"format": "png", "source": fields}}


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        ([user("a"), 7], "messages[1]: must be an object, not a number"),
        ([{"content": []}], "messages[0].role: is missing: write one of user, assistant, system"),
        ([{"role": "tool"}], "messages[0].role: 'tool' is no role of Converse: write one of"),
        ([{"role": ["user"]}], "messages[0].role: ['user'] is no role"),
        ([{"role": "user"}], "messages[0].content: must be a list of blocks, not null"),
        (
            [{"role": "user", "content": "hi"}],
            "messages[0].content: must be a list of blocks, not a string: store it so, or name",
        ),
        ([user(3)], "messages[0].content[0]: must be an object, not a number"),
        ([user({})], "messages[0].content[0]: is empty: give it a text, a toolUse or"),
        ([user({"text": 3})], "messages[0].content[0].text: must be a string, not a number"),
        (
            [user({"type": "text", "text": "hi"})],
            "messages[0].content[0].type: Converse blocks have no type: name the format",
        ),
        (
            [user({"text": "hi", **image()})],
            "messages[0].content[0]: holds text and image: give each a block of its own",
        ),
        ([user({"image": 1})], "messages[0].content[0].image: must be an object, not a number"),
        ([user({"image": {}})], "messages[0].content[0].image.source: must be an object, not null"),
        (
            [user(source(bytes="b'\\x89PNG'"))],
            "messages[0].content[0].image.source.bytes: is not base64: store the bytes as standard",
        ),
        (
            [user(source(bytes=""))],
            "messages[0].content[0].image.source.bytes: is not base64",
        ),
        (
            [user(source(s3Location={}))],
            "messages[0].content[0].image.source.s3Location.uri: is missing: give s3://",
        ),
        ([answer({"toolUse": []})], "messages[0].content[0].toolUse: must be an object, not a"),
        (
            [answer("a", {"toolUse": {"name": "f", "input": {}}})],
            "messages[0].content[1].toolUse.toolUseId: is missing: give the id that its result",
        ),
        (
            [answer({"toolUse": {"toolUseId": "c1", "input": {}}})],
            "messages[0].content[0].toolUse.name: is missing: name the tool that was called",
        ),
        (
            [user(use("c1", "f"))],
            "messages[0].content[0].toolUse: belongs into a message of the assistant: move it",
        ),
        (
            [answer(use("c1", "f"), "a", use("c1", "g"))],
            "messages[0].content[2].toolUse.toolUseId: 'c1' is the id of two calls in one message",
        ),
        (
            [ASK, user("a", result("c9", "x"))],
            "messages[1].content[1].toolResult.toolUseId: nobody asked for 'c9'",
        ),
        ([user(result("c1", "x")), ASK], "messages[0].content[0].toolResult.toolUseId: nobody"),
        (
            [ASK, user(result("c1", "x")), user(result("c1", "x"))],
            "messages[2].content[0].toolResult.toolUseId: nobody asked for 'c1'",
        ),
        (
            [ASK, user(result("c1", {"text": 3}))],
            "messages[1].content[0].toolResult.content[0].text: must be a string",
        ),
        (
            [ASK, user({"toolResult": {"content": []}})],
            "messages[1].content[0].toolResult.toolUseId: is missing: write the id of the call",
        ),
        (
            [answer({"reasoningContent": {"reasoningText": "hm"}})],
            "messages[0].content[0].reasoningContent.reasoningText: must be an object, not a",
        ),
        (
            [answer({"citationsContent": {"content": ["a"]}})],
            "messages[0].content[0].citationsContent.content[0]: must be an object, not a string",
        ),
        ([{"output": {}}], "messages[0].output.message: must be an object, not null"),
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
        (b"[]", "messages: the transcript has no messages"),
        (b'{"messages": []}', "messages: the transcript has no messages"),
        (b'[{"role": "us', "it ends early"),
        (b"\xff\xfe", "the transcript is not UTF-8 at byte 0"),
        (b"7", "must not be a number: store a request body with messages"),
        (b'{"contents": []}', "messages: is missing: store a request body"),
        (b'{"messages": {}}', "messages: must be a list, not an object"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_an_input_that_is_no_transcript_says_what_it_is(stored: bytes, sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(stored)

    assert sentence in str(caught.value)
    assert caught.value.index is None


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"system": "Be brief."}, "system: must be a list, not a string"),
        ({"system": [{"text": 1}]}, "system[0].text: must be a string, not a number"),
        ({"inferenceConfig": []}, "inferenceConfig: must be an object, not a list"),
        (
            {"inferenceConfig": {"temperature": "hot"}},
            "inferenceConfig.temperature: must be a number, not a string",
        ),
        (
            {"inferenceConfig": {"stopSequences": [1]}},
            "inferenceConfig.stopSequences: must be a list of strings",
        ),
        ({"toolConfig": {"tools": {}}}, "toolConfig.tools: must be a list, not an object"),
        ({"toolConfig": {"tools": [{}]}}, "toolConfig.tools[0]: is empty: give it a toolSpec"),
        (
            {"toolConfig": {"tools": [{"toolSpec": {}}]}},
            "toolConfig.tools[0].toolSpec.name: is missing: name the tool",
        ),
        (
            {"toolConfig": {"tools": [spec("f", strict="yes")]}},
            "toolConfig.tools[0].toolSpec.strict: must be a boolean, not a string",
        ),
        (
            {"toolConfig": {"tools": [spec("f", inputSchema={"json": "{"})]}},
            "toolConfig.tools[0].toolSpec.inputSchema.json: is no JSON: write the schema",
        ),
        (
            {"outputConfig": {"textFormat": {"structure": {"jsonSchema": {"schema": "{"}}}}},
            "outputConfig.textFormat.structure.jsonSchema.schema: is no JSON: write the schema",
        ),
    ],
)
def test_a_wrong_setting_is_named_by_its_field(body: Data, sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(json.dumps({"messages": [user("hi")], **body}))

    assert sentence in str(caught.value)
    assert caught.value.index is None


def nested(depth: int) -> str:
    return f'{{"toolUse": {{"toolUseId": "c1", "name": "f", "input": {_braces(depth)}}}}}'


def _braces(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def refusal(block: str) -> str:
    try:
        parse(f'[{{"role": "assistant", "content": [{block}]}}]')
    except WireError as error:
        return error.sentence
    return ""


def test_an_input_of_any_depth_is_read_or_refused_with_a_sentence() -> None:
    found = [refusal(nested(depth)) for depth in range(1, 1500)]

    assert found[0] == ""
    assert "nested too deep" in found[-1]
    assert all("nested too deep" in sentence for sentence in found if sentence)


def test_numbers_beyond_all_bounds_are_refused() -> None:
    call = nested(1).replace('"a":1', '"a":1e999')
    with pytest.raises(WireError, match="1e999 is too large a number"):
        parse(f'[{{"role": "assistant", "content": [{call}]}}]')

    shape = {"textFormat": {"structure": {"jsonSchema": {"schema": '{"const":1e999}'}}}}
    with pytest.raises(WireError, match="schema: holds a number beyond all bounds"):
        parse(json.dumps({"messages": [user("a")], "outputConfig": shape}))


def test_a_line_that_is_not_json_is_named_by_its_number() -> None:
    with pytest.raises(WireError, match=r"line 3 is not JSON: .* at column 8") as caught:
        parse(b'{"role": "user", "content": [{"text": "a"}]}\n\n{"role"')

    assert caught.value.index == 1
