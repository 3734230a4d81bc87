"""Short ways to write generateContent bodies, and strategies that make some up."""

import json
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
from joch.wire.google_generate_content import parse
from joch.wire.profile import GEMINI_3
from joch.wire.rendered import Rendered

Data = dict[str, Any]

SAME = replace(GEMINI_3, same_backend=True)
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = "JVBERi0xLjQK"


def user(*parts: Any) -> Data:
    return {"role": "user", "parts": [told(part) for part in parts]}


def model(*parts: Any) -> Data:
    return {"role": "model", "parts": [told(part) for part in parts]}


def told(part: Any) -> Any:
    return {"text": part} if isinstance(part, str) else part


def call(name: str, identity: str | None = None, **args: Any) -> Data:
    named = {} if identity is None else {"id": identity}
    return {"functionCall": {**named, "name": name, "args": args}}


def response(name: str, said: Any, identity: str | None = None, **fields: Any) -> Data:
    named = {} if identity is None else {"id": identity}
    return {"functionResponse": {**named, "name": name, "response": said, **fields}}


def inline(data: str, mime_type: str, **fields: Any) -> Data:
    return {"inlineData": {"mimeType": mime_type, "data": data}, **fields}


def file(uri: str, mime_type: str) -> Data:
    return {"fileData": {"fileUri": uri, "mimeType": mime_type}}


def functions(*names: str) -> Data:
    schema = {"type": "object", "properties": {}}
    return {"functionDeclarations": [{"name": n, "parametersJsonSchema": schema} for n in names]}


def transcript(*contents: Data, **body: Any) -> Transcript:
    return parse(json.dumps({"contents": contents, **body}))


def body_of(rendered: Rendered) -> Data:
    body: Data = json.loads(json.dumps(rendered.body))
    return body


def contents_of(rendered: Rendered) -> list[Data]:
    found: list[Data] = body_of(rendered)["contents"]
    return found


_WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
_RESPONSES = st.one_of(
    st.builds(lambda said: {"output": said}, _WORDS),
    st.builds(lambda said: {"error": said}, _WORDS),
    st.sampled_from(
        [
            {"temperature": 3.5, "unit": "C"},
            {"output": ["a", "b"]},
            {"output": {"a": 1}},
            {"output": '{"a": 1}'},
            {"error": {"code": 7}},
            {"result": "a cat"},
            {},
        ]
    ),
)
_ASKED: st.SearchStrategy[Data] = st.sampled_from(
    [
        inline(PNG, "image/png"),
        inline(PDF, "application/pdf"),
        inline("QUJD", "audio/wav"),
        inline("QUJD", "video/mp4", videoMetadata={"startOffset": "1s", "endOffset": "2s"}),
        file("https://generativelanguage.googleapis.com/v1beta/files/abc", "image/png"),
        file("https://www.youtube.com/watch?v=abc", "video/mp4"),
        {"inlineData": {"mimeType": "image/png", "data": PNG, "displayName": "a.png"}},
        {"text": ""},
    ]
)
_SAID: st.SearchStrategy[Data] = st.sampled_from(
    [
        {"text": "hm", "thought": True},
        {"text": "signed", "thoughtSignature": "c2ln"},
        {"executableCode": {"language": "PYTHON", "code": "print(1)"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}},
        {"toolCall": {"id": "t1", "toolType": "URL_CONTEXT", "args": {"url": "x"}}},
        inline(PNG, "image/png"),
    ]
)
_CALLED = st.lists(st.sampled_from(["look", "send_email"]), min_size=1, max_size=3)


@st.composite
def stored_bodies(draw: st.DrawFn) -> Data:
    """A request body as a well-behaved client stores it, tool exchanges and all."""
    contents: list[Data] = []
    with_ids = draw(st.booleans())
    for turn in range(draw(st.integers(1, 4))):
        asked: list[Any] = [draw(_WORDS), *draw(st.lists(_ASKED, max_size=2))]
        for round_ in range(draw(st.integers(0, 2))):
            names = [(n, f"c{turn}{round_}{i}") for i, n in enumerate(draw(_CALLED))]
            pairs = [(name, identity if with_ids else None) for name, identity in names]
            calls = [call(name, identity, to="ops") for name, identity in pairs]
            calls[0]["thoughtSignature"] = "c2ln"
            contents += [user(*asked), model(*draw(st.lists(_SAID, max_size=2)), *calls)]
            answers = [response(name, draw(_RESPONSES), identity) for name, identity in pairs]
            asked = list(draw(st.permutations(answers)))
        contents += [user(*asked), model(draw(_WORDS), *draw(st.lists(_SAID, max_size=2)))]
    system = {"systemInstruction": {"parts": [{"text": "Be brief."}]}}
    return {
        "model": "models/gemini-3-pro",
        **(system if draw(st.booleans()) else {}),
        "contents": contents,
        "tools": [functions("look", "send_email"), {"googleSearch": {}}],
        "generationConfig": {"temperature": 0.5, "thinkingConfig": {"includeThoughts": True}},
    }


_TEXTS = st.one_of(st.text(max_size=12), st.sampled_from([" ", "\ud800", '{"a":1}']))
_SOURCES = st.one_of(
    st.builds(Source, url=st.sampled_from(["https://example.com/a", "s3://a", "data:,a"])),
    st.builds(Source, file_id=st.sampled_from(["file-1", "files/abc", "gs://a/b"])),
    st.builds(
        Source,
        data=st.sampled_from([PNG, PDF, "QUJD", "not base64", "", "QUI", "_-_-"]),
        media_type=st.sampled_from([None, "image/jpg", "image/bmp", "application/pdf", "text/csv"]),
    ),
)
_EXTRAS: st.SearchStrategy[JsonObject | None] = st.sampled_from(
    [
        None,
        {"mood": "merry"},
        {"thoughtSignature": "c2ln"},
        {"thoughtSignature": "not base64"},
        {"thought": True},
        {"videoMetadata": {"fps": 2.0}},
        {"videoMetadata": "no"},
        {"executableCode": {"language": "PYTHON", "code": "1"}},
        {"signature": "c2ln", "type": "thinking"},
    ]
)
_SPOKEN = st.one_of(
    st.builds(Text, _TEXTS, _EXTRAS),
    st.builds(Reasoning, _TEXTS, _EXTRAS),
    st.builds(Refusal, _TEXTS),
    st.builds(Image, _SOURCES, st.sampled_from([None, "high"]), _EXTRAS),
    st.builds(Document, _SOURCES, st.sampled_from([None, "a.pdf", "a.txt"]), _EXTRAS),
    st.builds(Audio, _SOURCES, st.sampled_from(["wav", None]), st.sampled_from([None, "hi"])),
    st.builds(Citation, st.just("https://example.com"), extra=_EXTRAS),
    st.builds(ProviderTool, st.just("search"), _TEXTS, _TEXTS, st.just("s1"), _EXTRAS),
    st.builds(Unknown, st.just("novelty"), st.just({"novelty": {}})),
)
_IDS = st.sampled_from(["a", "b", "c d", "", "noid_3", "z" * 300])
_NAMES = st.sampled_from(["look", "f.g", "7up", "naïve tool", "-", "x" * 200])
_ARGUMENTS = st.sampled_from(["{}", '{"a":1}', '{"a":1e999}', '{"a":1,"a":2}', "[]", "no", " "])
_ANY_PART = st.one_of(
    _SPOKEN,
    st.builds(ToolCall, _IDS, _NAMES, _ARGUMENTS, _EXTRAS),
    st.builds(
        ToolResult,
        _IDS,
        st.lists(_SPOKEN, max_size=2).map(tuple),
        st.sampled_from([None, True, False]),
        extra=_EXTRAS,
    ),
)
_TOOLS: st.SearchStrategy[tuple[ToolDeclaration, ...]] = st.sampled_from(
    [
        (),
        (ToolDeclaration("look", strict=True), ToolDeclaration("7up", "custom")),
        (ToolDeclaration("look", parameters={"type": "any"}), ToolDeclaration("look")),
        (ToolDeclaration("googleSearch", "googleSearch", extra={"googleSearch": {}}),),
        (ToolDeclaration("web_search", "web_search_20260209"),),
    ]
)
_CHOICES = st.sampled_from(
    [
        None,
        "auto",
        "none",
        "required",
        "sometimes",
        {"type": "function", "function": {"name": "look"}},
        {"type": "function", "function": {"name": "gone"}},
        {
            "type": "allowed_tools",
            "allowed_tools": {"mode": "auto", "tools": [{"function": {"name": "look"}}]},
        },
    ]
)
_SETTINGS = st.builds(
    Settings,
    st.sampled_from([None, "gpt-5.2"]),
    st.sampled_from([None, 0, 9]),
    st.sampled_from([None, -1, 0.5, 3]),
    stop=st.sampled_from([(), tuple("abcdefg")]),
    output=st.sampled_from(
        [
            None,
            OutputFormat("text"),
            OutputFormat("json_object"),
            OutputFormat("json_schema", "a", {"type": "object"}, strict=True),
            OutputFormat("grammar"),
        ]
    ),
    tool_choice=_CHOICES,
    parallel_tool_calls=st.sampled_from([None, True, False]),
    reasoning_effort=st.sampled_from([None, "none", "high", "xhigh", "odd"]),
    extra=st.sampled_from(
        [
            None,
            {"seed": 7, "top_k": 3, "presence_penalty": "no"},
            {"cachedContent": "cachedContents/a", "generationConfig": {"mood": 1}},
            {"toolConfig": {"functionCallingConfig": {"mode": "VALIDATED"}}},
        ]
    ),
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

_KEYS = st.sampled_from(
    [
        *("role", "parts", "text", "thought", "thoughtSignature", "functionCall", "name", "args"),
        *("id", "functionResponse", "response", "inlineData", "data", "mimeType", "fileData"),
        *("fileUri", "executableCode", "code", "candidates", "content", "videoMetadata", "odd"),
    ]
)
_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "user", "model", "QUJD", "image/png", "\ud800", "f"]),
)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4)
)
_PARTS = st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=2)
odd_contents = st.lists(
    st.one_of(
        _VALUES,
        st.builds(user, _PARTS, _PARTS),
        st.builds(model, _PARTS, _PARTS),
    ),
    min_size=1,
    max_size=3,
)
"""Contents in which anything may stand anywhere."""
