"""A rendered body keeps what Converse can carry and declares what it cannot."""

import json

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
    Citation,
    Document,
    Image,
    Part,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.transcript.values import JsonObject
from joch.wire.bedrock_converse import parse, render
from joch.wire.profile import BEDROCK, Profile
from joch.wire.rendered import Carriage, Rendered
from tests.unit.wire.converse import (
    PDF,
    PNG,
    Data,
    answer,
    body_of,
    document,
    image,
    messages_of,
    result,
    spec,
    tools,
    transcript,
    use,
    user,
)

LOOK = (ToolDeclaration("look"),)
SAME = Profile(call_ids=BEDROCK.call_ids, same_backend=True, developer=False)
POINT = {"cachePoint": {"type": "default", "ttl": "1h"}}


def ids(rendered: Rendered) -> list[str]:
    return [change.id for change in rendered.changes]


def made(*messages: Message, declared: tuple[ToolDeclaration, ...] = LOOK) -> Transcript:
    return Transcript(messages, declared)


def asked(*parts: Part) -> Message:
    return Message(Role.USER, parts)


def said(*parts: Part) -> Message:
    return Message(Role.ASSISTANT, parts)


def told(*parts: Part, is_error: bool | None = None) -> Message:
    return Message(Role.TOOL, (ToolResult("c1", parts, is_error),))


CALLED = said(ToolCall("c1", "look", "{}"))

WHOLE: Data = {
    "modelId": "eu.anthropic.claude-sonnet-5-v1:0",
    "system": [
        {"text": "Be brief."},
        {"guardContent": {"text": {"text": "Be kind.", "qualifiers": ["guard_content"]}}},
        POINT,
    ],
    "messages": [
        user(
            "look",
            image(),
            {"image": {"format": "webp", "source": {"s3Location": {"uri": "s3://bucket/a"}}}},
            document("Doors (2)"),
            {"document": {"format": "txt", "name": "A", "source": {"text": "naïve"}}},
            {"document": {"name": "B", "source": {"content": [{"text": "na"}, {"text": "ïve"}]}}},
            {
                "document": {
                    "format": "pdf",
                    "name": "C",
                    "source": {"s3Location": {"uri": "s3://bucket/c", "bucketOwner": "1" * 12}},
                    "context": "law",
                    "citations": {"enabled": True},
                }
            },
            {"video": {"format": "mp4", "source": {"bytes": "QUJD"}}},
            {"audio": {"format": "mp3", "source": {"bytes": "QUJD"}}},
            {"guardContent": {"text": {"text": "hello", "qualifiers": ["query"]}}},
            {"guardContent": image()},
            {"searchResult": {"source": "s", "title": "t", "content": [{"text": "c"}]}},
            POINT,
        ),
        answer(
            "Looking.",
            use("tooluse_a.b:c-1", "look", b=1, a={"d": [1.5]}),
            use("c2", "look"),
            POINT,
        ),
        user(
            result("tooluse_a.b:c-1", {"json": {"cats": 1}}, image(), status="success"),
            result("c2", "a dog", document("Dogs"), status="error"),
            POINT,
            "and now?",
        ),
        answer(
            {
                "citationsContent": {
                    "content": [{"text": "A cat"}],
                    "citations": [
                        {
                            "title": "Doors",
                            "sourceContent": [{"text": "cat"}],
                            "location": {
                                "documentPage": {"documentIndex": 0, "start": 1, "end": 2}
                            },
                        },
                        {"location": {"web": {"url": "https://example.com", "domain": "e"}}},
                    ],
                }
            },
            {
                "citationsContent": {
                    "content": [{"text": " and"}, {"text": " a dog."}],
                    "citations": [{"title": "Dogs"}],
                }
            },
        ),
    ],
    "toolConfig": {
        "tools": [
            spec("look", description="Looks", strict=False),
            POINT,
            {"systemTool": {"name": "nova_grounding"}},
        ],
        "toolChoice": {"tool": {"name": "look"}},
    },
    "inferenceConfig": {
        "maxTokens": 100,
        "temperature": 0.2,
        "topP": 0.9,
        "stopSequences": ["END"],
    },
    "outputConfig": {
        "effort": "xhigh",
        "textFormat": {
            "type": "json_schema",
            "structure": {
                "jsonSchema": {
                    "schema": '{"type": "object", "additionalProperties": false}',
                    "name": "a",
                    "description": "An answer",
                }
            },
        },
    },
    "additionalModelRequestFields": {"top_k": 5},
    "additionalModelResponseFieldPaths": ["/stop_sequence"],
    "guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "1", "trace": "enabled"},
    "promptVariables": {"who": {"text": "ops"}},
    "requestMetadata": {"team": "ops"},
    "performanceConfig": {"latency": "optimized"},
    "serviceTier": {"type": "flex"},
}


def test_a_stored_body_with_everything_in_it_comes_out_as_it_went_in() -> None:
    rendered = render(parse(json.dumps(WHOLE)))

    assert body_of(rendered) == WHOLE
    assert rendered.changes == ()


def test_the_bytes_are_the_same_each_time() -> None:
    once, again = (json.dumps(render(parse(json.dumps(WHOLE))).body) for _ in range(2))

    assert once == again


def test_at_the_same_backend_thoughts_and_the_vendors_tools_are_replayed() -> None:
    call = use("s1", "nova_code_interpreter", code="1+1")
    call["toolUse"]["type"] = "server_tool_use"
    body = {
        "messages": [
            user("1+1?"),
            answer(
                {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2ln"}}},
                {"reasoningContent": {"redactedContent": "QUJD"}},
                call,
                result("s1", "2", {"json": {"a": 1}}, status="success", type="code_result"),
                "2",
            ),
        ]
    }
    rendered = render(parse(json.dumps(body)), SAME)

    assert body_of(rendered) == body
    assert rendered.changes == ()


def test_an_answer_appended_whole_leaves_its_metrics_behind_declared() -> None:
    response = {"output": {"message": answer("hi")}, "stopReason": "end_turn"}
    rendered = render(parse(json.dumps([user("hello"), response])))

    assert body_of(rendered) == {"messages": [user("hello"), answer("hi")]}
    assert [(c.carriage, c.where) for c in rendered.changes] == [(Carriage.LOST, "messages[1]")]


def test_a_result_goes_into_the_one_message_right_after_its_call() -> None:
    late = made(asked(Text("go")), CALLED, asked(Text("wait")), told(Text("a cat")))

    assert messages_of(render(late)) == [
        user("go"),
        answer(use("c1", "look")),
        user(result("c1", "a cat"), "wait"),
    ]


def test_results_stand_in_the_order_of_their_calls() -> None:
    read = transcript(
        user("go"),
        answer(use("c1", "look"), use("c2", "look")),
        user(result("c2", "two"), result("c1", "one")),
        toolConfig=tools("look"),
    )

    assert messages_of(render(read))[2] == user(result("c1", "one"), result("c2", "two"))


def test_text_before_a_call_stays_before_it() -> None:
    parts = (Text("First"), ToolCall("c1", "look", "{}"), Text("then"), ToolCall("c2", "look", ""))

    kinds = [next(iter(b)) for b in messages_of(render(made(said(*parts))))[1]["content"]]
    assert kinds == ["text", "toolUse", "text", "toolUse"]


def test_equal_parallel_calls_stay_two_with_two_results() -> None:
    twin = ToolCall("c1", "look", "{}")
    rendered = messages_of(render(made(asked(Text("go")), said(twin, twin), told(Text("a cat")))))

    calls = [block["toolUse"]["toolUseId"] for block in rendered[1]["content"]]
    answers = [block["toolResult"]["toolUseId"] for block in rendered[2]["content"]]
    assert calls == answers
    assert len(set(calls)) == 2


def test_an_orphan_that_is_equal_to_an_answer_is_declared_at_its_own_place() -> None:
    again = ToolResult("c1", (Text("a cat"),))
    rendered = render(made(CALLED, Message(Role.TOOL, (again, again))))

    assert [c.where for c in rendered.changes if c.id == "orphan-result"] == [
        "messages[1].parts[1]"
    ]


@pytest.mark.parametrize(
    ("flag", "status"), [(True, "error"), (False, "success"), (None, None)], ids=str
)
def test_the_error_flag_is_the_status(flag: bool | None, status: str | None) -> None:
    read = made(CALLED, told(Text("x"), is_error=flag))

    block = messages_of(render(read))[2]["content"][0]["toolResult"]
    assert block.get("status") == status


def test_json_of_a_result_that_is_no_object_is_sent_as_text() -> None:
    read = transcript(
        answer(use("c1", "look")), user(result("c1", {"json": [1]})), toolConfig=tools("look")
    )
    rendered = render(read)

    assert messages_of(rendered)[2] == user(result("c1", "[1]"))
    assert "vendor-fields" in ids(rendered)


def test_a_sound_in_a_result_stands_beside_the_result() -> None:
    sound = Audio(Source(data="QUJD"), "wav")
    rendered = render(made(CALLED, told(Text("here"), sound)))

    assert messages_of(rendered)[2] == user(
        result("c1", "here"), {"audio": {"format": "wav", "source": {"bytes": "QUJD"}}}
    )
    assert "result-media" in ids(rendered)


def test_of_too_many_images_and_documents_the_latest_are_sent() -> None:
    pictures = tuple(Image(Source(data=PNG, media_type="image/png")) for _ in range(22))
    papers = tuple(Document(Source(data=PDF), f"D{n}") for n in range(6))
    rendered = render(made(asked(*pictures, *papers)))

    kinds = [next(iter(block)) for block in messages_of(rendered)[0]["content"]]
    assert kinds == [*["text"] * 2, *["image"] * 20, "text", *["document"] * 5]
    lost = [c.where for c in rendered.changes if c.carriage is Carriage.LOST]
    assert lost == [f"messages[0].parts[{place}]" for place in (0, 1, 22)]


def test_a_pdf_is_a_document_by_its_bytes_and_never_an_image() -> None:
    rendered = messages_of(render(made(asked(Text("read"), Document(Source(data=PDF))))))

    assert rendered == [user("read", document("document"))]


def test_an_image_without_a_type_is_known_by_its_bytes() -> None:
    assert messages_of(render(made(asked(Image(Source(data=PNG)))))) == [user(image())]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (Source(url="s3://Not a bucket"), "Converse takes bytes or an S3 location"),
        (Source(file_id="file-1"), "only the vendor that it was sent to has its bytes"),
        (Source(data="*", media_type="image/png"), "its bytes are no base64"),
        (Source(data="", media_type="image/png"), "it is empty"),
        (Source(data="A" * 5_100_000, media_type="image/png"), "3825000 bytes are more than"),
    ],
)
def test_an_image_that_cannot_be_sent_is_named_in_a_line_and_declared_lost(
    source: Source, sentence: str
) -> None:
    rendered = render(made(asked(Image(source))))

    (change,) = rendered.changes
    assert (change.carriage, change.where) == (Carriage.LOST, "messages[0].parts[0]")
    assert sentence in change.sentence
    assert messages_of(rendered)[0]["content"][0]["text"].startswith("[image: ")


def test_base64_for_urls_is_sent_as_standard_base64() -> None:
    rendered = render(made(asked(Image(Source(data="_-_-8w", media_type="image/png")))))

    assert messages_of(rendered) == [user(image("/+/+8w=="))]


def test_a_sound_that_cannot_be_sent_is_sent_as_its_words() -> None:
    rendered = render(made(said(Audio(Source(file_id="audio_1"), transcript="hello there"))))

    assert messages_of(rendered)[1] == answer("[sound: hello there]")
    assert [c.carriage for c in rendered.changes if c.id == "audio"] == [Carriage.TRANSFORMED]


def test_a_refusal_is_sent_as_text() -> None:
    rendered = render(made(asked(Text("go")), said(Refusal("I can't."))))

    assert messages_of(rendered)[1] == answer("I can't.")
    assert ids(rendered) == ["refusal"]


def test_citations_of_other_vendors_are_declared_lost() -> None:
    foreign = Citation("https://example.com", "E", {"type": "url_citation"})
    rendered = render(made(asked(Text("go")), said(Text("oak"), foreign)))

    assert messages_of(rendered)[1] == answer("oak")
    assert [(c.id, c.where) for c in rendered.changes] == [("citation", "messages[1].parts[1]")]


def test_a_cache_point_before_any_content_is_left_out_and_declared() -> None:
    read = transcript(user(POINT, "hi"), system=[POINT])
    rendered = render(read)

    assert body_of(rendered) == {"messages": [user("hi")]}
    assert [c.where for c in rendered.changes] == ["messages[0]", "messages[1]"]


def test_blocks_that_are_new_are_declared_lost() -> None:
    rendered = render(made(asked(Text("hi"), Unknown("hologram", {"hologram": {}}))))

    assert messages_of(rendered) == [user("hi")]
    assert [(c.id, c.where) for c in rendered.changes] == [("unknown-part", "messages[0].parts[1]")]


def test_what_is_not_published_inside_a_block_does_not_leak() -> None:
    found = {"source": "s", "title": "t", "content": [{"text": "c", "mood": "merry"}], "x": 1}
    rendered = render(transcript(user({"searchResult": found})))

    kept = {"source": "s", "title": "t", "content": [{"text": "c"}]}
    assert messages_of(rendered) == [user({"searchResult": kept})]
    assert ids(rendered) == ["vendor-fields"]


def test_the_name_of_a_speaker_is_declared_lost() -> None:
    rendered = render(Transcript((Message(Role.USER, (Text("hi"),), name="ada"),)))

    assert [(c.id, c.where) for c in rendered.changes] == [("name", "messages[0]")]


def test_a_conversation_without_anything_to_say_is_still_a_request() -> None:
    assert messages_of(render(made())) == [user("(empty conversation)")]


def test_a_custom_tool_takes_its_text_as_an_argument() -> None:
    tool = ToolDeclaration("sh", "custom", extra={"type": "custom", "custom": {"name": "sh"}})
    call = said(ToolCall("c1", "sh", "ls -l", {"type": "custom"}))
    rendered = render(made(asked(Text("go")), call, declared=(tool,)))

    assert messages_of(rendered)[1] == answer(use("c1", "sh", input="ls -l"))
    schema = body_of(rendered)["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]
    assert schema["required"] == ["input"]


def test_a_system_tool_may_be_chosen() -> None:
    config = {
        "tools": [{"systemTool": {"name": "nova_grounding"}}],
        "toolChoice": {"tool": {"name": "nova_grounding"}},
    }
    rendered = render(transcript(user("go"), toolConfig=config))

    assert body_of(rendered)["toolConfig"] == config
    assert rendered.changes == ()


def test_a_choice_of_a_tool_that_is_not_declared_is_declared_lost() -> None:
    config = {"tools": [spec("look")], "toolChoice": {"tool": {"name": "listen"}}}
    rendered = render(transcript(user("go"), toolConfig=config))

    assert body_of(rendered)["toolConfig"] == tools("look")
    assert ids(rendered) == ["tool-choice"]


def test_a_tool_without_parameters_takes_an_empty_object() -> None:
    rendered = render(Transcript((asked(Text("go")),), LOOK))

    assert body_of(rendered)["toolConfig"] == tools("look")


def test_a_schema_in_a_dialect_is_mended_and_declared() -> None:
    given_one: JsonObject = {"properties": {"a": {"type": "float", "default": None}}}
    rendered = render(
        made(asked(Text("go")), declared=(ToolDeclaration("f", parameters=given_one),))
    )

    schema = body_of(rendered)["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]
    assert schema == {"type": "object", "properties": {"a": {"type": "number", "default": None}}}
    assert ids(rendered) == ["schema-dialect"]


def test_a_tool_that_is_declared_twice_is_sent_once() -> None:
    rendered = render(made(asked(Text("go")), declared=LOOK * 2))

    assert body_of(rendered)["toolConfig"] == tools("look")
    assert ids(rendered) == ["duplicate-tool"]


def test_structured_output_is_a_schema_in_a_string() -> None:
    schema: JsonObject = {"type": "object", "additionalProperties": False, "properties": {}}
    output = OutputFormat("json_schema", "a", schema, True)
    rendered = render(Transcript((asked(Text("go")),), (), Settings(output=output)))

    inner = {
        "schema": '{"type":"object","additionalProperties":false,"properties":{}}',
        "name": "a",
    }
    assert body_of(rendered)["outputConfig"] == {
        "textFormat": {"type": "json_schema", "structure": {"jsonSchema": inner}}
    }
    assert rendered.changes == ()


@pytest.mark.parametrize(
    ("settings", "change"),
    [
        (Settings(output=OutputFormat("json_object")), "output-format"),
        (Settings(parallel_tool_calls=False), "parallel-tool-calls"),
        (Settings(reasoning_effort="minimal"), "reasoning-effort"),
        (Settings(tool_choice="none"), "tool-choice"),
        (Settings(model="openrouter/x"), "model"),
        (Settings(extra={"seed": 7}), "vendor-fields"),
        (Settings(extra={"serviceTier": {"type": "auto"}}), "vendor-fields"),
        (Settings(extra={"additionalModelRequestFields": []}), "vendor-fields"),
    ],
)
def test_a_setting_that_converse_lacks_is_declared_lost(settings: Settings, change: str) -> None:
    rendered = render(Transcript((asked(Text("go")),), LOOK, settings))

    assert body_of(rendered) == {"messages": [user("go")], "toolConfig": tools("look")}
    assert [(c.id, c.carriage) for c in rendered.changes] == [(change, Carriage.LOST)]


def test_words_beside_calls_and_results_are_parted_where_the_target_refuses_them_in_one_turn() -> (
    None
):
    read = transcript(
        user("go"),
        answer("Looking.", use("c1", "look"), "Wait."),
        user(result("c1", "a cat"), POINT, "and now?"),
        toolConfig=tools("look"),
    )
    rendered = render(read, Profile(mixed_turns=False))

    assert messages_of(rendered) == [
        user("go"),
        answer("Looking.", "Wait."),
        user("(continued)"),
        answer(use("c1", "look")),
        user(result("c1", "a cat")),
        answer("(continued)"),
        user("and now?"),
    ]
    assert ids(rendered) == ["parted-turn", "cache-point"]
    assert messages_of(render(read))[1] == answer("Looking.", use("c1", "look"), "Wait.")
