"""Transcripts that cannot be read: they keep nobody from a first binding, and hold a switch."""

import json
from collections.abc import Mapping

from tests.cluster import objects
from tests.cluster.bad_input.place import FAST, Place, conversation, route
from tests.cluster.objects import ACME, ACME_MODEL, Manifest, manifest, secret
from tests.cluster.vendors import Vendors
from tests.cluster.world import backend_of, condition, switch_count
from tests.vendors.openai import OpenAI

RECHECK = 60
"""Seconds: a source that is not watched is read again every 30."""

UNASKED = {"role": "tool", "tool_call_id": "call_9", "content": "{}"}
SPOILED: Mapping[str, tuple[Mapping[str, str] | None, str, tuple[str, ...]]] = {
    "no-json": (
        {"transcript.json": '{"messages": ['},
        "TranscriptUnreadable",
        ("ConfigMap {ns}/no-json key transcript.json", "is not JSON", "store it whole"),
    ),
    "empty": (
        {"transcript.json": ""},
        "TranscriptUnreadable",
        ("ConfigMap {ns}/empty key transcript.json", "is empty", "store a request body"),
    ),
    "nothing-said": (
        {"transcript.json": '{"messages": []}'},
        "TranscriptUnreadable",
        ("ConfigMap {ns}/nothing-said key transcript.json", "has no messages", "store a request"),
    ),
    "unasked-result": (
        {"transcript.json": json.dumps({"messages": [*objects.TALK, UNASKED]})},
        "TranscriptUnreadable",
        ("key transcript.json: messages[3].tool_call_id", "nobody asked for 'call_9'", "remove"),
    ),
    "no-key": (
        {"other.json": "{}"},
        "TranscriptNotFound",
        ("{ns}/no-key has no key transcript.json", "add it", "spec.transcript.configMapRef.key"),
    ),
    "no-config-map": (
        None,
        "TranscriptNotFound",
        ("{ns}/no-config-map does not exist: create it", "spec.transcript.configMapRef.name"),
    ),
}


def talk(name: str, route: str = "research") -> Manifest:
    source = {"configMapRef": {"name": name, "key": "transcript.json"}}
    return conversation(name, routeRef={"name": route}, transcript=source)


def spoil(place: Place, name: str) -> None:
    """Store the transcript of that name, if it has any."""
    data, _, _ = SPOILED[name]
    if data is not None:
        place.space.apply(manifest("ConfigMap", name, data=dict(data)))


def is_read(found: Manifest) -> bool:
    return condition(found, "TranscriptReadable")[:2] == ("True", "Read")


def test_a_transcript_that_cannot_be_read_binds_all_the_same_and_holds_a_switch(
    place: Place, vendors: Vendors
) -> None:
    vendor = vendors.start(OpenAI())
    place.others_go_on()
    place.space.apply(
        secret("acme-key", "sk-right"),
        objects.provider("acme", "openai", f"{vendor.url}/v1", probe=FAST),
        objects.model("large", ACME_MODEL),
        route("research", ACME, "well:ok"),
        talk("no-switch", route="well"),
        talk("fine"),
        objects.transcript("fine"),
    )
    for name in SPOILED:
        spoil(place, name)
        place.space.apply(talk(name))
    assert is_read(place.bound("fine", ACME))
    place.bound("no-switch", "well:ok")
    for name in SPOILED:
        _is_unread(place, place.bound(name, ACME))

    vendor.kill()
    place.bound("fine", "well:ok")
    for name, (_, reason, parts) in SPOILED.items():
        waits = "LLMProvider {ns}/acme is unreachable", "The switch to well:ok waits", *parts
        place.waiting("conversations", name, reason, *waits)
        _is_unread(place, place.space.get("conversations", name))
    of_whom = {c["spec"]["conversationRef"]["name"] for c in place.space.all("statecheckpoints")}
    assert of_whom == {"fine"}

    place.space.apply(*(objects.transcript(name) for name in (*SPOILED, "no-switch")))
    for name in SPOILED:
        place.space.wait("conversations", name, lambda c: switch_count(c) == 1, RECHECK)
        assert is_read(place.bound(name, "well:ok"))
    assert switch_count(place.space.wait("conversations", "no-switch", is_read, RECHECK)) == 0


def _is_unread(place: Place, found: Manifest) -> None:
    """It says what is wrong with the transcript, and nothing has moved."""
    _, reason, parts = SPOILED[found["metadata"]["name"]]
    status, why, sentence = condition(found, "TranscriptReadable")
    assert (status, why) == ("False", reason)
    assert [part for part in parts if part.format(ns=place.namespace) not in sentence] == []
    assert (backend_of(found), switch_count(found)) == (ACME, 0)
