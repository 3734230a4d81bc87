"""The local copy of all joch.dev objects, fed by listings, watches and our own writes.

Conversations and records come in tens of thousands, so they are kept small: a Conversation as its
JSON text beside the few fields that are indexed, a record as its facts.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from joch.api.backend import Backend
from joch.api.base import Resource
from joch.api.conversation import Conversation
from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.history.records import RecordFacts
from joch.decide.history.retention import Absent, Bound, Hold, Unbound
from joch.decide.names import gateway_model
from joch.observe.versions import Versions

R = TypeVar("R", bound=Resource)
Raw = Mapping[str, Any]

_METADATA = ("name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp")


def object_key(raw: Raw) -> str:
    """`namespace/name`."""
    metadata = raw["metadata"]
    return f"{metadata['namespace']}/{metadata['name']}"


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


def default_group(namespace: str) -> str:
    """The group of a namespace's Models that say they are its default."""
    return f"{namespace}/ default"


class Store(Generic[R]):
    """All objects of a kind, parsed, and found by the groups that they belong to."""

    def __init__(self, kind: type[R], groups: Callable[[R], Iterable[str]]) -> None:
        self._kind = kind
        self._groups_of = groups
        self._objects: dict[str, R] = {}
        self._groups: dict[str, dict[str, R]] = {}
        self.versions = Versions()

    def put(self, raw: Raw) -> bool:
        """Take an object; False when it is known already, or is not news any more.

        Raises:
            pydantic.ValidationError: the object is not of this kind's shape.
        """
        key, metadata = object_key(raw), raw["metadata"]
        if not self.versions.is_news(key, metadata):
            return False
        item = self._kind.model_validate(raw)
        self._forget(key)
        self.versions.take(key, metadata)
        self._objects[key] = item
        for group in self._groups_of(item):
            self._groups.setdefault(group, {})[key] = item
        return True

    def drop(self, key: str, uid: str) -> bool:
        """Forget an object; False when it is unknown or its name was taken by another."""
        if not self.versions.drop(key, uid):
            return False
        self._forget(key)
        return True

    def get(self, key: str) -> R | None:
        """One object by `namespace/name`."""
        return self._objects.get(key)

    def grouped(self, group: str) -> tuple[R, ...]:
        """The objects of a group, in order of their names."""
        return tuple(item for _, item in sorted(self._groups.get(group, {}).items()))

    def uids(self) -> dict[str, str]:
        """The uid of every object, by key."""
        return self.versions.uids()

    def uid(self, key: str) -> str | None:
        """The uid of one object."""
        return self.versions.uid(key)

    def _forget(self, key: str) -> None:
        item = self._objects.pop(key, None)
        for group in () if item is None else self._groups_of(item):
            members = self._groups[group]
            del members[key]
            if not members:
                del self._groups[group]

    def __iter__(self) -> Iterator[R]:
        return iter(self._objects.values())

    def __len__(self) -> int:
        return len(self._objects)


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A Conversation at rest: its text, and what is indexed."""

    text: bytes
    route: str | None
    backend: str | None
    pinned: str | None


class ConversationStore:
    """All Conversations, as text; indexed by route and by the provider they are bound to."""

    def __init__(self) -> None:
        self._rows: dict[str, ConversationRow] = {}
        self._by_route: dict[str, set[str]] = {}
        self._by_provider: dict[str, set[str]] = {}
        self._backends: Counter[tuple[str, str]] = Counter()
        self.versions = Versions()

    def put(self, raw: Raw) -> bool:
        """Take an object; False when it is known already, or is not news any more.

        Raises:
            ValueError: the object is not of this kind's shape, or bound to what is no backend.
        """
        key, metadata = sys.intern(object_key(raw)), raw["metadata"]
        if not self.versions.is_news(key, metadata):
            return False
        row = _row(raw, Conversation.model_validate(raw))
        _providers(row, metadata["namespace"])
        self._forget(key)
        self.versions.take(key, metadata)
        self._rows[key] = row
        self._index(key, row)
        return True

    def drop(self, key: str, uid: str) -> bool:
        """Forget an object; False when it is unknown or its name was taken by another."""
        if not self.versions.drop(key, uid):
            return False
        self._forget(key)
        return True

    def get(self, key: str) -> Conversation | None:
        """One Conversation by `namespace/name`."""
        row = self._rows.get(key)
        return None if row is None else Conversation.model_validate_json(row.text)

    def of_route(self, route: str) -> frozenset[str]:
        """Keys of the conversations whose `spec.routeRef` names this route (`namespace/name`)."""
        return frozenset(self._by_route.get(route, ()))

    def of_namespace(self, namespace: str) -> frozenset[str]:
        """Keys of a namespace's conversations."""
        return frozenset(key for key in self._rows if key.startswith(f"{namespace}/"))

    def without_route(self, namespace: str) -> frozenset[str]:
        """Keys of a namespace's conversations that name no route."""
        return frozenset(self._by_route.get(f"{namespace}/", ()))

    def concerned(self, provider: str) -> frozenset[str]:
        """Keys of the conversations bound or pinned to a backend of this provider."""
        return frozenset(self._by_provider.get(provider, ()))

    def place(self, key: str) -> tuple[str | None, str | None]:
        """The route (`namespace/name`) that a conversation names, and its bound backend."""
        row = self._rows.get(key)
        if row is None:
            return None, None
        route = None if row.route is None else f"{key.partition('/')[0]}/{row.route}"
        return route, row.backend

    def backends_of(self, key: str) -> frozenset[str]:
        """The backends that a conversation is bound or pinned to, as written."""
        row = self._rows.get(key)
        return frozenset() if row is None else frozenset(_named(row))

    def backends(self, namespace: str) -> frozenset[str]:
        """The backends that conversations of a namespace are bound or pinned to, as written."""
        return frozenset(text for home, text in self._backends if home == namespace)

    def count_by_backend(self, route: str) -> dict[str, int]:
        """How many conversations of a route are bound to each backend."""
        rows = (self._rows[key] for key in self._by_route.get(route, ()))
        return dict(Counter(row.backend for row in rows if row.backend is not None))

    def hold_of(self, key: str, missed_since: str) -> Hold:
        """What holds the records of a conversation: its binding, if it is there and has one."""
        conversation = self.get(key)
        if conversation is None:
            return Absent(missed_since)
        binding = conversation.status.binding
        return Unbound() if binding is None else Bound(binding.checkpoint)

    def uids(self) -> dict[str, str]:
        """The uid of every object, by key."""
        return self.versions.uids()

    def uid(self, key: str) -> str | None:
        """The uid of one object."""
        return self.versions.uid(key)

    def __len__(self) -> int:
        return len(self._rows)

    def _index(self, key: str, row: ConversationRow) -> None:
        namespace = key.partition("/")[0]
        self._by_route.setdefault(f"{namespace}/{row.route or ''}", set()).add(key)
        for provider in _providers(row, namespace):
            self._by_provider.setdefault(provider, set()).add(key)
        self._backends.update((namespace, text) for text in _named(row))

    def _forget(self, key: str) -> None:
        row, namespace = self._rows.pop(key, None), key.partition("/")[0]
        if row is None:
            return
        _discard(self._by_route, f"{namespace}/{row.route or ''}", key)
        for provider in _providers(row, namespace):
            _discard(self._by_provider, provider, key)
        for text in _named(row):
            self._backends[namespace, text] -= 1
            if not self._backends[namespace, text]:
                del self._backends[namespace, text]


def _discard(index: dict[str, set[str]], group: str, key: str) -> None:
    index[group].discard(key)
    if not index[group]:
        del index[group]


def _row(raw: Raw, conversation: Conversation) -> ConversationRow:
    spec, binding = conversation.spec, conversation.status.binding
    kept = {
        "metadata": {name: value for name, value in raw["metadata"].items() if name in _METADATA},
        "spec": raw.get("spec") or {},
        "status": raw.get("status") or {},
    }
    return ConversationRow(
        text=json.dumps(kept, separators=(",", ":"), ensure_ascii=False).encode(),
        route=None if spec.route_ref is None else sys.intern(spec.route_ref.name),
        backend=None if binding is None else sys.intern(binding.backend),
        pinned=None if spec.model is None else sys.intern(spec.model),
    )


def _named(row: ConversationRow) -> set[str]:
    return {text for text in (row.backend, row.pinned) if text is not None}


def _providers(row: ConversationRow, namespace: str) -> set[str]:
    return {Backend.parse(text).provider_key(namespace) for text in _named(row)}


class CheckpointStore:
    """All StateCheckpoints: records as facts, requests whole; both by conversation."""

    def __init__(self) -> None:
        self.versions = Versions()
        self._records: dict[str, dict[str, RecordFacts]] = {}
        self._requests: dict[str, dict[str, StateCheckpoint]] = {}
        self._conversations: dict[str, str] = {}
        self.stored_bytes = 0

    def put(self, raw: Raw) -> bool:
        """Take an object; False when it is known already, or is not news any more.

        A record never changes, so a later version of it is no news either.

        Raises:
            pydantic.ValidationError: the object is not a StateCheckpoint's shape.
        """
        key, metadata = object_key(raw), raw["metadata"]
        is_record = "record" in raw["spec"]
        same_record = is_record and self.versions.uid(key) == metadata["uid"]
        if same_record or not self.versions.is_news(key, metadata):
            return False
        checkpoint = StateCheckpoint.model_validate(raw)
        conversation = f"{checkpoint.metadata.namespace}/{checkpoint.spec.conversation_ref.name}"
        self._forget(key)
        self.versions.take(key, metadata)
        self._conversations[key] = conversation
        if is_record:
            facts = RecordFacts.of(checkpoint)
            self._records.setdefault(conversation, {})[key] = facts
            self.stored_bytes += facts.handoff_bytes
        else:
            self._requests.setdefault(conversation, {})[key] = checkpoint
        return True

    def drop(self, key: str, uid: str) -> bool:
        """Forget an object; False when it is unknown or its name was taken by another."""
        if not self.versions.drop(key, uid):
            return False
        self._forget(key)
        return True

    def _forget(self, key: str) -> None:
        conversation = self._conversations.pop(key, "")
        record = self._records.get(conversation, {}).pop(key, None)
        self._requests.get(conversation, {}).pop(key, None)
        for index in (self._records, self._requests):
            if not index.get(conversation, True):
                del index[conversation]
        self.stored_bytes -= 0 if record is None else record.handoff_bytes

    def conversation_of(self, key: str) -> str | None:
        """The key of the Conversation that a checkpoint names."""
        return self._conversations.get(key)

    def records(self, conversation: str) -> tuple[RecordFacts, ...]:
        """All records that name this conversation, lowest ordinal first."""
        found = self._records.get(conversation, {}).values()
        return tuple(sorted(found, key=lambda record: (record.ordinal, record.name)))

    def all_records(self) -> Iterator[RecordFacts]:
        """Every record."""
        return (record for found in self._records.values() for record in found.values())

    def requests(self, conversation: str) -> tuple[StateCheckpoint, ...]:
        """All requests that name this conversation, oldest first."""
        found = self._requests.get(conversation, {}).values()
        return tuple(
            sorted(found, key=lambda item: (item.metadata.creation_timestamp, item.metadata.name))
        )

    def uids(self) -> dict[str, str]:
        """The uid of every object, by key."""
        return self.versions.uids()

    def uid(self, key: str) -> str | None:
        """The uid of one object."""
        return self.versions.uid(key)

    def __len__(self) -> int:
        return len(self._conversations)


class Cache:
    """Every joch.dev object that the operator may see."""

    def __init__(self) -> None:
        self.providers = Store(LLMProvider, _namespace)
        self.models = Store(Model, _model_groups)
        """In groups by provider key, and `default_group(namespace)`."""
        self.routes = Store(ModelRoute, _route_groups)
        """In groups by namespace, and by the key of each provider that they name."""
        self.gateways = Store(LLMGateway, _namespace)
        self.conversations = ConversationStore()
        self.checkpoints = CheckpointStore()

    def siblings(self, model: Model) -> tuple[Model, ...]:
        """The Models that may clash with this one: its vendor id, its name, default like it."""
        clashing = {
            other.key: other
            for group in _model_groups(model)[1:]
            for other in self.models.grouped(group)
        }
        return tuple(clashing.values())

    def store(self, kind: type[Resource]) -> "AnyStore":
        """The store of a kind."""
        return self._stores()[kind]

    def _stores(self) -> "dict[type[Resource], AnyStore]":
        return {
            LLMProvider: self.providers,
            Model: self.models,
            ModelRoute: self.routes,
            LLMGateway: self.gateways,
            Conversation: self.conversations,
            StateCheckpoint: self.checkpoints,
        }


AnyStore = (
    Store[LLMProvider]
    | Store[Model]
    | Store[ModelRoute]
    | Store[LLMGateway]
    | ConversationStore
    | CheckpointStore
)
