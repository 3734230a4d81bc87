"""Conversations, of which there are tens of thousands: kept as text, beside what is indexed."""

import sys
from collections import Counter
from dataclasses import dataclass

from pydantic_core import to_json

from joch.api.backend import Backend
from joch.api.conversation import Conversation
from joch.decide.history.retention import Absent, Bound, Hold, Unbound
from joch.observe.cache.groups import Groups
from joch.observe.cache.store import Raw, Store

RECENT = 32
"""Conversations that stay parsed: a worker reads the one that it judges, or has written, again."""

_METADATA = ("name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp")


@dataclass(frozen=True, slots=True, eq=False)
class ConversationRow:
    """A version of a Conversation at rest: its text, and what is indexed."""

    text: bytes
    route: str | None
    backend: str | None
    pinned: str | None


class ConversationStore(Store[ConversationRow]):
    """All Conversations, as text; indexed by route and by the provider they are bound to."""

    def __init__(self) -> None:
        super().__init__()
        self._routes = Groups()
        self._providers = Groups()
        self._backends: Counter[tuple[str, str]] = Counter()
        self._parsed: dict[ConversationRow, Conversation] = {}

    def get(self, key: str) -> Conversation | None:
        """One Conversation by `namespace/name`."""
        row = self._kept.get(key)
        if row is None:
            return None
        known = self._parsed.get(row)
        return known or self._remember(row, Conversation.model_validate_json(row.text))

    def of_route(self, route: str) -> frozenset[str]:
        """Keys of the conversations whose `spec.routeRef` names this route (`namespace/name`)."""
        return frozenset(self._routes.keys(route))

    def of_namespace(self, namespace: str) -> frozenset[str]:
        """Keys of a namespace's conversations."""
        return frozenset(key for key in self._kept if key.startswith(f"{namespace}/"))

    def without_route(self, namespace: str) -> frozenset[str]:
        """Keys of a namespace's conversations that name no route."""
        return frozenset(self._routes.keys(f"{namespace}/"))

    def concerned(self, provider: str) -> frozenset[str]:
        """Keys of the conversations bound or pinned to a backend of this provider."""
        return frozenset(self._providers.keys(provider))

    def place(self, key: str) -> tuple[str | None, str | None]:
        """The route (`namespace/name`) that a conversation names, and its bound backend."""
        row = self._kept.get(key)
        if row is None:
            return None, None
        return None if row.route is None else _route_group(key, row), row.backend

    def backends_of(self, key: str) -> frozenset[str]:
        """The backends that a conversation is bound or pinned to, as written."""
        row = self._kept.get(key)
        return frozenset() if row is None else frozenset(_named(row))

    def backends(self, namespace: str) -> frozenset[str]:
        """The backends that conversations of a namespace are bound or pinned to, as written."""
        return frozenset(text for home, text in self._backends if home == namespace)

    def count_by_backend(self, route: str) -> dict[str, int]:
        """How many conversations of a route are bound to each backend."""
        rows = (self._kept[key] for key in self._routes.keys(route))
        return dict(Counter(row.backend for row in rows if row.backend is not None))

    def hold_of(self, key: str, missed_since: str) -> Hold:
        """What holds the records of a conversation: its binding, if it is there and has one."""
        conversation = self.get(key)
        if conversation is None:
            return Absent(missed_since)
        binding = conversation.status.binding
        return Unbound() if binding is None else Bound(binding.checkpoint)

    def _read(self, raw: Raw) -> ConversationRow:
        data = _without_what_nobody_reads(raw)
        conversation = Conversation.model_validate(data)
        row = _row(data, conversation)
        # A binding to what is no backend is found here, before anything is indexed.
        _provider_keys(conversation.metadata.namespace, row)
        self._remember(row, conversation)
        return row

    def _remember(self, row: ConversationRow, conversation: Conversation) -> Conversation:
        self._parsed[row] = conversation
        if len(self._parsed) > RECENT:
            del self._parsed[next(iter(self._parsed))]
        return conversation

    def _index(self, key: str, kept: ConversationRow) -> None:
        namespace = key.partition("/")[0]
        self._routes.add(_route_group(key, kept), key)
        for provider in _provider_keys(namespace, kept):
            self._providers.add(provider, key)
        for text in _named(kept):
            self._backends[namespace, text] += 1

    def _unindex(self, key: str, kept: ConversationRow) -> None:
        namespace = key.partition("/")[0]
        self._routes.discard(_route_group(key, kept), key)
        for provider in _provider_keys(namespace, kept):
            self._providers.discard(provider, key)
        for text in _named(kept):
            self._backends[namespace, text] -= 1
            if not self._backends[namespace, text]:
                del self._backends[namespace, text]


def _without_what_nobody_reads(raw: Raw) -> Raw:
    metadata = {name: value for name, value in raw["metadata"].items() if name in _METADATA}
    return {"metadata": metadata, **{name: raw[name] for name in ("spec", "status") if name in raw}}


def _row(data: Raw, conversation: Conversation) -> ConversationRow:
    spec, binding = conversation.spec, conversation.status.binding
    return ConversationRow(
        text=to_json(data),
        route=None if spec.route_ref is None else sys.intern(spec.route_ref.name),
        backend=None if binding is None else sys.intern(binding.backend),
        pinned=None if spec.model is None else sys.intern(spec.model),
    )


def _route_group(key: str, row: ConversationRow) -> str:
    """The route's key; `namespace/` where there is none."""
    return f"{key.partition('/')[0]}/{row.route or ''}"


def _named(row: ConversationRow) -> set[str]:
    return {text for text in (row.backend, row.pinned) if text is not None}


def _provider_keys(namespace: str, row: ConversationRow) -> set[str]:
    return {Backend.parse(text).provider_key(namespace) for text in _named(row)}
