"""To which backend a conversation is bound, and that it stays there."""

from dataclasses import dataclass, field

from tests.audit_log import AuditLog
from tests.cluster.objects import ACME
from tests.cluster.operators import Operators
from tests.cluster.space import Space
from tests.cluster.vendors import Vendors
from tests.cluster.world import World, condition
from tests.vendors.openai import ERRORS, OpenAI
from tests.vendors.server import Call, Reply


@dataclass
class LateRiser:
    """An OpenAI that is not well at its first call and well from then on."""

    well: OpenAI = field(default_factory=OpenAI)
    calls: int = 0

    def __call__(self, call: Call) -> Reply:
        self.calls += 1
        return ERRORS["server_error"] if self.calls == 1 else self.well(call)


def test_a_new_conversation_is_bound_to_the_primary(world: World) -> None:
    world.talk()
    status = world.bound(ACME)["status"]

    binding = status["binding"]
    assert binding["gatewayModel"] == "large"
    assert (binding["resolvedBy"], binding["route"]) == ("Session", "research")
    assert "checkpoint" not in binding
    assert status.get("switchCount", 0) == 0
    assert condition({"status": status}, "Ready")[:2] == ("True", "Bound")


def test_a_new_conversation_waits_until_it_is_known_whether_the_primary_serves(
    space: Space, vendors: Vendors, operators: Operators, audit_log: AuditLog
) -> None:
    world = World.make(space, vendors, operators, audit_log, acme=LateRiser())
    world.talk()
    operators.start()
    world.bound(ACME)
