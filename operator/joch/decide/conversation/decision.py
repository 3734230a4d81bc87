"""What a Conversation is judged from, and the verdicts there are: rebuild, settle, move, refuse."""

from dataclasses import dataclass

from joch.api.conversation import (
    Conversation,
    ConversationReason,
    ConversationStatus,
    ResolvedBy,
    SwitchReason,
    TranscriptStatus,
)
from joch.api.modelroute import ModelRoute, Switching
from joch.api.statecheckpoint import StateCheckpoint, StateCheckpointStatus
from joch.decide.conversation.resolution import Pinned, Routed, Unresolved
from joch.decide.history.records import RecordFacts
from joch.decide.route.candidates import CandidateFacts


@dataclass(frozen=True, slots=True)
class TranscriptProblem:
    """The transcript could not be read: its reason and a sentence naming object, field, remedy."""

    reason: ConversationReason
    message: str


@dataclass(frozen=True, slots=True)
class ConversationInput:
    """Everything that is known when a Conversation is judged. `now` is RFC 3339 text.

    `candidates` are those of the route, or the one pinned backend, and the target of `request`.
    `bound` are the facts of the current binding. `transcript` is None where it was not read, which
    is the rule: `needs_transcript` says when it is. `request` is the one request that may act now
    (`joch.decide.conversation.requests`). `gateway_home` is the namespace of the gateway that
    serves the conversation, None for its own: another namespace's gateway has other names.
    """

    conversation: Conversation
    resolution: Pinned | Routed | Unresolved
    route: ModelRoute | None
    candidates: tuple[CandidateFacts, ...]
    bound: CandidateFacts | None
    records: tuple[RecordFacts, ...]
    request: StateCheckpoint | None
    transcript: TranscriptStatus | TranscriptProblem | None
    now: str
    gateway_home: str | None = None

    @property
    def home(self) -> str:
        """The namespace from which the serving gateway sees its models."""
        return self.gateway_home or self.conversation.metadata.namespace


@dataclass(frozen=True, slots=True)
class Rebuild:
    """The Conversation lost its status and has records: this was its status. Nothing moves."""

    status: ConversationStatus


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing moves: this is the status. Look again after `recheck` seconds (None: when told)."""

    status: ConversationStatus
    recheck: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The conversation should move to `target`, because of `reason`; `message` is a sentence.

    `serves`: whether the backend that it would leave still serves it.
    """

    target: CandidateFacts
    reason: SwitchReason
    message: str
    switching: Switching
    route: str | None
    resolved_by: ResolvedBy
    serves: bool
    request: StateCheckpoint | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """A person's request asks for what may not be; the conversation stays."""

    request: StateCheckpoint
    status: StateCheckpointStatus


Decision = Rebuild | Settle | Move | Refuse
