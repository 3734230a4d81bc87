"""Tells the story on a terminal, or into a pipe."""

import textwrap

from rich.console import Console
from rich.text import Text

from joch.demo import plot
from joch.demo.cluster import Shown
from joch.demo.report import Report
from joch.demo.stage import Stage
from joch.demo.story import Play, Step, Told

WIDTH = 120
_INDENT = "   "


class Teller:
    """An audience that prints: a title when a step begins, what happened when it has."""

    def __init__(self, console: Console, steps: int) -> None:
        """Print to `console`; there are so many steps."""
        self._console = console
        self._steps = steps
        self._number = 0

    def begins(self, step: Step, play: Play) -> None:
        """The title: on a terminal one sees what is waited for."""
        self._number += 1
        number = Text(f"{self._number:>2}/{self._steps} ", style="dim")
        self._console.print(number + Text(step.title, style="bold"))

    def happened(self, step: Step, told: Told, seconds: float) -> None:
        """What happened, and what kubectl shows."""
        for line in told.text.splitlines():
            self._print(line)
        for shown in told.shown:
            self._show(shown)
        self._print(f"ok, {seconds:.1f} s", "green")
        self._console.print()

    def failed(self, step: Step, failure: Exception, play: Play) -> None:
        """What was expected and seen, and the logs of those who know more."""
        self._print(f"FAILED at step {step.name}: {failure}", "bold red")
        for name in step.look_at:
            server = play.stage.servers.get(name)
            if server is None:
                continue
            self._print(f"the end of {server.log}:", "dim")
            for line in server.last_words().splitlines():
                self._print(f"  {line}", "dim")

    def ends(self, report: Report) -> None:
        """The closing lines of a story that went well."""
        if report.ok:
            total = sum(step.seconds for step in report.steps)
            self._print(f"All {len(report.steps)} steps happened, in {total:.0f} s.", "bold green")

    def shows_around(self, stage: Stage) -> None:
        """How to look around while everything runs on."""
        access = stage.access
        self._console.print()
        for line in (
            "Everything runs on until Ctrl-C. In another terminal:",
            f"export KUBECONFIG={access.kubeconfig}",
            f"export PATH={access.kubectl_program.parent}:$PATH",
            f"kubectl get joch -n {stage.cluster.namespace}",
            f"kubectl describe conversation {plot.CONVERSATION} -n {stage.cluster.namespace}",
            f"Logs, and the requests that each vendor received: {stage.folder}",
        ):
            self._console.print(_INDENT + line, soft_wrap=True)

    def _show(self, shown: Shown) -> None:
        self._print(f"$ {shown.command}", "cyan")
        for line in shown.output.splitlines():
            self._print(line)

    def _print(self, line: str, style: str = "") -> None:
        """A line of at most 120 columns; a longer one goes on, further in."""
        for part in _wrapped(line):
            self._console.print(Text(_INDENT + part.rstrip(), style=style), soft_wrap=True)


def _wrapped(line: str) -> list[str]:
    room = WIDTH - len(_INDENT)
    parts = textwrap.wrap(
        line, room, subsequent_indent="    ", drop_whitespace=False, break_on_hyphens=False
    )
    return parts or [""]
