"""`joch demo` as people run it: as a command, from its start to the last process that it leaves."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from joch.demo.steps import STEPS

LONGEST = 300.0
"""Seconds; several times what a busy machine needs."""


@pytest.fixture
def short_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose name leaves room for a socket's, which may have 107 bytes in all."""
    return tmp_path_factory.mktemp("d")


@contextlib.contextmanager
def demo(folder: Path, *options: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """The command, its temporary folders below `folder`; killed if the test gives up."""
    process = subprocess.Popen(
        [sys.executable, "-m", "joch", "demo", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1", **environ},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str) -> None:
    """Read what it prints, up to a line with these words."""
    assert process.stdout is not None
    read = []
    for line in process.stdout:
        read.append(line)
        if words in line:
            return
    raise AssertionError(f"{words!r} was never printed:\n{''.join(read)}")


def processes_of(folder: Path) -> Mapping[int, str]:
    """The command lines of the processes with temporary folders below `folder`, by process id."""
    found = {}
    mark = f"\0TMPDIR={folder}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in b"\0" + (entry / "environ").read_bytes():
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found[int(entry.name)] = command.strip()
    return found


def wait_until_nothing_runs(folder: Path) -> None:
    """What the kernel ends together with its parent takes a moment."""
    deadline = time.monotonic() + 20
    while left := {pid: command for pid, command in processes_of(folder).items() if command}:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.05)


def test_the_demo_happens_is_reported_and_recorded_and_leaves_nothing(short_path: Path) -> None:
    report_file, kept = short_path / "report.json", short_path / "kept"
    with demo(short_path, f"--report={report_file}", f"--record={kept}") as process:
        told, complaints = process.communicate(timeout=LONGEST)
        assert process.returncode == 0, told + complaints

    report = json.loads(report_file.read_text())
    assert [step["name"] for step in report["steps"]] == [step.name for step in STEPS]
    assert all(step["ok"] for step in report["steps"])
    switch = report["switch"]
    assert (switch["from"], switch["to"]) == ("acme:large", "globex:pro")
    assert switch["reason"] == "ProviderUnavailable"
    assert switch["checkpoint"].startswith("landscape-report-s1-")
    assert switch["capabilityDeltas"] == ["strictJsonSchema true → false"]
    assert report["outageSeconds"] > 0
    assert report["reactionSeconds"] < report["outageSeconds"]
    assert report["answer"]

    (turn,) = json.loads((kept / "globex" / "turns.json").read_text())
    assert turn["model"] == "globex-pro-2"
    assert "msg-4711" in json.dumps(turn)
    assert (kept / "gateway" / "config.yaml").read_text().startswith("model_list:")
    assert switch["checkpoint"] in (kept / "objects.yaml").read_text()
    assert not [
        file for file in kept.rglob("*") if file.is_file() and "sk-demo" in file.read_text()
    ]

    assert "All 11 steps happened" in told
    assert max(len(line) for line in told.splitlines()) <= 120
    assert not processes_of(short_path)
    assert not list(short_path.glob("joch-*"))


def test_a_demo_that_fails_names_the_step_exits_1_and_leaves_nothing_but_logs(
    short_path: Path,
) -> None:
    report_file = short_path / "report.json"
    with demo(short_path, f"--report={report_file}") as process:
        read_until(process, "A platform team applies its manifests")
        read_until(process, "The operator starts")
        operator = wait_for_process(short_path, "joch operator --")
        os.kill(operator, signal.SIGKILL)
        _, complaints = process.communicate(timeout=LONGEST)

    assert process.returncode == 1
    assert "joch: the demo failed at step operator: expected the operator to run" in complaints
    assert "Traceback" not in complaints
    steps = json.loads(report_file.read_text())["steps"]
    assert [step["name"] for step in steps if not step["ok"]] == ["operator"]
    assert not processes_of(short_path)
    assert [folder.name.rpartition("-")[0] for folder in short_path.glob("joch-*")] == [
        "joch-demo-logs"
    ]


def wait_for_process(folder: Path, words: str) -> int:
    deadline = time.monotonic() + 20
    while not (found := [p for p, said in processes_of(folder).items() if words in said]):
        assert time.monotonic() < deadline, f"no process {words!r}"
        time.sleep(0.02)
    return found[0]


def test_ctrl_c_in_the_middle_leaves_nothing(short_path: Path) -> None:
    with demo(short_path) as process:
        read_until(process, "A platform team applies its manifests")
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=LONGEST)

    assert process.returncode != 0
    assert "Traceback" not in complaints
    assert not processes_of(short_path)
    assert not list(short_path.glob("joch-*"))


def test_kill_9_in_the_middle_leaves_no_process(short_path: Path) -> None:
    with demo(short_path) as process:
        read_until(process, "The operator starts")
        wait_for_process(short_path, "joch operator --")
        process.kill()

        wait_until_nothing_runs(short_path)


def test_a_kept_demo_runs_on_until_ctrl_c_and_says_how_to_look_around(short_path: Path) -> None:
    """Kept where it fails: nothing is more worth looking at."""
    with demo(short_path, "--keep") as process:
        read_until(process, "The operator starts")
        os.kill(wait_for_process(short_path, "joch operator --"), signal.SIGKILL)
        read_until(process, "Everything runs on until Ctrl-C")
        assert process.stdout is not None
        kubeconfig = process.stdout.readline().strip().removeprefix("export KUBECONFIG=")
        read_until(process, "kubectl get joch -n demo")

        assert Path(kubeconfig).is_file()
        assert len([c for c in processes_of(short_path).values() if "vendor_server" in c]) == 2

        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LONGEST)

    assert not processes_of(short_path)


def test_without_litellms_environment_one_sentence_says_what_to_run(short_path: Path) -> None:
    with demo(short_path, JOCH_GATEWAY_PYTHON=str(short_path / "bin" / "python")) as process:
        told, complaints = process.communicate(timeout=LONGEST)

    assert process.returncode == 2
    assert told == ""
    assert complaints.startswith("joch: LiteLLM's own environment is missing")
    assert "make setup" in complaints
    assert complaints.count("\n") == 1


def test_a_report_that_has_no_place_to_go_is_refused_before_anything_starts(
    short_path: Path,
) -> None:
    with demo(short_path, f"--report={short_path}/nowhere/report.json") as process:
        told, complaints = process.communicate(timeout=LONGEST)

    assert process.returncode == 2
    assert told == ""
    assert complaints.startswith(f"joch: --report {short_path}/nowhere/report.json: there is no")
