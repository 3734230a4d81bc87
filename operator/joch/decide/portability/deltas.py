"""What the target can more or less than the source."""

from collections.abc import Iterator

from pydantic.alias_generators import to_camel

from joch.api.model import Capabilities, EffectiveFacts

LIMITS = ("context_window", "max_output_tokens")


def capability_deltas(source: EffectiveFacts, target: EffectiveFacts) -> tuple[str, ...]:
    """Differences as `contextWindow 400000 → 200000`, in the order of the API's fields."""
    return tuple(
        f"{to_camel(name)} {_shown(before)} → {_shown(after)}"
        for name, before, after in _pairs(source, target)
        if before != after
    )


def _pairs(
    source: EffectiveFacts, target: EffectiveFacts
) -> Iterator[tuple[str, int | None, int | None]]:
    for name in LIMITS:
        yield name, getattr(source, name), getattr(target, name)
    for name in Capabilities.model_fields:
        yield name, getattr(source.capabilities, name), getattr(target.capabilities, name)


def _shown(value: int | None) -> str:
    if value is None:
        return "unknown"
    return str(value).lower()
