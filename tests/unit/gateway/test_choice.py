from collections.abc import Mapping

from pydantic import SecretStr

from joch.gateway.choice import (
    CRASHED_WAIT,
    MAX_DRAINING,
    Failure,
    Situation,
    choose,
    next_failure,
)
from joch.gateway.launch import Launch, NotYet
from joch.gateway.report import State, status_of

NOW = 1000.0


def launch(name: str) -> Launch:
    key = SecretStr("sk-master")
    return Launch(b"", f"sha256:{name}", {name: name}, {}, key, name)


OLD, NEW = launch("old"), launch("new")


def situation(
    asked: Launch | NotYet = NEW,
    running: Launch | None = OLD,
    failures: Mapping[str, Failure] | None = None,
    last_good: Launch | None = OLD,
    draining: int = 0,
) -> Situation:
    return Situation(asked, running, last_good, failures or {}, draining)


def failed(until: float, message: str = "it broke") -> Failure:
    return Failure(1, until, message)


def test_what_is_asked_for_is_brought_up() -> None:
    assert choose(situation(), NOW) == NEW
    assert choose(situation(running=None, last_good=None), NOW) == NEW


def test_what_runs_already_is_left_alone() -> None:
    assert choose(situation(asked=OLD), NOW) is None


def test_nothing_is_done_while_nothing_can_be_launched() -> None:
    assert choose(situation(asked=NotYet("no file")), NOW) is None
    assert choose(situation(NotYet("no file"), running=None, last_good=None), NOW) is None


def test_a_rejected_launch_is_tried_again_only_after_its_wait() -> None:
    rejected = {"new": failed(until=NOW + 1)}

    assert choose(situation(failures=rejected), NOW) is None
    assert choose(situation(failures=rejected), NOW + 1) == NEW


def test_the_last_good_one_is_started_again_when_it_ends_while_the_new_one_is_rejected() -> None:
    rejected = {"new": failed(until=NOW + 99)}

    assert choose(situation(running=None, failures=rejected), NOW) == OLD


def test_the_last_good_one_is_started_again_when_the_files_are_gone() -> None:
    assert choose(situation(NotYet("no file"), running=None), NOW) == OLD


def test_a_crashed_one_waits_before_it_is_started_again() -> None:
    crashed = {"old": failed(until=NOW + 1)}

    assert choose(situation(OLD, running=None, failures=crashed), NOW) is None
    assert choose(situation(OLD, running=None, failures=crashed), NOW + 1) == OLD


def test_a_new_one_waits_while_too_many_old_ones_finish_their_answers() -> None:
    assert choose(situation(draining=MAX_DRAINING), NOW) is None
    assert choose(situation(running=None, draining=MAX_DRAINING), NOW) == NEW


def test_waits_double_up_to_five_minutes() -> None:
    failure, waits = None, []
    for _ in range(20):
        failure = next_failure(failure, "it broke", NOW, CRASHED_WAIT, jitter=1.0)
        waits.append(failure.retry_at - NOW)

    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 300


def test_the_status_tells_what_is_served_and_what_became_of_what_was_given() -> None:
    crash = {"old": failed(NOW, "LiteLLM ended with signal 9")}
    reject = {"new": failed(NOW, "LiteLLM ended with exit code 3: ValueError: no")}
    told = {
        status_of(each).state: status_of(each).message
        for each in (
            situation(NotYet("there is no config.yaml"), None, last_good=None),
            situation(running=None, last_good=None),
            situation(),
            situation(asked=OLD),
            situation(failures=reject),
        )
    }

    assert told == {
        State.WAITING: "there is no config.yaml; nothing is served",
        State.STARTING: "LiteLLM starts",
        State.RELOADING: "LiteLLM starts with the new configuration; the last good configuration, "
        "sha256:old, is served on",
        State.SERVING: "serves 1 deployments",
        State.REJECTED: "LiteLLM ended with exit code 3: ValueError: no; the last good "
        "configuration, sha256:old, is served on",
    }
    assert status_of(situation(OLD, running=None, failures=crash)).message == (
        "LiteLLM ended with signal 9; it is started again; nothing is served"
    )


def test_the_status_counts_and_hashes_what_is_given_and_what_is_served() -> None:
    assert status_of(situation()).to_wire() == {
        "configHash": "sha256:new",
        "servedHash": "sha256:old",
        "state": "Reloading",
        "message": status_of(situation()).message,
        "models": {"written": 1, "served": 1},
    }
