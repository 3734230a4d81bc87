"""`joch demo` as people run it: as a command, from its start to the last process that it leaves."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from joch.demo.steps import STEPS

SENTENCE = "All 10 steps happened"
MINUTES = 5 * 60


@contextlib.contextmanager
def demo(
    folder: Path, *options: str, environ: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """The command, with its temporary folders below `folder`; killed if the test gives up."""
    environment = {**os.environ, "TMPDIR": str(folder), "COLUMNS": "120", **(environ or {})}
    process = subprocess.Popen(
        [sys.executable, "-m", "joch", "demo", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What it prints, up to a line with these words."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError(f"{words!r} was never printed:\n{''.join(lines)}")


def left_behind(folder: Path) -> list[str]:
    """The command lines of processes that speak of the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = entry.read_bytes().decode(errors="replace").split("\0")
            if any(str(folder) in word for word in words):
                found.append(" ".join(words))
    return found


def wait_until_nothing_is_left(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while left := left_behind(folder):
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.05)


def find_process(folder: Path, words: str) -> int:
    """The process id of a child of the demo whose command line holds these words."""
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            command = entry.with_name("cmdline").read_bytes().replace(b"\0", b" ").decode()
            if words in command and str(folder).encode() in entry.read_bytes():
                return int(entry.parent.name)
    raise AssertionError(f"no process {words!r}")


def test_the_demo_happens_is_reported_and_recorded_and_leaves_nothing(tmp_path: Path) -> None:
    report_file, kept = tmp_path / "report.json", tmp_path / "kept"
    with demo(tmp_path, f"--report={report_file}", f"--record={kept}") as process:
        told, complaints = process.communicate(timeout=MINUTES)
        assert process.returncode == 0, told + complaints

    report = json.loads(report_file.read_text())
    assert report["ok"]
    assert [step["name"] for step in report["steps"]] == [step.name for step in STEPS]
    assert all(step["ok"] for step in report["steps"])
    switch = report["switch"]
    assert (switch["from"], switch["to"]) == ("acme:large", "globex:pro")
    assert switch["reason"] == "ProviderUnavailable"
    assert switch["checkpoint"].startswith("landscape-report-s1-")
    assert switch["capabilityDeltas"]
    assert report["outageSeconds"] > report["reactionSeconds"]
    assert report["answer"] in told.replace("\n", " ").replace("  ", "")

    turns = json.loads((kept / "globex" / "turns.json").read_text())
    assert [turn["model"] for turn in turns] == ["globex-pro-2"]
    assert "msg-4711" in json.dumps(turns[0])
    assert (kept / "gateway" / "config.yaml").read_text().startswith("model_list:")
    assert switch["checkpoint"] in (kept / "objects.yaml").read_text()
    for file in kept.rglob("*"):
        assert file.is_dir() or "sk-demo-" not in file.read_text()

    assert SENTENCE in told
    assert max(len(line) for line in told.splitlines()) <= 120
    assert left_behind(tmp_path) == []
    assert not list(tmp_path.glob("joch-demo-*"))
