"""What clients of generateContent store is read, whole."""

import json
from typing import Any

import pytest

from joch.transcript.conversation import Message, OutputFormat, Role, ToolDeclaration
from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Part,
    ProviderTool,
    Reasoning,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import JsonObject
from joch.wire.google_generate_content import parse
from tests.unit.wire.generate_content import call, inline, model, response, transcript, user

HELLO = (Message(Role.USER, (Text("hello"),)),)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param('{"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}', id="body"),
        pytest.param('{"contents": {"role": "user", "parts": {"text": "hello"}}}', id="objects"),
        pytest.param('{"contents": "hello"}', id="the SDKs' bare text"),
        pytest.param('{"contents": [{"text": "hello"}]}', id="the SDKs' bare parts"),
        pytest.param('[{"role": "user", "parts": [{"text": "hello"}]}]', id="bare list"),
        pytest.param('{"role": "user", "parts": [{"text": "hello"}]}\n', id="one JSON line"),
        pytest.param('{"parts": [{"text": "hello"}]}', id="no role"),
        pytest.param('{"role": "USER", "parts": ["hello"]}', id="capitals and bare strings"),
        pytest.param(
            '{"role": "user", "parts": [{"text": "hello", "thought": null, "inline_data": null}]}',
            id="nulls of unset fields",
        ),
    ],
)
def test_a_transcript_may_be_stored_in_any_of_these_shapes(stored: str) -> None:
    assert parse(stored).messages == HELLO
    assert parse(stored.encode()).messages == HELLO


def test_a_request_and_the_answers_after_it_may_be_json_lines() -> None:
    request = {"model": "gemini-3-pro", "contents": [user("hello")]}
    answer = {"candidates": [{"content": model("hi")}]}

    read = parse(json.dumps(request) + "\n" + json.dumps(answer) + "\n" + json.dumps(user("bye")))

    assert [m.role for m in read.messages] == [Role.USER, Role.ASSISTANT, Role.USER]
    assert read.settings.model == "gemini-3-pro"


@pytest.mark.parametrize(
    "instruction",
    ["Be brief.", {"text": "Be brief."}, {"parts": {"text": "Be brief."}}, ["Be brief."]],
)
def test_instructions_come_first_in_any_of_their_shapes(instruction: Any) -> None:
    for key in ("systemInstruction", "system_instruction"):
        read = transcript(user("hello"), **{key: instruction})

        assert read.messages == (Message(Role.SYSTEM, (Text("Be brief."),)), *HELLO)


def test_a_whole_answer_appended_is_its_content_and_keeps_the_rest() -> None:
    answer = {
        "candidates": [{"content": model("hi"), "finishReason": "STOP"}, {"index": 1}],
        "usageMetadata": {"totalTokenCount": 3},
        "modelVersion": "gemini-3-pro",
    }

    last = transcript(user("hello"), answer).messages[-1]

    assert (last.role, last.parts) == (Role.ASSISTANT, (Text("hi"),))
    assert last.extra == {
        "response": {
            "usageMetadata": {"totalTokenCount": 3},
            "modelVersion": "gemini-3-pro",
            "finishReason": "STOP",
            "candidates": [{"index": 1}],
        }
    }


def test_candidates_beside_the_contents_are_the_last_answer() -> None:
    read = transcript(user("hello"), candidates=[{"content": model("hi")}], usage_metadata={})

    assert read.messages[-1].parts == (Text("hi"),)
    assert read.settings.extra is None


def test_an_answer_that_was_blocked_is_a_message_without_parts() -> None:
    last = transcript(user("hello"), {"promptFeedback": {"blockReason": "SAFETY"}}).messages[-1]

    assert (last.role, last.parts) == (Role.ASSISTANT, ())
    assert last.extra == {"response": {"promptFeedback": {"blockReason": "SAFETY"}}}


def test_sources_of_an_answer_are_citations_and_what_rests_on_them_is_kept() -> None:
    chunk: JsonObject = {"web": {"uri": "https://example.com", "title": "E"}}
    source: JsonObject = {"uri": "https://example.org", "license": "mit"}
    candidate = {
        "content": model("hi"),
        "groundingMetadata": {"groundingChunks": [chunk], "webSearchQueries": ["e"]},
        "citationMetadata": {"citationSources": [source]},
    }

    last = transcript(user("hello"), {"candidates": [candidate]}).messages[-1]

    assert last.parts == (
        Text("hi"),
        Citation("https://example.com", "E", chunk),
        Citation("https://example.org", None, source),
    )
    assert last.extra == {"response": {"groundingMetadata": {"webSearchQueries": ["e"]}}}


def test_what_the_sdks_write_is_read_as_what_rest_has() -> None:
    sdk = {
        "model": "gemini-3-pro",
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"inline_data": {"mime_type": "image/png", "data": "_-_-"}},
                    {"file_data": {"file_uri": "https://example.com/a.pdf", "mime_type": "a/b"}},
                ],
            },
            {
                "role": "model",
                "parts": [{"function_call": {"name": "f", "args": {"mime_type": 1}}}],
            },
            {"role": "user", "parts": [{"function_response": {"name": "f", "response": {}}}]},
        ],
        "config": {
            "system_instruction": "Be brief.",
            "max_output_tokens": 9,
            "thinking_config": {"thinking_level": "low", "include_thoughts": True},
            "tools": {"function_declarations": {"name": "f", "parameters_json_schema": {}}},
            "tool_config": {"function_calling_config": {"mode": "any"}},
            "safety_settings": [],
        },
    }
    rest = {
        "model": "gemini-3-pro",
        "contents": [
            user(
                inline("/+/+", "image/png"),
                {"fileData": {"fileUri": "https://example.com/a.pdf", "mimeType": "a/b"}},
            ),
            model(call("f", mime_type=1)),
            user(response("f", {})),
        ],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {
            "maxOutputTokens": 9,
            "thinkingConfig": {"thinkingLevel": "LOW", "includeThoughts": True},
        },
        "tools": [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": {}}]}],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
        "safetySettings": [],
    }

    assert parse(json.dumps(sdk)) == parse(json.dumps(rest))


def test_calls_without_ids_are_answered_by_name_in_their_order() -> None:
    read = transcript(
        model(call("f", a=1), call("g"), call("f", a=2)),
        user(response("f", {"output": "1"}), response("f", {"output": "2"}), response("g", {})),
    )
    calls = {p.id: p for p in read.messages[0].parts if isinstance(p, ToolCall)}
    answered = [
        (calls[p.call_id].name, calls[p.call_id].arguments, p.parts)
        for p in read.messages[1].parts
        if isinstance(p, ToolResult)
    ]

    assert len(calls) == 3
    assert answered == [
        ("f", '{"a":1}', (Text("1"),)),
        ("f", '{"a":2}', (Text("2"),)),
        ("g", "{}", ()),
    ]


def test_calls_with_ids_are_answered_by_them() -> None:
    read = transcript(
        model(call("f", "c1"), call("f", "c2")),
        user(response("f", {"output": "2"}, "c2"), response("f", {"output": "1"}, "c1")),
    )

    assert read.messages[1] == Message(
        Role.TOOL,
        (ToolResult("c2", (Text("2"),), name="f"), ToolResult("c1", (Text("1"),), name="f")),
    )


@pytest.mark.parametrize("role", ["function", "tool", "user"])
def test_a_content_of_responses_is_a_message_of_the_role_tool(role: str) -> None:
    read = transcript(model(call("f")), {"role": role, "parts": [response("f", {})]})

    assert read.messages[1].role is Role.TOOL


def test_a_content_of_a_response_and_a_text_is_the_users() -> None:
    read = transcript(model(call("f", "c1")), user(response("f", {}, "c1"), "and?"))

    assert read.messages[1] == Message(Role.USER, (ToolResult("c1", (), name="f"), Text("and?")))


@pytest.mark.parametrize(
    ("said", "texts", "error"),
    [
        ({"output": "a cat"}, ("a cat",), None),
        ({"output": ["a", "b"]}, ("a", "b"), None),
        ({"output": {"a": 1}}, ('{"output":{"a":1}}',), None),
        ({"output": '{"a": 1}'}, (r'{"output":"{\"a\": 1}"}',), None),
        ({"error": "no route"}, ("no route",), True),
        ({"error": {"code": 7}}, ('{"error":{"code":7}}',), True),
        ({"b": 2, "a": 1}, ('{"b":2,"a":1}',), None),
        ("a cat", ("a cat",), None),
        ([1], ("[1]",), None),
        ({}, (), None),
        (None, (), None),
    ],
)
def test_a_response_is_read_as_the_text_it_stands_for(
    said: Any, texts: tuple[str, ...], error: bool | None
) -> None:
    read = transcript(model(call("f", "c1")), user(response("f", said, "c1")))

    assert read.messages[1].parts == (ToolResult("c1", tuple(Text(t) for t in texts), error, "f"),)


def test_media_of_a_response_are_parts_of_the_result() -> None:
    shown = response("f", {"output": "here"}, "c1", parts=[inline("QUJD", "image/png"), {"new": 1}])
    read = transcript(model(call("f", "c1")), user(shown))

    assert read.messages[1].parts == (
        ToolResult(
            "c1",
            (
                Text("here"),
                Image(Source(data="QUJD", media_type="image/png")),
                Unknown("new", {"new": 1}),
            ),
            name="f",
        ),
    )


@pytest.mark.parametrize(
    ("stored", "part"),
    [
        (inline("QUJD", "image/png"), Image(Source(data="QUJD", media_type="image/png"))),
        (inline("QUI", "audio/mpeg"), Audio(Source(data="QUI=", media_type="audio/mpeg"), "mp3")),
        (
            {"inlineData": {"data": "QUJD", "mimeType": "application/pdf", "displayName": "a.pdf"}},
            Document(Source(data="QUJD", media_type="application/pdf"), "a.pdf"),
        ),
        (
            inline("QUJD", "video/mp4", videoMetadata={"fps": 1}),
            Document(
                Source(data="QUJD", media_type="video/mp4"), None, {"videoMetadata": {"fps": 1}}
            ),
        ),
        (
            {"fileData": {"fileUri": "https://example.com/a.png", "mimeType": "image/png"}},
            Image(Source(url="https://example.com/a.png", media_type="image/png")),
        ),
        ({"fileData": {"fileUri": "gs://a/b"}}, Document(Source(file_id="gs://a/b"))),
        (
            {
                "fileData": {
                    "fileUri": "https://generativelanguage.googleapis.com/v1beta/files/a",
                    "mimeType": "image/png",
                }
            },
            Image(
                Source(
                    file_id="https://generativelanguage.googleapis.com/v1beta/files/a",
                    media_type="image/png",
                )
            ),
        ),
    ],
)
def test_media_are_parts_with_their_source(stored: Any, part: Part) -> None:
    assert transcript(user(stored)).messages[0].parts == (part,)


def test_thoughts_and_signatures_stay_with_what_they_belong_to() -> None:
    signed: JsonObject = {"thoughtSignature": "c2ln"}
    read = transcript(
        model(
            {"text": "hm", "thought": True}, {"text": "hi", **signed}, {**call("f", "c"), **signed}
        )
    )

    assert read.messages[0].parts == (
        Reasoning("hm", {"thought": True}),
        Text("hi", signed),
        ToolCall("c", "f", "{}", signed),
    )


def test_what_the_vendor_carried_out_is_a_tool_of_its_own() -> None:
    code: JsonObject = {"executableCode": {"language": "PYTHON", "code": "print(1)"}}
    ran: JsonObject = {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1\n"}}
    asked: JsonObject = {"toolCall": {"id": "t", "toolType": "URL_CONTEXT", "args": {"a": 1}}}
    told: JsonObject = {"toolResponse": {"id": "t", "toolType": "URL_CONTEXT", "response": {}}}

    assert transcript(model(code, ran, asked, told)).messages[0].parts == (
        ProviderTool("code_execution", "print(1)", extra=code),
        ProviderTool("code_execution", output="1\n", extra=ran),
        ProviderTool("url_context", '{"a":1}', id="t", extra=asked),
        ProviderTool("url_context", output="{}", id="t", extra=told),
    )


def test_what_is_new_is_kept() -> None:
    part: JsonObject = {"hologram": {"mime_type": 3}}
    read = transcript({"role": "user", "parts": [part, {}], "mood": "merry"}, galaxy="far")

    assert read.messages[0].parts == (Unknown("hologram", part), Unknown("empty", {}))
    assert read.messages[0].extra == {"mood": "merry"}
    assert read.settings.extra == {"galaxy": "far"}


def test_parameters_in_the_vendors_dialect_become_json_schema() -> None:
    dialect = {
        "type": "OBJECT",
        "properties": {
            "b": {"type": "STRING", "nullable": True, "enum": ["x"]},
            "a": {"type": "ARRAY", "items": {"type": "INTEGER"}, "minItems": "1"},
        },
        "propertyOrdering": ["a", "b"],
    }
    tools = [{"functionDeclarations": [{"name": "f", "parameters": dialect}]}]
    schema = transcript(user("hi"), tools=tools).tools[0].parameters

    assert json.dumps(schema) == json.dumps(
        {
            "type": "object",
            "properties": {
                "a": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
                "b": {"type": ["string", "null"], "enum": ["x", None]},
            },
        }
    )


def test_tools_of_the_vendors_own_are_declarations_of_their_type() -> None:
    tools = [{"googleSearch": {}, "functionDeclarations": [{"name": "f", "behavior": "BLOCKING"}]}]

    assert transcript(user("hi"), tools=tools).tools == (
        ToolDeclaration("googleSearch", "googleSearch", extra={"googleSearch": {}}),
        ToolDeclaration("f", extra={"behavior": "BLOCKING"}),
    )


@pytest.mark.parametrize(
    ("config", "choice"),
    [
        ({"mode": "AUTO"}, "auto"),
        ({"mode": "none"}, "none"),
        ({"mode": "ANY"}, "required"),
        (
            {"mode": "ANY", "allowedFunctionNames": ["f"]},
            {"type": "function", "function": {"name": "f"}},
        ),
        (
            {"mode": "VALIDATED", "allowedFunctionNames": ["f"]},
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "auto",
                    "tools": [{"type": "function", "function": {"name": "f"}}],
                },
            },
        ),
    ],
)
def test_a_choice_of_tool_is_read_in_the_transcripts_words(config: Any, choice: Any) -> None:
    read = transcript(user("hi"), toolConfig={"functionCallingConfig": config})

    assert read.settings.tool_choice == choice
    assert read.settings.extra is None


@pytest.mark.parametrize(
    ("config", "output"),
    [
        ({}, None),
        ({"responseMimeType": "application/json"}, OutputFormat("json_object")),
        ({"responseMimeType": "text/plain"}, OutputFormat("text")),
        (
            {"responseMimeType": "application/json", "responseJsonSchema": {"type": "object"}},
            OutputFormat("json_schema", schema={"type": "object"}),
        ),
        (
            {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}},
            OutputFormat("json_schema", schema={"type": "object"}),
        ),
    ],
)
def test_the_form_of_answers_is_read_from_type_and_schema(
    config: Any, output: OutputFormat | None
) -> None:
    assert transcript(user("hi"), generationConfig=config).settings.output == output


def test_settings_that_others_have_too_are_kept_by_the_name_they_share() -> None:
    read = transcript(user("hi"), generationConfig={"topK": 3, "seed": 7, "candidateCount": 1})

    assert read.settings.extra == {
        "top_k": 3,
        "seed": 7,
        "generationConfig": {"candidateCount": 1},
    }


def test_a_lone_surrogate_and_a_nul_are_read() -> None:
    assert parse('[{"role":"user","parts":[{"text":"\\ud800\\u0000"}]}]').messages[0].parts == (
        Text("\ud800\0"),
    )
