"""Rendering the tools that are declared, and the choice among them."""

from collections.abc import Iterator, Mapping

from joch.transcript.conversation import Settings, ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_schemas import in_words_of_json_schema, meets_strict, strict_off
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

_WORDS = frozenset(("none", "auto", "required"))
_MODES = frozenset(("auto", "required"))

Declared = frozenset[tuple[str, str]]


def render_tools(
    tools: tuple[ToolDeclaration, ...], names: Mapping[str, str], changes: Changes
) -> JsonObject:
    """`tools`, or nothing where none can be declared."""
    declared: list[Json] = []
    seen: set[str] = set()
    for tool in tools:
        if tool.name in seen:
            changes.lost("duplicate-tool", "tools", f"Tool {tool.name!r} is declared twice")
            continue
        data = _tool(tool, names, changes)
        if data is not None:
            seen.add(tool.name)
            declared.append(data)
    return {"tools": declared} if declared else {}


def _tool(tool: ToolDeclaration, names: Mapping[str, str], changes: Changes) -> Json:
    custom = (tool.extra or {}).get("custom")
    if tool.type == "custom" and isinstance(custom, dict):
        return {"type": "custom", "custom": {**custom, "name": names[tool.name]}}
    if tool.type != "function":
        changes.lost("vendor-tool", "tools", f"Tool {tool.name!r} of type {tool.type!r}")
        return None
    if tool.extra:
        fields = ", ".join(sorted(tool.extra))
        changes.lost("vendor-fields", "tools", f"Fields {fields} of tool {tool.name!r}")
    return {"type": "function", "function": _function(tool, names[tool.name], changes)}


def _function(tool: ToolDeclaration, name: str, changes: Changes) -> JsonObject:
    function: JsonObject = {"name": name}
    if tool.description is not None:
        function["description"] = tool.description
    what = f"tool {tool.name!r}"
    schema = in_words_of_json_schema(tool.parameters, "tools", what, changes)
    if schema is not None:
        function["parameters"] = schema
    if tool.strict and not meets_strict(schema):
        strict_off("tools", what, changes)
        function["strict"] = False
    elif tool.strict is not None:
        function["strict"] = tool.strict
    return function


def render_choice(
    settings: Settings,
    tools: Json,
    names: Mapping[str, str],
    profile: Profile,
    changes: Changes,
) -> JsonObject:
    """`tool_choice` and `parallel_tool_calls`, where there are tools to choose among."""
    wanted = settings.tool_choice
    if not isinstance(tools, list):
        if wanted is not None:
            changes.lost("tool-choice", "tool_choice", "There is no tool to choose")
        return {}
    data: JsonObject = {}
    if settings.parallel_tool_calls is not None:
        data["parallel_tool_calls"] = settings.parallel_tool_calls
    if wanted is None:
        return data
    choice = _choice(wanted, frozenset(_declared(tools)), names)
    if choice is None:
        changes.lost("tool-choice", "tool_choice", "The choice of tool is not in the format")
    elif choice not in ("auto", "none") and not profile.forced_tool_choice:
        changes.transformed("tool-choice", "tool_choice", "A forced choice of tool becomes auto")
        data["tool_choice"] = "auto"
    else:
        data["tool_choice"] = choice
    return data


def _declared(tools: list[Json]) -> Iterator[tuple[str, str]]:
    """Type and name of every declared tool."""
    for tool in tools:
        if isinstance(tool, dict):
            kind = str(tool["type"])
            inner = tool[kind]
            yield kind, str(inner["name"]) if isinstance(inner, dict) else ""


def _choice(wanted: Json, declared: Declared, names: Mapping[str, str]) -> Json:
    """The choice in a published shape; None where it has none, or no declared tool."""
    if isinstance(wanted, str):
        return wanted if wanted in _WORDS else None
    if not isinstance(wanted, dict):
        return None
    if isinstance(wanted.get("allowed_tools"), dict):
        return _allowed(wanted["allowed_tools"], declared, names)
    kind = "custom" if wanted.get("type") == "custom" else "function"
    inner = wanted.get(kind, wanted)
    name = inner.get("name") if isinstance(inner, dict) else None
    sent = names.get(name, name) if isinstance(name, str) else ""
    return {"type": kind, kind: {"name": sent}} if (kind, sent) in declared else None


def _allowed(inner: Json, declared: Declared, names: Mapping[str, str]) -> Json:
    listed = inner.get("tools") if isinstance(inner, dict) else None
    if not isinstance(inner, dict) or not isinstance(listed, list):
        return None
    chosen = [_choice(tool, declared, names) for tool in listed if isinstance(tool, dict)]
    if not chosen or None in chosen or len(chosen) < len(listed) or inner.get("mode") not in _MODES:
        return None
    allowed: JsonObject = {"mode": inner["mode"], "tools": chosen}
    return {"type": "allowed_tools", "allowed_tools": allowed}
