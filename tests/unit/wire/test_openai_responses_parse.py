"""What clients of Responses store is read, whole."""

import json
from typing import Any

import pytest

from joch.transcript.conversation import Message, OutputFormat, Role, Settings, ToolDeclaration
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
from joch.wire.openai_responses import parse
from tests.unit.wire.responses import (
    PNG,
    Data,
    answer,
    call,
    function,
    input_text,
    message,
    output,
    output_text,
    thought,
    transcript,
    url_citation,
    user,
)

HELLO = (Message(Role.USER, (Text("hello"),)),)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param('{"model": "m", "input": "hello"}', id="body with a string"),
        pytest.param('{"input": [{"role": "user", "content": "hello"}]}', id="body"),
        pytest.param('{"input": {"role": "user", "content": "hello"}}', id="one item"),
        pytest.param('[{"role": "user", "content": "hello"}]', id="bare list"),
        pytest.param('{"role": "user", "content": "hello"}\n', id="one JSON line"),
        pytest.param('{"type": "message", "role": "user", "content": "hello"}', id="typed"),
        pytest.param(
            '{"role": "user", "content": [{"type": "input_text", "text": "hello"}]}', id="parts"
        ),
        pytest.param(
            '{"role": "user", "content": {"type": "input_text", "text": "hello"}}', id="one part"
        ),
        pytest.param(
            '{"role": "user", "status": "completed", "content": ["hello"]}', id="bare strings"
        ),
        pytest.param('\ufeff[{"role": "user", "content": "hello"}]', id="byte order mark"),
    ],
)
def test_a_transcript_may_be_stored_in_any_of_these_shapes(stored: str) -> None:
    assert parse(stored).messages == HELLO
    assert parse(stored.encode()).messages == HELLO


def test_instructions_are_the_first_system_message() -> None:
    read = transcript(user("hello"), instructions="Be brief.")

    assert read.messages == (
        Message(Role.SYSTEM, (Text("Be brief."),), id="instructions"),
        *HELLO,
    )


def test_instructions_of_items_are_read_as_items() -> None:
    read = transcript(user("hello"), instructions=[{"role": "developer", "content": "Be brief."}])

    assert read.messages == (Message(Role.DEVELOPER, (Text("Be brief."),)), *HELLO)


def test_the_items_of_one_answer_are_one_message() -> None:
    read = transcript(
        user("go"),
        thought("rs_1", "hm"),
        message("I look.", phase="commentary"),
        {**call("c1", "look"), "id": "fc_1", "status": "completed"},
        call("c2", "look"),
        output("c2", "a dog"),
        output("c1", "a cat"),
        message("A cat and a dog.", identity="msg_2"),
    )

    assert read.messages[1:] == (
        Message(
            Role.ASSISTANT,
            (
                Reasoning("hm", rest_of(thought("rs_1", "hm"))),
                Text("I look."),
                ToolCall("c1", "look", "{}", {"id": "fc_1", "status": "completed"}),
                ToolCall("c2", "look", "{}"),
            ),
            id="msg_1",
            extra={"phase": "commentary"},
        ),
        Message(Role.TOOL, (ToolResult("c2", (Text("a dog"),)),)),
        Message(Role.TOOL, (ToolResult("c1", (Text("a cat"),)),)),
        Message(Role.ASSISTANT, (Text("A cat and a dog."),), id="msg_2"),
    )


def test_a_second_message_item_is_a_message_of_its_own() -> None:
    read = transcript(message("a", phase="commentary"), message("b", identity="msg_2"))

    assert [(m.id, m.extra) for m in read.messages] == [
        ("msg_1", {"phase": "commentary"}),
        ("msg_2", None),
    ]


def test_a_whole_response_appended_is_its_items_and_keeps_the_rest() -> None:
    response: Data = {
        "id": "resp_1",
        "object": "response",
        "model": "gpt-5.4-2026-03-05",
        "usage": {"total_tokens": 9},
        "tools": [],
        "output": [thought("rs_1", "hm"), message("hi"), message("there", identity="msg_2")],
    }

    read = transcript(user("hello"), response, user("again"))

    assert [m.role.value for m in read.messages] == ["user", "assistant", "assistant", "user"]
    assert read.messages[1].extra == {
        "response": {
            "id": "resp_1",
            "model": "gpt-5.4-2026-03-05",
            "usage": {"total_tokens": 9},
        }
    }
    assert read.messages[1].id == "msg_1"
    assert read.messages[2].extra is None


def test_a_response_without_output_is_kept() -> None:
    failed = {"id": "resp_1", "output": [], "error": {"code": "server_error"}}

    assert transcript(user("hello"), failed).messages[1] == Message(
        Role.ASSISTANT, (), extra={"response": {"id": "resp_1", "error": {"code": "server_error"}}}
    )


def test_output_beside_the_input_is_the_last_answer() -> None:
    read = transcript(user("hello"), output=[message("hi")])

    assert read.messages[1] == Message(Role.ASSISTANT, (Text("hi"),), id="msg_1")


def test_a_lone_response_is_its_output_with_the_settings_it_echoes() -> None:
    response = {"id": "resp_1", "model": "m", "output": [message("hi")], "temperature": 1.0}

    read = parse(json.dumps(response))

    assert read.messages == (Message(Role.ASSISTANT, (Text("hi"),), id="msg_1"),)
    assert read.settings == Settings(model="m", temperature=1.0, extra={"id": "resp_1"})


def test_json_lines_are_items_and_responses_in_order_and_blank_lines_are_nothing() -> None:
    lines = [user("hello"), {"output": [message("hi\u2028there")]}, user("bye")]
    stored = "\n\r\n".join(json.dumps(line, ensure_ascii=False) for line in lines)

    assert [m.parts for m in parse(stored).messages] == [
        (Text("hello"),),
        (Text("hi\u2028there"),),
        (Text("bye"),),
    ]


def test_a_log_of_requests_that_lean_on_previous_responses_is_one_conversation() -> None:
    lines = [
        {"model": "m", "input": "hello"},
        {"id": "resp_1", "output": [call("c1", "look")]},
        {"model": "n", "previous_response_id": "resp_1", "input": [output("c1", "a cat")]},
        {"id": "resp_2", "output": [message("A cat.")]},
    ]

    read = parse("\n".join(map(json.dumps, lines)))

    assert [m.role.value for m in read.messages] == ["user", "assistant", "tool", "assistant"]
    assert read.settings.model == "n"


@pytest.mark.parametrize("held", [{"previous_response_id": "resp_1"}, {"conversation": "conv_1"}])
def test_an_output_may_answer_a_call_that_only_the_vendor_has(held: Data) -> None:
    read = transcript(output("c1", "a cat"), **held)

    assert read.messages[0].parts == (ToolResult("c1", (Text("a cat"),)),)
    assert read.settings.extra == held


def test_an_output_after_an_item_reference_may_answer_what_is_referred_to() -> None:
    read = transcript({"id": "fc_1"}, output("c1", "a cat"))

    assert read.messages[0].parts == (Unknown("item_reference", {"id": "fc_1"}),)


def test_arguments_stay_as_written_and_objects_become_their_json() -> None:
    written = {**call("c1", "f"), "arguments": '{"a" : 1}'}
    stored = {**call("c2", "f"), "arguments": {"b": 2, "a": 1}}
    silent = {**call("c3", "f"), "arguments": None}

    calls = transcript(written, stored, silent).messages[0].parts

    assert [part.arguments for part in calls if isinstance(part, ToolCall)] == [
        '{"a" : 1}',
        '{"a":1,"b":2}',
        "{}",
    ]


def test_a_custom_tool_call_keeps_its_input_as_text() -> None:
    custom = {"type": "custom_tool_call", "call_id": "c1", "name": "sh", "input": "ls -l"}
    told = {"type": "custom_tool_call_output", "call_id": "c1", "output": "a.txt"}

    read = transcript(custom, told)

    assert read.messages[0].parts == (ToolCall("c1", "sh", "ls -l", {"type": "custom"}),)
    assert read.messages[1].parts == (ToolResult("c1", (Text("a.txt"),)),)


def test_an_output_of_parts_keeps_its_image_and_its_file() -> None:
    parts = [
        input_text("here"),
        {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}"},
        {"type": "input_file", "file_data": "QUJD", "filename": "a.txt"},
    ]

    read = transcript(call("c1", "look"), output("c1", parts))

    assert read.messages[1].parts == (
        ToolResult(
            "c1",
            (
                Text("here"),
                Image(Source(data=PNG, media_type="image/png")),
                Document(Source(data="QUJD"), "a.txt"),
            ),
        ),
    )


def test_an_output_stored_as_an_object_becomes_its_json() -> None:
    read = transcript(call("c1", "look"), output("c1", {"cats": 2}))

    assert read.messages[1].parts == (ToolResult("c1", (Text('{"cats":2}'),)),)


def test_media_are_parts_with_their_source() -> None:
    url: Data = {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "low"}
    read = transcript(
        user(
            [
                url,
                {**url, "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
                {"type": "input_image", "file_id": "file-1"},
                {"type": "input_file", "file_url": "https://example.com/a.pdf"},
                {"type": "input_file", "file_id": "file-2"},
                {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
            ]
        )
    )

    assert read.messages[0].parts == (
        Image(Source(url="https://example.com/a.png"), "low"),
        Image(Source(url="https://example.com/a.png"), "low"),
        Image(Source(file_id="file-1")),
        Document(Source(url="https://example.com/a.pdf")),
        Document(Source(file_id="file-2")),
        Audio(Source(data="QUJD"), "wav"),
    )


def test_citations_refusals_and_thoughts_are_parts_of_the_answer() -> None:
    cited = url_citation("https://example.com")
    read = transcript(
        {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "hm"}]},
        message(output_text("Yes.", cited), {"type": "refusal", "refusal": "No."}),
    )

    assert read.messages[0].parts == (
        Reasoning("hm", {"content": [{"type": "reasoning_text", "text": "hm"}]}),
        Text("Yes."),
        Citation("https://example.com", "Example", cited),
        Refusal("No."),
    )


@pytest.mark.parametrize(
    ("item", "read"),
    [
        (
            {
                "type": "web_search_call",
                "id": "ws_1",
                "action": {
                    "type": "search",
                    "query": "cats",
                    "sources": [{"type": "url", "url": "https://a.b"}],
                },
            },
            ("web_search", '{"query":"cats"}', "https://a.b", "ws_1"),
        ),
        (
            {
                "type": "file_search_call",
                "id": "fs_1",
                "queries": ["cats"],
                "results": [{"filename": "a.md", "text": "Cats purr."}, {"filename": "b.md"}],
            },
            ("file_search", '["cats"]', "Cats purr.\nb.md", "fs_1"),
        ),
        (
            {
                "type": "code_interpreter_call",
                "id": "ci_1",
                "code": "1+1",
                "outputs": [{"type": "logs", "logs": "2"}, {"type": "image", "url": "u"}],
            },
            ("code_interpreter", "1+1", "2\nu", "ci_1"),
        ),
        (
            {"type": "image_generation_call", "id": "ig_1", "result": PNG, "revised_prompt": "cat"},
            ("image_generation", "cat", "an image", "ig_1"),
        ),
        (
            {"type": "computer_call", "call_id": "cc_1", "action": {"type": "click", "x": 1}},
            ("computer", '{"type":"click","x":1}', "", "cc_1"),
        ),
        (
            {"type": "local_shell_call", "call_id": "ls_1", "action": {"command": ["ls"]}},
            ("local_shell", '{"command":["ls"]}', "", "ls_1"),
        ),
        (
            {
                "type": "mcp_call",
                "id": "mcp_1",
                "server_label": "fs",
                "name": "read",
                "arguments": "{}",
                "output": "text",
            },
            ("fs.read", "{}", "text", "mcp_1"),
        ),
        (
            {"type": "mcp_list_tools", "id": "l_1", "server_label": "fs", "tools": [{"name": "r"}]},
            ("mcp_list_tools", "fs", "r", "l_1"),
        ),
        (
            {
                "type": "mcp_approval_request",
                "id": "r_1",
                "server_label": "fs",
                "name": "rm",
                "arguments": "{}",
            },
            (
                "mcp_approval_request",
                '{"arguments":"{}","name":"rm","server_label":"fs"}',
                "",
                "r_1",
            ),
        ),
    ],
)
def test_an_item_of_the_vendors_own_tools_is_readable_and_kept_whole(
    item: JsonObject, read: tuple[str, str, str, str]
) -> None:
    name, arguments, said, identity = read

    found = transcript(dict(item)).messages[0]

    assert found.role is Role.ASSISTANT
    assert found.parts == (ProviderTool(name, arguments, said, identity, item),)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"type": "local_shell_call_output", "id": "c1", "output": "a.txt"}, "a.txt"),
        ({"type": "shell_call_output", "call_id": "c1", "output": [{"stdout": "a"}]}, "a"),
        ({"type": "apply_patch_call_output", "call_id": "c1", "output": "done"}, "done"),
        (
            {"type": "mcp_approval_response", "approval_request_id": "r", "approve": False},
            "not approved",
        ),
    ],
)
def test_what_the_client_answers_to_a_tool_of_the_vendor_is_the_clients(
    item: Data, said: str
) -> None:
    found = transcript(item).messages[0]

    assert found.role is Role.USER
    assert [part.output for part in found.parts if isinstance(part, ProviderTool)] == [said]


def test_a_screenshot_is_an_image_after_what_it_answers() -> None:
    shown = {"type": "computer_screenshot", "image_url": f"data:image/png;base64,{PNG}"}

    found = transcript({"type": "computer_call_output", "call_id": "cc_1", "output": shown})

    kinds: list[type[Part]] = [type(part) for part in found.messages[0].parts]
    assert kinds == [ProviderTool, Image]


def test_what_is_new_is_kept() -> None:
    item: JsonObject = {"type": "hologram_call", "depth": 3}
    part: JsonObject = {"type": "hologram", "depth": 3}
    read = transcript({**user([part]), "mood": "merry"}, dict(item), galaxy="far")

    assert read.messages == (
        Message(Role.USER, (Unknown("hologram", part),), extra={"mood": "merry"}),
        Message(Role.ASSISTANT, (Unknown("hologram_call", item),)),
    )
    assert read.settings.extra == {"galaxy": "far"}


def test_nulls_empty_lists_and_a_completed_message_say_nothing() -> None:
    bare = {"type": "message", "role": "assistant", "content": [output_text("hi")]}
    full = {**message({**output_text("hi"), "logprobs": []}, phase=None), "id": None}

    assert transcript(full, tools=None, temperature=None).messages == transcript(bare).messages


def test_a_status_that_is_not_completed_says_something() -> None:
    assert transcript(message("hi", status="incomplete")).messages[0].extra == {
        "status": "incomplete"
    }


def test_settings_are_read_by_their_canonical_names() -> None:
    schema: JsonObject = {"type": "object"}
    read = transcript(
        user("hi"),
        model="gpt-5.4",
        max_output_tokens=100,
        temperature=0.5,
        top_p=0.9,
        parallel_tool_calls=False,
        reasoning={"effort": "low", "summary": "auto"},
        text={
            "format": {"type": "json_schema", "name": "a", "schema": schema, "strict": True},
            "verbosity": "low",
        },
    )

    assert read.settings == Settings(
        model="gpt-5.4",
        max_tokens=100,
        temperature=0.5,
        top_p=0.9,
        output=OutputFormat("json_schema", "a", schema, strict=True),
        parallel_tool_calls=False,
        reasoning_effort="low",
        extra={"verbosity": "low", "reasoning": {"summary": "auto"}},
    )


def test_tools_of_all_kinds_are_read() -> None:
    search: JsonObject = {"type": "web_search", "search_context_size": "low"}
    server: JsonObject = {"type": "mcp", "server_label": "fs", "server_url": "https://fs.example"}
    read = transcript(
        user("hi"),
        tools=[
            function("f", description="Does f."),
            {"type": "function", "function": {"name": "nested"}},
            {
                "type": "custom",
                "name": "sh",
                "format": {"type": "grammar", "syntax": "regex", "definition": ".*"},
            },
            dict(search),
            dict(server),
        ],
    )

    grammar: JsonObject = {"syntax": "regex", "definition": ".*"}
    shell: JsonObject = {"name": "sh", "format": {"type": "grammar", "grammar": grammar}}
    assert read.tools == (
        ToolDeclaration("f", description="Does f.", parameters=schema_of("f"), strict=True),
        ToolDeclaration("nested", extra={"strict": None}),
        ToolDeclaration("sh", "custom", extra={"type": "custom", "custom": shell}),
        ToolDeclaration("web_search", "web_search", extra=search),
        ToolDeclaration("fs", "mcp", extra=server),
    )


@pytest.mark.parametrize(
    ("stored", "choice"),
    [
        ("required", "required"),
        ({"type": "function", "name": "f"}, {"type": "function", "function": {"name": "f"}}),
        ({"type": "mcp", "server_label": "fs"}, {"type": "mcp", "server_label": "fs"}),
        (
            {
                "type": "allowed_tools",
                "mode": "auto",
                "tools": [{"type": "function", "name": "f"}, {"type": "web_search"}],
            },
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "auto",
                    "tools": [
                        {"type": "function", "function": {"name": "f"}},
                        {"type": "web_search"},
                    ],
                },
            },
        ),
    ],
)
def test_a_choice_of_tools_is_kept_in_the_words_of_openai_chat(stored: Any, choice: Any) -> None:
    assert transcript(user("hi"), tool_choice=stored).settings.tool_choice == choice


def test_a_lone_surrogate_and_a_nul_are_read() -> None:
    assert parse('{"input": "\\ud800\\u0000"}').messages[0].parts == (Text("\ud800\0"),)


def test_digits_of_other_languages_stay_text() -> None:
    assert transcript(user("٣ + ४")).messages[0].parts == (Text("٣ + ४"),)


def test_an_assistant_message_may_be_a_plain_string() -> None:
    assert transcript(answer("hi")).messages == (Message(Role.ASSISTANT, (Text("hi"),)),)


def rest_of(item: Data) -> JsonObject:
    return {key: value for key, value in item.items() if key != "type"}


def schema_of(name: str) -> JsonObject:
    schema: JsonObject = function(name)["parameters"]
    return schema
