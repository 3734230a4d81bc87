"""What cannot be read is refused with the content's index, the field, and what to do."""

import json
from typing import Any

import pytest

from joch.transcript.conversation import ToolDeclaration, Transcript
from joch.transcript.values import JsonObject
from joch.wire.errors import WireError
from joch.wire.google_generate_content import parse, render
from tests.unit.wire.generate_content import call, model, response, user

TWICE = model(call("f", "c1"), call("f", "c1"))


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        ([user("a"), 7], "messages[1]: must be a content with role and parts, not a number"),
        ([user("a"), {}], "messages[1].parts: is missing: store a request body"),
        (
            [{"role": "king", "parts": []}],
            "messages[0].role: 'king' is no role: write user or model",
        ),
        ([{"role": "assistant", "parts": []}], "name the contents' own format"),
        ([{"role": ["user"], "parts": []}], "messages[0].role: ['user'] is no role"),
        (
            [{"role": "user", "content": "hi"}],
            "messages[0].content: is a field of another format: write parts",
        ),
        ([{"role": "user", "parts": 3}], "messages[0].parts: must be a list of parts"),
        ([user(3)], "messages[0].parts[0]: must be an object, not a number"),
        ([user({"text": 3})], "messages[0].parts[0].text: must be a string, not a number"),
        ([user({"inlineData": {}})], "messages[0].parts[0].inlineData.data: is missing: give"),
        (
            [user({"inlineData": {"data": "no base64!"}})],
            "messages[0].parts[0].inlineData.data: is not base64: store the bytes as base64",
        ),
        ([user({"fileData": {}})], "messages[0].parts[0].fileData.fileUri: is missing: give"),
        (
            [model({"functionCall": {"args": {}}})],
            "messages[0].parts[0].functionCall.name: is missing: name the function",
        ),
        (
            [user(call("f"))],
            "messages[0].parts[0].functionCall: belongs into a content of the role model",
        ),
        (
            [model(call("f"), response("f", {}))],
            "messages[0].parts[1].functionResponse: belongs into a content of the role user",
        ),
        ([TWICE], "messages[0].parts[1].functionCall.id: 'c1' is the id of two calls"),
        (
            [user("a"), user(response("f", {}))],
            "messages[1].parts[0].functionResponse.name: nobody asked for 'f'",
        ),
        (
            [user(response("f", {}, "c1")), model(call("f", "c1"))],
            "messages[0].parts[0].functionResponse.id: nobody asked for 'f'",
        ),
        (
            [model(call("f")), user(response("f", {})), user(response("f", {}))],
            "messages[2].parts[0].functionResponse.name: nobody asked for 'f'",
        ),
        (
            [model(call("f")), user({"functionResponse": {"response": {}}})],
            "messages[1].parts[0].functionResponse.name: is missing: name the function",
        ),
        (
            [user("a"), {"candidates": [{"content": []}]}],
            "messages[1].candidates[0].content: must be an object, not a list",
        ),
    ],
)
def test_a_wrong_content_is_named_by_index_and_field(contents: list[Any], sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(json.dumps(contents))

    assert sentence in str(caught.value)
    assert caught.value.index is not None
    assert caught.value.retryable is False


HI = '"contents": [{"role": "user", "parts": [{"text": "hi"}]}]'


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        ("", "the transcript is empty"),
        ("[]", "contents: the transcript has no contents"),
        ('{"contents": []}', "contents: the transcript has no contents"),
        ("hello", "the transcript is not JSON: Expecting value at line 1 column 1"),
        ('[{"role": "us', "it ends early"),
        ("7", "must not be a number: store a request body with contents"),
        ('{"messages": []}', "contents: is missing: store a request body with contents"),
        ('{"contents": 3}', "contents: must be a list, not a number"),
        ("{" + HI + ', "generationConfig": 3}', "generationConfig: must be an object"),
        (
            "{" + HI + ', "generationConfig": {"temperature": "hot"}}',
            "generationConfig.temperature: must be a number, not a string",
        ),
        (
            "{" + HI + ', "generationConfig": {"maxOutputTokens": 1e999}}',
            "1e999 is too large a number: store null or a number in its place",
        ),
        (
            "{" + HI + ', "generation_config": {"stop_sequences": [1]}}',
            "generationConfig.stopSequences: must be a list of strings",
        ),
        ("{" + HI + ', "tools": 3}', "tools: must be a list, not a number"),
        (
            "{" + HI + ', "tools": [{"functionDeclarations": [{}]}]}',
            "tools[0].functionDeclarations[0].name: is missing: name the function",
        ),
        (
            "{" + HI + ', "systemInstruction": {"parts": [{"text": 3}]}}',
            "systemInstruction.parts[0].text: must be a string",
        ),
        (
            "{" + HI + ', "systemInstruction": {"parts": [{"functionCall": {}}]}}',
            "systemInstruction.parts[0].functionCall: belongs into a content of the role model",
        ),
    ],
)
def test_an_input_that_is_no_transcript_says_what_it_is(stored: str, sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(stored)

    assert sentence in str(caught.value)


def test_arguments_nested_without_end_are_refused_with_a_sentence() -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    stored = f'[{{"role":"model","parts":[{{"functionCall":{{"name":"f","args":{deep}}}}}]}}]'

    with pytest.raises(WireError, match="nested too deep to be read"):
        parse(stored)


def test_a_schema_nested_without_end_is_refused_with_a_sentence() -> None:
    schema: JsonObject = {"type": "string"}
    for _ in range(2_000):
        schema = {"type": "array", "items": schema}

    with pytest.raises(WireError, match="nested too deep to be rendered: flatten its schemas"):
        render(Transcript((), (ToolDeclaration("f", parameters=schema),)))
