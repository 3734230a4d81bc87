"""`joch transcript convert | check | checkpoint | handoff`: offline, by files and pipes."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joch.cli.errors import CommandError, ExitCode

if TYPE_CHECKING:
    from joch.decide.checkpoint.reading import Reading
    from joch.decide.target import TargetFacts
    from joch.transcript.conversation import Transcript
    from joch.wire.profile import Profile
    from joch.wire.registry import WireFormat
    from joch.wire.rendered import Change

STDIN = Path("-")
_WRONG = ExitCode.INPUT_WRONG

Source = Annotated[
    Path, typer.Argument(metavar="[FILE]", help="The transcript; - or nothing: standard input.")
]
From = Annotated[str, typer.Option("--from", metavar="FORMAT", help="The format it is stored in.")]
To = Annotated[str, typer.Option("--to", metavar="FORMAT", help="The format to write.")]
For = Annotated[
    str | None,
    typer.Option(
        "--for",
        metavar="TARGET",
        help="Whose limits to keep, where another vendor answers in that format: openai, "
        "openai-responses, anthropic, gemini, gemini-3, bedrock, mistral.",
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE", help="Write what changed or is lost, a JSON line each."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the group `transcript`."""
    group = typer.Typer(
        help="Convert, check and hand over transcripts, offline. Formats: openai_chat, "
        "openai_responses, anthropic_messages, google_generate_content, bedrock_converse.",
        no_args_is_help=True,
    )
    for verb in (convert, check, checkpoint, handoff):
        group.command()(verb)
    app.add_typer(group, name="transcript")


def convert(
    from_: From,
    to: To,
    source: Source = STDIN,
    target: For = None,
    lines: Annotated[
        bool,
        typer.Option("--lines", help="One transcript a line; one line of answer for each."),
    ] = False,
    report: ReportFile = None,
) -> None:
    """Write a transcript as a request body of another format.

    The transcript is a request body, a list of messages, or either with answers appended. With
    --lines every line is one, and is answered by one line, {"body": ..., "report": [...]} or
    {"error": ...}; the exit code is 2 when any could not be read.
    """
    if lines and report is not None:
        raise CommandError("--lines has the report in each line: drop --report", _WRONG)
    stored, wanted = _format(from_, "--from"), _format(to, "--to")
    profile = _profile(target, stored, wanted)
    if lines:
        _convert_lines(source, stored, wanted, profile)
        return
    rendered = wanted.render(_read(source, stored), profile)
    if report is not None:
        _write_report(report, rendered.changes)
    _print(rendered.body)


def check(from_: From, source: Source = STDIN, to: To = "openai_chat", target: For = None) -> None:
    """Say whether a transcript can be read, and what becomes of it at a target.

    Exit code 2: it cannot be read. 3: something in it does not come across.
    """
    from joch.api.statecheckpoint import Verdict
    from joch.decide.portability import judge, subject_of
    from joch.decide.portability.report import report
    from joch.transcript.canonical import digest
    from joch.transcript.tokens import transcript_tokens

    stored, wanted = _format(from_, "--from"), _format(to, "--to")
    reading = _reading(_read(source, stored))
    transcript = reading.transcript
    found = judge(subject_of(reading, _target(target, stored, wanted), source_format=stored.name))
    typer.echo(
        f"{len(transcript.messages)} messages, about {transcript_tokens(transcript)} tokens, "
        f"{digest(transcript)}"
    )
    typer.echo(report(found), nl=False)
    if found.verdict is Verdict.FAILURES:
        raise typer.Exit(ExitCode.HELD_BY_POLICY)


def checkpoint(from_: From, source: Source = STDIN) -> None:
    """Print the checkpoint of a transcript: the spec.summary of a StateCheckpoint, as JSON."""
    from joch.decide.checkpoint.extract import extract_summary

    summary = extract_summary(_reading(_read(source, _format(from_, "--from"))))
    _print(summary.to_wire())


def handoff(
    from_: From,
    to: To,
    source: Source = STDIN,
    target: For = None,
    window_tokens: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="At most so many tokens of the recent messages."),
    ] = None,
    model: Annotated[str, typer.Option(metavar="NAME", help="The model to ask for.")] = "",
    report: ReportFile = None,
) -> None:
    """Print the request with which a conversation goes on elsewhere, as JSON.

    It holds the instructions, the checkpoint, the recent messages and the tools. What tools did is
    told, never called again.
    """
    from joch.decide.checkpoint.extract import extract_summary
    from joch.decide.handoff.build import (
        HandoffInput,
        HandoffTooLargeError,
        build_handoff,
        read_handoff,
    )

    stored, wanted = _format(from_, "--from"), _format(to, "--to")
    reading = _reading(_read(source, stored))
    given = HandoffInput(
        reading=reading,
        summary=extract_summary(reading),
        target=_target(target, stored, wanted),
        target_model=model,
        window_tokens=window_tokens,
        wire_format=wanted.name,
        limits=_profile(target, stored, wanted),
    )
    try:
        made = build_handoff(given)
    except HandoffTooLargeError as error:
        raise CommandError(str(error), ExitCode.HELD_BY_POLICY) from None
    if report is not None:
        _write_report(report, made.changes)
    _print(read_handoff(made.body))


def _convert_lines(
    source: Path, stored: "WireFormat", wanted: "WireFormat", profile: "Profile"
) -> None:
    from joch.wire.errors import WireError

    failed = False
    for line in _lines(source):
        answer: dict[str, Any]
        try:
            rendered = wanted.render(stored.parse(line), profile)
        except WireError as error:
            failed, answer = True, {"error": str(error)}
        else:
            answer = {"body": rendered.body, "report": [_change(c) for c in rendered.changes]}
        typer.echo(json.dumps(answer, separators=(",", ":")))
    if failed:
        raise typer.Exit(ExitCode.INPUT_WRONG)


def _lines(source: Path) -> Iterator[bytes]:
    """The lines that are not blank, as they come."""
    try:
        with sys.stdin.buffer if source == STDIN else source.open("rb") as opened:
            yield from (line for line in opened if line.strip())
    except OSError as error:
        raise _unreadable(source, error) from None


def _read(source: Path, stored: "WireFormat") -> "Transcript":
    from joch.wire.errors import WireError

    try:
        data = sys.stdin.buffer.read() if source == STDIN else source.read_bytes()
    except OSError as error:
        raise _unreadable(source, error) from None
    try:
        return stored.parse(data)
    except WireError as error:
        name = "standard input" if source == STDIN else source
        raise CommandError(f"{name}: {error}", _WRONG) from None


def _unreadable(source: Path, error: OSError) -> CommandError:
    return CommandError(f"{source} can't be read: {error.strerror}", _WRONG)


def _reading(transcript: "Transcript") -> "Reading":
    from joch.decide.checkpoint.reading import reading_of

    return reading_of(transcript, {})


def _format(name: str, option: str) -> "WireFormat":
    from joch.wire.errors import WireError
    from joch.wire.registry import wire_format

    try:
        return wire_format(name)
    except WireError as error:
        raise CommandError(f"{option}: {error.sentence}", _WRONG) from None


def _profile(target: str | None, stored: "WireFormat", wanted: "WireFormat") -> "Profile":
    from joch.wire.errors import WireError
    from joch.wire.registry import target_profile

    if target is None:
        # The vendor's own things (signed thinking, its tools) go back to it alone.
        return replace(wanted.profile, same_backend=stored is wanted)
    try:
        return target_profile(target)
    except WireError as error:
        raise CommandError(f"--for: {error.sentence}", _WRONG) from None


def _target(target: str | None, stored: "WireFormat", wanted: "WireFormat") -> "TargetFacts":
    from joch.decide.target import described_by

    profile = _profile(target, stored, wanted)
    return described_by(profile, target or wanted.name, wanted.name)


def _write_report(report: Path, changes: tuple["Change", ...]) -> None:
    text = "".join(f"{json.dumps(_change(change))}\n" for change in changes)
    try:
        report.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--report {report} can't be written: {error.strerror}") from None


def _change(change: "Change") -> dict[str, str]:
    return {
        "id": change.id,
        "carriage": change.carriage.value,
        "where": change.where,
        "sentence": change.sentence,
    }


def _print(value: Any) -> None:
    # Escaped, because JSON may hold lone surrogates and UTF-8 may not.
    typer.echo(json.dumps(value, indent=2))
