"""Routes, models and conversations that name what is not there, or what nobody granted them."""

from collections.abc import Callable

import pytest

from tests.cluster import objects
from tests.cluster.bad_input.place import FAST, Place, conversation, route
from tests.cluster.bad_input.shared import SharedOperator
from tests.cluster.objects import ACME, ACME_MODEL, Manifest, secret
from tests.cluster.space import Space
from tests.cluster.vendors import Vendors
from tests.vendors.openai import OpenAI


@pytest.fixture
def acme(place: Place, vendors: Vendors) -> Manifest:
    """A provider whose key is there; the test applies it."""
    place.space.apply(secret("acme-key", "sk-right"))
    return objects.provider("acme", "openai", f"{vendors.start(OpenAI()).url}/v1", probe=FAST)


def test_a_route_whose_provider_does_not_exist_says_so_until_it_does(
    place: Place, acme: Manifest
) -> None:
    place.space.apply(route("research", ACME), conversation(routeRef={"name": "research"}))

    missing = "LLMProvider {ns}/acme does not exist", "Create it, or correct backend acme:large"
    told = "ModelRoute {ns}/research", *missing
    place.stalled("modelroutes", "research", "NoEligibleBackend", *told)
    assert place.column("modelroutes", "research") == "ProviderNotFound"
    place.waiting("conversations", "chat", "NoEligibleBackend", *told)
    place.others_go_on()

    place.space.apply(objects.model("large", ACME_MODEL), acme)
    place.ready("modelroutes", "research", "PrimarySelected")
    assert place.column("modelroutes", "research") == "PrimarySelected"
    place.bound("chat", ACME)


def test_a_model_whose_provider_does_not_exist_says_so_until_it_does(
    place: Place, acme: Manifest
) -> None:
    place.space.apply(objects.model("large", ACME_MODEL))
    named = "Model {ns}/large names LLMProvider acme", "in namespace {ns}", "spec.providerRef.name"
    place.stalled("models", "large", "ProviderNotFound", *named)
    place.others_go_on()

    place.space.apply(acme)
    place.ready("models", "large", "Available")


def test_a_route_whose_model_does_not_exist_says_so_until_it_does(
    place: Place, acme: Manifest
) -> None:
    place.space.apply(acme, route("research", ACME), conversation(routeRef={"name": "research"}))
    missing = (
        "LLMProvider {ns}/acme has no Model with alias or id large",
        "Create a Model with spec.providerRef.name acme in namespace {ns}",
        "correct backend acme:large",
    )
    place.stalled("modelroutes", "research", "NoEligibleBackend", *missing)
    place.waiting("conversations", "chat", "NoEligibleBackend", *missing)
    assert place.column("modelroutes", "research") == "ModelNotFound"
    place.others_go_on()

    place.space.apply(objects.model("large", ACME_MODEL))
    place.ready("modelroutes", "research", "PrimarySelected")
    place.bound("chat", ACME)


def test_a_route_with_a_missing_primary_serves_by_its_fallback_and_says_why(place: Place) -> None:
    place.others_go_on()
    place.space.apply(
        route("research", ACME, "well:ok"), conversation(routeRef={"name": "research"})
    )
    place.bound("chat", "well:ok")

    found = place.ready("modelroutes", "research", "FallbackSelected")
    assert place.column("modelroutes", "research") == "ProviderNotFound"
    (ready,) = (c for c in found["status"]["conditions"] if c["type"] == "Ready")
    absent = f"LLMProvider {place.namespace}/acme does not exist"
    assert f"go to well:ok, not to acme:large: {absent}" in ready["message"]


def test_a_model_whose_alias_moves_away_leaves_the_name_to_the_other(place: Place) -> None:
    place.others_go_on()
    twin = objects.model(
        "twin", objects.GLOBEX_MODEL, providerRef={"name": "well"}, model="other", alias="ok"
    )
    place.space.apply(twin)
    for one, other in (("well", "twin"), ("twin", "well")):
        both = f"Model {{ns}}/{one} and Model {{ns}}/{other} would both be served as ok"
        place.stalled("models", one, "NameCollision", both, "change the spec.alias of one of them")

    place.space.edit("models", "twin", {"spec": {"alias": "fine"}})
    place.ready("models", "twin", "Available")
    place.ready("models", "well", "Available")


def test_of_two_default_models_none_counts_until_one_is_left(place: Place) -> None:
    place.others_go_on()
    place.space.edit("models", "well", {"spec": {"default": True}})
    second = objects.model(
        "second",
        objects.GLOBEX_MODEL,
        providerRef={"name": "well"},
        model="claude-opus-4-7",
        alias="big",
        default=True,
    )
    place.space.apply(second)
    for one, other in (("well", "second"), ("second", "well")):
        both = f"Model {{ns}}/{one} and Model {{ns}}/{other}"
        place.stalled("models", one, "TwoDefaults", both, "spec.default: true", "leave it on one")
    place.space.apply(conversation())
    told = "Namespace {ns}", "second and well", "spec.default: true on one", "set spec.routeRef or"
    place.stalled("conversations", "chat", "TwoDefaults", *told)
    place.bound("well", "well:ok")

    place.space.edit("models", "well", {"spec": {"default": False}})
    place.bound("chat", "well:big")
    place.ready("models", "well", "Available")
    place.ready("models", "second", "Available")


def test_a_conversation_that_chooses_nothing_says_so_until_it_does(place: Place) -> None:
    place.space.apply(conversation())
    told = "Conversation {ns}/chat", "set spec.routeRef or spec.model", "spec.default: true"
    place.stalled("conversations", "chat", "NothingChosen", *told, "namespace {ns}")
    place.others_go_on()

    place.space.edit("conversations", "chat", {"spec": {"routeRef": {"name": "well"}}})
    place.bound("chat", "well:ok")


def test_a_conversation_whose_route_does_not_exist_says_so_until_it_does(place: Place) -> None:
    place.space.apply(conversation(routeRef={"name": "research"}))
    told = "ModelRoute {ns}/research does not exist", "spec.routeRef of Conversation {ns}/chat"
    place.stalled("conversations", "chat", "RouteNotFound", "create it", *told)
    place.others_go_on()

    place.space.apply(route("research", "well:ok"))
    place.bound("chat", "well:ok")


def test_a_conversation_that_is_pinned_to_what_is_not_there_says_so(place: Place) -> None:
    place.space.apply(conversation(model="well:ok"))
    pinned = "Conversation {ns}/chat is pinned by spec.model and waits for well:ok"
    absent = "LLMProvider {ns}/well does not exist"
    place.waiting("conversations", "chat", "PinnedUnavailable", pinned, absent)

    place.others_go_on()
    place.bound("chat", "well:ok")
    assert place.space.get("conversations", "chat")["status"]["binding"]["resolvedBy"] == "Session"


@pytest.fixture
def elsewhere(shared_operator: SharedOperator, place: Place) -> Callable[[], Place]:
    """Another namespace of the same operator."""

    def take() -> Place:
        space = place.space
        return Place(Space(shared_operator.take(), space.client, space.kubectl), place.well_url)

    return take


def test_what_is_not_granted_looks_the_same_whether_it_exists_or_not(
    place: Place, elsewhere: Callable[[], Place]
) -> None:
    other = elsewhere()
    other.others_go_on()
    there, absent = f"{other.namespace}/well:ok", f"{other.namespace}/none:ok"
    said = {}
    for name, backend in (("there", there), ("absent", absent)):
        place.space.apply(route(name, backend), conversation(name, routeRef={"name": name}))
        told = place.stalled("modelroutes", name, "NoEligibleBackend")
        assert place.column("modelroutes", name) == "NotGranted"
        place.waiting("conversations", name, "NoEligibleBackend")
        said[name] = told.replace(backend, "B").replace(f"{backend.partition(':')[0]} ", "P ")
        said[name] = said[name].replace(f"/{name} ", "/R ")
    assert f"LLMProvider P is refused to namespace {place.namespace}" in said["there"]
    assert "spec.allowedNamespaces" in said["there"]
    assert said["there"] == said["absent"]
    place.others_go_on()

    granted = {"spec": {"allowedNamespaces": [place.namespace]}}
    other.space.edit("llmproviders", "well", granted)
    place.bound("there", there)
    place.stalled("modelroutes", "absent", "NoEligibleBackend")
