"""Reading the items of tools that the vendor carries out or shapes: searches, code, screens, MCP.

Such an item stays whole in `extra`; what is readable of it is its arguments and its output.
"""

from collections.abc import Callable, Iterator, Mapping

from joch.transcript.conversation import Role
from joch.transcript.parts import Image, Part, ProviderTool, Source
from joch.transcript.values import Json, JsonObject, canonical_json
from joch.wire.data_urls import source_of
from joch.wire.fields import rest

SCREENSHOT = "computer_screenshot"
SCREEN = "computer_call_output"
ANSWERED_BY_THE_CLIENT = frozenset(
    ("computer_call", "local_shell_call", "shell_call", "apply_patch_call")
)
FROM_THE_CLIENT = frozenset(f"{kind}_output" for kind in ANSWERED_BY_THE_CLIENT)


def vendor_role(kind: str) -> Role:
    """Who wrote such an item: the client answers for the tools that it carries out itself."""
    own = kind in FROM_THE_CLIENT or kind == "mcp_approval_response"
    return Role.USER if own else Role.ASSISTANT


def is_vendor_item(data: JsonObject) -> bool:
    """Whether the data is such an item."""
    return data.get("type") in _READERS


def vendor_item(kind: str, data: JsonObject) -> tuple[Part, ...] | None:
    """The parts of a vendor's item; None where this version does not know it."""
    reader = _READERS.get(kind)
    if reader is None:
        return None
    arguments, output = reader(data)
    tool = ProviderTool(_name(kind, data), arguments, output, _identity(data), data)
    shown = data.get("output")
    if kind != SCREEN or not isinstance(shown, dict) or (source := _screen(shown)) is None:
        return (tool,)
    kept: JsonObject = {k: v for k, v in data.items() if k != "output"}
    beside = rest(shown, ("image_url", "file_id", "type")) or {}
    picture = Image(source, extra={"type": SCREENSHOT, **beside})
    return (ProviderTool(tool.name, arguments, output, tool.id, kept), picture)


def _name(kind: str, data: JsonObject) -> str:
    name, label = data.get("name"), data.get("server_label")
    if kind == "mcp_call" and isinstance(name, str):
        return f"{label}.{name}" if isinstance(label, str) else name
    return kind.removesuffix("_call")


def _identity(data: JsonObject) -> str | None:
    value = data.get("call_id") or data.get("id")
    return value if isinstance(value, str) else None


def _screen(shown: JsonObject) -> Source | None:
    url, file_id = shown.get("image_url"), shown.get("file_id")
    if isinstance(url, str) and url:
        return source_of(url)
    return Source(file_id=file_id) if isinstance(file_id, str) and file_id else None


def _written(value: Json) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else canonical_json(value).decode()


def _objects(value: Json) -> Iterator[JsonObject]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _lines(value: Json, *keys: str) -> str:
    """Of every object in a list the first of these fields that says something, one a line."""
    found = (next((e[key] for key in keys if e.get(key)), None) for e in _objects(value))
    return "\n".join(_written(said) for said in found if said is not None)


def _web_search(data: JsonObject) -> tuple[str, str]:
    action = data.get("action")
    if not isinstance(action, dict):
        return _written(action), ""
    asked: JsonObject = {k: v for k, v in action.items() if k not in {"type", "sources"}}
    return _written(asked), _lines(action.get("sources"), "url")


def _file_search(data: JsonObject) -> tuple[str, str]:
    return _written(data.get("queries")), _lines(data.get("results"), "text", "filename")


def _code(data: JsonObject) -> tuple[str, str]:
    return _written(data.get("code")), _lines(data.get("outputs"), "logs", "url")


def _picture(data: JsonObject) -> tuple[str, str]:
    return _written(data.get("revised_prompt")), "an image" if data.get("result") else ""


def _action(data: JsonObject) -> tuple[str, str]:
    asked = data.get("action", data.get("actions", data.get("operation")))
    return _written(asked), ""


def _output(data: JsonObject) -> tuple[str, str]:
    said = data.get("output")
    if isinstance(said, list):
        return "", _lines(said, "stdout", "stderr", "text")
    return "", said if isinstance(said, str) else ""


def _mcp_call(data: JsonObject) -> tuple[str, str]:
    return _written(data.get("arguments")), _written(data.get("output") or data.get("error"))


def _mcp_tools(data: JsonObject) -> tuple[str, str]:
    return _written(data.get("server_label")), _lines(data.get("tools"), "name")


def _mcp_request(data: JsonObject) -> tuple[str, str]:
    asked: JsonObject = {k: data.get(k) for k in ("server_label", "name", "arguments")}
    return _written(asked), ""


def _mcp_response(data: JsonObject) -> tuple[str, str]:
    said = "approved" if data.get("approve") is True else "not approved"
    return _written(data.get("approval_request_id")), said


_READERS: Mapping[str, Callable[[JsonObject], tuple[str, str]]] = {
    "web_search_call": _web_search,
    "file_search_call": _file_search,
    "code_interpreter_call": _code,
    "image_generation_call": _picture,
    "computer_call": _action,
    SCREEN: _output,
    "local_shell_call": _action,
    "local_shell_call_output": _output,
    "shell_call": _action,
    "shell_call_output": _output,
    "apply_patch_call": _action,
    "apply_patch_call_output": _output,
    "mcp_call": _mcp_call,
    "mcp_list_tools": _mcp_tools,
    "mcp_approval_request": _mcp_request,
    "mcp_approval_response": _mcp_response,
}
