"""What Gemini's generateContent refuses: its SDK's models, then roles, pairing, order, names.

The SDK has no type for the request as a whole: the top level is the published REST reference's.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from google.genai import types
from pydantic import TypeAdapter, ValidationError

from tests.conformance.wire.validators.strict_schemas import dialect_faults

Body = dict[str, Any]
_FIELDS: Mapping[str, TypeAdapter[Any]] = {
    "contents": TypeAdapter(list[types.Content]),
    "systemInstruction": TypeAdapter(types.Content),
    "tools": TypeAdapter(list[types.Tool]),
    "toolConfig": TypeAdapter(types.ToolConfig),
    "generationConfig": TypeAdapter(types.GenerationConfig),
    "safetySettings": TypeAdapter(list[types.SafetySetting]),
    "serviceTier": TypeAdapter(str),
    "model": TypeAdapter(str),
    "store": TypeAdapter(bool),
    "labels": TypeAdapter(dict[str, str]),
}
_FREE = frozenset(
    ("args", "response", "parameters", "parametersJsonSchema", "responseJsonSchema", "labels")
)
_TOOL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,127}")
# One of these is what a part says; the rest describes it.
_DATA = (
    "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode",
    "codeExecutionResult", "toolCall", "toolResponse",
)  # fmt: skip
_MODELS_OWN = ("functionCall", "executableCode", "codeExecutionResult", "thought", "toolCall")


def refusals(body: Body, *, signed: bool = False) -> list[str]:
    """Why Gemini would refuse the body; empty where it would take it.

    `signed`: Gemini 3 and later want a `thoughtSignature` on the first call of each step.
    """
    wrong = list(_shape(body))
    if wrong:
        return wrong
    contents = body.get("contents", [])
    found = [*_roles(contents), *_pairing(contents)]
    for place, content in enumerate(contents):
        found += [f"contents[{place}]: {fault}" for fault in _content(content, signed)]
    return [*found, *_beside(body)]


def _shape(body: Body) -> Iterator[str]:
    yield from (f"body.{key}: is not published" for key in body if key not in _FIELDS)
    for key in body.keys() & _FIELDS.keys():
        yield from _snake_case(body[key], key)
        try:
            _FIELDS[key].validate_json(json.dumps(body[key]), strict=True)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                place = ".".join(str(step) for step in fault["loc"])
                yield f"{key}.{place}: {fault['msg']}"


def _snake_case(value: Any, where: str) -> Iterator[str]:
    """Python's names of fields, which the SDK takes and the REST reference does not publish."""
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _snake_case(item, f"{where}.{place}")
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if "_" in key:
            yield f"{where}.{key}: is not published"
        elif key not in _FREE:
            yield from _snake_case(item, f"{where}.{key}")


def _roles(contents: list[Body]) -> Iterator[str]:
    if not contents:
        yield "contents: are empty"
    elif contents[0].get("role", "user") != "user":
        yield "contents: the first is not the user's"
    for place, content in enumerate(contents):
        if content.get("role", "user") not in {"user", "model"}:
            yield f"contents[{place}]: role {content['role']!r}"


def _named(content: Body, key: str) -> list[Body]:
    return [part[key] for part in content.get("parts") or () if key in part]


def _pairing(contents: list[Body]) -> Iterator[str]:
    """As many responses as calls, of the same names, in the content right after."""
    waiting: list[Body] = []
    for place, content in enumerate(contents):
        answers = _named(content, "functionResponse")
        if sorted(a.get("name", "") for a in answers) != sorted(c["name"] for c in waiting):
            asked = [call["name"] for call in waiting]
            yield f"contents[{place}]: answers {[a.get('name') for a in answers]}, not {asked}"
        elif sorted(a.get("id", "") for a in answers) != sorted(c.get("id", "") for c in waiting):
            yield f"contents[{place}]: the ids of the responses are not those of the calls"
        waiting = [{"name": "", **call} for call in _named(content, "functionCall")]
        ids = [call["id"] for call in waiting if "id" in call]
        if len(ids) != len(set(ids)):
            yield f"contents[{place}]: a call id comes twice"
        if waiting and place and contents[place - 1].get("role", "user") == "model":
            yield f"contents[{place}]: a call comes neither after the user nor after a response"
    if waiting:
        yield f"contents: {[call['name'] for call in waiting]} were never answered"


def _content(content: Body, signed: bool) -> Iterator[str]:
    parts = content.get("parts")
    if not parts:
        yield "has no parts"
        return
    role = content.get("role", "user")
    for part in parts:
        yield from _part(part, role)
    calls = [part for part in parts if "functionCall" in part]
    if signed and calls and not calls[0].get("thoughtSignature"):
        yield "the first call has no thoughtSignature"


def _part(part: Body, role: str) -> Iterator[str]:
    said = [key for key in _DATA if key in part]
    if len(said) != 1:
        yield f"a part says {said or 'nothing'} where one thing is meant"
    for key in part:
        if role == "user" and key in _MODELS_OWN:
            yield f"{key} is the model's alone"
    if role == "model" and "functionResponse" in part:
        yield "functionResponse is the user's alone"
    for key in ("functionCall", "functionResponse"):
        if key in part and not _TOOL_NAME.fullmatch(part[key].get("name") or ""):
            yield f"tool name {part[key].get('name')!r}"
    if "functionResponse" in part and "response" not in part["functionResponse"]:
        yield "a response says nothing"
    yield from _media(part)


def _media(part: Body) -> Iterator[str]:
    inner = part.get("functionResponse", {}).get("parts", ())
    for holder in (part, *inner):
        for key, needs in (("inlineData", ("data", "mimeType")), ("fileData", ("fileUri",))):
            if key in holder and not all(holder[key].get(need) for need in needs):
                yield f"{key} lacks one of {needs}"


def _beside(body: Body) -> Iterator[str]:
    for part in body.get("systemInstruction", {}).get("parts") or ():
        if not part.get("text"):
            yield "systemInstruction: has something else than text"
    if "systemInstruction" in body and not body["systemInstruction"].get("parts"):
        yield "systemInstruction: has no parts"
    settings = body.get("generationConfig", {})
    if len(settings.get("stopSequences") or ()) > 5:
        yield "stopSequences: more than five"
    if not 0 <= settings.get("temperature", 0) <= 2:
        yield "temperature: is not within 0 and 2"
    schema = settings.get("responseJsonSchema", settings.get("responseSchema"))
    if schema is not None and settings.get("responseMimeType") != "application/json":
        yield "responseMimeType: a schema wants application/json"
    if settings.get("maxOutputTokens", 1) < 1:
        yield "maxOutputTokens: is below 1"
    yield from _tools(body)


def _tools(body: Body) -> Iterator[str]:
    declared = [d for tool in body.get("tools", ()) for d in tool.get("functionDeclarations") or ()]
    names = [d.get("name", "") for d in declared]
    if len(names) != len(set(names)):
        yield "tools: a name comes twice"
    yield from (f"tools: name {name!r}" for name in names if not _TOOL_NAME.fullmatch(name))
    for place, declaration in enumerate(declared):
        if "parameters" in declaration and "parametersJsonSchema" in declaration:
            yield f"tools[{place}]: both parameters and parametersJsonSchema"
        yield from dialect_faults(declaration.get("parametersJsonSchema"), f"tools[{place}]")
    if "tools" in body and not any(body["tools"]):
        yield "tools: are empty"
    choice = body.get("toolConfig", {}).get("functionCallingConfig", {})
    allowed = choice.get("allowedFunctionNames", ())
    if choice and not names:
        yield "toolConfig: there are no functions"
    if allowed and choice.get("mode") not in {"ANY", "VALIDATED"}:
        yield "toolConfig: allowedFunctionNames wants mode ANY"
    yield from (f"toolConfig: {name!r} is not declared" for name in allowed if name not in names)
