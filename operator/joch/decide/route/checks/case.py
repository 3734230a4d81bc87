"""What a check is given and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from joch.api.backend import Backend
from joch.api.conditions import Condition
from joch.api.model import Model
from joch.api.modelroute import Constraints, Requirements, RouteReason
from joch.decide.route.candidates import CandidateFacts


@dataclass(frozen=True, slots=True)
class Demands:
    """What a route, and a conversation where one is in view, asks of a candidate.

    `home` is the namespace of the route. `context_tokens` are the tokens of the conversation's
    context; None: no conversation is in view.
    """

    requirements: Requirements
    constraints: Constraints
    not_same_provider_as: Backend | None
    home: str
    context_tokens: int | None


class Scope(StrEnum):
    """What the verdict is for: a new selection, or a conversation that is bound already."""

    NEW = "New"
    EXISTING = "Existing"


@dataclass(frozen=True, slots=True)
class Case:
    """A candidate before the checks, and what several of them look at.

    `model` is the candidate's Model where the operator has put its facts together. `conditions` are
    the provider's by type, none before the operator has looked at it.
    """

    candidate: CandidateFacts
    demands: Demands
    scope: Scope
    model: Model | None
    conditions: Mapping[str, Condition]

    @classmethod
    def of(cls, candidate: CandidateFacts, demands: Demands, scope: Scope) -> Self:
        """The case of a candidate."""
        model, provider = candidate.model, candidate.provider
        observed = model is not None and model.status.observed_generation != -1
        judged = provider is not None and provider.status.observed_generation != -1
        conditions = provider.status.conditions if provider is not None and judged else ()
        return cls(
            candidate,
            demands,
            scope,
            model if observed else None,
            {condition.type: condition for condition in conditions},
        )

    @property
    def provider_name(self) -> str:
        """The provider as sentences name it, whether or not it exists."""
        return f"LLMProvider {self.candidate.backend.provider_key(self.demands.home)}"


@dataclass(frozen=True, slots=True)
class Objection:
    """One verdict against a candidate: the sentence names object, field and remedy.

    `lasting`: only a person can change it. Otherwise it may pass by itself.
    """

    reason: RouteReason
    message: str
    lasting: bool


Check = Callable[[Case], Objection | None]
"""None: nothing wrong, or the facts to judge it are absent and an earlier check said so."""


def lasting(reason: RouteReason, message: str) -> Objection:
    """An objection that only a person can change."""
    return Objection(reason, message, lasting=True)


def passing(reason: RouteReason, message: str) -> Objection:
    """An objection that may pass by itself."""
    return Objection(reason, message, lasting=False)
