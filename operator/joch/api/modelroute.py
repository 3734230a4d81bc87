"""ModelRoute: which backends may serve, in which order, under which constraints."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from joch.api.backend import BackendName, BackendText
from joch.api.base import (
    ApiModel,
    Column,
    Count,
    Definition,
    Message,
    OpenEnum,
    ReasonText,
    Resource,
    Status,
)
from joch.api.duration import Duration
from joch.api.grammar import rules
from joch.api.money import Usd

RESIDENCIES = ("EU", "US", "UK", "CH", "CA", "JP", "AU", "IN", "BR", "KR", "SG")
"""Where data may be asked to stay; regions are mapped to these by one table in `decide`."""


class ExistingConversations(OpenEnum):
    """When conversations that are already bound move."""

    MOVE_WHEN_UNAVAILABLE = "MoveWhenUnavailable"
    FOLLOW_ROUTE = "FollowRoute"
    STAY = "Stay"


class FindingPolicy(OpenEnum):
    """What a switch does in the face of findings."""

    PROCEED = "Proceed"
    HOLD = "Hold"


class FailBack(OpenEnum):
    """Whether conversations return when the backend they left is well again."""

    NEVER = "Never"
    AUTOMATIC = "Automatic"


class RouteCondition(StrEnum):
    """The conditions of a ModelRoute beside Ready, Reconciling and Stalled."""

    PRIMARY_SELECTED = "PrimarySelected"


class RouteReason(StrEnum):
    """Every reason that a condition or a candidate of a ModelRoute may have."""

    PRIMARY_SELECTED = "PrimarySelected"
    FALLBACK_SELECTED = "FallbackSelected"
    NO_ELIGIBLE_BACKEND = "NoEligibleBackend"
    INVALID_SPEC = "InvalidSpec"
    PROVIDER_NOT_FOUND = "ProviderNotFound"
    NOT_GRANTED = "NotGranted"
    PROVIDER_DISABLED = "ProviderDisabled"
    PROVIDER_STALLED = "ProviderStalled"
    CREDENTIALS_INVALID = "CredentialsInvalid"
    UNREACHABLE = "Unreachable"
    NOT_PROBED = "NotProbed"
    MODEL_NOT_FOUND = "ModelNotFound"
    MODEL_STALE = "ModelStale"
    CAPABILITY_MISSING = "CapabilityMissing"
    CAPABILITY_UNKNOWN = "CapabilityUnknown"
    CONTEXT_TOO_SMALL = "ContextTooSmall"
    CONTEXT_UNKNOWN = "ContextUnknown"
    OUTSIDE_RESIDENCY = "OutsideResidency"
    RESIDENCY_UNKNOWN = "ResidencyUnknown"
    TOO_EXPENSIVE = "TooExpensive"
    PRICE_UNKNOWN = "PriceUnknown"
    SAME_PROVIDER = "SameProvider"


class Requirements(ApiModel):
    """What a model must be able to do. Only `true` demands something."""

    tool_calling: bool | None = Field(default=None, description="Must call tools.")
    parallel_tool_calls: bool | None = Field(
        default=None, description="Must call several tools in one turn."
    )
    structured_output: bool | None = Field(
        default=None, description="Must answer by a JSON schema."
    )
    strict_json_schema: bool | None = Field(default=None, description="Must guarantee the schema.")
    vision: bool | None = Field(default=None, description="Must take images.")
    documents: bool | None = Field(default=None, description="Must take documents.")
    audio: bool | None = Field(default=None, description="Must take audio.")
    reasoning: bool | None = Field(default=None, description="Must reason.")
    computer_use: bool | None = Field(default=None, description="Must have a computer-use tool.")
    context_window_min: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = Field(
        default=None, description="Smallest context window, in tokens."
    )


class Strategy(ApiModel):
    """The candidates in order of preference."""

    primary: BackendText = Field(description="The backend to use while it is eligible.")
    fallback: Annotated[tuple[BackendText, ...], Field(max_length=32)] = Field(
        default=(),
        description="What to use instead, best first.",
        json_schema_extra=rules(
            (
                "self.all(b, self.exists_one(c, c == b))",
                "must not name a backend twice",
            )
        ),
    )


class Constraints(ApiModel):
    """What every candidate must keep to."""

    max_cost_usd_per_execution: Usd | None = Field(
        default=None,
        description=(
            "Highest cost of one turn in USD: context tokens at the input price plus "
            "maxOutputTokens at the output price."
        ),
    )
    data_residency: Annotated[str, Field(min_length=2, max_length=32)] | None = Field(
        default=None,
        description=f"Where data may be processed: one of {', '.join(RESIDENCIES)}.",
        json_schema_extra=rules(
            (f"self in {list(RESIDENCIES)}", f"must be one of {', '.join(RESIDENCIES)}")
        ),
    )


class Switching(ApiModel):
    """When and how conversations move."""

    existing_conversations: ExistingConversations = Field(
        default=ExistingConversations.MOVE_WHEN_UNAVAILABLE,
        description=(
            "MoveWhenUnavailable (default): when their backend fails or breaks a constraint. "
            "FollowRoute: whenever the route prefers another. Stay: never by themselves."
        ),
    )
    on_warnings: FindingPolicy = Field(
        default=FindingPolicy.PROCEED,
        description="At a switch with warnings: Proceed (default) or Hold.",
    )
    on_failures: FindingPolicy = Field(
        default=FindingPolicy.HOLD,
        description="At a switch with failures: Hold (default) or Proceed.",
    )
    minimum_interval: Duration = Field(
        default="0s",
        description="Shortest time between two switches of one conversation. Default 0s.",
    )
    fail_back: FailBack = Field(
        default=FailBack.NEVER,
        description=(
            "Whether conversations return when the primary is well again: Never (default) or "
            "Automatic."
        ),
    )


class ModelRouteSpec(ApiModel):
    """What a user says about a route."""

    requirements: Requirements = Field(
        default=Requirements(), description="What a model must be able to do."
    )
    strategy: Strategy = Field(
        description="The candidates in order.",
        json_schema_extra=rules(
            (
                "!has(self.fallback) || !self.fallback.exists(b, b == self.primary)",
                "fallback must not repeat primary",
            )
        ),
    )
    constraints: Constraints = Field(
        default=Constraints(), description="What every candidate must keep to."
    )
    switching: Switching = Field(
        default=Switching(), description="When and how conversations move."
    )
    not_same_provider_as: BackendText | None = Field(
        default=None,
        description="Candidates at this backend's provider are not eligible (judges, reviewers).",
    )


class CandidateReason(ApiModel):
    """One verdict against a candidate."""

    reason: ReasonText = Field(description="Why not, as one word.")
    message: Message = Field(description="Why not, as a sentence.")


class Candidate(ApiModel):
    """A backend of the route with every verdict about it. Eligible means no reasons."""

    backend: BackendName = Field(description="The backend, as the route writes it.")
    eligible: bool = Field(description="Whether it may serve.")
    reasons: Annotated[tuple[CandidateReason, ...], Field(max_length=32)] = Field(
        default=(), description="Every verdict against it, in the order of the checks."
    )


class ConversationCount(ApiModel):
    """How many conversations of this route are bound to a backend."""

    backend: BackendName = Field(description="The backend.")
    count: Count = Field(description="Conversations of this route that are bound to it.")


class ModelRouteStatus(Status):
    """What the operator says about a route."""

    selected: BackendName | None = Field(
        default=None, description="The backend for new conversations."
    )
    candidates: Annotated[tuple[Candidate, ...], Field(max_length=33)] = Field(
        default=(), description="Every candidate in order, with its verdicts."
    )
    conversations: Count = Field(default=0, description="Conversations bound through this route.")
    conversations_by_backend: Annotated[tuple[ConversationCount, ...], Field(max_length=64)] = (
        Field(default=(), description="The same by backend.")
    )


class ModelRoute(Resource):
    """Which backends may serve a conversation, in which order, under which constraints."""

    definition: ClassVar[Definition] = Definition(
        kind="ModelRoute",
        plural="modelroutes",
        singular="modelroute",
        short_names=("mroute",),
        columns=(
            Column("Selected", ".status.selected"),
            Column("Ready", ".status.conditions[?(@.type=='Ready')].status"),
            Column("Reason", ".status.conditions[?(@.type=='PrimarySelected')].reason"),
            Column("Convs", ".status.conversations", type="integer"),
            Column(
                "Since",
                ".status.conditions[?(@.type=='PrimarySelected')].lastTransitionTime",
                type="date",
                wide=True,
            ),
            Column("Primary", ".spec.strategy.primary", wide=True),
            Column(
                "Why",
                ".status.conditions[?(@.type=='PrimarySelected')].message",
                wide=True,
            ),
        ),
    )

    spec: ModelRouteSpec = Field(description="The desired state of the route, written by users.")
    status: ModelRouteStatus = Field(
        default=ModelRouteStatus(),
        description="The observed state of the route, written by the operator.",
    )

    @property
    def backends(self) -> tuple[str, ...]:
        """The candidates in order, as written."""
        return (self.spec.strategy.primary, *self.spec.strategy.fallback)
