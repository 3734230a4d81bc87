"""Short ways to write bodies of Anthropic Messages, and to look at rendered ones."""

import json
from dataclasses import replace
from typing import Any

from joch.transcript.conversation import (
    Message,
    Role,
    ToolDeclaration,
    Transcript,
)
from joch.transcript.parts import (
    Part,
    Text,
    ToolResult,
)
from joch.transcript.values import JsonObject
from joch.wire.anthropic_messages import parse
from joch.wire.profile import ANTHROPIC
from joch.wire.rendered import Carriage, Rendered

Data = dict[str, Any]

SAME = replace(ANTHROPIC, same_backend=True)
"""The conversation goes back to the Claude that wrote it."""
STRICT = replace(
    ANTHROPIC,
    images=False,
    audio=False,
    documents=False,
    urls=False,
    reasoning_effort=False,
    prefill=False,
    forced_tool_choice=False,
    max_output_tokens=5,
    stops=1,
)
"""A target that takes as little as any."""

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
PDF = "JVBERi0xLjQK"
CACHED: Data = {"cache_control": {"type": "ephemeral"}}


LOCATION: JsonObject = {
    "type": "char_location",
    "cited_text": "purr",
    "document_index": 0,
    "document_title": None,
    "start_char_index": 5,
    "end_char_index": 9,
}


def user(*blocks: Any) -> Data:
    return {"role": "user", "content": [told(block) for block in blocks]}


def answer(*blocks: Any) -> Data:
    return {"role": "assistant", "content": [told(block) for block in blocks]}


def told(block: Any) -> Any:
    return {"type": "text", "text": block} if isinstance(block, str) else block


def use(identity: str, name: str, /, **arguments: Any) -> Data:
    return {"type": "tool_use", "id": identity, "name": name, "input": arguments}


def result(identity: str, content: Any = "done", **fields: Any) -> Data:
    return {"type": "tool_result", "tool_use_id": identity, "content": content, **fields}


def image(data: str = PNG, media_type: str = "image/png") -> Data:
    source = {"type": "base64", "media_type": media_type, "data": data}
    return {"type": "image", "source": source}


def document(**fields: Any) -> Data:
    source = {"type": "base64", "media_type": "application/pdf", "data": PDF}
    return {"type": "document", "source": source, **fields}


def thinking(said: str, signature: str = "c2ln") -> Data:
    return {"type": "thinking", "thinking": said, "signature": signature}


def searched(identity: str, query: str) -> tuple[Data, Data]:
    """A search that the vendor carried out: the call, and what it found."""
    found = {
        "type": "web_search_result",
        "url": "https://example.com/cats",
        "title": "Cats",
        "encrypted_content": "c2VjcmV0",
    }
    call = {
        "type": "server_tool_use",
        "id": identity,
        "name": "web_search",
        "input": {"query": query},
    }
    return call, {
        "type": "web_search_tool_result",
        "tool_use_id": identity,
        "content": [found],
    }


def tool(name: str, **fields: Any) -> Data:
    return {"name": name, "input_schema": {"type": "object", "properties": {}}, **fields}


FULL: Data = {
    "model": "claude-sonnet-5",
    "max_tokens": 2000,
    "system": [{**told("Be brief."), **CACHED}],
    "messages": [
        user(
            document(title="a.pdf", citations={"enabled": True}),
            {"type": "document", "source": {"type": "content", "content": [told("Cats.")]}},
            {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
            {"type": "container_upload", "file_id": "file_2"},
            {"type": "search_result", "title": "t", "source": "s", "content": [told("Cats.")]},
            "What do they do?",
        ),
        answer(thinking("Two."), use("toolu_1", "look", at="é"), use("toolu_2", "look")),
        user(
            result("toolu_1", [told("here"), image()], **CACHED),
            result("toolu_2", "no", is_error=True),
            "Well?",
        ),
        answer(
            {"type": "redacted_thinking", "data": "c2VjcmV0"},
            *searched("srvtoolu_1", "cats"),
            {**told("They purr."), "citations": [LOCATION]},
        ),
    ],
    "tools": [
        tool("look", description="Looks.", strict=False, input_examples=[{}]),
        {"type": "web_search_20260209", "name": "web_search", "max_uses": 2},
    ],
    "tool_choice": {"type": "tool", "name": "look", "disable_parallel_tool_use": True},
    "thinking": {"type": "adaptive"},
    "output_config": {
        "effort": "high",
        "format": {
            "type": "json_schema",
            "schema": {"type": "object", "properties": {}, "additionalProperties": False},
        },
    },
    "stop_sequences": ["END"],
    "metadata": {"user_id": "u-1"},
    "service_tier": "standard_only",
    "stream": True,
    "container": "container_1",
}
"""A body with every kind of block and setting that is published."""


def transcript(*messages: Data, **body: Any) -> Transcript:
    return parse(json.dumps({"messages": messages, **body}))


def made(*messages: Message, tools: tuple[str, ...] = ("f", "look")) -> Transcript:
    """Messages as another format's, with some tools declared."""
    return Transcript(messages, tuple(ToolDeclaration(name) for name in tools))


def asked(*parts: Part) -> Message:
    return Message(Role.USER, parts)


def said(*parts: Part) -> Message:
    return Message(Role.ASSISTANT, parts)


def body_of(rendered: Rendered) -> Data:
    body: Data = json.loads(json.dumps(rendered.body))
    return body


def messages_of(rendered: Rendered) -> list[Data]:
    found: list[Data] = body_of(rendered)["messages"]
    return found


def blocks_of(rendered: Rendered) -> list[Data]:
    """The blocks of all messages; a bare text is a block of its own."""
    contents = [message["content"] for message in messages_of(rendered)]
    return [b for c in contents for b in ([told(c)] if isinstance(c, str) else c)]


def calls_of(rendered: Rendered) -> list[Data]:
    return [block for block in blocks_of(rendered) if block["type"] == "tool_use"]


def results_of(rendered: Rendered) -> list[Data]:
    return [block for block in blocks_of(rendered) if block["type"] == "tool_result"]


def tool_message(*results: ToolResult) -> Message:
    return Message(Role.TOOL, results)


def done(identity: str, said: str = "done") -> ToolResult:
    return ToolResult(identity, (Text(said),))


def ids(rendered: Rendered) -> list[str]:
    return [change.id for change in rendered.changes]


def sentences(rendered: Rendered) -> list[str]:
    return [change.sentence for change in rendered.changes]


def lost(rendered: Rendered) -> list[str]:
    return [change.id for change in rendered.changes if change.carriage is Carriage.LOST]


GO = asked(Text("go"))
