"""Which records are swept, and which never."""

from hypothesis import given
from hypothesis import strategies as st

from joch.decide.history.records import RecordFacts, committed_chain
from joch.decide.history.retention import Absent, Bound, Hold, Unbound, expired
from tests.unit.decide.conversation_objects import record
from tests.unit.decide.routing_objects import PROPERTY

NOW = "2026-11-21T13:00:00Z"
OLD = "2026-11-21T12:00:00Z"
YOUNG = "2026-11-21T12:00:01Z"
ANCIENT = "2026-10-22T13:00:00Z"


def swept(hold: Hold, *records: RecordFacts) -> list[str]:
    return [each.name for each in expired(records, lambda _: hold, NOW)]


def test_an_orphan_goes_after_an_hour() -> None:
    old, young = (record(2, name, created=name_at) for name, name_at in AGES)

    assert swept(Bound("r1"), record(1), old, young) == ["old"]


AGES = (("old", OLD), ("young", YOUNG))


def test_orphans_of_a_conversation_that_never_switched_go_after_an_hour() -> None:
    old, young = (record(1, name, created=name_at) for name, name_at in AGES)

    assert swept(Bound(None), old, young) == ["old"]


def test_nothing_goes_while_a_conversation_has_no_binding() -> None:
    assert swept(Unbound(), record(1, created=ANCIENT), record(2, created=ANCIENT)) == []


def test_nothing_goes_while_the_binding_s_own_record_is_not_here() -> None:
    assert swept(Bound("r3"), record(1, created=ANCIENT), record(2, created=ANCIENT)) == []


def test_the_records_of_the_last_20_switches_stay_however_old() -> None:
    chain = [record(i, created=ANCIENT) for i in range(1, 24)]

    assert swept(Bound("r23"), *chain) == ["r1", "r2", "r3"]


def test_the_oldest_history_goes_first_so_that_a_crash_leaves_no_gap() -> None:
    chain = [record(i, created=ANCIENT) for i in range(1, 24)]

    assert swept(Bound("r23"), *chain[::-1]) == ["r1", "r2", "r3"]


def test_records_outlive_their_conversation_by_30_days() -> None:
    last = record(2, created="2026-10-22T13:00:01Z")

    assert swept(Absent(ANCIENT), record(1, created=ANCIENT), last) == []
    assert swept(Absent(ANCIENT), record(1, created=ANCIENT)) == ["r1"]


def test_a_conversation_deleted_and_made_again_within_a_day_finds_its_history() -> None:
    assert swept(Absent(YOUNG), record(1, created=ANCIENT)) == []


def test_conversations_are_judged_each_by_its_own_binding() -> None:
    other = record(1, "other", conversation="essay", created=OLD)
    holds: dict[str, Hold] = {"rig/thesis": Bound("r1"), "rig/essay": Bound(None)}

    found = expired([record(1, created=OLD), other], holds.__getitem__, NOW)

    assert [each.name for each in found] == ["other"]


@PROPERTY
@given(st.integers(1, 30), st.lists(st.integers(1, 30), max_size=5))
def test_what_goes_is_never_among_the_last_20_committed(switched: int, tried: list[int]) -> None:
    chain = [record(i, created=ANCIENT) for i in range(1, switched + 1)]
    orphans = [
        record(ordinal, f"o{i}", previous=f"r{ordinal}", created=OLD)
        for i, ordinal in enumerate(tried)
    ]
    records = [*chain, *orphans]

    gone = set(swept(Bound(f"r{switched}"), *records))

    kept = {each.name for each in committed_chain(records, f"r{switched}")[-20:]}
    assert not gone & kept
    assert gone | kept == {each.name for each in records}
