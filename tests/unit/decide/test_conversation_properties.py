"""What holds for every conversation, route and state of the providers."""

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from joch.api.conversation import SwitchReason
from joch.api.modelroute import RouteReason
from joch.decide.conversation.decision import ConversationInput, Move, Settle
from joch.decide.conversation.judge import decide_conversation
from joch.decide.conversation.standing import demands, same_backend
from joch.decide.route.checks import Scope, judge
from tests.unit.decide.conversation_objects import (
    ALL,
    ALL_NAMES,
    BOUND_AT,
    DOWN,
    LATER,
    NOW,
    PIN,
    PROBLEM,
    READABLE,
    UNPROBED,
    WITH_TRANSCRIPT,
    World,
    again,
    binding,
    conversation,
    facts,
    left,
    request,
)
from tests.unit.decide.routing_objects import CAPABLE, PROPERTY, model, provider, route

PROVIDERS = st.sampled_from(
    [
        {},
        {"says": DOWN},
        {"says": UNPROBED},
        {"state": "Disabled"},
        {"state": "Disabled", "says": DOWN},
        {"observed": -1},
        None,
    ]
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    states = {name: draw(PROVIDERS) for name in ALL_NAMES}
    made = {n: None if state is None else provider(n, **state) for n, state in states.items()}
    world = World(**made)
    if draw(st.booleans()):
        world.models[0] = model("gpt", facts={**CAPABLE, "regions": ["us-east-1"]})
    return world


@st.composite
def inputs(draw: st.DrawFn) -> ConversationInput:
    held = draw(st.sampled_from([None, *ALL, "gone:x", "rig/openai:gpt"]))
    spec: dict[str, Any] = draw(
        st.sampled_from([{}, {"routeRef": {"name": "research"}}, PIN, {"model": "openai:gpt"}])
    )
    source = draw(st.sampled_from([{}, {"transcript": WITH_TRANSCRIPT["transcript"]}]))
    spec = {**spec, **source}
    since = draw(st.sampled_from([BOUND_AT, "2026-11-21T11:59:00Z"]))
    of = conversation(
        None if held is None else binding(held, since=since, checkpoint=None),
        spec,
        generation=draw(st.integers(1, 2)),
        switchCount=draw(st.integers(0, 2)) if held else 0,
        switches=draw(st.sampled_from([[], left("ProviderUnavailable"), left("Requested")])),
    )
    policy = {
        "existingConversations": draw(
            st.sampled_from(["MoveWhenUnavailable", "FollowRoute", "Stay"])
        ),
        "failBack": draw(st.sampled_from(["Never", "Automatic"])),
        "minimumInterval": draw(st.sampled_from(["0s", "10m"])),
    }
    constraints = draw(st.sampled_from([{}, {"dataResidency": "EU"}]))
    order = draw(st.permutations(ALL).map(lambda found: found[:2]))
    routed = draw(st.sampled_from([None, route(*order, switching=policy, constraints=constraints)]))
    defaults = draw(
        st.sampled_from([[], [model("gpt", default=True)], [model("a", default=True)] * 2])
    )
    transcript = draw(st.sampled_from([None, READABLE, PROBLEM])) if source else None
    wanted = draw(st.sampled_from([None, None, *ALL])) if held else None
    asked_for = None if wanted in (None, held) else request(wanted, fromBackend=held)
    return facts(
        of,
        routed,
        draw(worlds()),
        request=asked_for,
        transcript=transcript,
        defaults=defaults,
    )


def judged(decision: Move, given_facts: ConversationInput) -> bool:
    """By what the conversation asks; a pin asks for nothing beyond the backend itself."""
    return judge(decision.target, demands(given_facts), Scope.NEW).eligible


@PROPERTY
@given(inputs())
def test_deciding_again_on_the_status_just_decided_writes_nothing(
    given_facts: ConversationInput,
) -> None:
    decision = decide_conversation(given_facts)
    if isinstance(decision, Settle):
        once = again(given_facts, decision.status, NOW)
        twice = decide_conversation(once)

        assert isinstance(twice, Settle)
        assert twice.status == decision.status
        later = decide_conversation(again(given_facts, decision.status, LATER))
        if isinstance(later, Settle) and decision.recheck is None:
            assert later.status == decision.status


@PROPERTY
@given(inputs())
def test_a_move_leads_to_an_eligible_backend_that_is_not_the_bound_one(
    given_facts: ConversationInput,
) -> None:
    decision = decide_conversation(given_facts)
    if isinstance(decision, Move):
        assert judged(decision, given_facts)
        assert given_facts.bound is not None
        assert not same_backend(decision.target, given_facts.bound, given_facts)
        assert decision.message.endswith(".")


@PROPERTY
@given(inputs())
def test_a_binding_changes_by_nothing_but_a_move_a_rebuild_or_the_first_binding(
    given_facts: ConversationInput,
) -> None:
    before = given_facts.conversation.status
    decision = decide_conversation(given_facts)
    if isinstance(decision, Settle) and before.binding is not None:
        after = decision.status.binding
        assert after is not None
        for field in ("backend", "checkpoint", "since"):
            assert getattr(after, field) == getattr(before.binding, field)
        assert decision.status.switches == before.switches
        assert decision.status.switch_count == before.switch_count


@PROPERTY
@given(inputs())
def test_nobody_moves_while_a_bound_provider_is_merely_disabled_or_not_probed(
    given_facts: ConversationInput,
) -> None:
    decision = decide_conversation(given_facts)
    if isinstance(decision, Move) and decision.reason is SwitchReason.PROVIDER_UNAVAILABLE:
        assert given_facts.bound is not None
        found = judge(given_facts.bound, demands(given_facts), Scope.NEW).reasons
        harmless = {RouteReason.NOT_PROBED, RouteReason.PROVIDER_DISABLED}
        assert {reason.reason for reason in found} - harmless


@PROPERTY
@given(inputs())
def test_equal_inputs_give_equal_decisions(given_facts: ConversationInput) -> None:
    same = dataclasses.replace(given_facts)

    assert decide_conversation(given_facts) == decide_conversation(same)
