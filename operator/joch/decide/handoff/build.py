"""The handoff: the request with which a conversation goes on at another backend.

System text first and unchanged (the target's prompt cache sees the same prefix each time), then
the checkpoint, then the recent conversation. Tool exchanges are told as text: a request that holds
a call could make someone carry it out again.
"""

import gzip
import json
import sys
from dataclasses import dataclass, field, replace

from joch.api.conversation import MemoryItem, SideEffect
from joch.api.statecheckpoint import Finding, FindingLevel, Summary
from joch.decide.checkpoint.effects import ToolLevels, effects
from joch.decide.checkpoint.recital import checkpoint_text, executed_effects, standing_instructions
from joch.decide.checkpoint.tool_kinds import is_computer_use, is_vendors_own
from joch.decide.handoff.window import tell, turn_starts
from joch.decide.target import TargetFacts, portable_settings
from joch.transcript.conversation import (
    Message,
    OutputFormat,
    Role,
    Settings,
    ToolDeclaration,
    Transcript,
)
from joch.transcript.parts import Text
from joch.transcript.tokens import transcript_tokens
from joch.transcript.values import JsonObject, sha256
from joch.wire import openai_chat
from joch.wire.profile import Profile
from joch.wire.rendered import Change

MAX_BYTES = 256 * 1024
TOO_LARGE = "handoff-too-large"


@dataclass(frozen=True, slots=True)
class HandoffInput:
    """All that a handoff is made of.

    Attributes:
        target_model: the gateway's name of the model, the body's `model`.
        window_tokens: at most this much of the recent conversation; None: the target's quarter.
        memory: what the conversation may carry; only memories that the summary names are.
    """

    transcript: Transcript
    summary: Summary
    target: TargetFacts
    target_model: str
    window_tokens: int | None = None
    memory: tuple[MemoryItem, ...] = ()
    tool_levels: ToolLevels = field(default_factory=dict[str, SideEffect])


@dataclass(frozen=True, slots=True)
class Handoff:
    """A handoff as it is stored.

    Attributes:
        body: the request, JSON, gzip with no time in it.
        digest: `sha256:<hex>` of `body`.
        tokens: conservative estimate of the whole request at the target.
        window_start_index: the transcript's message at which the recent window starts; the number
            of messages where the window is empty.
        changes: what the request's format does not carry as read.
    """

    body: bytes
    digest: str
    tokens: int
    window_start_index: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """What every window of one handoff shares."""

    given: HandoffInput
    told: tuple[tuple[Message, ...], ...]
    executed: tuple[str, ...]


class HandoffTooLargeError(Exception):
    """A handoff that no shortening brings below the limit. A retry never helps.

    Attributes:
        finding: the portability failure to report.
    """

    retryable = False

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.message)


def build_handoff(given: HandoffInput) -> Handoff:
    """The handoff with the longest recent window that the budget, the target and the limit allow.

    The window starts at a user's turn. Where even an empty one does not fit the target's context,
    the context-window finding says by how much.

    Raises:
        HandoffTooLargeError: above 256 KiB even without a window.
    """
    transcript, levels = given.transcript, given.tool_levels
    executed = executed_effects(transcript, effects(transcript, levels))
    draft = _Draft(given, tell(transcript, levels), executed)
    chosen = _longest(draft, [*_starts(draft), len(draft.told)])
    if len(chosen.body) > MAX_BYTES:
        raise HandoffTooLargeError(_too_large(len(chosen.body)))
    return chosen


def _starts(draft: _Draft) -> list[int]:
    """Where the window may start; without a stated budget the last turn may always be tried."""
    given = draft.given
    profile, told = given.target.tokens, draft.told
    budget = given.window_tokens or given.target.default_window_tokens()
    starts = turn_starts(given.transcript, told, profile, budget)
    if starts or given.window_tokens is not None:
        return starts
    return turn_starts(given.transcript, told, profile, sys.maxsize)[-1:]


def _longest(draft: _Draft, starts: list[int]) -> Handoff:
    """The first handoff that fits, the windows growing shorter; the shortest where none does.

    As a rule the longest fits: it is tried first, because rendering is most of a switch's CPU.
    """
    longest = _assemble(draft, starts[0])
    if len(starts) == 1 or _fits(draft.given.target, longest):
        return longest
    low, high = 1, len(starts) - 1
    best = _assemble(draft, starts[high])
    while low < high:
        middle = (low + high) // 2
        handoff = _assemble(draft, starts[middle])
        if _fits(draft.given.target, handoff):
            best, high = handoff, middle
        else:
            low = middle + 1
    return best


def read_handoff(body: bytes) -> JsonObject:
    """The request body of a stored handoff.

    Raises:
        ValueError: the bytes are not a handoff.
    """
    try:
        value = json.loads(gzip.decompress(body))
    except (OSError, EOFError, ValueError) as error:
        raise ValueError(f"the bytes are not a handoff: {error}") from error
    if not isinstance(value, dict) or "messages" not in value:
        raise ValueError("the bytes are not a handoff: there are no messages")
    return value


def _fits(target: TargetFacts, handoff: Handoff) -> bool:
    room = target.room()
    return len(handoff.body) <= MAX_BYTES and (room is None or handoff.tokens <= room)


def _assemble(draft: _Draft, start: int) -> Handoff:
    given = draft.given
    conversation = Transcript(_messages(draft, start), _tools(given), _settings(given))
    rendered = openai_chat.render(conversation, _profile(given.target))
    # Not canonical JSON: the order of a schema's properties is part of what a model reads.
    plain = json.dumps(rendered.body, separators=(",", ":")).encode("ascii")
    body = gzip.compress(plain, mtime=0)
    tokens = transcript_tokens(conversation, given.target.tokens)
    return Handoff(body, sha256(body), tokens, start, rendered.changes)


def _messages(draft: _Draft, start: int) -> tuple[Message, ...]:
    given, source = draft.given, draft.given.transcript
    prelude = source.messages[: source.prelude]
    standing = standing_instructions(source, start)
    text = checkpoint_text(given.summary, draft.executed, given.memory, standing)
    checkpoint = (Message(Role.USER, (Text(text),)),) if text else ()
    window = (message for messages in draft.told[start:] for message in messages)
    return (*prelude, *checkpoint, *window)


def _tools(given: HandoffInput) -> tuple[ToolDeclaration, ...]:
    """The tools that exist at the target; the findings name those that do not."""
    can, wire_format = given.target.facts.capabilities, given.target.wire_format
    if can.tool_calling is False:
        return ()
    kept = (
        tool
        for tool in given.transcript.tools
        if not is_vendors_own(tool, wire_format) and (can.computer_use or not is_computer_use(tool))
    )
    if can.strict_json_schema:
        return tuple(kept)
    return tuple(replace(tool, strict=None) for tool in kept)


def _settings(given: HandoffInput) -> Settings:
    """The source's settings for the target; a forced choice of tool was meant for its own turn."""
    settings = given.transcript.settings
    return replace(
        settings,
        model=given.target_model,
        output=_output(given),
        tool_choice=None,
        extra=portable_settings(settings),
    )


def _output(given: HandoffInput) -> OutputFormat | None:
    can = given.target.facts.capabilities
    output = given.transcript.settings.output
    if output is None or can.structured_output is False:
        return None
    return output if can.strict_json_schema else replace(output, strict=None)


def _profile(target: TargetFacts) -> Profile:
    can = target.facts.capabilities
    return Profile(
        developer=False,
        sampling=target.takes_sampling,
        reasoning_effort=can.reasoning is True,
        images=can.vision is True,
        audio=can.audio is True,
        documents=can.documents is True,
    )


def _too_large(size: int) -> Finding:
    message = (
        f"Handoff of {size} bytes is {size - MAX_BYTES} above the limit of {MAX_BYTES} even "
        "without recent messages; shorten the system prompt, the tools or the summary"
    )
    return Finding(id=TOO_LARGE, level=FindingLevel.FAILURE, message=message)
