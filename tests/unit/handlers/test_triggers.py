"""What is judged again when an object changes, in its own namespace and in others."""

from typing import Any

import pytest

from joch.api.base import Resource
from joch.api.conversation import Conversation
from joch.api.llmgateway import LLMGateway
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.handlers import informer, modelroute
from joch.handlers.operator import Operator
from joch.handlers.triggers import model_changed, provider_changed
from tests.unit.decide.conversation_objects import binding
from tests.unit.handlers.objects import Raw, raw

FAR = "shared/openai:gpt"


def raw_route(name: str = "research", primary: str = "openai:gpt", version: int = 1) -> Raw:
    return raw(name, version=version, spec={"strategy": {"primary": primary}})


def raw_conversation(name: str, backend: str | None = None, version: int = 1, **spec: Any) -> Raw:
    status = {} if backend is None else {"binding": binding(backend)}
    return raw(name, version=version, spec=spec, status=status)


async def known(operator: Operator, *objects: tuple[type[Resource], Raw]) -> None:
    """These objects are known, and all that they made somebody do is done."""
    for kind, body in objects:
        informer.take(operator, kind, body)
    for kind in operator.queues:
        await queued(operator, kind)


async def queued(operator: Operator, kind: type[Resource]) -> set[str]:
    """The keys that wait to be worked on, and are taken off."""
    queue, keys = operator.queues[kind], set()
    while len(queue):
        key = await queue.take()
        queue.done(key)
        keys.add(key)
    return keys


FOLLOWS: Raw = {"routeRef": {"name": "research"}}
OWN_GATEWAY = (LLMGateway, raw("proxy", spec={}))


async def test_a_deleted_route_is_told_to_its_conversations_and_its_gateway(
    operator: Operator,
) -> None:
    talk = raw_conversation("thesis", "openai:gpt", **FOLLOWS)
    await known(operator, OWN_GATEWAY, (ModelRoute, raw_route()), (Conversation, talk))

    informer.forget(operator, ModelRoute, raw_route())
    for key in await queued(operator, ModelRoute):
        await modelroute.reconcile(operator, key)

    assert await queued(operator, Conversation) == {"rig/thesis"}
    assert await queued(operator, LLMGateway) == {"rig/proxy"}


@pytest.mark.parametrize(
    "user",
    [
        (ModelRoute, raw_route(primary=FAR)),
        (Conversation, raw_conversation("thesis", FAR, **FOLLOWS)),
        (Conversation, raw_conversation("thesis", model=FAR)),
    ],
    ids=["a route names it", "a conversation is bound to it", "a conversation is pinned to it"],
)
async def test_a_provider_that_changes_is_told_to_the_gateways_that_serve_it_elsewhere(
    operator: Operator, user: tuple[type[Resource], Raw]
) -> None:
    elsewhere = (LLMGateway, raw("other", namespace="elsewhere", spec={}))
    await known(operator, OWN_GATEWAY, elsewhere, user)

    provider_changed(operator, "shared/openai")

    assert await queued(operator, LLMGateway) == {"rig/proxy"}


@pytest.mark.parametrize(
    "after",
    [
        raw_conversation("thesis", FAR, version=2, **FOLLOWS),
        raw_conversation("thesis", version=2, model=FAR),
    ],
    ids=["bound", "pinned"],
)
async def test_a_conversation_that_goes_to_another_namespace_s_provider_is_told_to_its_gateway(
    operator: Operator, after: Raw
) -> None:
    await known(operator, OWN_GATEWAY, (Conversation, raw_conversation("thesis", **FOLLOWS)))

    informer.take(operator, Conversation, after)

    assert await queued(operator, LLMGateway) == {"rig/proxy"}


async def test_a_conversation_that_stays_in_its_namespace_is_no_news_to_the_gateway(
    operator: Operator,
) -> None:
    await known(operator, OWN_GATEWAY, (Conversation, raw_conversation("thesis", **FOLLOWS)))

    moved = raw_conversation("thesis", "openai:gpt", version=2, **FOLLOWS)
    informer.take(operator, Conversation, moved)

    assert await queued(operator, LLMGateway) == set()


async def test_a_model_s_new_price_or_window_is_told_to_the_conversations_of_its_routes(
    operator: Operator,
) -> None:
    spec = {"providerRef": {"name": "openai"}, "model": "gpt"}
    other = {"providerRef": {"name": "openai"}, "model": "gpt-mini"}
    await known(
        operator,
        (ModelRoute, raw_route()),
        (ModelRoute, raw_route("cheap", "openai:gpt-mini")),
        (Model, raw("gpt", spec=spec)),
        (Model, raw("gpt-mini", spec=other)),
        (Conversation, raw_conversation("thesis", "openai:gpt", **FOLLOWS)),
        (Conversation, raw_conversation("waiting", **FOLLOWS)),
        (Conversation, raw_conversation("memo", "openai:gpt-mini", routeRef={"name": "cheap"})),
    )
    model = operator.cache.models.get("rig/gpt")
    assert model is not None

    model_changed(operator, model)

    assert await queued(operator, Conversation) == {"rig/thesis", "rig/waiting"}


async def test_a_namespace_that_gets_a_gateway_of_its_own_is_told_its_names(
    operator: Operator,
) -> None:
    central = (LLMGateway, raw("central", namespace="shared", spec={"namespaces": ["rig"]}))
    await known(operator, central, (Conversation, raw_conversation("thesis", **FOLLOWS)))

    informer.take(operator, *OWN_GATEWAY)

    assert await queued(operator, Conversation) == {"rig/thesis"}


async def test_what_was_told_of_a_conversation_is_forgotten_with_it(operator: Operator) -> None:
    talk = raw_conversation("thesis", "openai:gpt", **FOLLOWS)
    await known(operator, (Conversation, talk))
    operator.told["rig-thesis"] = 1

    informer.forget(operator, Conversation, talk)

    assert operator.told == {}
