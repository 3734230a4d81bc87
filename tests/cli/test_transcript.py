"""`joch transcript`: what a person types, and what they get."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "send_email", "arguments": '{"to": "a@example.com"}'},
}
TALK: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "You are a research assistant."},
        {"role": "user", "content": "Goal: compare the tools. Send the survey."},
        {"role": "assistant", "content": "Sending.", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": '{"status": "sent"}'},
        {"role": "user", "content": "And now?"},
    ],
    "tools": [
        {"type": "function", "function": {"name": "send_email", "parameters": {"type": "object"}}}
    ],
    "temperature": 0.2,
}
TEXT = json.dumps(TALK)
UNANSWERED: dict[str, Any] = {"messages": TALK["messages"][:3]}


def joch(*arguments: str | Path, said: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "joch", "transcript", *map(str, arguments)]
    return subprocess.run(command, input=said, capture_output=True, text=True, check=False)


def test_a_transcript_from_a_pipe_comes_out_as_a_body_of_the_other_format() -> None:
    done = joch("convert", "--from", "openai_chat", "--to", "anthropic_messages", said=TEXT)

    body = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert body["system"] == "You are a research assistant."
    assert [block["type"] for block in body["messages"][1]["content"]] == ["text", "tool_use"]


def test_what_is_lost_on_the_way_is_reported_a_line_each(tmp_path: Path) -> None:
    source, report = tmp_path / "talk.json", tmp_path / "lost.jsonl"
    source.write_text(TEXT)

    joch(
        "convert", "--from", "openai_chat", "--to", "anthropic_messages", "--report", report, source
    )

    (lost,) = (json.loads(line) for line in report.read_text().splitlines())
    assert lost == {
        "id": "sampling",
        "carriage": "lost",
        "where": "temperature",
        "sentence": "Sampling parameter ignored: temperature",
    }


def test_what_only_its_own_vendor_takes_stays_in_its_own_format_and_goes_in_others() -> None:
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "c2lnbmVk"}
    answer = {"role": "assistant", "content": [thought, {"type": "text", "text": "Yes."}]}
    said = json.dumps({"messages": [{"role": "user", "content": "Is it?"}, answer]})
    from_anthropic = ("convert", "--from", "anthropic_messages", "--to")

    assert "c2lnbmVk" in joch(*from_anthropic, "anthropic_messages", said=said).stdout
    assert "c2lnbmVk" not in joch(*from_anthropic, "openai_chat", said=said).stdout


def test_a_body_keeps_the_limits_of_the_vendor_that_answers_in_its_format() -> None:
    arguments = ("convert", "--from", "openai_chat", "--to", "openai_chat", "--for", "mistral")
    done = joch(*arguments, said=TEXT)

    (call,) = json.loads(done.stdout)["messages"][2]["tool_calls"]
    assert len(call["id"]) == 9


def test_every_line_is_answered_by_a_line_and_one_that_cannot_be_read_stops_nobody() -> None:
    said = f'{TEXT}\n{{"messages": 1}}\n\n{TEXT}\n'
    arguments = ("convert", "--from", "openai_chat", "--to", "bedrock_converse", "--lines")
    done = joch(*arguments, said=said)

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [sorted(answer) for answer in answers] == [
        ["body", "report"],
        ["error"],
        ["body", "report"],
    ]
    assert answers[1]["error"].startswith("messages: must be a list, not a number")
    assert done.returncode == 2


def test_a_transcript_that_goes_over_whole_is_checked_without_objection() -> None:
    arguments = ("check", "--from", "openai_chat", "--to", "anthropic_messages")
    done = joch(*arguments, said=TEXT)

    assert done.returncode == 0
    assert done.stdout.startswith("5 messages, about ")
    assert "✓ Text conversation supported\n" in done.stdout


def test_a_call_whose_outcome_nobody_knows_fails_the_check_with_exit_code_3() -> None:
    done = joch("check", "--from", "openai_chat", said=json.dumps(UNANSWERED))

    assert done.returncode == 3
    assert "✗" in done.stdout
    assert "send_email" in done.stdout


def test_the_checkpoint_is_a_summary_as_a_statecheckpoint_has_it() -> None:
    done = joch("checkpoint", "--from", "openai_chat", said=TEXT)

    assert json.loads(done.stdout) == {
        "userGoal": "compare the tools. Send the survey.",
        "currentTask": "And now?",
        "executedSideEffects": ['send_email(to=a@example.com): {"status": "sent"}'],
    }


@pytest.mark.parametrize(
    ("wanted", "list_of"),
    [
        ("openai_chat", "messages"),
        ("openai_responses", "input"),
        ("anthropic_messages", "messages"),
        ("google_generate_content", "contents"),
        ("bedrock_converse", "messages"),
    ],
)
def test_a_handoff_in_any_format_tells_what_was_done_and_calls_nothing(
    wanted: str, list_of: str
) -> None:
    done = joch("handoff", "--from", "openai_chat", "--to", wanted, said=TEXT)

    body = json.loads(done.stdout)
    told = json.dumps(body[list_of])
    assert "Already done, do not repeat" in told
    assert "call_1" not in told
    assert "send_email" in json.dumps(body.get("tools", body.get("toolConfig")))


def test_a_handoff_keeps_the_limits_of_the_vendor_that_answers_in_its_format() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/x.png"}}
    said = json.dumps({"messages": [{"role": "user", "content": [picture]}]})
    arguments = ("handoff", "--from", "openai_chat", "--to", "openai_chat")

    assert '"image_url"' in joch(*arguments, said=said).stdout
    assert '"image_url"' not in joch(*arguments, "--for", "bedrock", said=said).stdout


def test_a_window_of_no_tokens_leaves_the_checkpoint_alone() -> None:
    arguments = ("handoff", "--from", "openai_chat", "--to", "openai_chat", "--window-tokens", "0")
    done = joch(*arguments, said=TEXT)

    assert [message["role"] for message in json.loads(done.stdout)["messages"]] == [
        "system",
        "user",
    ]


@pytest.mark.parametrize(
    ("arguments", "said", "sentence"),
    [
        (
            ("convert", "--from", "chat", "--to", "openai_chat"),
            "[]",
            "joch: --from: 'chat' is no format of this version: use one of openai_chat, ",
        ),
        (
            ("convert", "--from", "openai_chat", "--to", "openai_chat", "--for", "acme"),
            TEXT,
            "joch: --for: 'acme' is no target of this version: use one of openai, ",
        ),
        (
            ("checkpoint", "--from", "openai_chat"),
            TEXT[:200],
            "joch: standard input: the transcript is not JSON: ",
        ),
        (
            ("check", "--from", "openai_chat", "nowhere.json"),
            "",
            "joch: nowhere.json can't be read: No such file or directory",
        ),
    ],
    ids=["an unknown format", "an unknown target", "truncated JSON", "no file"],
)
def test_input_that_is_wrong_is_told_in_a_sentence_with_exit_code_2(
    arguments: tuple[str, ...], said: str, sentence: str
) -> None:
    done = joch(*arguments, said=said)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)
