"""The known traps of converting, each as it is handled toward generateContent."""

from dataclasses import replace
from typing import Any

import pytest

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
from joch.wire.google_generate_content import render
from joch.wire.google_generate_content.results import DUMMY_SIGNATURE
from joch.wire.markers import UNKNOWN_OUTCOME
from joch.wire.profile import GEMINI, GEMINI_3
from joch.wire.rendered import Carriage, Rendered
from tests.unit.wire.generate_content import (
    PDF,
    PNG,
    SAME,
    Data,
    body_of,
    call,
    contents_of,
    inline,
    model,
    response,
    transcript,
    user,
)

HI = Message(Role.USER, (Text("hi"),))


def said(*parts: Part) -> Message:
    return Message(Role.ASSISTANT, parts)


def asked(*parts: Part) -> Message:
    return Message(Role.USER, parts)


def told(*results: ToolResult) -> Message:
    return Message(Role.TOOL, results)


def made(*messages: Message, **fields: Any) -> Transcript:
    return Transcript((HI, *messages), **fields)


def result(identity: str, *words: str, **fields: Any) -> ToolResult:
    return ToolResult(identity, tuple(Text(word) for word in words), **fields)


def changed(rendered: Rendered) -> list[tuple[str, Carriage, str]]:
    return [(change.id, change.carriage, change.where) for change in rendered.changes]


def generation(rendered: Rendered) -> Any:
    return body_of(rendered)["generationConfig"]


def test_foreign_call_id_charset_or_length_is_kept_where_it_fits_and_ids_are_free_here() -> None:
    for identity in ("toolu_01Ab", "call_9", "a.b:c", "z" * 70):
        read = made(said(ToolCall(identity, "f", "{}")), told(result(identity, "x")))
        rendered = render(read)

        assert contents_of(rendered)[1:] == [
            model(call("f", identity)),
            user(response("f", {"output": "x"}, identity)),
        ]
        assert rendered.changes == ()


def test_foreign_call_id_that_does_not_fit_is_remapped_on_both_sides() -> None:
    read = made(said(ToolCall("é\0", "f", "{}")), told(result("é\0", "x")))
    rendered = render(read)
    _, called, answered = contents_of(rendered)
    sent = called["parts"][0]["functionCall"]["id"]

    assert sent.startswith("call_")
    assert answered["parts"][0]["functionResponse"]["id"] == sent
    assert [change.sentence for change in rendered.changes] == ["Tool-call ids remapped"]


def test_truncated_ids_collide_so_they_are_hashed_and_never_cut() -> None:
    one, two = "z" * 300 + "1", "z" * 300 + "2"
    rendered = render(made(said(ToolCall(one, "f", "{}"), ToolCall(two, "f", "{}"))))
    first, second = (part["functionCall"]["id"] for part in contents_of(rendered)[1]["parts"])

    assert first != second


def test_one_id_reused_in_different_turns_is_made_unique() -> None:
    exchange = (said(ToolCall("c1", "f", "{}")), told(result("c1", "x")))
    found = contents_of(render(made(*exchange, HI, *exchange)))
    ids = [
        part["functionCall"]["id"] for c in found for part in c["parts"] if "functionCall" in part
    ]
    answers = [
        part["functionResponse"]["id"]
        for content in found
        for part in content["parts"]
        if "functionResponse" in part
    ]

    assert ids[0] == "c1"
    assert len(set(ids)) == 2
    assert answers == ids


def test_a_call_that_had_no_id_gets_none() -> None:
    read = transcript(user("hi"), model(call("f"), call("f")), user(*[response("f", {})] * 2))

    assert contents_of(render(read))[1:] == [
        model(call("f"), call("f")),
        user(response("f", {}), response("f", {})),
    ]


def test_dangling_call_after_a_crash_mid_turn_is_answered_outcome_unknown_do_not_repeat() -> None:
    rendered = render(made(said(ToolCall("c1", "send", "{}"))))

    assert contents_of(rendered)[2] == user(response("send", {"error": UNKNOWN_OUTCOME}, "c1"))
    assert UNKNOWN_OUTCOME == "outcome unknown; do not repeat this call"
    assert changed(rendered) == [("unknown-outcome", Carriage.TRANSFORMED, "messages[1].parts[0]")]


def test_orphan_result_after_the_window_was_cut_is_declared_lost() -> None:
    rendered = render(made(told(result("gone", "x")), said(Text("ok"))))

    assert contents_of(rendered)[1:] == [model("ok")]
    assert changed(rendered) == [("orphan-result", Carriage.LOST, "messages[1].parts[0]")]


def test_window_starts_with_an_assistant_so_the_users_words_are_put_before_it() -> None:
    rendered = render(Transcript((said(ToolCall("c1", "f", "{}")), told(result("c1", "x")))))

    assert [content["role"] for content in contents_of(rendered)] == ["user", "model", "user"]
    assert changed(rendered) == [("first-message", Carriage.TRANSFORMED, "messages[0]")]


def test_parallel_results_split_over_messages_become_one_user_content_in_their_order() -> None:
    calls = said(ToolCall("c1", "f", "{}"), ToolCall("c2", "g", "{}"))
    rendered = render(made(calls, told(result("c2", "2")), told(result("c1", "1"))))

    assert contents_of(rendered)[2:] == [
        user(response("g", {"output": "2"}, "c2"), response("f", {"output": "1"}, "c1"))
    ]
    assert rendered.changes == ()


def test_results_of_one_name_without_ids_stay_in_the_calls_order() -> None:
    calls = said(ToolCall("noid_0", "f", "{}"), ToolCall("noid_1", "f", "{}"))
    rendered = render(made(calls, told(result("noid_1", "2"), result("noid_0", "1"))))

    assert contents_of(rendered)[2:] == [
        user(response("f", {"output": "1"}), response("f", {"output": "2"}))
    ]


def test_equal_parallel_calls_stay_two_with_a_response_each() -> None:
    calls = said(ToolCall("c1", "f", "{}"), ToolCall("c2", "f", "{}"))
    rendered = render(made(calls, told(result("c1", "1"), result("c2", "2"))))

    assert [len(content["parts"]) for content in contents_of(rendered)] == [1, 2, 2]


def test_text_before_results_stands_behind_them_in_the_same_content() -> None:
    read = made(said(ToolCall("c1", "f", "{}")), asked(Text("and?"), result("c1", "x")))

    assert contents_of(render(read))[2:] == [user(response("f", {"output": "x"}, "c1"), "and?")]


def test_a_result_that_came_after_the_user_spoke_moves_to_its_call() -> None:
    read = made(said(ToolCall("c1", "f", "{}")), asked(Text("wait")), told(result("c1", "x")))

    assert contents_of(render(read))[2:] == [
        user(response("f", {"output": "x"}, "c1")),
        user("wait"),
    ]


def test_consecutive_models_contents_merge_where_the_later_one_calls() -> None:
    before = (said(Text("hm")), said(Text("let me see")))
    read = made(*before, said(ToolCall("c1", "f", "{}")), told(result("c1", "x")))

    assert contents_of(render(read))[1] == model("hm", "let me see", call("f", "c1"))
    assert contents_of(render(made(*before)))[1:] == [model("hm"), model("let me see")]


def test_the_text_before_a_call_stays_before_it() -> None:
    parts = (Text("first"), ToolCall("c1", "f", "{}"), Text("then"), ToolCall("c2", "g", "{}"))

    assert contents_of(render(made(said(*parts))))[1] == model(
        "first", call("f", "c1"), "then", call("g", "c2")
    )


def test_empty_or_blank_text_is_kept_in_contents_and_left_out_of_instructions() -> None:
    read = Transcript((Message(Role.SYSTEM, (Text(""), Text("Be brief."))), asked(Text(""))))
    rendered = render(read)

    assert body_of(rendered) == {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [user("")],
    }
    assert changed(rendered) == [("instruction", Carriage.LOST, "messages[0]")]


def test_an_empty_result_is_an_empty_output() -> None:
    read = made(said(ToolCall("c1", "f", "{}")), told(result("c1", "")))

    assert contents_of(render(read))[2] == user(response("f", {"output": ""}, "c1"))


def test_assistant_with_null_content_and_no_calls_is_dropped_and_declared() -> None:
    rendered = render(made(said(), HI))

    assert contents_of(rendered) == [user("hi"), user("hi")]
    assert changed(rendered) == [("empty-message", Carriage.LOST, "messages[1]")]


@pytest.mark.parametrize("written", ["to=ops", "[1]", '{"a":1,"a":2}', '{"a":1e999}'])
def test_arguments_string_with_invalid_json_is_preserved_under_raw(written: str) -> None:
    rendered = render(made(said(ToolCall("c1", "f", written)), told(result("c1", "x"))))

    assert contents_of(rendered)[1] == model(call("f", "c1", _raw=written))
    assert [c.sentence for c in rendered.changes] == ["Malformed tool arguments preserved as text"]


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (("a cat",), {"output": "a cat"}),
        (("a", "b"), {"output": ["a", "b"]}),
        (("[1, 2]",), {"output": "[1, 2]"}),
        (('{"temperature": 3}',), {"temperature": 3}),
        (('{"a": 1, "a": 2}',), {"output": '{"a": 1, "a": 2}'}),
        ((), {}),
    ],
)
def test_non_object_gemini_response_is_wrapped_as_output(
    words: tuple[str, ...], sent: Data
) -> None:
    read = made(said(ToolCall("c1", "f", "{}")), told(result("c1", *words)))

    assert contents_of(render(read))[2] == user(response("f", sent, "c1"))


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (("no route",), {"error": "no route"}),
        (('{"code": 7}',), {"error": {"code": 7}}),
        (('{"error": {"code": 7}}',), {"error": {"code": 7}}),
        ((), {"error": ""}),
    ],
)
def test_is_error_is_sent_as_a_response_of_the_key_error(
    words: tuple[str, ...], sent: Data
) -> None:
    read = made(said(ToolCall("c1", "f", "{}")), told(result("c1", *words, is_error=True)))

    assert contents_of(render(read))[2] == user(response("f", sent, "c1"))


def test_gemini_result_needs_the_functions_name_which_is_looked_up_by_id() -> None:
    calls = said(ToolCall("c1", "f", "{}"), ToolCall("c2", "g", "{}"))
    answers = contents_of(render(made(calls, told(result("c2", "2"), result("c1", "1")))))[2]

    assert [part["functionResponse"]["name"] for part in answers["parts"]] == ["g", "f"]


@pytest.mark.parametrize("profile", [GEMINI, GEMINI_3])
def test_thinking_signatures_and_encrypted_items_are_never_replayed_elsewhere(
    profile: Any,
) -> None:
    read = transcript(
        user("hi"),
        model({"text": "hm", "thought": True}, {"text": "yes", "thoughtSignature": "c2ln"}),
    )
    rendered = render(read, profile)

    assert contents_of(rendered)[1] == model("yes")
    assert {change.sentence for change in rendered.changes} == {"Provider reasoning not portable"}
    assert [change.where for change in rendered.changes] == [
        "messages[1].parts[0]",
        "messages[1].parts[1]",
    ]


def test_foreign_reasoning_is_not_replayed_even_at_the_backend_that_wrote_the_rest() -> None:
    foreign: JsonObject = {"type": "thinking", "signature": "c2ln"}
    rendered = render(made(said(Reasoning("hm", foreign), Text("yes"))), SAME)

    assert contents_of(rendered)[1] == model("yes")
    assert changed(rendered) == [("reasoning", Carriage.LOST, "messages[1].parts[0]")]


def test_reasoning_is_never_dressed_up_as_think_text() -> None:
    rendered = render(made(said(Reasoning("secret thought"), Text("yes"))))

    assert "secret thought" not in str(rendered.body)


def test_thoughts_and_signatures_go_back_to_the_backend_that_wrote_them() -> None:
    contents = [
        user("hi"),
        model({"text": "hm", "thought": True}, {**call("f"), "thoughtSignature": "c2ln"}),
        user(response("f", {"output": "x"})),
        model({"text": "", "thoughtSignature": "c2ln"}),
    ]
    rendered = render(transcript(*contents), SAME)

    assert contents_of(rendered) == contents
    assert rendered.changes == ()


def test_gemini_3_without_a_signature_gets_the_dummy_on_the_first_call_of_each_step() -> None:
    step = (
        said(ToolCall("c1", "f", "{}"), ToolCall("c2", "f", "{}")),
        told(result("c1", "1"), result("c2", "2")),
    )
    later = (said(ToolCall("c3", "f", "{}")), told(result("c3", "3")))
    rendered = render(made(*step, *later), GEMINI_3)
    calls = [p for c in contents_of(rendered) for p in c["parts"] if "functionCall" in p]

    assert [part.get("thoughtSignature") for part in calls] == [
        DUMMY_SIGNATURE,
        None,
        DUMMY_SIGNATURE,
    ]
    assert {change.id for change in rendered.changes} == {"thought-signature"}
    assert "thoughtSignature" not in str(render(made(*step, *later)).body)


def test_a_foreign_signature_is_replaced_by_the_dummy() -> None:
    read = transcript(
        user("hi"),
        model({**call("f"), "thoughtSignature": "Zm9yZWlnbg=="}),
        user(response("f", {})),
    )

    assert contents_of(render(read, GEMINI_3))[1]["parts"][0]["thoughtSignature"] == DUMMY_SIGNATURE


def test_cached_content_is_never_rendered() -> None:
    rendered = render(transcript(user("hi"), cachedContent="cachedContents/a"), SAME)

    assert body_of(rendered) == {"contents": [user("hi")]}
    assert changed(rendered) == [("cached-content", Carriage.LOST, "cachedContent")]


def test_response_ids_of_other_vendors_are_never_rendered() -> None:
    settings = Settings(extra={"previous_response_id": "resp_1"})
    rendered = render(made(settings=settings))

    assert body_of(rendered) == {"contents": [user("hi")]}
    assert changed(rendered) == [("vendor-fields", Carriage.LOST, "previous_response_id")]


@pytest.mark.parametrize("file_id", ["file-1", "gs://a/b", "files/abc"])
def test_a_file_id_is_sent_to_the_vendor_that_stored_it_only(file_id: str) -> None:
    read = made(asked(Image(Source(file_id=file_id, media_type="image/png"))))
    rendered = render(read)

    assert contents_of(rendered)[1] == user(f"[image: file {file_id} at the vendor it was sent to]")
    assert changed(rendered) == [("media", Carriage.LOST, "messages[1].parts[0]")]


def test_a_file_uri_goes_back_to_the_backend_that_stored_it() -> None:
    stored = {"fileData": {"fileUri": "gs://a/b", "mimeType": "application/pdf"}}

    assert contents_of(render(transcript(user(stored)), SAME)) == [user(stored)]


def test_image_url_at_a_target_that_fetches_none_is_sent_as_a_line_of_text() -> None:
    read = made(asked(Image(Source(url="https://example.com/a.png"))))
    rendered = render(read, replace(GEMINI, urls=False))

    assert contents_of(rendered)[1] == user("[image: https://example.com/a.png]")
    assert changed(rendered) == [("media", Carriage.TRANSFORMED, "messages[1].parts[0]")]


def test_image_url_at_a_target_that_fetches_it_is_a_file_uri() -> None:
    read = made(asked(Image(Source(url="https://example.com/a.png"))))

    assert contents_of(render(read))[1] == user(
        {"fileData": {"fileUri": "https://example.com/a.png"}}
    )


@pytest.mark.parametrize("media_type", ["image/bmp", "image/gif", "image/tiff"])
def test_image_mime_not_taken_is_referenced_as_text(media_type: str) -> None:
    read = made(asked(Image(Source(data="QUJD", media_type=media_type))))
    rendered = render(read)

    assert contents_of(rendered)[1] == user(f"[image: {media_type}, 4 bytes]")
    assert changed(rendered) == [("media", Carriage.LOST, "messages[1].parts[0]")]


def test_image_in_a_tool_result_stays_in_the_response() -> None:
    picture = Image(Source(data=PNG, media_type="image/png"))
    read = made(said(ToolCall("c1", "f", "{}")), told(ToolResult("c1", (Text("here"), picture))))
    rendered = render(read)

    assert contents_of(rendered)[2] == user(
        response("f", {"output": "here"}, "c1", parts=[inline(PNG, "image/png")])
    )
    assert rendered.changes == ()


def test_an_image_url_in_a_tool_result_moves_to_the_content_after_it() -> None:
    picture = Image(Source(url="https://example.com/a.png"))
    read = made(said(ToolCall("c1", "f", "{}")), told(ToolResult("c1", (picture,))))
    rendered = render(read)

    assert contents_of(rendered)[2:] == [
        user(response("f", {}, "c1")),
        user({"fileData": {"fileUri": "https://example.com/a.png"}}),
    ]
    assert changed(rendered) == [("result-media", Carriage.TRANSFORMED, "messages[2].parts[0]")]


def test_no_vision_at_the_target_leaves_an_artifact_reference() -> None:
    read = made(asked(Image(Source(data=PNG, media_type="image/png"))))
    rendered = render(read, replace(GEMINI, images=False))

    assert contents_of(rendered)[1] == user(f"[image: image/png, {len(PNG)} bytes]")


def test_a_pdf_stays_a_pdf_whoever_sent_it() -> None:
    for source in (Source(data=PDF), Source(data=PDF, media_type="application/pdf")):
        rendered = render(made(asked(Document(source))))

        assert contents_of(rendered)[1] == user(inline(PDF, "application/pdf"))


def test_the_name_of_a_document_is_its_display_name() -> None:
    rendered = render(made(asked(Document(Source(data=PDF), "plan.pdf"))))

    assert contents_of(rendered)[1]["parts"][0]["inlineData"]["displayName"] == "plan.pdf"
    assert rendered.changes == ()


def test_a_sound_is_sent_inline_and_the_assistants_own_as_its_words() -> None:
    sound = Audio(Source(data="QUJD"), "wav")
    spoken = Audio(Source(file_id="audio_1"), transcript="hello")
    rendered = render(made(asked(sound), said(spoken)))

    assert contents_of(rendered)[1:] == [user(inline("QUJD", "audio/wav")), model("[sound: hello]")]
    assert changed(rendered) == [("media", Carriage.TRANSFORMED, "messages[2].parts[0]")]


def test_system_message_mid_conversation_becomes_marked_user_text() -> None:
    rendered = render(made(said(Text("ok")), Message(Role.SYSTEM, (Text("Now in German."),))))

    assert contents_of(rendered)[2] == user("Instruction given at this point:", "Now in German.")
    assert changed(rendered) == [("late-system", Carriage.TRANSFORMED, "messages[2]")]


def test_developer_is_sent_as_system() -> None:
    read = Transcript((Message(Role.DEVELOPER, (Text("Be brief."),)), HI))
    rendered = render(read)

    assert body_of(rendered)["systemInstruction"] == {"parts": [{"text": "Be brief."}]}
    assert changed(rendered) == [("developer-role", Carriage.TRANSFORMED, "messages[0]")]


def test_no_tools_declared_while_history_has_calls_is_taken_here() -> None:
    rendered = render(made(said(ToolCall("c1", "f", "{}")), told(result("c1", "x"))))

    assert rendered.changes == ()


@pytest.mark.parametrize("name", ["files.read", "a:b", "mcp__fs-write", "x" * 128])
def test_tool_name_with_dots_is_taken_here(name: str) -> None:
    read = made(said(ToolCall("c1", name, "{}")), tools=(ToolDeclaration(name),))
    rendered = render(read)

    assert contents_of(rendered)[1] == model(call(name, "c1"))
    assert body_of(rendered)["tools"] == [{"functionDeclarations": [{"name": name}]}]


@pytest.mark.parametrize("name", ["7up", "-f", "naïve tool", "x" * 129])
def test_tool_name_that_does_not_fit_is_the_same_in_declaration_call_response_and_choice(
    name: str,
) -> None:
    choice: JsonObject = {"type": "function", "function": {"name": name}}
    read = made(
        said(ToolCall("c1", name, "{}")),
        told(result("c1", "x")),
        tools=(ToolDeclaration(name),),
        settings=Settings(tool_choice=choice),
    )
    body = body_of(render(read))
    sent = body["tools"][0]["functionDeclarations"][0]["name"]

    assert GEMINI.tool_names.fits(sent)
    assert body["contents"][1:] == [
        model(call(sent, "c1")),
        user(response(sent, {"output": "x"}, "c1")),
    ]
    assert body["toolConfig"]["functionCallingConfig"]["allowedFunctionNames"] == [sent]


def test_json_schema_strict_mode_differs_and_is_declared() -> None:
    schema: JsonObject = {"type": "object"}
    rendered = render(made(tools=(ToolDeclaration("f", parameters=schema, strict=True),)))

    assert changed(rendered) == [("json-schema-strict", Carriage.TRANSFORMED, "tools[0]")]


def test_gemini_schema_subset_is_avoided_by_parameters_json_schema() -> None:
    schema: JsonObject = {"type": "object", "$defs": {"a": {}}, "additionalProperties": False}
    rendered = render(made(tools=(ToolDeclaration("f", parameters=schema),)))

    assert body_of(rendered)["tools"] == [
        {"functionDeclarations": [{"name": "f", "parametersJsonSchema": schema}]}
    ]
    assert rendered.changes == ()


def test_a_vendors_tool_of_the_same_name_does_not_hide_a_function() -> None:
    tools = (ToolDeclaration("look", "web_search"), ToolDeclaration("look"))
    rendered = render(made(tools=tools, settings=Settings(tool_choice="required")))

    assert body_of(rendered)["tools"] == [{"functionDeclarations": [{"name": "look"}]}]
    assert changed(rendered) == [("vendor-tool", Carriage.LOST, "tools[0]")]


def test_tool_schemas_in_dialects_are_repaired_and_declared() -> None:
    dialect: JsonObject = {"type": "dict", "properties": {"a": {"type": "float"}}}
    rendered = render(made(tools=(ToolDeclaration("f", parameters=dialect),)))

    assert body_of(rendered)["tools"][0]["functionDeclarations"][0]["parametersJsonSchema"] == {
        "type": "object",
        "properties": {"a": {"type": "number"}},
    }
    assert changed(rendered) == [("schema-dialect", Carriage.TRANSFORMED, "tools[0]")]


def test_temperature_on_models_that_refuse_it_is_dropped() -> None:
    settings = Settings(temperature=0.5, extra={"top_k": 3})
    rendered = render(made(settings=settings), replace(GEMINI, sampling=False))

    assert [change.sentence for change in rendered.changes] == [
        "Sampling parameter ignored: temperature",
        "Sampling parameter ignored: topK",
    ]


@pytest.mark.parametrize(("stated", "sent"), [(0, 0), (1.7, 1.7), (2.5, 2), (-1, 0)])
def test_temperature_is_clamped_to_0_to_2(stated: float, sent: float) -> None:
    rendered = render(made(settings=Settings(temperature=stated)))

    assert generation(rendered)["temperature"] == sent
    assert bool(rendered.changes) is (stated != sent)


def test_max_tokens_over_the_limit_is_clamped_and_a_missing_one_stays_missing() -> None:
    limited = replace(GEMINI, max_output_tokens=100)

    assert generation(render(made(settings=Settings(max_tokens=500)), limited)) == {
        "maxOutputTokens": 100
    }
    assert "generationConfig" not in body_of(render(made(), limited))


def test_forced_tool_choice_where_refused_is_sent_as_auto() -> None:
    read = made(tools=(ToolDeclaration("f"),), settings=Settings(tool_choice="required"))
    rendered = render(read, replace(GEMINI, forced_tool_choice=False))

    assert body_of(rendered)["toolConfig"] == {"functionCallingConfig": {"mode": "AUTO"}}
    assert changed(rendered) == [("tool-choice", Carriage.TRANSFORMED, "toolConfig")]


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("auto", {"mode": "AUTO"}),
        ("none", {"mode": "NONE"}),
        ("required", {"mode": "ANY"}),
        (
            {"type": "function", "function": {"name": "f"}},
            {"mode": "ANY", "allowedFunctionNames": ["f"]},
        ),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "name": "f"}]},
            },
            {"mode": "VALIDATED", "allowedFunctionNames": ["f"]},
        ),
    ],
)
def test_a_choice_of_tool_is_sent_in_this_formats_words(choice: Any, sent: Data) -> None:
    rendered = render(made(tools=(ToolDeclaration("f"),), settings=Settings(tool_choice=choice)))

    assert body_of(rendered)["toolConfig"] == {"functionCallingConfig": sent}
    assert rendered.changes == ()


def test_ends_with_an_assistant_turn_where_refused_gets_a_user_continue() -> None:
    rendered = render(made(said(Text("so"))), replace(GEMINI, prefill=False))

    assert contents_of(rendered)[-1] == user("Continue.")
    assert changed(rendered) == [("prefill", Carriage.TRANSFORMED, "messages")]


def test_more_than_five_stop_sequences_are_cut_to_five() -> None:
    rendered = render(made(settings=Settings(stop=tuple("abcdefg"))))

    assert generation(rendered) == {"stopSequences": list("abcde")}
    assert changed(rendered) == [
        ("stop-sequences", Carriage.LOST, "generationConfig.stopSequences")
    ]


def test_provider_executed_tools_are_flattened_to_text_with_what_they_found() -> None:
    search = ProviderTool("web_search", '{"q":"cats"}', "cats are fine", "s1")
    rendered = render(made(said(search, Text("ok"))))

    assert contents_of(rendered)[1] == model('[web_search {"q":"cats"}: cats are fine]', "ok")
    assert changed(rendered) == [("provider-tool", Carriage.TRANSFORMED, "messages[1].parts[0]")]


def test_provider_executed_tools_go_back_to_the_backend_that_carried_them_out() -> None:
    ran = model(
        {"executableCode": {"language": "PYTHON", "code": "1"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}},
    )

    assert contents_of(render(transcript(user("hi"), ran), SAME))[1] == ran


def test_vendor_metadata_does_not_leak_into_a_body() -> None:
    message = Message(
        Role.USER, (Text("hi", {"cache_control": {"type": "ephemeral"}}),), extra={"mood": "merry"}
    )
    rendered = render(Transcript((message,), settings=Settings(extra={"galaxy": "far"})))

    assert body_of(rendered) == {"contents": [user("hi")]}
    assert {change.where for change in rendered.changes} == {
        "messages[0]",
        "messages[0].parts[0]",
        "galaxy",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("safetySettings", [{"mood": "merry"}]),
        ("generationConfig", {"thinkingConfig": {"thinkingBudget": "much"}}),
        ("toolConfig", {"functionCallingConfig": {"mode": "SOMETIMES"}}),
    ],
)
def test_a_vendors_setting_that_is_not_as_published_does_not_leak_into_a_body(
    key: str, value: Any
) -> None:
    rendered = render(made(settings=Settings(extra={key: value})))

    assert body_of(rendered) == {"contents": [user("hi")]}
    assert [change.carriage for change in rendered.changes] == [Carriage.LOST]


def test_structured_output_is_a_response_json_schema_with_its_media_type() -> None:
    output = OutputFormat("json_schema", schema={"type": "object"})

    assert generation(render(made(settings=Settings(output=output)))) == {
        "responseMimeType": "application/json",
        "responseJsonSchema": {"type": "object"},
    }


@pytest.mark.parametrize(
    ("asked_for", "sent", "change"),
    [
        ("high", "HIGH", None),
        ("minimal", "MINIMAL", None),
        ("xhigh", "HIGH", Carriage.TRANSFORMED),
        ("none", "MINIMAL", Carriage.TRANSFORMED),
    ],
)
def test_reasoning_effort_is_a_thinking_level_of_gemini_3(
    asked_for: str, sent: str, change: Carriage | None
) -> None:
    rendered = render(made(settings=Settings(reasoning_effort=asked_for)), GEMINI_3)

    assert generation(rendered) == {"thinkingConfig": {"thinkingLevel": sent}}
    assert [c.carriage for c in rendered.changes] == ([change] if change else [])


def test_reasoning_effort_is_ignored_before_gemini_3_and_declared() -> None:
    rendered = render(made(settings=Settings(reasoning_effort="high")))

    assert "generationConfig" not in body_of(rendered)
    assert [change.sentence for change in rendered.changes] == ["Reasoning effort high ignored"]


def test_parallel_tool_calls_cannot_be_forbidden_here_and_that_is_declared() -> None:
    rendered = render(made(settings=Settings(parallel_tool_calls=False)))

    assert [change.id for change in rendered.changes] == ["parallel-tool-calls"]


def test_a_refusal_is_sent_as_text_and_an_unknown_part_is_declared_lost() -> None:
    rendered = render(made(said(Refusal("no"), Unknown("hologram", {}))))

    assert contents_of(rendered)[1] == model("no")
    assert changed(rendered) == [
        ("refusal", Carriage.TRANSFORMED, "messages[1].parts[0]"),
        ("unknown-part", Carriage.LOST, "messages[1].parts[1]"),
    ]


def test_a_lone_surrogate_is_sent_as_a_replacement_character() -> None:
    rendered = render(made(said(ToolCall("c1", "f", r'{"a":"\ud800"}')), asked(Text("\ud800!"))))

    assert contents_of(rendered)[1] == model(call("f", "c1", a="\ufffd"))
    assert contents_of(rendered)[3] == user("\ufffd!")
    assert [change.id for change in rendered.changes] == [
        "lone-surrogate",
        "unknown-outcome",
        "lone-surrogate",
    ]


def test_a_conversation_without_anything_to_say_is_still_a_request() -> None:
    assert contents_of(render(Transcript(()))) == [user("(empty conversation)")]
