"""Where a person wants a conversation: by its spec, or by a request."""

from typing import Any

import pytest

from joch.api.conversation import SwitchReason
from joch.decide.conversation.decision import Decision, Move, Refuse
from joch.decide.conversation.judge import decide_conversation
from joch.decide.conversation.settled import unreadable
from tests.unit.decide.conversation_objects import (
    PIN,
    PROBLEM,
    UNPROBED,
    World,
    conversation,
    down,
    facts,
    moving,
    ready,
    request,
    settled,
    switching,
)
from tests.unit.decide.routing_objects import provider


def test_an_edited_pin_moves_the_conversation_there() -> None:
    move = moving(decide_conversation(facts(conversation("openai:gpt", PIN), switching())))

    assert (str(move.target.backend), move.reason) == (
        "anthropic:sonnet",
        SwitchReason.SESSION_EDITED,
    )
    assert (move.route, move.serves) == (None, True)


INELIGIBLE = {
    "it is disabled": World(anthropic=provider("anthropic", state="Disabled")),
    "it is down": down("anthropic"),
    "it is not probed yet": World(anthropic=provider("anthropic", says=UNPROBED)),
    "it does not exist": World(anthropic=None),
}


@pytest.mark.parametrize("sentence", INELIGIBLE)
def test_a_conversation_pinned_elsewhere_waits_where_it_is_when(sentence: str) -> None:
    of = conversation("openai:gpt", PIN)

    decision = settled(decide_conversation(facts(of, world=INELIGIBLE[sentence])))

    status, reason, message = ready(decision.status)
    assert (status, reason) == ("False", "PinnedUnavailable")
    assert "LLMProvider rig/anthropic" in message
    assert "stays at openai:gpt" in message
    assert decision.status.binding == of.status.binding


@pytest.mark.parametrize("ill", [{"state": "Disabled"}, {"says": UNPROBED}])
def test_a_conversation_bound_to_its_pin_stays_ready_while_merely_disabled_or_not_probed(
    ill: Any,
) -> None:
    of = conversation("anthropic:sonnet", PIN)

    decision = decide_conversation(facts(of, world=World(anthropic=provider("anthropic", **ill))))

    assert ready(settled(decision).status)[:2] == ("True", "Bound")


def test_a_conversation_bound_to_its_pin_waits_for_it_though_others_would_serve() -> None:
    of = conversation("anthropic:sonnet", PIN)

    decision = settled(decide_conversation(facts(of, switching(), down("anthropic"))))

    assert ready(decision.status)[:2] == ("False", "PinnedUnavailable")


def test_a_move_by_pin_knows_that_the_backend_it_leaves_is_down() -> None:
    move = moving(decide_conversation(facts(conversation("openai:gpt", PIN), world=down("openai"))))

    assert not move.serves
    waits = unreadable(facts(conversation("openai:gpt", PIN)), move, PROBLEM)
    assert ready(waits.status)[:2] == ("False", "TranscriptNotFound")


# A person's request


def asked(
    world: World | None = None,
    spec: Any = None,
    policy: dict[str, Any] | None = None,
    to: str = "anthropic:sonnet",
    **fields: Any,
) -> Decision:
    of = conversation("openai:gpt") if spec is None else conversation("openai:gpt", spec)
    wanted = request(to, **fields)
    return decide_conversation(facts(of, switching(**(policy or {})), world, request=wanted))


def test_a_request_moves_the_conversation_where_it_says() -> None:
    move = moving(asked())

    assert (str(move.target.backend), move.reason) == ("anthropic:sonnet", SwitchReason.REQUESTED)
    assert move.request is not None


def test_a_request_may_lead_to_a_backend_outside_the_routes_list() -> None:
    assert str(moving(asked(to="ollama:smollm")).target.backend) == "ollama:smollm"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "the target is down": ({"world": down("anthropic")}, "is unreachable"),
    "the target is disabled": (
        {"world": World(anthropic=provider("anthropic", state="Disabled"))},
        "its spec.state is Disabled",
    ),
    "the target is the binding in other words": (
        {"to": "rig/openai:gpt"},
        "bound to already",
    ),
    "the session pins the conversation elsewhere": (
        {"spec": {"model": "openai:gpt"}},
        "set spec.model to anthropic:sonnet instead",
    ),
    "the route would bring it back at once": (
        {"policy": {"existingConversations": "FollowRoute"}},
        "put anthropic:sonnet first in spec.strategy",
    ),
    "only a report is wanted and the target is down": (
        {"world": down("anthropic"), "mode": "DryRun"},
        "is unreachable",
    ),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_a_request_is_refused_with_a_remedy_when(sentence: str) -> None:
    given_case, remedy = REFUSED[sentence]

    decision = asked(**given_case)

    assert isinstance(decision, Refuse)
    assert decision.status.outcome == "Refused"
    stalled = next(c for c in decision.status.conditions if c.type == "Stalled")
    assert stalled.reason == "BackendNotEligible"
    assert remedy in stalled.message


def test_a_request_of_a_mode_of_a_later_version_moves_nothing() -> None:
    decision = asked(mode="Rehearse")

    assert isinstance(decision, Refuse)
    stalled = next(c for c in decision.status.conditions if c.type == "Stalled")
    assert stalled.reason == "InvalidSpec"
    assert "spec.mode Rehearse of StateCheckpoint rig/move" in stalled.message


def test_a_request_is_refused_while_the_route_whose_constraints_hold_is_unknown() -> None:
    decision = decide_conversation(facts(conversation("openai:gpt"), request=request()))

    assert isinstance(decision, Refuse)
    assert "ModelRoute rig/research does not exist" in decision.status.conditions[0].message


def test_a_dry_run_may_ask_about_any_eligible_backend() -> None:
    pinned = {"model": "openai:gpt"}

    assert isinstance(asked(spec=pinned, mode="DryRun"), Move)


def test_a_request_to_the_pin_itself_is_done() -> None:
    assert isinstance(asked(spec={"model": "anthropic:sonnet"}), Move)
