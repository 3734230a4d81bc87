"""The judge of Chat Completions takes a good body, and names each way in which one is not."""

from typing import Any

import pytest

from tests.conformance.wire.validators.bodies import GONE, PNG, changed
from tests.conformance.wire.validators.openai_chat import refusals


def call(identity: str, name: str = "look", arguments: str = '{"at":"door"}') -> dict[str, Any]:
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


SCHEMA = {
    "type": "object",
    "properties": {"at": {"type": "string"}},
    "required": ["at"],
    "additionalProperties": False,
}
GOOD: dict[str, Any] = {
    "model": "any",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "name": "Ada",
            "content": [
                {"type": "text", "text": "What is at the door?"},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
                {
                    "type": "file",
                    "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBE"},
                },
            ],
        },
        {"role": "assistant", "content": None, "tool_calls": [call("c1"), call("c2")]},
        {"role": "tool", "tool_call_id": "c1", "content": "a cat"},
        {"role": "tool", "tool_call_id": "c2", "content": ""},
        {"role": "assistant", "content": "A cat."},
    ],
    "tools": [
        {"type": "function", "function": {"name": "look", "parameters": SCHEMA, "strict": True}}
    ],
    "tool_choice": {"type": "function", "function": {"name": "look"}},
    "stop": ["."],
}


def test_a_good_body_is_taken() -> None:
    assert refusals(GOOD) == []


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("messages", [], "messages: are empty"),
        ("messages", GONE, "body.messages: is missing"),
        ("messages.1.content", 7, "body.messages[1].content: 7 is no"),
        ("messages.1.content", [], "messages[1]: content is an empty list"),
        ("messages.1.mood", "merry", "body.messages[1].mood: is not published"),
        ("messages.1.role", "king", "body.messages[1].role: 'king' is none of"),
        ("messages.1.name", "two words", "messages[1]: name 'two words'"),
        ("messages.1.content.0.text", GONE, "body.messages[1].content[0].text: is missing"),
        ("messages.1.content.1.image_url.url", "cat.png", "messages[1]: 'cat.png' is neither"),
        (
            "messages.1.content.1.image_url.url",
            "data:image/png;base64,!",
            "messages[1]: 'data:image/png;base64,!' holds no base64",
        ),
        ("messages.1.content.2.file.filename", GONE, "messages[1]: a file with its bytes has no"),
        ("messages.2.tool_calls.1.id", "c1", "messages[2]: a call id comes twice"),
        ("messages.2.tool_calls.1.id", "c:2", "messages[2]: call id 'c:2'"),
        ("messages.2.tool_calls.1.id", "c" * 41, "messages[2]: call id 'ccc"),
        ("messages.2.tool_calls.1.function.name", "f.g", "messages[2]: tool name 'f.g'"),
        ("messages.2.tool_calls.1.function.arguments", "{", "messages[2]: arguments '{'"),
        ("messages.2.tool_calls.1.function.arguments", "[1]", "messages[2]: arguments '[1]'"),
        ("messages.3", GONE, "messages[4]: stands before the results of ['c1']"),
        ("messages.4.tool_call_id", "c9", "messages[4]: answers no open call"),
        ("messages.5.content", "", "messages[5]: the assistant says nothing"),
        (
            "messages.6",
            {"role": "assistant", "tool_calls": [call("c3")]},
            "messages: ['c3'] were never answered",
        ),
        ("tools", [], "tools: are empty"),
        ("tools", GONE, "tool_choice: there are no tools"),
        ("tools.1", {"type": "function", "function": {"name": "look"}}, "tools: a name comes"),
        ("tools.0.function.name", "f.g", "tools: name 'f.g'"),
        (
            "tools.0.function.parameters.additionalProperties",
            GONE,
            "tools[0].parameters: is strict without additionalProperties false",
        ),
        (
            "tools.0.function.parameters.required",
            [],
            "tools[0].parameters: is strict, and not every property is required",
        ),
        (
            "tools.0.function.parameters.properties.at.type",
            "float",
            "tools[0].parameters.properties.at: type 'float' is none of JSON Schema's",
        ),
        ("tool_choice.function.name", "run", "tool_choice: 'run' is not declared"),
        ("stop", ["a", "b", "c", "d", "e"], "stop: more than four"),
    ],
)
def test_each_broken_body_is_refused_with_its_sentence(path: str, value: Any, refusal: str) -> None:
    found = refusals(changed(GOOD, path, value))

    assert any(line.startswith(refusal) for line in found), found
