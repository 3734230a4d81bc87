"""What clients of Chat Completions store is read, whole."""

import json

import pytest

from joch.transcript.conversation import Message, OutputFormat, Role, ToolDeclaration
from joch.transcript.parts import (
    Audio,
    Citation,
    Document,
    Image,
    Reasoning,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import JsonObject
from joch.wire.openai_chat import parse
from tests.unit.wire.conversations import answer, call, function, result, transcript, user

HELLO = (Message(Role.USER, (Text("hello"),)),)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(
            '{"model": "m", "messages": [{"role": "user", "content": "hello"}]}', id="body"
        ),
        pytest.param('[{"role": "user", "content": "hello"}]', id="bare list"),
        pytest.param('{"role": "user", "content": "hello"}\n', id="one JSON line"),
        pytest.param(
            '{"role": "user", "content": [{"type": "text", "text": "hello"}]}', id="parts"
        ),
        pytest.param(
            '{"role": "user", "content": {"type": "text", "text": "hello"}}', id="one part"
        ),
        pytest.param('{"role": "user", "content": ["hello"]}', id="bare strings as parts"),
        pytest.param('\ufeff[{"role": "user", "content": "hello"}]', id="byte order mark"),
    ],
)
def test_a_transcript_may_be_stored_in_any_of_these_shapes(stored: str) -> None:
    assert parse(stored).messages == HELLO
    assert parse(stored.encode()).messages == HELLO


def test_json_lines_are_messages_in_order_and_blank_lines_are_nothing() -> None:
    lines = (
        '{"role":"user","content":"hello"}\n\r\n{"role":"assistant","content":"hi\u2028there"}\n'
    )

    assert [m.parts for m in parse(lines).messages] == [(Text("hello"),), (Text("hi\u2028there"),)]


def test_a_whole_answer_appended_to_the_body_is_its_message_and_keeps_the_rest() -> None:
    response = {"id": "chatcmpl-1", "choices": [{"index": 0, "message": {"content": "hi"}}]}
    stored = {"messages": [user("hello"), response]}

    last = parse(json.dumps(stored)).messages[-1]

    assert (last.role, last.parts) == (Role.ASSISTANT, (Text("hi"),))
    assert last.extra == {"response": {"id": "chatcmpl-1", "index": 0}}


def test_choices_beside_the_messages_are_the_last_answer() -> None:
    stored = {"messages": [user("hello")], "choices": [{"message": {"content": "hi"}}]}

    assert parse(json.dumps(stored)).messages[-1].parts == (Text("hi"),)


def test_calls_and_results_are_parts_and_arguments_stay_as_written() -> None:
    written = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a" : 1}'}}
    read = transcript(user("go"), answer(None, written), result("c1", "done"))

    assert read.messages[1].parts == (ToolCall("c1", "f", '{"a" : 1}'),)
    assert read.messages[2].parts == (ToolResult("c1", (Text("done"),)),)


def test_arguments_stored_as_an_object_become_their_json() -> None:
    written = {"id": "c1", "function": {"name": "f", "arguments": {"b": 2, "a": 1}}}

    assert transcript(answer(None, written)).messages[0].parts == (
        ToolCall("c1", "f", '{"a":1,"b":2}'),
    )


def test_the_former_function_call_is_answered_by_name() -> None:
    former = {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}
    read = transcript(user("go"), former, {"role": "function", "name": "f", "content": "done"})

    assert read.messages[1].parts == (ToolCall("call_1", "f", "{}"),)
    assert read.messages[2].parts == (ToolResult("call_1", (Text("done"),), name="f"),)


def test_a_custom_tool_call_keeps_its_input_as_text() -> None:
    custom = {"id": "c1", "type": "custom", "custom": {"name": "sh", "input": "ls -l"}}

    assert transcript(answer(None, custom)).messages[0].parts == (
        ToolCall("c1", "sh", "ls -l", {"type": "custom"}),
    )


def test_an_id_may_come_again_in_a_later_turn() -> None:
    exchange = (answer(None, call("c1", "f")), result("c1", "done"))

    assert len(transcript(user("a"), *exchange, user("b"), *exchange).messages) == 6


def test_a_result_may_come_after_the_user_spoke() -> None:
    read = transcript(answer(None, call("c1", "f")), user("wait"), result("c1", "done"))

    assert isinstance(read.messages[2].parts[0], ToolResult)


def test_media_are_parts_with_their_source() -> None:
    read = transcript(
        user(
            [
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}},
                {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
                {"type": "file", "file": {"file_data": "QUJD", "filename": "a.pdf"}},
                {"type": "file", "file": {"file_id": "file-1"}},
            ]
        )
    )

    assert read.messages[0].parts == (
        Image(Source(url="https://example.com/a.png")),
        Image(Source(data="QUJD", media_type="image/png")),
        Audio(Source(data="QUJD"), "wav"),
        Document(Source(data="QUJD"), "a.pdf"),
        Document(Source(file_id="file-1")),
    )


def test_thoughts_refusals_and_citations_are_parts_of_the_answer() -> None:
    cited: JsonObject = {
        "type": "url_citation",
        "url_citation": {"url": "https://example.com", "title": "E"},
    }
    read = transcript(answer("hi", reasoning_content="hm", refusal="no", annotations=[cited]))

    assert read.messages[0].parts == (
        Reasoning("hm", {"reasoning_content": "hm"}),
        Text("hi"),
        Refusal("no"),
        Citation("https://example.com", "E", cited),
    )


def test_what_is_new_is_kept() -> None:
    part: JsonObject = {"type": "hologram", "depth": 3}
    read = transcript({"role": "user", "content": [part], "mood": "merry"}, galaxy="far")

    assert read.messages[0].parts == (Unknown("hologram", part),)
    assert read.messages[0].extra == {"mood": "merry"}
    assert read.settings.extra == {"galaxy": "far"}


def test_nulls_and_empty_lists_at_the_top_say_nothing() -> None:
    read = transcript(user("hi"), stop=[], tools=None, temperature=None, response_format=None)

    assert read == transcript(user("hi"))


def test_tools_and_output_are_read_with_their_strictness() -> None:
    schema = {"name": "a", "schema": {"type": "object"}, "strict": True}
    read = transcript(
        user("hi"),
        tools=[function("f", strict=True), {"type": "web_search", "max": 2}],
        response_format={"type": "json_schema", "json_schema": schema},
    )

    assert read.tools == (
        ToolDeclaration("f", strict=True),
        ToolDeclaration("web_search", "web_search", extra={"type": "web_search", "max": 2}),
    )
    assert read.settings.output == OutputFormat("json_schema", "a", {"type": "object"}, True)


def test_a_lone_surrogate_and_a_nul_are_read() -> None:
    assert parse('[{"role":"user","content":"\\ud800\\u0000"}]').messages[0].parts == (
        Text("\ud800\0"),
    )
