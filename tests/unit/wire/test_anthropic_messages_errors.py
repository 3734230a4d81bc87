"""What cannot be read is refused with the message's index, the field, and what to do."""

import json
from typing import Any

import pytest

from joch.wire.anthropic_messages import parse
from joch.wire.errors import WireError

Data = dict[str, Any]

ASKED: Data = {
    "role": "assistant",
    "content": [{"type": "tool_use", "id": "t1", "name": "f", "input": {}}],
}
TWICE: Data = {"role": "assistant", "content": ASKED["content"] * 2}


def user(*blocks: Data) -> Data:
    return {"role": "user", "content": list(blocks)}


def answer(*blocks: Data) -> Data:
    return {"role": "assistant", "content": list(blocks)}


def result(identity: str) -> Data:
    return {"type": "tool_result", "tool_use_id": identity, "content": "done"}


def image(**source: Any) -> Data:
    return {"type": "image", "source": source}


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        ([user(), 7], "messages[1]: must be an object, not a number"),
        ([{"content": "a"}], "messages[0].role: is missing: write one of user, assistant"),
        ([{"role": "king", "content": ""}], "messages[0].role: 'king' is no role of Anthropic"),
        ([{"role": "tool", "content": ""}], "messages[0].role: 'tool' is no role of Anthropic"),
        ([{"role": "user"}], "messages[0].content: is missing: give a string or a list"),
        ([{"role": "user", "content": 3}], "messages[0].content: must be a string or a list"),
        (
            [{"role": "user", "content": [3]}],
            "messages[0].content[0]: must be an object, not a number",
        ),
        ([user({"text": "hi"})], "messages[0].content[0].type: is missing: name the block's type"),
        ([user({"type": "text"})], "messages[0].content[0].text: is missing"),
        ([user(ASKED["content"][0])], "tool_use belongs into a message of the assistant"),
        ([ASKED, answer(result("t1"))], "tool_result belongs into a message of the user"),
        ([answer({"type": "tool_use", "id": "t1"})], "messages[0].content[0].name: is missing"),
        ([answer({"type": "tool_use", "name": "f"})], "messages[0].content[0].id: is missing"),
        ([TWICE], "messages[0].content[1].id: 't1' is the id of two calls in one message"),
        ([user(result("t9"))], "messages[0].content[0].tool_use_id: nobody asked for 't9'"),
        ([user(result("t1")), ASKED], "messages[0].content[0].tool_use_id: nobody asked"),
        ([ASKED, user(result("t1"), result("t1"))], "messages[1].content[1].tool_use_id: nobody"),
        ([user({"type": "tool_result"})], "messages[0].content[0].tool_use_id: is missing"),
        (
            [ASKED, user({**result("t1"), "is_error": "yes"})],
            "messages[1].content[0].is_error: must be a boolean, not a string",
        ),
        ([user({"type": "image"})], "messages[0].content[0].source: must be an object, not null"),
        ([user(image(type="url"))], "messages[0].content[0].source.url: is missing"),
        ([user(image(type="file"))], "messages[0].content[0].source.file_id: is missing"),
        (
            [user(image(type="base64", media_type="image/png", data="a cat!"))],
            "messages[0].content[0].source.data: is not base64",
        ),
        (
            [answer({"type": "server_tool_use", "id": "s1", "input": {}})],
            "messages[0].content[0].name: is missing",
        ),
        (
            [answer({"type": "text", "text": "a", "citations": [7]})],
            "messages[0].content[0].citations[0]: must be an object",
        ),
    ],
)
def test_a_wrong_message_is_named_by_index_and_field(messages: list[Any], sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(json.dumps(messages))

    assert sentence in str(caught.value)
    assert caught.value.index is not None
    assert caught.value.retryable is False


@pytest.mark.parametrize(
    ("message", "format_meant"),
    [
        ({"role": "assistant", "content": None, "tool_calls": []}, "openai_chat"),
        (user({"type": "image_url", "image_url": {"url": "x"}}), "openai_chat"),
        (user({"type": "input_text", "text": "x"}), "openai_responses"),
        ({"role": "user", "parts": [{"text": "x"}]}, "google_generate_content"),
    ],
)
def test_a_message_of_another_format_names_that_format(message: Data, format_meant: str) -> None:
    with pytest.raises(WireError, match=format_meant) as caught:
        parse(json.dumps([user(), message]))

    assert caught.value.index == 1


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (b"", "the transcript is empty"),
        (b"[]", "messages: the transcript has no messages"),
        (b'{"messages": []}', "messages: the transcript has no messages"),
        (b'{"messages": [{"role": "us', "it ends early"),
        (b"7", "must not be a number: store a request body with messages"),
        (b'{"contents": []}', "messages: is missing"),
        (b'{"messages": {}}', "messages: must be a list, not an object"),
        (b'{"system": 7, "messages": [{"role": "user", "content": ""}]}', "system: must be a str"),
    ],
)
def test_an_input_that_is_no_transcript_says_what_it_is(stored: bytes, sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(stored)

    assert sentence in str(caught.value)
    assert caught.value.index is None


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"max_tokens": "many"}, "max_tokens: must be a number, not a string"),
        ({"temperature": "hot"}, "temperature: must be a number, not a string"),
        ({"stop_sequences": [1]}, "stop_sequences: must be a list of strings"),
        ({"tool_choice": "auto"}, "tool_choice: must be an object, not a string"),
        ({"tool_choice": {"type": "tool"}}, "tool_choice.name: is missing"),
        ({"output_config": {"format": {"type": "json_schema"}}}, "output_config.format.schema"),
        ({"tools": [{}]}, "tools[0].name: is missing"),
        ({"tools": [{"name": "f", "strict": 1}]}, "tools[0].strict: must be a boolean"),
        ({"tools": [{"type": "function", "function": {}}]}, "tools[0]: is a tool of another"),
    ],
)
def test_a_wrong_setting_is_named_by_its_field(settings: Data, sentence: str) -> None:
    with pytest.raises(WireError) as caught:
        parse(json.dumps({"messages": [user()], **settings}))

    assert sentence in str(caught.value)


def test_numbers_beyond_all_bounds_are_refused() -> None:
    with pytest.raises(WireError, match="1e999 is too large a number"):
        parse('{"messages": [{"role": "user", "content": ""}], "max_tokens": 1e999}')


def test_a_line_that_is_not_json_is_named_by_its_number() -> None:
    with pytest.raises(WireError, match=r"line 2 is not JSON"):
        parse(b'{"role": "user", "content": "a"}\n{"role"')


def test_an_input_nested_too_deep_is_refused() -> None:
    nested = "[" * 100_000 + "]" * 100_000
    block = f'{{"type": "tool_use", "id": "t1", "name": "f", "input": {{"a": {nested}}}}}'

    with pytest.raises(WireError, match="nested too deep"):
        parse(f'[{{"role": "assistant", "content": [{block}]}}]')


def test_digits_of_other_languages_are_no_numbers() -> None:
    with pytest.raises(WireError, match="max_tokens: must be a number, not a string"):
        parse('{"messages": [{"role": "user", "content": ""}], "max_tokens": "\\u0661"}')
