from typing import Any

import pytest

from joch.api.backend import Backend
from joch.api.conversation import Conversation, ConversationReason, ResolvedBy
from joch.decide.conversation.resolution import Pinned, Resolution, Routed, Unresolved, resolve
from tests.unit.decide.routing_objects import model

DEFAULT = model("gpt", default=True, alias="standard")
ROUTE = {"routeRef": {"name": "research"}}
PIN = {"model": "anthropic:sonnet"}


def conversation(**spec: Any) -> Conversation:
    return Conversation.model_validate(
        {"metadata": {"name": "thesis", "namespace": "rig"}, "spec": spec}
    )


DECIDED: dict[str, tuple[str | None, dict[str, Any], Resolution]] = {
    "the message goes before all other levels": (
        "google:gemini",
        {**PIN, **ROUTE},
        Pinned(Backend("", "google", "gemini"), ResolvedBy.MESSAGE),
    ),
    "a message may name a route": ("cheap", PIN, Routed("cheap", ResolvedBy.MESSAGE)),
    "a message may name another namespace's provider": (
        "shared/openai:gpt",
        {},
        Pinned(Backend("shared", "openai", "gpt"), ResolvedBy.MESSAGE),
    ),
    "the session's model goes before its route": (
        None,
        {**PIN, **ROUTE},
        Pinned(Backend("", "anthropic", "sonnet"), ResolvedBy.SESSION),
    ),
    "the session's route goes before the default": (
        None,
        ROUTE,
        Routed("research", ResolvedBy.SESSION),
    ),
    "the default Model is named by its alias": (
        None,
        {},
        Pinned(Backend("", "openai", "standard"), ResolvedBy.SYSTEM_DEFAULT),
    ),
}


@pytest.mark.parametrize("sentence", DECIDED)
def test_the_first_level_that_is_set_decides(sentence: str) -> None:
    message, spec, expected = DECIDED[sentence]

    assert resolve(message, conversation(**spec), [DEFAULT]) == expected


def test_of_two_defaults_neither_counts_and_both_are_named() -> None:
    defaults = [model("zeta", default=True), model("alpha", default=True)]

    resolution = resolve(None, conversation(), defaults)

    assert resolution == resolve(None, conversation(), defaults[::-1])
    assert resolution == Unresolved(
        ConversationReason.TWO_DEFAULTS,
        "Namespace rig has more than one default Model, so none counts: alpha and zeta. "
        "Leave spec.default: true on one of them, or set spec.routeRef or spec.model on the "
        "Conversation.",
    )


def test_a_conversation_with_a_route_does_not_mind_two_defaults() -> None:
    defaults = [model("alpha", default=True), model("zeta", default=True)]

    assert resolve(None, conversation(**ROUTE), defaults) == Routed("research", ResolvedBy.SESSION)


NO_DEFAULTS = {
    "there is none": [],
    "one that is not marked does not count": [model("gpt")],
    "another namespace's does not count": [model("gpt", namespace="other", default=True)],
}


@pytest.mark.parametrize("sentence", NO_DEFAULTS)
def test_without_any_level_the_sentence_says_what_to_set(sentence: str) -> None:
    resolution = resolve(None, conversation(), NO_DEFAULTS[sentence])

    assert resolution == Unresolved(
        ConversationReason.NOTHING_CHOSEN,
        "Nothing chooses a backend for Conversation rig/thesis: set spec.routeRef or spec.model "
        "on it, or spec.default: true on one Model of namespace rig.",
    )


def test_a_message_that_names_no_backend_is_refused_rather_than_passed_to_the_next_level() -> None:
    resolution = resolve("openai:", conversation(**ROUTE), [DEFAULT])

    assert isinstance(resolution, Unresolved)
    assert resolution.reason is ConversationReason.INVALID_SPEC
    assert "'openai:' must be a backend, provider:model" in resolution.message
