"""Rendering declared tools."""

from collections.abc import Mapping

from joch.transcript.conversation import ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.google_generate_content.scope import Check, Scope, is_object, is_text
from joch.wire.schemas import mended

CALLABLE = frozenset(("function", "custom"))
"""Types of declarations that become functions."""

# The vendor's own tools in the published schema.
_OWN = frozenset(
    (
        *("codeExecution", "computerUse", "fileSearch", "googleMaps", "googleSearch"),
        *("googleSearchRetrieval", "urlContext"),
    )
)
_BESIDE: Mapping[str, Check] = {
    "behavior": is_text,
    "response": is_object,
    "responseJsonSchema": is_object,
}


def render_tools(
    tools: tuple[ToolDeclaration, ...], names: Mapping[str, str], scope: Scope
) -> list[Json]:
    """`tools`: the functions in one entry, each of the vendor's own in an entry of its own."""
    rendered: list[Json] = []
    functions: list[Json] = []
    seen: set[tuple[str, str]] = set()
    for place, tool in enumerate(tools):
        where = f"tools[{place}]"
        key = (tool.name, "function" if tool.type in CALLABLE else tool.type)
        if key in seen:
            scope.changes.lost("duplicate-tool", where, f"Tool {tool.name!r} is declared twice")
            continue
        seen.add(key)
        if tool.type in CALLABLE:
            if not functions:
                rendered.append({"functionDeclarations": functions})
            functions.append(_function(tool, where, names, scope))
        elif tool.type in _OWN and isinstance((tool.extra or {}).get(tool.type), dict):
            rendered.append({tool.type: (tool.extra or {})[tool.type]})
        else:
            sentence = f"Tool {tool.name!r} of type {tool.type!r}"
            scope.changes.lost("vendor-tool", where, sentence)
    return rendered


def _function(
    tool: ToolDeclaration, where: str, names: Mapping[str, str], scope: Scope
) -> JsonObject:
    data: JsonObject = {"name": names[tool.name]}
    if tool.type == "custom":
        return _custom(tool, where, data, scope)
    if tool.description is not None:
        data["description"] = scope.text(tool.description, where)
    if tool.parameters is not None:
        schema = scope.value(mended(tool.parameters), where)
        if schema != tool.parameters:
            sentence = f"Parameters of tool {tool.name!r} are sent in JSON Schema's own types"
            scope.changes.transformed("schema-dialect", where, sentence)
        data["parametersJsonSchema"] = schema
    if tool.strict:
        sentence = f"JSON schema strict mode differs: tool {tool.name!r}"
        scope.changes.transformed("json-schema-strict", where, sentence)
    scope.carry(data, tool.extra, _BESIDE, where)
    return data


def _custom(tool: ToolDeclaration, where: str, data: JsonObject, scope: Scope) -> JsonObject:
    """OpenAI's custom tool, whose input is text: a function with one text argument."""
    sentence = f"Tool {tool.name!r} takes text: it is sent with one text argument"
    scope.changes.transformed("custom-tool", where, sentence)
    inner = (tool.extra or {}).get("custom")
    described = inner.get("description") if isinstance(inner, dict) else None
    description = tool.description or described
    if isinstance(description, str):
        data["description"] = scope.text(description, where)
    data["parametersJsonSchema"] = {
        "type": "object",
        "properties": {"input": {"type": "string"}},
        "required": ["input"],
    }
    return data
