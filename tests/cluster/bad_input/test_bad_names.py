"""Names that somebody else's object has: it is not overwritten, and all goes on once it is gone."""

from collections.abc import Mapping

import yaml

from tests.cluster.bad_input.place import Place
from tests.cluster.interruption import Interruption, Moment, Write
from tests.cluster.objects import ACME, GLOBEX, Manifest, manifest, request
from tests.cluster.world import World, backend_of, condition, switch_count

DATA: Mapping[str, Manifest] = {
    "ConfigMap": {"data": {"config.yaml": "model_list: []"}},
    "Secret": {"stringData": {"LITELLM_MASTER_KEY": "sk-somebody-elses"}},
}


def test_a_gateway_never_overwrites_what_is_not_its_own(place: Place) -> None:
    place.others_go_on()
    before = {}
    for kind, data in DATA.items():
        name = f"{kind.lower()}-taken"
        place.space.apply(manifest(kind, f"{name}-litellm", **data))
        before[kind] = place.space.get(f"{kind.lower()}s", f"{name}-litellm")
        place.space.apply(manifest("LLMGateway", name, spec={}))
    place.space.apply(manifest("LLMGateway", "well", spec={}))
    for kind in DATA:
        name = f"{kind.lower()}-taken"
        taken = f"{kind} {{ns}}/{name}-litellm exists and is not controlled by LLMGateway"
        field = {"ConfigMap": "spec.configMapRef", "Secret": "spec.secretRef"}[kind]
        told = taken, f"{{ns}}/{name}, so it is not written", f"name another in {field}"
        place.stalled("llmgateways", name, "NameTaken", *told)
        assert place.space.get(f"{kind.lower()}s", f"{name}-litellm") == before[kind]
    place.space.wait("llmgateways", "well", is_written)

    for kind in DATA:
        place.space.delete(f"{kind.lower()}s", f"{kind.lower()}-taken-litellm")
    for kind in DATA:
        name = f"{kind.lower()}-taken"
        place.space.wait("llmgateways", name, is_written)
        written = place.space.get("configmaps", f"{name}-litellm")["data"]["config.yaml"]
        served = {each["model_name"] for each in yaml.safe_load(written)["model_list"]}
        assert served == {"ok", "well"}


def is_written(gateway: Manifest) -> bool:
    return condition(gateway, "ConfigWritten")[:2] == ("True", "Written")


def is_taken(chat: Manifest) -> bool:
    return condition(chat, "Stalled")[:2] == ("True", "NameTaken")


def test_a_switch_waits_for_the_name_of_its_handoff(
    empty_world: World, interruption: Interruption
) -> None:
    world = empty_world

    def take_the_name() -> None:
        (record,) = world.records()
        theirs = manifest("Secret", record["metadata"]["name"], stringData={"theirs": "yes"})
        world.space.apply(theirs)

    world.operators.start(interruption.kubeconfig)
    world.talk()
    world.bound(ACME)
    interruption.at(Moment.BEFORE, Write.HANDOFF, take_the_name)
    world.acme.kill()

    chat = world.space.wait("conversations", "chat", is_taken)
    (record,) = world.records()
    name = record["metadata"]["name"]
    _waits_at_acme(chat, f"Secret {world.space.namespace}/{name} exists and is not Joch's")
    assert set(world.space.get("secrets", name)["data"]) == {"theirs"}

    world.space.delete("secrets", name)
    world.space.wait("conversations", "chat", lambda c: switch_count(c) == 1)
    assert world.bound(GLOBEX)["status"]["binding"]["checkpoint"] == name


def test_a_switch_waits_for_the_name_of_its_record(
    empty_world: World, interruption: Interruption
) -> None:
    world = empty_world
    first = world.operators.start(interruption.kubeconfig)
    world.talk()
    world.bound(ACME)
    interruption.at(Moment.INSTEAD, Write.COMMIT, first.kill)
    world.acme.kill()
    first.wait_killed()
    (record,) = world.records()
    name = record["metadata"]["name"]
    world.space.delete("statecheckpoints", name)
    world.space.wait_gone("secrets", name)
    theirs = request(name, GLOBEX, ACME, conversationRef={"name": "somebody-elses"})
    world.space.apply(theirs)
    world.replace_dead()

    chat = world.space.wait("conversations", "chat", is_taken)
    taken = f"StateCheckpoint {world.space.namespace}/{name} exists and is not Joch's"
    _waits_at_acme(chat, taken)
    assert world.records() == []

    world.space.delete("statecheckpoints", name)
    world.space.wait("conversations", "chat", lambda c: switch_count(c) == 1)
    assert world.bound(GLOBEX)["status"]["binding"]["checkpoint"] == name


def _waits_at_acme(chat: Manifest, taken: str) -> None:
    said = condition(chat, "Ready")[2]
    assert "The switch to globex:pro waits" in said
    assert taken in said
    assert "delete" in said
    assert (backend_of(chat), switch_count(chat)) == (ACME, 0)
