"""One performance for a person: the stage is set, the story told, and everything cleared away."""

import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from joch.demo.recording import record
from joch.demo.report import Report
from joch.demo.source import Source
from joch.demo.stage import Stage
from joch.demo.steps import STEPS
from joch.demo.story import Play, run
from joch.demo.teller import Teller
from joch.local.errors import LocalError


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks for.

    Attributes:
        report: where the report goes, JSON.
        keep: whether everything runs on until Ctrl-C.
        record: the folder for manifests, configuration and requests seen.
    """

    report: Path | None
    keep: bool
    record: Path | None


def perform(source: Source, options: Options) -> Report:
    """Tell the story on stdout; nothing runs any more when this returns or raises."""
    teller = Teller(Console(highlight=False), len(STEPS))
    with _folder() as folder, Stage(folder, source, _say) as stage:
        report = run(STEPS, Play(stage), teller)
        if not report.ok:
            _say(f"Logs: {_kept_logs(folder)}")
        if options.record is not None:
            _record(stage, options.record)
        if options.report is not None:
            options.report.write_text(report.model_dump_json(by_alias=True, indent=2) + "\n")
        teller.ends(report)
        if options.keep and stage.up:
            teller.shows_around(stage)
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    return report


def _record(stage: Stage, folder: Path) -> None:
    """A story that failed is worth recording too, as far as anything can still be read."""
    try:
        record(stage, folder)
    except LocalError as error:
        _say(f"The record in {folder} is not complete: {error}")


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A private folder for this run; it holds keys, so it always goes."""
    folder = Path(tempfile.mkdtemp(prefix="joch-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _kept_logs(folder: Path) -> Path:
    """Copies of the logs, in a folder that stays."""
    kept = Path(tempfile.mkdtemp(prefix="joch-demo-logs-"))
    for log in folder.rglob("*.log"):
        shutil.copyfile(
            log, kept / log.name if log.parent == folder else kept / f"{log.parent.name}.log"
        )
    return kept


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
