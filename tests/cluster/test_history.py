"""The history of a conversation: it outlives the object, and no switch is taken for another."""

import json

from tests.cluster import objects
from tests.cluster.objects import ACME, GLOBEX
from tests.cluster.world import World, checkpoint_of


def test_a_replaced_conversation_has_its_binding_and_history_back(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.acme.kill()
    world.told()
    before = world.bound(GLOBEX)
    world.acme.revive()
    world.eligible(ACME)
    position = world.audit.position()
    replacement = json.dumps(objects.conversation())
    kubectl, namespace = world.space.kubectl, world.space.namespace
    kubectl("replace", "--force", "-n", namespace, "-f", "-", stdin=replacement)

    after = world.bound(GLOBEX)
    assert after["metadata"]["uid"] != before["metadata"]["uid"]
    assert after["status"]["switchCount"] == 1
    for field in ("backend", "gatewayModel", "checkpoint", "route"):
        assert after["status"]["binding"][field] == before["status"]["binding"][field]
    for field in ("ordinal", "fromBackend", "toBackend", "checkpoint", "reason"):
        (was,), (now,) = before["status"]["switches"], after["status"]["switches"]
        assert was[field] == now[field]
    world.judged_again()
    world.lease_renewed(1)
    assert len(world.events()) == 1
    written = {write.resource for write in world.writes(position)}
    assert written <= {"conversations/status", "modelroutes/status"}


def test_a_replaced_conversation_goes_on_counting(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.acme.kill()
    world.switched()
    world.acme.revive()
    world.eligible(ACME)
    replacement = json.dumps(objects.conversation())
    kubectl, namespace = world.space.kubectl, world.space.namespace
    kubectl("replace", "--force", "-n", namespace, "-f", "-", stdin=replacement)
    world.bound(GLOBEX)
    world.globex.kill()

    world.told(2)
    status = world.bound(ACME)["status"]
    first, second = status["switches"]
    records = {record["metadata"]["name"]: record["spec"]["record"] for record in world.records()}
    assert status["switchCount"] == 2
    assert records[second["checkpoint"]]["previous"] == first["checkpoint"]
    assert len(records) == 2


def test_going_to_and_fro_within_a_minute_makes_a_record_and_an_event_each_time(
    world: World,
) -> None:
    world.talk()
    world.bound(ACME)
    for count, (dies, lives) in enumerate(
        ((world.acme, GLOBEX), (world.globex, ACME), (world.acme, GLOBEX)), start=1
    ):
        dies.kill()
        world.told(count)
        world.bound(lives)
        dies.revive()
        world.eligible(ACME)
        world.eligible(GLOBEX)

    switches = world.bound(GLOBEX)["status"]["switches"]
    names = [switch["checkpoint"] for switch in switches]
    assert [switch["ordinal"] for switch in switches] == [1, 2, 3]
    assert len(set(names)) == 3
    assert sorted(record["metadata"]["name"] for record in world.records()) == sorted(names)
    assert [checkpoint_of(event) for event in world.events()] == names
