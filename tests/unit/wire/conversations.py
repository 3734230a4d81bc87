"""Conversations for tests: short ways to write messages, and strategies that make them up."""

import json
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
from joch.wire.openai_chat import parse

Data = dict[str, Any]


def user(content: Any) -> Data:
    return {"role": "user", "content": content}


def system(content: str) -> Data:
    return {"role": "system", "content": content}


def answer(content: str | None, *calls: Data, **fields: Any) -> Data:
    data: Data = {"role": "assistant", "content": content, **fields}
    return {**data, "tool_calls": list(calls)} if calls else data


def call(identity: str, name: str, **arguments: Any) -> Data:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"id": identity, "type": "function", "function": function}


def result(identity: str, content: Any) -> Data:
    return {"role": "tool", "tool_call_id": identity, "content": content}


def function(name: str, **fields: Any) -> Data:
    return {"type": "function", "function": {"name": name, **fields}}


def transcript(*messages: Data, **body: Any) -> Transcript:
    return parse(json.dumps({"messages": messages, **body}))


_WORDS = st.text(max_size=30)
_NAMES = st.sampled_from(
    ["look", "send_email", "files.read", "mcp__fs__write", "naïve tool", "x" * 90]
)
_IDS = st.sampled_from(["a", "call_1", "toolu_01", "c:1", "z" * 70, ""])
_ARGUMENTS = st.sampled_from(["{}", '{"to":"ops@example.com"}', "", "not json", "[1]"])

_PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, _WORDS),
    st.builds(Reasoning, _WORDS),
    st.builds(Refusal, _WORDS),
    st.builds(Image, st.builds(Source, url=st.just("https://example.com/a.png"))),
    st.builds(ToolCall, _IDS, _NAMES, _ARGUMENTS),
    st.builds(ToolResult, _IDS, st.tuples(st.builds(Text, _WORDS)), st.sampled_from([None, True])),
    st.builds(Unknown, st.just("novelty"), st.just({"type": "novelty"})),
)
_MESSAGES = st.builds(Message, st.sampled_from(Role), st.lists(_PARTS, max_size=4).map(tuple))

any_transcript = st.builds(
    Transcript,
    st.lists(_MESSAGES, max_size=8).map(tuple),
    st.lists(st.builds(ToolDeclaration, _NAMES), max_size=3).map(tuple),
)
"""Any transcript at all: results before calls, ids twice, roles with parts that aren't theirs."""


_SPOKEN: st.SearchStrategy[Part] = st.builds(Text, _WORDS)
_IN_THEIR_ROLES = st.one_of(
    st.builds(Message, st.just(Role.USER), st.lists(_SPOKEN, max_size=2).map(tuple)),
    st.builds(Message, st.just(Role.SYSTEM), st.tuples(_SPOKEN)),
    st.builds(
        Message,
        st.just(Role.ASSISTANT),
        st.lists(
            st.one_of(
                _SPOKEN, st.builds(Refusal, _WORDS), st.builds(ToolCall, _IDS, _NAMES, _ARGUMENTS)
            ),
            max_size=4,
        ).map(tuple),
    ),
    st.builds(
        Message,
        st.just(Role.TOOL),
        st.tuples(st.builds(ToolResult, _IDS, st.tuples(_SPOKEN), st.sampled_from([None, True]))),
    ),
)

any_transcript_in_its_roles = st.builds(
    Transcript,
    st.lists(_IN_THEIR_ROLES, max_size=10).map(tuple),
    st.lists(st.builds(ToolDeclaration, _NAMES), min_size=1, max_size=3).map(tuple),
)
"""Any transcript whose speakers do only what is theirs: calls may dangle, results be nobody's."""

_SOURCES = st.one_of(
    st.sampled_from(["image/png", "image/bmp", "application/pdf", "text/plain", "", None]).map(
        lambda media_type: Source(data="aGVsbG8=", media_type=media_type)
    ),
    st.just(Source(data="no base64!", media_type="image/png")),
    st.just(Source(data="", media_type="image/png")),
    st.sampled_from(["https://example.com/a.png", "s3://bucket/a.pdf", "data:,a", "", " "]).map(
        lambda url: Source(url=url)
    ),
    st.just(Source(file_id="file-1")),
    st.just(Source()),
)
_KEPT: st.SearchStrategy[JsonObject | None] = st.sampled_from(
    [
        None,
        {"cache_control": {"type": "ephemeral"}},
        {"thoughtSignature": "c2ln"},
        {"type": "custom"},
        {"signature": "", "status": None},
        {"note": ["kept", {"deeply": True}]},
    ]
)
_SHOWN: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, st.sampled_from(["", " ", "\n", "said", "\ud83e", "\x00", "名前"]), _KEPT),
    st.builds(Refusal, _WORDS, _KEPT),
    st.builds(Image, _SOURCES, st.sampled_from([None, "auto", "original"]), _KEPT),
    st.builds(Document, _SOURCES, st.sampled_from([None, "", "a.pdf", "a/b  c.pdf"]), _KEPT),
    st.builds(
        Audio, _SOURCES, st.sampled_from([None, "wav", "ogg"]), st.sampled_from([None, "", "hi"])
    ),
    st.builds(Unknown, st.just("novelty"), st.just({"type": "novelty", "says": "new"})),
)
_EVERY_PART: st.SearchStrategy[Part] = st.one_of(
    _SHOWN,
    st.builds(Reasoning, _WORDS, _KEPT),
    st.builds(Citation, st.sampled_from([None, "https://example.com"]), st.just("a"), _KEPT),
    st.builds(ProviderTool, st.just("web_search"), _ARGUMENTS, _WORDS, _IDS, _KEPT),
    st.builds(ToolCall, _IDS, _NAMES, _ARGUMENTS, _KEPT),
    st.builds(
        ToolResult,
        _IDS,
        st.lists(_SHOWN, max_size=3).map(tuple),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, "look"]),
        _KEPT,
    ),
)
_SCHEMAS: st.SearchStrategy[JsonObject | None] = st.sampled_from(
    [
        None,
        {},
        {"type": "object", "properties": {"n": {"type": "float"}}},
        {"type": "string"},
        {"anyOf": [{"type": "object"}, {"type": "null"}]},
    ]
)
_EVERY_SETTING = st.builds(
    Settings,
    max_tokens=st.sampled_from([None, 0, 10, 10**9]),
    temperature=st.sampled_from([None, -1, 0.5, 1.7, 9]),
    top_p=st.sampled_from([None, 0, 1, 2]),
    stop=st.lists(st.sampled_from(["", " ", "END", "a", "b", "c"]), max_size=6).map(tuple),
    output=st.one_of(
        st.none(),
        st.builds(
            OutputFormat,
            st.sampled_from(["text", "json_object", "json_schema"]),
            st.sampled_from([None, "a name"]),
            _SCHEMAS,
            st.sampled_from([None, True]),
        ),
    ),
    tool_choice=st.sampled_from([None, "auto", "none", "required", "odd", {"type": "any"}]),
    parallel_tool_calls=st.sampled_from([None, True, False]),
    reasoning_effort=st.sampled_from([None, "minimal", "xhigh", "odd"]),
    extra=st.sampled_from([None, {"seed": 1, "user": "u", "top_k": 3, "novel": {"a": 1}}]),
)

any_transcript_of_all_parts = st.builds(
    Transcript,
    st.lists(
        st.builds(Message, st.sampled_from(Role), st.lists(_EVERY_PART, max_size=5).map(tuple)),
        max_size=8,
    ).map(tuple),
    st.lists(
        st.builds(
            ToolDeclaration,
            _NAMES,
            st.sampled_from(["function", "custom", "web_search"]),
            parameters=_SCHEMAS,
            strict=st.sampled_from([None, True]),
        ),
        max_size=3,
    ).map(tuple),
    _EVERY_SETTING,
)
"""Any transcript at all, of parts and settings that no vendor would give or take as they are."""


@st.composite
def stored_bodies(draw: st.DrawFn) -> Data:
    """A request body as a well-behaved client stores it, tool exchanges and all."""
    messages: list[Data] = [system("Be brief.")] if draw(st.booleans()) else []
    for turn in range(draw(st.integers(1, 4))):
        messages.append(user(draw(st.text(min_size=1, max_size=40))))
        for round_ in range(draw(st.integers(0, 2))):
            names = draw(st.lists(st.sampled_from(["look", "send_email"]), min_size=1, max_size=3))
            identities = [f"call_{turn}_{round_}_{place}" for place in range(len(names))]
            pairs = list(zip(identities, names, strict=True))
            messages.append(answer(None, *(call(i, name, to="ops") for i, name in pairs)))
            messages += [result(i, draw(_WORDS)) for i in draw(st.permutations(identities))]
        messages.append(answer(draw(st.text(min_size=1, max_size=40))))
    tools = [function("look"), function("send_email")]
    return {"model": "gpt-5.2", "messages": messages, "tools": tools}
