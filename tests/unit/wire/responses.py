"""Short ways to write Responses bodies, and strategies that make some up."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from joch.transcript.conversation import Message, OutputFormat, Role, Settings, Transcript
from joch.transcript.parts import (
    Citation,
    Part,
    ProviderTool,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import JsonObject
from joch.wire.openai_responses import parse, render
from joch.wire.profile import OPENAI_RESPONSES, Profile
from joch.wire.rendered import Rendered

Data = dict[str, Any]

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SAME_BACKEND = replace(OPENAI_RESPONSES, same_backend=True, phases=True)
"""The backend that wrote the conversation, of a family that takes phases back."""


def user(content: Any) -> Data:
    return {"role": "user", "content": content}


def answer(content: Any) -> Data:
    return {"role": "assistant", "content": content}


def message(*content: Any, identity: str = "msg_1", **fields: Any) -> Data:
    """An output message, as the vendor answers with it."""
    parts = [output_text(part) if isinstance(part, str) else part for part in content]
    data: Data = {"type": "message", "id": identity, "role": "assistant", "status": "completed"}
    return {**data, "content": parts, **fields}


def output_text(text: str, *annotations: Data) -> Data:
    return {"type": "output_text", "text": text, "annotations": list(annotations)}


def url_citation(url: str) -> Data:
    place = {"start_index": 0, "end_index": 3}
    return {"type": "url_citation", "url": url, "title": "Example", **place}


def input_text(text: str) -> Data:
    return {"type": "input_text", "text": text}


def input_image(url: str, detail: str = "auto") -> Data:
    return {"type": "input_image", "image_url": url, "detail": detail}


def call(call_id: str, name: str, **arguments: Any) -> Data:
    return {
        "type": "function_call",
        "call_id": call_id,
        "name": name,
        "arguments": json.dumps(arguments),
    }


def output(call_id: str, said: Any) -> Data:
    return {"type": "function_call_output", "call_id": call_id, "output": said}


def thought(identity: str, text: str, encrypted: str | None = "gAAA") -> Data:
    summary = [{"type": "summary_text", "text": text}]
    sealed = {} if encrypted is None else {"encrypted_content": encrypted}
    return {"type": "reasoning", "id": identity, "summary": summary, **sealed}


def function(name: str, **fields: Any) -> Data:
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    return {"type": "function", "name": name, "parameters": schema, "strict": True, **fields}


def transcript(*items: Data, **body: Any) -> Transcript:
    return parse(json.dumps({"input": items, **body}))


def made(*messages: Message, **fields: Any) -> Transcript:
    return Transcript(messages, **fields)


def body_of(rendered: Rendered) -> Data:
    body: Data = json.loads(json.dumps(rendered.body))
    return body


def items_of(rendered: Rendered) -> list[Data]:
    found: list[Data] = body_of(rendered)["input"]
    return found


def changes_of(read: Transcript, profile: Profile = OPENAI_RESPONSES) -> list[str]:
    """The ids of the declared changes."""
    return [change.id for change in render(read, profile).changes]


_WORDS = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


@st.composite
def stored_bodies(draw: st.DrawFn) -> Data:
    """A request body as a well-behaved client stores it, tool exchanges and all."""
    items: list[Data] = []
    for turn in range(draw(st.integers(1, 4))):
        items.append(user(draw(_WORDS)))
        for round_ in range(draw(st.integers(0, 2))):
            names = draw(st.lists(st.sampled_from(["look", "send_email"]), min_size=1, max_size=3))
            pairs = [(f"call_{turn}_{round_}_{i}", name) for i, name in enumerate(names)]
            items += [answer(draw(_WORDS))] if draw(st.booleans()) else []
            items += [call(identity, name, to="ops") for identity, name in pairs]
            items += [output(i, draw(st.text(max_size=9))) for i, _ in draw(st.permutations(pairs))]
        items.append(answer(draw(_WORDS)))
    told = {"instructions": "Be brief."} if draw(st.booleans()) else {}
    tools = [function("look"), function("send_email")]
    return {"model": "gpt-5.4", **told, "input": items, "tools": tools}


_TEXTS = st.one_of(st.text(max_size=12), st.sampled_from([" ", "\n"]))
_EXTRAS: st.SearchStrategy[JsonObject | None] = st.sampled_from(
    [
        None,
        {"mood": "merry"},
        {"id": "rs_1", "summary": [], "encrypted_content": "gAAA"},
        {"id": "rs_2", "summary": []},
        {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {}},
        {"type": "computer_call", "id": "cu_1", "call_id": "s1", "action": {}},
        {"type": "computer_call_output", "call_id": "s1"},
        {"type": "url_citation", "url": "https://a.b", "title": "t"}
        | {"start_index": 0, "end_index": 1},
        {"type": "file_citation", "file_id": "file-1", "filename": "a", "index": 0},
    ]
)
_SPOKEN: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, _TEXTS, _EXTRAS),
    st.builds(Refusal, _TEXTS, _EXTRAS),
    st.builds(Reasoning, _TEXTS, _EXTRAS),
    st.builds(Citation, extra=_EXTRAS),
    st.builds(ProviderTool, st.just("search"), _TEXTS, _TEXTS, st.just("s1"), _EXTRAS),
    st.builds(Unknown, st.sampled_from(["item_reference", "novelty"]), st.just({"id": "x_1"})),
)
_IDS = st.sampled_from(["a", "b", "c d", "", "z" * 70])
_ANY_PART: st.SearchStrategy[Part] = st.one_of(
    _SPOKEN,
    st.builds(
        ToolCall,
        _IDS,
        st.sampled_from(["look", "f.g"]),
        st.sampled_from(["{}", '{"a":1}', "[]", "no", " "]),
        st.sampled_from([None, {"type": "custom"}, {"id": "fc_1", "status": "incomplete"}]),
    ),
    st.builds(
        ToolResult, _IDS, st.lists(_SPOKEN, max_size=2).map(tuple), st.sampled_from([None, True])
    ),
)
_SETTINGS = st.builds(
    Settings,
    max_tokens=st.sampled_from([None, 0, 9]),
    temperature=st.sampled_from([None, 0.5, 3]),
    stop=st.sampled_from([(), ("END",)]),
    output=st.sampled_from(
        [
            None,
            OutputFormat("json_object"),
            OutputFormat("json_schema", "an answer", {"type": "dict"}, strict=True),
            OutputFormat("grammar"),
        ]
    ),
    tool_choice=st.sampled_from([None, "required", {"type": "function", "name": "look"}, {}]),
    reasoning_effort=st.sampled_from([None, "high", "a lot"]),
    extra=st.sampled_from(
        [
            None,
            {"previous_response_id": "resp_1", "store": True, "seed": 7},
            {"service_tier": "standard_only", "verbosity": "low", "text": {"mood": 1}},
            {"reasoning": {"summary": "auto", "max_tokens": 9}, "metadata": {"a": 1}},
        ]
    ),
)
any_items = st.builds(
    Transcript,
    st.lists(
        st.builds(
            Message,
            st.sampled_from(Role),
            st.lists(_ANY_PART, max_size=5).map(tuple),
            id=st.sampled_from([None, "msg_1", "instructions"]),
            extra=st.sampled_from([None, {"phase": "commentary"}, {"status": "incomplete"}]),
        ),
        max_size=6,
    ).map(tuple),
    settings=_SETTINGS,
)
"""Any transcript at all, with everything that this format alone knows, in every role."""
