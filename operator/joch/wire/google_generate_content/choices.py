"""Rendering which tool the model may or must choose."""

from collections.abc import Mapping

from joch.transcript.conversation import Settings
from joch.transcript.values import Json, JsonObject
from joch.wire.google_generate_content.scope import Check, Scope, is_boolean, is_object, is_shaped
from joch.wire.google_generate_content.settings import MODES

_WORDS = {canonical: word for word, canonical in MODES.items()}
_PUBLISHED: Mapping[str, Check] = {
    "functionCallingConfig": is_shaped(
        {
            "mode": lambda value: value in ("AUTO", "ANY", "NONE", "VALIDATED"),
            "streamFunctionCallArguments": is_boolean,
        }
    ),
    "includeServerSideToolInvocations": is_boolean,
    "retrievalConfig": is_object,
}
_AT = "toolConfig"


def render_choice(settings: Settings, functions: Mapping[str, str], scope: Scope) -> JsonObject:
    """`toolConfig`. `functions`: those that the body declares, with the names they are sent by."""
    data: JsonObject = {}
    own = (settings.extra or {}).get("toolConfig")
    if isinstance(own, dict):
        scope.carry(data, own, _PUBLISHED, _AT)
    elif own is not None:
        scope.without(["toolConfig"], _AT)
    calling = data.pop("functionCallingConfig", None)
    asked = {**(calling if isinstance(calling, dict) else {})}
    if settings.tool_choice is not None and functions:
        asked |= _calling(settings.tool_choice, functions, scope)
    if (asked or settings.tool_choice is not None) and not functions:
        scope.changes.lost("tool-choice", _AT, "There is no tool to choose")
    elif asked:
        data["functionCallingConfig"] = asked
    return data


def _calling(choice: Json, functions: Mapping[str, str], scope: Scope) -> JsonObject:
    word, wanted = _chosen(choice)
    if word is None:
        scope.changes.lost("tool-choice", _AT, f"Tool choice {choice!r} ignored")
        return {"mode": "AUTO"}
    allowed: list[Json] = [functions[name] for name in wanted if name in functions]
    if len(allowed) < len(wanted):
        sentence = "A tool that is not declared can't be chosen"
        scope.changes.lost("tool-choice", _AT, sentence)
    if word == "ANY" and (not scope.profile.forced_tool_choice or (wanted and not allowed)):
        scope.changes.transformed("tool-choice", _AT, "Forced tool choice is sent as auto")
        return {"mode": "AUTO"}
    if not allowed or word == "NONE":
        return {"mode": word}
    # AUTO takes no names: VALIDATED is the mode that calls one of them or answers with text.
    return {"mode": "VALIDATED" if word == "AUTO" else word, "allowedFunctionNames": allowed}


def _chosen(choice: Json) -> tuple[str | None, list[str]]:
    """This format's word for a choice in OpenAI's words, and the names that it allows."""
    if isinstance(choice, str):
        return _WORDS.get(choice), []
    if not isinstance(choice, dict):
        return None, []
    inner = choice.get("allowed_tools")
    if isinstance(inner, dict):
        tools, mode = inner.get("tools"), inner.get("mode")
        found = [_name(tool) for tool in tools] if isinstance(tools, list) else []
        word = _WORDS.get(mode) if isinstance(mode, str) else None
        return word, [name for name in found if name]
    name = _name(choice)
    return ("ANY", [name]) if name else (None, [])


def _name(tool: Json) -> str | None:
    """The name in a choice, which stands inside `function` or beside `type`."""
    inner = tool.get("function", tool.get("custom", tool)) if isinstance(tool, dict) else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else None
