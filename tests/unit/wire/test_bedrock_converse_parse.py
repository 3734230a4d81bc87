"""What clients of Bedrock's Converse store is read, whole."""

import base64
import json

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
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import JsonObject
from joch.wire.bedrock_converse import parse
from tests.unit.wire.converse import (
    PDF,
    PNG,
    Data,
    answer,
    document,
    image,
    result,
    spec,
    transcript,
    use,
    user,
)

HELLO = (Message(Role.USER, (Text("hello"),)),)
SAID = '{"role": "user", "content": [{"text": "hello"}]}'


def only(block: Data, role: str = "user") -> tuple[Part, ...]:
    return transcript({"role": role, "content": [block]}).messages[0].parts


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(f'{{"modelId": "m", "messages": [{SAID}]}}', id="body"),
        pytest.param(f"[{SAID}]", id="bare list"),
        pytest.param(f"{SAID}\n", id="one JSON line"),
        pytest.param(f"\ufeff[{SAID}]", id="byte order mark"),
        pytest.param(
            '{"role": "user", "content": [{"text": "hello", "image": null}]}', id="nulls beside"
        ),
    ],
)
def test_a_transcript_may_be_stored_in_any_of_these_shapes(stored: str) -> None:
    assert parse(stored).messages == HELLO
    assert parse(stored.encode()).messages == HELLO


ANSWER = {
    "output": {"message": {"role": "assistant", "content": [{"text": "hi"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 9, "outputTokens": 1, "totalTokens": 10},
}


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(json.dumps([user("hello"), ANSWER]), id="in the list"),
        pytest.param(json.dumps({"messages": [user("hello")], **ANSWER}), id="beside the messages"),
        pytest.param(f"{json.dumps(user('hello'))}\n{json.dumps(ANSWER)}", id="as a line"),
        pytest.param(
            f"{json.dumps({'messages': [user('hello')]})}\n{json.dumps(ANSWER)}",
            id="as a line after the body",
        ),
    ],
)
def test_a_whole_answer_appended_is_its_message_and_keeps_the_rest(stored: str) -> None:
    first, last = parse(stored).messages

    assert first == HELLO[0]
    assert (last.role, last.parts) == (Role.ASSISTANT, (Text("hi"),))
    assert last.extra == {
        "response": {"stopReason": "end_turn", "usage": ANSWER["usage"]},
    }


def test_the_system_blocks_are_the_first_message() -> None:
    point: JsonObject = {"cachePoint": {"type": "default"}}
    read = transcript(user("hello"), system=[{"text": "Be brief."}, point])

    assert read.messages == (
        Message(Role.SYSTEM, (Text("Be brief."), Unknown("cachePoint", point))),
        *HELLO,
    )


def test_a_message_of_results_is_the_tools_and_one_with_words_is_the_users() -> None:
    read = transcript(
        answer(use("c1", "look", at="door")),
        user(result("c1", "a cat", status="success"), {"cachePoint": {"type": "default"}}),
        answer(use("c2", "look")),
        user(result("c2", "no", status="error"), "and now?"),
    )

    assert read.messages[0].parts == (ToolCall("c1", "look", '{"at":"door"}'),)
    assert [m.role for m in read.messages] == [
        *(Role.ASSISTANT, Role.TOOL, Role.ASSISTANT, Role.USER)
    ]
    assert read.messages[1].parts[0] == ToolResult("c1", (Text("a cat"),), is_error=False)
    assert read.messages[3].parts == (
        ToolResult("c2", (Text("no"),), is_error=True),
        Text("and now?"),
    )


def test_an_input_keeps_the_order_of_its_keys() -> None:
    assert only(use("c1", "f", b=1, a={"d": 1, "c": 2}), "assistant") == (
        ToolCall("c1", "f", '{"b":1,"a":{"d":1,"c":2}}'),
    )


@pytest.mark.parametrize(
    ("stored", "arguments"),
    [
        pytest.param('{"a": 1}', '{"a": 1}', id="text put together from a stream"),
        pytest.param('{"a": ', '{"a": ', id="text that was cut"),
        pytest.param([1], "[1]", id="a list"),
        pytest.param(None, "{}", id="null"),
    ],
)
def test_an_input_that_is_no_object_is_kept_as_text(stored: object, arguments: str) -> None:
    call = {"toolUse": {"toolUseId": "c1", "name": "f", "input": stored}}

    assert only(call, "assistant") == (ToolCall("c1", "f", arguments),)


def test_a_result_may_hold_json_images_documents_videos_and_search_results() -> None:
    video: JsonObject = {"video": {"format": "mp4", "source": {"bytes": "QUJD"}}}
    found: JsonObject = {
        "source": "https://example.com",
        "title": "Doors",
        "content": [{"text": "oak"}],
    }
    blocks = [{"json": {"z": 1, "a": 2}}, image(), document("Doors"), video]
    read = transcript(
        answer(use("c1", "look")), user(result("c1", *blocks, {"searchResult": found}))
    )

    assert read.messages[1].parts == (
        ToolResult(
            "c1",
            (
                Text('{"z":1,"a":2}', {"json": True}),
                Image(Source(data=PNG, media_type="image/png")),
                Document(Source(data=PDF, media_type="application/pdf"), "Doors"),
                Unknown("video", video),
                Text("Doors\nhttps://example.com\noak", {"searchResult": found}),
            ),
        ),
    )


def test_media_are_parts_with_their_source() -> None:
    place = {"s3Location": {"uri": "s3://bucket/a.pdf", "bucketOwner": "123456789012"}}
    blocks = [
        image(),
        {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "s3://bucket/a"}}}},
        {"document": {"format": "pdf", "name": "A", "source": place, "context": "for law"}},
        {"audio": {"format": "mp3", "source": {"bytes": "QUJD"}}},
    ]

    assert transcript(user(*blocks)).messages[0].parts == (
        Image(Source(data=PNG, media_type="image/png")),
        Image(Source(url="s3://bucket/a", media_type="image/jpeg")),
        Document(
            Source(url="s3://bucket/a.pdf", media_type="application/pdf"),
            "A",
            {"context": "for law", "bucketOwner": "123456789012"},
        ),
        Audio(Source(data="QUJD", media_type="audio/mpeg"), "mp3"),
    )


def test_a_document_that_is_text_has_the_bytes_of_its_text() -> None:
    whole = {"document": {"name": "A", "source": {"text": "naïve"}}}
    parted = {"document": {"name": "B", "source": {"content": [{"text": "na"}, {"text": "ïve"}]}}}

    assert only(whole) == (Document(text_source("naïve"), "A", {"source": {"text": 5}}),)
    assert only(parted) == (Document(text_source("na\nïve"), "B", {"source": {"content": [2, 3]}}),)


def text_source(words: str) -> Source:
    return Source(data=base64.b64encode(words.encode()).decode(), media_type="text/plain")


def test_thoughts_are_parts_with_their_signature_beside_them() -> None:
    told = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2ln"}}}
    hidden = {"reasoningContent": {"redactedContent": "QUJD"}}

    assert transcript(answer(told, hidden, "hi")).messages[0].parts == (
        Reasoning("hm", {"signature": "c2ln"}),
        Reasoning("", {"redactedContent": "QUJD"}),
        Text("hi"),
    )


def test_cited_text_is_text_with_its_citations_behind_it() -> None:
    page: JsonObject = {
        "title": "Doors",
        "location": {"documentPage": {"documentIndex": 0, "start": 1}},
    }
    web: JsonObject = {"location": {"web": {"url": "https://example.com", "domain": "example.com"}}}
    cited = {"citationsContent": {"content": [{"text": "oak"}], "citations": [page, web]}}

    assert only(cited, "assistant") == (
        Text("oak"),
        Citation(None, "Doors", page),
        Citation("https://example.com", None, web),
    )


def test_cited_text_in_pieces_is_one_text_that_keeps_its_block() -> None:
    inner: JsonObject = {
        "content": [{"text": "o"}, {"text": "ak"}],
        "citations": [{"title": "Doors"}],
    }

    assert only({"citationsContent": inner}, "assistant") == (
        Text("oak", {"citationsContent": inner}),
    )


def test_guarded_content_is_text_and_images_as_any_other_marked() -> None:
    text = {"guardContent": {"text": {"text": "hello", "qualifiers": ["query"]}}}
    picture = {"guardContent": image()}

    assert transcript(user(text, picture)).messages[0].parts == (
        Text("hello", {"guardContent": {"qualifiers": ["query"]}}),
        Image(Source(data=PNG, media_type="image/png"), extra={"guardContent": {}}),
    )


def test_a_tool_that_the_vendor_carried_out_is_its_call_and_its_outcome() -> None:
    call = use("s1", "nova_code_interpreter", code="1+1")
    call["toolUse"]["type"] = "server_tool_use"
    told = result("s1", "2", status="success", type="nova_code_interpreter_result")

    assert transcript(user("hello"), answer(call, told, "2")).messages[1].parts == (
        ProviderTool(
            "nova_code_interpreter", '{"code":"1+1"}', id="s1", extra={"type": "server_tool_use"}
        ),
        ProviderTool("nova_code_interpreter", output="2", id="s1", extra=told),
        Text("2"),
    )


def test_what_is_new_is_kept() -> None:
    block: JsonObject = {"hologram": {"depth": 3}}
    read = transcript(
        {"role": "user", "content": [block, {"text": "hi", "mood": "merry"}], "weather": "fair"},
        galaxy="far",
        inferenceConfig={"topK": 3},
        toolConfig={"tools": [spec("f")], "cacheTools": True},
    )

    assert read.messages[0].parts == (
        Unknown("hologram", block),
        Text("hi", {"mood": "merry"}),
    )
    assert read.messages[0].extra == {"weather": "fair"}
    assert read.settings.extra == {
        "galaxy": "far",
        "inferenceConfig": {"topK": 3},
        "toolConfig": {"cacheTools": True},
    }


def test_a_system_message_between_the_messages_stays_in_its_place() -> None:
    removal: JsonObject = {"toolRemoval": {"tool": {"name": "look"}}}
    read = transcript(user("hello"), {"role": "system", "content": [{"text": "Stop."}, removal]})

    assert read.messages[1] == Message(
        Role.SYSTEM, (Text("Stop."), Unknown("toolRemoval", removal))
    )


def test_settings_are_read_by_their_canonical_names() -> None:
    schema = '{"type": "object", "additionalProperties": false}'
    inner = {"schema": schema, "name": "a", "description": "An answer"}
    form = {"type": "json_schema", "structure": {"jsonSchema": inner}}
    read = transcript(
        user("hello"),
        modelId="anthropic.claude-sonnet-5-v1:0",
        inferenceConfig={
            "maxTokens": 9,
            "temperature": 0.5,
            "topP": 0.9,
            "stopSequences": ["END"],
        },
        outputConfig={"effort": "high", "textFormat": form},
        additionalModelRequestFields={"top_k": 5},
    )

    parsed: JsonObject = {"type": "object", "additionalProperties": False}
    beside: JsonObject = {"description": "An answer", "schema": schema}
    assert read.settings == Settings(
        model="anthropic.claude-sonnet-5-v1:0",
        max_tokens=9,
        temperature=0.5,
        top_p=0.9,
        stop=("END",),
        output=OutputFormat("json_schema", "a", parsed, extra=beside),
        reasoning_effort="high",
        extra={"additionalModelRequestFields": {"top_k": 5}},
    )


def test_tools_are_read_with_their_cache_point_and_system_tools() -> None:
    point: JsonObject = {"cachePoint": {"type": "default"}}
    system: JsonObject = {"systemTool": {"name": "nova_grounding"}}
    declared = [spec("f", description="F", strict=True), point, system]
    read = transcript(user("hello"), toolConfig={"tools": declared})

    schema: JsonObject = {"type": "object", "properties": {}}
    assert read.tools == (
        ToolDeclaration("f", description="F", parameters=schema, strict=True),
        ToolDeclaration("cachePoint", "cachePoint", extra=point),
        ToolDeclaration("nova_grounding", "systemTool", extra=system),
    )


@pytest.mark.parametrize(
    ("stored", "choice"),
    [
        ({"auto": {}}, "auto"),
        ({"any": {}}, "required"),
        ({"tool": {"name": "f"}}, {"type": "function", "function": {"name": "f"}}),
    ],
)
def test_a_tool_choice_is_read_in_the_words_of_the_transcript(stored: Data, choice: object) -> None:
    read = transcript(user("hello"), toolConfig={"tools": [spec("f")], "toolChoice": stored})

    assert read.settings.tool_choice == choice


def test_a_lone_surrogate_and_a_nul_are_read() -> None:
    assert parse('[{"role":"user","content":[{"text":"\\ud800\\u0000"}]}]').messages[0].parts == (
        Text("\ud800\0"),
    )
