"""The status of an LLMProvider."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.api.conditions import ConditionType
from joch.api.llmprovider import LLMProvider, LLMProviderStatus, ProviderReason, SyncStatus
from joch.decide.provider.credentials import CredentialFacts
from joch.decide.provider.health import Health
from joch.decide.provider.status import ProviderInput, decide_provider
from joch.providers.base import Fault
from tests.unit.decide.provider_objects import (
    GOOD,
    LATER,
    NONE,
    NOON,
    OK,
    found,
    message,
    probed,
    provider,
    says,
    seen,
)
from tests.unit.decide.routing_objects import PROPERTY

DOWN = probed(Fault.UNREACHABLE, Fault.UNREACHABLE, Fault.UNREACHABLE)


def well() -> LLMProviderStatus:
    return decide_provider(seen(provider()))


def test_a_provider_that_answers_and_takes_the_key_is_ready() -> None:
    assert found(well()) == {
        "Ready": ("True", "Healthy"),
        "CredentialsValid": ("True", "Validated"),
        "Reachable": ("True", "Reachable"),
        "ModelsSynced": ("Unknown", "NotProbed"),
    }
    assert well().observed_generation == 1
    assert well().credentials.to_wire() == {
        "configured": True,
        "fingerprint": "aaaa",
        "validatedAt": NOON,
    }


@pytest.mark.parametrize(
    ("spec", "reason", "sentence"),
    [
        (
            {"type": "gpt"},
            "UnknownType",
            "LLMProvider rig/openai: spec.type 'gpt' is not a provider type: use one of openai, "
            "openai_completions, anthropic, ollama",
        ),
        (
            {"type": "ollama"},
            "InvalidSpec",
            "LLMProvider rig/openai needs spec.baseUrl: type ollama has no endpoint of its own",
        ),
    ],
)
def test_a_spec_that_cannot_work_is_stalled_with_its_field(
    spec: dict[str, Any], reason: str, sentence: str
) -> None:
    status = decide_provider(seen(provider(**spec), health=Health(), validation=None))
    assert found(status)["Ready"] == ("False", reason)
    assert found(status)["Stalled"] == ("True", reason)
    assert message(status, "Ready") == sentence


def test_a_secret_that_is_not_there_stalls_with_the_secrets_own_sentence() -> None:
    missing = CredentialFacts(True, False, ProviderReason.SECRET_NOT_FOUND, "Secret rig/keys …")
    status = decide_provider(seen(provider(), credential=missing, validation=None))
    assert found(status)["Stalled"] == ("True", "SecretNotFound")
    assert found(status)["CredentialsValid"] == ("False", "SecretNotFound")
    assert message(status, "Ready") == "Secret rig/keys …"


@pytest.mark.parametrize("fault", [Fault.REJECTED, Fault.FORBIDDEN])
def test_a_refused_key_stalls_at_once_when_it_was_never_taken(fault: Fault) -> None:
    status = decide_provider(
        seen(provider(), validation=says(fault, "it was refused"), health=probed(fault))
    )
    assert found(status)["CredentialsValid"] == ("False", "Rejected")
    assert found(status)["Stalled"] == ("True", "Rejected")
    assert message(status, "Ready") == "LLMProvider rig/openai: it was refused"
    assert status.credentials.validated_at is None


def test_an_exhausted_account_waits_because_no_edit_of_the_spec_heals_it() -> None:
    status = decide_provider(
        seen(
            provider(),
            validation=says(Fault.QUOTA_EXHAUSTED),
            health=probed(Fault.QUOTA_EXHAUSTED),
        )
    )
    assert found(status)["CredentialsValid"] == ("False", "QuotaExhausted")
    assert found(status)["Reconciling"] == ("True", "QuotaExhausted")
    assert "Stalled" not in found(status)


def test_a_rate_limit_proves_the_key() -> None:
    limited, health = says(Fault.RATE_LIMITED), probed(Fault.RATE_LIMITED)
    status = decide_provider(seen(provider(), validation=limited, health=health))
    assert found(status)["Ready"] == ("True", "Healthy")
    assert status.credentials.validated_at == NOON


def test_a_good_key_that_is_refused_for_a_moment_moves_nobody() -> None:
    known = provider(status=well())
    health = probed(None)
    for refusals in (1, 2, 3):
        health = probed(Fault.REJECTED, health=health)
        status = decide_provider(
            seen(known, validation=says(Fault.REJECTED), health=health, now=LATER)
        )
        assert (found(status)["CredentialsValid"][0] == "False") == (refusals == 3)


def test_a_rotated_key_that_is_refused_is_told_at_once() -> None:
    rotated = replace(GOOD, fingerprint="bbbb")
    status = decide_provider(
        seen(
            provider(status=well()),
            credential=rotated,
            validation=says(Fault.REJECTED),
            health=probed(None, Fault.REJECTED),
        )
    )
    assert found(status)["CredentialsValid"] == ("False", "Rejected")
    assert status.credentials.fingerprint == "bbbb"
    assert status.credentials.validated_at is None


def test_a_rotated_key_serves_until_it_is_asked_and_is_dated_when_it_is_taken() -> None:
    rotated = replace(GOOD, fingerprint="bbbb")
    given = seen(provider(status=well()), credential=rotated, validation=None, now=LATER)
    status = decide_provider(given)
    assert found(status)["CredentialsValid"] == ("True", "Validated")
    assert status.credentials.validated_at is None
    taken = decide_provider(
        seen(provider(status=status), credential=rotated, validation=OK, now=LATER)
    )
    assert taken.credentials.validated_at == LATER


def test_a_new_key_in_place_of_a_refused_one_is_not_refused_yet() -> None:
    refused = decide_provider(seen(provider(), validation=says(Fault.REJECTED)))
    status = decide_provider(
        seen(
            provider(status=refused),
            credential=replace(GOOD, fingerprint="bbbb"),
            validation=None,
        )
    )
    assert found(status)["CredentialsValid"] == ("Unknown", "NotProbed")
    assert found(status)["Reconciling"] == ("True", "Probing")


def test_a_key_that_was_taken_again_keeps_its_first_date() -> None:
    status = decide_provider(seen(provider(status=well()), now=LATER))
    assert status.credentials.validated_at == NOON


@pytest.mark.parametrize(
    ("fault", "reason", "beside", "remedy"),
    [
        (Fault.UNREACHABLE, "Unreachable", "Reconciling", "check spec.baseUrl and the network"),
        (Fault.TIMEOUT, "Timeout", "Reconciling", "raise spec.probe.timeout"),
        (Fault.SERVER_ERROR, "ServerError", "Reconciling", "ask who runs it"),
        (Fault.UNEXPECTED_ANSWER, "UnexpectedAnswer", "Stalled", "words"),
    ],
)
def test_a_lost_server_waits_and_a_wrong_url_stalls(
    fault: Fault, reason: str, beside: str, remedy: str
) -> None:
    given = seen(provider(baseUrl="http://llm/v1"), health=probed(fault, fault, fault))
    status = decide_provider(given)
    assert found(status)["Reachable"] == ("False", reason)
    assert found(status)["Ready"] == ("False", reason)
    assert found(status)[beside] == ("True", reason)
    assert message(status, "Ready").startswith("LLMProvider rig/openai at http://llm/v1: words")
    assert remedy in message(status, "Ready")


def test_a_new_provider_waits_for_its_first_probe() -> None:
    status = decide_provider(seen(provider(), health=Health(), validation=None))
    assert found(status)["Ready"] == ("False", "Probing")
    assert found(status)["Reachable"] == ("Unknown", "Probing")
    assert message(status, "Ready") == "LLMProvider rig/openai: no probe has ended yet"


def test_the_first_failed_probe_already_says_why() -> None:
    status = decide_provider(seen(provider(), health=probed(Fault.UNREACHABLE), validation=None))
    assert message(status, "Ready") == "LLMProvider rig/openai: words"


@pytest.mark.parametrize("state", ["Disabled", "OfALaterVersion"])
def test_a_disabled_provider_is_ready_and_says_that_it_is_hidden(state: str) -> None:
    status = decide_provider(seen(provider(state=state)))
    assert found(status)["Ready"] == ("True", "Disabled")


def test_a_disabled_provider_that_is_down_is_down() -> None:
    status = decide_provider(seen(provider(state="Disabled"), health=DOWN))
    assert found(status)["Ready"] == ("False", "Unreachable")


def test_a_server_that_asks_for_no_credential_needs_none() -> None:
    own = provider(type="ollama", baseUrl="http://ollama:11434", credentials=None)
    status = decide_provider(seen(own, credential=NONE))
    assert found(status)["CredentialsValid"] == ("True", "NotNeeded")
    assert status.credentials.to_wire() == {"configured": False}


def test_a_server_of_ones_own_that_asks_for_a_credential_says_where_to_put_it() -> None:
    own = provider(type="openai_completions", baseUrl="http://llm/v1", credentials=None)
    status = decide_provider(seen(own, credential=NONE, validation=says(Fault.REJECTED)))
    assert found(status)["CredentialsValid"] == ("False", "CredentialsMissing")
    assert message(status, "Ready") == (
        "LLMProvider rig/openai at http://llm/v1: it refuses to answer without a credential: set "
        "spec.credentials.secretRef"
    )


def test_a_server_without_a_model_list_serves_with_its_credential_unchecked() -> None:
    own = provider(type="openai_completions", baseUrl="http://llm/v1")
    status = decide_provider(
        seen(own, validation=says(Fault.NOT_FOUND), health=probed(Fault.NOT_FOUND))
    )
    assert found(status)["Ready"] == ("True", "Healthy")
    assert found(status)["CredentialsValid"] == ("True", "Unchecked")
    assert status.credentials.validated_at is None


@pytest.mark.parametrize("first", ["request req_1a2 of 12:00 failed", "no id at all"])
def test_a_request_id_that_changes_with_every_answer_is_no_reason_to_write(first: str) -> None:
    def status(of: LLMProvider, words: str) -> LLMProviderStatus:
        refused = says(Fault.REJECTED, words)
        return decide_provider(seen(of, validation=refused, listing_failure=words, now=LATER))

    before = status(provider(), first)
    again = status(provider(status=before), first.replace("req_1a2", "req_9f9"))
    assert again == before
    other = status(provider(status=before), "the account was closed")
    assert "the account was closed" in message(other, "CredentialsValid")
    assert "the account was closed" in message(other, "ModelsSynced")


def test_a_listing_is_counted() -> None:
    sync = SyncStatus(discovered=9, created=7, skipped=2, stale=1, last_synced_at=NOON)
    status = decide_provider(seen(provider(), sync=sync))
    assert found(status)["ModelsSynced"] == ("True", "Synced")
    assert message(status, "ModelsSynced") == (
        "LLMProvider rig/openai: 9 models in its list, 2 of them left out or written by hand; "
        "1 stale"
    )
    assert status.sync == sync


def test_a_failed_listing_changes_a_condition_and_nothing_else() -> None:
    sync = SyncStatus(discovered=9, created=9, last_synced_at=NOON)
    before = decide_provider(seen(provider(), sync=sync))
    after = decide_provider(seen(provider(status=before), listing_failure="503", now=LATER))
    assert found(after)["ModelsSynced"] == ("False", "SyncFailed")
    assert "could not be listed: 503. Known Models stay" in message(after, "ModelsSynced")
    unsynced = {"conditions": ()}
    assert after.model_copy(update=unsynced) == before.model_copy(update=unsynced)
    assert found(after)["Ready"] == found(before)["Ready"]


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"baseUrl": "http://llm/v1"}, "DiscoveryDisabled"),
        ({"discovery": {"enabled": False}}, "DiscoveryDisabled"),
        ({"baseUrl": "http://llm/v1", "discovery": {"enabled": True}}, "NotProbed"),
        ({}, "NotProbed"),
        ({"type": "ollama", "baseUrl": "http://ollama:11434"}, "NotProbed"),
    ],
)
def test_discovery_is_on_for_a_vendors_own_endpoint_and_for_ollama(
    spec: dict[str, Any], reason: str
) -> None:
    assert found(decide_provider(seen(provider(**spec))))["ModelsSynced"][1] == reason


FACTS = st.sampled_from(
    [
        GOOD,
        NONE,
        replace(GOOD, fingerprint="bbbb"),
        CredentialFacts(True, False, ProviderReason.SECRET_EMPTY, "empty"),
    ]
)
SAID = st.sampled_from([None, *(says(fault) for fault in (None, *Fault))])
HEALTH = st.lists(st.sampled_from([None, *Fault]), max_size=6).map(lambda faults: probed(*faults))
PROVIDERS = st.sampled_from(
    [
        provider(),
        provider(type="gpt"),
        provider(type="ollama", baseUrl="http://o:11434", credentials=None),
        provider(state="Disabled", baseUrl="http://llm/v1"),
    ]
)
SYNCS = st.sampled_from([None, SyncStatus(discovered=1, unchanged=1, last_synced_at=NOON)])
INPUTS = st.builds(
    ProviderInput,
    provider=PROVIDERS,
    credential=FACTS,
    health=HEALTH,
    validation=SAID,
    listing_failure=st.sampled_from([None, "503"]),
    sync=SYNCS,
    now=st.just(NOON),
)


@PROPERTY
@given(INPUTS)
def test_deciding_again_on_what_was_written_changes_nothing(given_: ProviderInput) -> None:
    once = decide_provider(given_)
    written = given_.provider.model_copy(update={"status": once})
    assert decide_provider(replace(given_, provider=written, now=LATER)) == once


@PROPERTY
@given(INPUTS)
def test_a_restart_that_has_asked_nobody_yet_changes_nothing(given_: ProviderInput) -> None:
    once = decide_provider(given_)
    settled = decide_provider(
        replace(given_, provider=given_.provider.model_copy(update={"status": once}))
    )
    restarted = replace(
        given_,
        provider=given_.provider.model_copy(update={"status": settled}),
        health=Health.seeded(settled.health),
        validation=None,
        listing_failure=None,
        sync=None,
        now=LATER,
    )
    assert decide_provider(restarted) == settled


@PROPERTY
@given(INPUTS)
def test_every_status_is_one_that_kstatus_understands(given_: ProviderInput) -> None:
    conditions = found(decide_provider(given_))
    ready = conditions[ConditionType.READY][0]
    assert ready in {"True", "False"}
    assert (ready == "True") == ("Stalled" not in conditions and "Reconciling" not in conditions)
    if ready == "True":
        assert conditions["CredentialsValid"][0] == "True"
        assert conditions["Reachable"][0] == "True"


@PROPERTY
@given(INPUTS)
def test_every_condition_has_a_known_reason_and_names_its_object(given_: ProviderInput) -> None:
    for condition in decide_provider(given_).conditions:
        assert ProviderReason(condition.reason)
        assert condition.message
