"""Prints the figures as a table and writes them as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import Figure, Outcome


def show(outcomes: Mapping[str, Outcome], machine: Mapping[str, str]) -> None:
    """A table of all figures, then the facts behind them, then what went wrong."""
    console = Console()
    table = Table(title="; ".join(f"{name} {value}" for name, value in machine.items()))
    for column in ("figure", "value", "min / median / max", "ceiling", "target", "verdict"):
        table.add_column(column, overflow="fold")
    for outcome in outcomes.values():
        for figure in outcome.figures:
            table.add_row(*_row(figure))
        table.add_section()
    console.print(table)
    for outcome in outcomes.values():
        for figure in outcome.figures:
            for name, fact in figure.facts.items():
                console.print(f"{figure.name}: {name}: {_number(fact)}", highlight=False)
        for problem in outcome.problems:
            console.print(f"WRONG: {problem}", style="bold red", highlight=False)


def write(path: Path, outcomes: Mapping[str, Outcome], machine: Mapping[str, str]) -> None:
    """The same as JSON."""
    document = {
        "machine": machine,
        "measurements": {
            name: {
                "figures": [{**asdict(f), "verdict": f.verdict} for f in outcome.figures],
                "problems": outcome.problems,
            }
            for name, outcome in outcomes.items()
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")


def _row(figure: Figure) -> Sequence[str]:
    spread = ""
    if len(figure.samples) > 1:
        ordered = sorted(figure.samples)
        chosen = (ordered[0], ordered[len(ordered) // 2], ordered[-1])
        spread = " / ".join(_number(value) for value in chosen)
    target = ""
    if figure.target is not None:
        sign = "≥" if figure.target.at_least else "≤"
        target = f"{sign} {_number(figure.target.limit)} {figure.unit}"
    value = f"{_number(figure.value)} {figure.unit}"
    return figure.name, value, spread, figure.ceiling, target, figure.verdict


def _number(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
