"""Conversations for tests: short ways to write messages, and strategies that make them up."""

import json
from typing import Any

from hypothesis import strategies as st

from joch.transcript.conversation import Message, Role, ToolDeclaration, Transcript
from joch.transcript.parts import (
    Image,
    Part,
    Reasoning,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
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
