"""Short ways to write Converse bodies, and strategies that make some up."""

import json
from typing import Any

from hypothesis import strategies as st

from joch.transcript.conversation import (
    Message,
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
    ProviderTool,
    Reasoning,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import JsonObject
from joch.wire.bedrock_converse import parse
from joch.wire.rendered import Rendered

Data = dict[str, Any]

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
PDF = "JVBERi0xLjQK"


def user(*blocks: Any) -> Data:
    return {"role": "user", "content": [told(block) for block in blocks]}


def answer(*blocks: Any) -> Data:
    return {"role": "assistant", "content": [told(block) for block in blocks]}


def told(block: Any) -> Any:
    return {"text": block} if isinstance(block, str) else block


def use(identity: str, name: str, **arguments: Any) -> Data:
    return {"toolUse": {"toolUseId": identity, "name": name, "input": arguments}}


def result(identity: str, *blocks: Any, **fields: Any) -> Data:
    content = [told(block) for block in blocks]
    return {"toolResult": {"toolUseId": identity, "content": content, **fields}}


def image(data: str = PNG, form: str = "png") -> Data:
    return {"image": {"format": form, "source": {"bytes": data}}}


def document(name: str, data: str = PDF, form: str = "pdf") -> Data:
    return {"document": {"format": form, "name": name, "source": {"bytes": data}}}


def spec(name: str, **fields: Any) -> Data:
    schema = {"type": "object", "properties": {}}
    return {"toolSpec": {"name": name, "inputSchema": {"json": schema}, **fields}}


def tools(*names: str) -> Data:
    return {"tools": [spec(name) for name in names]}


def transcript(*messages: Data, **body: Any) -> Transcript:
    return parse(json.dumps({"messages": messages, **body}))


def body_of(rendered: Rendered) -> Data:
    body: Data = json.loads(json.dumps(rendered.body))
    return body


def messages_of(rendered: Rendered) -> list[Data]:
    found: list[Data] = body_of(rendered)["messages"]
    return found


_WORDS = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


@st.composite
def stored_bodies(draw: st.DrawFn) -> Data:
    """A request body as a well-behaved client stores it, tool exchanges and all."""
    messages: list[Data] = []
    for turn in range(draw(st.integers(1, 4))):
        asked: list[Any] = [draw(_WORDS), *([image()] if draw(st.booleans()) else [])]
        for round_ in range(draw(st.integers(0, 2))):
            names = draw(st.lists(st.sampled_from(["look", "send_email"]), min_size=1, max_size=3))
            pairs = [(f"tooluse_{turn}_{round_}_{i}", name) for i, name in enumerate(names)]
            messages.append(user(*asked))
            messages.append(answer(draw(_WORDS), *(use(i, name, to="ops") for i, name in pairs)))
            status = {"status": draw(st.sampled_from(["success", "error"]))}
            asked = [result(identity, draw(_WORDS), **status) for identity, _ in pairs]
        messages += [user(*asked), answer(draw(_WORDS))]
    system = [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}]
    return {
        "modelId": "anthropic.claude-sonnet-5-v1:0",
        **({"system": system} if draw(st.booleans()) else {}),
        "messages": messages,
        "inferenceConfig": {"maxTokens": 100},
        "toolConfig": tools("look", "send_email"),
    }


_TEXTS = st.one_of(st.text(max_size=12), st.sampled_from([" ", "\n"]))
_URLS = st.sampled_from(["https://example.com/a", "s3://bucket/a"])
_BASE64 = st.sampled_from([PNG, PDF, "QUJD", "not base64", "", "QUI", "_-_-"])
_SOURCES = st.one_of(
    st.builds(Source, url=_URLS),
    st.builds(Source, file_id=st.just("file-1")),
    st.builds(
        Source,
        data=_BASE64,
        media_type=st.sampled_from([None, "image/jpg", "image/bmp", "application/pdf", "text/csv"]),
    ),
)
_EXTRAS: st.SearchStrategy[JsonObject | None] = st.sampled_from(
    [
        None,
        {"mood": "merry"},
        {"json": True},
        {"guardContent": {"qualifiers": ["query"]}},
        {"searchResult": {"source": "s", "title": "t", "content": [{"text": "c"}]}},
        {"citationsContent": {"content": [{"text": "c"}], "citations": [{"title": "t"}]}},
        {"signature": "c2ln"},
        {"type": "server_tool_use"},
    ]
)
_UNKNOWN: st.SearchStrategy[Unknown] = st.sampled_from(
    [
        Unknown("cachePoint", {"cachePoint": {"type": "default"}}),
        Unknown("cachePoint", {"cachePoint": {"type": "forever"}}),
        Unknown("video", {"video": {"format": "mp4", "source": {"bytes": "QUJD"}}}),
        Unknown("video", {"type": "video", "video": "x"}),
    ]
)
_SPOKEN = st.one_of(
    st.builds(Text, _TEXTS, _EXTRAS),
    st.builds(Reasoning, _TEXTS, _EXTRAS),
    st.builds(Image, _SOURCES, st.just(None), _EXTRAS),
    st.builds(Document, _SOURCES, st.sampled_from([None, "a.pdf", "a  b", "报告"]), _EXTRAS),
    st.builds(Audio, _SOURCES, st.sampled_from(["wav", None]), st.sampled_from([None, "hi"])),
    st.builds(Citation, extra=st.sampled_from([None, {"title": "t"}, {"type": "url_citation"}])),
    st.builds(ProviderTool, st.just("search"), _TEXTS, _TEXTS, st.just("s1"), _EXTRAS),
    _UNKNOWN,
)
_IDS = st.sampled_from(["a", "b", "c d", ""])
_ANY_PART = st.one_of(
    _SPOKEN,
    st.builds(
        ToolCall,
        _IDS,
        st.sampled_from(["look", "f.g"]),
        st.sampled_from(["{}", '{"a":1}', "[]", "no", " "]),
        st.sampled_from([None, {"type": "custom"}]),
    ),
    st.builds(
        ToolResult,
        _IDS,
        st.lists(_SPOKEN, max_size=2).map(tuple),
        st.sampled_from([None, True, False]),
    ),
)
_TOOLS: st.SearchStrategy[tuple[ToolDeclaration, ...]] = st.sampled_from(
    [
        (),
        (ToolDeclaration("look", strict=True), ToolDeclaration("f.g", "custom")),
        (ToolDeclaration("look", parameters={"type": "any"}), ToolDeclaration("look")),
        (ToolDeclaration("code", "systemTool", extra={"systemTool": {"name": "code"}}),),
        (ToolDeclaration("cachePoint", "cachePoint", extra={"cachePoint": {"type": "default"}}),),
        (ToolDeclaration("web_search", "web_search_20260209"),),
    ]
)
_SETTINGS = st.builds(
    Settings,
    st.sampled_from([None, "gpt-5.2", "meta/llama"]),
    st.sampled_from([None, 0, 9]),
    st.sampled_from([None, -1, 0.5, 2]),
    stop=st.sampled_from([(), ("", "END")]),
    tool_choice=st.sampled_from(
        [None, "auto", "none", "required", {"type": "function", "function": {"name": "look"}}]
    ),
    reasoning_effort=st.sampled_from([None, "minimal", "high"]),
    extra=st.sampled_from([None, {"serviceTier": {"type": "flex"}, "seed": 7}]),
)

rich_transcripts = st.builds(
    Transcript,
    st.lists(
        st.builds(Message, st.sampled_from(Role), st.lists(_ANY_PART, max_size=5).map(tuple)),
        max_size=6,
    ).map(tuple),
    _TOOLS,
    _SETTINGS,
)
"""Any transcript at all, with every kind of part, in every role."""
