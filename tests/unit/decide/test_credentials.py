"""The credential of a provider, as far as its Secret tells."""

from collections.abc import Mapping

import pytest
from pydantic import SecretStr

from joch.api.llmprovider import ProviderReason
from joch.decide.provider.credentials import fingerprint, read_credential
from joch.providers.registry import provider_type
from tests.unit.decide.provider_objects import provider

CANARY = "sk-canary-7f3a9c"


@pytest.mark.parametrize(
    ("data", "problem", "sentence"),
    [
        (
            None,
            ProviderReason.SECRET_NOT_FOUND,
            "Secret rig/keys does not exist: create it or change spec.credentials.secretRef.name",
        ),
        (
            {"other": b"x"},
            ProviderReason.SECRET_KEY_MISSING,
            "Secret rig/keys has no key api-key: add it or change spec.credentials.secretRef.key",
        ),
        (
            {"api-key": b""},
            ProviderReason.SECRET_EMPTY,
            "key api-key of Secret rig/keys is empty: put the credential there",
        ),
        (
            {"api-key": CANARY.encode() + b"\n"},
            ProviderReason.MALFORMED,
            "key api-key of Secret rig/keys ends with a line break (echo adds one, printf does "
            "not), so it was not sent: write the bare credential there",
        ),
        (
            {"api-key": b"\xff\xfe"},
            ProviderReason.MALFORMED,
            "key api-key of Secret rig/keys holds characters other than visible ASCII, so it was "
            "not sent: write the bare credential there",
        ),
    ],
)
def test_what_is_wrong_with_the_secret_is_said_with_object_field_and_remedy(
    data: Mapping[str, bytes] | None, problem: ProviderReason, sentence: str
) -> None:
    credential = read_credential(provider(), provider_type("openai"), data)
    assert (credential.facts.problem, credential.facts.message) == (problem, sentence)
    assert credential.secret is None


def test_a_good_key_is_handed_on_and_shown_by_no_repr() -> None:
    credential = read_credential(provider(), provider_type("openai"), {"api-key": CANARY.encode()})
    assert credential.facts.problem is None
    assert credential.secret is not None
    assert credential.secret.get_secret_value() == CANARY
    assert CANARY not in repr(credential)


def test_a_vendors_own_endpoint_needs_a_credential() -> None:
    credential = read_credential(provider(credentials=None), provider_type("openai"), None)
    assert credential.facts.problem is ProviderReason.CREDENTIALS_MISSING
    assert credential.facts.message == (
        "LLMProvider rig/openai has no credential and type openai needs one: set "
        "spec.credentials.secretRef to the Secret and key that hold it"
    )


@pytest.mark.parametrize("type_name", ["openai", "anthropic", "openai_completions", "ollama"])
def test_a_server_of_ones_own_may_go_without(type_name: str) -> None:
    own = provider(type=type_name, baseUrl="http://llm.rig.svc:8000", credentials=None)
    facts = read_credential(own, provider_type(type_name), None).facts
    assert (facts.needed, facts.configured, facts.problem) == (False, False, None)


def test_an_unknown_type_is_not_told_that_it_needs_a_credential() -> None:
    odd = provider(type="gpt", credentials=None)
    assert read_credential(odd, None, None).facts.problem is None


def test_a_fingerprint_is_equal_for_equal_keys_of_one_provider_and_of_no_other() -> None:
    key, other = SecretStr(CANARY), SecretStr(CANARY + "x")
    assert fingerprint("uid-1", key) == fingerprint("uid-1", key)
    assert fingerprint("uid-1", key) != fingerprint("uid-2", key)
    assert fingerprint("uid-1", key) != fingerprint("uid-1", other)
    assert len(fingerprint("uid-1", key)) == 16
