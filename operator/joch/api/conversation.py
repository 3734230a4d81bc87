"""Conversation: one running conversation, the backend it is bound to, and its switches."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from joch.api.backend import BackendName, BackendText
from joch.api.base import (
    ApiModel,
    Column,
    Count,
    Definition,
    Digest,
    KeyReference,
    LocalReference,
    ObjectName,
    OpenEnum,
    ReasonText,
    Resource,
    Status,
    Timestamp,
)
from joch.api.grammar import rules
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
    OPENAI_RESPONSES = "openai_responses"
    ANTHROPIC_MESSAGES = "anthropic_messages"
    GOOGLE_GENERATE_CONTENT = "google_generate_content"
    BEDROCK_CONVERSE = "bedrock_converse"


class SideEffect(OpenEnum):
    """What a tool does to the world. A tool whose level nobody stated counts as SideEffecting."""

    NONE = "None"
    IDEMPOTENT = "Idempotent"
    SIDE_EFFECTING = "SideEffecting"


class ConversationCondition(StrEnum):
    """The conditions of a Conversation beside Ready, Reconciling and Stalled."""

    SWITCH_HELD = "SwitchHeld"
    TRANSCRIPT_READABLE = "TranscriptReadable"


class ConversationReason(StrEnum):
    """Every reason that a condition of a Conversation may have."""

    BOUND = "Bound"
    INVALID_SPEC = "InvalidSpec"
    ROUTE_NOT_FOUND = "RouteNotFound"
    NOTHING_CHOSEN = "NothingChosen"
    TWO_DEFAULTS = "TwoDefaults"
    NO_ELIGIBLE_BACKEND = "NoEligibleBackend"
    PINNED_UNAVAILABLE = "PinnedUnavailable"
    TRANSCRIPT_READ = "Read"
    TRANSCRIPT_NOT_FOUND = "TranscriptNotFound"
    TRANSCRIPT_UNREADABLE = "TranscriptUnreadable"
    FORMAT_UNSUPPORTED = "FormatUnsupported"
    SWITCH_HELD = "SwitchHeld"
    MINIMUM_INTERVAL = "MinimumInterval"
    STORAGE_BUDGET = "StorageBudget"
    NAME_TAKEN = "NameTaken"
    STAYS_UNAVAILABLE = "StaysUnavailable"


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
        default=None,
        description="What it does to the world: None, Idempotent or SideEffecting (default).",
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
        default=None,
        description="At most this many tokens. Default: a quarter of the target's context window.",
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
        default=None,
        description="The conversation's id in the system that it comes from.",
        json_schema_extra=rules(("size(self) > 0", "must not be empty: leave externalId out")),
    )
    transcript: TranscriptSource | None = Field(
        default=None,
        description="Where the messages are.",
        json_schema_extra=rules(
            ("has(self.configMapRef)", "must say where the messages are: set configMapRef")
        ),
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
        default=(),
        description="Memories that a handoff may carry.",
        json_schema_extra={
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["ref"],
        },
    )
    window: Window = Field(default=Window(), description="The recent window of a handoff.")


class Binding(ApiModel):
    """The backend that serves the conversation."""

    backend: BackendName = Field(description="The backend.")
    gateway_model: BackendName = Field(description="The model that an agent asks the gateway for.")
    resolved_by: ResolvedBy = Field(description="The level that decided.")
    route: ObjectName | None = Field(
        default=None, description="The ModelRoute that chose it, if one did."
    )
    checkpoint: ObjectName | None = Field(
        default=None, description="The record of the switch that led here."
    )
    since: Timestamp = Field(description="When the conversation was bound to it.")


class TranscriptStatus(ApiModel):
    """The transcript as last read for a decision."""

    digest: Digest = Field(description="Digest of the canonical transcript.")
    messages: Count = Field(description="Messages in it.")
    tokens: Count = Field(description="Its tokens, by a conservative estimate.")


class Switch(ApiModel):
    """One switch of the past."""

    ordinal: Annotated[int, Field(ge=1)] = Field(description="switchCount after it.")
    from_backend: BackendName = Field(description="The backend that was left.")
    to_backend: BackendName = Field(description="The backend that took over.")
    checkpoint: ObjectName = Field(description="The StateCheckpoint that records it.")
    reason: ReasonText = Field(description="Why, as one word.")
    at: Timestamp = Field(description="When it was committed.")


class HeldSwitch(ApiModel):
    """The switch that waits for a person, and why."""

    to_backend: BackendName = Field(description="Where it wants to go.")
    reason: ReasonText = Field(description="Why it wants to move, as one word.")
    transcript_digest: Digest = Field(description="The transcript that was judged.")
    compatibility: Compatibility = Field(description="The report; its failures hold the switch.")


class ConversationStatus(Status):
    """What the operator says about a conversation."""

    binding: Binding | None = Field(
        default=None, description="The backend that serves the conversation."
    )
    switch_count: Count = Field(default=0, description="Switches so far.")
    transcript: TranscriptStatus | None = Field(
        default=None, description="The transcript as last read for a decision."
    )
    switches: Annotated[tuple[Switch, ...], Field(max_length=10)] = Field(
        default=(), description="The last ten switches, oldest first."
    )
    held_switch: HeldSwitch | None = Field(
        default=None, description="The switch that waits for a person, and why."
    )


class Conversation(Resource):
    """One running conversation."""

    definition: ClassVar[Definition] = Definition(
        kind="Conversation",
        plural="conversations",
        singular="conversation",
        short_names=("conv",),
        columns=(
            Column("Backend", ".status.binding.backend"),
            Column("Reason", ".status.conditions[?(@.type=='Ready')].reason"),
            Column("Since", ".status.binding.since", type="date"),
            Column("Ready", ".status.conditions[?(@.type=='Ready')].status", wide=True),
            Column("Switches", ".status.switchCount", type="integer", wide=True),
            Column("Route", ".spec.routeRef.name", wide=True),
            Column("Resolved-By", ".status.binding.resolvedBy", wide=True),
            Column("Gateway-Model", ".status.binding.gatewayModel", wide=True),
            Column("Checkpoint", ".status.binding.checkpoint", wide=True),
            Column("Held-To", ".status.heldSwitch.toBackend", wide=True),
        ),
        selectable=(".spec.routeRef.name", ".status.binding.backend"),
    )

    spec: ConversationSpec = Field(
        description="What is wanted of the conversation, written by users or an agent runtime."
    )
    status: ConversationStatus = Field(
        default=ConversationStatus(),
        description="The observed state of the conversation, written by the operator.",
    )
