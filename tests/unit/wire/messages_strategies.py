"""Strategies that make up conversations of Anthropic Messages, well-formed ones and any at all."""

import json
from collections.abc import Iterator
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
from joch.wire.profile import ANTHROPIC, Profile
from tests.unit.wire.messages_api import (
    CACHED,
    FULL,
    LOCATION,
    PDF,
    PNG,
    SAME,
    STRICT,
    Data,
    answer,
    image,
    result,
    told,
    tool,
    use,
    user,
)

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
