"""Objects of a later version, under its CRDs: what nobody knows here counts as a no."""

import ssl
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from joch.local.control_plane import ControlPlane
from joch.local.servers import Options
from tests.cluster import objects
from tests.cluster.bad_input.place import FAST, WELL_KEY, Place, conversation, route
from tests.cluster.objects import ACME, ACME_MODEL, GLOBEX_MODEL, Manifest, request, secret
from tests.cluster.operators import OperatorProcess
from tests.cluster.space import Space
from tests.cluster.vendors import Vendors
from tests.cluster.world import backend_of, condition
from tests.conftest import CRDS
from tests.vendors.anthropic import Anthropic
from tests.vendors.openai import OpenAI


def of_a_later_version(schema: Any) -> Any:
    """The schema with further values and fields allowed everywhere."""
    if isinstance(schema, list):
        return [of_a_later_version(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: of_a_later_version(value) for key, value in schema.items() if key != "enum"}
    if kept.get("type") == "object" and "properties" in kept:
        kept["x-kubernetes-preserve-unknown-fields"] = True
    return kept


@pytest.fixture
def later(vendors: Vendors, tmp_path: Path) -> Iterator[Place]:
    """A control plane with the CRDs of a later version, and an operator of this one."""
    crds = tmp_path / "crds"
    crds.mkdir()
    for path in CRDS.glob("*.yaml"):
        (crds / path.name).write_text(
            yaml.safe_dump(of_a_later_version(yaml.safe_load(path.read_text())))
        )
    url = vendors.start(Anthropic(key=WELL_KEY)).url
    with ControlPlane.start(Options(crds=crds)) as started:
        access, log = started.access, tmp_path / "operator.log"
        trust = ssl.create_default_context(cafile=access.certificate_authority)
        trust.load_cert_chain(access.client_certificate)
        operator = OperatorProcess.start(access.kubeconfig, ["default"], log)
        with httpx.Client(base_url=access.server, verify=trust, trust_env=False) as client:
            yield Place(Space("default", client, access.kubectl), url)
        operator.kill()
    assert "Traceback" not in log.read_text()


def test_what_a_later_version_added_is_kept_and_never_taken_for_a_yes(
    later: Place, vendors: Vendors
) -> None:
    acme = objects.provider("acme", "openai", f"{vendors.start(OpenAI()).url}/v1", probe=FAST)
    acme["spec"] |= {"state": "Draining", "quota": {"requestsPerMinute": 5}}
    source = {
        "configMapRef": {"name": "chat", "key": "transcript.json"},
        "format": "cohere_chat_v9",
    }
    policies = {"existingConversations": "MoveGradually", "onFailures": "AskSomebody"}
    later.space.apply(
        secret("acme-key", "sk-right"),
        secret("globex-key", WELL_KEY),
        acme,
        later.well_provider("globex"),
        objects.model("large", ACME_MODEL),
        objects.model("pro", GLOBEX_MODEL, latency={"p50": "1s"}),
        route("research", ACME, objects.GLOBEX, switching=policies),
        objects.transcript("chat"),
        conversation("chat", routeRef={"name": "research"}, transcript=source),
    )
    later.ready("llmproviders", "acme", "Disabled")
    later.ready("modelroutes", "research", "FallbackSelected")
    assert later.column("modelroutes", "research") == "ProviderDisabled"
    chat = later.bound("chat", objects.GLOBEX)
    unread = condition(chat, "TranscriptReadable")
    assert unread[:2] == ("False", "FormatUnsupported")
    assert "spec.transcript.format of Conversation default/chat" in unread[2]

    asked = younger_than_the_binding(later, mode="Rehearse")
    assert asked["status"]["outcome"] == "Refused"
    _, reason, said = condition(asked, "Stalled")
    assert reason == "InvalidSpec"
    assert f"spec.mode Rehearse of StateCheckpoint default/{asked['metadata']['name']}" in said
    assert "nothing was moved" in said
    assert backend_of(later.space.get("conversations", "chat")) == objects.GLOBEX
    assert later.space.get("llmproviders", "acme")["spec"]["quota"] == {"requestsPerMinute": 5}


def younger_than_the_binding(place: Place, **spec: Any) -> Manifest:
    """Ask for acme, until the request is not of the same second as the binding; the answered one.

    A creationTimestamp has no fractions, so such a request counts as the older one.
    """
    for number in count():
        name = f"request-{number}"
        place.space.apply(request(name, objects.GLOBEX, ACME, **spec))
        asked = place.space.wait("statecheckpoints", name, lambda c: c["status"].get("outcome"))
        if asked["status"]["outcome"] != "Superseded":
            return asked
    raise AssertionError("unreachable: seconds pass")
