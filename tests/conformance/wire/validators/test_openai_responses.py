"""The judge of Responses takes a good body, and names each way in which one is not."""

from typing import Any

import pytest

from tests.conformance.wire.validators.bodies import GONE, PNG, changed
from tests.conformance.wire.validators.openai_responses import refusals


def call(identity: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "function_call", "call_id": identity, "name": "look", "arguments": "{}", **fields,
    }  # fmt: skip


def output(identity: str, said: Any = "a cat") -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": identity, "output": said}


TEXT = {"type": "output_text", "text": "A cat.", "annotations": []}
GOOD: dict[str, Any] = {
    "model": "any",
    "instructions": "Be brief.",
    "input": [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "What is at the door?"},
                {
                    "type": "input_image",
                    "detail": "auto",
                    "image_url": f"data:image/png;base64,{PNG}",
                },
                {
                    "type": "input_file",
                    "filename": "a.pdf",
                    "file_data": "data:application/pdf;base64,JVBE",
                },
            ],
        },
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAA"},
        call("c1", id="fc_1"),
        call("c2"),
        output("c1"),
        output("c2", [{"type": "input_image", "image_url": "https://example.com/a.png"}]),
        {"role": "assistant", "content": "Wait."},
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [TEXT],
        },
    ],
    "tools": [{"type": "function", "name": "look", "parameters": {}, "strict": False}],
    "tool_choice": {"type": "function", "name": "look"},
}


def test_a_good_body_is_taken() -> None:
    assert refusals(GOOD) == []


def test_a_single_text_is_an_input() -> None:
    assert refusals({"model": "any", "input": "Hello"}) == []


def test_an_encrypted_thought_needs_no_id() -> None:
    assert refusals(changed(GOOD, "input.1.id", GONE)) == []


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("input", [], "input: is empty"),
        ("input", GONE, "input: is empty"),
        ("input.0.content", 7, "body.input[0].content: 7 is no"),
        ("input.0.content", "", "input[0]: content is empty"),
        ("input.0.mood", "merry", "body.input[0].mood: is not published"),
        ("input.0.content.1.detail", GONE, "body.input[0].content[1].detail: is missing"),
        ("input.0.content.1.image_url", "cat.png", "input[0]: 'cat.png' is neither"),
        ("input.0.content.1.image_url", GONE, "input[0]: an image without url and file_id"),
        ("input.0.content.2.filename", GONE, "input[0]: a file with its bytes has no filename"),
        ("input.1.encrypted_content", GONE, "input[1]: a thought without encrypted_content"),
        ("input.1", {"type": "reasoning", "summary": []}, "body.input[1].id: is missing"),
        ("input.1.id", "x", "input[1]: item id 'x' is another vendor's"),
        (
            "input.8",
            {"type": "reasoning", "id": "rs_2", "summary": [], "encrypted_content": "gAAA"},
            "input[8]: a thought without what it led to",
        ),
        ("input.2", {"role": "assistant", "content": "So."}, "input[1]: a thought before a"),
        ("input.2.id", "toolu_1", "input[2]: item id 'toolu_1' is another vendor's"),
        ("input.2.call_id", "", "input[2]: call id ''"),
        ("input.2.call_id", "c" * 65, "input[2]: call id 'ccc"),
        ("input.2.call_id", "c2", "input[3]: a call id comes twice"),
        ("input.2.name", "f.g", "input[2]: tool name 'f.g'"),
        ("input.2.arguments", "{", "input[2]: arguments '{'"),
        ("input.4.call_id", "c9", "input[4]: answers no open call"),
        ("input.4.type", "custom_tool_call_output", "input[4]: answers no open call"),
        ("input.4", GONE, "input[5]: stands before the results of ['c1']"),
        ("input.8", call("c3"), "input: ['c3'] were never answered"),
        (
            "input.6.content",
            [{"type": "input_text", "text": "Wait."}],
            "input[6]: the assistant speaks in input_text",
        ),
        ("input.7.id", GONE, "body.input[7].id: is missing"),
        ("input.7.id", "chatcmpl-1", "input[7]: item id 'chatcmpl-1' is another vendor's"),
        ("tools", [], "tools: are empty"),
        ("tools", GONE, "tool_choice: there are no tools"),
        ("tools.0.strict", GONE, "body.tools[0].strict: is missing"),
        ("tools.0.strict", True, "tools[0].parameters: a strict schema is an object"),
        ("tools.0.parameters", {"type": "dict"}, "tools[0].parameters: type 'dict' is none"),
        ("tools.0.name", "f.g", "tools: name 'f.g'"),
        (
            "tools.1",
            {"type": "function", "name": "look", "parameters": {}, "strict": None},
            "tools: a name comes twice",
        ),
        ("tool_choice.name", "run", "tool_choice: 'run' is not declared"),
        ("previous_response_id", "resp_1", "previous_response_id: leans on what one vendor"),
        ("stop", ["a"], "body.stop: is not published"),
    ],
)
def test_each_broken_body_is_refused_with_its_sentence(path: str, value: Any, refusal: str) -> None:
    found = refusals(changed(GOOD, path, value))

    assert any(line.startswith(refusal) for line in found), found
