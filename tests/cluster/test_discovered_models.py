"""A provider's discovered Models come back, whoever deleted them."""

import json

import pytest

from tests.cluster import objects
from tests.cluster.objects import Manifest
from tests.cluster.operators import Operators
from tests.cluster.space import Space
from tests.cluster.vendors import Vendors
from tests.cluster.world import KEYS, condition
from tests.vendors.anthropic import Anthropic


@pytest.fixture
def claude(space: Space, vendors: Vendors, operators: Operators) -> Manifest:
    """A provider whose list has been made Models by the operator."""
    vendor = vendors.start(Anthropic())
    made = objects.provider("claude", "anthropic", vendor.url, discovery={"enabled": True})
    space.apply(objects.secret("claude-key", KEYS[1]), made)
    operators.start()
    space.wait(
        "llmproviders", "claude", lambda found: condition(found, "ModelsSynced")[0] == "True"
    )
    return made


def works(found: Manifest) -> bool:
    return condition(found, "Ready")[0] == "True"


def test_a_discovered_model_that_somebody_deletes_is_made_again(
    space: Space, claude: Manifest
) -> None:
    model = space.wait_for_any("models", works)
    name, uid = model["metadata"]["name"], model["metadata"]["uid"]

    space.delete("models", name)

    space.wait("models", name, lambda found: found["metadata"]["uid"] != uid and works(found))


def test_a_provider_that_is_replaced_by_force_has_its_models_back(
    space: Space, claude: Manifest
) -> None:
    names = [model["metadata"]["name"] for model in space.all("models")]
    assert names

    namespace = {**claude, "metadata": {**claude["metadata"], "namespace": space.namespace}}
    space.kubectl("replace", "--force", "-f-", stdin=json.dumps(namespace))

    owner = space.get("llmproviders", "claude")["metadata"]["uid"]
    for name in names:
        space.wait(
            "models",
            name,
            lambda found: found["metadata"]["ownerReferences"][0]["uid"] == owner and works(found),
        )
