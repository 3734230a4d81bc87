"""Rendering the tools that are declared, and the choice among them."""

from collections.abc import Mapping

from joch.transcript.conversation import Settings, ToolDeclaration
from joch.transcript.values import Json, JsonObject
from joch.wire.openai_schemas import in_words_of_json_schema, meets_strict, strict_off
from joch.wire.profile import Profile
from joch.wire.rendering import Changes

# The published fields of each tool that the vendor carries out or shapes.
_OF_THE_VENDOR: Mapping[str, tuple[str, ...]] = {
    "web_search": ("external_web_access", "filters", "search_context_size", "user_location"),
    "web_search_2025_08_26": ("filters", "search_context_size", "user_location"),
    "web_search_preview": ("search_content_types", "search_context_size", "user_location"),
    "web_search_preview_2025_03_11": ("search_context_size", "user_location"),
    "file_search": ("vector_store_ids", "filters", "max_num_results", "ranking_options"),
    "computer": (),
    "computer_use_preview": ("display_height", "display_width", "environment"),
    "mcp": (
        "server_label",
        "allowed_tools",
        "authorization",
        "connector_id",
        "headers",
        "require_approval",
        "server_description",
        "server_url",
    ),
    "code_interpreter": ("container",),
    "image_generation": (
        "action",
        "background",
        "input_fidelity",
        "input_image_mask",
        "model",
        "moderation",
        "output_compression",
        "output_format",
        "partial_images",
        "quality",
        "size",
    ),
    "local_shell": (),
    "shell": ("environment",),
    "apply_patch": (),
}
_REQUIRED = ("vector_store_ids", "display_height", "display_width", "environment", "server_label")
_FUNCTION = ("allowed_callers", "defer_loading", "output_schema")
_OF_A_CHOICE = frozenset(
    (
        "file_search",
        "web_search_preview",
        "web_search_preview_2025_03_11",
        "computer",
        "computer_use_preview",
        "image_generation",
        "code_interpreter",
        "apply_patch",
        "shell",
    )
)


def render_tools(
    tools: tuple[ToolDeclaration, ...],
    names: Mapping[str, str],
    profile: Profile,
    changes: Changes,
) -> JsonObject:
    """`tools`, or nothing where none can be declared."""
    declared: list[Json] = []
    seen: set[str] = set()
    for tool in tools:
        plain = tool.type in {"function", "custom"}
        if plain and tool.name in seen:
            changes.lost("duplicate-tool", "tools", f"Tool {tool.name!r} is declared twice")
            continue
        if plain:
            seen.add(tool.name)
        data = _tool(tool, names, profile, changes)
        if data is not None:
            declared.append(data)
    return {"tools": declared} if declared else {}


def _tool(
    tool: ToolDeclaration, names: Mapping[str, str], profile: Profile, changes: Changes
) -> Json:
    custom = (tool.extra or {}).get("custom")
    if tool.type == "function":
        return _function(tool, names, changes)
    if tool.type == "custom" and isinstance(custom, dict):
        return _custom(custom, names[tool.name])
    data = _of_the_vendor(tool, profile, changes)
    if data is None:
        changes.lost("vendor-tool", "tools", f"Tool {tool.name!r} of type {tool.type!r}")
    return data


def _function(tool: ToolDeclaration, names: Mapping[str, str], changes: Changes) -> JsonObject:
    extra = tool.extra or {}
    if left := sorted(extra.keys() - {"strict", *_FUNCTION}):
        changes.lost("vendor-fields", "tools", f"Fields {', '.join(left)} of tool {tool.name!r}")
    data: JsonObject = {"type": "function", "name": names[tool.name]}
    if tool.description is not None:
        data["description"] = tool.description
    schema = in_words_of_json_schema(tool.parameters, "tools", f"tool {tool.name!r}", changes)
    data["parameters"] = schema
    data["strict"] = _strict(tool, schema, changes)
    return data | {key: extra[key] for key in _FUNCTION if key in extra}


def _strict(tool: ToolDeclaration, schema: JsonObject | None, changes: Changes) -> bool | None:
    """Stated always: a tool without it is strict here, and is not in any other format."""
    if tool.strict is None and "strict" in (tool.extra or {}):
        return None
    if tool.strict and not meets_strict(schema):
        strict_off("tools", f"tool {tool.name!r}", changes)
        return False
    return bool(tool.strict)


def _custom(inner: JsonObject, name: str) -> JsonObject:
    form = inner.get("format")
    grammar = form.get("grammar") if isinstance(form, dict) else None
    if isinstance(grammar, dict):
        inner = {**inner, "format": {"type": "grammar", **grammar}}
    return {"type": "custom", **inner, "name": name}


def _of_the_vendor(tool: ToolDeclaration, profile: Profile, changes: Changes) -> JsonObject | None:
    fields = _OF_THE_VENDOR.get(tool.type)
    extra = tool.extra or {}
    if fields is None or any(key not in extra for key in _REQUIRED if key in fields):
        return None
    if not profile.same_backend and _holds_state(tool.type, extra):
        return None
    if left := sorted(extra.keys() - {"type", *fields}):
        changes.lost("vendor-fields", "tools", f"Fields {', '.join(left)} of tool {tool.name!r}")
    return {"type": tool.type, **{key: extra[key] for key in fields if key in extra}}


def _holds_state(kind: str, extra: JsonObject) -> bool:
    """Whether the tool names what only one account holds: a vector store, a container."""
    return kind == "file_search" or isinstance(extra.get("container"), str)


def render_choice(
    settings: Settings,
    declared: Json,
    names: Mapping[str, str],
    profile: Profile,
    changes: Changes,
) -> JsonObject:
    """`tool_choice` and `parallel_tool_calls`, where there are tools to choose among."""
    data: JsonObject = {}
    if not declared:
        if settings.tool_choice is not None:
            changes.lost("tool-choice", "tool_choice", "There is no tool to choose")
        return data
    if settings.parallel_tool_calls is not None:
        data["parallel_tool_calls"] = settings.parallel_tool_calls
    if settings.tool_choice is None:
        return data
    choice = _choice(settings.tool_choice, _declared(declared), names)
    if choice is None:
        changes.lost("tool-choice", "tool_choice", "The choice of tool is not in the format")
    elif choice not in ("auto", "none") and not profile.forced_tool_choice:
        changes.transformed("tool-choice", "tool_choice", "A forced choice of tool becomes auto")
        data["tool_choice"] = "auto"
    else:
        data["tool_choice"] = choice
    return data


def _declared(tools: Json) -> frozenset[tuple[str, str]]:
    """Type and name of every declared tool."""
    listed = [tool for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    return frozenset((str(tool["type"]), str(tool.get("name", ""))) for tool in listed)


def _choice(wanted: Json, declared: frozenset[tuple[str, str]], names: Mapping[str, str]) -> Json:
    if isinstance(wanted, str):
        return wanted if wanted in {"auto", "none", "required"} else None
    if not isinstance(wanted, dict):
        return None
    kind = str(wanted.get("type"))
    if kind == "allowed_tools" and isinstance(wanted.get("allowed_tools"), dict):
        return _allowed(wanted["allowed_tools"], declared, names)
    if kind == "mcp" and ("mcp", "") in declared and isinstance(wanted.get("server_label"), str):
        return {key: wanted[key] for key in ("type", "server_label", "name") if key in wanted}
    if kind in _OF_A_CHOICE:
        return {"type": kind} if (kind, "") in declared else None
    inner = wanted.get(kind, wanted)
    name = inner.get("name") if isinstance(inner, dict) else None
    kind = kind if kind == "custom" else "function"
    sent = names.get(name, name) if isinstance(name, str) else None
    return {"type": kind, "name": sent} if (kind, sent) in declared else None


def _allowed(inner: Json, declared: frozenset[tuple[str, str]], names: Mapping[str, str]) -> Json:
    if not isinstance(inner, dict) or not isinstance(inner.get("tools"), list):
        return None
    listed = inner["tools"]
    chosen = [_choice(tool, declared, names) for tool in listed] if isinstance(listed, list) else []
    tools = [tool for tool in chosen if isinstance(tool, dict)]
    mode = "required" if inner.get("mode") == "required" else "auto"
    return {"type": "allowed_tools", "mode": mode, "tools": list[Json](tools)} if tools else None
