"""The handoff: the request with which a conversation goes on at another backend.

System text first and unchanged (the target's prompt cache sees the same prefix each time), then
the checkpoint, then the recent conversation. Tool exchanges are told as text: a request that holds
a call could make someone carry it out again.
"""

import gzip
import json
from dataclasses import dataclass, replace

from joch.api.conversation import MemoryItem
from joch.api.statecheckpoint import Finding, FindingLevel, Summary
from joch.decide.checkpoint.reading import Reading
from joch.decide.checkpoint.recital import checkpoint_text
from joch.decide.checkpoint.tool_kinds import is_computer_use, is_vendors_own
from joch.decide.handoff.window import Window, recent
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
from joch.transcript.tokens import message_tokens, tools_tokens, with_margin
from joch.transcript.values import JsonObject, sha256
from joch.wire.profile import Profile
from joch.wire.registry import wire_format
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
        wire_format: what the request is rendered in: what the conversation's client speaks.
        limits: whose limits the request keeps; None: those of the format's own vendor.
    """

    reading: Reading
    summary: Summary
    target: TargetFacts
    target_model: str
    window_tokens: int | None = None
    memory: tuple[MemoryItem, ...] = ()
    wire_format: str = "openai_chat"
    limits: Profile | None = None

    @property
    def transcript(self) -> Transcript:
        """The conversation that is handed over."""
        return self.reading.transcript


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
    """What all windows of one handoff share; `tokens` are those of prelude and tools, bare."""

    given: HandoffInput
    prelude: tuple[Message, ...]
    window: Window
    tools: tuple[ToolDeclaration, ...]
    settings: Settings
    tokens: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """A handoff before it is rendered: where its window starts, and its tokens at the target."""

    start: int
    checkpoint: tuple[Message, ...]
    tokens: int


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
    draft = _draft(given)
    chosen = _longest(draft, (*draft.window.starts, len(given.transcript.messages)))
    if len(chosen.body) > MAX_BYTES:
        raise HandoffTooLargeError(_too_large(len(chosen.body)))
    return chosen


def _draft(given: HandoffInput) -> _Draft:
    transcript, profile = given.transcript, given.target.tokens
    prelude, tools = transcript.messages[: transcript.prelude], _tools(given)
    tokens = sum(message_tokens(message, profile) for message in prelude)
    return _Draft(
        given=given,
        prelude=prelude,
        window=_window(given),
        tools=tools,
        settings=_settings(given),
        tokens=tokens + tools_tokens(tools, profile),
    )


def _window(given: HandoffInput) -> Window:
    """The recent window; without a stated budget the last turn may always be tried."""
    stated, profile = given.window_tokens, given.target.tokens
    if stated is None:
        return recent(given.reading, profile, given.target.default_window_tokens(), least=1)
    return recent(given.reading, profile, stated, least=0)


def _longest(draft: _Draft, starts: tuple[int, ...]) -> Handoff:
    """The first handoff that fits, the windows growing shorter; the shortest where none does.

    As a rule the longest fits: it is tried first.
    """
    best = _fitting(draft, starts[0])
    if best is not None:
        return best
    low, high = 1, len(starts) - 1
    while low < high:
        middle = (low + high) // 2
        handoff = _fitting(draft, starts[middle])
        if handoff is not None:
            best, high = handoff, middle
        else:
            low = middle + 1
    return best or _render(draft, _cut(draft, starts[-1]))


def read_handoff(body: bytes) -> JsonObject:
    """The request body of a stored handoff.

    Raises:
        ValueError: the bytes are not a handoff.
    """
    try:
        value = json.loads(gzip.decompress(body))
    except (OSError, EOFError, ValueError) as error:
        raise ValueError(f"the bytes are not a handoff: {error}") from error
    if not isinstance(value, dict):
        raise ValueError("the bytes are not a handoff: they hold no request")
    return value


def _fitting(draft: _Draft, start: int) -> Handoff | None:
    """The handoff if it fits. Its tokens are counted first: rendering costs more than all else."""
    cut, room = _cut(draft, start), draft.given.target.room()
    if room is not None and cut.tokens > room:
        return None
    handoff = _render(draft, cut)
    return handoff if len(handoff.body) <= MAX_BYTES else None


def _cut(draft: _Draft, start: int) -> _Cut:
    checkpoint = _checkpoint(draft.given, start)
    told = sum(message_tokens(message, draft.given.target.tokens) for message in checkpoint)
    tokens = with_margin(draft.tokens + told + draft.window.tokens(start))
    return _Cut(start, checkpoint, tokens)


def _render(draft: _Draft, cut: _Cut) -> Handoff:
    messages = (*draft.prelude, *cut.checkpoint, *draft.window.messages(cut.start))
    conversation = Transcript(messages, draft.tools, draft.settings)
    known = wire_format(draft.given.wire_format)
    limits = draft.given.limits or known.profile
    rendered = known.render(conversation, _narrowed(limits, draft.given.target))
    # Not canonical JSON: the order of a schema's properties is part of what a model reads.
    plain = json.dumps(rendered.body, separators=(",", ":")).encode("ascii")
    body = gzip.compress(plain, mtime=0)
    return Handoff(body, sha256(body), cut.tokens, cut.start, rendered.changes)


def _checkpoint(given: HandoffInput, start: int) -> tuple[Message, ...]:
    """The checkpoint as a user's message before the window; none where it would say nothing."""
    standing = given.reading.standing(start)
    text = checkpoint_text(given.summary, given.reading.executed, given.memory, standing)
    return (Message(Role.USER, (Text(text),)),) if text else ()


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
    return tuple(tool if tool.strict is None else replace(tool, strict=None) for tool in kept)


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


def _narrowed(profile: Profile, target: TargetFacts) -> Profile:
    """Limits, with what is known of the target."""
    can = target.facts.capabilities
    return replace(
        profile,
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
