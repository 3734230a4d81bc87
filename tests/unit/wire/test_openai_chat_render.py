"""A rendered body keeps what the format can carry and declares what it cannot."""

import json

from hypothesis import given

from joch.transcript.canonical import digest
from joch.transcript.conversation import INSTRUCTING, Message, Role, Transcript
from joch.transcript.parts import (
    Citation,
    Image,
    Reasoning,
    Source,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
)
from joch.wire.openai_chat import parse, render
from joch.wire.profile import MISTRAL, OPENAI, Identifier, Profile
from joch.wire.rendered import Carriage, Rendered
from tests.unit.wire.conversations import (
    Data,
    answer,
    any_transcript,
    call,
    function,
    result,
    stored_bodies,
    system,
    transcript,
    user,
)


def messages_of(rendered: Rendered) -> list[Data]:
    body: Data = json.loads(json.dumps(rendered.body))
    found: list[Data] = body["messages"]
    return found


def made(*messages: Message) -> Transcript:
    return Transcript(messages)


def said(text: str) -> Message:
    return Message(Role.ASSISTANT, (Text(text),))


def test_a_stored_body_comes_out_as_it_went_in() -> None:
    closed = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    schema = {"name": "a", "schema": closed, "strict": True}
    body = {
        "model": "gpt-5.2",
        "messages": [
            system("Be brief."),
            user([{"type": "text", "text": "look"}, image("https://example.com/a.png")]),
            {"role": "assistant", "tool_calls": [call("c1", "look", at="a"), call("c2", "look")]},
            result("c1", "a cat"),
            result("c2", "a dog"),
            answer("A cat and a dog."),
        ],
        "tools": [function("look", parameters=closed, strict=True)],
        "tool_choice": {"type": "function", "function": {"name": "look"}},
        "parallel_tool_calls": True,
        "response_format": {"type": "json_schema", "json_schema": schema},
        "temperature": 0.2,
        "stop": ["END"],
        "max_completion_tokens": 100,
        "seed": 7,
    }

    rendered = render(parse(json.dumps(body)))

    assert rendered.body == body
    assert rendered.changes == ()


@given(stored_bodies())
def test_a_rendered_body_read_again_renders_to_the_same_digest(body: Data) -> None:
    once = parse(json.dumps(render(parse(json.dumps(body))).body))

    assert digest(parse(json.dumps(render(once).body))) == digest(once)


@given(any_transcript)
def test_every_call_has_exactly_one_result_right_after_it(given_one: Transcript) -> None:
    waiting: list[str] = []
    for message in messages_of(render(given_one)):
        if message["role"] == "tool":
            assert message["tool_call_id"] == waiting.pop(0)
        else:
            assert not waiting
            waiting = [found["id"] for found in message.get("tool_calls", [])]
    assert not waiting


@given(any_transcript)
def test_ids_fit_and_are_unique_in_the_whole_request(given_one: Transcript) -> None:
    rendered = messages_of(render(given_one))
    ids = [found["id"] for message in rendered for found in message.get("tool_calls", [])]

    assert len(ids) == len(set(ids))
    assert all(OPENAI.call_ids.fits(identity) for identity in ids)


@given(any_transcript)
def test_no_assistant_message_is_empty(given_one: Transcript) -> None:
    for message in messages_of(render(given_one)):
        if message["role"] == "assistant":
            assert any(message.get(key) for key in ("content", "tool_calls", "refusal", "audio"))


@given(any_transcript)
def test_calls_carried_are_calls_read(given_one: Transcript) -> None:
    read = [p for m in given_one.messages if m.role not in INSTRUCTING for p in m.parts]
    calls = sum(isinstance(part, ToolCall) for part in read)

    rendered = messages_of(render(given_one))

    assert sum(len(message.get("tool_calls", [])) for message in rendered) == calls


@given(any_transcript)
def test_rendering_twice_gives_the_same(given_one: Transcript) -> None:
    assert render(given_one) == render(given_one)


def test_ids_that_fit_stay_as_they_are_from_whichever_vendor() -> None:
    given_one = transcript(answer(None, call("toolu_01Ab", "f")), result("toolu_01Ab", "x"))

    assert render(given_one).changes == ()


def test_ids_that_do_not_fit_are_remapped_on_both_sides() -> None:
    long = "z" * 70
    rendered = render(transcript(answer(None, call(long, "f")), result(long, "x")))

    asked, told = messages_of(rendered)
    assert asked["tool_calls"][0]["id"] == told["tool_call_id"] != long
    assert [change.sentence for change in rendered.changes] == ["Tool-call ids remapped"]


def test_ids_that_begin_alike_do_not_collide() -> None:
    one, two = "z" * 60 + "1", "z" * 60 + "2"
    rendered = render(transcript(answer(None, call(one, "f"), call(two, "f"))))

    first, second = messages_of(rendered)[0]["tool_calls"]
    assert first["id"] != second["id"]


def test_an_id_of_an_earlier_turn_is_made_unique() -> None:
    exchange = (answer(None, call("c1", "f")), result("c1", "x"))
    rendered = messages_of(render(transcript(*exchange, user("again"), *exchange)))

    assert rendered[0]["tool_calls"][0]["id"] == "c1"
    assert rendered[3]["tool_calls"][0]["id"] == rendered[4]["tool_call_id"] != "c1"


def test_mistral_gets_ids_of_nine_letters_and_digits() -> None:
    rendered = render(transcript(answer(None, call("call_1", "f"))), MISTRAL)

    assert Identifier("A-Za-z0-9", 9, exact=True).fits(
        messages_of(rendered)[0]["tool_calls"][0]["id"]
    )


def test_a_call_nobody_answered_is_answered_as_unknown() -> None:
    rendered = render(transcript(answer(None, call("c1", "f")), user("and?")))

    assert messages_of(rendered)[1] == result(
        "c1", "Error: outcome unknown; do not repeat this call"
    )
    assert [change.id for change in rendered.changes] == ["unknown-outcome"]


def test_a_result_that_came_late_moves_to_its_call() -> None:
    rendered = render(transcript(answer(None, call("c1", "f")), user("wait"), result("c1", "x")))

    assert [message["role"] for message in messages_of(rendered)] == ["assistant", "tool", "user"]


def test_a_result_without_its_call_is_declared_lost() -> None:
    orphan = made(said("hi"), Message(Role.TOOL, (ToolResult("c9", (Text("x"),)),)))

    assert [(c.carriage, c.id) for c in render(orphan).changes] == [
        (Carriage.LOST, "orphan-result")
    ]


def test_an_empty_assistant_message_is_left_out_and_declared() -> None:
    rendered = render(made(said("hi"), Message(Role.ASSISTANT, ()), said("  ")))

    assert len(messages_of(rendered)) == 1
    assert {change.where for change in rendered.changes} == {"messages[1]", "messages[2]"}


def test_an_image_in_a_result_moves_to_a_user_message() -> None:
    picture = Image(Source(url="https://example.com/a.png"))
    seen = made(
        Message(Role.ASSISTANT, (ToolCall("c1", "look", "{}"),)),
        Message(Role.TOOL, (ToolResult("c1", (Text("here"), picture)),)),
    )

    rendered = messages_of(render(seen))

    assert rendered[1] == result("c1", "here")
    assert rendered[2] == user([image("https://example.com/a.png")])


def test_an_error_flag_becomes_a_prefix() -> None:
    failed = made(
        Message(Role.ASSISTANT, (ToolCall("c1", "f", "{}"),)),
        Message(Role.TOOL, (ToolResult("c1", (Text("no route"),), is_error=True),)),
    )

    assert messages_of(render(failed))[1]["content"] == "Error: no route"


def test_malformed_arguments_are_kept_inside_an_object() -> None:
    rendered = render(made(Message(Role.ASSISTANT, (ToolCall("c1", "f", "to=ops"),))))

    function_sent = messages_of(rendered)[0]["tool_calls"][0]["function"]
    assert json.loads(function_sent["arguments"]) == {"_raw": "to=ops"}
    assert rendered.changes[0].sentence == "Malformed tool arguments preserved as text"


def test_a_tool_name_that_does_not_fit_is_the_same_in_declaration_and_call() -> None:
    rendered = render(
        transcript(answer(None, call("c1", "files.read")), tools=[function("files.read")])
    )

    sent = messages_of(rendered)[0]["tool_calls"][0]["function"]["name"]
    assert OPENAI.tool_names.fits(sent)
    assert rendered.body["tools"] == [function(sent)]


def test_thoughts_citations_and_the_unknown_are_declared_lost() -> None:
    parts = (Reasoning("hm"), Text("hi"), Citation("https://example.com"), Unknown("x", {}))
    rendered = render(made(Message(Role.ASSISTANT, parts)))

    assert messages_of(rendered) == [answer("hi")]
    assert [change.id for change in rendered.changes] == ["reasoning", "citation", "unknown-part"]


def test_fields_outside_the_schema_do_not_leak_into_the_body() -> None:
    read = transcript({**user("hi"), "mood": "merry"}, galaxy="far")

    rendered = render(read)

    assert rendered.body == {"messages": [user("hi")]}
    assert {change.where for change in rendered.changes} == {"messages[0]", "galaxy"}


def test_what_a_target_refuses_becomes_text_or_goes_declared() -> None:
    picture = user([image("https://example.com/a.png")])
    read = transcript(picture, temperature=1, reasoning_effort="high", stop=list("abcde"))

    rendered = render(read, Profile(images=False, sampling=False, reasoning_effort=False))

    assert rendered.body == {
        "messages": [user("[image: https://example.com/a.png]")],
        "stop": list("abcd"),
    }
    assert [change.id for change in rendered.changes] == [
        "media",
        "sampling",
        "reasoning-effort",
        "stop-sequences",
    ]


def test_a_conversation_without_anything_to_say_is_still_a_request() -> None:
    assert messages_of(render(made())) == [user("(empty conversation)")]


def image(url: str) -> Data:
    return {"type": "image_url", "image_url": {"url": url}}
