"""What people are told of a switch: the note and the annotations of the ProviderSwitched event."""

from dataclasses import dataclass

from joch.api.conversation import Conversation, Switch
from joch.api.statecheckpoint import StateCheckpointSpec
from joch.decide.clock import after, elapsed
from joch.decide.names import digest

REASON = "ProviderSwitched"
ACTION = "SwitchBackend"
FRESH = 600.0
"""Seconds for which a switch is news: a later full comparison must not tell old ones."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event's name, note and annotations."""

    name: str
    note: str
    annotations: dict[str, str]
    at: str


def news(conversation: Conversation, told: int, now: str) -> tuple[Switch, ...]:
    """The switches after ordinal `told` that are young enough, and that this very object made.

    One that is older than the object was found in the records of a Conversation before it.
    """
    created = conversation.metadata.creation_timestamp
    return tuple(
        switch
        for switch in conversation.status.switches
        if switch.ordinal > told and elapsed(switch.at, now) < FRESH and after(switch.at, created)
    )


def tell(conversation: Conversation, switch: Switch, checkpoint: StateCheckpointSpec) -> Told:
    """The event of a committed switch; the same switch always gives the same event."""
    deltas = checkpoint.record.capability_deltas if checkpoint.record is not None else None
    changes = "; ".join(deltas or ()) or "none"
    name = conversation.metadata.name[:40].rstrip("-.")
    mark = digest(conversation.metadata.uid, str(switch.ordinal), length=10)
    note = (
        f"{switch.from_backend} → {switch.to_backend}, checkpoint {switch.checkpoint}, "
        f"{checkpoint.reason or switch.reason} Capability deltas: {changes}."
    )
    annotations = {
        "joch.dev/from": switch.from_backend,
        "joch.dev/to": switch.to_backend,
        "joch.dev/checkpoint": switch.checkpoint,
        "joch.dev/reason": switch.reason,
        "joch.dev/capability-deltas": changes,
    }
    return Told(f"{name}.{mark}", note, annotations, switch.at)
