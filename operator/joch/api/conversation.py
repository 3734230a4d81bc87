"""Conversation: one running conversation, the backend it is bound to, and its switches."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from joch.api.backend import BackendText
from joch.api.base import (
    ApiModel,
    Column,
    Definition,
    KeyReference,
    LocalReference,
    OpenEnum,
    Resource,
    Status,
    rules,
)
from joch.api.statecheckpoint import Compatibility


class ResolvedBy(OpenEnum):
    """The level that decided the backend; the first that is set wins."""

    MESSAGE = "Message"
    SESSION = "Session"
    AGENT = "Agent"
    SYSTEM_DEFAULT = "SystemDefault"


class TranscriptFormat(OpenEnum):
    """The wire format in which a transcript is stored."""

    OPENAI_CHAT = "openai_chat"


class SideEffect(OpenEnum):
    """What a tool does to the world. A tool whose level nobody stated counts as SideEffecting."""

    NONE = "None"
    IDEMPOTENT = "Idempotent"
    SIDE_EFFECTING = "SideEffecting"


class ConversationCondition(StrEnum):
    """The conditions of a Conversation beside Ready, Reconciling and Stalled."""

    SWITCH_HELD = "SwitchHeld"


class ConversationReason(StrEnum):
    """Every reason that a condition of a Conversation may have."""

    BOUND = "Bound"
    INVALID_SPEC = "InvalidSpec"
    ROUTE_NOT_FOUND = "RouteNotFound"
    NOTHING_CHOSEN = "NothingChosen"
    TWO_DEFAULTS = "TwoDefaults"
    NO_ELIGIBLE_BACKEND = "NoEligibleBackend"
    PINNED_UNAVAILABLE = "PinnedUnavailable"
    TRANSCRIPT_NOT_FOUND = "TranscriptNotFound"
    TRANSCRIPT_UNREADABLE = "TranscriptUnreadable"
    FORMAT_UNSUPPORTED = "FormatUnsupported"
    SWITCH_HELD = "SwitchHeld"
    NO_SWITCH_HELD = "NoSwitchHeld"
    MINIMUM_INTERVAL = "MinimumInterval"
    STORAGE_BUDGET = "StorageBudget"
    NAME_TAKEN = "NameTaken"
    STAYS_UNAVAILABLE = "StaysUnavailable"
    SWITCHING = "Switching"


class SwitchReason(StrEnum):
    """Why a conversation moved."""

    PROVIDER_UNAVAILABLE = "ProviderUnavailable"
    CONSTRAINT_BROKEN = "ConstraintBroken"
    ROUTE_PREFERS = "RoutePrefers"
    FAILED_BACK = "FailedBack"
    SESSION_EDITED = "SessionEdited"
    REQUESTED = "Requested"


class TranscriptSource(ApiModel):
    """Where the messages are."""

    config_map_ref: KeyReference | None = Field(
        default=None, description="The ConfigMap and key that hold the messages."
    )
    format: TranscriptFormat = Field(
        default=TranscriptFormat.OPENAI_CHAT,
        description="The wire format of the messages. Default openai_chat.",
    )


class ConversationTool(ApiModel):
    """A tool that the conversation may call."""

    name: Annotated[str, Field(min_length=1, max_length=256)] = Field(
        description="The tool's name, as the transcript has it."
    )
    side_effect: SideEffect | None = Field(
        default=None, description="What it does to the world. Default SideEffecting."
    )


class MemoryItem(ApiModel):
    """A memory that a handoff may carry."""

    ref: Annotated[str, Field(min_length=1, max_length=512)] = Field(
        description="Its reference, as the transcript names it (mem://…)."
    )
    text: Annotated[str, Field(min_length=1, max_length=4096)] = Field(
        description="What is remembered."
    )


class Window(ApiModel):
    """How much of the recent conversation a handoff carries."""

    max_tokens: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = Field(
        default=None, description="At most this many tokens. Default: a quarter of the target's window."
    )


class ConversationSpec(ApiModel):
    """What a user or an agent runtime says about a conversation."""

    route_ref: LocalReference | None = Field(
        default=None, description="The ModelRoute that chooses the backend."
    )
    model: BackendText | None = Field(
        default=None, description="Session override: the conversation is pinned to this backend."
    )
    external_id: Annotated[str, Field(max_length=512)] | None = Field(
        default=None, description="The conversation's id in the system that it comes from."
    )
    transcript: TranscriptSource | None = Field(
        default=None, description="Where the messages are."
    )
    tools: Annotated[tuple[ConversationTool, ...], Field(max_length=128)] = Field(
        default=(),
        description="Tools and what they do to the world.",
        json_schema_extra={
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"],
        },
    )
    memory: Annotated[tuple[MemoryItem, ...], Field(max_length=32)] = Field(
        default=(), description="Memories that a handoff may carry."
    )
    window: Window = Field(default=Window(), description="The recent window of a handoff.")


class Binding(ApiModel):
    """The backend that serves the conversation."""

    backend: Annotated[str, Field(max_length=384)]
    gateway_model: Annotated[str, Field(max_length=253)] = Field(
        description="The model that an agent asks the gateway for."
    )
    resolved_by: ResolvedBy
    route: Annotated[str, Field(max_length=253)] | None = None
    checkpoint: Annotated[str, Field(max_length=253)] | None = Field(
        default=None, description="The record of the switch that led here."
    )
    since: Annotated[str, Field(max_length=64)]


class TranscriptStatus(ApiModel):
    """The transcript as last read for a decision."""

    digest: Annotated[str, Field(max_length=80)]
    messages: Annotated[int, Field(ge=0)]
    tokens: Annotated[int, Field(ge=0)] = Field(description="Conservative estimate.")


class Switch(ApiModel):
    """One switch of the past."""

    ordinal: Annotated[int, Field(ge=1)]
    from_backend: Annotated[str, Field(max_length=384)]
    to_backend: Annotated[str, Field(max_length=384)]
    checkpoint: Annotated[str, Field(max_length=253)]
    reason: Annotated[str, Field(max_length=64)]
    at: Annotated[str, Field(max_length=64)]


class HeldSwitch(ApiModel):
    """The switch that waits for a person, and why."""

    to_backend: Annotated[str, Field(max_length=384)]
    reason: Annotated[str, Field(max_length=64)] = Field(description="Why it wants to move.")
    transcript_digest: Annotated[str, Field(max_length=80)]
    compatibility: Compatibility


class ConversationStatus(Status):
    """What the operator says about a conversation."""

    binding: Binding | None = None
    switch_count: Annotated[int, Field(ge=0)] = 0
    transcript: TranscriptStatus | None = None
    switches: Annotated[tuple[Switch, ...], Field(max_length=10)] = Field(
        default=(), description="The last ten switches, oldest first."
    )
    held_switch: HeldSwitch | None = None


class Conversation(Resource):
    """One running conversation."""

    definition: ClassVar[Definition] = Definition(
        kind="Conversation",
        plural="conversations",
        singular="conversation",
        short_names=("conv",),
        columns=(
            Column("Backend", ".status.binding.backend"),
            Column("Ready", ".status.conditions[?(@.type=='Ready')].status"),
            Column("Reason", ".status.conditions[?(@.type=='Ready')].reason"),
            Column("Switches", ".status.switchCount", type="integer"),
            Column("Since", ".status.binding.since", type="date"),
            Column("Route", ".spec.routeRef.name", wide=True),
            Column("Resolved-By", ".status.binding.resolvedBy", wide=True),
            Column("Gateway-Model", ".status.binding.gatewayModel", wide=True),
            Column("Checkpoint", ".status.binding.checkpoint", wide=True),
            Column("Held-To", ".status.heldSwitch.toBackend", wide=True),
        ),
    )

    spec: Annotated[
        ConversationSpec,
        Field(
            json_schema_extra=rules(
                (
                    "!has(self.externalId) || size(self.externalId) > 0",
                    "externalId must not be empty: leave it out",
                ),
            )
        ),
    ]
    status: ConversationStatus = ConversationStatus()
