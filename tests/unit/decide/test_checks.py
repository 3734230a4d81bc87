from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.api.modelroute import Requirements, RouteReason
from joch.decide.route.candidates import CandidateFacts
from joch.decide.route.checks import CHECKS, Demands, Scope, eligible, judge
from joch.decide.route.checks.constraints import execution_cost
from joch.decide.route.checks.model import CAPABILITIES
from tests.unit.decide.routing_objects import (
    CAPABLE,
    PROPERTY,
    WELL,
    candidate,
    demands,
    model,
    provider,
)

REFUSED = {
    **WELL,
    "CredentialsValid": ("False", "Rejected", "the vendor refuses the key (401)"),
}
DOWN = {**WELL, "Reachable": ("False", "Unreachable", "connection refused")}
NEVER_REACHED = {"Reachable": ("False", "Timeout", "no answer in 5s")}
BROKEN = {"Stalled": ("True", "UnknownType", "spec.type 'opanai' is not a provider type")}
KEYLESS = {
    "Stalled": ("True", "SecretNotFound", "Secret rig/key does not exist."),
    "CredentialsValid": ("False", "SecretNotFound", "Secret rig/key does not exist."),
}


class Judged(NamedTuple):
    candidate: CandidateFacts
    demands: Demands
    reasons: list[str]
    says: str


def having(**facts: Any) -> CandidateFacts:
    """A candidate that is well, whose Model has these facts beside or instead of the usual."""
    return candidate(models=(model(facts={**CAPABLE, **facts}),))


def at(**said_or_spec: Any) -> CandidateFacts:
    return candidate(providers=(provider(**said_or_spec),))


def shared(**spec: Any) -> CandidateFacts:
    """A candidate of namespace shared, whose provider there is as the spec says."""
    return candidate(
        "shared/openai:gpt",
        providers=(provider(namespace="shared", **spec),),
        models=(model(namespace="shared"),),
    )


PROVIDERS = {
    "a provider that is well passes": Judged(candidate(), demands(), [], ""),
    "a provider that does not exist is named, and its model is not judged": Judged(
        candidate(providers=(), models=()),
        demands(requirements={"vision": True}),
        ["ProviderNotFound"],
        "LLMProvider rig/openai does not exist. Create it, or correct backend openai:gpt.",
    ),
    "a type that nobody knows is refused before the status says so": Judged(
        at(type="opanai"),
        demands(),
        ["ProviderStalled"],
        "LLMProvider rig/openai: spec.type 'opanai' is not a provider type: use one of",
    ),
    "a vendor's id that reads as a namespace gets a hint": Judged(
        candidate("deepseek/deepseek-r1:free", providers=(), models=()),
        demands(),
        ["NotGranted"],
        "Write openrouter:deepseek/deepseek-r1:free if you meant a vendor's id.",
    ),
    "another namespace's provider without a grant is refused": Judged(
        shared(),
        demands(),
        ["NotGranted"],
        "LLMProvider shared/openai is refused to namespace rig: no provider of that name lists rig "
        "in spec.allowedNamespaces.",
    ),
    "a grant to somebody else is none": Judged(
        shared(allowedNamespaces=["other"]), demands(), ["NotGranted"], "Have its owner add rig"
    ),
    "a grant by name holds": Judged(shared(allowedNamespaces=["rig"]), demands(), [], ""),
    "a grant to all holds": Judged(shared(allowedNamespaces=["*"]), demands(), [], ""),
    "one's own namespace written out needs no grant": Judged(
        candidate("rig/openai:gpt"), demands(), [], ""
    ),
    "a disabled provider takes no new selections": Judged(
        at(state="Disabled"),
        demands(),
        ["ProviderDisabled"],
        "LLMProvider rig/openai takes no new selections: its spec.state is Disabled.",
    ),
    "a provider in a state of a later version takes no new selections": Judged(
        at(state="Draining"),
        demands(),
        ["ProviderDisabled"],
        "LLMProvider rig/openai takes no new selections: its spec.state is Draining. Set",
    ),
    "a stalled provider is not said to be probed soon": Judged(
        at(says=BROKEN),
        demands(),
        ["ProviderStalled"],
        "LLMProvider rig/openai cannot work: spec.type 'opanai' is not a provider type. Correct",
    ),
    "a stalled credential is told once, as a credential": Judged(
        at(says=KEYLESS),
        demands(),
        ["CredentialsInvalid"],
        "LLMProvider rig/openai has no valid credential: Secret rig/key does not exist. Correct "
        "spec.credentials",
    ),
    "a refused credential carries the vendor's words": Judged(
        at(says=REFUSED),
        demands(),
        ["CredentialsInvalid"],
        "LLMProvider rig/openai has no valid credential: the vendor refuses the key (401).",
    ),
    "an unreachable provider carries the probe's words": Judged(
        at(says=DOWN),
        demands(),
        ["Unreachable"],
        "LLMProvider rig/openai is unreachable: connection refused. It serves again once its "
        "probes succeed.",
    ),
    "a provider never reached is unreachable, not unprobed": Judged(
        at(says=NEVER_REACHED), demands(), ["Unreachable"], "no answer in 5s."
    ),
    "a provider that nobody has seen is not used, whatever it says": Judged(
        at(observed=-1),
        demands(),
        ["NotProbed"],
        "LLMProvider rig/openai has not been reached yet.",
    ),
    "a provider without conditions is not used": Judged(
        at(says={}), demands(), ["NotProbed"], "has not been reached yet."
    ),
    "a credential of which nobody knows is not used": Judged(
        at(says={"Reachable": WELL["Reachable"], "CredentialsValid": ("Unknown", "Probing", "")}),
        demands(),
        ["NotProbed"],
        "has not been asked with its credential yet.",
    ),
    "a status of an older generation is used as it is": Judged(at(observed=0), demands(), [], ""),
}

MODELS = {
    "a model that does not exist is named with what to create": Judged(
        candidate(
            providers=(provider(says={**WELL, "ModelsSynced": ("True", "Synced", "")}),),
            models=(),
        ),
        demands(requirements={"vision": True}, constraints={"dataResidency": "EU"}),
        ["ModelNotFound"],
        "LLMProvider rig/openai has no Model with alias or id gpt. Create a Model with "
        "spec.providerRef.name openai in namespace rig, or correct backend openai:gpt.",
    ),
    "a model that the first listing may bring is not yet missing": Judged(
        candidate(models=()), demands(), ["NotProbed"], "its models have not been listed."
    ),
    "a model that a failed listing may bring is not yet missing": Judged(
        candidate(
            providers=(provider(says={**WELL, "ModelsSynced": ("False", "SyncFailed", "")}),),
            models=(),
        ),
        demands(),
        ["NotProbed"],
        "its models have not been listed.",
    ),
    "no listing brings a model where discovery is off": Judged(
        candidate(providers=(provider(discovery={"enabled": False}),), models=()),
        demands(),
        ["ModelNotFound"],
        "Create a Model",
    ),
    "a model is found by its alias": Judged(
        candidate("openai:fast", models=(model("gpt", alias="fast"),)), demands(), [], ""
    ),
    "a model with an alias is not found by the vendor's id": Judged(
        candidate(
            providers=(provider(discovery={"enabled": False}),),
            models=(model("gpt", alias="fast"),),
        ),
        demands(),
        ["ModelNotFound"],
        "no Model with alias or id gpt",
    ),
    "a model of another provider does not count": Judged(
        candidate(providers=(provider(discovery={"enabled": False}),), models=(model(of="azure"),)),
        demands(),
        ["ModelNotFound"],
        "",
    ),
    "a hand-written Model goes before a discovered one": Judged(
        candidate(
            models=(model("gpt", status={"source": "Discovered", "stale": True}), model("gpt"))
        ),
        demands(),
        [],
        "",
    ),
    "a Model that the operator has not looked at is not judged by its empty facts": Judged(
        candidate(models=(model(status={"observedGeneration": -1, "effective": {}}),)),
        demands(requirements={"toolCalling": True}),
        ["NotProbed"],
        "Model rig/gpt is new: its facts are not in status.effective yet.",
    ),
    "a stale model is named": Judged(
        candidate(models=(model(status={"stale": True}),)),
        demands(),
        ["ModelStale"],
        "Model rig/gpt is stale: gpt is absent from the last listing of LLMProvider rig/openai.",
    ),
}

REQUIREMENTS = {
    "stated capabilities hold": Judged(
        having(),
        demands(requirements={"toolCalling": True, "contextWindowMin": 200_000}),
        [],
        "",
    ),
    "false in a requirement demands nothing": Judged(
        having(capabilities={"vision": False}), demands(requirements={"vision": False}), [], ""
    ),
    "a missing capability is named": Judged(
        having(capabilities={"toolCalling": False}),
        demands(requirements={"toolCalling": True}),
        ["CapabilityMissing"],
        "Model rig/gpt lacks toolCalling, which spec.requirements of the route asks for.",
    ),
    "a capability that nobody stated does not hold": Judged(
        having(capabilities={}),
        demands(requirements={"toolCalling": True}),
        ["CapabilityUnknown"],
        "set spec.capabilities.toolCalling on Model rig/gpt",
    ),
    "what is missing and what is unknown are told apart": Judged(
        having(capabilities={"vision": False}),
        demands(requirements={"vision": True, "audio": True, "documents": True}),
        ["CapabilityMissing", "CapabilityUnknown"],
        "set spec.capabilities.documents, spec.capabilities.audio on Model rig/gpt",
    ),
    "a window that nobody stated does not hold": Judged(
        having(contextWindow=None),
        demands(requirements={"contextWindowMin": 1}),
        ["ContextUnknown"],
        "set spec.contextWindow on Model rig/gpt",
    ),
    "a window that nobody stated breaks nothing that nobody asked": Judged(
        having(contextWindow=None), demands(500_000), [], ""
    ),
    "a window one token short is too small": Judged(
        having(contextWindow=199_999),
        demands(requirements={"contextWindowMin": 200_000}),
        ["ContextTooSmall"],
        "Model rig/gpt has a context window of 199999 tokens; spec.requirements.contextWindowMin "
        "of the route is 200000.",
    ),
    "a conversation that just fits with its answer fits": Judged(
        having(), demands(190_000), [], ""
    ),
    "a conversation one token too long does not fit": Judged(
        having(),
        demands(190_001),
        ["ContextTooSmall"],
        "the conversation's 190001 tokens and an answer of 10000 do not fit.",
    ),
    "a model whose answer may fill its window still takes conversations": Judged(
        having(maxOutputTokens=200_000), demands(199_999), [], ""
    ),
    "and keeps a token for the answer": Judged(
        having(maxOutputTokens=200_000), demands(200_000), ["ContextTooSmall"], "answer of 1 do"
    ),
}

CONSTRAINTS = {
    "a model in the EU keeps EU": Judged(
        having(regions=["eu-central-1", "westeurope"]),
        demands(constraints={"dataResidency": "EU"}),
        [],
        "",
    ),
    "one region outside is enough, and is named": Judged(
        having(regions=["eu-central-1", "eu-west-2", "eu-atlantis-1"]),
        demands(constraints={"dataResidency": "EU"}),
        ["OutsideResidency"],
        "openai:gpt may run outside EU: eu-west-2 (UK), eu-atlantis-1 (in no known jurisdiction); "
        "spec.constraints.dataResidency of the route is EU.",
    ),
    "of many regions outside the first few are named and the remedy is kept": Judged(
        having(regions=[f"{'x' * 60}-{n:02}" for n in range(64)]),
        demands(constraints={"dataResidency": "EU"}),
        ["OutsideResidency"],
        "and 59 more; spec.constraints.dataResidency of the route is EU. Name a model that runs "
        "in EU only, or correct spec.regions of Model rig/gpt.",
    ),
    "the provider's regions count where the model has none": Judged(
        candidate(
            providers=(provider(regions=["us-east-1"]),),
            models=(model(facts={**CAPABLE, "regions": []}),),
        ),
        demands(constraints={"dataResidency": "EU"}),
        ["OutsideResidency"],
        "us-east-1 (US); spec.constraints.dataResidency of the route is EU. Name a model that runs "
        "in EU only, or correct spec.regions of LLMProvider rig/openai.",
    ),
    "the model's regions go before the provider's": Judged(
        at(regions=["us-east-1"]), demands(constraints={"dataResidency": "EU"}), [], ""
    ),
    "regions that nobody stated do not hold": Judged(
        having(regions=[]),
        demands(constraints={"dataResidency": "EU"}),
        ["ResidencyUnknown"],
        "set spec.regions on Model rig/gpt or on LLMProvider rig/openai.",
    ),
    "a turn that costs exactly the limit is allowed": Judged(
        having(), demands(50_000, constraints={"maxCostUsdPerExecution": 0.2}), [], ""
    ),
    "a turn that costs a micro-dollar more is not": Judged(
        having(pricing={"inputPerMillion": 2.00001, "outputPerMillion": 10}),
        demands(50_000, constraints={"maxCostUsdPerExecution": 0.2}),
        ["TooExpensive"],
        "A turn at Model rig/gpt may cost 0.200001 USD (50000 context tokens, the conversation's, "
        "and 10000 output tokens); spec.constraints.maxCostUsdPerExecution of the route is 0.2.",
    ),
    "without a conversation the smallest window is counted, and said": Judged(
        having(),
        demands(
            requirements={"contextWindowMin": 200_000},
            constraints={"maxCostUsdPerExecution": 0.49},
        ),
        ["TooExpensive"],
        "may cost 0.5 USD (200000 context tokens, the route's contextWindowMin, and",
    ),
    "without either no context is counted, and said": Judged(
        having(),
        demands(constraints={"maxCostUsdPerExecution": 0.09}),
        ["TooExpensive"],
        "may cost 0.1 USD (0 context tokens, no conversation in view and no contextWindowMin, and",
    ),
    "a price that nobody stated does not hold": Judged(
        having(pricing={"inputPerMillion": 2}, maxOutputTokens=None),
        demands(constraints={"maxCostUsdPerExecution": 5}),
        ["PriceUnknown"],
        "spec.constraints.maxCostUsdPerExecution of the route is 5: set "
        "spec.pricing.outputPerMillion, spec.maxOutputTokens on Model rig/gpt.",
    ),
    "a price that nobody stated breaks no limit that nobody set": Judged(
        having(pricing={}), demands(), [], ""
    ),
    "a free model is not a model of unknown price": Judged(
        having(pricing={"inputPerMillion": 0, "outputPerMillion": 0}),
        demands(constraints={"maxCostUsdPerExecution": 0}),
        [],
        "",
    ),
    "the provider that must not serve does not": Judged(
        having(),
        demands(notSameProviderAs="rig/openai:other"),
        ["SameProvider"],
        "openai:gpt is at LLMProvider rig/openai, as is rig/openai:other in "
        "spec.notSameProviderAs of the route.",
    ),
    "a provider of the same name elsewhere is another": Judged(
        having(), demands(notSameProviderAs="shared/openai:gpt"), [], ""
    ),
}

ALL = PROVIDERS | MODELS | REQUIREMENTS | CONSTRAINTS


@pytest.mark.parametrize("sentence", ALL)
def test_a_candidate_is_judged(sentence: str) -> None:
    case = ALL[sentence]

    verdict = judge(case.candidate, case.demands, Scope.NEW)

    assert [reason.reason for reason in verdict.reasons] == case.reasons
    assert verdict.eligible is (case.reasons == [])
    assert case.says in " ".join(reason.message for reason in verdict.reasons)
    assert all(len(reason.message) <= 1024 for reason in verdict.reasons)


def test_the_maps_of_cases_share_no_sentence() -> None:
    assert len(ALL) == sum(map(len, (PROVIDERS, MODELS, REQUIREMENTS, CONSTRAINTS)))


def test_every_reason_is_kept_in_the_order_of_the_checks() -> None:
    sick = candidate(
        providers=(provider(says={**REFUSED, **NEVER_REACHED}, state="Disabled"),),
        models=(model(facts={"capabilities": {"vision": False}}, status={"stale": True}),),
    )
    asked = demands(
        requirements={"vision": True, "audio": True, "contextWindowMin": 1},
        constraints={"dataResidency": "EU", "maxCostUsdPerExecution": 1},
        notSameProviderAs="openai:other",
    )

    verdict = judge(sick, asked, Scope.NEW)

    assert [reason.reason for reason in verdict.reasons] == [
        "ProviderDisabled",
        "CredentialsInvalid",
        "Unreachable",
        "ModelStale",
        "CapabilityMissing",
        "CapabilityUnknown",
        "ContextUnknown",
        "ResidencyUnknown",
        "PriceUnknown",
        "SameProvider",
    ]


def test_the_refusal_does_not_tell_whether_the_target_exists() -> None:
    there = shared()
    nowhere = candidate("shared/openai:gpt", providers=(), models=())

    assert there == nowhere
    assert judge(there, demands(), Scope.NEW) == judge(nowhere, demands(), Scope.NEW)


def test_a_disabled_provider_keeps_the_conversations_that_it_has() -> None:
    assert judge(at(state="Disabled"), demands(), Scope.EXISTING).eligible


def test_an_unreachable_provider_loses_the_conversations_that_it_has() -> None:
    verdict = judge(at(says=DOWN, state="Disabled"), demands(), Scope.EXISTING)

    assert [reason.reason for reason in verdict.reasons] == ["Unreachable"]


def test_a_vendors_long_answer_does_not_push_the_remedy_out() -> None:
    long = {**WELL, "Reachable": ("False", "UnexpectedAnswer", "<html>" * 5000)}

    (reason,) = judge(at(says=long), demands(), Scope.NEW).reasons

    assert reason.message.endswith("It serves again once its probes succeed.")


def test_the_cost_of_a_turn_is_rounded_up_to_whole_micro_dollars() -> None:
    priced = model(
        facts={
            "maxOutputTokens": 1,
            "pricing": {"inputPerMillion": 0.1, "outputPerMillion": 0.1},
        }
    )

    assert execution_cost(priced, 0) == 1
    assert execution_cost(priced, 9) == 1
    assert execution_cost(priced, 10) == 2


def test_every_capability_of_the_requirements_is_checked() -> None:
    expected = [name for name in Requirements.model_fields if name != "context_window_min"]

    assert list(CAPABILITIES) == expected
    for name in CAPABILITIES:
        alias = str(Requirements.model_fields[name].alias)
        asked = demands(requirements={alias: True})
        assert judge(having(capabilities={alias: True}), asked, Scope.NEW).eligible
        assert not judge(having(capabilities={alias: False}), asked, Scope.NEW).eligible


def test_every_reason_fits_the_column_that_shows_it() -> None:
    assert [reason for reason in RouteReason if len(reason.value) > 20] == []


UNKNOWABLE: dict[str, tuple[dict[str, Any], Any]] = {
    "capabilities": ({"requirements": {"toolCalling": True}}, {}),
    "contextWindow": ({"requirements": {"contextWindowMin": 1}}, None),
    "regions": ({"constraints": {"dataResidency": "EU"}}, []),
    "pricing": ({"constraints": {"maxCostUsdPerExecution": 1000}}, {}),
    "maxOutputTokens": ({"constraints": {"maxCostUsdPerExecution": 1000}}, None),
}


@PROPERTY
@given(unknown=st.sampled_from(sorted(UNKNOWABLE)), tokens=st.none() | st.integers(0, 100_000))
def test_what_nobody_stated_never_satisfies_what_is_asked(unknown: str, tokens: int | None) -> None:
    asked, nothing = UNKNOWABLE[unknown]

    assert judge(having(), demands(tokens, **asked), Scope.NEW).eligible
    assert not judge(having(**{unknown: nothing}), demands(tokens, **asked), Scope.NEW).eligible


@PROPERTY
@given(sentence=st.sampled_from(sorted(ALL)), scope=st.sampled_from(Scope))
def test_a_verdict_depends_on_its_arguments_alone(sentence: str, scope: Scope) -> None:
    case = ALL[sentence]

    first = judge(case.candidate, case.demands, scope)
    for other in ALL.values():
        judge(other.candidate, other.demands, scope)

    assert judge(case.candidate, case.demands, scope) == first


@PROPERTY
@given(sentence=st.sampled_from(sorted(ALL)), scope=st.sampled_from(Scope))
def test_a_candidate_is_eligible_where_its_verdict_says_so(sentence: str, scope: Scope) -> None:
    case = ALL[sentence]

    says = judge(case.candidate, case.demands, scope).eligible

    assert eligible(case.candidate, case.demands, scope) is says


def test_no_check_stands_in_the_list_twice() -> None:
    assert len(set(CHECKS)) == len(CHECKS)
