"""How LiteLLM reaches each type; what it does with these was seen upstream on 1.106.2."""

import pytest

from joch.providers.base import PLACEHOLDER_KEY, ProviderType
from joch.providers.registry import PROVIDER_TYPES, UnknownProviderType, provider_type


@pytest.mark.parametrize(
    ("type_name", "base_url", "model", "api_base"),
    [
        ("openai", None, "openai/gpt-5.2", "https://api.openai.com/v1"),
        (
            "openai",
            "https://eu.api.openai.com/v1",
            "openai/gpt-5.2",
            "https://eu.api.openai.com/v1",
        ),
        (
            "openai_completions",
            "http://vllm.rig.svc:8000",
            "openai/gpt-5.2",
            "http://vllm.rig.svc:8000/v1",
        ),
        ("anthropic", None, "anthropic/gpt-5.2", "https://api.anthropic.com"),
        ("anthropic", "http://claude.rig.svc/v1/", "anthropic/gpt-5.2", "http://claude.rig.svc"),
        (
            "ollama",
            "http://ollama.rig.svc:11434/v1",
            "ollama_chat/gpt-5.2",
            "http://ollama.rig.svc:11434",
        ),
    ],
)
def test_a_model_gets_its_types_prefix_and_the_base_that_litellm_appends_to(
    type_name: str, base_url: str | None, model: str, api_base: str
) -> None:
    target = provider_type(type_name).litellm("gpt-5.2", base_url)
    assert (target.model, target.api_base) == (model, api_base)


@pytest.mark.parametrize("type_", PROVIDER_TYPES, ids=lambda t: t.name)
def test_every_target_names_where_the_key_goes_and_what_goes_there_without_one(
    type_: ProviderType,
) -> None:
    target = type_.litellm("m", "http://127.0.0.1:1/v1")
    assert target.key_parameter == "api_key"
    assert target.placeholder_key == PLACEHOLDER_KEY


@pytest.mark.parametrize("type_", PROVIDER_TYPES, ids=lambda t: t.name)
def test_every_target_writes_its_base_so_that_no_variable_of_litellms_environment_counts(
    type_: ProviderType,
) -> None:
    base_url = None if type_.default_base_url else "http://llm.rig.svc:8000"
    assert type_.litellm("m", base_url).api_base


def test_compatible_servers_keep_messages_requests_off_the_responses_api() -> None:
    target = provider_type("openai_completions").litellm("m", "http://vllm.rig.svc:8000/v1")
    assert target.extra == {"use_chat_completions_api": True}


@pytest.mark.parametrize("type_name", ["openai_completions", "ollama"])
def test_a_type_without_a_vendor_of_its_own_refuses_to_guess_a_base_url(type_name: str) -> None:
    with pytest.raises(ValueError, match=f"spec.baseUrl must be given for type {type_name}"):
        provider_type(type_name).litellm("m", None)


def test_an_unknown_type_is_told_which_types_there_are() -> None:
    with pytest.raises(
        UnknownProviderType,
        match=r"^spec\.type 'gpt' is not a provider type: use one of "
        r"openai, openai_completions, anthropic, ollama$",
    ):
        provider_type("gpt")


def test_every_type_has_a_name_of_its_own() -> None:
    names = [type_.name for type_ in PROVIDER_TYPES]
    assert len(set(names)) == len(names)
