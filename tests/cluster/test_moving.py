"""When a bound conversation moves by itself, and when it may not."""

from tests.cluster import objects
from tests.cluster.objects import ACME, GLOBEX
from tests.cluster.world import World, backend_of, switch_count


def test_a_conversation_follows_a_route_that_says_so(world: World) -> None:
    world.talk(route=objects.route(switching={"existingConversations": "FollowRoute"}))
    world.bound(ACME)
    world.edit_route({"strategy": {"primary": GLOBEX, "fallback": [ACME]}})

    status = world.switched()["status"]
    assert status["binding"]["backend"] == GLOBEX
    assert status["switches"][-1]["reason"] == "RoutePrefers"


def test_a_conversation_that_must_stay_waits_for_its_dead_provider(world: World) -> None:
    world.talk(route=objects.route(switching={"existingConversations": "Stay"}))
    world.bound(ACME)
    world.acme.kill()

    sentence = world.waits("StaysUnavailable")
    assert "LLMProvider" in sentence
    assert "spec.switching.existingConversations of ModelRoute" in sentence
    world.acme.revive()
    assert switch_count(world.bound(ACME)) == 0


def test_a_second_switch_waits_until_the_minimum_interval_has_passed(world: World) -> None:
    world.talk(route=objects.route(switching={"minimumInterval": "1h"}))
    world.bound(ACME)
    world.acme.kill()
    world.switched(1)
    world.acme.revive()
    world.eligible(ACME)
    world.globex.kill()

    sentence = world.waits("MinimumInterval")
    assert "spec.switching.minimumInterval of ModelRoute" in sentence
    assert backend_of(world.judged_again()) == GLOBEX
    world.edit_route({"switching": {"minimumInterval": "1s"}})
    assert backend_of(world.switched(2)) == ACME


def test_a_conversation_leaves_a_region_that_its_route_forbids(empty_world: World) -> None:
    world = empty_world
    world.space.apply(world.acme_provider(regions=["us-east-1"]))
    world.operators.start()
    world.talk()
    world.bound(ACME)
    world.edit_route({"constraints": {"dataResidency": "EU"}})

    (switch,) = world.switched()["status"]["switches"]
    assert (switch["toBackend"], switch["reason"]) == (GLOBEX, "ConstraintBroken")


def test_a_conversation_that_nobody_can_serve_stays_and_says_why_for_each(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.globex.kill()
    world.space.wait("modelroutes", "research", lambda r: not _mentions(r, GLOBEX))
    world.acme.kill()

    sentence = world.waits("NoEligibleBackend")
    assert f"which stays at {ACME}" in sentence
    for backend, provider in ((ACME, "acme"), (GLOBEX, "globex")):
        assert f"{backend}: LLMProvider {world.space.namespace}/{provider}" in sentence
    assert world.records() == []


def _mentions(route: objects.Manifest, backend: str) -> bool:
    return any(c["backend"] == backend and c["eligible"] for c in route["status"]["candidates"])
