"""Targets for tests."""

from joch.api.model import Capabilities, EffectiveFacts
from joch.decide.target import TargetFacts


def target(
    *,
    context_window: int | None = 200_000,
    wire_format: str = "anthropic_messages",
    **capabilities: bool | None,
) -> TargetFacts:
    """A backend with these capabilities; all others are unknown."""
    facts = EffectiveFacts(context_window=context_window, capabilities=Capabilities(**capabilities))
    return TargetFacts("anthropic:claude-sonnet", facts, wire_format)
