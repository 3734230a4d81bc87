"""Health: reachable or not, over many probes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.api.llmprovider import HealthState, HealthStatus
from joch.decide.provider.health import Health
from joch.providers.base import Fault, Judgement
from tests.unit.decide.provider_objects import LATER, NOON, probed
from tests.unit.decide.routing_objects import PROPERTY

DOWN = Fault.UNREACHABLE
WELL = None


def test_the_first_success_is_enough_for_a_provider_nobody_knows_yet() -> None:
    health = probed(WELL)
    assert (health.state, health.reason, health.since) == (HealthState.HEALTHY, "Healthy", NOON)


def test_first_failures_stay_unknown_until_the_threshold_and_say_why_at_once() -> None:
    assert (probed(DOWN).state, probed(DOWN).reason) == (HealthState.UNKNOWN, "Unreachable")
    assert probed(DOWN, DOWN).state == HealthState.UNKNOWN
    assert probed(DOWN, DOWN, DOWN).state == HealthState.UNHEALTHY


def test_a_success_between_failures_begins_the_count_anew() -> None:
    assert probed(WELL, DOWN, DOWN, WELL, DOWN, DOWN).state == HealthState.HEALTHY
    assert probed(WELL, DOWN, DOWN, WELL, DOWN, DOWN, DOWN).state == HealthState.UNHEALTHY


def test_failures_below_the_threshold_change_nothing_that_is_written() -> None:
    assert probed(WELL, DOWN, DOWN).status == probed(WELL).status


def test_a_lost_provider_needs_its_successes_in_a_row() -> None:
    lost = probed(WELL, DOWN, DOWN, DOWN)
    assert probed(WELL, health=lost).state == HealthState.UNHEALTHY
    assert probed(WELL, DOWN, WELL, health=lost).state == HealthState.UNHEALTHY
    assert probed(WELL, WELL, health=lost, now=LATER).since == LATER


@pytest.mark.parametrize(
    "fault",
    [
        None,
        Fault.REJECTED,
        Fault.FORBIDDEN,
        Fault.QUOTA_EXHAUSTED,
        Fault.RATE_LIMITED,
        Fault.NOT_FOUND,
    ],
)
def test_an_answer_that_refuses_is_an_answer_all_the_same(fault: Fault | None) -> None:
    assert probed(fault).state == HealthState.HEALTHY


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.UNREACHABLE, "Unreachable"),
        (Fault.TIMEOUT, "Timeout"),
        (Fault.SERVER_ERROR, "ServerError"),
        (Fault.UNEXPECTED_ANSWER, "UnexpectedAnswer"),
    ],
)
def test_what_is_no_answer_of_the_api_is_a_failure(fault: Fault, reason: str) -> None:
    health = probed(fault, fault, fault)
    assert (health.state, health.reason) == (HealthState.UNHEALTHY, reason)


def test_a_credential_that_was_not_sent_tells_nothing_of_the_server() -> None:
    health = probed(WELL, DOWN, DOWN)
    assert probed(Fault.MALFORMED_CREDENTIAL, health=health) == health


def test_words_that_change_at_every_failure_are_kept_while_their_reason_stays() -> None:
    lost = probed(DOWN, DOWN, DOWN)
    again = lost.after(Judgement(DOWN, "request req_2 failed"), 3, 2, LATER)
    assert again.status == lost.status
    other = lost
    for _ in range(3):
        other = other.after(Judgement(Fault.TIMEOUT, "slow"), 3, 2, LATER)
    assert (other.reason, other.message, other.since) == ("Timeout", "slow", lost.since)


def test_a_server_that_fails_now_so_and_now_otherwise_is_no_news_at_every_probe() -> None:
    lost = probed(DOWN, DOWN, DOWN)
    health = lost
    for fault in (Fault.TIMEOUT, DOWN, Fault.SERVER_ERROR, Fault.TIMEOUT) * 5:
        health = probed(fault, health=health)
        assert health.status == lost.status


def test_a_restart_goes_on_from_what_was_written() -> None:
    for health in (Health(), probed(WELL), probed(DOWN, DOWN, DOWN), probed(DOWN)):
        assert Health.seeded(health.status).status == health.status


def test_a_restart_in_an_outage_does_not_heal_by_a_single_success() -> None:
    lost = Health.seeded(probed(DOWN, DOWN, DOWN).status)
    assert probed(WELL, health=lost).state == HealthState.UNHEALTHY
    assert probed(WELL, WELL, health=lost).state == HealthState.HEALTHY


def test_refusals_in_a_row_are_counted_and_any_other_answer_ends_them() -> None:
    assert probed(Fault.REJECTED, Fault.QUOTA_EXHAUSTED).refusals == 2
    assert probed(Fault.REJECTED, Fault.RATE_LIMITED).refusals == 0
    assert probed(*[Fault.REJECTED] * 9).refusals == 3


def test_a_message_longer_than_the_status_may_hold_is_cut() -> None:
    health = Health().after(Judgement(DOWN, "x" * 5000), 1, 1, NOON)
    assert HealthStatus.model_validate(health.status.to_wire()) == health.status


FAULTS = st.lists(st.sampled_from([None, *Fault]), max_size=40)


@PROPERTY
@given(FAULTS, st.integers(1, 5), st.integers(1, 5), st.sampled_from([None, *Fault]))
def test_equal_probes_end_in_equal_values_so_that_nothing_ticks(
    faults: list[Fault | None], failures: int, successes: int, last: Fault | None
) -> None:
    health = Health()
    for fault in faults:
        health = health.after(Judgement(fault, "words"), failures, successes, NOON)
    for _ in range(5):
        health = health.after(Judgement(last, "words"), failures, successes, LATER)
    assert health.after(Judgement(last, "words"), failures, successes, "never") == health


@PROPERTY
@given(FAULTS, st.integers(1, 5), st.integers(1, 5))
def test_a_healthy_provider_is_lost_by_exactly_its_threshold_of_failures(
    faults: list[Fault | None], failures: int, successes: int
) -> None:
    failing = {Fault.UNREACHABLE, Fault.TIMEOUT, Fault.SERVER_ERROR, Fault.UNEXPECTED_ANSWER}
    health, row = Health(), 0
    for fault in faults:
        before = health.state
        health = health.after(Judgement(fault, "words"), failures, successes, NOON)
        if fault is not Fault.MALFORMED_CREDENTIAL:
            row = row + 1 if fault in failing else 0
        if before == HealthState.HEALTHY:
            assert (health.state == HealthState.UNHEALTHY) == (row >= failures)
