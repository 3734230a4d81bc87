"""Schemas come out in JSON Schema's own words."""

from joch.transcript.values import JsonObject
from joch.wire.schemas import mended

CLOSED: JsonObject = {
    "type": "object",
    "properties": {"a": {"type": ["string", "null"]}},
    "required": ["a"],
    "additionalProperties": False,
}


def test_types_of_dialects_become_types_of_json_schema() -> None:
    declared: JsonObject = {
        "type": "dict",
        "properties": {
            "a": {"type": "float"},
            "b": {"type": "STRING"},
            "c": {"type": "list", "items": {"type": "int"}},
            "d": {"anyOf": [{"type": "str"}, {"type": "NoneType"}]},
            "e": {"type": ["INTEGER", "null"]},
        },
    }

    assert mended(declared) == {
        "type": "object",
        "properties": {
            "a": {"type": "number"},
            "b": {"type": "string"},
            "c": {"type": "array", "items": {"type": "integer"}},
            "d": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "e": {"type": ["integer", "null"]},
        },
    }


def test_a_type_that_nothing_explains_takes_any_value() -> None:
    assert mended({"properties": {"a": {"type": "any", "description": "x"}}}) == {
        "properties": {"a": {"description": "x"}}
    }


def test_keywords_that_are_null_go_and_values_that_are_null_stay() -> None:
    declared: JsonObject = {"description": None, "items": None, "default": None, "enum": [None]}

    assert mended(declared) == {"default": None, "enum": [None]}


def test_a_property_may_be_named_like_a_keyword() -> None:
    declared: JsonObject = {"properties": {"type": {"type": "string"}, "items": {"const": None}}}

    assert mended(declared) == declared


def test_a_sound_schema_stays_as_it_is() -> None:
    assert mended(CLOSED) == CLOSED
