"""Whoever looks at an object's managedFields sees which of them the operator wrote."""

from tests.cluster.objects import ACME
from tests.cluster.space import USER
from tests.cluster.world import World


def test_the_operator_s_fields_are_managed_by_joch_and_are_status_alone(world: World) -> None:
    world.talk()
    found = world.bound(ACME)

    managers = {
        (entry["manager"], entry.get("subresource", ""))
        for entry in found["metadata"]["managedFields"]
    }
    assert managers == {(USER, ""), ("joch", "status")}
