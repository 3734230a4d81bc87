from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.api.modelroute import ModelRoute, ModelRouteStatus
from joch.decide.route.candidates import CandidateFacts
from joch.decide.route.status import RouteInput, decide_route
from tests.unit.decide.routing_objects import (
    NOW,
    PROPERTY,
    WELL,
    candidate,
    model,
    provider,
    route,
)

LATER = "2026-11-21T13:00:00Z"
DOWN = {**WELL, "Reachable": ("False", "Unreachable", "connection refused")}


def well(text: str) -> CandidateFacts:
    return candidate(text)


def down(text: str) -> CandidateFacts:
    return candidate(text, providers=(provider(text.partition(":")[0], says=DOWN),))


def new(text: str) -> CandidateFacts:
    return candidate(text, providers=(provider(text.partition(":")[0], observed=-1, says={}),))


def refused(text: str) -> CandidateFacts:
    says = {**WELL, "CredentialsValid": ("False", "Rejected", "401")}
    return candidate(text, providers=(provider(text.partition(":")[0], says=says),))


def keyless(text: str) -> CandidateFacts:
    says = {
        "CredentialsValid": ("False", "SecretNotFound", "no Secret"),
        "Stalled": ("True", "SecretNotFound", "no Secret"),
    }
    return candidate(text, providers=(provider(text.partition(":")[0], says=says),))


def disabled(text: str) -> CandidateFacts:
    return candidate(text, providers=(provider(text.partition(":")[0], state="Disabled"),))


def disabled_and_down(text: str) -> CandidateFacts:
    sick = provider(text.partition(":")[0], state="Disabled", says=DOWN)
    return candidate(text, providers=(sick,))


def absent(text: str) -> CandidateFacts:
    return candidate(text, providers=(), models=())


def not_listed(text: str) -> CandidateFacts:
    return candidate(text, models=())


def stale(text: str) -> CandidateFacts:
    name, _, local = text.partition(":")
    return candidate(text, models=(model(local, of=name, status={"stale": True}),))


INELIGIBLE = (down, new, refused, keyless, disabled, disabled_and_down, absent, not_listed, stale)
STATES = (well, *INELIGIBLE)


def decided(
    *candidates: CandidateFacts,
    conversations: Mapping[str, int] | None = None,
    now: str = NOW,
    before: ModelRoute | None = None,
) -> ModelRouteStatus:
    of = before or route(*(str(each.backend) for each in candidates))
    return decide_route(RouteInput(of, candidates, conversations or {}, now))


def said(status: ModelRouteStatus) -> dict[str, tuple[str, str]]:
    return {each.type: (each.status, each.reason) for each in status.conditions}


def message(status: ModelRouteStatus, of_type: str) -> str:
    return next(each.message for each in status.conditions if each.type == of_type)


def test_an_eligible_primary_is_selected() -> None:
    status = decided(well("openai:gpt"), well("anthropic:sonnet"))

    assert status.selected == "openai:gpt"
    assert status.observed_generation == 3
    assert said(status) == {
        "Ready": ("True", "PrimarySelected"),
        "PrimarySelected": ("True", "PrimarySelected"),
    }


def test_the_first_eligible_fallback_is_selected_and_says_why_not_the_primary() -> None:
    status = decided(down("openai:gpt"), disabled("azure:gpt"), well("anthropic:sonnet"))

    assert status.selected == "anthropic:sonnet"
    assert said(status) == {
        "Ready": ("True", "FallbackSelected"),
        "PrimarySelected": ("False", "Unreachable"),
    }
    assert message(status, "Ready") == (
        "New conversations go to anthropic:sonnet, not to openai:gpt: LLMProvider rig/openai is "
        "unreachable: connection refused. It serves again once its probes succeed."
    )
    assert message(status, "PrimarySelected") == (
        "LLMProvider rig/openai is unreachable: connection refused. "
        "It serves again once its probes succeed."
    )


class Nobody(NamedTuple):
    candidates: tuple[CandidateFacts, ...]
    stalled: bool


NOBODY = {
    "nothing that the route names exists": Nobody(
        (absent("openai:gpt-5-thinking"), absent("anthropic:claude-sonnet")), stalled=True
    ),
    "every provider is disabled": Nobody((disabled("openai:gpt"),), stalled=True),
    "what is down is also disabled": Nobody((disabled_and_down("openai:gpt"),), stalled=True),
    "the provider itself is stalled for its Secret": Nobody((keyless("openai:gpt"),), stalled=True),
    "every provider is down": Nobody((down("openai:gpt"), down("azure:gpt")), stalled=False),
    "one may come back though another does not exist": Nobody(
        (absent("openai:gpt"), down("azure:gpt")), stalled=False
    ),
    "a provider was not probed yet": Nobody((new("openai:gpt"),), stalled=False),
    "a vendor refuses a credential that may be renewed": Nobody(
        (refused("openai:gpt"),), stalled=False
    ),
    "the models were not listed yet": Nobody((not_listed("openai:gpt"),), stalled=False),
}


def test_the_published_route_alone_in_a_cluster_is_stalled_until_its_providers_exist() -> None:
    published = route(
        "openai:gpt-5-thinking",
        "anthropic:claude-sonnet",
        "google:gemini-pro",
        requirements={"toolCalling": True, "contextWindowMin": 200000, "structuredOutput": True},
        constraints={"maxCostUsdPerExecution": 5, "dataResidency": "EU"},
    )

    status = decided(*map(absent, published.backends), before=published)

    assert said(status)["Stalled"] == ("True", "NoEligibleBackend")
    assert [[r.reason for r in each.reasons] for each in status.candidates] == [
        ["ProviderNotFound"]
    ] * 3


@pytest.mark.parametrize("sentence", NOBODY)
def test_without_an_eligible_backend_stalled_says_whether_waiting_helps(sentence: str) -> None:
    case = NOBODY[sentence]

    status = decided(*case.candidates)

    first = status.candidates[0].reasons[0].reason
    assert status.selected is None
    assert said(status) == {
        "Ready": ("False", "NoEligibleBackend"),
        "Stalled" if case.stalled else "Reconciling": ("True", "NoEligibleBackend"),
        "PrimarySelected": ("False", first),
    }


def test_without_an_eligible_backend_the_message_has_each_candidates_first_sentence() -> None:
    status = decided(absent("openai:gpt"), down("azure:gpt"))

    assert message(status, "Ready") == (
        "ModelRoute rig/research has no eligible backend. openai:gpt: LLMProvider rig/openai does "
        "not exist. Create it, or correct backend openai:gpt. azure:gpt: LLMProvider rig/azure "
        "is unreachable: connection refused. It serves again once its probes succeed."
    )


def test_a_stalled_route_says_what_a_person_must_mend_and_not_what_passes_by_itself() -> None:
    sick = provider("openai", says=DOWN, discovery={"enabled": False})
    status = decided(candidate("openai:gpt", providers=(sick,), models=()))

    assert said(status)["Stalled"] == ("True", "NoEligibleBackend")
    assert [r.reason for r in status.candidates[0].reasons] == ["Unreachable", "ModelNotFound"]
    assert "has no Model with alias or id gpt" in message(status, "Ready")
    assert "connection refused" not in message(status, "Ready")


def test_of_many_candidates_the_message_still_has_each_ones_reason() -> None:
    backends = [f"vendor-{n:02}:gpt" for n in range(33)]

    text = message(decided(*(absent(backend) for backend in backends)), "Ready")

    assert all(f"{backend} ProviderNotFound" in text for backend in backends[:20])
    assert len(text) <= 1024


def test_every_candidate_keeps_every_verdict_in_the_order_written() -> None:
    status = decided(disabled_and_down("openai:gpt"), well("azure:gpt"), absent("google:gemini"))

    assert [(c.backend, c.eligible, [r.reason for r in c.reasons]) for c in status.candidates] == [
        ("openai:gpt", False, ["ProviderDisabled", "Unreachable"]),
        ("azure:gpt", True, []),
        ("google:gemini", False, ["ProviderNotFound"]),
    ]


def test_conversations_are_counted_by_backend_in_order() -> None:
    counts = {"openai:gpt": 2, "anthropic:sonnet": 40, "azure:gpt": 0}

    status = decided(well("openai:gpt"), conversations=counts)

    assert status.conversations == 42
    assert [(each.backend, each.count) for each in status.conversations_by_backend] == [
        ("anthropic:sonnet", 40),
        ("openai:gpt", 2),
    ]


def test_of_too_many_backends_the_status_keeps_the_largest_and_counts_all() -> None:
    counts = {f"vendor-{n:03}:gpt": n for n in range(1, 101)}

    status = decided(well("openai:gpt"), conversations=counts)

    assert status.conversations == 5050
    kept = [each.count for each in status.conversations_by_backend]
    assert kept == list(range(37, 101))


def test_deciding_again_later_changes_nothing() -> None:
    facts = (down("openai:gpt"), well("azure:gpt"))
    first = decided(*facts)
    before = route("openai:gpt", "azure:gpt").model_copy(update={"status": first})

    assert decided(*facts, now=LATER, before=before) == first


def test_a_change_moves_only_the_time_of_the_condition_that_changed() -> None:
    first = decided(well("openai:gpt"), well("azure:gpt"))
    before = route("openai:gpt", "azure:gpt").model_copy(update={"status": first})

    then = decided(down("openai:gpt"), well("azure:gpt"), now=LATER, before=before)

    assert {each.type: each.last_transition_time for each in then.conditions} == {
        "Ready": NOW,
        "PrimarySelected": LATER,
    }


def fleet(*states: Any) -> tuple[CandidateFacts, ...]:
    return tuple(state(f"vendor-{n}:gpt") for n, state in enumerate(states))


@PROPERTY
@given(
    states=st.lists(st.sampled_from(STATES), min_size=1, max_size=6),
    extra=st.sampled_from(INELIGIBLE),
    at=st.integers(0, 6),
)
def test_one_more_ineligible_candidate_never_changes_who_is_selected(
    states: list[Any], extra: Any, at: int
) -> None:
    candidates = fleet(*states)
    at = min(at, len(candidates))
    more = (*candidates[:at], extra("another:gpt"), *candidates[at:])

    assert decided(*more).selected == decided(*candidates).selected


@PROPERTY
@given(states=st.lists(st.sampled_from(STATES), min_size=1, max_size=6))
def test_the_selected_backend_is_the_first_that_is_eligible(states: list[Any]) -> None:
    candidates = fleet(*states)

    status = decided(*candidates)

    assert [each.backend for each in status.candidates] == [str(c.backend) for c in candidates]
    expected = [
        str(c.backend) for c, state in zip(candidates, states, strict=True) if state is well
    ]
    assert status.selected == next(iter(expected), None)
    assert all(each.eligible is (each.reasons == ()) for each in status.candidates)


@PROPERTY
@given(states=st.lists(st.sampled_from(STATES), min_size=1, max_size=6))
def test_equal_inputs_give_equal_statuses(states: list[Any]) -> None:
    counts = {"b:x": 1, "a:x": 2}
    other_order = dict(reversed(counts.items()))

    first = decided(*fleet(*states), conversations=counts)

    assert decided(*fleet(*states), conversations=other_order) == first


@PROPERTY
@given(states=st.lists(st.sampled_from(STATES), min_size=1, max_size=33))
def test_the_status_survives_the_wire_and_its_limits(states: list[Any]) -> None:
    status = decided(*fleet(*states))

    assert ModelRouteStatus.model_validate(status.to_wire()) == status
    assert all(len(each.message) <= 1024 for each in status.conditions)
