"""The wire formats, one line each."""

from collections.abc import Callable
from dataclasses import dataclass

from joch.transcript.conversation import Transcript
from joch.wire import (
    anthropic_messages,
    bedrock_converse,
    google_generate_content,
    openai_chat,
    openai_responses,
)
from joch.wire.errors import WireError
from joch.wire.profile import Profile
from joch.wire.rendered import Rendered


@dataclass(frozen=True, slots=True)
class WireFormat:
    """A format: its name as `Conversation.spec.transcript.format` has it, and its two ways."""

    name: str
    parse: Callable[[bytes | str], Transcript]
    render: Callable[[Transcript, Profile], Rendered]


FORMATS = (
    WireFormat("openai_chat", openai_chat.parse, openai_chat.render),
    WireFormat("openai_responses", openai_responses.parse, openai_responses.render),
    WireFormat("anthropic_messages", anthropic_messages.parse, anthropic_messages.render),
    WireFormat(
        "google_generate_content",
        google_generate_content.parse,
        google_generate_content.render,
    ),
    WireFormat("bedrock_converse", bedrock_converse.parse, bedrock_converse.render),
)


def wire_format(name: str) -> WireFormat:
    """The format of this name.

    Raises:
        WireError: there is none; the sentence lists those there are.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FORMATS)
    raise WireError(None, "format", f"{name!r} is no format of this version: use one of {names}")
