"""Takes what listings and watches bring into the cache, and tells whom it concerns."""

import asyncio
import logging
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from joch.api.base import GROUP, Resource
from joch.handlers.operator import Operator
from joch.handlers.triggers import ON_CHANGE
from joch.observe.api_server import ApiError, Gone, Json, KindMissing, NotFound
from joch.observe.cache import object_key
from joch.observe.paths import collection

RETRIES = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scope:
    """The objects of a kind in a namespace; None: in all of them."""

    kind: type[Resource]
    namespace: str | None

    @property
    def path(self) -> str:
        """Where the API server has them."""
        where = collection(self.kind)
        return where.all() if self.namespace is None else where.inside(self.namespace)

    def holds(self, key: str) -> bool:
        """Whether an object is one of them, by `namespace/name`."""
        return self.namespace is None or key.startswith(f"{self.namespace}/")


def scopes(kinds: Iterable[type[Resource]], namespaces: Sequence[str]) -> tuple[Scope, ...]:
    """One a kind and namespace; no namespaces: one a kind, for all of them."""
    return tuple(Scope(kind, namespace) for kind in kinds for namespace in namespaces or (None,))


def deliver(operator: Operator, kind: type[Resource], event: Json) -> None:
    """Take one watch event. Only keys go on; what is known already (our own writes) is no news."""
    if event["type"] == "DELETED":
        forget(operator, kind, event["object"])
    else:
        take(operator, kind, event["object"])


def take(operator: Operator, kind: type[Resource], raw: Json) -> None:
    """An object as the server has it now."""
    key, store = object_key(raw), operator.cache.store(kind)
    if not store.versions.is_news(key, raw["metadata"]):
        return
    if store.uid(key) is not None:
        # Who depended on what it was is told too: the rival of a name that it leaves, say.
        ON_CHANGE[kind](operator, key)
    try:
        news = store.put(raw)
    except ValueError as error:
        name = kind.definition.kind
        log.error("%s %s is not understood and left alone: %s", name, key, _first(error))
        return
    if news:
        ON_CHANGE[kind](operator, key)


def forget(operator: Operator, kind: type[Resource], raw: Json) -> None:
    """An object was deleted: who depended on it is told before it is forgotten."""
    key, uid = object_key(raw), raw["metadata"]["uid"]
    if operator.cache.store(kind).uid(key) == uid:
        ON_CHANGE[kind](operator, key)
        operator.cache.store(kind).drop(key, uid)
        operator.told.pop(uid, None)


async def list_all(operator: Operator, scopes: Iterable[Scope]) -> dict[Scope, str]:
    """List all scopes: take what is there, forget what is not. The resourceVersion of each listing.

    Raises:
        KindMissing: a CRD is not installed.
        ApiError: a kind could not be listed, after several attempts.
    """
    try:
        return {scope: await compare(operator, scope) for scope in scopes}
    except KindMissing as error:
        raise KindMissing(f"{error}: install the CRDs (kubectl apply -f crds/)") from error


async def compare(operator: Operator, scope: Scope) -> str:
    """List a scope: take what is there, forget what is not. The listing's resourceVersion.

    Raises:
        KindMissing: its CRD is not installed.
        ApiError: it could not be listed, after several attempts.
    """
    store = operator.cache.store(scope.kind)
    before = {key: uid for key, uid in store.uids().items() if scope.holds(key)}
    seen, version = await _list(operator, scope)
    for key, uid in before.items():
        if key not in seen:
            namespace, _, name = key.partition("/")
            gone = {"metadata": {"namespace": namespace, "name": name, "uid": uid}}
            forget(operator, scope.kind, gone)
    return version


async def _list(operator: Operator, scope: Scope) -> tuple[set[str], str]:
    """The keys of what is there, and at which resourceVersion."""
    for attempt in range(RETRIES):
        try:
            seen, version = set(), ""
            async for page in operator.server.list(scope.path):
                for raw in page.items:
                    take(operator, scope.kind, raw)
                    seen.add(object_key(raw))
                version = page.version
            return seen, version
        except NotFound as error:
            plural = f"{scope.kind.definition.plural}.{GROUP}"
            raise KindMissing(f"the API server does not know {plural}") from error
        except ApiError as error:
            # Just after a CRD is made a LIST answers 429 (measured); a 410 wants a fresh start.
            if attempt == RETRIES - 1 or not (error.retryable or isinstance(error, Gone)):
                raise
            await asyncio.sleep((error.retry_after or 0.5 * 2**attempt) * random.uniform(1.0, 1.5))
    raise AssertionError("unreachable: the last attempt returns or raises")


def _first(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    problem = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
