"""What tools were called for and what they did to the world, read off the transcript."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from joch.api.conversation import SideEffect
from joch.transcript.conversation import ToolDeclaration, Transcript
from joch.transcript.exchanges import Exchange, exchanges
from joch.transcript.parts import ToolCall, ToolResult, plain_text
from joch.transcript.values import Json, JsonObject, sha256
from joch.wire import markers

ToolLevels = Mapping[str, SideEffect]

UNKNOWN_OUTCOME = "outcome unknown"
"""How the sentence of a call ends that nobody knows the outcome of."""

_VALUE = 80
_ARGUMENTS = 400
_RESULT = 400
_SAID_FIRST = 100
_SECRETIVE = ("password", "passwd", "secret", "token", "api_key", "apikey", "authorization")
_FAILED_WORDS = ("failed", "failure", "error")


class Outcome(StrEnum):
    """What became of a call."""

    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a tool with the tool's level. `told` is `tool(arguments)`, in one line."""

    exchange: Exchange
    level: SideEffect
    outcome: Outcome
    told: str

    @property
    def touches(self) -> bool:
        """Whether it may have changed the world: it is a side effect."""
        return self.level is not SideEffect.NONE

    @property
    def unsettled(self) -> bool:
        """Nobody knows whether it happened, and doing it again would not be harmless."""
        return self.outcome is Outcome.UNKNOWN and self.level is SideEffect.SIDE_EFFECTING

    @property
    def sentence(self) -> str:
        """`tool(arguments): result`, in one line; what is cut is marked."""
        if self.outcome is Outcome.UNKNOWN:
            return f"{self.told}: {UNKNOWN_OUTCOME}"
        result = self.exchange.result
        said = shortened(plain_text(result.parts), _RESULT) if result else ""
        failed = "failed: " if self.outcome is Outcome.FAILED else ""
        return f"{self.told}: {failed}{said or 'no output'}"


def _level_of(tool: str, levels: ToolLevels) -> SideEffect:
    """The tool's level; one that nobody stated, or that is not known, counts as SideEffecting."""
    stated = levels.get(tool, SideEffect.SIDE_EFFECTING)
    return stated if stated.known else SideEffect.SIDE_EFFECTING


def _stated_levels(transcript: Transcript, levels: ToolLevels) -> ToolLevels:
    """The levels, and for tools without one what MCP's hints in their declaration say.

    readOnlyHint: no side effect. idempotentHint: once more does nothing more. destructiveHint is
    about the kind of the change, and says nothing of doing it twice.
    """
    hinted = {tool.name: hint for tool in transcript.tools if (hint := _hinted(tool)) is not None}
    return {**hinted, **levels}


def _hinted(tool: ToolDeclaration) -> SideEffect | None:
    hints = (tool.extra or {}).get("annotations")
    if not isinstance(hints, dict):
        return None
    if hints.get("readOnlyHint") is True:
        return SideEffect.NONE
    return SideEffect.IDEMPOTENT if hints.get("idempotentHint") is True else None


def calls(transcript: Transcript, levels: ToolLevels) -> tuple[Called, ...]:
    """Every call of a tool, in order; equal calls stay several."""
    stated = _stated_levels(transcript, levels)
    return tuple([_called(exchange, stated) for exchange in exchanges(transcript)])


def _called(exchange: Exchange, levels: ToolLevels) -> Called:
    call = exchange.call
    told = f"{call.name}({_arguments_text(call)})"
    return Called(exchange, _level_of(call.name, levels), _outcome_of(exchange.result), told)


def _outcome_of(result: ToolResult | None) -> Outcome:
    """What a result says; formats without an error flag tell only by the result's own words.

    A call that nobody answered is sent on with a result that says so, and clients store it.
    """
    if result is None:
        return Outcome.UNKNOWN
    text = plain_text(result.parts).strip()
    if markers.UNKNOWN_OUTCOME in text[:_SAID_FIRST]:
        return Outcome.UNKNOWN
    if result.is_error is not None:
        return Outcome.FAILED if result.is_error else Outcome.SUCCEEDED
    return Outcome.FAILED if _reads_as_error(text) else Outcome.SUCCEEDED


def _arguments_text(call: ToolCall) -> str:
    """The arguments as `name=value, …`; cut ones carry a digest, so that they stay tellable."""
    data = _object(call.arguments)
    if data is None:
        told = one_line(call.arguments)
    else:
        told = ", ".join(f"{key}={_value(key, value)}" for key, value in data.items())
    if len(told) <= _ARGUMENTS and "…" not in told:
        return told
    return f"{shortened(told, _ARGUMENTS)} {_mark(call)}"


def one_line(text: str) -> str:
    """The text with every run of white space as one blank, and no character UTF-8 cannot hold."""
    return " ".join(text.encode("utf-8", "replace").decode().replace("\0", " ").split())


def shortened(text: str, limit: int) -> str:
    """One line of at most `limit` characters; an ellipsis says that it was cut."""
    head = text[: 20 * limit]  # a result may be megabytes; nobody needs them put on one line
    line = one_line(head)
    whole = len(head) == len(text) and len(line) <= limit
    return line if whole else f"{line[: limit - 1]}…"


def _reads_as_error(text: str) -> bool:
    data = _object(text)
    if data is None:
        head = text[:40].lower()
        return head.startswith((*(f"{word}:" for word in _FAILED_WORDS), "traceback (most recent"))
    status = data.get("status")
    return bool(
        data.get("error")
        or data.get("is_error") is True
        or data.get("isError") is True
        or data.get("success") is False
        or data.get("ok") is False
        or (isinstance(status, str) and status.lower() in _FAILED_WORDS)
    )


def _object(text: str) -> JsonObject | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _value(key: str, value: Json) -> str:
    if any(word in key.lower() for word in _SECRETIVE):
        return "(redacted)"
    if isinstance(value, str):
        return shortened(value, _VALUE)
    return shortened(json.dumps(value, ensure_ascii=False, separators=(",", ":")), _VALUE)


def _mark(call: ToolCall) -> str:
    return sha256(call.arguments.encode("utf-8", "surrogatepass"))[:19]
