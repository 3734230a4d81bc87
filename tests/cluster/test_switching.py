"""A provider dies, and its conversation goes on at another vendor."""

import base64
import gzip
import hashlib
import json
import time

from tests.cluster import objects
from tests.cluster.objects import ACME, GLOBEX, GOAL, Manifest
from tests.cluster.world import World


def test_a_conversation_whose_provider_dies_goes_on_at_the_fallback(world: World) -> None:
    world.talk()
    world.bound(ACME)
    position, killed = world.audit.position(), time.time()
    world.acme.kill()
    (event,) = world.told()

    status = world.bound(GLOBEX)["status"]
    (record,) = world.records()
    (switch,) = status["switches"]
    name = record["metadata"]["name"]
    assert status["switchCount"] == 1
    assert status["binding"]["checkpoint"] == switch["checkpoint"] == name
    assert (switch["fromBackend"], switch["toBackend"]) == (ACME, GLOBEX)
    assert switch["reason"] == "ProviderUnavailable"
    assert record["spec"]["summary"]["userGoal"] in GOAL
    assert record["spec"]["summary"]["decisions"] == ["five competitors are in scope."]
    assert "ownerReferences" not in record["metadata"]
    assert event["regarding"]["uid"] == world.bound(GLOBEX)["metadata"]["uid"]
    writes = [
        (write.verb, write.resource)
        for write in world.writes(position)
        if write.received >= killed and (write.name in ("chat", name) or write.resource == "events")
    ]
    assert writes == [
        ("create", "statecheckpoints"),
        ("create", "secrets"),
        ("patch", "conversations/status"),
        ("create", "events"),
    ]


def test_the_route_counts_its_conversations_where_they_are(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.space.wait("modelroutes", "research", lambda route: counts(route) == {ACME: 1})
    world.acme.kill()
    world.space.wait("modelroutes", "research", lambda route: counts(route) == {GLOBEX: 1})


def counts(route: Manifest) -> dict[str, int]:
    found = route["status"].get("conversationsByBackend", ())
    return {each["backend"]: each["count"] for each in found}


def test_the_handoff_is_an_immutable_secret_whose_digest_is_in_its_record(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.acme.kill()
    world.switched()

    (record,), (handoff,) = world.records(), world.handoffs()
    promised = record["spec"]["record"]["handoffSecret"]
    stored = base64.b64decode(handoff["data"]["request.json.gz"])
    (owner,) = handoff["metadata"]["ownerReferences"]
    assert handoff["immutable"] is True
    assert owner["uid"] == record["metadata"]["uid"]
    assert promised == {
        "name": handoff["metadata"]["name"],
        "digest": f"sha256:{hashlib.sha256(stored).hexdigest()}",
        "bytes": len(stored),
    }
    request = json.loads(gzip.decompress(stored))
    assert request["model"] == "pro"
    assert "five competitors are in scope" in json.dumps(request["messages"])


def test_a_conversation_in_anthropics_format_gets_its_handoff_in_it(world: World) -> None:
    body = {
        "system": "You are a research assistant.",
        "messages": [
            {"role": "user", "content": GOAL},
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "Five will do.", "signature": "c2ln"},
                    {"type": "text", "text": "Decision: five competitors are in scope."},
                ],
            },
            {"role": "user", "content": "Write it up."},
        ],
    }
    stored = {"transcript.json": json.dumps(body)}
    world.space.apply(objects.manifest("ConfigMap", "claude", data=stored), objects.route())
    reference = {"name": "claude", "key": "transcript.json"}
    source = {"configMapRef": reference, "format": "anthropic_messages"}
    world.space.apply(objects.conversation(transcript=source))
    world.bound(ACME)
    world.acme.kill()
    world.switched()

    (record,), (handoff,) = world.records(), world.handoffs()
    request = json.loads(gzip.decompress(base64.b64decode(handoff["data"]["request.json.gz"])))
    assert (request["model"], request["system"]) == ("pro", "You are a research assistant.")
    assert "thinking" not in str(request["messages"])
    assert record["spec"]["summary"]["decisions"] == ["five competitors are in scope."]


def test_kubectl_tells_the_switch_to_whoever_looks(world: World) -> None:
    world.talk()
    world.bound(ACME)
    world.acme.kill()
    world.told()

    kubectl, namespace = world.space.kubectl, world.space.namespace
    described = kubectl("describe", "conversations.joch.dev", "chat", "-n", namespace)
    listed = kubectl("get", "events", "-n", namespace)
    for shown in (described, listed):
        assert "ProviderSwitched" in shown
        assert "acme:large → globex:pro" in shown
