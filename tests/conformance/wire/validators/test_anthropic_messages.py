"""The judge of Messages takes a good body, and names each way in which one is not."""

from typing import Any

import pytest

from tests.conformance.wire.validators.anthropic_messages import refusals
from tests.conformance.wire.validators.bodies import GONE, PNG, changed


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


def image(data: str = PNG) -> dict[str, Any]:
    return {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": data},
    }


def call(identity: str) -> dict[str, Any]:
    return {"type": "tool_use", "id": identity, "name": "look", "input": {}}


def result(identity: str, said: Any = "a cat") -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": identity, "content": said}


SEARCHED = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_1",
    "content": [
        {
            "type": "web_search_result",
            "url": "https://example.com",
            "title": "Cats",
            "encrypted_content": "abc",
        }
    ],
}
GOOD: dict[str, Any] = {
    "model": "any",
    "max_tokens": 100,
    "system": [{**text("Be brief."), "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {"role": "user", "content": [text("What is at the door?"), image()]},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Two doors.", "signature": "c2ln"},
                call("c1"),
                call("c2"),
            ],
        },
        {"role": "user", "content": [result("c2", [image()]), result("c1"), text("Well?")]},
        {
            "role": "assistant",
            "content": [
                {
                    "type": "server_tool_use",
                    "id": "srvtoolu_1",
                    "name": "web_search",
                    "input": {"query": "cats"},
                },
                SEARCHED,
                text("A cat."),
            ],
        },
    ],
    "tools": [{"name": "look", "input_schema": {"type": "object"}}],
    "tool_choice": {"type": "tool", "name": "look"},
    "stop_sequences": ["."],
}
MARKED = {**text("x"), "cache_control": {"type": "ephemeral"}}


def test_a_good_body_is_taken() -> None:
    assert refusals(GOOD) == []


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("messages", [], "messages: are empty"),
        ("max_tokens", GONE, "body.max_tokens: is missing"),
        ("max_tokens", 0, "max_tokens: is below 1"),
        ("temperature", 1.0, "body.temperature: is not published"),
        ("messages.0.role", "tool", "body.messages[0].role: 'tool' is none of"),
        ("messages.0.content", " ", "messages[0]: content is empty"),
        ("messages.0.content", [], "messages[0]: content is empty"),
        ("messages.0.content.0.text", " \n", "messages[0]: a text is blank"),
        ("messages.0.content.0.mood", "merry", "body.messages[0].content[0].mood: is not"),
        ("messages.0.content.1", image("!"), "messages[0]: the image is no base64"),
        ("messages.0.content.1", image("A" * 8_000_000), "messages[0]: the image is larger"),
        (
            "messages.0.content.1.source.media_type",
            "image/bmp",
            "body.messages[0].content[1].source.media_type: 'image/bmp' is none of",
        ),
        ("messages.0", GONE, "messages: the first is not the user's"),
        ("messages.0.content.1", call("c9"), "messages[0]: tool_use is the assistant's alone"),
        ("messages.1.content.0", image(), "messages[1]: image is the user's alone"),
        ("messages.1.content.0.signature", "", "messages[1]: a thought has no signature"),
        ("messages.1.content.1.id", "c2", "messages[1]: a call id comes twice"),
        ("messages.1.content.1.id", "c:1", "messages[1]: call id 'c:1'"),
        ("messages.1.content.1.name", "f.g", "messages[1]: tool name 'f.g'"),
        ("messages.1.content.1.input", "{}", "body.messages[1].content[1].input: '{}' is no"),
        ("messages.2.content.0", GONE, "messages[2]: has results of ['c1'], not of ['c1', 'c2']"),
        ("messages.2.content.3", result("c1"), "messages[2]: has results of ['c1', 'c1', 'c2']"),
        ("messages.2.content.0", text("So."), "messages[2]: something stands before the results"),
        ("messages.2.content.0.content", [text("")], "messages[2]: a text in a result is blank"),
        (
            "messages.2.content.1",
            {**result("c1", ""), "is_error": True},
            "messages[2]: an error has no content",
        ),
        ("messages.3.content.1", GONE, "messages[3]: ['srvtoolu_1'] have no outcome"),
        ("messages.3.content.0", GONE, "messages[3]: web_search_tool_result answers no call"),
        ("messages.3.content.2.text", "A cat. ", "messages[3]: the final answer ends in blanks"),
        ("messages.3.content.3", call("c3"), "messages: ['c3'] were never answered"),
        ("system.0.text", "", "system: a text is blank"),
        ("system", [MARKED] * 5, "cache_control: more than four"),
        ("stop_sequences.0", " ", "stop_sequences: one is blank"),
        ("tools", GONE, "tools: none is declared, and the history has calls"),
        ("tools", [], "tool_choice: there are no tools"),
        ("tools.1", {"name": "look", "input_schema": {"type": "object"}}, "tools: a name comes"),
        ("tools.0.name", "f.g", "tools: name 'f.g'"),
        ("tools.0.input_schema.type", GONE, "tools[0]: the schema is no object at its root"),
        (
            "tools.0.input_schema.properties",
            {"n": {"type": "float"}},
            "tools[0].input_schema.properties.n: type 'float' is none of JSON Schema's",
        ),
        ("tool_choice.name", "run", "tool_choice: 'run' is not declared"),
    ],
)
def test_each_broken_body_is_refused_with_its_sentence(path: str, value: Any, refusal: str) -> None:
    found = refusals(changed(GOOD, path, value))

    assert any(line.startswith(refusal) for line in found), found
