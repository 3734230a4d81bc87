"""The judge of Converse takes a good body, and names each way in which one is not."""

from typing import Any

import pytest

from tests.conformance.wire.validators.bedrock_converse import refusals
from tests.conformance.wire.validators.bodies import GONE, PNG, changed


def document(name: str, data: str = "JVBE") -> dict[str, Any]:
    return {"document": {"format": "pdf", "name": name, "source": {"bytes": data}}}


def image(data: str = PNG) -> dict[str, Any]:
    return {"image": {"format": "png", "source": {"bytes": data}}}


def call(identity: str) -> dict[str, Any]:
    return {"toolUse": {"toolUseId": identity, "name": "look", "input": {}}}


def result(identity: str, *content: dict[str, Any]) -> dict[str, Any]:
    said = list(content) or [{"text": "a cat"}]
    return {"toolResult": {"toolUseId": identity, "content": said, "status": "success"}}


def spec(name: str, schema: Any) -> dict[str, Any]:
    return {"toolSpec": {"name": name, "inputSchema": {"json": schema}}}


GOOD: dict[str, Any] = {
    "system": [{"text": "Be brief."}],
    "messages": [
        {"role": "user", "content": [{"text": "What is at the door?"}, image(), document("Doors")]},
        {"role": "assistant", "content": [call("c1"), call("c:2")]},
        {"role": "user", "content": [result("c:2", {"json": {"cats": 1}}), result("c1", image())]},
        {"role": "assistant", "content": [{"text": "A cat."}]},
    ],
    "toolConfig": {
        "tools": [spec("look", {"type": "object"})],
        "toolChoice": {"tool": {"name": "look"}},
    },
    "inferenceConfig": {"maxTokens": 100, "temperature": 1, "stopSequences": ["."]},
}


def test_a_good_body_is_taken() -> None:
    assert refusals(GOOD) == []


def served(*blocks: dict[str, Any]) -> dict[str, Any]:
    use = {"toolUseId": "s1", "name": "nova_grounding", "input": {}, "type": "server_tool_use"}
    return {"role": "assistant", "content": [{"toolUse": use}, *blocks, {"text": "A cat."}]}


def test_what_the_vendors_own_tool_did_stands_beside_its_call() -> None:
    outcome = {"toolResult": {"toolUseId": "s1", "type": "nova", "content": [{"text": "cats"}]}}

    assert refusals(changed(GOOD, "messages.3", served(outcome))) == []
    assert refusals(changed(GOOD, "messages.3", served())) == [
        "messages[3]: ['s1'] have no outcome"
    ]


def test_a_body_that_names_its_model_is_taken() -> None:
    assert refusals({**GOOD, "modelId": "anthropic.claude-sonnet-5-v1:0"}) == []


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("messages", [], "messages: are empty"),
        ("temperature", 1, 'body: Unknown parameter in input: "temperature"'),
        ("messages.0.content", "Hello", "body: Invalid type for parameter messages[0].content"),
        ("messages.0.content", [], "messages[0]: content is empty"),
        ("messages.0.content.0.text", " ", "messages[0]: a text is blank"),
        ("messages.0.content.0.type", "text", "body: Invalid number of parameters set for tagged"),
        ("messages.0.role", "tool", "body.messages[0].role: 'tool' is none of"),
        ("messages.0", GONE, "messages: the first is not the user's"),
        ("messages.1", GONE, "messages[1]: two user messages in a row"),
        ("messages.0.content.1.image.format", "jpg", "body.messages[0].content[1].image.format:"),
        ("messages.0.content.1", image("!"), "body.messages[0].content[1].image.source.bytes: is"),
        ("messages.0.content.1", image("A" * 6_000_000), "messages: an image is larger than 3.75"),
        ("messages.0.content", [image()] * 21, "messages: 22 images, more than twenty"),
        ("messages.0.content", [document("a")], "messages[0]: a document has no text beside it"),
        ("messages.0.content.2", document("a.pdf"), "messages: document name 'a.pdf'"),
        ("messages.0.content.3", document("Doors"), "messages: document name 'Doors' comes twice"),
        ("messages.0.content.2", document("a", "A" * 6_400_000), "messages: a document is larger"),
        (
            "messages.0.content",
            [{"text": "x"}, *(document(f"d{n}") for n in range(6))],
            "messages: 6 documents, more than five",
        ),
        ("messages.0.content.1", call("c9"), "messages[0]: toolUse is the assistant's alone"),
        ("messages.3.content.0", image(), "messages[3]: image is the user's alone"),
        ("messages.1.content.1", call("c1"), "messages[1]: a call id comes twice"),
        ("messages.1.content.1.toolUse.toolUseId", "c 2", "body.messages[1].content[1].toolUse"),
        ("messages.1.content.1.toolUse.name", "f.g", "body.messages[1].content[1].toolUse.name"),
        ("messages.1.content.1.toolUse.input", "{}", "messages[1]: the input of a call is no"),
        ("messages.2.content.0", GONE, "messages[2]: has results of ['c1'], not of ['c1', 'c:2']"),
        ("messages.2.content.0.toolResult.content", [], "messages[2]: a result has no content"),
        (
            "messages.2.content.0.toolResult.content",
            [{"text": ""}],
            "messages[2]: a text in a result is blank",
        ),
        (
            "messages.2.content.0.toolResult.content",
            [{"json": [1]}],
            "messages[2]: the JSON of a result is no object",
        ),
        ("messages.2.content.0.toolResult.status", "failed", "body.messages[2].content[0]"),
        ("messages.3.content.1", call("c3"), "messages: ['c3'] were never answered"),
        ("system.0.text", "", "body: Invalid length for parameter system[0].text"),
        ("system.0.text", " ", "system: a text is blank"),
        ("inferenceConfig.temperature", 2, "body.inferenceConfig.temperature: 2 is above 1"),
        ("inferenceConfig.maxTokens", 0, "body: Invalid value for parameter inferenceConfig.maxT"),
        ("toolConfig", GONE, "toolConfig: must be defined where the history has calls"),
        ("toolConfig.tools", [], "body: Invalid length for parameter toolConfig.tools"),
        ("toolConfig.tools.1", spec("look", {"type": "object"}), "toolConfig: a name comes twice"),
        ("toolConfig.tools.0", spec("look", {}), "toolConfig: the schema of 'look' is no object"),
        (
            "toolConfig.tools.0",
            spec("look", {"type": "object", "properties": {"a": {"type": "any"}}}),
            "toolConfig.look.properties.a: type 'any' is none of JSON Schema's",
        ),
        ("toolConfig.toolChoice.tool.name", "run", "toolConfig: 'run' is chosen and not declared"),
    ],
)
def test_each_broken_body_is_refused_with_its_sentence(path: str, value: Any, refusal: str) -> None:
    found = refusals(changed(GOOD, path, value))

    assert any(line.startswith(refusal) for line in found), found
