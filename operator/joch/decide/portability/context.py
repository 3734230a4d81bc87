"""The context window."""

from collections.abc import Iterator

from joch.api.statecheckpoint import Finding
from joch.decide.portability.subject import PortabilityInput, failure, ok, warning
from joch.transcript.tokens import transcript_tokens


def context_window(subject: PortabilityInput) -> Iterator[Finding]:
    """Whether the handoff fits, by a conservative estimate, beside an answer.

    Judged here because some backends cut silently what does not fit (Ollama at num_ctx), and the
    checkpoint would be what is lost.
    """
    target = subject.target
    needed = subject.handoff_tokens
    if needed is None:
        needed = transcript_tokens(subject.transcript, target.tokens)
    window, room = target.facts.context_window, target.room()
    if window is None or room is None:
        told = f"Context window unknown; the handoff needs about {needed} tokens"
        yield warning("context-window", f"{told}: state contextWindow in the Model")
    elif needed <= room:
        yield ok("context-window", f"{shown(window)} context sufficient")
    else:
        told = f"{shown(window)} context not sufficient: the handoff needs about {needed} tokens"
        sentence = f"{told}, {needed - room} more than fit beside an answer"
        yield failure("context-window", sentence)


def shown(tokens: int) -> str:
    """A number of tokens as people say it: 200k, 1M."""
    if tokens >= 1_000_000:
        return f"{tokens // 100_000 / 10:g}M"
    return f"{tokens // 1_000}k" if tokens >= 1_000 else str(tokens)
