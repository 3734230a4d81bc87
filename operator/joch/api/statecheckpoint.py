"""StateCheckpoint: the record of a switch, or a person's request for one.

With `spec.record` it is the operator's record of a switch and is never acted upon; without, it is
a request. Immutable: no `default:` may stand inside the spec, or it appears in old records on read.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from joch.api.backend import BackendText
from joch.api.base import (
    ApiModel,
    Column,
    Count,
    Definition,
    Digest,
    LocalReference,
    ObjectName,
    OpenEnum,
    Resource,
    Status,
)
from joch.api.grammar import rules


class FindingLevel(OpenEnum):
    """How bad a portability finding is."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"

    @property
    def mark(self) -> str:
        """The mark that people see before the sentence."""
        return {"ok": "✓", "warning": "⚠", "failure": "✗"}.get(self.value, "?")


class Verdict(OpenEnum):
    """The worst finding of a report."""

    COMPATIBLE = "Compatible"
    WARNINGS = "Warnings"
    FAILURES = "Failures"


class Mode(OpenEnum):
    """What a request asks for."""

    SWITCH = "Switch"
    DRY_RUN = "DryRun"


class Outcome(OpenEnum):
    """What became of a request."""

    SWITCHED = "Switched"
    REPORTED = "Reported"
    HELD = "Held"
    SUPERSEDED = "Superseded"
    REFUSED = "Refused"


class CheckpointReason(StrEnum):
    """Every reason that a condition of a StateCheckpoint may have."""

    SWITCHED = "Switched"
    REPORTED = "Reported"
    HELD = "Held"
    SUPERSEDED = "Superseded"
    CONVERSATION_NOT_FOUND = "ConversationNotFound"
    NOT_BOUND = "NotBound"
    INVALID_SPEC = "InvalidSpec"
    NAME_TAKEN = "NameTaken"
    BACKEND_NOT_ELIGIBLE = "BackendNotEligible"
    TRANSCRIPT_UNREADABLE = "TranscriptUnreadable"


Item = Annotated[str, Field(max_length=1024, min_length=1)]
Items = Annotated[tuple[Item, ...], Field(max_length=128)]
CapabilityDelta = Annotated[str, Field(max_length=256)]
FindingId = Annotated[str, Field(max_length=64, min_length=1)]


class Summary(ApiModel):
    """What a conversation must not lose. Every item is quoted or derived from the transcript."""

    user_goal: Annotated[str, Field(max_length=1024)] | None = Field(
        default=None, description="What the user wants."
    )
    current_task: Annotated[str, Field(max_length=1024)] | None = Field(
        default=None, description="What is being worked on."
    )
    decisions: Items | None = Field(default=None, description="What was decided.")
    open_questions: Items | None = Field(default=None, description="What is not decided yet.")
    active_artifacts: Items | None = Field(
        default=None, description="artifact:// references in use."
    )
    relevant_memory_refs: Items | None = Field(
        default=None, description="mem:// references in use."
    )
    executed_side_effects: Items | None = Field(
        default=None, description="What tools have already done, as facts never to repeat."
    )


class Finding(ApiModel):
    """One portability finding: `where` names the message, tool or field it speaks about."""

    id: FindingId = Field(description="The finding's id, for spec.accept.")
    level: FindingLevel = Field(description="ok, warning or failure.")
    message: Item = Field(description="The finding, as a sentence.")
    where: Annotated[str, Field(max_length=256)] | None = Field(
        default=None, description="The message, tool or field that it speaks about."
    )


class Compatibility(ApiModel):
    """The report over a transcript at a target."""

    verdict: Verdict = Field(description="The worst finding: Compatible, Warnings or Failures.")
    findings: Annotated[tuple[Finding, ...], Field(max_length=128)] | None = Field(
        default=None, description="Every finding, in the order of the checks."
    )


class HandoffReference(ApiModel):
    """The immutable Secret that holds a handoff, and what its bytes must be."""

    name: ObjectName = Field(description="Name of the Secret.")
    digest: Digest = Field(description="sha256:<hex> of the stored bytes; checked at every read.")
    bytes: Count = Field(description="Size of the stored bytes.")


class Record(ApiModel):
    """What the operator records of a switch. Only the operator may set it."""

    ordinal: Annotated[int, Field(ge=1)] = Field(
        description="The conversation's switchCount after this switch."
    )
    conversation_uid: Annotated[str, Field(max_length=64)] = Field(
        description="metadata.uid of the Conversation that switched."
    )
    transcript_digest: Digest = Field(description="The transcript that was judged and handed over.")
    compatibility: Compatibility = Field(description="The report that let the switch happen.")
    handoff_secret: HandoffReference = Field(description="Where the handoff is.")
    capability_deltas: Annotated[tuple[CapabilityDelta, ...], Field(max_length=32)] | None = Field(
        default=None, description="What the target can more or less."
    )
    previous: ObjectName | None = Field(
        default=None, description="The record of the switch before this one."
    )
    request: ObjectName | None = Field(
        default=None, description="The request that asked for the switch."
    )


class StateCheckpointSpec(ApiModel):
    """The state that moves, from where to where."""

    conversation_ref: LocalReference = Field(description="The Conversation.")
    from_backend: BackendText = Field(description="The backend it is bound to.")
    to_backend: BackendText = Field(description="The backend it goes to.")
    summary: Summary | None = Field(
        default=None,
        description="What must not be lost. In a request: overrides what would be extracted.",
    )
    mode: Mode | None = Field(default=None, description="In a request: Switch (default) or DryRun.")
    accept: Annotated[tuple[FindingId, ...], Field(max_length=128)] | None = Field(
        default=None, description="In a request: ids of findings that a person accepts."
    )
    reason: Annotated[str, Field(max_length=1024)] | None = Field(default=None, description="Why.")
    record: Record | None = Field(
        default=None, description="Set by the operator only: this object records a switch."
    )


class StateCheckpointStatus(Status):
    """Of a request: its report and what became of it. A record has none."""

    outcome: Outcome | None = Field(default=None, description="What became of the request.")
    compatibility: Compatibility | None = Field(
        default=None, description="The report at the time the request was judged."
    )
    checkpoint: ObjectName | None = Field(
        default=None, description="The record of the switch that this request led to."
    )


class StateCheckpoint(Resource):
    """The record of a switch, or a person's request for one."""

    definition: ClassVar[Definition] = Definition(
        kind="StateCheckpoint",
        plural="statecheckpoints",
        singular="statecheckpoint",
        short_names=("schk",),
        columns=(
            Column("Conversation", ".spec.conversationRef.name"),
            Column("To", ".spec.toBackend"),
            Column("Verdict", ".spec.record.compatibility.verdict"),
            Column("Outcome", ".status.outcome"),
            Column("From", ".spec.fromBackend", wide=True),
            Column("Ordinal", ".spec.record.ordinal", type="integer", wide=True),
            Column("Reason", ".spec.reason", wide=True),
            Column("Why", ".status.conditions[?(@.type=='Ready')].message", wide=True),
        ),
        selectable=(".spec.conversationRef.name",),
    )

    spec: StateCheckpointSpec = Field(
        description="The state that moves, from where to where. Immutable.",
        json_schema_extra=rules(
            ("self == oldSelf", "a StateCheckpoint is immutable: make a new one"),
            (
                "!has(self.record) || (!has(self.mode) && !has(self.accept))",
                "record is the operator's and excludes mode and accept",
            ),
            ("self.fromBackend != self.toBackend", "toBackend must differ from fromBackend"),
        ),
    )
    status: StateCheckpointStatus = Field(
        default=StateCheckpointStatus(), description="Of a request: what became of it."
    )
