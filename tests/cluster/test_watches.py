"""The operator hears of everything, whatever happens to its watches."""

from tests.cluster.background import Background
from tests.cluster.interruption import Interruption
from tests.cluster.objects import ACME, GLOBEX
from tests.cluster.world import World


def test_what_was_edited_and_deleted_while_the_watches_were_cut_is_not_missed(
    background: Background, empty_world: World, interruption: Interruption
) -> None:
    world = empty_world
    world.operators.start(interruption.kubeconfig)
    world.talk()
    world.bound(ACME)
    background.run(interruption.cut_watches())
    world.space.delete("models", "large")
    edit = {"spec": {"constraints": {"dataResidency": "EU"}}}
    generation = world.space.edit("modelroutes", "research", edit)["metadata"]["generation"]
    interruption.refuses_watches = False

    world.switched()
    world.bound(GLOBEX)
    route = world.space.wait(
        "modelroutes", "research", lambda r: r["status"]["observedGeneration"] == generation
    )
    (lost,) = (c for c in route["status"]["candidates"] if not c["eligible"])
    assert (lost["backend"], lost["reasons"][0]["reason"]) == (ACME, "ModelNotFound")


def test_what_was_deleted_before_the_watched_version_was_forgotten_is_found_by_a_new_listing(
    background: Background, empty_world: World, interruption: Interruption
) -> None:
    world = empty_world
    world.operators.start(interruption.kubeconfig)
    world.talk()
    world.bound(ACME)
    world.space.wait("modelroutes", "research", lambda r: r["status"].get("conversations", 0) == 1)
    background.run(interruption.cut_watches())
    world.space.delete("conversations", "chat")
    interruption.forgets_versions = True
    interruption.refuses_watches = False

    world.space.wait("modelroutes", "research", lambda r: r["status"].get("conversations", 0) == 0)
