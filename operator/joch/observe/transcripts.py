"""Reads transcripts, once and at a digest: the source's bytes, then the canonical conversation."""

from dataclasses import dataclass

from joch.api.conversation import Conversation, ConversationReason, TranscriptStatus
from joch.decide.conversation.decision import TranscriptProblem
from joch.observe.api_server import ApiServer, NotFound
from joch.observe.paths import CONFIG_MAPS
from joch.transcript.canonical import digest
from joch.transcript.conversation import Transcript
from joch.transcript.tokens import transcript_tokens
from joch.wire.errors import WireError
from joch.wire.registry import wire_format


@dataclass(frozen=True, slots=True)
class ReadTranscript:
    """A transcript and what its Conversation's status says of it."""

    transcript: Transcript
    status: TranscriptStatus


async def read_transcript(
    server: ApiServer, conversation: Conversation
) -> ReadTranscript | TranscriptProblem:
    """Read a Conversation's transcript from its source.

    Raises:
        Unavailable: the API server did not answer; a retry may help.
    """
    source = conversation.spec.transcript
    if source is None or source.config_map_ref is None:
        message = (
            f"Conversation {conversation.key} has no spec.transcript.configMapRef: a switch needs "
            "to know where the messages are."
        )
        return TranscriptProblem(ConversationReason.TRANSCRIPT_NOT_FOUND, message)
    reference = source.config_map_ref
    namespace = conversation.metadata.namespace
    where = f"ConfigMap {namespace}/{reference.name}"
    try:
        found = await server.get(CONFIG_MAPS.one(namespace, reference.name))
    except NotFound:
        message = f"{where} does not exist: create it, or change spec.transcript.configMapRef.name."
        return TranscriptProblem(ConversationReason.TRANSCRIPT_NOT_FOUND, message)
    text = (found.get("data") or {}).get(reference.key)
    if text is None:
        remedy = "add it, or change spec.transcript.configMapRef.key"
        message = f"{where} has no key {reference.key}: {remedy}."
        return TranscriptProblem(ConversationReason.TRANSCRIPT_NOT_FOUND, message)
    return _parsed(conversation, text, source.format, f"{where} key {reference.key}")


def _parsed(
    conversation: Conversation, text: str, format_name: str, where: str
) -> ReadTranscript | TranscriptProblem:
    try:
        known = wire_format(format_name)
    except WireError as error:
        message = f"spec.transcript.format of Conversation {conversation.key}: {error.sentence}"
        return TranscriptProblem(ConversationReason.FORMAT_UNSUPPORTED, message)
    try:
        transcript = known.parse(text)
    except WireError as error:
        return TranscriptProblem(ConversationReason.TRANSCRIPT_UNREADABLE, f"{where}: {error}")
    status = TranscriptStatus(
        digest=digest(transcript),
        messages=len(transcript.messages),
        tokens=transcript_tokens(transcript),
    )
    return ReadTranscript(transcript, status)
