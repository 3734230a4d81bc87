"""Which records of switches may go: orphans after an hour, old history, what outlived its use."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from joch.decide.clock import elapsed
from joch.decide.records import RecordFacts, committed_chain

ORPHAN = 3600.0
AFTER_CONVERSATION = 30 * 86400.0
KEPT_RECORDS = 20


def expired(
    records: Iterable[RecordFacts], checkpoint_of: Callable[[str], str | None], now: str
) -> Iterator[RecordFacts]:
    """The records to delete.

    `checkpoint_of` gives the checkpoint that a Conversation (`namespace/name`) is bound by, the
    empty string where it is bound by none, None where there is no such Conversation. Of a
    Conversation that is there the last 20 committed records stay; an orphan goes after an hour; all
    records go 30 days after the last switch of a Conversation that is gone.
    """
    grouped: dict[str, list[RecordFacts]] = defaultdict(list)
    for record in records:
        grouped[f"{record.namespace}/{record.conversation}"].append(record)
    for conversation, found in grouped.items():
        checkpoint = checkpoint_of(conversation)
        if checkpoint is None:
            yield from _forgotten(found, now)
        elif checkpoint:
            yield from _superfluous(found, checkpoint, now)


def _forgotten(records: list[RecordFacts], now: str) -> Iterator[RecordFacts]:
    youngest = min(elapsed(record.created, now) for record in records)
    if youngest >= AFTER_CONVERSATION:
        yield from records


def _superfluous(records: list[RecordFacts], checkpoint: str, now: str) -> Iterator[RecordFacts]:
    chain = committed_chain(records, checkpoint)
    committed = {record.name for record in chain}
    yield from chain[:-KEPT_RECORDS]
    for record in records:
        if record.name not in committed and elapsed(record.created, now) >= ORPHAN:
            yield record
