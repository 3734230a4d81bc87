"""An operator that lacks a right: it says which, and all but that goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from joch.local.control_plane import Access
from tests.cluster import objects
from tests.cluster.bad_input.place import FAST, Place, conversation, route
from tests.cluster.bad_input.shared import make_namespaces
from tests.cluster.objects import ACME, ACME_MODEL, manifest, secret
from tests.cluster.operators import END, OperatorProcess, account_in
from tests.cluster.space import Space
from tests.cluster.vendors import Vendors
from tests.vendors.ollama import Ollama
from tests.vendors.openai import OpenAI

Start = Callable[..., OperatorProcess]


@pytest.fixture
def start(control_plane: Access, namespace: str, tmp_path: Path) -> Iterator[Start]:
    """Start an operator of the test's namespace that lacks the rights to some resources."""
    started: list[OperatorProcess] = []

    def begin(*lacking: str) -> OperatorProcess:
        make_namespaces(control_plane.kubectl, [namespace], lacking)
        kubeconfig = control_plane.kubeconfig_for(account_in(namespace))
        started.append(OperatorProcess.start(kubeconfig, [namespace], tmp_path / "operator.log"))
        return started[-1]

    yield begin
    for each in started:
        each.kill()
        said = each.log.read_text()
        assert "Traceback" not in said, said


def test_without_the_right_to_read_secrets_those_without_a_credential_serve(
    space: Space, vendors: Vendors, start: Start, control_plane: Access
) -> None:
    place = Place(space, "")
    keyless = {"type": "ollama", "baseUrl": vendors.start(Ollama()).url, "probe": FAST}
    space.apply(
        secret("acme-key", "sk-right"),
        objects.provider("acme", "openai", f"{vendors.start(OpenAI()).url}/v1", probe=FAST),
        manifest("LLMProvider", "home", spec=keyless),
        objects.model("large", ACME_MODEL),
        objects.model("small", ACME_MODEL, providerRef={"name": "home"}, alias="small"),
        route("research", ACME, "home:small"),
        conversation(routeRef={"name": "research"}),
    )
    start("secrets")
    told = "the Secret of LLMProvider {ns}/acme cannot be read", 'cannot get resource "secrets"'
    place.stalled("llmproviders", "acme", "SecretUnreadable", *told)
    place.bound("chat", "home:small")

    make_namespaces(control_plane.kubectl, [space.namespace])
    place.ready("llmproviders", "acme", "Healthy")
    place.ready("modelroutes", "research", "PrimarySelected")


def test_without_a_right_to_write_the_log_says_so_and_others_are_served(
    space: Space, vendors: Vendors, start: Start, control_plane: Access
) -> None:
    place = Place(space, "")
    operator = start("llmgateways/status")
    space.apply(
        manifest("LLMGateway", "gateway", spec={}),
        secret("acme-key", "sk-right"),
        objects.provider("acme", "openai", f"{vendors.start(OpenAI()).url}/v1", probe=FAST),
        objects.model("large", ACME_MODEL),
        route("research", ACME),
        conversation(routeRef={"name": "research"}),
    )
    operator.wait_said(f"WARNING joch.handlers.queue llmgateways {space.namespace}/gateway: PATCH")
    place.bound("chat", ACME)
    refused = 'cannot patch resource "llmgateways/status" in API group "joch.dev"'
    assert refused in operator.log.read_text()

    make_namespaces(control_plane.kubectl, [space.namespace])
    place.stalled("llmgateways", "gateway", "AdminUrlMissing", "set spec.adminUrl")


def test_without_the_right_to_list_a_kind_the_operator_ends_and_says_which(
    space: Space, start: Start
) -> None:
    operator = start("modelroutes")

    assert operator.process.wait(END) == 1
    last = operator.log.read_text().rstrip().splitlines()[-1]
    assert last.startswith("joch: GET ")
    assert 'cannot list resource "modelroutes" in API group "joch.dev"' in last
    assert f'in the namespace "{space.namespace}"' in last
