"""The facts of a candidate: what is known of a backend before anybody judges it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from joch.api.backend import Backend
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model, ModelSource

_ALL_NAMESPACES = "*"
# A hand-written Model always wins; one that the operator has not looked at yet displaces nobody.
_PRECEDENCE = (ModelSource.MANUAL, ModelSource.PREDEFINED, ModelSource.DISCOVERED)


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """A backend as a route writes it, and the objects that it names.

    `provider` is None where it does not exist or must not be seen. `granted` says whether the
    provider is of the home namespace or grants it; for another namespace's provider that does not
    exist it is False too, so that nobody learns what exists there. `model` is the Model of the
    provider's namespace that the backend names, None where there is none.
    """

    backend: Backend
    provider: LLMProvider | None
    granted: bool
    model: Model | None


def find_candidate(
    backend: Backend,
    home: str,
    providers: Mapping[str, LLMProvider],
    models: Mapping[str, Sequence[Model]],
) -> CandidateFacts:
    """Look a backend up as seen from namespace `home`.

    Both mappings are keyed by the provider's `namespace/name`; a Model counts only with the
    provider that its `spec.providerRef` names.
    """
    key = backend.provider_key(home)
    provider = providers.get(key)
    granted = _granted(backend, home, provider)
    if provider is None or not granted:
        return CandidateFacts(backend, None, granted, None)
    return CandidateFacts(
        backend, provider, granted, _model(backend, provider, models.get(key, ()))
    )


def _granted(backend: Backend, home: str, provider: LLMProvider | None) -> bool:
    if not backend.namespace or backend.namespace == home:
        return True
    allowed = () if provider is None else provider.spec.allowed_namespaces
    return home in allowed or _ALL_NAMESPACES in allowed


def _model(backend: Backend, provider: LLMProvider, models: Sequence[Model]) -> Model | None:
    named = [
        model
        for model in models
        if model.local_name == backend.model
        and model.spec.provider_ref.name == provider.metadata.name
        and model.metadata.namespace == provider.metadata.namespace
    ]
    return min(named, key=_precedence, default=None)


def _precedence(model: Model) -> tuple[int, str]:
    source = model.status.source
    rank = _PRECEDENCE.index(source) if source in _PRECEDENCE else len(_PRECEDENCE)
    return rank, model.metadata.name
