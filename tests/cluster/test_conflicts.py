"""Users edit objects, or the API server fails, during a switch: the outcome is one, and whole."""

from collections.abc import Callable

import pytest

from tests.cluster import objects
from tests.cluster.interruption import Interruption, Moment, Write
from tests.cluster.objects import ACME, GLOBEX
from tests.cluster.world import World, backend_of, checkpoint_of, switch_count

STORM = 4
"""Edits that come one after the other, each just before an attempt to commit."""


def label(world: World, turn: int) -> None:
    edit = {"metadata": {"labels": {"turn": str(turn)}, "annotations": {"turn": str(turn)}}}
    world.space.edit("conversations", "chat", edit)


def respecify(world: World, turn: int) -> None:
    edit = {"spec": {"window": {"maxTokens": 1_000 + turn}, "externalId": f"thread-{turn}"}}
    world.space.edit("conversations", "chat", edit)


def rewrite(world: World, turn: int) -> None:
    said = {"role": "assistant", "content": f"Decision: version {turn} it is."}
    world.space.apply(objects.transcript("chat", (*objects.TALK, said)))
    label(world, turn)


def reorder(world: World, turn: int) -> None:
    """Put the backends of the route in this order, or in the other one."""
    primary, fallback = (ACME, GLOBEX) if turn % 2 == 0 else (GLOBEX, ACME)
    strategy = {"primary": primary, "fallback": [fallback]}
    world.space.edit("modelroutes", "research", {"spec": {"strategy": strategy}})


GLOBEX_FIRST = 1


def planned(act: Callable[[World, int], None], world: World, turn: int) -> Callable[[], None]:
    return lambda: act(world, turn)


@pytest.mark.parametrize("edit", [label, respecify, rewrite], ids=lambda edit: edit.__name__)
def test_a_switch_happens_once_although_a_user_edits_the_conversation_at_every_attempt(
    edit: Callable[[World, int], None], empty_world: World, interruption: Interruption
) -> None:
    world = empty_world
    world.operators.start(interruption.kubeconfig)
    world.talk()
    world.bound(ACME)
    for turn in range(STORM):
        interruption.at(Moment.BEFORE, Write.COMMIT, planned(edit, world, turn))
    world.acme.kill()
    (event,) = world.told()

    chat = world.judged_again()
    (switch,) = chat["status"]["switches"]
    committed = switch["checkpoint"]
    records = {record["metadata"]["name"]: record for record in world.records()}
    handoffs = {secret["metadata"]["name"] for secret in world.handoffs()}
    assert interruption.plans == []
    assert (backend_of(chat), switch_count(chat)) == (GLOBEX, 1)
    assert chat["status"]["binding"]["checkpoint"] == committed == checkpoint_of(event)
    assert committed in records
    assert handoffs == set(records)
    assert len(world.events()) == 1
    if edit is rewrite:
        summary = records[committed]["spec"]["summary"]
        assert summary["decisions"][-1] == f"version {STORM - 1} it is."


def test_a_cycle_of_route_edits_during_a_switch_ends_where_the_last_edit_says(
    empty_world: World, interruption: Interruption
) -> None:
    world = empty_world
    world.operators.start(interruption.kubeconfig)
    follow = {"existingConversations": "FollowRoute"}
    world.talk(route=objects.route(switching=follow))
    world.bound(ACME)
    for turn, write in enumerate((Write.RECORD, Write.HANDOFF, Write.COMMIT, Write.EVENT)):
        interruption.at(Moment.BEFORE, write, planned(reorder, world, turn))
    reorder(world, GLOBEX_FIRST)
    world.space.wait_for_any("events", lambda _: not interruption.plans)
    last = world.space.get("modelroutes", "research")["metadata"]["generation"]
    world.space.wait("modelroutes", "research", lambda r: r["status"]["observedGeneration"] == last)
    world.judged_again()

    chat = world.bound(GLOBEX)
    switches = chat["status"]["switches"]
    events = world.told(len(switches))
    records = {record["metadata"]["name"]: record["spec"] for record in world.records()}
    assert [s["ordinal"] for s in switches] == list(range(1, chat["status"]["switchCount"] + 1))
    assert [checkpoint_of(event) for event in events] == [s["checkpoint"] for s in switches]
    place = ACME
    for switch in switches:
        assert switch["fromBackend"] == records[switch["checkpoint"]]["fromBackend"] == place
        place = switch["toBackend"]
    assert place == GLOBEX


FAILS = {"refused": Moment.INSTEAD, "done-but-unanswered": Moment.AFTER}


@pytest.mark.parametrize("fails", FAILS)
def test_a_switch_happens_once_although_each_of_its_writes_fails_at_first(
    fails: str, empty_world: World, interruption: Interruption
) -> None:
    world = empty_world
    world.operators.start(interruption.kubeconfig)
    world.talk()
    world.bound(ACME)
    for write in (Write.RECORD, Write.HANDOFF, Write.COMMIT, Write.EVENT):
        interruption.at(FAILS[fails], write, lambda: None)
    world.acme.kill()
    (event,) = world.told()

    chat = world.judged_again()
    (switch,), (record,), (handoff,) = (
        chat["status"]["switches"],
        world.records(),
        world.handoffs(),
    )
    assert interruption.plans == []
    assert record["metadata"]["name"] == handoff["metadata"]["name"] == switch["checkpoint"]
    assert checkpoint_of(event) == switch["checkpoint"]
    assert len(world.events()) == 1
