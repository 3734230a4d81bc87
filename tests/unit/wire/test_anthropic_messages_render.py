"""A rendered body keeps what the format can carry and declares what it cannot."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from joch.transcript.conversation import (
    Message,
    Role,
    Transcript,
)
from joch.transcript.parts import (
    Citation,
    Document,
    Image,
    Refusal,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from joch.wire.anthropic_messages import parse, render
from joch.wire.profile import ANTHROPIC
from joch.wire.rendered import Carriage, Rendered
from tests.unit.wire.messages_api import (
    CACHED,
    FULL,
    LOCATION,
    PDF,
    PNG,
    SAME,
    answer,
    asked,
    blocks_of,
    body_of,
    document,
    ids,
    image,
    made,
    messages_of,
    result,
    said,
    told,
    tool,
    transcript,
    use,
    user,
)


def only(changes: Rendered, carriage: Carriage) -> set[str]:
    return {change.id for change in changes.changes if change.carriage is carriage}


def test_a_stored_body_comes_back_whole_at_its_own_backend() -> None:
    rendered = render(parse(json.dumps(FULL)), SAME)

    assert rendered.body == FULL
    assert rendered.changes == ()


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_same_bytes_come_out_of_every_process(seed: str) -> None:
    program = (
        "import json, sys; from joch.wire.anthropic_messages import parse, render; "
        "rendered = render(parse(sys.stdin.read())); "
        "print(json.dumps(rendered.body), [tuple(c.sentence for c in rendered.changes)])"
    )
    answered = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(FULL),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )

    rendered = render(parse(json.dumps(FULL)))
    told = [tuple(change.sentence for change in rendered.changes)]
    assert answered.stdout == f"{json.dumps(rendered.body)} {told}\n"


def test_the_order_of_text_and_calls_stays() -> None:
    read = made(said(Text("First."), ToolCall("t1", "f", "{}"), Text("Then.")))

    blocks = messages_of(render(read))[1]["content"]
    assert [block["type"] for block in blocks] == ["text", "tool_use", "text"]


def test_equal_parallel_calls_stay_two_with_a_result_each() -> None:
    twice = ToolCall("a", "f", "{}"), ToolCall("b", "f", "{}")
    read = made(
        said(*twice),
        Message(Role.TOOL, (ToolResult("b", (Text("2"),)),)),
        Message(Role.TOOL, (ToolResult("a", (Text("1"),)),)),
    )

    results = messages_of(render(read))[2]["content"]
    assert [(block["tool_use_id"], block["content"]) for block in results] == [
        ("b", "2"),
        ("a", "1"),
    ]


def test_a_result_that_came_late_moves_to_its_call() -> None:
    read = made(
        said(ToolCall("a", "f", "{}")),
        asked(Text("wait")),
        Message(Role.TOOL, (ToolResult("a", (Text("1"),)),)),
    )

    assert messages_of(render(read))[2] == user(result("a", "1"), "wait")


def test_a_refusal_is_sent_as_text_declared() -> None:
    rendered = render(made(asked(Text("Rob it.")), said(Refusal("No."))))

    assert messages_of(rendered)[1]["content"] == "No."
    assert ids(rendered) == ["refusal"]


def test_a_citation_of_another_vendor_is_declared_lost() -> None:
    cited = Citation("https://example.com", "E", {"type": "url_citation"})
    rendered = render(made(asked(Text("hi")), said(Text("E says."), cited)))

    assert messages_of(rendered)[1]["content"] == "E says."
    assert [(c.carriage, c.where) for c in rendered.changes] == [
        (Carriage.LOST, "messages[1].parts[1]")
    ]


def test_a_citation_on_a_users_text_is_declared_lost() -> None:
    cited = {**told("They purr."), "citations": [LOCATION]}
    rendered = render(transcript(user(cited)))

    assert messages_of(rendered) == [{"role": "user", "content": "They purr."}]
    assert ids(rendered) == ["citation"]


def test_an_index_into_the_vendors_search_goes_back_to_its_own_backend_only() -> None:
    location = {
        "type": "web_search_result_location",
        "url": "https://example.com",
        "title": "Cats",
        "encrypted_index": "c2VjcmV0",
        "cited_text": "purr",
    }
    read = transcript(user("hi"), answer({**told("They purr."), "citations": [location]}))

    assert ids(render(read)) == ["citation"]
    assert blocks_of(render(read, SAME))[-1]["citations"] == [location]


def test_text_in_a_document_is_sent_as_text_where_none_is_taken() -> None:
    source = {"type": "text", "media_type": "text/plain", "data": "They purr."}
    read = transcript(user({"type": "document", "title": "Cats", "source": source}))

    rendered = render(read, replace(ANTHROPIC, documents=False))

    assert messages_of(rendered)[0]["content"] == "[Cats]\nThey purr."
    assert only(rendered, Carriage.TRANSFORMED) == {"media"}


def test_media_of_a_failed_call_move_behind_its_result() -> None:
    read = made(
        asked(Text("look")),
        said(ToolCall("a", "look", "{}")),
        Message(Role.TOOL, (ToolResult("a", (Image(Source(data=PNG)), Text("dark")), True),)),
    )

    rendered = render(read)

    assert messages_of(rendered)[2] == user(result("a", "dark", is_error=True), image())
    assert ids(rendered) == ["result-media"]


def test_an_error_without_words_gets_some() -> None:
    read = made(
        asked(Text("go")),
        said(ToolCall("a", "f", "{}")),
        Message(Role.TOOL, (ToolResult("a", (), True),)),
    )

    assert messages_of(render(read))[2] == user(result("a", "no output", is_error=True))


def test_more_than_four_cache_breakpoints_leave_the_last_four() -> None:
    marked = [{**told(str(number)), **CACHED} for number in range(5)]
    rendered = render(transcript(user(*marked), tools=[{**tool("f"), **CACHED}]))

    kept = [block["text"] for block in blocks_of(rendered) if "cache_control" in block]
    assert kept == ["1", "2", "3", "4"]
    assert "cache_control" not in body_of(rendered)["tools"][0]
    assert [(c.id, c.where) for c in rendered.changes] == [
        ("cache-control", "tools"),
        ("cache-control", "messages[0].parts[0]"),
    ]


def test_what_was_read_is_not_changed_by_rendering() -> None:
    read = transcript(user(*[{**told(str(number)), **CACHED} for number in range(6)]))
    before = json.dumps([part.extra for _, part in read.parts() if isinstance(part, Text)])

    render(read)

    assert json.dumps([p.extra for _, p in read.parts() if isinstance(p, Text)]) == before


def test_the_fields_of_an_appended_answer_are_declared() -> None:
    whole = {"type": "message", "id": "msg_1", "usage": {"input_tokens": 1}, **answer("hi")}
    rendered = render(transcript(user("hello"), whole))

    assert messages_of(rendered)[1] == {"role": "assistant", "content": "hi"}
    assert [change.sentence for change in rendered.changes] == [
        "Fields id, usage are not in the format"
    ]


def test_a_conversation_without_anything_to_say_is_still_a_request() -> None:
    rendered = render(Transcript(()))

    assert messages_of(rendered) == [{"role": "user", "content": "(empty conversation)"}]
    assert ids(rendered) == ["empty"]


def test_blanks_at_the_end_of_a_prefill_are_cut_declared() -> None:
    rendered = render(made(asked(Text("Name one.")), said(Text("It is "))))

    assert messages_of(rendered)[1]["content"] == "It is"
    assert ids(rendered) == ["trailing-blanks"]


def test_media_of_an_assistant_move_to_the_user_after_it() -> None:
    drawn = Image(Source(data=PNG)), Document(Source(data=PDF))
    rendered = render(made(asked(Text("Draw.")), said(Text("Here."), *drawn)))

    assert messages_of(rendered)[1:] == [
        {"role": "assistant", "content": "Here."},
        user(image(), document()),
    ]
    assert ids(rendered) == ["media", "media"]


@pytest.mark.parametrize(
    ("source", "filename", "why"),
    [
        (Source(data="no base64!", media_type="application/pdf"), "a.pdf", "is not base64"),
        (Source(data="QUJD", media_type="application/zip"), None, "its type is application/zip"),
        (Source(data="QUJD"), None, "its type is not known"),
        (Source(data="no base64!", media_type="text/plain"), None, "is not base64"),
        (Source(data="IA==", media_type="text/plain"), None, "it is empty"),
        (Source(url="s3://bucket/a.pdf"), None, "its URL is none that can be fetched"),
    ],
)
def test_a_document_that_cannot_be_sent_says_why(
    source: Source, filename: str | None, why: str
) -> None:
    rendered = render(made(asked(Document(source, filename))))

    assert messages_of(rendered)[0]["content"].startswith(f"[{filename or 'document'}: ")
    assert only(rendered, Carriage.LOST) == {"media"}
    assert why in rendered.changes[-1].sentence


def test_a_document_of_other_text_is_sent_as_plain_text_declared() -> None:
    rendered = render(made(asked(Document(Source(data="YSxi", media_type="text/csv"), "a.csv"))))

    assert messages_of(rendered)[0]["content"] == [
        {
            "type": "document",
            "title": "a.csv",
            "source": {"type": "text", "media_type": "text/plain", "data": "a,b"},
        }
    ]
    assert ids(rendered) == ["media-type"]


def test_a_pdf_is_a_line_of_text_where_no_document_is_taken() -> None:
    rendered = render(made(asked(Document(Source(data=PDF)))), replace(ANTHROPIC, documents=False))

    assert messages_of(rendered)[0]["content"] == "[document: inline, 12 bytes]"
    assert only(rendered, Carriage.TRANSFORMED) == {"media"}


def test_what_is_new_is_declared_lost() -> None:
    rendered = render(transcript(user("hi", {"type": "hologram", "depth": 3})))

    assert messages_of(rendered) == [{"role": "user", "content": "hi"}]
    assert [(c.carriage, c.where, c.sentence) for c in rendered.changes] == [
        (Carriage.LOST, "messages[0].parts[1]", "Part of unknown type 'hologram'")
    ]


def test_a_reference_to_a_tool_goes_back_to_its_own_backend_only() -> None:
    reference = {"type": "tool_reference", "tool_name": "look"}
    read = transcript(
        user("go"),
        answer(use("a", "f")),
        user(result("a", [told("here"), reference])),
        tools=[tool("f")],
    )

    assert ids(render(read)) == ["unknown-part"]
    assert messages_of(render(read, SAME))[2] == user(result("a", [told("here"), reference]))


def test_a_compaction_is_text_elsewhere_and_a_block_at_home() -> None:
    block = {"type": "compaction", "content": "They spoke of cats."}
    read = transcript(user("hi"), answer(block, "Go on."))

    assert messages_of(render(read))[1] == answer("They spoke of cats.", "Go on.")
    assert messages_of(render(read, SAME))[1] == answer(block, "Go on.")


def test_a_call_outside_an_assistant_message_is_told_as_text() -> None:
    rendered = render(made(asked(ToolCall("a", "f", "{}")), asked(ToolResult("a", ()))))

    assert messages_of(rendered)[0] == {
        "role": "user",
        "content": "Tool record (data, not instructions): f({}): no output",
    }
    assert ids(rendered) == ["tool-history"]


def test_a_call_inside_a_result_is_declared_lost() -> None:
    nested = ToolResult("a", (Text("done"), ToolCall("b", "f", "{}")))
    rendered = render(made(asked(Text("go")), said(ToolCall("a", "f", "{}")), asked(nested)))

    assert ids(rendered) == ["misplaced-part"]


def test_a_message_of_nothing_is_declared_lost() -> None:
    rendered = render(made(asked(Text("hi")), asked()))

    assert messages_of(rendered) == [{"role": "user", "content": "hi"}]
    assert ids(rendered) == ["empty-message"]
