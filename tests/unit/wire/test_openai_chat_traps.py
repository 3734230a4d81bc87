"""What other vendors' conversations hold, rendered to Chat Completions: each trap, by its name."""

import json
from dataclasses import replace
from typing import Any

import pytest

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.parts import (
    Audio,
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
from joch.wire.openai_chat import render
from joch.wire.profile import MISTRAL, OPENAI
from joch.wire.rendered import Rendered
from tests.unit.wire.conversations import Data, answer, call, result, system, user

PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjQ="


def shown(part: Part) -> Rendered:
    return render(Transcript((Message(Role.USER, (part,)),)))


def told(*parts: Part, **fields: Any) -> Rendered:
    """A tool's result of these parts."""
    asked = Message(Role.ASSISTANT, (ToolCall("c1", "look", "{}"),))
    return render(Transcript((asked, Message(Role.TOOL, (ToolResult("c1", parts, **fields),)))))


def spoken(role: Role, *parts: Part, **fields: Any) -> Rendered:
    return render(Transcript((Message(role, parts, **fields),)))


def messages_of(rendered: Rendered) -> list[Data]:
    body: Data = json.loads(json.dumps(rendered.body))
    found: list[Data] = body["messages"]
    return found


def declared(rendered: Rendered) -> list[tuple[str, str]]:
    return [(change.id, change.where) for change in rendered.changes]


def image_url(url: str, **fields: str) -> Data:
    return {"type": "image_url", "image_url": {"url": url, **fields}}


def file(name: str, data: str) -> Data:
    return {"type": "file", "file": {"file_data": data, "filename": name}}


def test_a_detail_that_chat_does_not_have_is_left_out_and_declared() -> None:
    rendered = shown(Image(Source(url="https://example.com/a.png"), "original"))

    assert messages_of(rendered) == [user([image_url("https://example.com/a.png")])]
    assert declared(rendered) == [("detail", "messages[0]")]


def test_a_detail_that_chat_has_stays() -> None:
    rendered = shown(Image(Source(data=PNG, media_type="image/png"), "low"))

    assert messages_of(rendered) == [
        user([image_url(f"data:image/png;base64,{PNG}", detail="low")])
    ]
    assert rendered.changes == ()


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (Source(url="s3://bucket/a.png"), "[image: s3://bucket/a.png]"),
        (Source(url="gs://bucket/a.png"), "[image: gs://bucket/a.png]"),
        (Source(url="data:,a"), "[image: data:,a]"),
        (Source(data="no base64!", media_type="image/png"), "[image: image/png, 10 bytes]"),
        (Source(data=PNG, media_type="image/bmp"), "[image: image/bmp, 12 bytes]"),
        (Source(file_id="f1"), "[image: file f1 at the vendor it was sent to]"),
    ],
)
def test_an_image_that_the_vendor_cannot_get_becomes_a_line_of_text(
    source: Source, line: str
) -> None:
    rendered = shown(Image(source))

    assert messages_of(rendered) == [user(line)]
    assert declared(rendered) == [("media", "messages[0]")]


def test_a_target_that_fetches_nothing_gets_the_address_of_an_image_as_text() -> None:
    read = Transcript((Message(Role.USER, (Image(Source(url="https://example.com/a.png")),)),))

    rendered = render(read, replace(OPENAI, urls=False))

    assert messages_of(rendered) == [user("[image: https://example.com/a.png]")]


def test_bytes_in_the_alphabet_of_urls_are_sent_in_standard_base64() -> None:
    rendered = shown(Image(Source(data="_-__", media_type="image/png")))

    assert messages_of(rendered) == [user([image_url("data:image/png;base64,/+//")])]
    assert declared(rendered) == [("base64", "messages[0]")]


def test_an_image_of_no_stated_type_is_sent_as_what_it_begins_like() -> None:
    rendered = shown(Image(Source(data="R0lGODlh")))

    assert messages_of(rendered) == [user([image_url("data:image/gif;base64,R0lGODlh")])]


def test_a_file_without_a_name_gets_a_neutral_one() -> None:
    rendered = shown(Document(Source(data=PDF, media_type="application/pdf")))

    sent = file("document.pdf", f"data:application/pdf;base64,{PDF}")
    assert messages_of(rendered) == [user([sent])]
    assert declared(rendered) == [("file-name", "messages[0]")]


def test_a_file_of_no_stated_type_is_sent_as_its_bytes_or_its_name_tell() -> None:
    by_bytes = shown(Document(Source(data=PDF), "report"))
    by_name = shown(Document(Source(data="YTti"), "a.csv"))

    assert messages_of(by_bytes) == [user([file("report", f"data:application/pdf;base64,{PDF}")])]
    assert messages_of(by_name) == [user([file("a.csv", "data:text/csv;base64,YTti")])]
    assert declared(by_bytes) == declared(by_name) == [("media-type", "messages[0]")]


def test_a_film_is_no_file_and_becomes_a_line_of_text() -> None:
    rendered = shown(Document(Source(data="AAAA", media_type="video/mp4")))

    assert messages_of(rendered) == [user("[document: video/mp4, 4 bytes]")]
    assert declared(rendered) == [("media", "messages[0]")]


def test_a_sound_goes_in_base64_and_without_its_transcript() -> None:
    taken = shown(Audio(Source(data="UklGRg=="), "wav", "hello"))
    broken = shown(Audio(Source(data="no base64!"), "wav", "hello"))

    sound = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
    assert messages_of(taken) == [user([sound])]
    assert declared(taken) == [("vendor-fields", "messages[0]")]
    assert messages_of(broken) == [user("[sound: hello]")]


def test_a_document_in_a_result_moves_to_the_user_message_after_it() -> None:
    rendered = told(Text("here"), Document(Source(data=PDF, media_type="application/pdf"), "a.pdf"))

    sent = file("a.pdf", f"data:application/pdf;base64,{PDF}")
    assert messages_of(rendered)[1:] == [result("c1", "here"), user([sent])]
    assert declared(rendered) == [("result-media", "messages[1]")]


def test_a_medium_of_a_result_that_becomes_text_stays_in_the_result() -> None:
    rendered = told(Text("here"), Image(Source(url="s3://bucket/a.png")))

    lines = ["here", "[image: s3://bucket/a.png]"]
    assert messages_of(rendered)[1:] == [
        result("c1", [{"type": "text", "text": line} for line in lines])
    ]


def test_fields_and_the_name_of_a_result_are_declared() -> None:
    rendered = told(Text("x"), name="peek", extra={"status": "incomplete"})

    assert messages_of(rendered)[1] == result("c1", "x")
    assert [change.sentence for change in rendered.changes] == [
        "Fields status are not in the format",
        "The name 'peek' of a result is not in the format",
    ]


def test_what_stands_beside_a_result_is_sent_as_the_users() -> None:
    answered = (ToolResult("c1", (Text("x"),)), Text("and this"))
    asked = Message(Role.ASSISTANT, (ToolCall("c1", "look", "{}"),))

    rendered = render(Transcript((asked, Message(Role.TOOL, answered))))

    assert messages_of(rendered)[1:] == [result("c1", "x"), user("and this")]
    assert declared(rendered) == [("tool-message", "messages[1]")]


def test_a_call_that_is_not_the_assistants_is_sent_as_the_assistants() -> None:
    asked = Message(Role.USER, (Text("do"), ToolCall("c1", "look", "{}")))
    answered = Message(Role.TOOL, (ToolResult("c1", (Text("x"),)),))

    rendered = render(Transcript((asked, answered)))

    sent = {"role": "assistant", "tool_calls": [call("c1", "look")]}
    assert messages_of(rendered) == [user("do"), sent, result("c1", "x")]
    assert declared(rendered) == [("misplaced-call", "messages[0]")]


def test_a_call_among_instructions_is_declared_lost_with_its_result() -> None:
    asked = Message(Role.SYSTEM, (Text("Be brief."), ToolCall("c1", "look", "{}")))
    answered = Message(Role.TOOL, (ToolResult("c1", (Text("x"),)),))

    rendered = render(Transcript((asked, answered)))

    assert messages_of(rendered) == [system("Be brief.")]
    assert declared(rendered) == [
        ("misplaced-part", "messages[0]"),
        ("orphan-result", "messages[1]"),
    ]


def test_a_user_message_of_unknown_parts_only_is_left_out_and_declared() -> None:
    rendered = spoken(Role.USER, Unknown("novelty", {"type": "novelty"}))

    assert messages_of(rendered) == [user("(empty conversation)")]
    assert declared(rendered) == [
        ("unknown-part", "messages[0]"),
        ("empty-message", "messages[0]"),
        ("empty", "messages"),
    ]


def test_a_system_message_of_media_only_is_left_out_and_declared() -> None:
    rendered = render(
        Transcript(
            (
                Message(Role.SYSTEM, (Image(Source(url="https://example.com/a.png")),)),
                Message(Role.USER, (Text("hi"),)),
            )
        )
    )

    assert messages_of(rendered) == [user("hi")]
    assert declared(rendered) == [("media", "messages[0]"), ("empty-message", "messages[0]")]


def test_a_refusal_outside_an_answer_is_declared_to_be_text() -> None:
    rendered = spoken(Role.USER, Refusal("No."))

    assert messages_of(rendered) == [user("No.")]
    assert declared(rendered) == [("refusal", "messages[0]")]


def test_two_sounds_and_two_texts_of_an_answer_are_all_said() -> None:
    sounds = [Audio(Source(file_id=f"a{n}"), transcript=f"word {n}") for n in (1, 2)]

    rendered = spoken(Role.ASSISTANT, Text("one"), Text("two"), *sounds)

    content = [{"type": "text", "text": text} for text in ("one", "two", "word 2")]
    assert messages_of(rendered) == [{**answer(None), "content": content, "audio": {"id": "a1"}}]
    assert declared(rendered) == [("audio", "messages[0]")]


def test_a_speakers_name_goes_where_the_vendor_takes_it() -> None:
    assert messages_of(spoken(Role.USER, Text("hi"), name="Ada"))[0]["name"] == "Ada"

    refused = spoken(Role.USER, Text("hi"), name="Ada Lovelace")

    assert messages_of(refused) == [user("hi")]
    assert declared(refused) == [("speaker-name", "messages[0]")]


def test_mistral_gets_the_developers_words_as_the_systems() -> None:
    read = Transcript((Message(Role.DEVELOPER, (Text("Be brief."),)),))

    assert messages_of(render(read, MISTRAL)) == [system("Be brief.")]
