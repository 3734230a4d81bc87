"""Looks backends up in the cache: the facts of candidates, as decisions want them."""

from collections.abc import Iterable

from joch.api.backend import Backend
from joch.decide.candidates import CandidateFacts, find_candidate
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
