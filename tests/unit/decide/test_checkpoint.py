"""The summary: quoted or derived, nothing invented, nothing forgotten."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given

from joch.api.conversation import SideEffect
from joch.api.statecheckpoint import Summary
from joch.decide.checkpoint.effects import Outcome, calls
from joch.decide.checkpoint.extract import extract_summary
from joch.decide.checkpoint.reading import reading_of
from joch.transcript.conversation import Transcript
from joch.transcript.parts import ToolCall, plain_text
from joch.wire.openai_chat import parse
from joch.wire.registry import FORMATS, WireFormat
from tests.unit.wire.conversations import (
    Data,
    answer,
    any_transcript,
    call,
    function,
    result,
    stored_bodies,
    system,
    transcript,
    user,
)

RESEARCH: Data = {
    "messages": [
        system("Goal: be helpful."),
        user("Analyze the competitive landscape for agent ops tools"),
        answer(
            "Decision: Five competitors in scope\n\n"
            "- **Decided:** SDK-only entrants are excluded\n"
            "Notes are in artifact://research/landscape-draft.md.",
            call("c1", "send_email", to="ops@example.com"),
        ),
        result("c1", "sent 250 OK"),
        answer("Mail sent. See mem://research/competitor-notes!"),
        user("Draft section 3 of the report"),
        answer("TODO: verify prices\nHere is a draft. Shall I go on?"),
    ]
}


def summary_of(*messages: Data, **levels: SideEffect) -> Summary:
    return extract_summary(reading_of(transcript(*messages), levels))


def test_a_research_conversation_is_summed_up() -> None:
    assert extract_summary(reading_of(parse(json.dumps(RESEARCH)), {})) == Summary(
        user_goal="Analyze the competitive landscape for agent ops tools",
        current_task="Draft section 3 of the report",
        decisions=("Five competitors in scope", "SDK-only entrants are excluded"),
        open_questions=("TODO: verify prices", "Shall I go on?"),
        active_artifacts=("artifact://research/landscape-draft.md",),
        relevant_memory_refs=("mem://research/competitor-notes",),
        executed_side_effects=("send_email(to=ops@example.com): sent 250 OK",),
    )


def test_a_conversation_that_says_nothing_has_an_empty_summary() -> None:
    assert summary_of(system("Be brief.")) == Summary()


def test_a_stated_goal_wins_over_the_first_message_and_the_latest_one_wins() -> None:
    stated = summary_of(user("hi"), user("Goal: ship it"), user("**Goal:** ship it today"))

    assert stated.user_goal == "ship it today"


def test_a_goal_that_the_assistant_states_is_not_the_users() -> None:
    assert summary_of(user("help me"), answer("Goal: world peace")).user_goal == "help me"


def test_a_current_task_stated_after_the_users_last_words_wins() -> None:
    stated = summary_of(user("go on"), answer("Current task: proof-reading section 3"))

    assert stated.current_task == "proof-reading section 3"


@pytest.mark.parametrize(
    "line",
    [
        "Decision: use Postgres",
        "Decisions: use Postgres",
        "* Decided: use Postgres",
        "1. **Agreed:** use Postgres",
        "DECISION: use Postgres",
    ],
)
def test_a_marked_decision_is_quoted_without_its_marker(line: str) -> None:
    assert summary_of(user("hi"), answer(line)).decisions == ("use Postgres",)


def test_a_told_decision_is_quoted_as_a_sentence() -> None:
    told = summary_of(user("It is late. We decided to use Postgres. Thanks."))

    assert told.decisions == ("We decided to use Postgres.",)


@pytest.mark.parametrize(
    "words", ["WE AGREED ON POSTGRES.", "We dec\u0131ded on Postgres.", "Goal: a. We decided on b."]
)
def test_a_sentence_tells_a_decision_in_any_case_and_after_another_marker(words: str) -> None:
    told = summary_of(user(words)).decisions

    assert told == (words.removeprefix("Goal: a. "),)


def test_a_decision_stands_where_it_was_told_last() -> None:
    again = summary_of(user("Decision: a"), answer("Decision: b"), user("Decision: a"))

    assert again.decisions == ("b", "a")


@pytest.mark.parametrize(
    "words",
    [
        "We decided nothing yet.",
        "Have we decided on Postgres?",
        "We decided on Postgres?",
        "The decision is hard.",
        "```\nDecision: in code\n```",
    ],
)
def test_what_is_no_decision_is_none(words: str) -> None:
    assert summary_of(user("hi"), answer(words)).decisions is None


def test_a_question_that_was_answered_is_not_open() -> None:
    assert summary_of(user("a"), answer("Shall I?"), user("yes")).open_questions is None


def test_a_tool_whose_level_nobody_stated_counts_as_side_effecting() -> None:
    exchange = (answer(None, call("c1", "look", at="a")), result("c1", "a cat"))

    assert summary_of(*exchange).executed_side_effects == ("look(at=a): a cat",)
    assert summary_of(*exchange, look=SideEffect.NONE).executed_side_effects is None


def test_a_level_from_a_later_version_counts_as_side_effecting() -> None:
    read = transcript(answer(None, call("c1", "look")), result("c1", "a cat"))

    found = reading_of(read, {"look": SideEffect("Cosmic")})

    assert [call.level for call in found.calls] == [SideEffect.SIDE_EFFECTING]


@pytest.mark.parametrize(
    ("hints", "level"),
    [
        ({"readOnlyHint": True}, SideEffect.NONE),
        ({"idempotentHint": True}, SideEffect.IDEMPOTENT),
        ({"destructiveHint": False}, SideEffect.SIDE_EFFECTING),
        ({"readOnlyHint": "yes"}, SideEffect.SIDE_EFFECTING),
    ],
)
def test_mcps_hints_are_taken_where_nobody_stated_a_level(hints: Data, level: SideEffect) -> None:
    tools = [function("look", annotations=hints)]
    read = transcript(answer(None, call("a", "look")), result("a", "x"), tools=tools)

    (hinted,) = reading_of(read, {}).calls
    (stated,) = reading_of(read, {"look": SideEffect.SIDE_EFFECTING}).calls
    assert hinted.level is level
    assert stated.level is SideEffect.SIDE_EFFECTING


def test_equal_parallel_calls_count_twice() -> None:
    twice = answer(None, call("a", "pay", eur=5), call("b", "pay", eur=5))

    stated = summary_of(twice, result("a", "paid"), result("b", "paid")).executed_side_effects

    assert stated == ("pay(eur=5): paid", "pay(eur=5): paid")


@pytest.mark.parametrize(
    "said",
    [
        "Error: mailbox full",
        "failed: mailbox full",
        '{"error": "mailbox full"}',
        '{"success": false, "why": "mailbox full"}',
        '{"status": "error", "why": "mailbox full"}',
    ],
)
def test_a_failed_side_effect_is_stated_as_failed(said: str) -> None:
    stated = summary_of(answer(None, call("a", "mail")), result("a", said)).executed_side_effects

    assert stated == (f"mail(): failed: {said}",)


@pytest.mark.parametrize("said", ["No errors found", '{"error": null, "id": 7}', "sent 250 OK", ""])
def test_a_result_that_only_mentions_errors_is_no_failure(said: str) -> None:
    read = transcript(answer(None, call("a", "mail")), result("a", said))

    assert [call.outcome for call in reading_of(read, {}).calls] == [Outcome.SUCCEEDED]


def test_a_call_nobody_answered_is_stated_with_its_unknown_outcome() -> None:
    stated = summary_of(answer(None, call("a", "pay", eur=5))).executed_side_effects

    assert stated == ("pay(eur=5): outcome unknown",)


def test_secrets_in_arguments_are_not_told() -> None:
    said = summary_of(answer(None, call("a", "login", user="ada", api_key="sk-123")))

    assert said.executed_side_effects == ("login(user=ada, api_key=(redacted)): outcome unknown",)


def test_long_arguments_are_cut_with_a_digest_that_tells_them_apart() -> None:
    one, two = ("x" * 500 + end for end in "12")
    stated = summary_of(answer(None, call("a", "save", text=one), call("b", "save", text=two)))

    first, second = stated.executed_side_effects or ()
    assert "… sha256:" in first
    assert first != second


def test_more_items_than_the_api_takes_are_counted_in_the_last_one() -> None:
    many = [answer(f"Decision: number {i}") for i in range(200)]

    decisions = summary_of(user("hi"), *many).decisions or ()

    assert len(decisions) == 128
    assert decisions[-2:] == ("number 199", "and 73 earlier ones, which the transcript holds")


def test_a_long_goal_is_cut_visibly() -> None:
    goal = summary_of(user("word " * 1_000)).user_goal or ""

    assert len(goal) == 1024
    assert goal.endswith("…")


def test_what_a_person_wrote_wins_but_no_side_effect_is_forgotten() -> None:
    said = Summary(user_goal="Sell it", executed_side_effects=("called Ada",))

    corrected = extract_summary(reading_of(parse(json.dumps(RESEARCH)), {}), said)

    assert corrected.user_goal == "Sell it"
    assert corrected.current_task == "Draft section 3 of the report"
    assert corrected.executed_side_effects == (
        "called Ada",
        "send_email(to=ops@example.com): sent 250 OK",
    )


def test_a_person_who_states_one_of_two_equal_effects_hides_only_that_one() -> None:
    twice = answer(None, call("a", "pay", eur=5), call("b", "pay", eur=5))
    read = reading_of(transcript(twice, result("a", "paid"), result("b", "paid")), {})
    said = Summary(executed_side_effects=("pay(eur=5): paid",))

    assert extract_summary(read, said).executed_side_effects == ("pay(eur=5): paid",) * 2


@given(any_transcript)
def test_every_summary_is_within_the_limits_of_the_api(given_one: Transcript) -> None:
    summary = extract_summary(reading_of(given_one, {}))

    assert Summary.model_validate(json.loads(summary.model_dump_json())) == summary


@given(stored_bodies())
def test_every_executed_call_is_stated_once(body: Data) -> None:
    read = parse(json.dumps(body))
    names = [part.name for _, part in read.parts() if isinstance(part, ToolCall)]

    found = reading_of(read, {"look": SideEffect.NONE})
    stated = extract_summary(found).executed_side_effects or ()

    assert len(stated) == names.count("send_email")


@given(stored_bodies())
def test_goal_and_task_are_quoted(body: Data) -> None:
    read = parse(json.dumps(body))
    said = " ".join(" ".join(plain_text(message.parts).split()) for message in read.messages)

    summary = extract_summary(reading_of(read, {}))

    assert (summary.user_goal or "") in said.replace("\0", " ")


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_summary_is_the_same_in_every_process(seed: str) -> None:
    program = (
        "import sys; from joch.wire.openai_chat import parse; "
        "from joch.decide.checkpoint.extract import extract_summary; "
        "from joch.decide.checkpoint.reading import reading_of; "
        "print(extract_summary(reading_of(parse(sys.stdin.read()), {})).model_dump_json())"
    )
    answered = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(RESEARCH),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )

    expected = extract_summary(reading_of(parse(json.dumps(RESEARCH)), {})).model_dump_json()
    assert answered.stdout.strip() == expected


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_a_call_that_was_rendered_as_of_unknown_outcome_is_so_when_it_is_read_again(
    known: WireFormat,
) -> None:
    call = {"name": "send_email", "arguments": "{}"}
    body = {
        "messages": [
            {"role": "user", "content": "Send it."},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c1", "type": "function", "function": call}],
            },
            {"role": "user", "content": "Well?"},
        ],
        "tools": [{"type": "function", "function": {"name": "send_email"}}],
    }
    rendered = known.render(parse(json.dumps(body)), known.profile)

    (read,) = calls(known.parse(json.dumps(rendered.body)), {})
    assert (read.outcome, read.unsettled) == (Outcome.UNKNOWN, True)
