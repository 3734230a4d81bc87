"""Conditions by kstatus, and that equal verdicts write nothing."""

from joch.api.modelroute import RouteReason
from joch.decide.conditions import MAX_MESSAGE, cut, ready, settle, stalled, waiting

FIRST = "2026-11-21T12:00:00Z"
LATER = "2026-11-21T13:00:00Z"
GOOD, BAD = RouteReason.PRIMARY_SELECTED, RouteReason.NO_ELIGIBLE_BACKEND


def test_kstatus_tells_done_from_waiting_and_from_a_mistake() -> None:
    kinds = {each.type: each.status for each in ready(GOOD, "")}
    assert kinds == {"Ready": "True"}
    assert {each.type: each.status for each in waiting(BAD, "")} == {
        "Ready": "False",
        "Reconciling": "True",
    }
    assert {each.type: each.status for each in stalled(BAD, "")} == {
        "Ready": "False",
        "Stalled": "True",
    }


def test_equal_verdicts_give_equal_conditions_however_late() -> None:
    before = settle((), stalled(BAD, "no"), 1, FIRST)

    assert settle(before, stalled(BAD, "no"), 1, LATER) == before


def test_the_time_of_transition_moves_only_when_the_status_does() -> None:
    before = settle((), waiting(BAD, "no"), 1, FIRST)

    worse = settle(before, stalled(BAD, "worse"), 2, LATER)
    well = settle(worse, ready(GOOD, "yes"), 2, LATER)

    assert [(c.type, c.last_transition_time) for c in worse] == [
        ("Ready", FIRST),
        ("Stalled", LATER),
    ]
    assert (worse[0].message, worse[0].observed_generation) == ("worse", 2)
    assert [(c.type, c.last_transition_time) for c in well] == [("Ready", LATER)]


def test_a_long_message_is_cut_where_it_can_be_seen() -> None:
    assert cut("short") == "short"
    assert cut("x" * 2000) == "x" * (MAX_MESSAGE - 1) + "…"
    assert len(settle((), ready(GOOD, "x" * 2000), 1, FIRST)[0].message) == MAX_MESSAGE
