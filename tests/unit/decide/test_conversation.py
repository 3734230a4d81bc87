"""When a conversation is bound, stays, moves on or waits."""

from typing import Any

import pytest

from joch.api.conversation import SwitchReason
from joch.decide.conversation.decision import ConversationInput, Decision, Move, Settle
from joch.decide.conversation.judge import decide_conversation
from tests.unit.decide.conversation_objects import (
    ALL,
    ALL_NAMES,
    BOTH,
    BOUND_AT,
    DOWN,
    NOW,
    UNPROBED,
    World,
    binding,
    conversation,
    down,
    facts,
    left,
    moving,
    ready,
    settled,
    switching,
)
from tests.unit.decide.routing_objects import CAPABLE, model, provider, route


def test_a_new_conversation_is_bound_to_the_first_eligible_candidate_of_its_route() -> None:
    decision = settled(decide_conversation(facts(conversation(), switching(), down("openai"))))

    held = decision.status.binding
    assert held is not None
    assert (held.backend, held.gateway_model) == ("anthropic:sonnet", "anthropic.sonnet")
    assert (held.resolved_by, held.route, held.checkpoint) == ("Session", "research", None)
    assert held.since == NOW
    assert decision.status.switch_count == 0
    assert ready(decision.status)[:2] == ("True", "Bound")


def test_a_new_conversation_avoids_disabled_providers() -> None:
    world = World(openai=provider("openai", state="Disabled"))

    decision = settled(decide_conversation(facts(conversation(), route(*ALL), world)))

    assert decision.status.binding is not None
    assert decision.status.binding.backend == "anthropic:sonnet"


def test_a_new_conversation_waits_for_the_first_probe_of_a_better_candidate() -> None:
    world = World(anthropic=provider("anthropic", says=UNPROBED), openai=None)

    decision = settled(decide_conversation(facts(conversation(), route(*ALL), world)))

    status, reason, message = ready(decision.status)
    assert (status, reason) == ("False", "NoEligibleBackend")
    assert "waits for anthropic:sonnet: LLMProvider rig/anthropic has not been reached" in message
    assert decision.status.binding is None


RATE_LIMITED = {
    "Reachable": ("True", "Healthy", ""),
    "CredentialsValid": ("Unknown", "NotProbed", ""),
}


def test_a_new_conversation_does_not_wait_for_a_vendor_that_answers_and_says_nothing() -> None:
    world = World(anthropic=provider("anthropic", says=RATE_LIMITED), openai=None)

    decision = settled(decide_conversation(facts(conversation(), route(*ALL), world)))

    assert decision.status.binding is not None
    assert decision.status.binding.backend == "ollama:smollm"


def test_a_new_conversation_without_an_eligible_backend_waits_and_says_why_for_each() -> None:
    world = World(openai=provider("openai", says=DOWN), anthropic=None)

    decision = settled(decide_conversation(facts(conversation(), switching(), world)))

    status, reason, message = ready(decision.status)
    assert (status, reason) == ("False", "NoEligibleBackend")
    assert "openai:gpt: LLMProvider rig/openai is unreachable: connection refused." in message
    assert "anthropic:sonnet: LLMProvider rig/anthropic does not exist." in message
    assert decision.status.binding is None


def test_the_default_model_binds_a_conversation_that_names_nothing() -> None:
    default = model("gpt", default=True)

    decision = decide_conversation(facts(conversation(spec={}), defaults=[default]))

    held = settled(decision).status.binding
    assert held is not None
    assert (held.backend, held.resolved_by, held.route) == ("openai:gpt", "SystemDefault", None)


UNDECIDED: dict[str, tuple[dict[str, Any], list[Any], str, str]] = {
    "nothing chooses a backend": ({}, [], "NothingChosen", "set spec.routeRef or spec.model"),
    "two Models are the default": (
        {},
        [model("a", default=True), model("b", default=True)],
        "TwoDefaults",
        "a and b",
    ),
    "the route does not exist": (
        {"routeRef": {"name": "lost"}},
        [],
        "RouteNotFound",
        "ModelRoute rig/lost does not exist: create it, or change spec.routeRef of Conversation "
        "rig/thesis.",
    ),
}


@pytest.mark.parametrize("sentence", UNDECIDED)
def test_a_conversation_is_stalled_with_the_remedy_when(sentence: str) -> None:
    spec, defaults, reason, remedy = UNDECIDED[sentence]

    decision = settled(decide_conversation(facts(conversation(spec=spec), defaults=defaults)))

    assert decision.status.binding is None
    stalled = next(c for c in decision.status.conditions if c.type == "Stalled")
    assert (stalled.status, stalled.reason) == ("True", reason)
    assert remedy in stalled.message
    assert ready(decision.status)[:2] == ("False", reason)


# Bindings stay


STAYS: dict[str, tuple[World, dict[str, Any]]] = {
    "nothing is wrong": (World(), {}),
    "its provider is merely disabled": (World(openai=provider("openai", state="Disabled")), {}),
    "its provider is merely not probed": (World(openai=provider("openai", says=UNPROBED)), {}),
    "its provider is new to the operator": (World(openai=provider("openai", observed=-1)), {}),
    "its provider is disabled and the route is followed": (
        World(openai=provider("openai", state="Disabled")),
        {"existingConversations": "FollowRoute"},
    ),
    "its provider is not probed and the route is followed": (
        World(openai=provider("openai", says=UNPROBED)),
        {"existingConversations": "FollowRoute"},
    ),
    "another provider is down": (down("anthropic"), {"existingConversations": "FollowRoute"}),
}


@pytest.mark.parametrize("sentence", STAYS)
def test_a_bound_conversation_stays_and_is_ready_when(sentence: str) -> None:
    world, policy = STAYS[sentence]

    decision = settled(
        decide_conversation(facts(conversation("openai:gpt"), switching(**policy), world))
    )

    held = decision.status.binding
    assert held is not None
    assert (held.backend, held.since) == ("openai:gpt", BOUND_AT)
    assert ready(decision.status)[:2] == ("True", "Bound")


def test_a_conversation_on_the_fallback_stays_when_the_primary_is_well_again() -> None:
    given_facts = facts(conversation("anthropic:sonnet"), switching())

    assert isinstance(decide_conversation(given_facts), Settle)


def test_a_conversation_stays_on_a_backend_that_its_route_no_longer_names() -> None:
    decision = settled(decide_conversation(facts(conversation("ollama:smollm"), switching())))

    assert decision.status.binding is not None
    assert decision.status.binding.backend == "ollama:smollm"


def test_another_default_model_moves_no_conversation() -> None:
    of = conversation(binding(resolvedBy="SystemDefault", route=None), spec={})

    decision = decide_conversation(facts(of, defaults=[model("sonnet", of="anthropic", default=1)]))

    held = settled(decision).status.binding
    assert held is not None
    assert held.backend == "openai:gpt"


@pytest.mark.parametrize("defaults", [[], [model("a", default=True), model("b", default=True)]])
def test_a_bound_conversation_outlives_its_namespaces_default(defaults: list[Any]) -> None:
    of = conversation(binding(resolvedBy="SystemDefault", route=None), spec={})

    decision = settled(decide_conversation(facts(of, defaults=defaults)))

    assert ready(decision.status)[:2] == ("True", "Bound")


def test_a_conversation_whose_route_is_gone_keeps_its_binding_and_is_stalled() -> None:
    decision = settled(decide_conversation(facts(conversation("openai:gpt"))))

    assert ready(decision.status)[:2] == ("False", "RouteNotFound")
    assert decision.status.binding == conversation("openai:gpt").status.binding


def test_the_same_backend_written_with_its_own_namespace_is_no_other_backend() -> None:
    followed = route(
        "rig/openai:gpt", "anthropic:sonnet", switching={"existingConversations": "FollowRoute"}
    )

    assert isinstance(decide_conversation(facts(conversation("openai:gpt"), followed)), Settle)
    pinned = conversation("openai:gpt", spec={"model": "rig/openai:gpt"})
    assert isinstance(decide_conversation(facts(pinned)), Settle)


# Moves


UNSERVED: dict[str, tuple[World, dict[str, Any], SwitchReason]] = {
    "its provider is down": (down("openai"), {}, SwitchReason.PROVIDER_UNAVAILABLE),
    "its provider is gone": (World(openai=None), {}, SwitchReason.PROVIDER_UNAVAILABLE),
    "its credential is refused": (
        World(openai=provider("openai", says={"CredentialsValid": ("False", "Rejected", "401")})),
        {},
        SwitchReason.PROVIDER_UNAVAILABLE,
    ),
    "it leaves the route's residency": (
        World(openai=provider("openai")),
        {"constraints": {"dataResidency": "EU"}},
        SwitchReason.CONSTRAINT_BROKEN,
    ),
}


@pytest.mark.parametrize("existing", ["MoveWhenUnavailable", "FollowRoute"])
@pytest.mark.parametrize("sentence", UNSERVED)
def test_a_bound_conversation_moves_to_the_first_eligible_when(
    sentence: str, existing: str
) -> None:
    world, spec, reason = UNSERVED[sentence]
    world.models[0] = model("gpt", facts={**CAPABLE, "regions": ["us-east-1"]})
    asked = route(*BOTH, switching={"existingConversations": existing}, **spec)

    move = moving(decide_conversation(facts(conversation("openai:gpt"), asked, world)))

    assert (str(move.target.backend), move.reason) == ("anthropic:sonnet", reason)
    assert (move.route, move.resolved_by, move.serves) == ("research", "Session", False)
    assert move.message.startswith("openai:gpt: ")
    assert move.message.endswith(".")


@pytest.mark.parametrize("policy", ["Stay", "OfALaterVersion"])
def test_stay_moves_nobody_and_says_that_it_waits(policy: str) -> None:
    decision = settled(
        decide_conversation(
            facts(
                conversation("openai:gpt"),
                switching(existingConversations=policy),
                down("openai"),
            )
        )
    )

    status, reason, message = ready(decision.status)
    assert (status, reason) == ("False", "StaysUnavailable")
    assert f"existingConversations of ModelRoute rig/research is {policy}:" in message


def test_a_conversation_with_nowhere_to_go_stays_and_names_every_candidates_reason() -> None:
    given_facts = facts(conversation("ollama:smollm"), switching(), down(*ALL_NAMES))

    decision = settled(decide_conversation(given_facts))

    status, reason, message = ready(decision.status)
    assert (status, reason) == ("False", "NoEligibleBackend")
    assert "which stays at ollama:smollm." in message
    for backend in ALL:
        assert f"{backend}: LLMProvider rig/{backend.partition(':')[0]} is unreachable" in message
    assert decision.status.binding == given_facts.conversation.status.binding


def test_the_reasons_of_33_candidates_fit_one_message() -> None:
    many = route(*(f"openai:m{i}" for i in range(33)))

    decision = settled(decide_conversation(facts(conversation(), many)))

    message = ready(decision.status)[2]
    assert len(message) <= 1024
    assert all(f"openai:m{i} NotProbed" in message for i in range(33))


def test_follow_route_moves_to_what_the_route_prefers() -> None:
    followed = switching(existingConversations="FollowRoute")

    move = moving(decide_conversation(facts(conversation("anthropic:sonnet"), followed)))

    assert (str(move.target.backend), move.reason) == ("openai:gpt", SwitchReason.ROUTE_PREFERS)
    assert move.serves


def test_follow_route_leaves_a_backend_that_the_route_dropped() -> None:
    followed = switching(existingConversations="FollowRoute")

    move = moving(decide_conversation(facts(conversation("ollama:smollm"), followed)))

    assert move.reason is SwitchReason.ROUTE_PREFERS


def returning(fail_back: str, *reasons: str) -> Decision:
    of = conversation("anthropic:sonnet", switchCount=1, switches=left(*reasons))
    return decide_conversation(facts(of, switching(failBack=fail_back)))


def test_fail_back_never_stays_when_the_primary_is_well_again() -> None:
    assert isinstance(returning("Never", "ProviderUnavailable"), Settle)


def test_fail_back_automatic_returns_to_the_primary_that_had_failed() -> None:
    move = moving(returning("Automatic", "ProviderUnavailable"))

    assert (str(move.target.backend), move.reason) == ("openai:gpt", SwitchReason.FAILED_BACK)


def test_fail_back_automatic_does_not_undo_what_a_person_asked_for() -> None:
    assert isinstance(returning("Automatic", "ProviderUnavailable", "Requested"), Settle)


def test_fail_back_automatic_leaves_conversations_that_were_never_elsewhere() -> None:
    of = conversation("anthropic:sonnet")

    decision = decide_conversation(facts(of, switching(failBack="Automatic")))

    assert isinstance(decision, Settle)


def test_fail_back_never_leads_to_a_lower_ranked_backend() -> None:
    of = conversation("openai:gpt", switchCount=1, switches=left("ProviderUnavailable"))
    swapped = route("openai:gpt", "anthropic:sonnet", switching={"failBack": "Automatic"})
    unprobed = World(openai=provider("openai", says=UNPROBED))

    assert isinstance(decide_conversation(facts(of, swapped, unprobed)), Settle)


# Damping


def switched_at(since: str, **policy: Any) -> ConversationInput:
    of = conversation(binding(since=since), switchCount=1)
    return facts(of, switching(minimumInterval="10m", **policy), down("openai"))


def test_a_second_switch_waits_until_the_minimum_interval_has_passed() -> None:
    decision = settled(decide_conversation(switched_at("2026-11-21T11:55:00Z")))

    assert decision.recheck == 300
    status, reason, message = ready(decision.status)
    assert (status, reason) == ("False", "MinimumInterval")
    assert "spec.switching.minimumInterval of ModelRoute rig/research" in message


def test_the_switch_happens_once_the_minimum_interval_has_passed() -> None:
    assert isinstance(decide_conversation(switched_at("2026-11-21T11:50:00Z")), Move)


def test_the_first_switch_waits_for_no_interval() -> None:
    of = conversation(binding(since="2026-11-21T11:59:59Z"))

    decision = decide_conversation(facts(of, switching(minimumInterval="10m"), down("openai")))

    assert isinstance(decision, Move)


def test_a_preference_waits_for_the_interval_while_the_backend_serves_and_is_ready() -> None:
    of = conversation(binding("anthropic:sonnet", since="2026-11-21T11:55:00Z"), switchCount=1)
    followed = switching(existingConversations="FollowRoute", minimumInterval="10m")

    decision = settled(decide_conversation(facts(of, followed)))

    assert ready(decision.status)[:2] == ("True", "Bound")
    assert decision.recheck == 300
