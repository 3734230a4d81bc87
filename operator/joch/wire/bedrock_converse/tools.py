"""Rendering tool declarations."""

from collections.abc import Mapping

from joch.transcript.conversation import ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse import native
from joch.wire.bedrock_converse.extras import declare_extra
from joch.wire.bedrock_converse.native import published_object
from joch.wire.claude_schemas import accepted, closed
from joch.wire.rendering import Changes

STRICT_TOOLS = 20
"""More strict tools than these are refused in one request (Claude)."""
DECLARABLE = frozenset(("function", "custom"))
_OWN = {"systemTool": native.SYSTEM_TOOL, "cachePoint": native.CACHE_POINT}
_ANY_TEXT: JsonObject = {
    "type": "object",
    "properties": {"input": {"type": "string"}},
    "required": ["input"],
    "additionalProperties": False,
}


def render_tools(
    tools: tuple[ToolDeclaration, ...], names: Mapping[str, str], changes: Changes
) -> list[Json]:
    """The entries of `toolConfig.tools`, each name once; none where there is no tool."""
    declared: list[JsonObject] = []
    seen: set[str] = set()
    for tool in tools:
        if tool.type != "cachePoint":
            if tool.name in seen:
                changes.lost("duplicate-tool", "tools", f"Tool {tool.name!r} is declared twice")
                continue
            seen.add(tool.name)
        data = _tool(tool, names, changes)
        if data is not None:
            declared.append(data)
    _loosen(declared, changes)
    if all("cachePoint" in tool for tool in declared):
        if declared:
            changes.lost("cache-point", "tools", "There is no tool before the cache point")
        return []
    return list[Json](declared)


def missing_tools(tools: tuple[ToolDeclaration, ...]) -> frozenset[str]:
    """The tools that were declared and do not exist here; Converse judges no others by name."""
    known = {tool.name for tool in tools if tool.type in DECLARABLE or tool.type in _OWN}
    return frozenset(tool.name for tool in tools) - known


def _loosen(declared: list[JsonObject], changes: Changes) -> None:
    """Take `strict` from the tools beyond those that may be."""
    specs = [spec for tool in declared if isinstance(spec := tool.get("toolSpec"), dict)]
    for spec in [spec for spec in specs if spec.get("strict") is True][STRICT_TOOLS:]:
        del spec["strict"]
        sentence = f"JSON schema strict mode differs: {spec['name']!r} is not among the first"
        changes.transformed("strict-mode", "tools", f"{sentence} {STRICT_TOOLS} strict tools")


def _tool(tool: ToolDeclaration, names: Mapping[str, str], changes: Changes) -> JsonObject | None:
    if tool.type in DECLARABLE:
        return {"toolSpec": _function(tool, names[tool.name], changes)}
    shape = _OWN.get(tool.type)
    if shape and tool.extra and (own := published_object(tool.extra.get(tool.type), shape)):
        return {tool.type: own}
    changes.lost("vendor-tool", "tools", f"Tool {tool.name!r} of type {tool.type!r}")
    return None


def _function(tool: ToolDeclaration, name: str, changes: Changes) -> JsonObject:
    declare_extra(tool.extra, f"tools.{tool.name}", changes)
    data: JsonObject = {"name": name}
    if tool.description:
        data["description"] = tool.description
    schema = _schema(tool, changes)
    data["inputSchema"] = {"json": schema}
    if tool.strict and schema != closed(schema):
        sentence = f"JSON schema strict mode differs: {tool.name!r} is not enforced"
        changes.transformed("strict-mode", "tools", sentence)
    elif tool.strict is not None:
        data["strict"] = tool.strict
    return data


def _schema(tool: ToolDeclaration, changes: Changes) -> JsonObject:
    """The schema as the format takes it, an object at its root."""
    if tool.type == "custom":
        sentence = f"Tool {tool.name!r} takes its text as the argument input"
        changes.transformed("custom-tool", "tools", sentence)
        return _ANY_TEXT
    if tool.parameters is None:
        return {"type": "object", "properties": {}}
    schema = accepted(tool.parameters)
    if schema != tool.parameters:
        sentence = f"The schema of tool {tool.name!r} is mended"
        changes.transformed("schema-dialect", "tools", sentence)
    return schema
