"""What a person asks for by a StateCheckpoint, and the switch that waits for a person."""

from tests.cluster import objects
from tests.cluster.objects import ACME, GLOBEX, Manifest
from tests.cluster.world import World, backend_of, condition, switch_count


def answered(world: World, name: str) -> Manifest:
    """Wait until a request has its outcome; its status."""
    found = world.space.wait("statecheckpoints", name, lambda c: c["status"].get("outcome"))
    status: Manifest = found["status"]
    return status


def hold(world: World) -> Manifest:
    """Bring about a switch that only a person can let happen; what is held.

    Some time after the binding: a request of the same second counts as the older one.
    """
    world.talk(objects.UNANSWERED_MAIL)
    world.bound(ACME)
    world.acme.kill()
    chat = world.space.wait("conversations", "chat", lambda c: c["status"].get("heldSwitch"))
    world.lease_renewed(1)
    held: Manifest = chat["status"]["heldSwitch"]
    return held


def failures(held: Manifest) -> list[str]:
    return [f["id"] for f in held["compatibility"]["findings"] if f["level"] == "failure"]


def test_a_switch_is_held_while_nobody_knows_whether_a_mail_was_sent(world: World) -> None:
    held = hold(world)

    chat = world.space.get("conversations", "chat")
    (unknown,) = failures(held)
    assert (held["toBackend"], held["reason"]) == (GLOBEX, "ProviderUnavailable")
    status, reason, sentence = condition(chat, "SwitchHeld")
    assert (status, reason) == ("True", "SwitchHeld")
    assert f"accept {unknown} by a StateCheckpoint" in sentence
    assert "Outcome of send_email" in sentence
    assert (backend_of(chat), switch_count(chat)) == (ACME, 0)
    assert world.records() == []


def test_a_held_switch_happens_once_a_person_accepts_what_holds_it(world: World) -> None:
    accept = failures(hold(world))
    world.space.apply(objects.request("go", ACME, GLOBEX, accept=accept))
    world.told()

    status = world.bound(GLOBEX)["status"]
    (record,) = world.records()
    assert status["switches"][0]["reason"] == "Requested"
    assert "heldSwitch" not in status
    assert record["spec"]["record"]["request"] == "go"
    said = answered(world, "go")
    assert (said["outcome"], said["checkpoint"]) == ("Switched", record["metadata"]["name"])


def test_a_request_that_accepts_something_else_is_held_and_says_what_to_accept(
    world: World,
) -> None:
    (unknown,) = failures(hold(world))
    world.space.apply(objects.request("go", ACME, GLOBEX, accept=["unknown-outcome-00000000"]))

    said = answered(world, "go")
    assert said["outcome"] == "Held"
    assert unknown in condition({"status": said}, "Stalled")[2]
    assert switch_count(world.space.get("conversations", "chat")) == 0


def test_a_dry_run_reports_and_moves_nothing(world: World) -> None:
    world.talk(objects.UNANSWERED_MAIL)
    world.bound(ACME)
    world.lease_renewed(1)
    world.space.apply(objects.request("dry", ACME, GLOBEX, mode="DryRun"))

    said = answered(world, "dry")
    assert said["outcome"] == "Reported"
    assert said["compatibility"]["verdict"] == "Failures"
    assert backend_of(world.judged_again()) == ACME
    assert world.records() == []


def test_a_request_moves_a_conversation_whose_provider_is_well(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.lease_renewed(1)
    world.space.apply(objects.request("go", ACME, GLOBEX))

    assert answered(world, "go")["outcome"] == "Switched"
    assert backend_of(world.judged_again()) == GLOBEX


def test_a_request_from_where_the_conversation_is_not_is_superseded(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.lease_renewed(1)
    world.space.apply(objects.request("old", GLOBEX, ACME))

    said = answered(world, "old")
    assert said["outcome"] == "Superseded"
    assert (
        "spec.fromBackend globex:pro: nothing was moved"
        in condition({"status": said}, "Stalled")[2]
    )
    assert backend_of(world.judged_again()) == ACME


def test_a_request_that_is_older_than_the_binding_is_superseded(world: World) -> None:
    world.space.apply(objects.request("old", ACME, GLOBEX))
    world.space.wait("statecheckpoints", "old", lambda c: condition(c, "Stalled")[0] == "True")
    world.talk()
    world.bound(ACME)

    assert answered(world, "old")["outcome"] == "Superseded"
    assert backend_of(world.judged_again()) == ACME
    assert world.records() == []
