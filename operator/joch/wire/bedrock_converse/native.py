"""Converse's own structures that have no canonical place: what of them is published.

Source: botocore's service model for bedrock-runtime (1.44.4). A structure that was read in this
format goes out again only with the members, types and words that are published.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from joch.transcript.conversation import Role
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse.formats import VIDEOS

Shape: TypeAlias = "type[object] | frozenset[str] | Structure | Each | Names"


@dataclass(frozen=True, slots=True)
class Structure:
    """An object. `union`: with exactly one of its members."""

    members: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    union: bool = False


@dataclass(frozen=True, slots=True)
class Each:
    """A list."""

    member: Shape


@dataclass(frozen=True, slots=True)
class Names:
    """An object whose keys are free."""

    value: Shape


def published(value: Json, shape: Shape) -> Json:
    """The value without what is not published; None where nothing that would be taken is left."""
    match shape:
        case Structure():
            return _structure(value, shape)
        case Each():
            found = [published(v, shape.member) for v in value] if isinstance(value, list) else None
            return None if found is None or None in found else found
        case Names():
            if not isinstance(value, dict):
                return None
            named = {key: published(v, shape.value) for key, v in value.items()}
            return None if None in named.values() else named
        case frozenset():
            return value if isinstance(value, str) and value in shape else None
    if shape is int and isinstance(value, bool):
        return None
    return value if isinstance(value, shape) else None


def published_object(value: Json, shape: Structure | Names) -> JsonObject | None:
    """The published part of an object; None where it is none."""
    found = published(value, shape)
    return found if isinstance(found, dict) else None


def _structure(value: Json, shape: Structure) -> Json:
    if not isinstance(value, dict):
        return None
    found: JsonObject = {}
    for key, inner in shape.members.items():
        if value.get(key) is not None and (kept := published(value[key], inner)) is not None:
            found[key] = kept
    if any(key not in found for key in shape.required) or (shape.union and len(found) != 1):
        return None
    return found


_TEXT = Structure({"text": str}, union=True)
_S3 = Structure({"uri": str, "bucketOwner": str}, ("uri",))
_ENABLED = Structure({"enabled": bool}, ("enabled",))
_SPAN = {"start": int, "end": int}
_IN_DOCUMENT = Structure({"documentIndex": int, **_SPAN})
_LOCATION = Structure(
    {
        "web": Structure({"url": str, "domain": str}),
        "documentChar": _IN_DOCUMENT,
        "documentPage": _IN_DOCUMENT,
        "documentChunk": _IN_DOCUMENT,
        "searchResultLocation": Structure({"searchResultIndex": int, **_SPAN}),
    },
    union=True,
)

CITATION = Structure(
    {"title": str, "source": str, "sourceContent": Each(_TEXT), "location": _LOCATION}
)
CITED = Structure({"content": Each(_TEXT), "citations": Each(CITATION)})
SEARCH_RESULT = Structure(
    {
        "source": str,
        "title": str,
        "content": Each(Structure({"text": str}, ("text",))),
        "citations": _ENABLED,
    },
    ("source", "title", "content"),
)
CACHE_POINT = Structure(
    {"type": frozenset(("default",)), "ttl": frozenset(("5m", "1h"))}, ("type",)
)
QUALIFIERS = Structure(
    {"qualifiers": Each(frozenset(("grounding_source", "query", "guard_content")))}
)
VIDEO = Structure(
    {
        "format": VIDEOS,
        "source": Structure({"bytes": str, "s3Location": _S3}, union=True),
    },
    ("format", "source"),
)
DOCUMENT = Structure({"context": str, "citations": _ENABLED})
SYSTEM_TOOL = Structure({"name": str}, ("name",))
SERVER_RESULT = Structure(
    {
        "toolUseId": str,
        "content": Each(Structure({"text": str, "json": dict}, union=True)),
        "status": frozenset(("success", "error")),
        "type": str,
    },
    ("toolUseId", "content"),
)

BLOCKS: Mapping[str, Structure] = {"video": VIDEO, "cachePoint": CACHE_POINT}
PLACES: Mapping[str, tuple[Role, ...]] = {
    "video": (Role.USER, Role.TOOL),  # Role.TOOL: inside a result
    "cachePoint": (Role.SYSTEM, Role.USER, Role.ASSISTANT),
}
SETTINGS: Mapping[str, Structure | Names | Each] = {
    "guardrailConfig": Structure(
        {
            "guardrailIdentifier": str,
            "guardrailVersion": str,
            "trace": frozenset(("enabled", "disabled", "enabled_full")),
        }
    ),
    "promptVariables": Names(_TEXT),
    "additionalModelResponseFieldPaths": Each(str),
    "requestMetadata": Names(str),
    "performanceConfig": Structure({"latency": frozenset(("standard", "optimized"))}),
    "serviceTier": Structure(
        {"type": frozenset(("priority", "default", "flex", "reserved"))}, ("type",)
    ),
}
