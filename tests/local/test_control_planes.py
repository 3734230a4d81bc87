"""Real control planes: found ready, side by side, interrupted, killed, started again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from joch.local.control_plane import Access, ControlPlane
from joch.local.errors import StartError
from joch.local.instances import Instance, Instances
from joch.local.kubectl import Kubectl
from joch.local.servers import Options
from tests.local.running import JOCH, joch, processes_that_name, wait_until_gone

DEADLINE = 30.0


def _instances(environ: dict[str, str]) -> Instances:
    return Instances.of_user(environ, lambda sentence: None)


def _up(environ: dict[str, str], *arguments: str) -> Instance:
    """`joch local up`, which must print the kubeconfig's path and nothing else on stdout."""
    done = joch("local", "up", *arguments, environ=environ)
    assert done.returncode == 0, done.stderr
    name = arguments[arguments.index("--name") + 1] if "--name" in arguments else "default"
    instance = _instances(environ).get(name)
    assert instance is not None
    assert instance.access is not None
    assert done.stdout == f"{instance.access.kubeconfig}\n"
    return instance


def _kubectl(instance: Instance) -> Kubectl:
    assert instance.access is not None
    return instance.access.kubectl


def test_up_is_ready_when_it_returns_and_down_leaves_nothing(
    environ: dict[str, str], tmp_path: Path
) -> None:
    instance = _up(environ)
    assert _kubectl(instance)("get", "--raw", "/readyz") == "ok"
    assert _up(environ) == instance

    status = joch("local", "status", "-o", "json", environ=environ)
    assert status.returncode == 0
    assert json.loads(status.stdout)["ready"] is True

    assert joch("local", "down", environ=environ).returncode == 0
    assert processes_that_name(tmp_path) == set()
    assert not instance.home.exists()
    assert joch("local", "status", environ=environ).returncode == 1
    assert joch("local", "down", environ=environ).stderr == "default: not running.\n"


def test_the_user_s_own_etcd_variables_don_t_reach_this_etcd(environ: dict[str, str]) -> None:
    foreign = {"ETCD_DATA_DIR": "/nowhere", "ETCD_LISTEN_CLIENT_URLS": "http://127.0.0.1:2379"}
    assert _up(environ | foreign).ready


def test_two_control_planes_run_side_by_side(
    environ: dict[str, str], control_plane: Access, kubectl: Kubectl, namespace: str
) -> None:
    other = _up(environ, "--name", "other")
    assert other.access is not None
    assert other.access.server != control_plane.server

    names = _kubectl(other)("get", "namespaces", "-o", "name").split()
    assert f"namespace/{namespace}" not in names
    assert kubectl("get", "--raw", "/readyz") == "ok"


def test_kept_data_survive_down_and_kill_9_of_every_server(
    environ: dict[str, str], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    first = _up(environ, "--dir", str(data))
    _kubectl(first)("create", "configmap", "kept", "--from-literal=a=1")
    assert joch("local", "down", environ=environ).returncode == 0
    assert processes_that_name(data) == set()

    second = _up(environ, "--dir", str(data))
    _kubectl(second)("create", "configmap", "crashed", "--from-literal=a=1")
    for process in second.processes:
        os.kill(process.pid, signal.SIGKILL)
        wait_until_gone(process.pid)
    assert joch("local", "status", environ=environ).returncode == 1

    third = _up(environ, "--dir", str(data))
    names = _kubectl(third)("get", "configmaps", "-o", "name").split()
    assert {"configmap/kept", "configmap/crashed"} <= set(names)


def test_what_etcd_stores_is_encrypted(environ: dict[str, str]) -> None:
    instance = _up(environ)
    plain = "correct-horse-battery-staple"
    for kind in ("configmap", "secret generic"):
        _kubectl(instance)("create", *kind.split(), "hidden", f"--from-literal=a={plain}")

    stored = b"".join(p.read_bytes() for p in (instance.home / "etcd").rglob("*") if p.is_file())
    for key in (b"/registry/configmaps/default/hidden", b"/registry/secrets/default/hidden"):
        assert key in stored
    assert b"k8s:enc:aesgcm:v1:key1:" in stored
    assert plain.encode() not in stored


def _until_its_first_server_runs(up: subprocess.Popen[str], environ: dict[str, str]) -> Instance:
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        instance = _instances(environ).get("default")
        if instance is not None and any(process.alive for process in instance.processes):
            return instance
        assert up.poll() is None
    pytest.fail("no server was started")


@pytest.fixture
def starting(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A `joch local up` that has begun; Ctrl-C is not ignored, as it is in a shell's background."""
    with subprocess.Popen(
        [*JOCH, "local", "up"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_up_leaves_no_process(
    how: signal.Signals, starting: subprocess.Popen[str], environ: dict[str, str], tmp_path: Path
) -> None:
    _until_its_first_server_runs(starting, environ)
    starting.send_signal(how)
    stdout, stderr = starting.communicate()

    assert starting.returncode not in {0, None}
    assert stdout == ""
    assert "Traceback" not in stderr
    assert processes_that_name(tmp_path) == set()
    assert _instances(environ).get("default") is None


def test_a_killed_up_is_cleaned_by_the_next(
    starting: subprocess.Popen[str], environ: dict[str, str]
) -> None:
    left_behind = _until_its_first_server_runs(starting, environ)
    starting.kill()
    starting.communicate()

    new = _up(environ)

    assert not any(process.alive for process in left_behind.processes)
    assert not left_behind.home.exists()
    assert new.ready


LIBRARY = """
import sys, time
from joch.local.control_plane import ControlPlane
plane = ControlPlane.start()
print(plane.access.home, flush=True)
time.sleep(600)
"""


def test_kill_9_of_who_started_a_control_plane_leaves_no_process(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LIBRARY], env=environ, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        home = Path(starter.stdout.readline().strip())
        servers = processes_that_name(home)
        assert len(servers) == 3
        starter.kill()
    for server in servers:
        wait_until_gone(server)

    with ControlPlane.start(environ=environ):
        assert not home.exists()


def test_a_server_that_does_not_start_is_a_sentence_with_its_own_words_and_its_log(
    environ: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(StartError) as caught:
        ControlPlane.start(Options(apiserver_flags=("--no-such-flag",)), environ=environ)

    sentence = str(caught.value)
    assert sentence.startswith("kube-apiserver ended with status 1 before")
    assert "unknown flag: --no-such-flag" in sentence
    assert Path(sentence.rpartition("all of it: ")[2].rstrip(")")).is_file()
    assert processes_that_name(tmp_path) == set()


def test_a_kubeconfig_holds_all_it_needs_and_nobody_else_may_read_it(
    control_plane: Access,
) -> None:
    minted = control_plane.kubeconfig_for("jane", ["developers"])
    for kubeconfig in (control_plane.kubeconfig, minted):
        assert kubeconfig.stat().st_mode & 0o777 == 0o600
        (user,) = yaml.safe_load(kubeconfig.read_text())["users"]
        assert set(user["user"]) == {"client-certificate-data", "client-key-data"}

    whoami = control_plane.kubectl.with_kubeconfig(minted)("auth", "whoami", "-o", "json")
    told = json.loads(whoami)["status"]["userInfo"]
    assert told["username"] == "jane"
    assert "developers" in told["groups"]
