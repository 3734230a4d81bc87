"""`joch demo`: the main job, end to end, on real parts, told and checked step by step."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from joch.cli.errors import CommandError, ExitCode


def register(app: typer.Typer) -> None:
    """Add the command `demo`."""
    app.command("demo")(demo)


def demo(
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Write the steps, their times and the switch as JSON here."),
    ] = None,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Leave everything running afterwards, until Ctrl-C."),
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            help="Keep the manifests, the generated configuration and the requests that each "
            "vendor received in this folder.",
        ),
    ] = None,
) -> None:
    """Kill a vendor in the middle of a conversation, and watch it go on at another.

    A real Kubernetes control plane, the operator, LiteLLM, and two vendors of different wire
    formats, each with a real language model. Every step is checked; the first that did not really
    happen ends the demo with exit code 1 and its name.
    """
    from joch.demo.performance import Options, perform
    from joch.demo.source import Source
    from joch.local.errors import MissingError

    for option, target in (("--report", report), ("--record", record)):
        if target is not None and not target.absolute().parent.is_dir():
            raise CommandError(
                f"{option} {target}: there is no folder {target.absolute().parent}; make it first.",
                ExitCode.INPUT_WRONG,
            )
    try:
        source = Source.find()
    except MissingError as error:
        raise CommandError(str(error), ExitCode.INPUT_WRONG) from None
    # As Ctrl-C does, so that every process is ended first.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    told = perform(source, Options(report, keep, record))
    if not told.ok:
        step = told.steps[-1]
        raise CommandError(f"the demo failed at step {step.name}: {step.detail}")
