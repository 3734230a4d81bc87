"""Looks backends up in the cache: the facts of candidates, as decisions want them."""

from collections.abc import Iterable

from joch.api.backend import Backend
from joch.api.llmgateway import LLMGateway
from joch.decide.route.candidates import CandidateFacts, find_candidate
from joch.observe.cache import Cache


def candidates(cache: Cache, backends: Iterable[Backend], home: str) -> tuple[CandidateFacts, ...]:
    """What is known of these backends, seen from namespace `home`, in their order."""
    return tuple(candidate(cache, backend, home) for backend in backends)


def candidate(cache: Cache, backend: Backend, home: str) -> CandidateFacts:
    """What is known of one backend, seen from namespace `home`."""
    key = backend.provider_key(home)
    provider = cache.providers.get(key)
    known = {} if provider is None else {key: provider}
    return find_candidate(backend, home, known, {key: cache.models.grouped(key)})


def served_namespaces(gateway: LLMGateway) -> tuple[str, ...]:
    """The namespaces that a gateway serves: its own where it names none."""
    return gateway.spec.namespaces or (gateway.metadata.namespace,)


def serving_namespace(cache: Cache, home: str) -> str | None:
    """The namespace of the gateway that serves another's conversations; None: their own does.

    A gateway of their own namespace comes first, then the first by name that lists theirs.
    """
    others: list[str] = []
    for gateway in cache.gateways:
        if home in served_namespaces(gateway):
            if gateway.metadata.namespace == home:
                return None
            others.append(gateway.key)
    return min(others).partition("/")[0] if others else None
