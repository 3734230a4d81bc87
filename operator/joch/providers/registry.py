"""The provider types. A new type is a module beside this one and a line in PROVIDER_TYPES."""

from joch.providers.anthropic import Anthropic
from joch.providers.base import ProviderType
from joch.providers.ollama import Ollama
from joch.providers.openai import OpenAI
from joch.providers.openai_completions import OpenAICompletions

PROVIDER_TYPES: tuple[ProviderType, ...] = (
    OpenAI(),
    OpenAICompletions(),
    Anthropic(),
    Ollama(),
)


class UnknownProviderType(ValueError):
    """`LLMProvider.spec.type` names no type of this version; the sentence lists those it knows."""

    def __init__(self, name: str) -> None:
        known = ", ".join(known_type.name for known_type in PROVIDER_TYPES)
        super().__init__(f"spec.type {name!r} is not a provider type: use one of {known}")


def provider_type(name: str) -> ProviderType:
    """The type that `LLMProvider.spec.type` names.

    Raises:
        UnknownProviderType: no type has this name.
    """
    for known_type in PROVIDER_TYPES:
        if known_type.name == name:
            return known_type
    raise UnknownProviderType(name)
