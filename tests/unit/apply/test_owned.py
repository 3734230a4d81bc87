"""What Joch makes: its mark, its owners, and when an object found is the one it wanted."""

import base64
import json

import pytest

from joch.api.statecheckpoint import StateCheckpointSpec
from joch.apply.owned import contains, handoff_body, owner, record_body
from joch.decide.names import MARK
from tests.unit.decide.conversation_objects import conversation

SPEC = StateCheckpointSpec.model_validate(
    {
        "conversationRef": {"name": "thesis"},
        "fromBackend": "openai:gpt",
        "toBackend": "anthropic:sonnet",
        "record": {
            "ordinal": 1,
            "conversationUid": "u-1",
            "transcriptDigest": "sha256:a",
            "compatibility": {"verdict": "Compatible"},
            "handoffSecret": {"name": "thesis-s1-abc", "digest": "sha256:b", "bytes": 7},
        },
    }
)


def test_a_record_bears_the_mark_and_outlives_its_conversation() -> None:
    body = record_body("rig", "thesis-s1-abc", SPEC)

    assert body["metadata"] == {"namespace": "rig", "name": "thesis-s1-abc", "labels": MARK}
    assert "status" not in body
    assert body["spec"]["record"]["ordinal"] == 1
    assert "null" not in json.dumps(body)


def test_a_handoff_is_immutable_and_goes_with_its_record() -> None:
    body = handoff_body("rig", "thesis-s1-abc", "uid-of-record", b"bytes")

    assert body["immutable"] is True
    assert base64.b64decode(body["data"]["request.json.gz"]) == b"bytes"
    (reference,) = body["metadata"]["ownerReferences"]
    assert (reference["kind"], reference["name"], reference["uid"]) == (
        "StateCheckpoint",
        "thesis-s1-abc",
        "uid-of-record",
    )
    assert reference["blockOwnerDeletion"] is False


def test_an_owner_is_named_with_its_uid_and_blocks_no_deletion() -> None:
    assert owner(conversation()) == {
        "apiVersion": "joch.dev/v1alpha1",
        "kind": "Conversation",
        "name": "thesis",
        "uid": "u-1",
        "controller": True,
        "blockOwnerDeletion": False,
    }


OURS = {"metadata": {"labels": MARK}, "immutable": True, "data": {"a": "b"}}
FOUND = {"metadata": {"labels": {**MARK, "more": "x"}, "uid": "u"}, "immutable": True}


def test_an_object_is_the_same_when_it_has_everything_wanted_and_perhaps_more() -> None:
    assert contains({**FOUND, "data": {"a": "b"}}, OURS)


OTHERS = {
    "it has no mark": {**FOUND, "metadata": {"labels": {}}, "data": {"a": "b"}},
    "it has no labels at all": {**FOUND, "metadata": {}, "data": {"a": "b"}},
    "its data differ": {**FOUND, "data": {"a": "c"}},
    "it has no data": FOUND,
    "it may change": {**FOUND, "immutable": False, "data": {"a": "b"}},
    "it is something else": [],
}


@pytest.mark.parametrize("sentence", OTHERS)
def test_an_object_is_another_one_when(sentence: str) -> None:
    assert not contains(OTHERS[sentence], OURS)


def test_a_list_is_the_same_only_as_a_whole() -> None:
    assert contains({"ownerReferences": [{"uid": "a"}]}, {"ownerReferences": [{"uid": "a"}]})
    assert not contains(
        {"ownerReferences": [{"uid": "a"}, {"uid": "b"}]}, {"ownerReferences": [{"uid": "a"}]}
    )
