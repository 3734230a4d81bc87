"""Backends, durations and money, as people write them."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from joch.api import backend, duration
from joch.api.backend import Backend
from joch.api.duration import PositiveDuration, seconds
from joch.api.money import Usd, UsdText, micro_dollars

ARN = "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-v1:0"
LETTERS = "aZ0-./:_ \t\n\v\u00a0\u0663é"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("anthropic:claude-sonnet", Backend("", "anthropic", "claude-sonnet")),
        ("platform/openai:gpt-5.2", Backend("platform", "openai", "gpt-5.2")),
        (f"bedrock:{ARN}", Backend("", "bedrock", ARN)),
        ("openrouter:anthropic/x:beta", Backend("", "openrouter", "anthropic/x:beta")),
        ("llm.example:m", Backend("", "llm.example", "m")),
    ],
)
def test_the_first_colon_parts_provider_and_model(text: str, parts: Backend) -> None:
    assert Backend.parse(text) == parts
    assert str(parts) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "claude",
        ":m",
        "p:",
        "p::m",
        "/p:m",
        "a/b/p:m",
        "P:m",
        "p:m\n",
        "p:a b",
        "p:m\u00a0",
        "-p:m",
    ],
)
def test_what_is_no_backend_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="must be a backend, provider:model"):
        Backend.parse(text)


def test_a_backend_longer_than_the_api_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 384"):
        Backend.parse("p:" + "m" * 383)


@given(st.text(LETTERS, max_size=24) | st.from_regex(backend.GRAMMAR.pattern, fullmatch=True))
def test_a_text_is_a_backend_exactly_when_the_whole_of_it_fits_the_grammar(text: str) -> None:
    fits = re.fullmatch(backend.GRAMMAR.pattern, text) and len(text) <= backend.MAX_LENGTH
    try:
        parsed = Backend.parse(text)
    except ValueError:
        assert not fits
    else:
        assert fits
        assert str(parsed) == text


def test_a_backend_that_may_be_a_vendors_id_says_how_to_write_that() -> None:
    assert Backend.parse("deepseek/deepseek-r1:free").hint == (
        "write openrouter:deepseek/deepseek-r1:free if you meant a vendor's id"
    )
    assert Backend.parse("openrouter:deepseek/deepseek-r1:free").hint == ""


def test_a_provider_is_looked_for_at_home_unless_a_namespace_is_named() -> None:
    assert Backend.parse("p:m").provider_key("team-a") == "team-a/p"
    assert Backend.parse("platform/p:m").provider_key("team-a") == "platform/p"


@pytest.mark.parametrize(
    ("text", "length"),
    [("0s", 0), ("500ms", 0.5), ("30s", 30), ("1h30m", 5400), ("24h", 86400), ("7d", 604800)],
)
def test_a_duration_is_read_in_seconds(text: str, length: float) -> None:
    assert seconds(text) == pytest.approx(length)


@pytest.mark.parametrize(
    "text", ["", "30", "1 day", "-5s", "1.5h", "30s\n", "٣s", "1000000s", "1w"]
)
def test_what_is_no_duration_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="must be a duration of whole numbers"):
        seconds(text)


@given(
    st.text("019msh d\n\u0663", max_size=24)
    | st.from_regex(duration.GRAMMAR.pattern, fullmatch=True)
)
def test_a_text_is_a_duration_exactly_when_the_whole_of_it_fits_the_grammar(text: str) -> None:
    fits = re.fullmatch(duration.GRAMMAR.pattern, text) and len(text) <= duration.MAX_LENGTH
    try:
        length = seconds(text)
    except ValueError:
        assert not fits
    else:
        assert fits
        assert 0 <= length < 6000 * 366 * 86400


def test_a_probe_interval_is_longer_than_nothing() -> None:
    adapter: TypeAdapter[str] = TypeAdapter(PositiveDuration)
    assert adapter.validate_python("0h1s") == "0h1s"
    with pytest.raises(ValidationError, match="must be longer than 0s"):
        adapter.validate_python("0h0s")


@pytest.mark.parametrize(
    ("text", "micros"),
    [("5", 5_000_000), ("0.1", 100_000), ("1e-6", 1), ("0", 0), ("1000000000", 10**15)],
)
def test_money_in_json_is_exact_in_micro_dollars(text: str, micros: int) -> None:
    adapter: TypeAdapter[Decimal] = TypeAdapter(Usd)
    amount = adapter.validate_json(text)
    assert micro_dollars(amount) == micros
    assert adapter.validate_json(adapter.dump_json(amount)) == amount


@given(st.integers(0, 10**15))
def test_every_amount_of_micro_dollars_survives_the_way_through_json(micros: int) -> None:
    adapter: TypeAdapter[Decimal] = TypeAdapter(Usd)
    amount = Decimal(micros) / 1_000_000
    assert micro_dollars(adapter.validate_json(adapter.dump_json(amount))) == micros


@pytest.mark.parametrize("text", ["-1", "1000000001", "NaN", "Infinity"])
def test_money_that_is_none_is_refused(text: str) -> None:
    adapter: TypeAdapter[Decimal] = TypeAdapter(Usd)
    with pytest.raises(ValidationError):
        adapter.validate_json(text)


def test_money_that_the_operator_writes_is_decimal_text() -> None:
    adapter: TypeAdapter[Decimal] = TypeAdapter(UsdText)
    assert adapter.dump_python(Decimal("1E-6"), mode="json") == "0.000001"
    assert adapter.validate_json('"0.000001"') == Decimal("0.000001")
