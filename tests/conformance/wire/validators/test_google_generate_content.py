"""The judge of generateContent takes a good body, and names each way in which one is not."""

from typing import Any

import pytest

from tests.conformance.wire.validators.bodies import GONE, PNG, changed
from tests.conformance.wire.validators.google_generate_content import refusals


def call(identity: str, name: str = "look") -> dict[str, Any]:
    return {"functionCall": {"id": identity, "name": name, "args": {"at": "door"}}}


def response(identity: str, name: str = "look") -> dict[str, Any]:
    said = {"id": identity, "name": name, "response": {"output": "a cat"}}
    return {"functionResponse": said}


GOOD: dict[str, Any] = {
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "contents": [
        {
            "role": "user",
            "parts": [
                {"text": "What is at the door?"},
                {"inlineData": {"mimeType": "image/png", "data": PNG}},
            ],
        },
        {"role": "model", "parts": [{**call("c1"), "thoughtSignature": "c2ln"}, call("c2")]},
        {"role": "user", "parts": [response("c1"), response("c2")]},
        {"role": "model", "parts": [{"text": "A cat."}]},
    ],
    "tools": [
        {
            "functionDeclarations": [
                {"name": "look", "parametersJsonSchema": {"type": "object"}},
            ]
        }
    ],
    "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["look"]}},
    "generationConfig": {
        "temperature": 1,
        "responseMimeType": "application/json",
        "responseJsonSchema": {"type": "object"},
        "stopSequences": ["."],
    },
}


def test_a_good_body_is_taken() -> None:
    assert refusals(GOOD, signed=True) == []


def test_a_call_without_signature_is_refused_where_signatures_are_wanted() -> None:
    broken = changed(GOOD, "contents.1.parts.0.thoughtSignature", GONE)

    assert refusals(broken, signed=True) == ["contents[1]: the first call has no thoughtSignature"]
    assert refusals(broken) == []


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("contents", [], "contents: are empty"),
        ("messages", [], "body.messages: is not published"),
        ("cachedContent", "cachedContents/1", "body.cachedContent: is not published"),
        ("contents.0.parts", "Hello", "contents.0.parts: Input should be a valid array"),
        ("contents.0.parts", [], "contents[0]: has no parts"),
        ("contents.0.parts.0.mood", "merry", "contents.0.parts.0.mood: Extra inputs"),
        ("contents.0.parts.0.text", 7, "contents.0.parts.0.text: Input should be a valid string"),
        ("contents.0.parts.0", {}, "contents[0]: a part says nothing where one thing is meant"),
        (
            "contents.0.parts.0.inlineData",
            {"mimeType": "image/png", "data": PNG},
            "contents[0]: a part says ['text', 'inlineData'] where one thing is meant",
        ),
        ("contents.0.parts.1.inlineData.mimeType", GONE, "contents[0]: inlineData lacks one of"),
        ("contents.0.parts.1.inlineData.data", "!", "contents.0.parts.1.inlineData.data: "),
        (
            "contents.0.parts.1",
            {"inline_data": {"mimeType": "image/png", "data": PNG}},
            "contents.0.parts.1.inline_data: is not",
        ),
        ("contents.0.role", "assistant", "contents[0]: role 'assistant'"),
        ("contents.0", GONE, "contents: the first is not the user's"),
        ("contents.0.parts.0", call("c9"), "contents[0]: functionCall is the model's alone"),
        ("contents.1.parts.1.functionCall.id", "c1", "contents[1]: a call id comes twice"),
        ("contents.1.parts.1.functionCall.name", "1st", "contents[1]: tool name '1st'"),
        ("contents.1.parts.1.functionCall.args", "{}", "contents.1.parts.1.functionCall.args: "),
        ("contents.2.parts.1", GONE, "contents[2]: answers ['look'], not ['look', 'look']"),
        ("contents.2.parts.1", response("c2", "run"), "contents[2]: answers ['look', 'run'], not"),
        ("contents.2.parts.1", response("c3"), "contents[2]: the ids of the responses are not"),
        (
            "contents.2.parts.1.functionResponse.response",
            "a cat",
            "contents.2.parts.1.functionResponse.response: Input should be",
        ),
        ("contents.2.parts.1.functionResponse.response", GONE, "contents[2]: a response says"),
        ("contents.2.role", "model", "contents[2]: functionResponse is the user's alone"),
        ("contents.4", {"role": "model", "parts": [call("c3")]}, "contents[4]: a call comes"),
        ("contents.4", {"role": "model", "parts": [call("c3")]}, "contents: ['look'] were never"),
        ("systemInstruction.parts", [], "systemInstruction: has no parts"),
        ("systemInstruction.parts.0", {"thought": True}, "systemInstruction: has something else"),
        ("generationConfig.stopSequences", list("abcdef"), "stopSequences: more than five"),
        ("generationConfig.temperature", 2.5, "temperature: is not within 0 and 2"),
        ("generationConfig.responseMimeType", GONE, "responseMimeType: a schema wants"),
        ("generationConfig.maxOutputTokens", 0, "maxOutputTokens: is below 1"),
        ("tools", GONE, "toolConfig: there are no functions"),
        ("tools", [{}], "tools: are empty"),
        ("tools.0.functionDeclarations.1", {"name": "look"}, "tools: a name comes twice"),
        ("tools.0.functionDeclarations.0.name", "1st", "tools: name '1st'"),
        (
            "tools.0.functionDeclarations.0.parametersJsonSchema",
            {"type": "dict"},
            "tools[0]: type 'dict' is none of JSON Schema's",
        ),
        (
            "tools.0.functionDeclarations.0.parameters",
            {"type": "OBJECT"},
            "tools[0]: both parameters and parametersJsonSchema",
        ),
        ("toolConfig.functionCallingConfig.mode", "AUTO", "toolConfig: allowedFunctionNames wants"),
        (
            "toolConfig.functionCallingConfig.allowedFunctionNames",
            ["run"],
            "toolConfig: 'run' is not declared",
        ),
    ],
)
def test_each_broken_body_is_refused_with_its_sentence(path: str, value: Any, refusal: str) -> None:
    found = refusals(changed(GOOD, path, value))

    assert any(line.startswith(refusal) for line in found), found
