"""Reading and rendering tool declarations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from joch.transcript.conversation import ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.anthropic_messages.scope import Scope
from joch.wire.anthropic_messages.shapes import CACHE, each, is_boolean, is_object, is_text
from joch.wire.claude_schemas import accepted, closed
from joch.wire.errors import WireError
from joch.wire.fields import an_object, described, items, rest, text

STRICT_TOOLS = 20
"""More strict tools than these are refused in one request."""

# What needs a beta header (`computer_20250124`, `mcp_toolset`) is known to its own backend only.
_PUBLISHED_TYPES = re.compile(
    r"(bash|browser_toolset|code_execution|computer_toolset|memory|text_editor|web_fetch|web_search"
    r"|tool_search_tool_bm25|tool_search_tool_regex)_20\d{6}"
)
_TEXT_INPUT: JsonObject = {
    "type": "object",
    "properties": {"input": {"type": "string"}},
    "required": ["input"],
}
_PUBLISHED = {
    **CACHE,
    "allowed_callers": each(is_text),
    "defer_loading": is_boolean,
    "eager_input_streaming": is_boolean,
    "input_examples": each(is_object),
}


def read_tools(body: JsonObject) -> tuple[ToolDeclaration, ...]:
    """The declared tools; the vendor's own keep their definition whole.

    Raises:
        WireError: a declaration has no name or is not an object.
    """
    return tuple(_read(f"tools[{i}]", tool) for i, tool in enumerate(items(body, "tools", None)))


def _read(at: str, value: Json) -> ToolDeclaration:
    data = an_object(value, None, at)
    kind = text(data, "type", None, f"{at}.") or "custom"
    if "function" in data or "toolSpec" in data:
        sentence = "is a tool of another format: store one format only, and name that one"
        raise WireError(None, at, sentence)
    name = text(data, "name", None, f"{at}.")
    if kind != "custom":
        return ToolDeclaration(name or kind, kind, extra=data)
    if not name:
        raise WireError(None, f"{at}.name", "is missing: name the tool")
    schema = data.get("input_schema")
    strict = data.get("strict")
    if strict is not None and not isinstance(strict, bool):
        raise WireError(None, f"{at}.strict", f"must be a boolean, not {described(strict)}")
    return ToolDeclaration(
        name,
        description=text(data, "description", None, f"{at}."),
        parameters=None if schema is None else an_object(schema, None, f"{at}.input_schema"),
        strict=strict,
        extra=rest(data, ("type", "name", "description", "input_schema", "strict")),
    )


@dataclass(slots=True)
class Declared:
    """What `tools` holds, and the names of the tools that it could not hold."""

    tools: list[Json] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)


def render_tools(
    tools: tuple[ToolDeclaration, ...], names: Mapping[str, str], scope: Scope
) -> Declared:
    """The declarations that the format carries; the others are declared lost."""
    declared = Declared()
    seen: set[str] = set()
    strict = 0
    for tool in tools:
        if tool.name in seen:
            scope.changes.lost("duplicate-tool", "tools", f"Tool {tool.name!r} is declared twice")
            continue
        seen.add(tool.name)
        data = _tool(tool, names, strict < STRICT_TOOLS, scope)
        if data is None:
            declared.missing.add(tool.name)
            scope.changes.lost("vendor-tool", "tools", f"Tool {tool.name!r} of type {tool.type!r}")
        else:
            strict += data.get("strict") is True
            declared.tools.append(data)
    return declared


def _tool(
    tool: ToolDeclaration, names: Mapping[str, str], may_be_strict: bool, scope: Scope
) -> JsonObject | None:
    if tool.type == "function":
        return _function(tool, names[tool.name], may_be_strict, scope)
    if tool.type == "custom":
        return _free_text(tool, names[tool.name], scope)
    return _vendors_own(tool, scope)


def _function(tool: ToolDeclaration, name: str, may_be_strict: bool, scope: Scope) -> JsonObject:
    data: JsonObject = {"name": name, "input_schema": _schema(tool, scope)}
    if tool.description is not None:
        data["description"] = tool.description
    _strict(tool, data, may_be_strict, scope)
    scope.carry(data, tool.extra, _PUBLISHED, "tools")
    return data


def _schema(tool: ToolDeclaration, scope: Scope) -> JsonObject:
    if tool.parameters is None:
        return {"type": "object", "properties": {}}
    schema = accepted(tool.parameters)
    if schema != tool.parameters:
        sentence = f"Schema of tool {tool.name!r} is repaired: its dialect is not JSON Schema's"
        scope.changes.transformed("schema-dialect", "tools", sentence)
    return schema


def _strict(tool: ToolDeclaration, data: JsonObject, may_be: bool, scope: Scope) -> None:
    """Strict where the target can hold the tool to its schema; else not, declared."""
    if tool.strict is None:
        return
    schema = data["input_schema"]
    meets = isinstance(schema, dict) and closed(schema) == schema
    data["strict"] = tool.strict and may_be and meets
    if tool.strict and not data["strict"]:
        sentence = f"JSON schema strict mode differs: tool {tool.name!r} is not strict"
        scope.changes.transformed("json-schema-strict", "tools", sentence)


def _free_text(tool: ToolDeclaration, name: str, scope: Scope) -> JsonObject:
    """OpenAI's custom tool, whose input is text: a tool with one text argument."""
    custom = (tool.extra or {}).get("custom")
    description = custom.get("description") if isinstance(custom, dict) else None
    data: JsonObject = {"name": name, "input_schema": _TEXT_INPUT}
    if isinstance(description, str):
        data["description"] = description
    sentence = f"Tool {tool.name!r} takes its text as the argument 'input'"
    scope.changes.transformed("custom-tool", "tools", sentence)
    return data


def _vendors_own(tool: ToolDeclaration, scope: Scope) -> JsonObject | None:
    """A tool by the vendor's own definition, as it was read."""
    data = tool.extra or {}
    if data.get("type") != tool.type or "function" in data:
        return None
    if not scope.profile.same_backend and not _PUBLISHED_TYPES.fullmatch(tool.type):
        return None
    own: JsonObject = {key: value for key, value in data.items() if value is not None}
    scope.mark(own, "tools")
    return own
