"""The checks of a candidate's provider: it exists, is granted, active, valid and reachable."""

from joch.api.conditions import Condition, ConditionType
from joch.api.llmprovider import ProviderCondition, ProviderState
from joch.api.modelroute import RouteReason
from joch.decide.conditions import cut
from joch.decide.route.checks.case import Case, Objection, Scope, lasting, passing
from joch.providers.registry import UnknownProviderType, provider_type

# A provider's own sentence leaves room for ours around it.
MAX_WORDS = 480


def provider_exists(case: Case) -> Objection | None:
    """The provider is there. Of another namespace only `provider_granted` speaks (tenancy)."""
    if case.candidate.provider is not None or not case.candidate.granted:
        return None
    return lasting(
        RouteReason.PROVIDER_NOT_FOUND,
        f"{case.provider_name} does not exist. Create it, or correct backend "
        f"{case.candidate.backend}.{_vendor_id_hint(case)}",
    )


def provider_granted(case: Case) -> Objection | None:
    """Another namespace's provider grants this one; the sentence never says what exists there."""
    if case.candidate.granted:
        return None
    home = case.demands.home
    return lasting(
        RouteReason.NOT_GRANTED,
        f"{case.provider_name} is refused to namespace {home}: no provider of that name lists "
        f"{home} in spec.allowedNamespaces. Have its owner add {home} there or "
        f"use a provider of namespace {home}.{_vendor_id_hint(case)}",
    )


def _vendor_id_hint(case: Case) -> str:
    # A vendor's id with a slash and a colon reads as another namespace's provider.
    backend = case.candidate.backend
    return f" Write openrouter:{backend} if you meant a vendor's id." if backend.namespace else ""


def provider_active(case: Case) -> Objection | None:
    """`state: Disabled` hides a provider from new selections and moves nobody.

    A state that only a later version knows counts as that: unknown is not yes.
    """
    provider = case.candidate.provider
    if provider is None or case.scope is Scope.EXISTING:
        return None
    if provider.spec.state == ProviderState.ACTIVE:
        return None
    return lasting(
        RouteReason.PROVIDER_DISABLED,
        f"{case.provider_name} takes no new selections: its spec.state is {provider.spec.state}. "
        "Set spec.state to Active to use it again.",
    )


def provider_not_stalled(case: Case) -> Objection | None:
    """The provider's own spec is right; a stalled credential is left to `credentials_valid`."""
    stalled = _stalled(case)
    if stalled is None or _credentials_refused(case) is not None:
        return None
    return lasting(
        RouteReason.PROVIDER_STALLED,
        f"{case.provider_name} cannot work: {_words(stalled)} "
        "Correct it as its condition Stalled says.",
    )


def provider_type_known(case: Case) -> Objection | None:
    """The type is one of this version, though the status may not say so yet: an edit is young."""
    provider = case.candidate.provider
    if provider is None or _stalled(case) is not None:
        return None
    try:
        provider_type(provider.spec.type)
    except UnknownProviderType as error:
        return lasting(RouteReason.PROVIDER_STALLED, f"{case.provider_name}: {error}.")
    return None


def credentials_valid(case: Case) -> Objection | None:
    """The credential is not refused; whether that lasts is what the provider itself says."""
    refused = _credentials_refused(case)
    if refused is None:
        return None
    says = passing if _stalled(case) is None else lasting
    return says(
        RouteReason.CREDENTIALS_INVALID,
        f"{case.provider_name} has no valid credential: {_words(refused)} "
        "Correct spec.credentials or the Secret that it names.",
    )


def provider_reachable(case: Case) -> Objection | None:
    """The probes have not found the provider unreachable."""
    condition = case.conditions.get(ProviderCondition.REACHABLE)
    if condition is None or condition.status != "False":
        return None
    provider = case.candidate.provider
    said = provider.status.health.message if provider is not None else ""
    return passing(
        RouteReason.UNREACHABLE,
        f"{case.provider_name} is unreachable: {_sentence(said or condition.message)} "
        "It serves again once its probes succeed.",
    )


def provider_probed(case: Case) -> Objection | None:
    """Nothing worse is known, yet nobody has seen the provider work: unknown is not yes.

    A status of an older generation is used as it is, so that an edit does not make the route flap.
    """
    provider = case.candidate.provider
    if provider is None or _known_bad(case):
        return None
    reachable = case.conditions.get(ProviderCondition.REACHABLE)
    valid = case.conditions.get(ProviderCondition.CREDENTIALS_VALID)
    if all(
        condition is not None and condition.status == "True" for condition in (reachable, valid)
    ):
        return None
    what = "reached" if _unknown(reachable) else "asked with its credential"
    return passing(
        RouteReason.NOT_PROBED,
        f"{case.provider_name} has not been {what} yet. It serves once its probes succeed; "
        "see its conditions Reachable and CredentialsValid.",
    )


def _known_bad(case: Case) -> bool:
    reachable = case.conditions.get(ProviderCondition.REACHABLE)
    return (
        _stalled(case) is not None
        or _credentials_refused(case) is not None
        or (reachable is not None and reachable.status == "False")
    )


def _unknown(condition: Condition | None) -> bool:
    return condition is None or condition.status != "True"


def _stalled(case: Case) -> Condition | None:
    condition = case.conditions.get(ConditionType.STALLED)
    return condition if condition is not None and condition.status == "True" else None


def _credentials_refused(case: Case) -> Condition | None:
    condition = case.conditions.get(ProviderCondition.CREDENTIALS_VALID)
    return condition if condition is not None and condition.status == "False" else None


def _words(condition: Condition) -> str:
    """The condition's own message, or its reason, as the end of a sentence."""
    return _sentence(condition.message.strip() or condition.reason)


def _sentence(words: str) -> str:
    text = cut(words, MAX_WORDS)
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
