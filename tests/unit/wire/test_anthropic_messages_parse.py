"""What clients of Anthropic Messages store is read, whole."""

import base64
import json
from typing import Any

import pytest

from joch.transcript.conversation import (
    Message,
    OutputFormat,
    Role,
    Settings,
    ToolDeclaration,
)
from joch.transcript.parts import (
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
from joch.wire.anthropic_messages import parse
from tests.unit.wire.messages_api import (
    CACHED,
    PNG,
    Data,
    answer,
    document,
    image,
    result,
    searched,
    thinking,
    told,
    tool,
    transcript,
    use,
    user,
)

HELLO = (Message(Role.USER, (Text("hello"),)),)
WHOLE_ANSWER: Data = {
    "id": "msg_01",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-5",
    "content": [{"type": "text", "text": "hi", "citations": None}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 3, "output_tokens": 1},
}


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param('{"messages": [{"role": "user", "content": "hello"}]}', id="body"),
        pytest.param('[{"role": "user", "content": "hello"}]', id="bare list"),
        pytest.param('{"role": "user", "content": "hello"}\n', id="one JSON line"),
        pytest.param(json.dumps(user("hello")), id="blocks"),
        pytest.param(json.dumps({"role": "user", "content": told("hello")}), id="one block"),
        pytest.param('\ufeff[{"role": "user", "content": "hello"}]', id="byte order mark"),
    ],
)
def test_a_transcript_may_be_stored_in_any_of_these_shapes(stored: str) -> None:
    assert parse(stored).messages == HELLO
    assert parse(stored.encode()).messages == HELLO


@pytest.mark.parametrize("system", ["Be brief.", [told("Be brief.")]])
def test_system_is_the_first_message(system: Any) -> None:
    read = transcript(user("hello"), system=system)

    assert read.messages == (Message(Role.SYSTEM, (Text("Be brief."),)), *HELLO)


def test_instructions_may_stand_between_the_messages() -> None:
    read = transcript(user("hello"), {"role": "system", "content": "Be brief."})

    assert read.messages[1] == Message(Role.SYSTEM, (Text("Be brief."),))


def test_a_whole_answer_is_its_message_and_keeps_the_rest() -> None:
    last = transcript(user("hello"), WHOLE_ANSWER).messages[-1]

    assert (last.role, last.parts, last.id) == (Role.ASSISTANT, (Text("hi"),), "msg_01")
    assert last.extra == {
        "model": "claude-sonnet-5",
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 3, "output_tokens": 1},
    }


def test_json_lines_may_be_a_request_and_the_answers_to_it() -> None:
    body = {"model": "claude-sonnet-5", "messages": [user("hello")]}
    read = parse(f"{json.dumps(body)}\n{json.dumps(WHOLE_ANSWER)}\n")

    assert [message.role for message in read.messages] == [Role.USER, Role.ASSISTANT]
    assert read.settings.model == "claude-sonnet-5"


def test_calls_and_results_are_parts_and_inputs_are_their_json() -> None:
    read = transcript(
        user("go"),
        answer("I go.", use("t1", "f", b="é", a=1)),
        user(result("t1", "done", is_error=False, **CACHED)),
    )

    assert read.messages[1].parts == (Text("I go."), ToolCall("t1", "f", '{"a":1,"b":"é"}'))
    assert read.messages[2] == Message(
        Role.TOOL, (ToolResult("t1", (Text("done"),), False, extra=CACHED),)
    )


def test_a_result_holds_text_images_documents_and_what_is_new() -> None:
    reference: JsonObject = {"type": "tool_reference", "tool_name": "look"}
    read = transcript(
        answer(use("t1", "f")),
        user(result("t1", [told("a cat"), image(), document(), reference])),
    )

    (part,) = read.messages[1].parts
    assert isinstance(part, ToolResult)
    assert part.parts == (
        Text("a cat"),
        Image(Source(data=PNG, media_type="image/png")),
        Document(Source(data="JVBERi0xLjQK", media_type="application/pdf")),
        Unknown("tool_reference", reference),
    )


def test_a_user_may_speak_beside_the_results() -> None:
    read = transcript(answer(use("t1", "f")), user(result("t1"), "And?"))

    assert read.messages[1].role is Role.USER
    assert read.messages[1].parts == (ToolResult("t1", (Text("done"),)), Text("And?"))


def test_thoughts_keep_their_signatures() -> None:
    hidden = {"type": "redacted_thinking", "data": "c2VjcmV0"}
    read = transcript(answer(thinking("Two doors."), hidden, "A cat."))

    assert read.messages[0].parts == (
        Reasoning("Two doors.", {"type": "thinking", "signature": "c2ln"}),
        Reasoning("", {"type": "redacted_thinking", "data": "c2VjcmV0"}),
        Text("A cat."),
    )


def test_images_and_documents_are_parts_with_their_source() -> None:
    def of(kind: str, **source: str) -> Data:
        return {"type": kind, "source": source}

    read = transcript(
        user(
            of("image", type="url", url="https://example.com/a.png"),
            of("image", type="file", file_id="file_1"),
            of("document", type="url", url="https://example.com/a.pdf"),
            document(title="a.pdf", context="Of last year.", citations={"enabled": True}),
            of("document", type="text", media_type="text/plain", data="Cats é"),
            {"type": "container_upload", "file_id": "file_2"},
        )
    )

    words = base64.b64encode("Cats é".encode()).decode()
    assert read.messages[0].parts == (
        Image(Source(url="https://example.com/a.png")),
        Image(Source(file_id="file_1")),
        Document(Source(url="https://example.com/a.pdf")),
        Document(
            Source(data="JVBERi0xLjQK", media_type="application/pdf"),
            "a.pdf",
            {"context": "Of last year.", "citations": {"enabled": True}},
        ),
        Document(Source(data=words, media_type="text/plain")),
        Document(Source(file_id="file_2"), extra={"type": "container_upload"}),
    )


def test_a_document_of_blocks_has_their_text_and_keeps_the_blocks() -> None:
    blocks = [told("Cats."), image(), told("Dogs.")]
    source: JsonObject = {"type": "content", "content": blocks}
    read = transcript(user({"type": "document", "source": source}))

    words = base64.b64encode(b"Cats.\nDogs.").decode()
    assert read.messages[0].parts == (
        Document(Source(data=words, media_type="text/plain"), extra={"source": source}),
    )


def test_a_search_result_is_text_for_every_vendor_and_keeps_its_block() -> None:
    block: JsonObject = {
        "type": "search_result",
        "title": "Cats",
        "source": "https://example.com",
        "content": [{"type": "text", "text": "They purr."}],
    }
    read = transcript(user(block))

    assert read.messages[0].parts == (
        Text("Cats\nhttps://example.com\nThey purr.", {"search_result": block}),
    )


def test_a_citation_stands_behind_the_text_that_rests_on_it() -> None:
    location: JsonObject = {
        "type": "char_location",
        "cited_text": "purr",
        "document_index": 0,
        "document_title": "Cats",
        "start_char_index": 5,
        "end_char_index": 9,
    }
    read = transcript(answer({**told("They purr."), "citations": [location]}))

    assert read.messages[0].parts == (Text("They purr."), Citation(None, "Cats", location))


def test_what_the_vendor_carried_out_is_readable_and_keeps_its_blocks() -> None:
    call, found = searched("srvtoolu_1", "cats")
    ran: JsonObject = {
        "type": "code_execution_tool_result",
        "tool_use_id": "srvtoolu_2",
        "content": {"type": "code_execution_result", "stdout": "4", "stderr": "", "return_code": 0},
    }
    read = transcript(answer(call, found, ran))

    assert read.messages[0].parts == (
        ProviderTool(
            "web_search", '{"query":"cats"}', "", "srvtoolu_1", {"type": "server_tool_use"}
        ),
        ProviderTool(
            "web_search",
            "",
            "Cats\nhttps://example.com/cats",
            "srvtoolu_1",
            {"type": "web_search_tool_result", "content": found["content"]},
        ),
        ProviderTool(
            "code_execution",
            "",
            "4",
            "srvtoolu_2",
            {"type": "code_execution_tool_result", "content": ran["content"]},
        ),
    )


def test_a_tool_of_an_mcp_server_has_its_own_name_in_call_and_result() -> None:
    call = {
        "type": "mcp_tool_use",
        "id": "mcptoolu_1",
        "name": "echo",
        "server_name": "example",
        "input": {},
    }
    told_by = {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_1", "content": [told("hi")]}
    asked, heard = transcript(answer(call, told_by)).messages[0].parts

    assert isinstance(asked, ProviderTool)
    assert isinstance(heard, ProviderTool)
    assert (asked.name, heard.name, heard.output) == ("echo", "echo", "hi")
    assert asked.extra == {"type": "mcp_tool_use", "server_name": "example"}


def test_a_compaction_is_the_text_of_what_it_stands_for() -> None:
    block: JsonObject = {"type": "compaction", "content": "They spoke of cats."}

    assert transcript(answer(block)).messages[0].parts == (
        Text("They spoke of cats.", {"compaction": block}),
    )


def test_what_is_new_is_kept() -> None:
    block: JsonObject = {"type": "hologram", "depth": 3}
    source: JsonObject = {"type": "beam"}
    new_image: JsonObject = {"type": "image", "source": source}
    read = transcript(
        {**user(block, new_image, {**told("hi"), **CACHED}), "mood": "merry"}, galaxy="far"
    )

    assert read.messages[0].parts == (
        Unknown("hologram", block),
        Unknown("image", new_image),
        Text("hi", CACHED),
    )
    assert read.messages[0].extra == {"mood": "merry"}
    assert read.settings.extra == {"galaxy": "far"}


def test_an_id_may_come_again_in_a_later_turn() -> None:
    exchange = (answer(use("t1", "f")), user(result("t1")))

    assert len(transcript(user("a"), *exchange, user("b"), *exchange).messages) == 6


def test_nulls_and_empty_lists_at_the_top_say_nothing() -> None:
    read = transcript(user("hi"), stop_sequences=[], tools=None, system=None, tool_choice=None)

    assert read == transcript(user("hi"))


def test_settings_are_read_into_the_transcripts_own() -> None:
    read = transcript(
        user("hi"),
        model="claude-sonnet-5",
        max_tokens=100,
        temperature=0.5,
        top_p=0.9,
        top_k=5,
        stop_sequences=["END"],
        thinking={"type": "adaptive"},
        output_config={
            "effort": "high",
            "format": {"type": "json_schema", "schema": {"type": "object"}},
            "task_budget": {"type": "tokens", "total": 9},
        },
    )

    assert read.settings == Settings(
        model="claude-sonnet-5",
        max_tokens=100,
        temperature=0.5,
        top_p=0.9,
        stop=("END",),
        output=OutputFormat("json_schema", None, {"type": "object"}, True),
        reasoning_effort="high",
        extra={
            "top_k": 5,
            "thinking": {"type": "adaptive"},
            "output_config": {"task_budget": {"type": "tokens", "total": 9}},
        },
    )


@pytest.mark.parametrize(
    ("stored", "choice"),
    [
        ({"type": "auto"}, "auto"),
        ({"type": "any"}, "required"),
        ({"type": "none"}, "none"),
        ({"type": "tool", "name": "f"}, {"type": "function", "function": {"name": "f"}}),
    ],
)
def test_a_choice_of_tool_is_read_into_words_that_all_formats_share(
    stored: Data, choice: Any
) -> None:
    read = transcript(user("hi"), tool_choice={**stored, "disable_parallel_tool_use": True})

    assert read.settings.tool_choice == choice
    assert read.settings.parallel_tool_calls is False


def test_tools_are_read_and_the_vendors_own_stay_whole() -> None:
    search: JsonObject = {"type": "web_search_20260209", "name": "web_search", "max_uses": 2}
    toolset: JsonObject = {"type": "mcp_toolset", "mcp_server_name": "example"}
    read = transcript(
        user("hi"),
        tools=[tool("f", description="Does.", strict=True, **CACHED), search, toolset],
    )

    assert read.tools == (
        ToolDeclaration(
            "f",
            description="Does.",
            parameters={"type": "object", "properties": {}},
            strict=True,
            extra=CACHED,
        ),
        ToolDeclaration("web_search", "web_search_20260209", extra=search),
        ToolDeclaration("mcp_toolset", "mcp_toolset", extra=toolset),
    )


def test_a_lone_surrogate_and_a_nul_are_read() -> None:
    assert parse('[{"role":"user","content":"\\ud800\\u0000"}]').messages[0].parts == (
        Text("\ud800\x00"),
    )
