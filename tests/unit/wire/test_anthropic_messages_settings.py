"""Settings and tools of a rendered body: what is carried, and what is declared."""

from dataclasses import replace
from typing import Any

import pytest

from joch.transcript.conversation import (
    OutputFormat,
    Settings,
    ToolDeclaration,
    Transcript,
)
from joch.transcript.parts import (
    Text,
    ToolCall,
)
from joch.transcript.values import JsonObject
from joch.wire.anthropic_messages import render
from joch.wire.profile import ANTHROPIC
from joch.wire.rendered import Carriage, Rendered
from tests.unit.wire.messages_api import (
    SAME,
    answer,
    asked,
    blocks_of,
    body_of,
    ids,
    made,
    result,
    said,
    thinking,
    tool,
    transcript,
    use,
    user,
)


def only(changes: Rendered, carriage: Carriage) -> set[str]:
    return {change.id for change in changes.changes if change.carriage is carriage}


def test_a_choice_of_tool_is_sent_in_this_formats_words() -> None:
    read = replace(made(), settings=Settings(tool_choice="required", parallel_tool_calls=False))

    assert render(read).body["tool_choice"] == {"type": "any", "disable_parallel_tool_use": True}


def test_a_choice_without_a_counterpart_becomes_auto_declared() -> None:
    choice: JsonObject = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}
    rendered = render(replace(made(), settings=Settings(tool_choice=choice)))

    assert rendered.body["tool_choice"] == {"type": "auto"}
    assert only(rendered, Carriage.LOST) == {"tool-choice"}


def test_manual_thinking_is_left_out_inside_a_round_that_did_not_begin_with_thinking() -> None:
    read = transcript(
        user("go"),
        answer(thinking("hm"), use("t1", "f")),
        user(result("t1")),
        tools=[tool("f")],
        max_tokens=2000,
        thinking={"type": "enabled", "budget_tokens": 1024},
    )

    assert ids(render(read)) == ["reasoning", "thinking"]
    assert "thinking" in render(read, SAME).body


def test_a_budget_of_thinking_above_the_answer_is_left_out() -> None:
    budget = {"type": "enabled", "budget_tokens": 1024}
    rendered = render(transcript(user("go"), max_tokens=1000, thinking=budget))

    assert "thinking" not in rendered.body
    assert ids(rendered) == ["thinking"]


def test_an_effort_is_carried_and_the_least_becomes_low() -> None:
    rendered = render(Transcript((asked(Text("hi")),), settings=Settings(reasoning_effort="high")))
    least = render(Transcript((asked(Text("hi")),), settings=Settings(reasoning_effort="minimal")))

    assert rendered.body["output_config"] == {"effort": "high"}
    assert least.body["output_config"] == {"effort": "low"}
    assert ids(least) == ["reasoning-effort"]


def test_an_answers_schema_is_held_to_strictly_and_what_is_not_enforced_is_told() -> None:
    schema: JsonObject = {
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 1, "description": "How many."}},
        "required": ["n"],
    }
    output = OutputFormat("json_schema", "answer", schema, True)
    rendered = render(Transcript((asked(Text("hi")),), settings=Settings(output=output)))

    config: Any = rendered.body["output_config"]
    assert config["format"]["schema"] == {
        "type": "object",
        "properties": {"n": {"type": "integer", "description": "How many.\n\n{minimum: 1}"}},
        "required": ["n"],
        "additionalProperties": False,
    }
    assert ids(rendered) == ["vendor-fields", "json-schema-strict"]


def test_any_json_has_no_counterpart_and_is_declared_lost() -> None:
    settings = Settings(output=OutputFormat("json_object"))
    rendered = render(Transcript((asked(Text("hi")),), settings=settings))

    assert "output_config" not in rendered.body
    assert only(rendered, Carriage.LOST) == {"structured-output"}


def test_alternatives_at_the_root_of_an_input_schema_become_properties() -> None:
    schema: JsonObject = {
        "anyOf": [
            {"properties": {"a": {"type": "string"}, "c": {}}, "required": ["a", "c"]},
            {"properties": {"b": {"type": "string"}, "c": {}}, "required": ["b", "c"]},
        ]
    }
    read = Transcript((asked(Text("hi")),), (ToolDeclaration("f", parameters=schema),))

    tools: Any = render(read).body["tools"]
    assert tools[0]["input_schema"] == {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {}},
        "required": ["c"],
    }
    assert ids(render(read)) == ["schema-dialect"]


def test_a_schema_nested_too_deep_takes_any_object() -> None:
    deep: JsonObject = {"type": "object"}
    for _ in range(5_000):
        deep = {"type": "object", "properties": {"a": deep}}
    read = Transcript((asked(Text("hi")),), (ToolDeclaration("f", parameters=deep),))

    tools: Any = render(read).body["tools"]
    assert tools[0]["input_schema"] == {"type": "object"}


def test_the_twenty_first_strict_tool_is_not_strict_declared() -> None:
    closed: JsonObject = {"type": "object", "properties": {}, "additionalProperties": False}
    many = tuple(ToolDeclaration(f"f{n}", parameters=closed, strict=True) for n in range(21))
    rendered = render(Transcript((asked(Text("hi")),), many))

    assert [tool["strict"] for tool in body_of(rendered)["tools"]] == [True] * 20 + [False]
    assert ids(rendered) == ["json-schema-strict"]


def test_a_tool_that_takes_text_takes_it_as_its_argument() -> None:
    custom = ToolDeclaration("sh", "custom", extra={"type": "custom", "custom": {"name": "sh"}})
    read = Transcript((said(ToolCall("a", "sh", "ls -l", {"type": "custom"})),), (custom,))

    assert blocks_of(render(read))[1] == use("a", "sh", input="ls -l")


@pytest.mark.parametrize("key", ["context_management", "mcp_servers", "diagnostics", "container"])
def test_the_vendors_own_state_goes_back_to_its_own_backend_only(key: str) -> None:
    value: Any = [] if key == "mcp_servers" else {}
    read = transcript(user("hi"), **{key: value})

    assert ids(render(read)) == ["vendor-fields"]
    assert render(read, SAME).body[key] == value


def test_a_tool_that_is_declared_twice_is_declared_once() -> None:
    rendered = render(made(asked(Text("hi")), tools=("f", "f")))

    assert [declared["name"] for declared in body_of(rendered)["tools"]] == ["f"]
    assert only(rendered, Carriage.LOST) == {"duplicate-tool"}


@pytest.mark.parametrize(
    ("settings", "change"),
    [
        (Settings(max_tokens=0), "max-tokens"),
        (Settings(reasoning_effort="none"), "reasoning-effort"),
        (Settings(tool_choice="auto"), "tool-choice"),
        (Settings(extra={"thinking": {"type": "deep"}}), "vendor-fields"),
        (Settings(extra={"output_config": {"task_budget": {}}}), "vendor-fields"),
        (Settings(output=OutputFormat("grammar")), "structured-output"),
    ],
)
def test_a_setting_that_has_no_place_is_left_out_declared(settings: Settings, change: str) -> None:
    rendered = render(Transcript((asked(Text("hi")),), settings=settings))

    assert rendered.body == {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 4096}
    assert ids(rendered) == [change]


def test_thinking_is_left_out_at_a_target_that_does_not_think() -> None:
    read = transcript(user("hi"), thinking={"type": "adaptive"})
    rendered = render(read, replace(ANTHROPIC, reasoning_effort=False))

    assert "thinking" not in rendered.body
    assert ids(rendered) == ["thinking"]


def test_a_budget_for_the_task_goes_back_to_its_own_backend() -> None:
    config = {"effort": "low", "task_budget": {"type": "tokens", "total": 9}}

    assert render(transcript(user("hi"), output_config=config), SAME).body["output_config"] == (
        config
    )


def test_parallel_calls_are_forbidden_without_a_choice_of_tool_too() -> None:
    read = replace(made(asked(Text("hi"))), settings=Settings(parallel_tool_calls=False))

    assert render(read).body["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}
