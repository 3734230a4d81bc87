"""The estimate is conservative: never below what the densest known tokenizer counts."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.transcript.tokens import (
    CLAUDE,
    DEFAULT,
    text_tokens,
    token_profile,
    transcript_tokens,
)
from tests.unit.wire.conversations import answer, function, transcript, user


@given(st.text())
def test_a_text_has_at_least_a_token_for_2_8_of_its_bytes(text: str) -> None:
    assert text_tokens(text) * 2.8 >= len(text.encode())


def test_base64_counts_a_token_a_byte() -> None:
    sound = base64.b64encode(bytes(range(256))).decode()

    assert text_tokens(sound) == len(sound)
    assert text_tokens(f"look: {sound}") == len(sound) + 3


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a" * 63, 23),
        ("a" * 64, 64),
        (f"ä{'a+/=_-Z9' * 8}ö", 64 + 2),
        (f"{'a' * 63} {'b' * 63}", 46),
        (f"{'a' * 64} {'b' * 64}", 64 + 64 + 1),
    ],
)
def test_only_a_run_of_64_or_more_counts_a_token_a_byte(text: str, tokens: int) -> None:
    assert text_tokens(text) == tokens


def test_a_conversation_counts_its_messages_with_a_margin() -> None:
    read = transcript(user("a" * 28), answer("b" * 28))

    assert transcript_tokens(read) == 44  # (2 x (10 + 10)) x 1.1


def test_tools_cost_their_schema_and_claudes_own_prompt() -> None:
    plain = transcript(user("hi"))
    armed = transcript(user("hi"), tools=[function("look")])

    assert transcript_tokens(armed, DEFAULT) > transcript_tokens(plain, DEFAULT)
    assert transcript_tokens(armed, CLAUDE) >= transcript_tokens(plain, CLAUDE) + 660


@pytest.mark.parametrize(
    ("wire_format", "model", "profile"),
    [
        ("anthropic_messages", "fast", CLAUDE),
        ("bedrock_converse", "eu.anthropic.Claude-sonnet", CLAUDE),
        ("openai_chat", "gpt-5.2", DEFAULT),
    ],
)
def test_claude_counts_as_claude_wherever_it_is_served(
    wire_format: str, model: str, profile: object
) -> None:
    assert token_profile(wire_format, model) is profile
