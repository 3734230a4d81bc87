"""A rendered body keeps what the format can carry and declares what it cannot."""

import json
from dataclasses import replace

import pytest

from joch.transcript.conversation import Message, Role, ToolDeclaration
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
)
from joch.transcript.values import JsonObject
from joch.wire import openai_chat
from joch.wire.openai_responses import parse, render
from joch.wire.profile import OPENAI_RESPONSES
from joch.wire.registry import wire_format
from joch.wire.rendered import Carriage
from tests.conformance.wire.validators.openai_responses import refusals
from tests.unit.wire.responses import (
    PNG,
    SAME_BACKEND,
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
    output_text,
    thought,
    transcript,
    url_citation,
    user,
)

BODY: Data = {
    "model": "gpt-5.4",
    "instructions": "Be brief.",
    "input": [
        {"role": "developer", "content": "Answer in English."},
        user([input_text("What is here?"), input_image("https://example.com/a.png", "low")]),
        user(
            [
                input_text("And there?"),
                {
                    "type": "input_file",
                    "filename": "a.pdf",
                    "file_data": "data:application/pdf;base64,JVBERi0xLjQK",
                },
            ]
        ),
        answer("I look."),
        call("c1", "look", at="here"),
        call("c2", "look", at="there"),
        {"type": "custom_tool_call", "call_id": "c3", "name": "sh", "input": "ls"},
        output("c2", [input_text("a dog"), input_image(f"data:image/png;base64,{PNG}")]),
        output("c1", "a cat"),
        {"type": "custom_tool_call_output", "call_id": "c3", "output": "a.txt"},
        answer("A cat and a dog."),
    ],
    "tools": [
        function("look"),
        {
            "type": "custom",
            "name": "sh",
            "format": {"type": "grammar", "syntax": "regex", "definition": ".*"},
        },
        {"type": "web_search", "search_context_size": "low"},
        {"type": "mcp", "server_label": "fs", "server_url": "https://fs.example"},
        {"type": "mcp", "server_label": "db", "server_url": "https://db.example"},
    ],
    "tool_choice": {
        "type": "allowed_tools",
        "mode": "auto",
        "tools": [{"type": "function", "name": "look"}, {"type": "custom", "name": "sh"}],
    },
    "parallel_tool_calls": True,
    "max_output_tokens": 100,
    "temperature": 0.2,
    "top_p": 0.9,
    "reasoning": {"effort": "low", "summary": "auto"},
    "text": {
        "format": {
            "type": "json_schema",
            "name": "a",
            "schema": {
                "type": "object",
                "properties": {},
                "required": [],
                "additionalProperties": False,
            },
            "strict": True,
        },
        "verbosity": "low",
    },
    "include": ["reasoning.encrypted_content"],
    "metadata": {"team": "ops"},
    "prompt_cache_key": "k",
    "truncation": "auto",
}


def test_a_stored_body_comes_out_as_it_went_in() -> None:
    rendered = render(parse(json.dumps(BODY)))

    assert rendered.body == BODY
    assert rendered.changes == ()
    assert refusals(BODY) == []


def test_the_registry_knows_the_format() -> None:
    known = wire_format("openai_responses")

    assert known.render(known.parse(json.dumps(BODY)), OPENAI_RESPONSES).body == BODY


def test_system_items_stay_items_and_instructions_stay_instructions() -> None:
    item = {"role": "system", "content": "Be brief."}

    assert body_of(render(transcript(item, user("hi")))) == {"input": [item, user("hi")]}
    assert body_of(render(transcript(user("hi"), instructions="Be brief."))) == {
        "instructions": "Be brief.",
        "input": [user("hi")],
    }


def test_instructions_alone_are_sent_as_an_item() -> None:
    rendered = render(transcript(instructions="Be brief."))

    assert rendered.body == {"input": [{"role": "system", "content": "Be brief."}]}
    assert [change.where for change in rendered.changes] == ["instructions"]


def test_several_texts_citations_and_status_make_an_output_message() -> None:
    said = message("First.", output_text("Then.", url_citation("https://example.com")))

    sent = items_of(render(transcript(said)))[0]

    assert sent == {**said, "id": sent["id"]}
    assert sent["id"].startswith("msg_")
    assert sent["id"] != said["id"]


def test_made_ids_are_new_in_the_request_and_the_same_each_time() -> None:
    cited = message(output_text("Yes.", url_citation("https://example.com")))
    read = transcript(cited, user("again"), cited)

    first, _, second = items_of(render(read))

    assert first["id"] != second["id"]
    assert items_of(render(read)) == [first, user("again"), second]


def test_item_ids_are_left_out_and_declared_once() -> None:
    rendered = render(
        transcript(
            message("I look."),
            {**call("c1", "look"), "id": "fc_1"},
            {**output("c1", "x"), "id": "o"},
        )
    )

    assert items_of(rendered) == [answer("I look."), call("c1", "look"), output("c1", "x")]
    assert [(c.id, c.where) for c in rendered.changes] == [("item-ids", "input")]


def test_chats_citations_become_annotations() -> None:
    inner = {"url": "https://example.com", "title": "E", "start_index": 0, "end_index": 3}
    cited = {"type": "url_citation", "url_citation": inner}
    chat = {"role": "assistant", "content": "Yes.", "annotations": [cited]}

    sent = items_of(render(openai_chat.parse(json.dumps([chat]))))[0]

    assert sent["content"] == [output_text("Yes.", {"type": "url_citation", **inner})]


def test_a_citation_of_another_vendor_is_one_of_the_whole_text() -> None:
    cited = (Text("Yes."), Citation("https://example.com", extra={"cited_text": "Yes"}))

    rendered = render(made(Message(Role.ASSISTANT, cited)))

    place = {"start_index": 0, "end_index": 4}
    url = "https://example.com"
    annotation = {"type": "url_citation", "url": url, "title": url, **place}
    assert items_of(rendered)[0]["content"] == [output_text("Yes.", annotation)]
    assert [(c.id, c.carriage) for c in rendered.changes] == [("citation", Carriage.TRANSFORMED)]


def test_a_citation_without_a_url_is_declared_lost() -> None:
    cited = (Text("Yes."), Citation(title="A book"))

    rendered = render(made(Message(Role.ASSISTANT, cited)))

    assert items_of(rendered) == [answer("Yes.")]
    assert [(c.id, c.carriage) for c in rendered.changes] == [("citation", Carriage.LOST)]


def test_the_phase_of_a_turn_without_words_is_declared_lost() -> None:
    silent = Message(Role.ASSISTANT, (ToolCall("c1", "f", "{}"),), extra={"phase": "commentary"})
    done = Message(Role.TOOL, (ToolResult("c1", (Text("x"),)),))

    assert changes_of(made(silent, done), SAME_BACKEND) == ["vendor-fields"]


def test_a_detail_that_is_not_published_is_sent_as_auto() -> None:
    picture = Image(Source(url="https://example.com/a.png"), detail="ultra")

    rendered = render(made(Message(Role.USER, (picture,))))

    assert items_of(rendered) == [user([input_image("https://example.com/a.png", "auto")])]
    assert [change.id for change in rendered.changes] == ["detail"]


def test_a_file_that_only_one_vendor_cites_is_cited_to_that_vendor_alone() -> None:
    cited = {"type": "file_citation", "file_id": "file-1", "filename": "a.md", "index": 0}
    read = transcript(message(output_text("Yes.", cited)))

    assert items_of(render(read)) == [answer("Yes.")]
    assert items_of(render(read, SAME_BACKEND)) == [message(output_text("Yes.", cited))]


def test_the_phase_of_an_answer_is_kept_and_sent_only_where_it_is_taken() -> None:
    read = transcript(message("I look.", phase="commentary"), message("A cat.", identity="msg_2"))

    with_phases = render(read, replace(OPENAI_RESPONSES, phases=True))

    assert read.messages[0].extra == {"phase": "commentary"}
    assert items_of(with_phases)[0] == {**answer("I look."), "phase": "commentary"}
    assert items_of(render(read))[0] == answer("I look.")
    assert "phase" in changes_of(read)


SEARCH: Data = {
    "type": "web_search_call",
    "id": "ws_1",
    "status": "completed",
    "action": {"type": "search", "query": "cats"},
}
WRITTEN: list[Data] = [
    user("go"),
    thought("rs_1", "hm"),
    message("I look.", phase="commentary"),
    {**call("c1", "look"), "id": "fc_1"},
    output("c1", "a cat"),
    SEARCH,
    message(output_text("A cat.", url_citation("https://example.com")), identity="msg_2"),
]


def test_the_backend_that_wrote_it_gets_everything_back_with_its_ids() -> None:
    rendered = render(transcript(*WRITTEN), SAME_BACKEND)

    assert items_of(rendered) == WRITTEN
    assert rendered.changes == ()
    assert refusals({"model": "any", **body_of(rendered)}) == []


def test_a_turn_without_its_encrypted_reasoning_goes_back_without_what_asks_for_it() -> None:
    bare = [thought("rs_0", "hm", None), SEARCH, message("A dog.", identity="msg_0"), user("And?")]

    rendered = render(transcript(*bare, *WRITTEN), SAME_BACKEND)

    first, second, *others = items_of(rendered)
    assert [part["text"] for part in first["content"]] == [
        '[web_search({"query":"cats"}): ]',
        "A dog.",
    ]
    assert first["id"] != "msg_0"
    assert [second, *others] == [user("And?"), *WRITTEN]
    assert refusals({"model": "any", **body_of(rendered)}) == []


def test_reasoning_that_led_to_nothing_does_not_go_back() -> None:
    rendered = render(transcript(user("a"), thought("rs_1", "hm"), user("b")), SAME_BACKEND)

    assert items_of(rendered) == [user("a"), user("b")]
    assert [change.id for change in rendered.changes] == ["reasoning"]


def test_a_message_after_reasoning_has_an_id_where_it_goes_back() -> None:
    read = transcript(user("a"), thought("rs_1", "hm"), answer("hello"))

    rendered = render(read, SAME_BACKEND)

    assert items_of(rendered)[2]["id"].startswith("msg_")
    assert refusals({"model": "any", **body_of(rendered)}) == []


CLICK: Data = {
    "type": "computer_call",
    "id": "cu_1",
    "call_id": "cc_1",
    "action": {"type": "click", "button": "left", "x": 1, "y": 2},
    "pending_safety_checks": [],
    "status": "completed",
}
SCREEN: Data = {
    "type": "computer_call_output",
    "call_id": "cc_1",
    "output": {"type": "computer_screenshot", "image_url": f"data:image/png;base64,{PNG}"},
}


def test_a_screen_goes_back_with_its_picture_and_elsewhere_as_text_and_image() -> None:
    read = transcript(user("click"), CLICK, SCREEN)

    assert items_of(render(read, SAME_BACKEND)) == [user("click"), CLICK, SCREEN]
    assert items_of(render(read))[1:] == [
        answer('[computer({"button":"left","type":"click","x":1,"y":2}): ]'),
        user(
            [
                input_text("[computer_call_output(): ]"),
                input_image(f"data:image/png;base64,{PNG}"),
            ]
        ),
    ]


def test_an_item_of_the_vendors_tool_without_its_answer_does_not_go_back() -> None:
    sent = items_of(render(transcript(CLICK, user("and?")), SAME_BACKEND))

    assert [item.get("type") for item in sent] == [None, None]


def test_state_of_one_account_is_declared_by_the_tool_that_names_it() -> None:
    search = {"type": "file_search", "vector_store_ids": ["vs_1"]}
    code = {"type": "code_interpreter", "container": "cntr_1"}
    fresh = {"type": "code_interpreter", "container": {"type": "auto"}}
    read = transcript(user("hi"), tools=[search, code, fresh])

    assert body_of(render(read))["tools"] == [fresh]
    assert changes_of(read) == ["vendor-tool", "vendor-tool"]
    assert body_of(render(read, SAME_BACKEND))["tools"] == [search, code, fresh]


def test_tools_of_other_vendors_are_declared_lost() -> None:
    tools = (ToolDeclaration("computer", "computer_20250124", extra={"display_width_px": 1}),)

    rendered = render(made(Message(Role.USER, (Text("hi"),)), tools=tools))

    assert rendered.body == {"input": [user("hi")]}
    assert [change.id for change in rendered.changes] == ["vendor-tool"]


def test_a_tool_declared_twice_is_declared_once() -> None:
    read = transcript(user("hi"), tools=[function("f"), function("f")])

    assert body_of(render(read))["tools"] == [function("f")]
    assert changes_of(read) == ["duplicate-tool"]


@pytest.mark.parametrize(
    "choice",
    [
        {"type": "function", "name": "gone"},
        {"type": "web_search_preview"},
        {"type": "mcp", "server_label": "fs"},
        {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "gone"}]},
        "sometimes",
        {"type": "novelty"},
    ],
)
def test_a_choice_that_nothing_declared_fits_is_left_out(choice: object) -> None:
    read = transcript(user("hi"), tools=[function("f")], tool_choice=choice)

    assert "tool_choice" not in render(read).body
    assert changes_of(read) == ["tool-choice"]


def test_a_schema_that_is_nested_too_deep_is_declared_lost() -> None:
    schema: JsonObject = {"type": "object"}
    for _ in range(2_000):
        schema = {"type": "object", "properties": {"a": schema}}
    tools = (ToolDeclaration("f", parameters=schema),)

    rendered = render(made(Message(Role.USER, (Text("hi"),)), tools=tools))

    assert body_of(rendered)["tools"] == [
        function("f", parameters={"type": "object"}, strict=False)
    ]
    assert [change.id for change in rendered.changes] == ["schema"]


def test_sound_is_sent_as_its_words() -> None:
    sound = Audio(Source(data="QUJD"), "wav", transcript="Good morning.")

    for role in (Role.USER, Role.ASSISTANT):
        rendered = render(made(Message(role, (sound,))))
        assert items_of(rendered)[0]["content"] == "[audio: Good morning.]"
        assert [change.id for change in rendered.changes] == ["media"]


def test_media_of_the_assistant_are_named_in_text() -> None:
    picture = Image(Source(url="https://example.com/a.png"))

    rendered = render(made(Message(Role.ASSISTANT, (Text("Here."), picture))))

    assert [part["text"] for part in items_of(rendered)[0]["content"]] == [
        "Here.",
        "[image: https://example.com/a.png]",
    ]


def test_bytes_that_are_no_base64_are_named_in_text() -> None:
    torn = Document(Source(data="JVBERi0%", media_type="application/pdf"), "a.pdf")

    rendered = render(made(Message(Role.USER, (torn,))))

    assert items_of(rendered) == [user("[a.pdf: application/pdf, 8 bytes]")]


@pytest.mark.parametrize(
    ("data", "filename", "media_type"),
    [
        ("JVBERi0xLjQK", None, "application/pdf"),
        ("QUJD", "notes.txt", "text/plain"),
        ("QUJD", None, "application/octet-stream"),
    ],
)
def test_a_file_without_a_media_type_gets_one_by_its_bytes_or_name(
    data: str, filename: str | None, media_type: str
) -> None:
    paper = Document(Source(data=data), filename)

    sent = items_of(render(made(Message(Role.USER, (paper,)))))[0]["content"][0]

    assert sent["file_data"] == f"data:{media_type};base64,{data}"
    assert sent["filename"]


def test_an_output_that_says_nothing_is_still_an_output() -> None:
    read = transcript(call("c1", "look"), output("c1", ""))

    assert items_of(render(read))[1] == output("c1", "")
    assert changes_of(read) == []


def test_an_error_of_parts_is_marked_by_a_text_before_them() -> None:
    parts = (Text("no route"), Image(Source(url="https://example.com/a.png")))
    failed = Message(Role.TOOL, (ToolResult("c1", parts, is_error=True),))
    read = made(Message(Role.ASSISTANT, (ToolCall("c1", "look", "{}"),)), failed)

    assert items_of(render(read))[1]["output"][0] == input_text("Error:")


def test_an_error_that_already_says_so_is_not_marked_again() -> None:
    failed = Message(Role.TOOL, (ToolResult("c1", (Text("error: no route"),), is_error=True),))
    read = made(Message(Role.ASSISTANT, (ToolCall("c1", "look", "{}"),)), failed)

    assert items_of(render(read))[1] == output("c1", "error: no route")
    assert changes_of(read) == []


def test_words_beside_a_tools_result_are_sent_as_the_users() -> None:
    told = Message(Role.TOOL, (ToolResult("c1", (Text("a cat"),)), Text("by the way")))
    read = made(Message(Role.ASSISTANT, (ToolCall("c1", "look", "{}"),)), told)

    assert items_of(render(read))[1:] == [output("c1", "a cat"), user("by the way")]
    assert changes_of(read) == ["tool-text"]


def test_a_call_that_no_assistant_made_is_sent_as_the_models() -> None:
    read = made(
        Message(Role.USER, (ToolCall("c1", "look", "{}"), Text("hi"))),
        Message(Role.TOOL, (ToolResult("c1", (Text("a cat"),)),)),
    )

    rendered = render(read)

    assert items_of(rendered) == [user("hi"), call("c1", "look"), output("c1", "a cat")]
    assert [change.id for change in rendered.changes] == ["misplaced-part"]


def test_a_field_with_another_value_than_is_published_does_not_go() -> None:
    odd: JsonObject = {"status": None, "namespace": 7}
    read = made(
        Message(Role.ASSISTANT, (ToolCall("c1", "look", "{}", odd),)),
        Message(Role.TOOL, (ToolResult("c1", (Text("a cat"),)),)),
    )

    assert items_of(render(read)) == [call("c1", "look"), output("c1", "a cat")]
    assert changes_of(read) == ["vendor-fields"]


def test_names_and_times_of_speakers_are_declared_lost() -> None:
    read = made(Message(Role.USER, (Text("hi"),), name="ada", created_at="2026-11-21"))

    assert items_of(render(read)) == [user("hi")]
    assert changes_of(read) == ["name", "vendor-fields"]


def test_parts_that_no_request_has_are_declared_lost() -> None:
    parts = (Reasoning("hm"), Text("hi"), ProviderTool("search", "cats", "two"))

    rendered = render(made(Message(Role.USER, parts)))

    assert items_of(rendered) == [user([input_text("hi"), input_text("[search(cats): two]")])]
    assert [change.id for change in rendered.changes] == ["reasoning", "provider-tool"]


def test_a_conversation_without_anything_to_say_is_still_a_request() -> None:
    assert render(made()).body == {"input": [user("(empty conversation)")]}
