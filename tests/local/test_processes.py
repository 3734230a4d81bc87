"""Processes are started, recognised and stopped, whoever dies in between."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from joch.local.processes import ProcessRecord, start, stop
from tests.local.running import processes_that_name, wait_until_gone

SLEEP = ["/bin/sleep", "600"]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP) as process:
        yield process
        process.kill()


def test_a_process_is_stopped(sleeper: subprocess.Popen[bytes]) -> None:
    record = ProcessRecord.of("sleep", sleeper.pid)
    assert record.alive

    stop([record], grace=10)

    assert sleeper.wait() == -15
    assert not record.alive


def test_a_process_that_has_the_number_of_another_is_left_alone(
    sleeper: subprocess.Popen[bytes],
) -> None:
    now = ProcessRecord.of("sleep", sleeper.pid)
    earlier = now.model_copy(update={"started": now.started - 1})
    before_a_reboot = now.model_copy(update={"boot": "another"})

    stop([earlier, before_a_reboot], grace=0)

    assert not earlier.alive
    assert not before_a_reboot.alive
    assert sleeper.poll() is None


def test_a_process_that_nobody_has_reaped_yet_is_not_alive(
    sleeper: subprocess.Popen[bytes],
) -> None:
    record = ProcessRecord.of("sleep", sleeper.pid)
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)

    assert not record.alive


def test_a_process_that_ignores_a_polite_request_is_killed() -> None:
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        stop([ProcessRecord.of("deaf", process.pid)], grace=0.1)
        assert process.wait() == -9


def test_a_started_server_is_the_process_that_was_noted(tmp_path: Path) -> None:
    noted: list[ProcessRecord] = []
    server = start(SLEEP, cwd=tmp_path, log=tmp_path / "log", dies_with_us=True, note=noted.append)

    assert [(record.name, record.pid) for record in noted] == [("sleep", server.pid)]
    assert noted[0].alive
    stop(noted, grace=0)
    assert server.wait() == -9


STARTER = """
import os, signal, sys
from pathlib import Path
from joch.local.processes import start

folder, when = Path(sys.argv[1]), sys.argv[2]

def die(record=None):
    print(record.pid if record else server.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

command = ["/bin/sh", "-c", f"touch {folder}/ran; exec sleep 600 {folder}"]
note = die if when == "before it was noted" else lambda record: None
server = start(command, cwd=folder, log=folder / "log", dies_with_us=when == "later", note=note)
while not (folder / "ran").exists():
    pass
die()
"""


def _started_by_somebody_who_dies(folder: Path, when: str) -> int:
    starter = subprocess.run(
        [sys.executable, "-c", STARTER, str(folder), when], stdout=subprocess.PIPE, check=False
    )
    assert starter.returncode == -9
    return int(starter.stdout)


def test_no_server_runs_that_its_starter_could_not_note(tmp_path: Path) -> None:
    wait_until_gone(_started_by_somebody_who_dies(tmp_path, "before it was noted"))

    assert not (tmp_path / "ran").exists()


def test_a_server_dies_with_its_starter_by_kill_9(tmp_path: Path) -> None:
    wait_until_gone(_started_by_somebody_who_dies(tmp_path, "later"))

    assert (tmp_path / "ran").exists()
    assert processes_that_name(tmp_path) == set()
