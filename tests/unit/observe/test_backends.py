"""Which gateway's names a conversation is told."""

from typing import Any

import pytest

from joch.api.llmgateway import LLMGateway
from joch.observe.backends import serving_namespace
from joch.observe.cache import Cache


def gateway(namespace: str, name: str, *served: str) -> dict[str, Any]:
    metadata = {"namespace": namespace, "name": name, "uid": name, "resourceVersion": "1"}
    return {"metadata": metadata, "spec": {"namespaces": list(served)}}


@pytest.mark.parametrize(
    ("gateways", "expected"),
    [
        ([], None),
        ([gateway("team", "own")], None),
        ([gateway("shared", "proxy", "shared", "team")], "shared"),
        ([gateway("shared", "proxy", "team"), gateway("team", "own")], None),
        ([gateway("b", "proxy", "team"), gateway("a", "proxy", "team")], "a"),
        ([gateway("shared", "proxy", "another")], None),
    ],
    ids=[
        "without any gateway the own namespace's names hold",
        "its own namespace's gateway serves it",
        "another namespace's gateway serves it where it lists its namespace",
        "its own gateway comes before another's",
        "of several the first by name",
        "a gateway that does not list its namespace does not count",
    ],
)
def test_the_gateway_that_serves_a_conversation(
    gateways: list[dict[str, Any]], expected: str | None
) -> None:
    cache = Cache()
    for raw in gateways:
        cache.store(LLMGateway).put(raw)
    assert serving_namespace(cache, "team") == expected
