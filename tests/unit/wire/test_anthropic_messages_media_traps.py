"""The traps of the vendors' own things and of media on the way to Messages, by their sentences."""

import json
from dataclasses import replace

import pytest

from joch.transcript.conversation import (
    Settings,
    Transcript,
)
from joch.transcript.parts import (
    Audio,
    Document,
    Image,
    Reasoning,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from joch.transcript.values import JsonObject
from joch.wire.anthropic_messages import render
from joch.wire.profile import ANTHROPIC
from tests.unit.wire import conversations as chat
from tests.unit.wire.messages_api import (
    GO,
    PNG,
    SAME,
    answer,
    asked,
    blocks_of,
    document,
    ids,
    image,
    lost,
    made,
    messages_of,
    result,
    said,
    sentences,
    thinking,
    tool_message,
    transcript,
    user,
)

# 16 to 20: the vendor's own


@pytest.mark.parametrize(
    "thought",
    [
        Reasoning("Two doors.", {"type": "thinking", "signature": "c2ln"}),
        Reasoning("", {"type": "redacted_thinking", "data": "c2VjcmV0"}),
        Reasoning("", {"encrypted_content": "c2VjcmV0"}),
        Reasoning("Hm.", {"reasoning_content": "Hm."}),
    ],
)
def test_thinking_signatures_and_encrypted_items_are_never_replayed(thought: Reasoning) -> None:
    rendered = render(made(GO, said(thought, Text("A cat."))))

    assert messages_of(rendered)[1] == {"role": "assistant", "content": "A cat."}
    assert sentences(rendered) == ["Provider reasoning not portable"]
    assert lost(rendered) == ["reasoning"]


def test_thinking_goes_back_unchanged_to_the_backend_that_signed_it() -> None:
    read = transcript(user("go"), answer(thinking("Two doors."), "A cat."))

    assert messages_of(render(read, SAME))[1] == answer(thinking("Two doors."), "A cat.")


def test_reasoning_dressed_up_as_think_assistant_text_is_never_made() -> None:
    rendered = render(made(GO, said(Reasoning("Two doors."), Text("A cat."))), SAME)

    assert "Two doors." not in json.dumps(rendered.body)
    assert "<think>" not in json.dumps(rendered.body)


def test_response_ids_file_ids_and_cached_content_are_never_rendered() -> None:
    files = Image(Source(file_id="file_1")), Document(Source(file_id="file_2"), "a.pdf")
    state: JsonObject = {
        "previous_response_id": "resp_1",
        "cachedContent": "cachedContents/1",
        "container": "container_1",
    }
    read = Transcript((asked(*files),), settings=Settings(extra=state))
    rendered = render(read)

    assert messages_of(rendered) == [
        user(
            "[image: file file_1 at the vendor it was sent to]",
            "[a.pdf: file file_2 at the vendor it was sent to]",
        )
    ]
    assert rendered.body.keys() == {"messages", "max_tokens"}
    assert len(lost(rendered)) == 5


# 21 to 25: media


def test_an_image_url_at_a_target_that_fetches_none_is_a_declared_loss_offline() -> None:
    read = made(asked(Image(Source(url="https://example.com/a.png"))))

    here = render(read)
    assert blocks_of(here)[0]["source"] == {"type": "url", "url": "https://example.com/a.png"}

    there = render(read, replace(ANTHROPIC, urls=False))
    assert messages_of(there)[0]["content"] == "[image: https://example.com/a.png]"
    assert lost(there) == ["media"]


@pytest.mark.parametrize("media_type", ["image/bmp", "image/heic", None])
def test_an_image_mime_that_is_not_taken_is_referenced_as_text(media_type: str | None) -> None:
    rendered = render(made(asked(Image(Source(data="QUJD", media_type=media_type)))))

    assert messages_of(rendered)[0]["content"].startswith("[image: ")
    assert lost(rendered) == ["media"]


def test_an_image_size_that_is_not_taken_is_referenced_as_text() -> None:
    rendered = render(made(asked(Image(Source(data=PNG + "A" * 7_000_000)))))

    assert messages_of(rendered)[0]["content"].startswith("[image: ")
    assert lost(rendered) == ["media"]


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/jpg", None])
def test_an_image_has_the_media_type_that_its_bytes_begin_like(media_type: str | None) -> None:
    rendered = render(made(asked(Image(Source(data=PNG, media_type=media_type)))))

    assert blocks_of(rendered) == [image()]


def test_an_image_in_a_tool_result_stays_in_the_tool_result() -> None:
    seen = ToolResult("a", (Text("here"), Image(Source(data=PNG))))
    rendered = render(made(GO, said(ToolCall("a", "look", "{}")), tool_message(seen)))

    assert messages_of(rendered)[2] == user(
        result("a", [{"type": "text", "text": "here"}, image()])
    )
    assert rendered.changes == ()


def test_no_vision_at_the_target_is_a_reference_declared() -> None:
    read = made(asked(Image(Source(url="https://example.com/a.png"))))
    rendered = render(read, replace(ANTHROPIC, images=False))

    assert messages_of(rendered)[0]["content"] == "[image: https://example.com/a.png]"
    assert ids(rendered) == ["media"]


def test_a_document_of_an_assistant_is_sent_by_the_user_after_it() -> None:
    read = transcript(user("go"), answer("Here.", document()))
    rendered = render(read)

    assert messages_of(rendered)[1:] == [
        {"role": "assistant", "content": "Here."},
        user(document()),
    ]
    assert ids(rendered) == ["media"]


def test_a_document_without_text_needs_none_beside_it() -> None:
    rendered = render(transcript(user(document())))

    assert messages_of(rendered) == [user(document())]
    assert rendered.changes == ()


def test_a_pdf_does_not_become_an_image_block() -> None:
    stored = [{"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0xLjQK"}}]
    rendered = render(chat.transcript(chat.user(stored)))

    assert messages_of(rendered) == [user(document())]


def test_a_sound_becomes_its_words() -> None:
    spoken = Audio(Source(file_id="audio_1"), transcript="They purr.")
    rendered = render(made(GO, said(spoken)))

    assert messages_of(rendered)[1]["content"] == "[sound: They purr.]"
    assert ids(rendered) == ["media"]
