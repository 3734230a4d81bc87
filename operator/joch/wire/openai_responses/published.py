"""The request fields without a canonical place that the published schema has, and their values.

Other vendors have fields of the same names with other values: those do not go.
"""

from collections.abc import Mapping

from joch.transcript.values import Json, JsonObject
from joch.wire.openai_fields import Shape, has_shape

FIELDS: Mapping[str, Shape] = {
    "background": bool,
    "context_management": list,
    "max_tool_calls": int,
    "prompt_cache_key": str,
    "prompt_cache_options": dict,
    "prompt_cache_retention": frozenset(("in_memory", "24h")),
    "safety_identifier": str,
    "service_tier": frozenset(
        ("auto", "default", "flex", "scale", "priority", "fast", "ultrafast")
    ),
    "stream": bool,
    "top_logprobs": int,
    "truncation": frozenset(("auto", "disabled")),
    "user": str,
}
REASONING: Mapping[str, Shape] = {
    "context": frozenset(("auto", "current_turn", "all_turns")),
    "generate_summary": frozenset(("auto", "concise", "detailed")),
    "mode": str,
    "summary": frozenset(("auto", "concise", "detailed")),
}
_INCLUDED = frozenset(
    (
        "code_interpreter_call.outputs",
        "computer_call_output.output.image_url",
        "file_search_call.results",
        "message.input_image.image_url",
        "message.output_text.logprobs",
        "reasoning.encrypted_content",
        "web_search_call.action.sources",
        "web_search_call.results",
    )
)


def is_published(key: str, value: Json) -> bool:
    """Whether the published schema has a field of this name that takes this value."""
    match key, value:
        case "include", list():
            return all(isinstance(word, str) and word in _INCLUDED for word in value)
        case "metadata", dict():
            return all(isinstance(inner, str) for inner in value.values())
        case "stream_options", dict():
            return value.keys() <= {"include_obfuscation"}
    return key in FIELDS and has_shape(value, FIELDS[key])


def beyond(fields: JsonObject, known: Mapping[str, Shape]) -> list[str]:
    """The fields that are not among the known ones, or have another value than they take."""
    return sorted(k for k, v in fields.items() if k not in known or not has_shape(v, known[k]))
