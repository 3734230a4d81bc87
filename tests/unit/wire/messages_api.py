"""Short ways to write bodies of Anthropic Messages, and strategies that make some up."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from joch.transcript.conversation import (
    Message,
    OutputFormat,
    Role,
    Settings,
    ToolDeclaration,
    Transcript,
)
from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Part,
    ProviderTool,
    Reasoning,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import JsonObject
from joch.wire.anthropic_messages import parse
from joch.wire.profile import ANTHROPIC, Profile
from joch.wire.rendered import Rendered

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


_WORDS = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
_ANSWERS = _WORDS.map(lambda text: f"{text}.")


@st.composite
def stored_bodies(draw: st.DrawFn) -> Data:
    """A request body as a well-behaved client stores it, tool exchanges and all."""
    messages: list[Data] = []
    for turn in range(draw(st.integers(1, 4))):
        asks: list[Any] = [draw(_WORDS), *([image()] if draw(st.booleans()) else [])]
        for round_ in range(draw(st.integers(0, 2))):
            names = draw(st.lists(st.sampled_from(["look", "send_email"]), min_size=1, max_size=3))
            pairs = [(f"toolu_{turn}_{round_}_{i}", name) for i, name in enumerate(names)]
            messages.append(_plain(user(*asks)))
            messages.append(answer(draw(_WORDS), *(use(i, name, to="ops") for i, name in pairs)))
            asks = [result(i, draw(_WORDS), is_error=draw(st.booleans())) for i, _ in pairs]
        messages += [_plain(user(*asks)), _plain(answer(draw(_ANSWERS)))]
    system = [{**told("Be brief."), **CACHED}]
    return {
        "model": "claude-sonnet-5",
        "max_tokens": 100,
        **({"system": system} if draw(st.booleans()) else {}),
        "messages": messages,
        "tools": [tool("look"), tool("send_email", description="Sends.", strict=False)],
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": draw(st.booleans())},
    }


def _plain(message: Data) -> Data:
    blocks = message["content"]
    bare = len(blocks) == 1 and blocks[0].keys() == {"type", "text"}
    return {**message, "content": blocks[0]["text"]} if bare else message


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-9, 9) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["type", "text", "content", "source"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@st.composite
def broken_bodies(draw: st.DrawFn) -> Data:
    """A stored body with any JSON at all in the place of some of its values."""
    body: Data = json.loads(json.dumps(FULL))
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(_places(body))))
        holder[key] = draw(_JSON)
    return body


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside a JSON value: what holds it, and under which key."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


_TEXTS = st.one_of(st.text(max_size=12), st.sampled_from([" ", "\n", "hm "]))
_SOURCES = st.one_of(
    st.builds(Source, url=st.sampled_from(["https://example.com/a", "s3://bucket/a"])),
    st.builds(Source, file_id=st.just("file-1")),
    st.builds(
        Source,
        data=st.sampled_from([PNG, PDF, "QUJD", "not base64", "", "IA==", "_-_-"]),
        media_type=st.sampled_from(
            [None, "image/jpg", "image/bmp", "application/pdf", "text/csv", "text/plain"]
        ),
    ),
)
_SEARCH_RESULT: JsonObject = {
    "type": "search_result",
    "title": "t",
    "source": "s",
    "content": [{"type": "text", "text": "c"}],
}
_EXTRAS: st.SearchStrategy[JsonObject | None] = st.sampled_from(
    [
        None,
        {"mood": "merry"},
        {"cache_control": {"type": "ephemeral", "ttl": "1h"}},
        {"cache_control": {"type": "forever"}},
        {"search_result": _SEARCH_RESULT},
        {"search_result": {"type": "search_result"}},
        {"type": "thinking", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "c2VjcmV0"},
        {"type": "container_upload"},
        {"type": "custom"},
        {"context": "Of last year."},
    ]
)
_CITATIONS: st.SearchStrategy[JsonObject | None] = st.sampled_from(
    [None, LOCATION, {**LOCATION, "file_id": "f"}, {"type": "page_location"}, {"title": "t"}]
)
_UNKNOWN: st.SearchStrategy[Unknown] = st.sampled_from(
    [
        Unknown("novelty", {"type": "novelty"}),
        Unknown("tool_reference", {"type": "tool_reference", "tool_name": "look"}),
        Unknown("cachePoint", {"cachePoint": {"type": "default"}}),
    ]
)
_CALLED: JsonObject = {"type": "server_tool_use"}
_FOUND: JsonObject = {"type": "web_search_tool_result", "content": []}
_SPOKEN: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, _TEXTS, _EXTRAS),
    st.builds(Refusal, _TEXTS),
    st.builds(Reasoning, _TEXTS, _EXTRAS),
    st.builds(Image, _SOURCES, st.sampled_from([None, "low"]), _EXTRAS),
    st.builds(Document, _SOURCES, st.sampled_from([None, "a.pdf"]), _EXTRAS),
    st.builds(Audio, _SOURCES, st.sampled_from(["wav", None]), st.sampled_from([None, "hi"])),
    st.builds(Citation, extra=_CITATIONS),
    st.builds(
        ProviderTool,
        st.just("web_search"),
        st.sampled_from(["", '{"query":"x"}', "no"]),
        _TEXTS,
        st.just("srvtoolu_1"),
        st.sampled_from([None, _CALLED, _FOUND]),
    ),
    _UNKNOWN,
)
_IDS = st.sampled_from(["a", "b", "c d", "z" * 70, ""])
_ANY_PART: st.SearchStrategy[Part] = st.one_of(
    _SPOKEN,
    st.builds(
        ToolCall,
        _IDS,
        st.sampled_from(["look", "f.g", "computer"]),
        st.sampled_from(["{}", '{"a":1}', "[]", "no", " ", '{"a":1e999}']),
        _EXTRAS,
    ),
    st.builds(
        ToolResult,
        _IDS,
        st.lists(_SPOKEN, max_size=2).map(tuple),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, "look"]),
        _EXTRAS,
    ),
)
_TOOLS: st.SearchStrategy[tuple[ToolDeclaration, ...]] = st.sampled_from(
    [
        (),
        (ToolDeclaration("look", strict=True), ToolDeclaration("f.g", "custom")),
        (ToolDeclaration("look", parameters={"type": "any"}), ToolDeclaration("look")),
        (ToolDeclaration("computer", "computer_use_preview"), ToolDeclaration("look")),
        (
            ToolDeclaration(
                "web_search",
                "web_search_20260209",
                extra={"type": "web_search_20260209", "name": "web_search", **CACHED},
            ),
        ),
    ]
)
_SETTINGS = st.builds(
    Settings,
    st.sampled_from([None, "gpt-5.2"]),
    st.sampled_from([None, 0, 9, 9000]),
    st.sampled_from([None, -1, 0.5, 2]),
    stop=st.sampled_from([(), ("", "END", "STOP")]),
    output=st.sampled_from(
        [
            None,
            OutputFormat("text"),
            OutputFormat("json_object"),
            OutputFormat("json_schema", "a", {"type": "object", "maxProperties": 3}),
        ]
    ),
    tool_choice=st.sampled_from(
        [None, "auto", "none", "required", {"type": "function", "function": {"name": "look"}}]
    ),
    parallel_tool_calls=st.sampled_from([None, True, False]),
    reasoning_effort=st.sampled_from([None, "none", "minimal", "high"]),
    extra=st.sampled_from(
        [
            None,
            {"service_tier": "flex", "seed": 7, "top_k": 3},
            {"thinking": {"type": "enabled", "budget_tokens": 1024}, **CACHED},
        ]
    ),
)

rich_transcripts = st.builds(
    Transcript,
    st.lists(
        st.builds(
            Message,
            st.sampled_from(Role),
            st.lists(_ANY_PART, max_size=5).map(tuple),
            st.sampled_from([None, "ada"]),
        ),
        max_size=6,
    ).map(tuple),
    _TOOLS,
    _SETTINGS,
)
"""Any transcript at all, with every kind of part, in every role."""

profiles: st.SearchStrategy[Profile] = st.sampled_from([ANTHROPIC, SAME, STRICT])
