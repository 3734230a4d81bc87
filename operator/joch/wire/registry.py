"""The wire formats, one line each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from joch.transcript.conversation import Transcript
from joch.wire import (
    anthropic_messages,
    bedrock_converse,
    google_generate_content,
    openai_chat,
    openai_responses,
)
from joch.wire.errors import WireError
from joch.wire.profile import (
    ANTHROPIC,
    BEDROCK,
    GEMINI,
    GEMINI_3,
    MISTRAL,
    OPENAI,
    OPENAI_RESPONSES,
    Profile,
)
from joch.wire.rendered import Rendered


@dataclass(frozen=True, slots=True)
class WireFormat:
    """A format: its name as `Conversation.spec.transcript.format` has it, and its two ways.

    `profile`: the limits of the vendor whose format it is.
    """

    name: str
    parse: Callable[[bytes | str], Transcript]
    render: Callable[[Transcript, Profile], Rendered]
    profile: Profile


FORMATS = (
    WireFormat("openai_chat", openai_chat.parse, openai_chat.render, OPENAI),
    WireFormat(
        "openai_responses", openai_responses.parse, openai_responses.render, OPENAI_RESPONSES
    ),
    WireFormat(
        "anthropic_messages", anthropic_messages.parse, anthropic_messages.render, ANTHROPIC
    ),
    WireFormat(
        "google_generate_content",
        google_generate_content.parse,
        google_generate_content.render,
        GEMINI,
    ),
    WireFormat("bedrock_converse", bedrock_converse.parse, bedrock_converse.render, BEDROCK),
)

PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "openai": OPENAI,
        "openai-responses": OPENAI_RESPONSES,
        "anthropic": ANTHROPIC,
        "gemini": GEMINI,
        "gemini-3": GEMINI_3,
        "bedrock": BEDROCK,
        "mistral": MISTRAL,
    }
)
"""The limits of vendors and model families, by the names that people give them by."""


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


def target_profile(name: str) -> Profile:
    """The limits of this name.

    Raises:
        WireError: there are none; the sentence lists those there are.
    """
    found = PROFILES.get(name)
    if found is None:
        names = ", ".join(PROFILES)
        raise WireError(
            None, "profile", f"{name!r} is no target of this version: use one of {names}"
        )
    return found
