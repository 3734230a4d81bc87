"""The local copy of all joch.dev objects, fed by listings, watches and our own writes.

Conversations and records come in tens of thousands, so they are kept small: a Conversation as its
JSON text beside the few fields that are indexed, a record as its facts.
"""

from typing import Any

from joch.api.backend import Backend
from joch.api.base import Resource
from joch.api.conversation import Conversation
from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.names import gateway_model
from joch.observe.cache.checkpoints import CheckpointStore
from joch.observe.cache.conversations import ConversationStore
from joch.observe.cache.objects import ObjectStore
from joch.observe.cache.store import Store, object_key

__all__ = ["Cache", "default_group", "object_key"]


class Cache:
    """Every joch.dev object that the operator may see."""

    def __init__(self) -> None:
        self.providers = ObjectStore(LLMProvider, _namespace)
        self.models = ObjectStore(Model, _model_groups)
        """In groups by provider key, and `default_group(namespace)`."""
        self.routes = ObjectStore(ModelRoute, _route_groups)
        """In groups by namespace, and by the key of each provider that they name."""
        self.gateways = ObjectStore(LLMGateway, _namespace)
        self.conversations = ConversationStore()
        self.checkpoints = CheckpointStore()
        self._stores: dict[type[Resource], Store[Any]] = {
            LLMProvider: self.providers,
            Model: self.models,
            ModelRoute: self.routes,
            LLMGateway: self.gateways,
            Conversation: self.conversations,
            StateCheckpoint: self.checkpoints,
        }

    def siblings(self, model: Model) -> tuple[Model, ...]:
        """The Models that may clash with this one: its vendor id, its name, default like it."""
        clashing = {
            other.key: other
            for group in _model_groups(model)[1:]
            for other in self.models.grouped(group)
        }
        return tuple(clashing.values())

    def store(self, kind: type[Resource]) -> Store[Any]:
        """The store of a kind."""
        return self._stores[kind]


def default_group(namespace: str) -> str:
    """The group of a namespace's Models that say they are its default."""
    return f"{namespace}/ default"


def _namespace(item: Resource) -> tuple[str, ...]:
    return (item.metadata.namespace,)


def _model_groups(model: Model) -> tuple[str, ...]:
    namespace, provider = model.metadata.namespace, model.spec.provider_ref.name
    groups = (
        f"{namespace}/{provider}",
        f"{namespace}/ id {provider} {model.spec.model}",
        f"{namespace}/ name {gateway_model(model, namespace)}",
    )
    return (*groups, default_group(namespace)) if model.spec.default else groups


def _route_groups(route: ModelRoute) -> tuple[str, ...]:
    home = route.metadata.namespace
    named = {Backend.parse(backend).provider_key(home) for backend in route.backends}
    return (home, *sorted(named))
