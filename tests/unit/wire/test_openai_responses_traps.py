"""The traps of converting conversations, each where this format meets it."""

import json
import re
from dataclasses import replace
from typing import Any

from joch.transcript.conversation import Message, OutputFormat, Role, Settings, ToolDeclaration
from joch.transcript.parts import (
    Document,
    Image,
    ProviderTool,
    Reasoning,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from joch.transcript.values import JsonObject
from joch.wire import openai_chat
from joch.wire.openai_responses import render
from joch.wire.profile import MISTRAL, OPENAI_RESPONSES
from joch.wire.rendered import Carriage
from tests.unit.wire.responses import (
    PNG,
    Data,
    answer,
    body_of,
    call,
    changes_of,
    function,
    input_image,
    input_text,
    items_of,
    made,
    message,
    output,
    thought,
    transcript,
    user,
)

CLOSED: Data = {
    "type": "object",
    "properties": {"to": {"type": "string"}},
    "required": ["to"],
    "additionalProperties": False,
}


def said(*parts: Any) -> Message:
    return Message(Role.ASSISTANT, parts)


def told(*parts: Any) -> Message:
    return Message(Role.TOOL, parts)


def asked(*parts: Any) -> Message:
    return Message(Role.USER, parts)


def test_a_foreign_call_id_that_does_not_fit_is_remapped_on_both_sides() -> None:
    colon = "functions.look:0"
    read = transcript(call(colon, "look"), output(colon, "a cat"))

    rendered = render(read)

    asked_for, answered = items_of(rendered)
    assert re.fullmatch(r"[A-Za-z0-9_]{1,40}", asked_for["call_id"])
    assert asked_for["call_id"] == answered["call_id"]
    assert [change.sentence for change in rendered.changes] == ["Tool-call ids remapped"]


def test_a_foreign_call_id_that_fits_passes_as_it_is() -> None:
    read = transcript(call("toolu_01Ab", "look"), output("toolu_01Ab", "a cat"))

    assert items_of(render(read))[0]["call_id"] == "toolu_01Ab"
    assert changes_of(read) == []


def test_mistral_gets_call_ids_of_nine_letters_and_digits() -> None:
    read = transcript(call("call_1", "look"), output("call_1", "a cat"))

    assert re.fullmatch(r"[A-Za-z0-9]{9}", items_of(render(read, MISTRAL))[0]["call_id"])


def test_truncated_ids_collide_so_they_are_hashed_and_never_cut() -> None:
    one, two = "z" * 64 + "1", "z" * 64 + "2"
    read = transcript(call(one, "look"), call(two, "look"), output(one, "a"), output(two, "b"))

    first, second, *_ = items_of(render(read))

    assert first["call_id"] != second["call_id"]


def test_one_id_reused_in_different_turns_is_made_unique() -> None:
    exchange = (call("c1", "look"), output("c1", "a cat"))

    calls = items_of(render(transcript(*exchange, user("again"), *exchange)))

    assert calls[0]["call_id"] == calls[1]["call_id"] == "c1"
    assert calls[3]["call_id"] == calls[4]["call_id"] != "c1"


def test_equal_parallel_calls_stay_two_with_an_output_each() -> None:
    read = transcript(call("c1", "look"), call("c2", "look"), output("c1", "a"), output("c2", "b"))

    assert items_of(render(read)) == [
        call("c1", "look"),
        call("c2", "look"),
        output("c1", "a"),
        output("c2", "b"),
    ]


def test_a_dangling_call_is_answered_with_outcome_unknown_do_not_repeat() -> None:
    rendered = render(transcript(call("c1", "pay"), user("and?")))

    assert items_of(rendered) == [
        call("c1", "pay"),
        output("c1", "Error: outcome unknown; do not repeat this call"),
        user("and?"),
    ]
    assert [change.id for change in rendered.changes] == ["unknown-outcome"]


def test_an_orphan_result_is_left_out_and_declared() -> None:
    rendered = render(made(asked(Text("hi")), told(ToolResult("c9", (Text("x"),)))))

    assert items_of(rendered) == [user("hi")]
    assert [(c.id, c.where) for c in rendered.changes] == [("orphan-result", "messages[1]")]


def test_a_result_that_came_after_the_user_spoke_moves_to_its_call() -> None:
    read = transcript(call("c1", "look"), user("wait"), output("c1", "a cat"))

    assert items_of(render(read)) == [call("c1", "look"), output("c1", "a cat"), user("wait")]
    assert changes_of(read) == ["late-result"]


def test_parallel_results_in_one_message_are_an_item_each_in_their_order() -> None:
    results = told(ToolResult("b", (Text("2"),)), ToolResult("a", (Text("1"),)))
    read = made(said(ToolCall("a", "look", "{}"), ToolCall("b", "look", "{}")), results)

    assert items_of(render(read))[2:] == [output("b", "2"), output("a", "1")]


def test_text_before_results_in_one_message_comes_after_them() -> None:
    both = asked(Text("and now?"), ToolResult("c1", (Text("a cat"),)))

    sent = items_of(render(made(said(ToolCall("c1", "look", "{}")), both)))

    assert sent[1:] == [output("c1", "a cat"), user("and now?")]


def test_consecutive_messages_of_one_role_stay_apart() -> None:
    read = transcript(user("a"), user("b"), answer("c"), answer("d"))

    assert items_of(render(read)) == [user("a"), user("b"), answer("c"), answer("d")]
    assert changes_of(read) == []


def test_empty_or_blank_text_is_dropped_and_a_placeholder_stands_where_it_was_alone() -> None:
    beside = transcript(user([input_text(" "), input_text("hi")]), answer(""))

    assert items_of(render(beside)) == [user("hi")]
    assert items_of(render(transcript(user("")))) == [user("(empty conversation)")]
    assert changes_of(beside) == ["blank-text", "blank-text"]


def test_an_assistant_with_null_content_and_no_calls_is_dropped() -> None:
    read = transcript(user("hi"), answer(None))

    assert items_of(render(read)) == [user("hi")]
    assert changes_of(read) == ["empty-message"]


def test_arguments_that_are_no_json_object_are_preserved_as_text() -> None:
    rendered = render(made(said(ToolCall("c1", "look", "at=door"))))

    assert json.loads(items_of(rendered)[0]["arguments"]) == {"_raw": "at=door"}
    assert rendered.changes[0].sentence == "Malformed tool arguments preserved as text"


def test_the_error_flag_that_openai_lacks_becomes_a_prefix() -> None:
    failed = told(ToolResult("c1", (Text("no route"),), is_error=True))
    rendered = render(made(said(ToolCall("c1", "look", "{}")), failed))

    assert items_of(rendered)[1] == output("c1", "Error: no route")
    assert [change.id for change in rendered.changes] == ["error-flag"]


def test_reasoning_is_never_replayed_at_another_backend() -> None:
    rendered = render(transcript(user("hi"), thought("rs_1", "hm"), message("hello")))

    assert items_of(rendered) == [user("hi"), answer("hello")]
    assert "Provider reasoning not portable" in [c.sentence for c in rendered.changes]


def test_reasoning_is_never_dressed_up_as_text_of_the_assistant() -> None:
    foreign = made(said(Reasoning("<secret>"), Text("hello")))
    own = transcript(thought("rs_1", "<secret>"), message("hello"))

    for read in (foreign, own):
        assert "secret" not in json.dumps(render(read).body)


def test_response_and_file_ids_are_never_rendered() -> None:
    read = transcript(
        user([input_text("look"), {"type": "input_image", "file_id": "file-1"}]),
        {"type": "item_reference", "id": "msg_9"},
        previous_response_id="resp_1",
        conversation={"id": "conv_1"},
        prompt={"id": "pmpt_1"},
        store=True,
    )

    rendered = render(read)

    line = "[image: file file-1 at the vendor it was sent to]"
    assert rendered.body == {"input": [user([input_text("look"), input_text(line)])]}
    assert {change.where for change in rendered.changes} == {
        "messages[0]",
        "messages[1]",
        "previous_response_id",
        "conversation",
        "prompt",
        "store",
    }


def test_gateways_ignore_previous_response_id_so_the_whole_input_is_sent() -> None:
    read = transcript(user("a"), answer("b"), user("c"), previous_response_id="resp_1")

    assert body_of(render(read)) == {"input": [user("a"), answer("b"), user("c")]}


def test_an_image_url_at_a_target_that_fetches_none_is_named_in_text() -> None:
    read = transcript(user([input_image("https://example.com/a.png")]))

    rendered = render(read, replace(OPENAI_RESPONSES, urls=False))

    assert items_of(rendered) == [user("[image: https://example.com/a.png]")]
    assert [change.id for change in rendered.changes] == ["media"]


def test_an_image_of_a_type_that_is_not_taken_is_named_in_text() -> None:
    picture = Image(Source(data="Qk0=", media_type="image/bmp"))

    rendered = render(made(asked(picture)))

    assert items_of(rendered) == [user("[image: image/bmp, 4 bytes]")]
    assert [change.carriage for change in rendered.changes] == [Carriage.TRANSFORMED]


def test_an_image_in_a_tool_result_stays_there() -> None:
    seen = [input_text("here"), input_image(f"data:image/png;base64,{PNG}")]
    read = transcript(call("c1", "look"), output("c1", seen))

    assert items_of(render(read))[1] == output("c1", seen)
    assert changes_of(read) == []


def test_an_image_at_a_target_without_vision_is_referenced() -> None:
    read = transcript(user([input_image("https://example.com/a.png", "low")]))

    rendered = render(read, replace(OPENAI_RESPONSES, images=False))

    assert items_of(rendered) == [user("[image: https://example.com/a.png]")]


def test_a_document_without_a_name_gets_a_neutral_one() -> None:
    paper = Document(Source(data="JVBERi0xLjQK", media_type="application/pdf"))

    sent = items_of(render(made(asked(paper))))[0]["content"][0]

    assert sent == {
        "type": "input_file",
        "file_data": "data:application/pdf;base64,JVBERi0xLjQK",
        "filename": "document.pdf",
    }


def test_a_pdf_stays_a_file_and_is_no_image() -> None:
    paper = {"type": "input_file", "file_url": "https://example.com/a.pdf"}

    assert items_of(render(transcript(user([paper]))))[0]["content"] == [paper]


def test_a_system_message_in_mid_conversation_stays_where_it_is() -> None:
    read = transcript(user("a"), {"role": "developer", "content": "Be brief."}, user("b"))

    assert [item["role"] for item in items_of(render(read))] == ["user", "developer", "user"]
    assert changes_of(read) == []


def test_a_target_without_the_developer_role_gets_a_system_message() -> None:
    read = transcript({"role": "developer", "content": "Be brief."})

    rendered = render(read, MISTRAL)

    assert items_of(rendered) == [{"role": "system", "content": "Be brief."}]
    assert [change.id for change in rendered.changes] == ["developer-role"]


def test_calls_in_the_history_stay_calls_where_no_tools_are_declared() -> None:
    read = transcript(call("c1", "look"), output("c1", "a cat"), tool_choice="auto")

    rendered = render(read)

    assert rendered.body == {"input": [call("c1", "look"), output("c1", "a cat")]}
    assert [change.id for change in rendered.changes] == ["tool-choice"]


def test_a_tool_name_with_dots_is_the_same_in_declaration_choice_and_call() -> None:
    read = transcript(
        call("c1", "files.read"),
        output("c1", "x"),
        tools=[function("files.read")],
        tool_choice={"type": "function", "name": "files.read"},
    )

    body = body_of(render(read))

    name = body["input"][0]["name"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name)
    assert body["tools"][0]["name"] == body["tool_choice"]["name"] == name


def test_tool_names_that_differ_in_one_character_stay_two() -> None:
    read = transcript(user("hi"), tools=[function("files.read"), function("files/read")])

    first, second = body_of(render(read))["tools"]

    assert first["name"] != second["name"]


def test_strict_mode_is_off_for_a_schema_with_optional_fields() -> None:
    loose = {**CLOSED, "required": []}
    tool = ToolDeclaration("pay", parameters=loose, strict=True)
    shape = OutputFormat("json_schema", "a", loose, strict=True)

    rendered = render(made(asked(Text("hi")), tools=(tool,), settings=Settings(output=shape)))

    body = body_of(rendered)
    assert body["tools"][0]["strict"] is False
    assert body["text"]["format"]["strict"] is False
    assert [c.sentence for c in rendered.changes] == [
        "JSON schema strict mode differs: off for tool 'pay'",
        "JSON schema strict mode differs: off for the output format",
    ]


def test_a_closed_schema_stays_strict() -> None:
    read = transcript(user("hi"), tools=[function("pay", parameters=CLOSED)])

    assert body_of(render(read))["tools"] == [function("pay", parameters=CLOSED)]


def test_a_tool_of_another_format_says_that_it_is_not_strict() -> None:
    chat = {"messages": [user("hi")], "tools": [{"type": "function", "function": {"name": "f"}}]}

    body = body_of(render(openai_chat.parse(json.dumps(chat))))

    assert body["tools"] == [{"type": "function", "name": "f", "parameters": None, "strict": False}]


def test_a_tool_that_leaves_strictness_to_the_vendor_still_does() -> None:
    silent = {"type": "function", "name": "f", "parameters": CLOSED}

    assert body_of(render(transcript(user("hi"), tools=[silent])))["tools"] == [
        {**silent, "strict": None}
    ]


def test_a_schema_in_a_dialect_is_mended_and_declared() -> None:
    dialect: JsonObject = {
        "type": "dict",
        "properties": {"to": {"type": "any"}, "n": {"type": "float"}},
    }
    rendered = render(made(asked(Text("hi")), tools=(ToolDeclaration("f", parameters=dialect),)))

    assert body_of(rendered)["tools"][0]["parameters"] == {
        "type": "object",
        "properties": {"to": {}, "n": {"type": "number"}},
    }
    assert [change.id for change in rendered.changes] == ["schema-dialect"]


def test_temperature_on_models_that_refuse_it_is_dropped() -> None:
    read = transcript(user("hi"), temperature=0, top_p=1)

    rendered = render(read, replace(OPENAI_RESPONSES, sampling=False))

    assert rendered.body == {"input": [user("hi")]}
    assert [change.sentence for change in rendered.changes] == [
        "Sampling parameter ignored: temperature",
        "Sampling parameter ignored: top_p",
    ]


def test_a_temperature_above_the_range_is_clamped() -> None:
    rendered = render(made(asked(Text("hi")), settings=Settings(temperature=2.5)))

    assert rendered.body["temperature"] == 2
    assert [change.carriage for change in rendered.changes] == [Carriage.TRANSFORMED]


def test_max_tokens_over_the_limit_or_under_the_least_are_clamped() -> None:
    limited = replace(OPENAI_RESPONSES, max_output_tokens=100)

    over, under = (transcript(user("a"), max_output_tokens=wanted) for wanted in (500, 1))

    assert render(over, limited).body["max_output_tokens"] == 100
    assert render(under, limited).body["max_output_tokens"] == 16
    assert "max_output_tokens" not in render(transcript(user("a")), limited).body


def test_a_forced_tool_choice_becomes_auto_where_it_is_refused() -> None:
    choice = {"type": "function", "name": "look"}
    read = transcript(user("a"), tools=[function("look")], tool_choice=choice)

    rendered = render(read, replace(OPENAI_RESPONSES, forced_tool_choice=False))

    assert rendered.body["tool_choice"] == "auto"
    assert [change.id for change in rendered.changes] == ["tool-choice"]


def test_an_ending_assistant_turn_is_followed_by_continue_where_it_is_refused() -> None:
    read = transcript(user("a"), answer("The answer is"))

    rendered = render(read, replace(OPENAI_RESPONSES, prefill=False))

    assert items_of(rendered)[-1] == user("Continue.")
    assert [change.id for change in rendered.changes] == ["prefill"]
    assert items_of(render(read))[-1] == answer("The answer is")


def test_stop_sequences_do_not_exist_on_responses() -> None:
    rendered = render(made(asked(Text("hi")), settings=Settings(stop=("END",))))

    assert rendered.body == {"input": [user("hi")]}
    assert [change.id for change in rendered.changes] == ["stop-sequences"]


def test_what_a_provider_executed_tool_found_is_flattened_to_text() -> None:
    searched = ProviderTool("web_search", '{"query":"cats"}', "https://example.com")

    rendered = render(made(said(searched, Text("Found it."))))

    texts = [part["text"] for part in items_of(rendered)[0]["content"]]
    assert texts == ['[web_search({"query":"cats"}): https://example.com]', "Found it."]
    assert [change.id for change in rendered.changes] == ["provider-tool"]


def test_vendor_metadata_does_not_leak_into_the_body() -> None:
    mood = {"mood": "merry"}
    read = transcript(
        {**user([{**input_text("hi"), **mood}]), **mood},
        {**call("c1", "look"), **mood},
        {**output("c1", "x"), **mood},
        tools=[function("look", **mood)],
        text={"format": {"type": "text", **mood}, **mood},
        reasoning={"effort": "low", **mood},
        galaxy="far",
    )

    rendered = render(read)

    assert "merry" not in json.dumps(rendered.body)
    assert "far" not in json.dumps(rendered.body)
    assert [change.where for change in rendered.changes] == [
        "messages[0]",
        "messages[1]",
        "messages[2]",
        "tools",
        "galaxy",
        "text.format",
        "text.mood",
        "reasoning.mood",
    ]


def test_a_setting_of_another_vendor_with_the_same_name_does_not_go() -> None:
    foreign: Any = {"service_tier": "standard_only", "context_management": {"edits": []}}
    rendered = render(made(asked(Text("hi")), settings=Settings(extra=foreign)))

    assert rendered.body == {"input": [user("hi")]}
    assert {change.where for change in rendered.changes} == {*foreign}


def test_a_refusal_of_the_assistant_stays_a_refusal() -> None:
    sent = items_of(render(made(said(Refusal("I will not.")))))[0]

    assert sent["content"] == [{"type": "refusal", "refusal": "I will not."}]


def test_the_text_that_preceded_a_call_stays_before_it() -> None:
    read = made(
        said(Text("First."), ToolCall("c1", "look", "{}"), Text("Then.")),
        told(ToolResult("c1", (Text("a cat"),))),
    )

    assert items_of(render(read)) == [
        answer("First."),
        call("c1", "look"),
        output("c1", "a cat"),
        answer("Then."),
    ]
