"""The targets that every conversation is rendered for, each with its independent judge."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joch.wire import profile as profiles
from joch.wire.profile import Profile
from joch.wire.registry import WireFormat, wire_format
from joch.wire.rendered import Rendered
from tests.conformance.wire.stored import Stored
from tests.conformance.wire.validators import (
    anthropic_messages,
    bedrock_converse,
    google_generate_content,
    openai_chat,
    openai_responses,
)

Judge = Callable[[dict[str, Any]], list[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """A format as a certain vendor takes it."""

    name: str
    format: WireFormat
    profile: Profile
    judge: Judge

    def __str__(self) -> str:
        return self.name


def _target(name: str, format_name: str, profile: Profile, judge: Judge) -> Target:
    return Target(name, wire_format(format_name), profile, judge)


def _signed(body: dict[str, Any]) -> list[str]:
    return google_generate_content.refusals(body, signed=True)


TARGETS = (
    _target("openai_chat", "openai_chat", profiles.OPENAI, openai_chat.refusals),
    _target("mistral", "openai_chat", profiles.MISTRAL, openai_chat.refusals),
    _target(
        "openai_responses",
        "openai_responses",
        profiles.OPENAI_RESPONSES,
        openai_responses.refusals,
    ),
    _target(
        "anthropic_messages", "anthropic_messages", profiles.ANTHROPIC, anthropic_messages.refusals
    ),
    _target(
        "gemini_2", "google_generate_content", profiles.GEMINI, google_generate_content.refusals
    ),
    _target("gemini_3", "google_generate_content", profiles.GEMINI_3, _signed),
    _target("bedrock_converse", "bedrock_converse", profiles.BEDROCK, bedrock_converse.refusals),
)


@functools.cache
def rendered(target: Target, stored: Stored) -> Rendered:
    """The conversation for the target, rendered once: every test looks at the same body."""
    return target.format.render(stored.read(), target.profile)


_NAMES_ITS_MODEL_IN_THE_PATH = ("google_generate_content", "bedrock_converse")


def sent(target: Target, made: Rendered) -> dict[str, Any]:
    """The body as it would be sent: through JSON, with a model where the body names one."""
    body: dict[str, Any] = json.loads(json.dumps(made.body))
    return body if target.format.name in _NAMES_ITS_MODEL_IN_THE_PATH else {"model": "any", **body}
