"""Model lists of each vendor, page by page, and lists that are none."""

import pytest

from joch.api.model import Capabilities, ModelFacts
from joch.observe.listing import Listing, ListingFailure
from joch.providers.base import Fault, ListedModel
from tests.vendors.anthropic import Anthropic, row
from tests.vendors.asking import listed
from tests.vendors.ollama import Ollama
from tests.vendors.openai import OpenAI
from tests.vendors.server import Call, Reply, as_json, serving


def ids(listing: Listing | ListingFailure) -> list[str]:
    assert isinstance(listing, Listing), listing
    return [model.id for model in listing.models]


async def test_the_list_of_openai_is_one_page_of_ids() -> None:
    async with serving(OpenAI(models=("gpt-5.2", "o4-mini"))) as server:
        listing = await listed("openai", f"{server.url}/v1", "sk-right")
    assert listing == Listing((ListedModel("gpt-5.2"), ListedModel("o4-mini")))


@pytest.mark.parametrize("field", ["max_model_len", "context_length"])
async def test_a_compatible_server_may_state_its_window(field: str) -> None:
    async with serving(OpenAI(key=None, models=("qwen3",), extra={field: 32_768})) as server:
        listing = await listed("openai_completions", server.url)
    assert listing == Listing((ListedModel("qwen3", ModelFacts(context_window=32_768)),))


async def test_llama_cpp_states_the_window_it_serves_and_what_it_takes() -> None:
    row_: dict[str, object] = {
        "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
        "meta": {"n_ctx": 2048, "n_ctx_train": 8192},
    }
    async with serving(OpenAI(key=None, models=("smollm2",), extra=row_)) as server:
        listing = await listed("openai_completions", server.url)
    facts = ModelFacts(capabilities=Capabilities(vision=True, audio=False), context_window=2048)
    assert listing == Listing((ListedModel("smollm2", facts),))


@pytest.mark.parametrize(
    "odd",
    [
        {"architecture": "transformer", "meta": 7},
        {"architecture": {"input_modalities": "text"}, "meta": {"n_ctx": "2048"}},
        {"architecture": {}, "meta": {}},
    ],
)
async def test_facts_in_an_unknown_shape_stay_unknown(odd: dict[str, object]) -> None:
    async with serving(OpenAI(key=None, models=("m",), extra=odd)) as server:
        listing = await listed("openai_completions", server.url)
    assert listing == Listing((ListedModel("m"),))


@pytest.mark.parametrize("stated", [0, -1, "32768", True, None, 10**12, 1.5])
async def test_a_window_that_cannot_be_one_is_left_unknown(stated: object) -> None:
    vendor = OpenAI(key=None, models=("qwen3",), extra={"max_model_len": stated})
    async with serving(vendor) as server:
        listing = await listed("openai_completions", server.url)
    assert listing == Listing((ListedModel("qwen3"),))


async def test_a_bare_array_is_a_list_too() -> None:
    def vendor(call: Call) -> Reply:
        return as_json([{"id": "a"}, {"id": "b"}])

    async with serving(vendor) as server:
        assert ids(await listed("openai_completions", server.url)) == ["a", "b"]


async def test_ollama_lists_what_was_pulled_and_null_is_nothing() -> None:
    async with serving(Ollama(models=("llama3.2:3b",))) as server:
        assert ids(await listed("ollama", f"{server.url}/api")) == ["llama3.2:3b"]
    async with serving(Ollama(models=())) as server:
        assert ids(await listed("ollama", server.url)) == []


async def test_anthropics_pages_are_read_to_the_last() -> None:
    rows = tuple(row(f"claude-{number}") for number in range(7))
    async with serving(Anthropic(rows=rows, page_size=3)) as server:
        listing = await listed("anthropic", server.url, "sk-ant-right")
    assert ids(listing) == [f"claude-{number}" for number in range(7)]
    assert [call.parameter("after_id") for call in server.calls] == [None, "claude-2", "claude-5"]


async def test_anthropics_rows_state_limits_and_capabilities() -> None:
    async with serving(Anthropic(rows=(row("claude-sonnet-4-6"),))) as server:
        listing = await listed("anthropic", server.url, "sk-ant-right")
    assert isinstance(listing, Listing)
    assert listing.models[0].facts == ModelFacts(
        context_window=200_000,
        max_output_tokens=64_000,
        capabilities=Capabilities(
            structured_output=True,
            strict_json_schema=True,
            vision=True,
            documents=False,
            reasoning=True,
        ),
    )


async def test_a_retired_model_is_marked_although_it_is_still_listed() -> None:
    rows = (row("claude-new"), row("claude-old", lifecycle="retired"))
    async with serving(Anthropic(rows=rows)) as server:
        listing = await listed("anthropic", server.url, "sk-ant-right")
    assert isinstance(listing, Listing)
    assert [(model.id, model.retired) for model in listing.models] == [
        ("claude-new", False),
        ("claude-old", True),
    ]


async def test_a_row_of_an_older_api_states_less_and_is_read_all_the_same() -> None:
    bare: dict[str, object] = {
        "type": "model",
        "id": "claude-3",
        "display_name": "C",
        "created_at": "2024-01-01T00:00:00Z",
    }
    async with serving(Anthropic(rows=(bare,))) as server:
        listing = await listed("anthropic", server.url, "sk-ant-right")
    assert listing == Listing((ListedModel("claude-3"),))


async def test_a_list_that_repeats_its_cursor_ends() -> None:
    async with serving(Anthropic(repeats=True)) as server:
        listing = await listed("anthropic", server.url, "sk-ant-right")
    assert listing == ListingFailure(
        Fault.UNEXPECTED_ANSWER, "the model list repeats its cursor, so it would never end"
    )
    assert len(server.calls) == 2


async def test_a_list_that_never_ends_is_given_up() -> None:
    def vendor(call: Call) -> Reply:
        last = int((call.parameter("after_id") or "m0").removeprefix("m")) + 1
        return as_json({"data": [{"id": f"m{last}"}], "has_more": True, "last_id": f"m{last}"})

    async with serving(vendor) as server:
        listing = await listed("anthropic", server.url)
    assert listing == ListingFailure(
        Fault.UNEXPECTED_ANSWER, "the model list has more than 200 pages"
    )


async def test_a_list_that_breaks_off_is_no_list() -> None:
    rows = tuple(row(f"claude-{number}") for number in range(4))
    vendor = Anthropic(rows=rows, page_size=2, fails_after="claude-1")
    async with serving(vendor) as server:
        listing = await listed("anthropic", server.url, "sk-ant-right")
    assert isinstance(listing, ListingFailure)
    assert listing.fault is Fault.SERVER_ERROR


async def test_more_without_a_cursor_is_a_broken_list() -> None:
    def vendor(call: Call) -> Reply:
        return as_json({"data": [{"id": "m"}], "has_more": True, "last_id": None})

    async with serving(vendor) as server:
        listing = await listed("anthropic", server.url)
    assert isinstance(listing, ListingFailure)
    assert "it has has_more without a last_id" in listing.message


async def test_an_id_that_a_url_cannot_hold_as_it_is_still_turns_the_page() -> None:
    rows = (row("team/claude &co#1"), row("claude-2"))
    async with serving(Anthropic(rows=rows, page_size=1)) as server:
        listing = await listed("anthropic", server.url, "sk-ant-right")
    assert ids(listing) == ["team/claude &co#1", "claude-2"]


async def test_an_id_that_is_listed_twice_is_one_model() -> None:
    async with serving(OpenAI(models=("a", "b", "a"))) as server:
        assert ids(await listed("openai", server.url, "sk-right")) == ["a", "b"]


@pytest.mark.parametrize(
    ("failing", "fault"),
    [
        ("invalid_api_key", Fault.REJECTED),
        ("insufficient_quota", Fault.QUOTA_EXHAUSTED),
        ("rate_limit_exceeded", Fault.RATE_LIMITED),
        ("server_error", Fault.SERVER_ERROR),
    ],
)
async def test_a_refused_list_says_why_as_a_probe_does(failing: str, fault: Fault) -> None:
    async with serving(OpenAI(failing=failing)) as server:
        listing = await listed("openai", server.url, "sk-right")
    assert isinstance(listing, ListingFailure)
    assert listing.fault is fault


async def test_a_server_without_a_list_cannot_be_listed() -> None:
    def vendor(call: Call) -> Reply:
        return as_json({"detail": "Not Found"}, 404)

    async with serving(vendor) as server:
        listing = await listed("openai_completions", server.url)
    assert isinstance(listing, ListingFailure)
    assert listing.fault is Fault.NOT_FOUND


async def test_an_id_longer_than_a_model_may_hold_is_said() -> None:
    async with serving(OpenAI(models=("m" * 254,))) as server:
        listing = await listed("openai", server.url, "sk-right")
    assert isinstance(listing, ListingFailure)
    assert "the id in row 0 is longer than 253 characters" in listing.message
