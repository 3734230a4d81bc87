"""Targets for tests."""

from joch.api.model import Capabilities, EffectiveFacts
from joch.decide.target import TargetFacts


def target(
    can: Capabilities | None = None,
    *,
    context_window: int | None = 200_000,
    wire_format: str = "anthropic_messages",
) -> TargetFacts:
    """A backend that can do this; what `can` leaves out is unknown."""
    facts = EffectiveFacts(context_window=context_window, capabilities=can or Capabilities())
    return TargetFacts("anthropic:claude-sonnet", facts, wire_format)
