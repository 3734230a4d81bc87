"""When nothing changes nothing is written, and what users wrote is never changed."""

from tests.cluster import objects
from tests.cluster.objects import ACME, Manifest
from tests.cluster.space import USER
from tests.cluster.world import World, condition, switch_count

MINUTE = 31
"""Renewals of a Lease that is renewed every two seconds."""

KINDS = ("llmproviders", "models", "modelroutes", "llmgateways", "conversations")


def fill(world: World) -> None:
    """One object of each kind in each state that lasts: bound, switched, held, unserved."""
    listed = {"discovery": {"enabled": True, "interval": "10s"}}
    world.space.apply(world.acme_provider(**listed), world.globex_provider(**listed))
    world.space.apply(objects.manifest("LLMGateway", "gateway"))
    world.talk()
    for name, messages in (("moved", objects.TALK), ("held", objects.UNANSWERED_MAIL)):
        world.space.apply(objects.transcript(name, messages), objects.conversation(name))
    world.space.apply(objects.conversation("lost", routeRef={"name": "nowhere"}))
    world.operators.start()
    for name in ("chat", "moved", "held"):
        world.space.wait(
            "conversations", name, lambda c: condition(c, "Ready")[:2] == ("True", "Bound")
        )
    world.space.wait("conversations", "lost", lambda c: condition(c, "Ready")[1] == "RouteNotFound")
    world.space.wait_for_any("models", lambda m: m["status"].get("source") == "Discovered")
    world.space.wait("llmgateways", "gateway", lambda g: g["status"].get("configHash"))


def switch_those_that_can(world: World) -> None:
    world.acme.kill()
    for name in ("chat", "moved"):
        world.space.wait("conversations", name, lambda c: switch_count(c) == 1)
    world.space.wait("conversations", "held", lambda c: c["status"].get("heldSwitch"))
    world.acme.revive()
    world.eligible(ACME)
    world.space.wait("conversations", "held", lambda c: condition(c, "Ready")[0] == "True")


def test_a_minute_without_a_change_has_no_write_but_the_lease(empty_world: World) -> None:
    world = empty_world
    fill(world)
    switch_those_that_can(world)
    settled(world)
    since, calls = world.audit.position(), len(world.globex.opened.value.calls)
    world.lease_renewed(MINUTE)

    assert world.writes(since) == []
    assert len(world.globex.opened.value.calls) - calls > 60


def test_what_users_wrote_stays_theirs_through_outage_switch_and_recovery(
    empty_world: World,
) -> None:
    world = empty_world
    fill(world)
    before = written_by_users(world)
    switch_those_that_can(world)

    assert written_by_users(world) == before
    for kind in KINDS:
        for found in world.space.all(kind):
            # Where a user applied an empty spec the server keeps no account of fields at all.
            for entry in found["metadata"].get("managedFields", ()):
                mine = entry["manager"] == USER
                assert mine or entry.get("subresource") == "status" or made_by_joch(found)


def settled(world: World) -> None:
    """Wait until the operator has written nothing while its Lease was renewed twice."""
    while True:
        since = world.audit.position()
        world.lease_renewed(2)
        if not world.writes(since):
            return


def made_by_joch(found: Manifest) -> bool:
    labels: dict[str, str] = found["metadata"].get("labels", {})
    return labels.get("app.kubernetes.io/managed-by") == "joch"


def written_by_users(world: World) -> dict[str, Manifest]:
    """All but the status of the objects that users wrote, without what every write changes."""
    ignored = ("resourceVersion", "managedFields")
    result = {}
    for kind in (*KINDS, "configmaps", "secrets"):
        for found in world.space.all(kind):
            if made_by_joch(found):
                continue
            metadata = {k: v for k, v in found["metadata"].items() if k not in ignored}
            rest = {k: v for k, v in found.items() if k not in ("metadata", "status")}
            result[f"{kind}/{metadata['name']}"] = {**rest, "metadata": metadata}
    return result
