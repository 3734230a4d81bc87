"""What people write as spec.baseUrl, and where the request then goes."""

import pytest

from joch.providers.base import ProviderType
from joch.providers.registry import PROVIDER_TYPES, provider_type


@pytest.mark.parametrize(
    ("base_url", "asked"),
    [
        ("https://llm.example.com", "https://llm.example.com/v1/models"),
        ("https://llm.example.com/", "https://llm.example.com/v1/models"),
        ("https://llm.example.com:8443", "https://llm.example.com:8443/v1/models"),
        ("https://llm.example.com/v1", "https://llm.example.com/v1/models"),
        ("https://llm.example.com/v1/", "https://llm.example.com/v1/models"),
        ("https://llm.example.com/v1//", "https://llm.example.com/v1/models"),
        ("https://llm.example.com/v1/models", "https://llm.example.com/v1/models"),
        ("https://llm.example.com/v1/chat/completions", "https://llm.example.com/v1/models"),
        ("https://llm.example.com/openai/v1", "https://llm.example.com/openai/v1/models"),
        ("https://llm.example.com/api/v3", "https://llm.example.com/api/v3/models"),
        ("http://[::1]:8000", "http://[::1]:8000/v1/models"),
    ],
)
@pytest.mark.parametrize("type_name", ["openai", "openai_completions"])
def test_an_openai_base_gets_v1_only_where_it_has_no_path_of_its_own(
    type_name: str, base_url: str, asked: str
) -> None:
    assert provider_type(type_name).listing(base_url).url == asked


@pytest.mark.parametrize(
    "base_url",
    [
        "https://claude.example.com",
        "https://claude.example.com/",
        "https://claude.example.com/v1",
        "https://claude.example.com/v1/",
        "https://claude.example.com/v1/messages",
    ],
)
def test_an_anthropic_base_is_taken_with_and_without_v1(base_url: str) -> None:
    anthropic = provider_type("anthropic")
    assert anthropic.probe(base_url).url == "https://claude.example.com/v1/models?limit=1"
    assert anthropic.listing(base_url).url == "https://claude.example.com/v1/models?limit=1000"


@pytest.mark.parametrize(
    "base_url",
    [
        "http://ollama:11434",
        "http://ollama:11434/",
        "http://ollama:11434/v1",
        "http://ollama:11434/v1/",
        "http://ollama:11434/api",
        "http://ollama:11434/api/chat",
        "http://ollama:11434/v1/chat/completions",
    ],
)
def test_an_ollama_base_is_the_servers_root_whichever_api_was_meant(base_url: str) -> None:
    ollama = provider_type("ollama")
    assert ollama.listing(base_url).url == "http://ollama:11434/v1/models"
    assert ollama.litellm("m", base_url).api_base == "http://ollama:11434"


@pytest.mark.parametrize("of_type", PROVIDER_TYPES, ids=lambda of_type: of_type.name)
def test_what_litellm_gets_is_read_again_as_the_same_base(of_type: ProviderType) -> None:
    base = of_type.litellm("m", "http://llm.rig.svc:8000/v1").api_base
    assert of_type.litellm("m", base).api_base == base


def test_the_version_of_anthropics_api_is_sent_with_every_request() -> None:
    anthropic = provider_type("anthropic")
    for request in (anthropic.probe("http://a"), anthropic.listing("http://a")):
        assert request.headers == {"anthropic-version": "2023-06-01"}
