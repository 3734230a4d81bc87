"""Two operators: one leads and writes; whoever does not hold the Lease writes nothing."""

from tests.audit_log import Request
from tests.cluster.objects import ACME, GLOBEX
from tests.cluster.operators import LEASE, OperatorProcess, account_in
from tests.cluster.world import World

STANDBY = "joch-standby"
"""The second operator has an account of its own, so that the audit log tells who wrote."""


def start_standby(world: World) -> OperatorProcess:
    """Start a second operator, and wait until it has looked at the Lease that another holds."""
    operator = world.operators.start_as(STANDBY)
    operator.wait_said("waiting for Lease")
    world.lease_renewed(2)
    return operator


def standby_writes(world: World, since: int) -> list[Request]:
    return world.audit.writes(since, user=account_in(world.space.namespace, STANDBY))


def holder(world: World) -> str:
    name: str = world.space.get("leases", LEASE)["spec"].get("holderIdentity", "")
    return name


def wait_for_another(world: World, than: str) -> None:
    """Wait until somebody else holds the Lease."""
    world.space.wait(
        "leases", LEASE, lambda lease: lease["spec"].get("holderIdentity") not in ("", than, None)
    )


def test_only_the_leader_writes(world: World) -> None:
    world.talk()
    world.bound(ACME)
    since = world.audit.position()
    start_standby(world)
    world.acme.kill()

    world.told()
    standby = account_in(world.space.namespace, STANDBY)
    assert {r.resource for r in world.audit.requests(since, user=standby)} == {"leases"}
    assert standby_writes(world, since) == []
    assert len(world.writes(since)) >= 4


def test_each_operator_says_whether_it_leads_or_whom_it_waits_for(world: World) -> None:
    leader = world.operators.started[0]
    leader.wait_said("leading, by Lease")
    standby = start_standby(world)
    standby.wait_said(f"is held by {holder(world)}")
    assert "leading" not in standby.log.read_text()

    leader.kill()
    standby.wait_said("leading, by Lease")


def test_the_other_operator_takes_over_when_the_leader_is_stopped(world: World) -> None:
    world.talk()
    world.bound(ACME)
    since = world.audit.position()
    start_standby(world)
    leader = holder(world)
    world.operators.started[0].stop()

    wait_for_another(world, leader)
    world.acme.kill()
    world.told()
    assert world.bound(GLOBEX)["status"]["switchCount"] == 1
    assert standby_writes(world, since)


def test_the_other_operator_takes_over_when_the_leader_is_killed(world: World) -> None:
    world.talk()
    world.bound(ACME)
    start_standby(world)
    leader = holder(world)
    world.operators.started[0].kill()
    world.acme.kill()

    wait_for_another(world, leader)
    world.told()
    assert world.bound(GLOBEX)["status"]["switchCount"] == 1


def test_a_leader_that_was_overtaken_while_its_time_stood_still_writes_nothing(
    world: World,
) -> None:
    world.talk()
    world.bound(ACME)
    start_standby(world)
    leader, deposed = holder(world), world.operators.started[0]
    deposed.pause()
    since = world.audit.position()
    wait_for_another(world, leader)
    world.acme.kill()
    world.told()
    deposed.resume()

    assert deposed.process.wait(30) == 1
    assert world.audit.writes(since, user=world.operators.user) == []
    assert "was lost" in deposed.log.read_text()
    assert world.bound(GLOBEX)["status"]["switchCount"] == 1
