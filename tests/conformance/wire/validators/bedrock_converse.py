"""What Bedrock's Converse refuses: its service model, then roles, pairing, media and names."""

import functools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape

from tests.conformance.wire.validators.media import KIB, MIB, size
from tests.conformance.wire.validators.service_models import faults
from tests.conformance.wire.validators.strict_schemas import dialect_faults

Body = dict[str, Any]
_DOCUMENT_NAME = re.compile(r"(?!.*\s{2})[A-Za-z0-9\s()\[\]-]+")
_LARGEST_IMAGE = 3_840 * KIB
_LARGEST_DOCUMENT = int(4.5 * MIB)
_ASSISTANTS_OWN = ("toolUse", "reasoningContent", "citationsContent")
_USERS_OWN = ("image", "document", "video", "audio", "toolResult", "guardContent", "searchResult")


@functools.cache
def _input() -> StructureShape:
    model = Loader().load_service_model("bedrock-runtime", "service-2")
    return ServiceModel(model).operation_model("Converse").input_shape


def refusals(body: Body) -> list[str]:
    """Why Bedrock would refuse the body; empty where it would take it.

    On the wire the model is named in the path: a body without `modelId` is whole.
    """
    wrong = list(faults({"modelId": "any", **body}, _input(), "body"))
    if wrong:
        return wrong
    messages = body.get("messages", [])
    found = [*_roles(messages), *_pairing(messages), *_documents(messages), *_images(messages)]
    for place, message in enumerate(messages):
        found += [f"messages[{place}]: {fault}" for fault in _message(message)]
    return [*found, *_beside(body)]


def _roles(messages: list[Body]) -> Iterator[str]:
    if not messages:
        yield "messages: are empty"
    elif messages[0]["role"] != "user":
        yield "messages: the first is not the user's"
    for place in range(1, len(messages)):
        if messages[place]["role"] == messages[place - 1]["role"]:
            yield f"messages[{place}]: two {messages[place]['role']} messages in a row"


def _pairing(messages: list[Body]) -> Iterator[str]:
    """Each call is answered in the next message, the user's; the vendor's own ones at once."""
    seen: set[str] = set()
    waiting: list[str] = []
    for place, message in enumerate(messages):
        calls, results, served = _exchanged(message)
        if sorted(results) != sorted(waiting):
            yield f"messages[{place}]: has results of {sorted(results)}, not of {sorted(waiting)}"
        if served:
            yield f"messages[{place}]: {sorted(served)} have no outcome"
        waiting = calls
        if len(waiting) != len(set(waiting)) or seen & set(waiting):
            yield f"messages[{place}]: a call id comes twice"
        seen.update(waiting)
    if waiting:
        yield f"messages: {sorted(waiting)} were never answered"


def _exchanged(message: Body) -> tuple[list[str], list[str], set[str]]:
    """The ids of calls, of results, and of the vendor's own calls without their outcome."""
    calls, results, served = [], [], set()
    for block in message["content"]:
        if call := block.get("toolUse"):
            if call.get("type") == "server_tool_use":
                served.add(call["toolUseId"])
            else:
                calls.append(call["toolUseId"])
        elif result := block.get("toolResult"):
            if result["toolUseId"] in served:
                served.remove(result["toolUseId"])
            else:
                results.append(result["toolUseId"])
    return calls, results, served


def _message(message: Body) -> Iterator[str]:
    if not message["content"]:
        yield "content is empty"
    for block in message["content"]:
        (kind,) = block
        if kind == "text" and not block["text"].strip():
            yield "a text is blank"
        is_outcome = kind == "toolResult" and "type" in block["toolResult"]
        if message["role"] == "assistant" and kind in _USERS_OWN and not is_outcome:
            yield f"{kind} is the user's alone"
        if message["role"] == "user" and kind in _ASSISTANTS_OWN:
            yield f"{kind} is the assistant's alone"
        if kind == "toolUse" and not isinstance(block["toolUse"]["input"], dict):
            yield "the input of a call is no object"
        if kind == "toolResult":
            yield from _result(block["toolResult"])
    kinds = {kind for block in message["content"] for kind in block}
    if "document" in kinds and "text" not in kinds:
        yield "a document has no text beside it"


def _result(result: Body) -> Iterator[str]:
    if not result["content"]:
        yield "a result has no content"
    for part in result["content"]:
        if "text" in part and not part["text"].strip():
            yield "a text in a result is blank"
        if "json" in part and not isinstance(part["json"], dict):
            yield "the JSON of a result is no object"


def _of(kind: str, messages: list[Body]) -> Iterator[Body]:
    """Blocks of a kind, those in results as well."""
    for message in messages:
        for block in message["content"]:
            inner = block.get("toolResult", {}).get("content", ())
            yield from (part[kind] for part in (block, *inner) if kind in part)


def _documents(messages: list[Body]) -> Iterator[str]:
    found = list(_of("document", messages))
    if len(found) > 5:
        yield f"messages: {len(found)} documents, more than five"
    names = Counter(document["name"] for document in found)
    yield from (
        f"messages: document name {name!r} comes twice" for name in names if names[name] > 1
    )
    for document in found:
        if not _DOCUMENT_NAME.fullmatch(document["name"]):
            yield f"messages: document name {document['name']!r}"
        if (size(document["source"].get("bytes", "")) or 0) > _LARGEST_DOCUMENT:
            yield "messages: a document is larger than 4.5 MB"


def _images(messages: list[Body]) -> Iterator[str]:
    found = list(_of("image", messages))
    if len(found) > 20:
        yield f"messages: {len(found)} images, more than twenty"
    for image in found:
        if (size(image["source"].get("bytes", "")) or 0) > _LARGEST_IMAGE:
            yield "messages: an image is larger than 3.75 MB"


def _beside(body: Body) -> Iterator[str]:
    for block in body.get("system", ()):
        if "text" in block and not block["text"].strip():
            yield "system: a text is blank"
    used = any(
        k in block
        for m in body["messages"]
        for block in m["content"]
        for k in ("toolUse", "toolResult")
    )
    config = body.get("toolConfig")
    if config is None:
        if used:
            yield "toolConfig: must be defined where the history has calls"
        return
    specs = [tool["toolSpec"] for tool in config["tools"] if "toolSpec" in tool]
    names = [spec["name"] for spec in specs]
    if len(names) != len(set(names)):
        yield "toolConfig: a name comes twice"
    for spec in specs:
        schema = spec["inputSchema"].get("json")
        if not isinstance(schema, dict) or schema.get("type") != "object":
            yield f"toolConfig: the schema of {spec['name']!r} is no object at its root"
        yield from dialect_faults(schema, f"toolConfig.{spec['name']}")
    chosen = config.get("toolChoice", {}).get("tool")
    if chosen and chosen["name"] not in names:
        yield f"toolConfig: {chosen['name']!r} is chosen and not declared"
