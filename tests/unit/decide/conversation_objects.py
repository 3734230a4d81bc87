"""Conversations, records and requests as the API server would hand them out, for their tests."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from joch.api.backend import Backend
from joch.api.conversation import (
    Conversation,
    ConversationReason,
    ConversationStatus,
    TranscriptStatus,
)
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.conversation.decision import (
    ConversationInput,
    Decision,
    Move,
    Settle,
    TranscriptProblem,
)
from joch.decide.conversation.resolution import Pinned, Routed, resolve
from joch.decide.history.records import RecordFacts
from joch.decide.route.candidates import CandidateFacts, find_candidate
from tests.unit.decide.routing_objects import WELL, model, provider, route

BOUND_AT = "2026-11-21T11:00:00.000000Z"
NOW = "2026-11-21T12:00:00.000000Z"
LATER = "2026-11-21T13:00:00.000000Z"
DOWN = {**WELL, "Reachable": ("False", "Unreachable", "connection refused")}
UNPROBED = {"Reachable": ("Unknown", "NotProbed", "")}
MODELS = {"openai": "gpt", "anthropic": "sonnet", "ollama": "smollm"}
ROUTE = {"routeRef": {"name": "research"}}
PIN = {"model": "anthropic:sonnet", **ROUTE}
WITH_TRANSCRIPT = {**ROUTE, "transcript": {"configMapRef": {"name": "t", "key": "messages"}}}
BOTH = ("openai:gpt", "anthropic:sonnet")
ALL = (*BOTH, "ollama:smollm")
ALL_NAMES = ("openai", "anthropic", "ollama")
PROBLEM = TranscriptProblem(
    ConversationReason.TRANSCRIPT_NOT_FOUND, "ConfigMap rig/t does not exist: create it."
)
READ = {"digest": "sha256:" + "a" * 64, "messages": 4, "tokens": 1000}
READABLE = TranscriptStatus.model_validate(READ)


class World:
    """Three providers with a Model each; a test makes single ones ill."""

    def __init__(self, **providers: LLMProvider | None) -> None:
        self.providers = {name: provider(name) for name in MODELS}
        self.models = [model(name, of=of) for of, name in MODELS.items()]
        for name, other in providers.items():
            if other is None:
                del self.providers[name]
            else:
                self.providers[name] = other

    def candidate(self, text: str) -> CandidateFacts:
        return find_candidate(
            Backend.parse(text),
            "rig",
            {each.key: each for each in self.providers.values()},
            {each.key: self.models for each in self.providers.values()},
        )


def binding(backend: str = "openai:gpt", **fields: Any) -> dict[str, Any]:
    usual = {"gatewayModel": "x", "resolvedBy": "Session", "route": "research", "since": BOUND_AT}
    return {"backend": backend, **usual, **fields}


def conversation(
    bound: Mapping[str, Any] | str | None = None,
    spec: Mapping[str, Any] = ROUTE,
    *,
    generation: int = 1,
    **status: Any,
) -> Conversation:
    held = binding(bound) if isinstance(bound, str) else bound
    return Conversation.model_validate(
        {
            "metadata": {
                "name": "thesis",
                "namespace": "rig",
                "uid": "u-1",
                "resourceVersion": "7",
                "generation": generation,
                "creationTimestamp": "2026-11-21T10:00:00Z",
            },
            "spec": dict(spec),
            "status": {"observedGeneration": 1, "binding": held, **status},
        }
    )


def facts(
    of: Conversation,
    of_route: ModelRoute | None = None,
    world: World | None = None,
    *,
    records: Sequence[RecordFacts] = (),
    request: StateCheckpoint | None = None,
    transcript: Any = None,
    defaults: Sequence[Model] = (),
    now: str = NOW,
) -> ConversationInput:
    """What the operator would see: the route exists where it is given."""
    world = world or World()
    resolution = resolve(None, of, defaults)
    backends: tuple[str, ...] = ()
    if isinstance(resolution, Pinned):
        backends = (str(resolution.backend),)
    elif isinstance(resolution, Routed) and of_route is not None:
        backends = of_route.backends
    if request is not None:
        backends = (*backends, request.spec.to_backend)
    held = of.status.binding
    return ConversationInput(
        conversation=of,
        resolution=resolution,
        route=of_route if isinstance(resolution, Routed) else None,
        candidates=tuple(world.candidate(text) for text in backends),
        bound=None if held is None else world.candidate(held.backend),
        records=tuple(records),
        request=request,
        transcript=transcript,
        now=now,
    )


def again(given: ConversationInput, status: ConversationStatus, now: str) -> ConversationInput:
    """The same world, looked at later, once the status has been written."""
    decided = given.conversation.model_copy(update={"status": status})
    read = given.transcript if isinstance(given.transcript, TranscriptProblem) else None
    bound = given.bound
    if bound is None and status.binding is not None:
        text = status.binding.backend
        bound = next((c for c in given.candidates if str(c.backend) == text), None)
    return replace(given, conversation=decided, bound=bound, transcript=read, now=now)


def record(
    ordinal: int = 1,
    name: str | None = None,
    *,
    previous: str | None = None,
    **fields: Any,
) -> RecordFacts:
    usual: dict[str, Any] = {
        "namespace": "rig",
        "name": name or f"r{ordinal}",
        "uid": f"uid-{name or ordinal}",
        "created": f"2026-11-21T11:{ordinal:02}:00Z",
        "conversation": "thesis",
        "conversation_uid": "u-1",
        "ordinal": ordinal,
        "previous": previous or (f"r{ordinal - 1}" if ordinal > 1 else None),
        "from_backend": "openai:gpt",
        "to_backend": "anthropic:sonnet",
        "reason": "ProviderUnavailable",
        "request": None,
        "handoff_secret": name or f"r{ordinal}",
        "handoff_bytes": 100,
    }
    return RecordFacts(**{**usual, **fields})


def request(
    to: str = "anthropic:sonnet",
    *,
    name: str = "move",
    created: str = "2026-11-21T11:30:00Z",
    status: Mapping[str, Any] | None = None,
    **spec: Any,
) -> StateCheckpoint:
    return StateCheckpoint.model_validate(
        {
            "metadata": {
                "name": name,
                "namespace": "rig",
                "uid": f"uid-{name}",
                "generation": 1,
                "creationTimestamp": created,
            },
            "spec": {
                "conversationRef": {"name": "thesis"},
                "fromBackend": "openai:gpt",
                "toBackend": to,
                **spec,
            },
            "status": dict(status or {}),
        }
    )


def ready(status: ConversationStatus) -> tuple[str, str, str]:
    """Status, reason and message of condition Ready."""
    condition = next(c for c in status.conditions if c.type == "Ready")
    return condition.status, condition.reason, condition.message


def switching(**fields: Any) -> ModelRoute:
    """The route openai, then anthropic, with this switching policy."""
    return route(*BOTH, switching=fields)


def down(*names: str) -> World:
    """These providers are unreachable."""
    return World(**{name: provider(name, says=DOWN) for name in names})


def settled(decision: Decision) -> Settle:
    assert isinstance(decision, Settle)
    return decision


def moving(decision: Decision) -> Move:
    assert isinstance(decision, Move)
    return decision


def left(*reasons: str) -> list[dict[str, Any]]:
    """As many switches away from openai as there are reasons, each with one back between."""
    usual = {"checkpoint": "r", "at": BOUND_AT}
    found: list[dict[str, Any]] = []
    for reason in reasons:
        away = {"fromBackend": "openai:gpt", "toBackend": "anthropic:sonnet", "reason": reason}
        back = {"fromBackend": "anthropic:sonnet", "toBackend": "openai:gpt", "reason": "Requested"}
        found += [{"ordinal": 1, **away, **usual}, {"ordinal": 2, **back, **usual}]
    return found[:-1]
