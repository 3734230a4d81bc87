"""From an edited route to its gateway's ConfigMap: what is read and written, and what heals."""

import base64

import pytest
import yaml

from tests.cluster.objects import ACME, GLOBEX, Manifest, manifest, route, secret
from tests.cluster.world import World, condition

NAME = "gateway-litellm"
AT_ACME, AT_GLOBEX = "openai/gpt-5.2", "anthropic/claude-sonnet-4-6"


@pytest.fixture
def served(world: World) -> World:
    """A world whose gateway serves the route, acme's model before globex's."""
    world.space.apply(route(), manifest("LLMGateway", "gateway", spec={}))
    world.space.wait("configmaps", NAME, lambda c: order(c) == [AT_ACME, AT_GLOBEX])
    world.space.wait("llmgateways", "gateway", is_written)
    return world


def order(config_map: Manifest) -> list[str]:
    """The models behind the route's name, the first choice first."""
    listed = yaml.safe_load(config_map["data"].get("config.yaml", "{}"))["model_list"]
    group = [each["litellm_params"] for each in listed if each["model_name"] == "research"]
    return [each["model"] for each in sorted(group, key=lambda each: int(each.get("order", 0)))]


def is_written(gateway: Manifest) -> bool:
    return condition(gateway, "ConfigWritten")[:2] == ("True", "Written")


def turn_round(world: World) -> None:
    world.edit_route({"strategy": {"primary": GLOBEX, "fallback": [ACME]}})


def turned_round(config_map: Manifest) -> bool:
    return order(config_map) == [AT_GLOBEX, AT_ACME]


def test_an_edited_route_is_written_over_what_is_known_without_a_read(served: World) -> None:
    since = served.audit.position()

    turn_round(served)
    served.space.wait("configmaps", NAME, turned_round)

    asked = served.audit.requests(since, user=served.operators.user)
    assert [(r.verb, r.resource, r.status) for r in asked if r.name == NAME] == [
        ("update", "configmaps", 200)
    ]


def test_a_config_map_that_somebody_changed_is_read_and_right_after_the_next_edit(
    served: World,
) -> None:
    theirs = {"data": {"config.yaml": "model_list: []", "more": "x"}}
    served.space.edit("configmaps", NAME, theirs)

    turn_round(served)

    healed = served.space.wait("configmaps", NAME, turned_round)
    assert set(healed["data"]) == {"config.yaml"}


def test_a_config_map_that_somebody_deleted_is_made_again_at_the_next_edit(served: World) -> None:
    served.space.delete("configmaps", NAME)

    turn_round(served)

    made = served.space.wait("configmaps", NAME, turned_round)
    (owner,) = made["metadata"]["ownerReferences"]
    assert owner["kind"] == "LLMGateway"


def test_a_config_map_that_took_the_name_since_is_left_alone(served: World) -> None:
    served.space.delete("configmaps", NAME)
    served.space.apply(manifest("ConfigMap", NAME, data={"config.yaml": "model_list: []"}))
    before = served.space.get("configmaps", NAME)

    turn_round(served)

    taken = f"ConfigMap {served.space.namespace}/{NAME} exists and is not controlled by LLMGateway"
    gateway = served.space.wait("llmgateways", "gateway", lambda g: not is_written(g))
    assert condition(gateway, "Stalled")[:2] == ("True", "NameTaken")
    assert taken in condition(gateway, "Stalled")[2]
    assert served.space.get("configmaps", NAME) == before


def test_a_new_credential_is_in_the_secret_before_a_configuration_refers_to_it(
    served: World,
) -> None:
    since = served.audit.position()
    served.space.apply(
        secret("twin-key", "sk-right"),
        {
            **served.acme_provider(
                credentials={"secretRef": {"name": "twin-key", "key": "api-key"}}
            ),
            "metadata": {"name": "twin"},
        },
        manifest("Model", "twin", spec={"providerRef": {"name": "twin"}, "model": "gpt-5.2"}),
    )
    served.space.wait("configmaps", NAME, lambda c: "twin.gpt-5.2" in c["data"]["config.yaml"])

    written = served.audit.writes(since, user=served.operators.user)
    assert [r.resource for r in written if r.name == NAME][-2:] == ["secrets", "configmaps"]
    keys = served.space.get("secrets", NAME)["data"].values()
    assert [base64.b64decode(key) for key in keys].count(b"sk-right") == 2
