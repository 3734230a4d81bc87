"""Which level decides a conversation's backend: the first that is set.

A level names a backend, to which the conversation is pinned, or a route, which chooses one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from joch.api.backend import Backend
from joch.api.conversation import Conversation, ConversationReason, ResolvedBy
from joch.api.model import Model


@dataclass(frozen=True, slots=True)
class Pinned:
    """A level names a backend: no other serves."""

    backend: Backend
    resolved_by: ResolvedBy


@dataclass(frozen=True, slots=True)
class Routed:
    """A level names a ModelRoute of the conversation's namespace."""

    route_name: str
    resolved_by: ResolvedBy


@dataclass(frozen=True, slots=True)
class Unresolved:
    """No level decides; the sentence names object, field and remedy."""

    reason: ConversationReason
    message: str


Resolution = Pinned | Routed | Unresolved


@dataclass(frozen=True, slots=True)
class _Asked:
    message_override: str | None
    conversation: Conversation
    default_models: Sequence[Model]


def resolve(
    message_override: str | None, conversation: Conversation, default_models: Sequence[Model]
) -> Resolution:
    """Ask the levels in their order.

    `message_override` is what one turn asks for: a backend where it holds a colon, else a route's
    name. Of `default_models` those of the conversation's namespace with `spec.default: true` count.
    """
    asked = _Asked(message_override, conversation, default_models)
    for level in LEVELS:
        answer = level(asked)
        if answer is not None:
            return answer
    return _nothing(conversation)


def _message(asked: _Asked) -> Resolution | None:
    text = asked.message_override
    if text is None:
        return None
    if ":" not in text:
        return Routed(text, ResolvedBy.MESSAGE)
    try:
        return Pinned(Backend.parse(text), ResolvedBy.MESSAGE)
    except ValueError as invalid:
        return Unresolved(
            ConversationReason.INVALID_SPEC,
            f"Conversation {asked.conversation.key}: the model that a message asks for, {invalid}.",
        )


def _session(asked: _Asked) -> Resolution | None:
    spec = asked.conversation.spec
    if spec.model is not None:
        return Pinned(Backend.parse(spec.model), ResolvedBy.SESSION)
    if spec.route_ref is not None:
        return Routed(spec.route_ref.name, ResolvedBy.SESSION)
    return None


def _system_default(asked: _Asked) -> Resolution | None:
    namespace = asked.conversation.metadata.namespace
    defaults = sorted(
        (
            model
            for model in asked.default_models
            if model.spec.default is True and model.metadata.namespace == namespace
        ),
        key=lambda model: model.metadata.name,
    )
    if len(defaults) > 1:
        return _two_defaults(namespace, defaults)
    return next((Pinned(_backend(model), ResolvedBy.SYSTEM_DEFAULT) for model in defaults), None)


def _backend(model: Model) -> Backend:
    return Backend("", model.spec.provider_ref.name, model.local_name)


def _two_defaults(namespace: str, defaults: Sequence[Model]) -> Unresolved:
    first, second, *more = (model.metadata.name for model in defaults)
    others = f" and {len(more)} more" if more else ""
    return Unresolved(
        ConversationReason.TWO_DEFAULTS,
        f"Namespace {namespace} has more than one default Model, so none counts: {first} and "
        f"{second}{others}. Leave spec.default: true on one of them, or set spec.routeRef or "
        "spec.model on the Conversation.",
    )


def _nothing(conversation: Conversation) -> Unresolved:
    return Unresolved(
        ConversationReason.NOTHING_CHOSEN,
        f"Nothing chooses a backend for Conversation {conversation.key}: set spec.routeRef or "
        f"spec.model on it, or spec.default: true on one Model of namespace "
        f"{conversation.metadata.namespace}.",
    )


LEVELS: tuple[Callable[[_Asked], Resolution | None], ...] = (
    _message,
    _session,
    _system_default,
)
"""The order of the design. The Agent's level stands between the session and the default."""
