"""What the writer sends, and what it never sends."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from kubernetes.aio.client.configuration import Configuration
from pydantic_core import to_json

from joch.api.base import Status
from joch.api.conversation import Conversation, ConversationStatus
from joch.api.model import Model, ModelStatus
from joch.api.modelroute import ModelRoute, ModelRouteStatus
from joch.apply.writer import MAX_BODY, NotLeading, Writer, merge_patch, stored_size
from joch.observe.api_server import ApiServer, Refused
from joch.observe.paths import SECRETS
from tests.unit.apply.statuses import OF_CONVERSATIONS, OF_MODELS, OF_ROUTES
from tests.unit.decide.conversation_objects import conversation
from tests.unit.decide.routing_objects import PROPERTY

BODY = {"metadata": {"namespace": "rig", "name": "x"}, "data": {}}
HELD_BY_A_FINDING_OF_NO_PLACE = ConversationStatus.model_validate(
    {
        "heldSwitch": {
            "toBackend": "anthropic:sonnet",
            "reason": "Requested",
            "transcriptDigest": "sha256:a",
            "compatibility": {
                "verdict": "Warnings",
                "findings": [{"id": "tools", "level": "warning", "message": "2 missing"}],
            },
        }
    }
)
SAME_KIND = st.one_of(*(st.tuples(each, each) for each in (OF_CONVERSATIONS, OF_ROUTES, OF_MODELS)))


def applied(target: Any, patch: Any) -> Any:
    """MergePatch of RFC 7386, section 2."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = applied(result.get(name), value)
    return result


def read_back(status: Status, stored: dict[str, Any]) -> dict[str, Any]:
    """A stored status as the cache has it, and as the writer compares it."""
    return type(status).model_validate(stored).to_wire()


@PROPERTY
@given(SAME_KIND)
def test_the_patch_turns_the_stored_status_into_the_decided_one(
    pair: tuple[Status, Status],
) -> None:
    before, after = pair
    stored = json.loads(json.dumps(before.to_wire()))

    patch = merge_patch(read_back(before, stored), after.to_wire())

    assert applied(stored, patch) == after.to_wire()
    assert (patch == {}) == (before.to_wire() == after.to_wire())


@PROPERTY
@given(st.one_of(OF_CONVERSATIONS, OF_ROUTES, OF_MODELS))
@example(HELD_BY_A_FINDING_OF_NO_PLACE)
def test_a_status_decided_again_as_it_is_stored_needs_no_patch(status: Status) -> None:
    assert merge_patch(read_back(status, status.to_wire()), status.to_wire()) == {}


@PROPERTY
@given(SAME_KIND)
def test_a_status_of_which_only_a_part_was_ever_stored_becomes_the_decided_one(
    pair: tuple[Status, Status],
) -> None:
    before, after = pair
    stored = before.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)

    patch = merge_patch(read_back(before, stored), after.to_wire())

    assert type(after).model_validate(applied(stored, patch)) == after


@PROPERTY
@given(SAME_KIND)
def test_what_a_newer_version_wrote_stays_in_the_stored_status(pair: tuple[Status, Status]) -> None:
    before, after = pair
    stored = {**before.to_wire(), "fromTheFuture": {"a": 1}}

    patch = merge_patch(read_back(before, stored), after.to_wire())

    assert applied(stored, patch) == {**after.to_wire(), "fromTheFuture": {"a": 1}}


@pytest.fixture
async def server() -> AsyncIterator[ApiServer]:
    """A server that nothing must be sent to: a request would raise Unavailable."""
    configuration = Configuration()
    configuration.host = "http://127.0.0.1:1"
    found = ApiServer(configuration)
    yield found
    await found.close()


@pytest.mark.parametrize(
    "status",
    [conversation("openai:gpt").status, HELD_BY_A_FINDING_OF_NO_PLACE],
    ids=["plain", "held"],
)
async def test_an_equal_status_is_not_sent(server: ApiServer, status: ConversationStatus) -> None:
    writer = Writer(server, lambda: True)
    of = conversation("openai:gpt").model_copy(update={"status": status})

    assert await writer.patch_status(of, status) is None
    assert writer.writes == 0


async def test_a_status_is_never_written_over_a_version_that_nobody_read(
    server: ApiServer,
) -> None:
    of = conversation("openai:gpt")
    unread = of.model_copy(
        update={"metadata": of.metadata.model_copy(update={"resource_version": ""})}
    )

    with pytest.raises(ValueError, match="rig/thesis has no resourceVersion"):
        await Writer(server, lambda: True).patch_status(unread, ConversationStatus())


async def test_nothing_is_written_without_the_lease(server: ApiServer) -> None:
    writer = Writer(server, lambda: False)

    with pytest.raises(NotLeading):
        await writer.patch_status(conversation("openai:gpt"), ConversationStatus())
    with pytest.raises(NotLeading):
        await writer.create(SECRETS, BODY)
    with pytest.raises(NotLeading):
        await writer.replace(SECRETS, BODY)
    with pytest.raises(NotLeading):
        await writer.delete(SECRETS, "rig", "x", "u")
    assert NotLeading.retryable
    assert writer.writes == 0


async def test_an_object_above_the_limit_is_refused_before_it_is_sent(server: ApiServer) -> None:
    large = {**BODY, "data": {"a": "x" * MAX_BODY}}

    with pytest.raises(Refused, match=r"x has \d+ bytes, more than the 262144 that Joch writes"):
        await Writer(server, lambda: True).create(SECRETS, large)


def test_a_size_counts_bytes_as_the_api_server_stores_them() -> None:
    assert stored_size(to_json({"a": "b"})) == len('{"a":"b"}')
    assert stored_size(to_json({"a": "<>&"})) == len('{"a":"') + 18 + len('"}')
    assert stored_size(to_json({"a": "ä"})) == len('{"a":"ä"}'.encode())
    assert stored_size(to_json({"a": '"\\\n\x01'})) == len(r'{"a":"\"\\\n\u0001"}')


KINDS = {
    "a Conversation": (Conversation, ConversationStatus()),
    "a ModelRoute": (ModelRoute, ModelRouteStatus()),
    "a Model": (Model, ModelStatus()),
}


@pytest.mark.parametrize("sentence", KINDS)
def test_the_first_status_is_whole_except_for_what_is_the_default(sentence: str) -> None:
    _, default = KINDS[sentence]
    born = {"observedGeneration": -1}

    first = default.model_copy(update={"observed_generation": 1})
    patch = merge_patch(read_back(default, born), first.to_wire())

    assert patch == {"observedGeneration": 1}
