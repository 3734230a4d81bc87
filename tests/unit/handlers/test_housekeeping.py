"""What is compared and cleared from time to time."""

from pydantic import SecretStr

from joch.api.conversation import Conversation
from joch.api.llmgateway import LLMGateway
from joch.api.statecheckpoint import StateCheckpoint
from joch.handlers import housekeeping, informer
from joch.handlers.operator import Operator, Written
from tests.unit.decide.conversation_objects import binding
from tests.unit.handlers.objects import Raw, raw

BOUND = "anthropic:sonnet"


def raw_record(name: str, ordinal: int) -> Raw:
    record = {
        "ordinal": ordinal,
        "conversationUid": "rig-thesis",
        "transcriptDigest": "sha256:a",
        "compatibility": {"verdict": "Compatible"},
        "handoffSecret": {"name": name, "digest": "sha256:b", "bytes": 7},
    }
    backends = {"fromBackend": "openai:gpt", "toBackend": BOUND}
    return raw(name, spec={"conversationRef": {"name": "thesis"}, **backends, "record": record})


def raw_conversation(checkpoint: str | None, version: int = 1) -> Raw:
    bound = binding(BOUND, checkpoint=checkpoint)
    return raw("thesis", version=version, spec={}, status={"binding": bound})


async def test_an_orphan_is_deleted_by_who_works_on_its_conversation(operator: Operator) -> None:
    informer.take(operator, Conversation, raw_conversation(None))
    informer.take(operator, StateCheckpoint, raw_record("orphan", 1))
    await operator.queues[Conversation].take()
    operator.queues[Conversation].done("rig/thesis")

    housekeeping.sweep(operator)
    assert operator.writer.writes == 0
    assert await operator.queues[Conversation].take() == "rig/thesis"
    await housekeeping.clear(operator, "rig/thesis")

    assert operator.writer.writes == 1


async def test_an_old_attempt_that_was_committed_after_all_is_kept(operator: Operator) -> None:
    informer.take(operator, Conversation, raw_conversation(None))
    informer.take(operator, StateCheckpoint, raw_record("attempt", 1))
    housekeeping.sweep(operator)

    informer.take(operator, Conversation, raw_conversation("attempt", version=2))
    await housekeeping.clear(operator, "rig/thesis")

    assert operator.writer.writes == 0


async def test_a_conversation_is_missed_no_longer_than_its_records_are_there(
    operator: Operator,
) -> None:
    informer.take(operator, StateCheckpoint, raw_record("r1", 1))
    housekeeping.sweep(operator)
    assert set(operator.missed) == {"rig/thesis"}

    informer.forget(operator, StateCheckpoint, raw_record("r1", 1))
    housekeeping.sweep(operator)

    assert operator.missed == {}


async def test_a_gateway_s_objects_are_read_again_from_time_to_time(operator: Operator) -> None:
    informer.take(operator, LLMGateway, raw("proxy", spec={}))
    await operator.queues[LLMGateway].take()
    operator.queues[LLMGateway].done("rig/proxy")
    operator.written["rig/proxy"] = Written(
        uid="rig-proxy",
        generation=1,
        config_hash="sha256:a",
        config_map="7",
        fingerprints={},
        master_key=SecretStr("sk-key"),
    )

    housekeeping.look_again(operator)

    assert operator.written == {}
    assert await operator.queues[LLMGateway].take() == "rig/proxy"
