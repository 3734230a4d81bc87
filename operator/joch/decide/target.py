"""The target of a switch, as portability and handoff see it."""

from dataclasses import dataclass

from joch.api.model import Capabilities, EffectiveFacts
from joch.transcript.conversation import Settings
from joch.transcript.tokens import TokenProfile, token_profile
from joch.transcript.values import JsonObject
from joch.wire.profile import Profile

DEFAULT_OUTPUT_TOKENS = 4_096
UNKNOWN_WINDOW_SHARE = 8_000

PORTABLE_SETTINGS = ("frequency_penalty", "presence_penalty", "seed")
"""Request settings beside the canonical ones that mean the same at several vendors."""


def portable_settings(settings: Settings) -> JsonObject | None:
    """What a handoff carries of the settings that have no canonical place."""
    stated = settings.extra or {}
    return {name: stated[name] for name in PORTABLE_SETTINGS if name in stated} or None


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """A backend with the facts in force and its provider's native wire format."""

    backend: str
    facts: EffectiveFacts
    wire_format: str

    @property
    def tokens(self) -> TokenProfile:
        """How to estimate tokens for it."""
        return token_profile(self.wire_format, self.backend)

    @property
    def takes_sampling(self) -> bool:
        """Whether temperature and its like may be sent.

        Anthropic refuses them since its version 2026-10-21, reasoning models since ever.
        """
        reasons = self.facts.capabilities.reasoning is True
        return self.wire_format == "openai_chat" and not reasons

    def room(self) -> int | None:
        """Tokens of context that remain beside an answer; None: its window is unknown."""
        window = self.facts.context_window
        if window is None:
            return None
        answer = min(self.facts.max_output_tokens or DEFAULT_OUTPUT_TOKENS, window // 4)
        return window - answer

    def default_window_tokens(self) -> int:
        """The recent window's default budget: a quarter of the context."""
        window = self.facts.context_window
        return UNKNOWN_WINDOW_SHARE if window is None else window // 4


def described_by(profile: Profile, backend: str, wire_format: str) -> TargetFacts:
    """A target of which nothing is known but the limits of its kind."""
    can = Capabilities(
        tool_calling=True,
        vision=profile.images,
        audio=profile.audio,
        documents=profile.documents,
    )
    return TargetFacts(backend, EffectiveFacts(capabilities=can), wire_format)
