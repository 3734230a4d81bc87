"""Which records of switches may go: orphans after an hour, old history, what outlived its use."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from joch.decide.clock import elapsed
from joch.decide.history.records import RecordFacts, committed_chain

ORPHAN = 3600.0
AFTER_CONVERSATION = 30 * 86400.0
MISSED = 86400.0
KEPT_RECORDS = 20


@dataclass(frozen=True, slots=True)
class Bound:
    """The Conversation is bound, by the record of this name; None: by none, it never switched."""

    checkpoint: str | None


@dataclass(frozen=True, slots=True)
class Unbound:
    """The Conversation has no binding: it is about to be rebuilt from its records."""


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such Conversation; `since` is when the operator first missed it, RFC 3339."""

    since: str


Hold = Bound | Unbound | Absent
"""What holds the records of a Conversation."""


def expired(
    records: Iterable[RecordFacts], hold_of: Callable[[str], Hold], now: str
) -> Iterator[RecordFacts]:
    """The records to delete. `hold_of` answers for a Conversation by `namespace/name`.

    Of a Conversation that is bound the last 20 committed records stay, and an orphan goes after an
    hour. Of one without a binding, or whose own record is missing here, nothing goes: its history
    is not known. All records go 30 days after the last switch of a Conversation that was missed for
    a day: one that is deleted and made again (`kubectl replace --force`) finds its history.
    """
    grouped: dict[str, list[RecordFacts]] = defaultdict(list)
    for record in records:
        grouped[f"{record.namespace}/{record.conversation}"].append(record)
    for conversation, found in grouped.items():
        match hold_of(conversation):
            case Bound(checkpoint):
                yield from _superfluous(found, checkpoint, now)
            case Unbound():
                continue
            case Absent(since) if elapsed(since, now) >= MISSED:
                yield from _forgotten(found, now)
            case Absent():
                continue


def _forgotten(records: list[RecordFacts], now: str) -> Iterator[RecordFacts]:
    youngest = min(elapsed(record.created, now) for record in records)
    if youngest >= AFTER_CONVERSATION:
        yield from records


def _superfluous(
    records: list[RecordFacts], checkpoint: str | None, now: str
) -> Iterator[RecordFacts]:
    chain = committed_chain(records, checkpoint)
    if checkpoint is not None and not chain:
        return
    committed = {record.name for record in chain}
    yield from chain[:-KEPT_RECORDS]
    for record in records:
        if record.name not in committed and elapsed(record.created, now) >= ORPHAN:
            yield record
