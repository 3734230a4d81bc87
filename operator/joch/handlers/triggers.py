"""Which objects are judged again when one changes. Only keys are passed on."""

from collections.abc import Callable

from joch.api.backend import Backend
from joch.api.base import Resource
from joch.api.conversation import Conversation
from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.gateway.groups import backend_of, provider_of
from joch.handlers.operator import Operator
from joch.observe.backends import served_namespaces

COUNT_DELAY = 1.0
"""Seconds by which a route's count of conversations may lag: one write for a whole mass switch."""


def on_provider(operator: Operator, key: str) -> None:
    """An LLMProvider was added, edited or deleted."""
    operator.enqueue(LLMProvider, key)
    for model in operator.cache.models.grouped(key):
        operator.enqueue(Model, model.key)
    provider_changed(operator, key)


def on_model(operator: Operator, key: str) -> None:
    """A Model was added, edited or deleted."""
    operator.enqueue(Model, key)
    model = operator.cache.models.get(key)
    if model is not None:
        for other in operator.cache.siblings(model):
            operator.enqueue(Model, other.key)
        model_changed(operator, model)
        # Where it was discovered and is gone, it is made again out of the last listing.
        operator.enqueue(LLMProvider, provider_of(model))


def on_route(operator: Operator, key: str) -> None:
    """A ModelRoute was added, edited or deleted; who depends on it is told once it is judged."""
    operator.enqueue(ModelRoute, key)


def on_conversation(operator: Operator, key: str) -> None:
    """A Conversation was added, edited or deleted."""
    operator.enqueue(Conversation, key)
    conversation_moved(operator, key)


def on_checkpoint(operator: Operator, key: str) -> None:
    """A request was made: its Conversation decides what becomes of it. Records need nothing."""
    conversation = operator.cache.checkpoints.conversation_of(key)
    if conversation is not None and operator.cache.checkpoints.requests(conversation):
        operator.enqueue(Conversation, conversation)


def on_gateway(operator: Operator, key: str) -> None:
    """An LLMGateway was added, edited or deleted; conversations may have to ask it otherwise."""
    operator.enqueue(LLMGateway, key)
    gateway = operator.cache.gateways.get(key)
    for namespace in served_namespaces(gateway) if gateway is not None else ():
        for conversation in operator.cache.conversations.of_namespace(namespace):
            operator.enqueue(Conversation, conversation)


ON_CHANGE: dict[type[Resource], Callable[[Operator, str], None]] = {
    LLMProvider: on_provider,
    Model: on_model,
    ModelRoute: on_route,
    Conversation: on_conversation,
    StateCheckpoint: on_checkpoint,
    LLMGateway: on_gateway,
}


def provider_changed(operator: Operator, key: str) -> None:
    """What is known of a provider or of its models changed, for all namespaces that use it."""
    users = {key.partition("/")[0]}
    for route in operator.cache.routes.grouped(key):
        operator.enqueue(ModelRoute, route.key)
        users.add(route.metadata.namespace)
    for conversation in operator.cache.conversations.concerned(key):
        users.add(conversation.partition("/")[0])
        if not _follows_route(operator, conversation):
            operator.enqueue(Conversation, conversation)
    for namespace in users:
        gateways_changed(operator, namespace)


def route_decided(operator: Operator, key: str) -> None:
    """A route is gone or its candidates changed: conversations may have to move, gateways too."""
    for conversation in operator.cache.conversations.of_route(key):
        operator.enqueue(Conversation, conversation)
    gateways_changed(operator, key.partition("/")[0])


def gateways_changed(operator: Operator, namespace: str) -> None:
    """What a gateway has to serve may have changed in a namespace."""
    for gateway in operator.cache.gateways:
        if namespace in served_namespaces(gateway):
            operator.enqueue(LLMGateway, gateway.key)


def model_changed(operator: Operator, model: Model) -> None:
    """What is known of a model changed.

    Its window and price are judged against each conversation's own context: a route's verdict, for
    which no conversation is in view, may well be the same.
    """
    namespace, provider = model.metadata.namespace, provider_of(model)
    provider_changed(operator, provider)
    spellings = {f"{model.spec.provider_ref.name}:{model.local_name}", backend_of(model)}
    for route in operator.cache.routes.grouped(provider):
        if not spellings.isdisjoint(route.backends):
            for conversation in operator.cache.conversations.of_route(route.key):
                operator.enqueue(Conversation, conversation)
    for conversation in operator.cache.conversations.without_route(namespace):
        operator.enqueue(Conversation, conversation)


def conversation_moved(operator: Operator, key: str) -> None:
    """A conversation came, went or moved.

    Its route's count follows a little later. A gateway serves its namespaces' own models anyway,
    and another namespace's for the routes and conversations that name them.
    """
    cache, namespace = operator.cache, key.partition("/")[0]
    route = cache.conversations.place(key)[0]
    if route is not None and cache.routes.get(route) is not None:
        operator.enqueue(ModelRoute, route, COUNT_DELAY)
    for text in cache.conversations.backends_of(key):
        backend = Backend.parse(text)
        if backend.namespace:
            routes = cache.routes.grouped(backend.provider_key(namespace))
            if not any(text in route.backends for route in routes):
                gateways_changed(operator, namespace)


def _follows_route(operator: Operator, conversation: str) -> bool:
    """Whether the verdict over its route's candidates already covers the conversation's backend."""
    route_key, backend = operator.cache.conversations.place(conversation)
    route = None if route_key is None else operator.cache.routes.get(route_key)
    return route is not None and backend in route.backends
