"""Providers and what is known of them, for the tests of their status."""

from typing import Any

from joch.api.llmprovider import LLMProvider, LLMProviderStatus
from joch.api.model import Model
from joch.decide.provider.credentials import CredentialFacts
from joch.decide.provider.health import Health
from joch.decide.provider.status import ProviderInput
from joch.providers.base import Fault, Judgement

NOON = "2026-11-21T12:00:00Z"
LATER = "2026-11-21T13:00:00Z"
OK = Judgement(None, "the model list was answered")
GOOD = CredentialFacts(needed=True, configured=True, fingerprint="aaaa")
NONE = CredentialFacts(needed=False, configured=False)


def provider(
    name: str = "openai", status: LLMProviderStatus | None = None, generation: int = 1, **spec: Any
) -> LLMProvider:
    keys = {"secretRef": {"name": "keys", "key": "api-key"}}
    spec = {"type": "openai", "credentials": keys, **spec}
    return LLMProvider.model_validate(
        {
            "metadata": {
                "name": name,
                "namespace": "rig",
                "uid": "uid-1",
                "generation": generation,
            },
            "spec": {key: value for key, value in spec.items() if value is not None},
            "status": (status or LLMProviderStatus()).to_wire(),
        }
    )


def says(fault: Fault | None, message: str = "words") -> Judgement:
    return Judgement(fault, message)


def probed(*faults: Fault | None, health: Health | None = None, now: str = NOON) -> Health:
    """The health after these probes, with thresholds 3 and 2."""
    health = health or Health()
    for fault in faults:
        health = health.after(says(fault), failure_threshold=3, success_threshold=2, now=now)
    return health


def seen(of: LLMProvider, **known: Any) -> ProviderInput:
    """A provider that is well in every respect but those given."""
    well = {
        "credential": GOOD,
        "health": probed(None),
        "validation": OK,
        "listing_failure": None,
        "sync": None,
        "now": NOON,
    }
    return ProviderInput(provider=of, **{**well, **known})


def found(status: LLMProviderStatus) -> dict[str, tuple[str, str]]:
    """Status and reason of each condition, by type."""
    return {c.type: (c.status, c.reason) for c in status.conditions}


def message(status: LLMProviderStatus, of_type: str) -> str:
    return next(c.message for c in status.conditions if c.type == of_type)


def written_by_hand(vendor_id: str, name: str = "mine", **spec: Any) -> Model:
    return Model.model_validate(
        {
            "metadata": {"name": name, "namespace": "rig", "generation": 1},
            "spec": {"providerRef": {"name": "openai"}, "model": vendor_id, **spec},
        }
    )
