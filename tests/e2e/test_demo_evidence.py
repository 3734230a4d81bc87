"""The demo's judge: what it finds in a transcript, and what it misses in a vendor's request."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from joch.demo.evidence import missing, said_in, text_of, tool_traffic

TRANSCRIPT = json.loads(
    (
        Path(__file__).parents[2] / "examples" / "demo" / "conversation" / "transcript.json"
    ).read_text()
)
EFFECT = (
    "send_email(to=research@example.com, subject=Survey of agent-operations tools): "
    '{"status": "sent", "message_id": "msg-4711"}'
)
RECEIVED: dict[str, Any] = {
    "model": "globex-pro-2",
    "system": [{"type": "text", "text": "You are a research assistant."}],
    "messages": [
        {
            "role": "user",
            "content": [
                {
                    "type": "text",
                    "text": "Goal: compare five agent-operations tools for the platform team.\n"
                    "Decisions:\n"
                    "- five competitors are in scope.\n"
                    "- SDK-only entrants are excluded.\n"
                    "- the report is two pages long.\n"
                    f"Already done, do not repeat:\n- {EFFECT}",
                }
            ],
        },
    ],
}


def test_the_demos_transcript_says_a_goal_three_decisions_and_one_effect() -> None:
    said = said_in(TRANSCRIPT)

    assert said.goal == "compare five agent-operations tools for the platform team."
    assert said.decisions == (
        "five competitors are in scope.",
        "SDK-only entrants are excluded.",
        "the report is two pages long.",
    )
    assert said.effects == (
        (
            "send_email",
            "research@example.com",
            "Survey of agent-operations tools",
            "sent",
            "msg-4711",
        ),
    )


def test_a_request_that_says_it_all_lacks_nothing() -> None:
    assert missing(said_in(TRANSCRIPT), text_of(RECEIVED)) == ()
    assert tool_traffic(RECEIVED) == ()


@pytest.mark.parametrize(
    "words",
    [
        "compare five agent-operations tools",
        "five competitors are in scope",
        "SDK-only entrants are excluded",
        "the report is two pages long",
        "research@example.com",
        "msg-4711",
    ],
)
def test_a_request_that_leaves_words_out_is_found_out(words: str) -> None:
    received = copy.deepcopy(RECEIVED)
    block = received["messages"][0]["content"][0]
    block["text"] = block["text"].replace(words, "")

    assert len(missing(said_in(TRANSCRIPT), text_of(received))) == 1


def test_an_effect_whose_words_are_scattered_over_lines_is_not_told() -> None:
    received = copy.deepcopy(RECEIVED)
    block = received["messages"][0]["content"][0]
    block["text"] = block["text"].replace(EFFECT, EFFECT.replace(", ", ",\n"))

    assert missing(said_in(TRANSCRIPT), text_of(received)) == (
        "send_email research@example.com Survey of agent-operations tools sent msg-4711",
    )


@pytest.mark.parametrize(
    "message",
    [
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "1", "name": "send_email", "input": {}}],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1"}]},
        {"role": "assistant", "tool_calls": [{"id": "1"}]},
        {"role": "tool", "tool_call_id": "1", "content": "sent"},
    ],
)
def test_a_call_or_a_result_in_a_request_is_found_out(message: dict[str, Any]) -> None:
    received = copy.deepcopy(RECEIVED)
    received["messages"].append(message)

    assert len(tool_traffic(received)) == 1
