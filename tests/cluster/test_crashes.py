"""The operator is killed by `kill -9` at every write of a switch: it happens once, and wholly."""

import pytest

from tests.cluster import objects
from tests.cluster.interruption import Interruption, Moment, Write
from tests.cluster.objects import ACME, GLOBEX
from tests.cluster.world import World, checkpoint_of

SWITCH = (Write.RECORD, Write.HANDOFF, Write.COMMIT, Write.EVENT)
DIES = {
    "before": Moment.INSTEAD,
    "after": Moment.AFTER,
}


def assert_switched_once(world: World) -> None:
    """One switch is in the status, and for it there are one record, one handoff and one event."""
    world.told(1)
    world.judged_again()
    world.lease_renewed(1)
    chat = world.bound(GLOBEX)
    (switch,) = chat["status"]["switches"]
    (record,), (handoff,), (event,) = world.records(), world.handoffs(), world.events()
    name = record["metadata"]["name"]
    assert chat["status"]["switchCount"] == switch["ordinal"] == 1
    assert name == switch["checkpoint"] == chat["status"]["binding"]["checkpoint"]
    assert name == handoff["metadata"]["name"] == checkpoint_of(event)


@pytest.mark.parametrize("dies", DIES)
@pytest.mark.parametrize("write", SWITCH, ids=lambda write: write.name.lower())
def test_a_switch_happens_once_although_the_operator_is_killed(
    write: Write, dies: str, empty_world: World, interruption: Interruption
) -> None:
    world = empty_world
    operator = world.operators.start(interruption.kubeconfig)
    world.talk(objects.ANSWERED_MAIL)
    world.bound(ACME)
    transcript = world.space.get("configmaps", "chat")
    interruption.at(DIES[dies], write, operator.kill)
    world.acme.kill()
    operator.wait_killed()

    world.replace_dead()
    assert_switched_once(world)
    assert world.space.get("configmaps", "chat") == transcript


@pytest.mark.parametrize("dies", DIES)
@pytest.mark.parametrize("write", [Write.COMMIT, Write.ANSWER], ids=lambda w: w.name.lower())
def test_a_request_acts_once_although_the_operator_is_killed(
    write: Write, dies: str, empty_world: World, interruption: Interruption
) -> None:
    world = empty_world
    operator = world.operators.start(interruption.kubeconfig)
    world.talk()
    world.bound(ACME)
    world.lease_renewed(1)
    interruption.at(DIES[dies], write, operator.kill)
    world.space.apply(objects.request("go", ACME, GLOBEX))
    operator.wait_killed()

    world.replace_dead()
    request = world.space.wait("statecheckpoints", "go", lambda c: c["status"].get("outcome"))
    assert request["status"]["outcome"] == "Switched"
    assert_switched_once(world)
    assert request["status"]["checkpoint"] == world.records()[0]["metadata"]["name"]
