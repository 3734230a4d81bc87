"""Tool calls: malformed ones, unanswered ones, and those nobody knows the outcome of."""

import json
from collections.abc import Iterator

from joch.api.statecheckpoint import Finding
from joch.decide.checkpoint.effects import Called, Outcome
from joch.decide.portability.subject import PortabilityInput, failure, warning
from joch.transcript.parts import ToolCall
from joch.transcript.values import canonical_json, sha256


def malformed_arguments(subject: PortabilityInput) -> Iterator[Finding]:
    """Arguments that are no JSON object."""
    found = [_place(called) for called in subject.reading.calls if _malformed(called.exchange.call)]
    if found:
        sentence = "Malformed tool arguments preserved as text"
        yield warning("malformed-arguments", sentence, ", ".join(dict.fromkeys(found)))


def unanswered(subject: PortabilityInput) -> Iterator[Finding]:
    """Calls without a result that may be made again without harm."""
    for called in subject.reading.calls:
        if called.outcome is Outcome.UNKNOWN and not called.unsettled:
            name = called.exchange.call.name
            sentence = f"{name} was called without a result; it may be called again"
            yield warning(f"unanswered-{_mark(called)}", sentence, _place(called))


def unknown_outcome(subject: PortabilityInput) -> Iterator[Finding]:
    """Side effects that may or may not have happened: a person must say which.

    Each has an id of its own, so that accepting one accepts no other.
    """
    for called in subject.reading.calls:
        if called.unsettled:
            unknown = f"Outcome of {called.told} unknown"
            sentence = f"{unknown}; find out whether it was done before it moves"
            yield failure(f"unknown-outcome-{_mark(called)}", sentence, _place(called))


def _malformed(call: ToolCall) -> bool:
    if call.extra and call.extra.get("type") == "custom":
        return False
    try:
        return bool(call.arguments.strip()) and not isinstance(json.loads(call.arguments), dict)
    except (ValueError, RecursionError):
        return True


def _mark(called: Called) -> str:
    """Eight hex digits that name this call of this transcript."""
    index, call = called.exchange.index, called.exchange.call
    return sha256(canonical_json([index, call.id, call.name, call.arguments]))[7:15]


def _place(called: Called) -> str:
    return f"messages[{called.exchange.index}]"
