"""Names are the same for the same thing, and no two things share one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.decide.names import checkpoint_name, digest, gateway_model, slug
from tests.unit.decide.routing_objects import PROPERTY, model

SAME = {
    "conversation": "thesis",
    "uid": "u-1",
    "transcript": "sha256:a",
    "target": "anthropic:sonnet",
    "handoff": "sha256:b",
    "request": "",
}


def test_there_and_back_and_there_again_gives_four_names() -> None:
    targets = ["anthropic:sonnet", "openai:gpt"] * 2

    found = [
        checkpoint_name(**{**SAME, "target": target}, ordinal=i)
        for i, target in enumerate(targets, start=1)
    ]

    assert len(set(found)) == 4


def test_the_same_switch_done_again_has_the_same_name() -> None:
    assert checkpoint_name(**SAME, ordinal=1) == checkpoint_name(**SAME, ordinal=1)
    assert re.fullmatch("thesis-s1-[0-9a-f]{10}", checkpoint_name(**SAME, ordinal=1))


@pytest.mark.parametrize("part", ["uid", "transcript", "target", "handoff", "request"])
def test_a_switch_that_differs_in_anything_has_another_name(part: str) -> None:
    other = checkpoint_name(**{**SAME, part: "other"}, ordinal=1)

    assert other != checkpoint_name(**SAME, ordinal=1)


@PROPERTY
@given(st.from_regex(r"[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?", fullmatch=True), st.integers(1, 10**6))
def test_a_records_name_is_an_object_s_name_of_at_most_40_characters(
    conversation: str, ordinal: int
) -> None:
    name = checkpoint_name(**{**SAME, "conversation": conversation}, ordinal=ordinal)

    assert len(name) <= 40
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name)


@PROPERTY
@given(st.text(), st.integers(1, 30))
def test_a_slug_is_never_empty_and_never_ends_badly(text: str, length: int) -> None:
    found = slug(text, length)

    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", found)
    assert len(found) <= length


def test_parts_that_only_join_alike_have_different_digests() -> None:
    assert digest("ab", "c", length=10) != digest("a", "bc", length=10)


def test_a_gateway_asks_for_the_alias_else_for_provider_and_model() -> None:
    assert gateway_model(model("gpt"), "rig") == "openai.gpt"
    assert gateway_model(model("gpt", alias="fast"), "rig") == "fast"
    assert gateway_model(model("gpt", alias="fast"), "other") == "rig.fast"
