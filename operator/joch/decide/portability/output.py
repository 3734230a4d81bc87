"""The form of answers and how they are sampled."""

from collections.abc import Iterator

from joch.api.statecheckpoint import Finding
from joch.decide.portability.subject import PortabilityInput, failure, ok, warning
from joch.decide.target import PORTABLE_SETTINGS, portable_settings

_OF_ONE_REQUEST = frozenset(("stream", "stream_options"))


def structured_output(subject: PortabilityInput) -> Iterator[Finding]:
    """Answers by a schema, and schemas that the vendor guarantees (strict mode)."""
    output = subject.transcript.settings.output
    structured = output is not None and output.type != "text"
    strict = (output is not None and output.strict is True) or any(
        tool.strict for tool in subject.transcript.tools
    )
    can = subject.target.facts.capabilities
    if structured and not can.structured_output:
        yield _without_schema(can.structured_output)
    elif strict and not can.strict_json_schema:
        sentence = "JSON schema strict mode differs (loose-parse fallback)"
        yield warning("json-schema-strict", sentence)
    elif strict:
        yield ok("json-schema-strict", "JSON schema strict mode supported")
    elif structured:
        yield ok("structured-output", "Structured output supported")


def reasoning_effort(subject: PortabilityInput) -> Iterator[Finding]:
    """An effort is carried only to a model that is known to reason."""
    asked = subject.transcript.settings.reasoning_effort
    if asked and subject.target.facts.capabilities.reasoning is not True:
        yield warning("reasoning-effort", f"Reasoning effort {asked} ignored", "reasoning_effort")


def sampling(subject: PortabilityInput) -> Iterator[Finding]:
    """Newer Claude and reasoning models refuse sampling parameters, even at their defaults."""
    settings = subject.transcript.settings
    stated = [name for name in ("temperature", "top_p") if getattr(settings, name) is not None]
    stated += portable_settings(settings) or ()
    if stated and not subject.target.takes_sampling:
        names = ", ".join(stated)
        yield warning("sampling", f"Sampling parameter ignored: {names}", names)


def request_settings(subject: PortabilityInput) -> Iterator[Finding]:
    """Settings that are one vendor's own, or were meant for one request only."""
    settings = subject.transcript.settings
    left = sorted((settings.extra or {}).keys() - set(PORTABLE_SETTINGS) - _OF_ONE_REQUEST)
    if left:
        names = ", ".join(left)
        yield warning("request-settings", f"Request settings not carried: {names}", names)


def _without_schema(known: bool | None) -> Finding:
    if known is False:
        sentence = "Structured output unavailable; answers will not follow the schema"
        return failure("structured-output", sentence, "response_format")
    sentence = "Structured output unknown at the target; state structuredOutput in its Model"
    return warning("structured-output", sentence, "response_format")
