"""Every call stands with its own result."""

from joch.transcript.exchanges import exchanges
from joch.transcript.parts import Text
from tests.unit.wire.conversations import answer, call, result, transcript, user


def test_results_find_their_calls_in_any_order() -> None:
    read = transcript(
        answer(None, call("a", "f"), call("b", "g")), result("b", "of g"), result("a", "of f")
    )

    found = [(e.call.name, e.result.parts[0], e.result_index) for e in exchanges(read) if e.result]

    assert found == [("f", Text("of f"), 2), ("g", Text("of g"), 1)]


def test_equal_parallel_calls_stay_two() -> None:
    read = transcript(answer(None, call("a", "f", x=1), call("b", "f", x=1)))

    assert len(exchanges(read)) == 2


def test_a_result_answers_the_latest_call_of_its_id() -> None:
    read = transcript(
        answer(None, call("a", "first")),
        user("never mind"),
        answer(None, call("a", "second")),
        result("a", "x"),
    )

    assert [(e.call.name, e.result is None) for e in exchanges(read)] == [
        ("first", True),
        ("second", False),
    ]
