"""`python -m bench`: measure, print, write JSON."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import edits, machine, mass, population, reaction, report
from bench.api import connected
from bench.figures import Outcome
from bench.stage import QUICK, Sizes, Stage
from joch.local.control_plane import ControlPlane
from joch.local.errors import LocalError
from joch.local.servers import Options
from tests.audit_log import AuditLog

ROOT = Path(__file__).parents[1]
MEASUREMENTS: dict[str, Callable[[Stage], Awaitable[Outcome]]] = {
    "reaction": reaction.measure,
    "edits": edits.measure,
    "mass": mass.measure,
    "population": population.measure,
}


def main() -> int:
    """Measure what was asked for; 1 when something was lost, doubled or failed."""
    arguments = _arguments()
    sizes = QUICK if arguments.quick else Sizes()
    options = Options(audit=True, crds=ROOT / "crds")
    try:
        control_plane = ControlPlane.start(options, say=_say)
    except LocalError as error:
        _say(str(error))
        return 1
    with control_plane:
        facts = machine.describe(control_plane.access)
        outcomes = {
            name: asyncio.run(_measure(name, control_plane, sizes)) for name in arguments.only
        }
    report.show(outcomes, facts)
    report.write(arguments.json, outcomes, facts)
    _say(f"written to {arguments.json}")
    return 1 if any(outcome.problems for outcome in outcomes.values()) else 0


async def _measure(name: str, control_plane: ControlPlane, sizes: Sizes) -> Outcome:
    started = time.monotonic()
    access = control_plane.access
    try:
        async with connected(access) as api:
            stage = Stage(access, api, AuditLog(access.audit_log), sizes)
            outcome = await MEASUREMENTS[name](stage)
    except (TimeoutError, RuntimeError, ExceptionGroup) as error:
        # The other measurements are worth having all the same.
        outcome = Outcome((), (f"{name} was not measured: {error}",))
    _say(f"{name}: measured in {time.monotonic() - started:.0f} s")
    return outcome


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure Joch's speed as ratios.")
    parser.add_argument(
        "--only",
        type=_names,
        default=list(MEASUREMENTS),
        help=f"some of {','.join(MEASUREMENTS)}; default: all",
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, for a first look")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    default = ROOT / "bench" / "results" / f"{stamp}.json"
    parser.add_argument("--json", type=Path, default=default, help="default: %(default)s")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in MEASUREMENTS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(MEASUREMENTS)}")
    return names


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
