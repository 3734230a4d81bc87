"""The status of one LLMProvider, out of its credential, its health and its model list."""

import re
from dataclasses import dataclass, replace

from joch.api.conditions import Condition
from joch.api.llmprovider import (
    CredentialsStatus,
    HealthState,
    LLMProvider,
    LLMProviderStatus,
    ProviderCondition,
    ProviderReason,
    ProviderState,
    SyncStatus,
)
from joch.decide.conditions import Verdict, cut, ready, settle, stalled, waiting
from joch.decide.provider.credentials import CredentialFacts
from joch.decide.provider.discovery import discovery_enabled
from joch.decide.provider.health import REFUSALS, Health
from joch.providers.base import Fault, Judgement
from joch.providers.registry import UnknownProviderType, provider_type

_FRESH = frozenset({Fault.RATE_LIMITED, None})
"""Answers that a vendor gives only to a credential that it took."""

_WITH_DIGIT = re.compile(r"\S*[0-9]\S*")
"""A word that holds a digit, such as a request id."""

_REFUSED = {
    Fault.REJECTED: ProviderReason.REJECTED,
    Fault.FORBIDDEN: ProviderReason.REJECTED,
    Fault.QUOTA_EXHAUSTED: ProviderReason.QUOTA_EXHAUSTED,
    Fault.MALFORMED_CREDENTIAL: ProviderReason.MALFORMED,
}


_REMEDIES = {
    ProviderReason.UNREACHABLE: "if that lasts, check spec.baseUrl and the network on the way",
    ProviderReason.TIMEOUT: "if that lasts, check spec.baseUrl or raise spec.probe.timeout",
    ProviderReason.SERVER_ERROR: "if that lasts, ask who runs it: nothing in the spec mends it",
}
"""What a person does about a server that fails; other reasons' sentences say it themselves."""


@dataclass(frozen=True, slots=True)
class ProviderInput:
    """Everything that is known about an LLMProvider.

    `validation`: the last answer that speaks about the credential, None before the first.
    `listing_failure`: why the last listing failed; `sync`: what the last one that succeeded
    counted. `now` is RFC 3339 text.
    """

    provider: LLMProvider
    credential: CredentialFacts
    health: Health
    validation: Judgement | None
    listing_failure: str | None
    sync: SyncStatus | None
    now: str


def decide_provider(given: ProviderInput) -> LLMProviderStatus:
    """The whole status. Equal inputs give equal statuses, so nothing is written.

    Nothing in it ticks: what was not asked again since a restart stays as it was written.
    """
    provider = given.provider
    credentials = _credentials_valid(given)
    reachable = _reachable(given)
    verdicts = (*_ready(given, credentials, reachable), credentials, reachable, _synced(given))
    return LLMProviderStatus(
        observed_generation=provider.metadata.generation,
        conditions=settle(
            provider.status.conditions, verdicts, provider.metadata.generation, given.now
        ),
        credentials=_credentials_status(given, credentials),
        health=given.health.status,
        sync=given.sync or provider.status.sync,
    )


def _ready(given: ProviderInput, credentials: Verdict, reachable: Verdict) -> tuple[Verdict, ...]:
    """The first thing that is wrong, in the order in which a person would correct it."""
    invalid = _invalid_spec(given)
    if invalid is not None:
        return stalled(*invalid)
    if credentials.status == "False":
        return _wait_or_stall(credentials, passes=ProviderReason.QUOTA_EXHAUSTED)
    if reachable.status != "True":
        wrong_url = reachable.reason is ProviderReason.UNEXPECTED_ANSWER
        return (stalled if wrong_url else waiting)(reachable.reason, reachable.message)
    if credentials.status == "Unknown":
        return waiting(ProviderReason.PROBING, credentials.message)
    if given.provider.spec.state != ProviderState.ACTIVE:
        return ready(
            ProviderReason.DISABLED,
            f"LLMProvider {given.provider.key} works and is hidden from new selections by "
            "spec.state; conversations that are bound to it stay",
        )
    return ready(ProviderReason.HEALTHY, f"LLMProvider {given.provider.key} serves")


def _wait_or_stall(verdict: Verdict, passes: ProviderReason) -> tuple[Verdict, ...]:
    return (waiting if verdict.reason is passes else stalled)(verdict.reason, verdict.message)


def _invalid_spec(given: ProviderInput) -> tuple[ProviderReason, str] | None:
    provider = given.provider
    try:
        of_type = provider_type(provider.spec.type)
    except UnknownProviderType as error:
        return ProviderReason.UNKNOWN_TYPE, f"LLMProvider {provider.key}: {error}"
    if of_type.default_base_url is None and provider.spec.base_url is None:
        return ProviderReason.INVALID_SPEC, (
            f"LLMProvider {provider.key} needs spec.baseUrl: type {of_type.name} has no endpoint "
            "of its own"
        )
    return None


def _credentials_valid(given: ProviderInput) -> Verdict:
    facts, said = given.credential, given.validation
    of_type = ProviderCondition.CREDENTIALS_VALID
    if facts.problem is not None:
        return Verdict(of_type, "False", facts.problem, facts.message)
    if said is None or _may_be_a_slip(given, said):
        return _unasked(given)
    if said.fault in _REFUSED:
        return _refused(given, said, _REFUSED[said.fault])
    if said.fault is Fault.NOT_FOUND:
        return Verdict(of_type, "True", ProviderReason.UNCHECKED, _about(given, said.message))
    if not facts.configured:
        sentence = _about(given, "it answers without a credential")
        return Verdict(of_type, "True", ProviderReason.NO_CREDENTIALS_NEEDED, sentence)
    sentence = _about(given, "it took the credential")
    return Verdict(of_type, "True", ProviderReason.VALIDATED, sentence)


def _may_be_a_slip(given: ProviderInput, said: Judgement) -> bool:
    """Whether a credential that was good is refused for fewer probes than failureThreshold.

    A vendor's incident may refuse good keys for a moment; conversations do not move for that.
    """
    valid = _previous(given, ProviderCondition.CREDENTIALS_VALID)
    return (
        said.fault in REFUSALS
        and valid is not None
        and valid.status == "True"
        and given.provider.status.credentials.fingerprint == given.credential.fingerprint
        and given.health.refusals < given.provider.spec.probe.failure_threshold
    )


def _unasked(given: ProviderInput) -> Verdict:
    """No answer speaks about this credential yet: what was true of the one before still serves.

    A rotated key is good until it is refused, or every rotation would move conversations; a new key
    in place of a refused one is not refused yet.
    """
    condition = _previous(given, ProviderCondition.CREDENTIALS_VALID)
    known = given.provider.status.credentials.fingerprint == given.credential.fingerprint
    kept = _kept(condition) if condition is not None else None
    if kept is not None and (kept.status == "True" or (known and _about_the_credential(kept))):
        return kept
    sentence = _about(given, "its credential has not been tried yet")
    return Verdict(
        ProviderCondition.CREDENTIALS_VALID, "Unknown", ProviderReason.NOT_PROBED, sentence
    )


def _about_the_credential(verdict: Verdict) -> bool:
    """Whether it speaks about the credential itself, and not about a Secret that lacks one."""
    return verdict.reason in {
        ProviderReason.REJECTED,
        ProviderReason.MALFORMED,
        ProviderReason.QUOTA_EXHAUSTED,
        ProviderReason.CREDENTIALS_MISSING,
    }


def _refused(given: ProviderInput, said: Judgement, reason: ProviderReason) -> Verdict:
    of_type = ProviderCondition.CREDENTIALS_VALID
    if given.credential.configured:
        return _steady(given, Verdict(of_type, "False", reason, _about(given, said.message)))
    sentence = _about(
        given, "it refuses to answer without a credential: set spec.credentials.secretRef"
    )
    return Verdict(of_type, "False", ProviderReason.CREDENTIALS_MISSING, sentence)


def _credentials_status(given: ProviderInput, verdict: Verdict) -> CredentialsStatus:
    """The time moves only when a credential is taken that was not there before."""
    before, facts = given.provider.status.credentials, given.credential
    same = before.fingerprint == facts.fingerprint
    taken = (
        facts.configured
        and verdict.status == "True"
        and given.validation is not None
        and given.validation.fault in _FRESH
    )
    validated_at = before.validated_at if same else None
    return CredentialsStatus(
        configured=facts.configured,
        fingerprint=facts.fingerprint,
        validated_at=validated_at or (given.now if taken else None),
    )


def _reachable(given: ProviderInput) -> Verdict:
    health, of_type = given.health, ProviderCondition.REACHABLE
    if health.state == HealthState.HEALTHY:
        return Verdict(of_type, "True", ProviderReason.REACHABLE, _about(given, "it answers"))
    if health.state == HealthState.UNHEALTHY:
        reason = _reason(health.reason) or ProviderReason.UNREACHABLE
        remedy = f"; {_REMEDIES[reason]}" if reason in _REMEDIES else ""
        return Verdict(of_type, "False", reason, _about(given, f"{health.message}{remedy}"))
    sentence = health.message or "no probe has ended yet"
    return Verdict(of_type, "Unknown", ProviderReason.PROBING, _about(given, sentence))


def _synced(given: ProviderInput) -> Verdict:
    of_type = ProviderCondition.MODELS_SYNCED
    if not discovery_enabled(given.provider):
        sentence = (
            "its models are not discovered, as spec.discovery says or spec.baseUrl implies: "
            "write Model objects, or set spec.discovery.enabled to true"
        )
        return Verdict(of_type, "False", ProviderReason.DISCOVERY_DISABLED, _about(given, sentence))
    if given.listing_failure is not None:
        sentence = f"its models could not be listed: {given.listing_failure}. Known Models stay"
        verdict = Verdict(of_type, "False", ProviderReason.SYNC_FAILED, _about(given, sentence))
        return _steady(given, verdict)
    if given.sync is not None:
        return Verdict(of_type, "True", ProviderReason.SYNCED, _counted(given, given.sync))
    before = _previous(given, of_type)
    kept = _kept(before) if before is not None else None
    if kept is not None and kept.reason in {ProviderReason.SYNCED, ProviderReason.SYNC_FAILED}:
        return kept
    sentence = _about(given, "its models have not been listed yet")
    return Verdict(of_type, "Unknown", ProviderReason.NOT_PROBED, sentence)


def _counted(given: ProviderInput, sync: SyncStatus) -> str:
    return _about(
        given,
        f"{sync.discovered} models in its list, {sync.skipped} of them left out or written by "
        f"hand; {sync.stale} stale",
    )


def _about(given: ProviderInput, sentence: str) -> str:
    """The sentence with the object and the address that it speaks about."""
    spec = given.provider.spec
    where = f" at {spec.base_url}" if spec.base_url else ""
    return f"LLMProvider {given.provider.key}{where}: {sentence}"


def _steady(given: ProviderInput, verdict: Verdict) -> Verdict:
    """The verdict in the words that are written already, where only ids and numbers differ.

    Vendors put a new request id into each of their messages; that is worth no write.
    """
    before = _previous(given, verdict.type)
    if before is None or before.reason != verdict.reason.value:
        return verdict
    if _WITH_DIGIT.sub("", before.message) != _WITH_DIGIT.sub("", cut(verdict.message)):
        return verdict
    return replace(verdict, message=before.message)


def _previous(given: ProviderInput, of_type: str) -> Condition | None:
    conditions = given.provider.status.conditions
    return next((condition for condition in conditions if condition.type == of_type), None)


def _kept(condition: Condition) -> Verdict | None:
    """The verdict that an earlier decision wrote, or None where this version knows no such."""
    reason = _reason(condition.reason)
    if reason is None:
        return None
    return Verdict(condition.type, condition.status, reason, condition.message)


def _reason(text: str) -> ProviderReason | None:
    try:
        return ProviderReason(text)
    except ValueError:
        return None
