"""Tool calls: malformed ones, unanswered ones, and those nobody knows the outcome of."""

import json
from collections.abc import Iterator

from joch.api.conversation import SideEffect
from joch.api.statecheckpoint import Finding
from joch.decide.checkpoint.effects import arguments_text, effects, level_of, stated_levels
from joch.decide.portability.subject import PortabilityInput, failure, warning
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.parts import ToolCall
from joch.transcript.values import canonical_json, sha256


def malformed_arguments(subject: PortabilityInput) -> Iterator[Finding]:
    """Arguments that are no JSON object."""
    found = [
        f"messages[{index}]"
        for index, part in subject.transcript.parts()
        if isinstance(part, ToolCall) and _malformed(part)
    ]
    if found:
        sentence = "Malformed tool arguments preserved as text"
        yield warning("malformed-arguments", sentence, ", ".join(dict.fromkeys(found)))


def unanswered(subject: PortabilityInput) -> Iterator[Finding]:
    """Calls without a result that may be made again without harm."""
    levels = stated_levels(subject.transcript, subject.tool_levels)
    for exchange in exchanges(subject.transcript):
        level = level_of(exchange.call.name, levels)
        if exchange.result is None and level is not SideEffect.SIDE_EFFECTING:
            sentence = f"{exchange.call.name} was called without a result; it may be called again"
            yield warning(f"unanswered-{_mark(exchange)}", sentence, _place(exchange))


def unknown_outcome(subject: PortabilityInput) -> Iterator[Finding]:
    """Side effects that may or may not have happened: a person must say which.

    Each has an id of its own, so that accepting one accepts no other.
    """
    for effect in effects(subject.transcript, subject.tool_levels):
        if effect.unsettled:
            call = effect.exchange.call
            told = f"{call.name}({arguments_text(call)})"
            sentence = f"Outcome of {told} unknown; find out whether it was done before it moves"
            identity = f"unknown-outcome-{_mark(effect.exchange)}"
            yield failure(identity, sentence, _place(effect.exchange))


def _malformed(call: ToolCall) -> bool:
    if call.extra and call.extra.get("type") == "custom":
        return False
    try:
        return bool(call.arguments.strip()) and not isinstance(json.loads(call.arguments), dict)
    except (ValueError, RecursionError):
        return True


def _mark(exchange: Exchange) -> str:
    """Eight hex digits that name this call of this transcript."""
    call = exchange.call
    return sha256(canonical_json([exchange.index, call.id, call.name, call.arguments]))[7:15]


def _place(exchange: Exchange) -> str:
    return f"messages[{exchange.index}]"
