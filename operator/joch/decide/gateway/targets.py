"""Whether and how LiteLLM may reach a provider for this gateway."""

from collections.abc import Mapping
from dataclasses import dataclass

from joch.api.llmgateway import GatewayReason
from joch.api.llmprovider import LLMProvider
from joch.decide.gateway.inputs import GatewayInput, Problem
from joch.decide.gateway.keys import key_name
from joch.decide.gateway.litellm_config import reference
from joch.providers.base import LiteLLMTarget, ProviderType
from joch.providers.registry import UnknownProviderType, provider_type


@dataclass(frozen=True, slots=True)
class Door:
    """A provider that this gateway may use: its type, and its credential's environment name."""

    provider: LLMProvider
    type: ProviderType
    key: str | None

    def params(self, model: str) -> Mapping[str, str | bool | int]:
        """The `litellm_params` of a deployment of this vendor model id.

        Raises:
            ValueError: the type can't reach it; the sentence names the field.
        """
        target = self.type.litellm(model, self.provider.spec.base_url)
        base = {} if target.api_base is None else {"api_base": target.api_base}
        return {"model": target.model, **base, **self._credential(target), **target.extra}

    def _credential(self, target: LiteLLMTarget) -> Mapping[str, str]:
        """Where no key is configured the type's placeholder keeps LiteLLM from taking another."""
        value = target.placeholder_key if self.key is None else reference(self.key)
        if target.key_parameter is None or value is None:
            return {}
        return {target.key_parameter: value}


def find_door(facts: GatewayInput, key: str) -> Door | Problem:
    """The way to the provider `key` (`namespace/name`), or why there is none."""
    provider = facts.providers.get(key)
    if provider is None:
        return Problem(
            GatewayReason.PROVIDER_NOT_FOUND,
            f"LLMProvider {key} does not exist, so its models are left out: create it, or delete "
            "the Models that name it",
        )
    if not _granted(provider, facts.home):
        return Problem(
            GatewayReason.NOT_GRANTED,
            f"LLMProvider {key} is not granted to this gateway, so its models are left out: add "
            f"{facts.home} to its spec.allowedNamespaces",
        )
    return _open(facts, provider)


def _granted(provider: LLMProvider, home: str) -> bool:
    allowed = provider.spec.allowed_namespaces
    return provider.metadata.namespace == home or home in allowed or "*" in allowed


def _open(facts: GatewayInput, provider: LLMProvider) -> Door | Problem:
    try:
        kind = provider_type(provider.spec.type)
    except UnknownProviderType as error:
        return _invalid(provider, str(error))
    if provider.spec.base_url is None and kind.default_base_url is None:
        return _invalid(provider, f"spec.baseUrl must be given for type {kind.name}")
    if provider.spec.credentials is not None:
        usable = provider.key in facts.credentials
        return Door(provider, kind, key_name(provider.key)) if usable else _keyless(provider)
    if kind.needs_credential and provider.spec.base_url is None:
        return _keyless(provider)
    return Door(provider, kind, None)


def _invalid(provider: LLMProvider, sentence: str) -> Problem:
    return Problem(
        GatewayReason.PROVIDER_INVALID,
        f"LLMProvider {provider.key} can't be served, so its models are left out: {sentence}",
    )


def _keyless(provider: LLMProvider) -> Problem:
    source = provider.spec.credentials and provider.spec.credentials.secret_ref
    remedy = (
        f"write the API key into Secret {source.name}, key {source.key}"
        if source
        else "set spec.credentials.secretRef"
    )
    return Problem(
        GatewayReason.CREDENTIAL_MISSING,
        f"LLMProvider {provider.key} has no usable credential, so its models are left out: "
        f"{remedy}",
    )
