"""The traps of calls, results and texts on the way to Messages, each by its sentence."""

import json

import pytest

from joch.transcript.parts import (
    Text,
    ToolCall,
    ToolResult,
)
from joch.wire import openai_chat
from joch.wire.anthropic_messages import render
from joch.wire.profile import ANTHROPIC
from tests.unit.wire import conversations as chat
from tests.unit.wire.messages_api import (
    GO,
    Data,
    answer,
    asked,
    calls_of,
    done,
    ids,
    lost,
    made,
    messages_of,
    result,
    results_of,
    said,
    sentences,
    tool,
    tool_message,
    transcript,
    use,
    user,
)

UNKNOWN = "outcome unknown; do not repeat this call"


# 1 to 3: ids of calls


@pytest.mark.parametrize("foreign", ["c:1", "a.b", "z" * 65, "", "é"])
def test_a_foreign_call_id_charset_or_length_is_remapped_over_the_whole_request(
    foreign: str,
) -> None:
    rendered = render(made(GO, said(ToolCall(foreign, "f", "{}")), tool_message(done(foreign))))

    sent = calls_of(rendered)[0]["id"]
    assert ANTHROPIC.call_ids.fits(sent)
    assert results_of(rendered)[0]["tool_use_id"] == sent
    assert sentences(rendered) == ["Tool-call ids remapped"]


@pytest.mark.parametrize("foreign", ["call_1", "toolu_01Ab", "fc_1-2", "z" * 64])
def test_a_foreign_call_id_passes_as_it_is_where_charset_and_length_fit(foreign: str) -> None:
    rendered = render(made(GO, said(ToolCall(foreign, "f", "{}")), tool_message(done(foreign))))

    assert calls_of(rendered)[0]["id"] == foreign
    assert rendered.changes == ()


def test_truncated_ids_collide_so_they_are_hashed_and_never_cut() -> None:
    one, two = "z" * 80 + "1", "z" * 80 + "2"
    rendered = render(made(GO, said(ToolCall(one, "f", "{}"), ToolCall(two, "f", "{}"))))

    first, second = (call["id"] for call in calls_of(rendered))
    assert first != second
    assert "zzz" not in first + second


def test_one_id_reused_in_different_turns_is_made_unique() -> None:
    exchange = said(ToolCall("c1", "f", "{}")), tool_message(done("c1"))
    rendered = render(made(GO, *exchange, asked(Text("again")), *exchange))

    first, second = (call["id"] for call in calls_of(rendered))
    assert first == "c1" != second
    assert [block["tool_use_id"] for block in results_of(rendered)] == [first, second]


# 4 to 9: pairing and order


def test_a_dangling_call_gets_an_error_result_outcome_unknown_do_not_repeat() -> None:
    rendered = render(made(GO, said(ToolCall("c1", "f", "{}")), asked(Text("Well?"))))

    assert messages_of(rendered)[2] == user(result("c1", UNKNOWN, is_error=True), "Well?")
    assert [(c.id, c.where) for c in rendered.changes] == [
        ("unknown-outcome", "messages[1].parts[0]")
    ]


def test_an_orphan_result_after_the_window_was_cut_is_left_out_and_declared() -> None:
    rendered = render(made(tool_message(done("c9")), GO))

    assert messages_of(rendered) == [{"role": "user", "content": "go"}]
    assert [(c.id, c.where) for c in rendered.changes] == [
        ("orphan-result", "messages[0].parts[0]")
    ]


def test_a_window_that_starts_with_the_assistant_starts_with_a_user_message() -> None:
    rendered = render(made(said(Text("Hello!")), GO))

    assert [message["role"] for message in messages_of(rendered)] == ["user", "assistant", "user"]
    assert ids(rendered) == ["first-message"]


def test_parallel_results_split_over_messages_are_one_user_message() -> None:
    calls = said(ToolCall("a", "f", "{}"), ToolCall("b", "f", "{}"))
    rendered = render(made(GO, calls, tool_message(done("b", "2")), tool_message(done("a", "1"))))

    assert messages_of(rendered)[2:] == [user(result("b", "2"), result("a", "1"))]
    assert rendered.changes == ()


def test_text_before_results_goes_behind_them() -> None:
    read = transcript(
        user("go"), answer(use("a", "f")), user("Here:", result("a")), tools=[tool("f")]
    )

    assert messages_of(render(read))[2] == user(result("a"), "Here:")


def test_the_call_stays_behind_the_text_that_preceded_it() -> None:
    rendered = render(made(GO, said(Text("I go."), ToolCall("a", "f", "{}"))))

    assert messages_of(rendered)[1] == answer("I go.", use("a", "f"))


def test_consecutive_messages_of_the_same_role_merge() -> None:
    rendered = render(
        made(GO, asked(Text("now")), said(Text("I")), said(Text("go."))),
    )

    assert messages_of(rendered) == [user("go", "now"), answer("I", "go.")]
    assert ids(rendered) == ["merged", "merged"]


# 10 to 14: text, arguments, results


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u00a0"])
def test_empty_or_blank_text_is_dropped_or_a_placeholder_where_it_stands_alone(blank: str) -> None:
    rendered = render(made(GO, said(Text(blank), Text("I go.")), asked(Text(blank))))

    assert [message["content"] for message in messages_of(rendered)] == [
        "go",
        "I go.",
        "(empty message)",
    ]
    assert ids(rendered) == ["blank-text", "blank-text", "empty-message"]


def test_empty_text_inside_a_tool_result_is_dropped() -> None:
    answered = ToolResult("a", (Text(""), Text("done"), Text(" ")))
    rendered = render(made(GO, said(ToolCall("a", "f", "{}")), tool_message(answered)))

    assert results_of(rendered) == [result("a", "done")]
    assert ids(rendered) == ["blank-text"]


def test_an_assistant_with_null_content_and_no_calls_is_dropped() -> None:
    read = openai_chat.parse(json.dumps([chat.user("go"), chat.answer(None), chat.user("on")]))
    rendered = render(read)

    assert messages_of(rendered) == [user("go", "on")]
    assert lost(rendered) == ["empty-message"]


@pytest.mark.parametrize("written", ["to=ops", "[1]", '"x"', "{", '{"a":NaN}', '{"a":1e999}'])
def test_an_arguments_string_of_invalid_json_is_preserved_as_raw_text(written: str) -> None:
    rendered = render(made(GO, said(ToolCall("a", "f", written))))

    assert calls_of(rendered)[0]["input"] == {"_raw": written}
    assert "Malformed tool arguments preserved as text" in sentences(rendered)


@pytest.mark.parametrize(("written", "sent"), [('{"a": 1}', {"a": 1}), ("", {}), (" ", {})])
def test_an_arguments_string_becomes_an_object(written: str, sent: Data) -> None:
    rendered = render(made(GO, said(ToolCall("a", "f", written)), tool_message(done("a"))))

    assert calls_of(rendered)[0]["input"] == sent
    assert rendered.changes == ()


def test_is_error_stays_a_flag_and_needs_no_prefix() -> None:
    failed = ToolResult("a", (Text("no route"),), is_error=True)
    rendered = render(made(GO, said(ToolCall("a", "f", "{}")), tool_message(failed)))

    assert results_of(rendered) == [result("a", "no route", is_error=True)]
