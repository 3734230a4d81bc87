"""To which backend a conversation is bound, and that it stays there."""

from dataclasses import dataclass, field

from tests.audit_log import AuditLog
from tests.cluster import objects
from tests.cluster.objects import ACME, GLOBEX
from tests.cluster.operators import Operators
from tests.cluster.space import Space
from tests.cluster.vendors import Vendors
from tests.cluster.world import World, backend_of, condition, switch_count
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


def test_a_bound_conversation_stays_when_its_route_prefers_another(world: World) -> None:
    world.talk()
    world.bound(ACME)
    route = world.edit_route({"strategy": {"primary": GLOBEX, "fallback": [ACME]}})
    assert route["status"]["selected"] == GLOBEX

    assert backend_of(world.judged_again()) == ACME
    assert world.records() == []


def test_a_bound_conversation_stays_when_its_provider_is_merely_disabled(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.space.apply(world.acme_provider(state="Disabled"))
    world.space.wait("modelroutes", "research", lambda r: r["status"].get("selected") == GLOBEX)

    chat = world.judged_again()
    assert backend_of(chat) == ACME
    assert condition(chat, "Ready")[0] == "True"
    assert world.records() == []


def test_a_conversation_does_not_return_when_the_primary_is_well_again(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.acme.kill()
    world.switched()
    world.acme.revive()
    world.eligible(ACME)

    chat = world.judged_again()
    assert (backend_of(chat), switch_count(chat)) == (GLOBEX, 1)


def test_a_conversation_returns_where_its_route_asks_for_it(world: World) -> None:
    world.talk(route=objects.route(switching={"failBack": "Automatic"}))
    world.bound(ACME)
    world.acme.kill()
    world.switched(1)
    world.acme.revive()

    status = world.switched(2)["status"]
    assert status["binding"]["backend"] == ACME
    assert status["switches"][-1]["reason"] == "FailedBack"
