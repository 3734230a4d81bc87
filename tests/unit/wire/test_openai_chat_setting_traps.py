"""Tools, choices, schemas and settings of other vendors, rendered to Chat Completions."""

import json
from dataclasses import replace
from typing import Any

import pytest

from joch.transcript.conversation import OutputFormat, Settings, ToolDeclaration, Transcript
from joch.transcript.values import JsonObject
from joch.wire.openai_chat import parse, render
from joch.wire.profile import OPENAI
from joch.wire.rendered import Carriage, Rendered
from tests.unit.wire.conversations import Data, function, user

CLOSED: JsonObject = {
    "type": "object",
    "properties": {"at": {"type": "string"}},
    "required": ["at"],
    "additionalProperties": False,
}
LOOK = ToolDeclaration("look")


def chosen(choice: Any, *tools: ToolDeclaration) -> Rendered:
    return render(Transcript((), tools, Settings(tool_choice=choice)))


def declared(rendered: Rendered) -> list[tuple[str, str]]:
    return [(change.id, change.where) for change in rendered.changes]


OPEN_SCHEMAS: list[JsonObject | None] = [
    None,
    {"type": "object"},
    {**CLOSED, "required": []},
    {**CLOSED, "additionalProperties": True},
    {**CLOSED, "anyOf": [{"type": "object"}]},
    {**CLOSED, "properties": {"at": {"type": "object"}}},
    {"anyOf": [CLOSED]},
]


@pytest.mark.parametrize("schema", OPEN_SCHEMAS)
def test_strict_mode_goes_off_where_a_tools_schema_does_not_meet_it(
    schema: JsonObject | None,
) -> None:
    tool = ToolDeclaration("look", parameters=schema, strict=True)

    rendered = render(Transcript((), (tool,)))

    fields = {} if schema is None else {"parameters": schema}
    assert rendered.body["tools"] == [function("look", **fields, strict=False)]
    assert ("strict-mode", "tools") in declared(rendered)


@pytest.mark.parametrize("schema", OPEN_SCHEMAS)
def test_strict_mode_goes_off_where_an_answers_schema_does_not_meet_it(
    schema: JsonObject | None,
) -> None:
    output = OutputFormat("json_schema", "a", schema, True)

    rendered = render(Transcript((), (), Settings(output=output)))

    fields = {} if schema is None else {"schema": schema}
    inner = {"name": "a", **fields, "strict": False}
    assert rendered.body["response_format"] == {"type": "json_schema", "json_schema": inner}
    assert ("strict-mode", "response_format") in declared(rendered)


def test_strict_mode_stays_where_the_schema_meets_it() -> None:
    tool = ToolDeclaration("look", parameters=CLOSED, strict=True)

    assert render(Transcript((), (tool,))).body["tools"] == [
        function("look", parameters=CLOSED, strict=True)
    ]


def test_a_schema_in_pythons_words_is_mended() -> None:
    tool = ToolDeclaration("look", parameters={"type": "dict"})

    rendered = render(Transcript((), (tool,)))

    assert rendered.body["tools"] == [function("look", parameters={"type": "object"})]
    assert ("schema-dialect", "tools") in declared(rendered)


def test_the_name_of_an_answers_form_is_made_to_fit() -> None:
    output = OutputFormat("json_schema", "an answer", CLOSED, extra={"mood": "merry"})

    rendered = render(Transcript((), (), Settings(output=output)))

    inner: Any = rendered.body["response_format"]
    assert OPENAI.tool_names.fits(inner["json_schema"]["name"])
    assert {"vendor-fields", "output-name"} <= {identity for identity, _ in declared(rendered)}


def test_a_form_of_answers_that_chat_does_not_have_is_declared_lost() -> None:
    rendered = render(Transcript((), (), Settings(output=OutputFormat("grammar"))))

    assert "response_format" not in rendered.body
    assert ("output-format", "response_format") in declared(rendered)


@pytest.mark.parametrize(
    "choice",
    ["auto", "none", "required", {"type": "function", "function": {"name": "look"}}],
)
def test_a_choice_of_a_published_shape_stays(choice: Any) -> None:
    rendered = chosen(choice, LOOK)

    assert rendered.body["tool_choice"] == choice
    assert declared(rendered) == [("empty", "messages")]


@pytest.mark.parametrize(
    "choice",
    [
        "odd",
        7,
        {"type": "any"},
        {"type": "function", "function": {"name": "undeclared"}},
        {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}},
        {"type": "allowed_tools", "allowed_tools": {"mode": "odd", "tools": [{"name": "look"}]}},
        {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{"name": "x"}]}},
    ],
)
def test_a_choice_of_no_published_shape_is_declared_lost(choice: Any) -> None:
    rendered = chosen(choice, LOOK)

    assert "tool_choice" not in rendered.body
    assert [(c.carriage, c.id) for c in rendered.changes if c.where == "tool_choice"] == [
        (Carriage.LOST, "tool-choice")
    ]


def test_a_choice_names_tools_as_they_are_sent() -> None:
    own: Data = {"type": "custom", "custom": {"name": "run code"}}
    tools = (ToolDeclaration("run code", "custom", extra=own), ToolDeclaration("files.read"))
    allowed = [own, function("files.read")]

    rendered = chosen(
        {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": allowed}}, *tools
    )

    sent: Any = rendered.body["tools"]
    wanted: Any = rendered.body["tool_choice"]
    assert [tool[tool["type"]]["name"] for tool in wanted["allowed_tools"]["tools"]] == [
        tool[tool["type"]]["name"] for tool in sent
    ]
    assert all(OPENAI.tool_names.fits(tool[tool["type"]]["name"]) for tool in sent)


def test_a_forced_choice_becomes_auto_where_the_target_refuses_it() -> None:
    read = Transcript((), (LOOK,), Settings(tool_choice="required"))

    rendered = render(read, replace(OPENAI, forced_tool_choice=False))

    assert rendered.body["tool_choice"] == "auto"
    assert ("tool-choice", "tool_choice") in declared(rendered)


def test_a_vendors_tool_does_not_hide_the_function_of_its_name() -> None:
    rendered = render(Transcript((), (ToolDeclaration("look", "web_search"), LOOK)))

    assert rendered.body["tools"] == [function("look")]
    assert ("vendor-tool", "tools") in declared(rendered)


def test_values_that_are_not_published_for_a_field_are_declared() -> None:
    extra: JsonObject = {"seed": "seven", "service_tier": "standard_only", "user": "u"}

    rendered = render(Transcript((), (), Settings(reasoning_effort="odd", extra=extra)))

    assert rendered.body.keys() == {"messages", "user"}
    assert {where for _, where in declared(rendered)} == {
        "messages",
        "seed",
        "service_tier",
        "reasoning_effort",
    }


def test_a_longest_answer_of_nothing_is_read_as_it_stands() -> None:
    body = {"messages": [user("hi")], "max_completion_tokens": 0, "max_tokens": 9}

    assert parse(json.dumps(body)).settings.max_tokens == 0
