"""The kubelet's part in the demo: folders that follow a ConfigMap and a Secret."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from joch.local import processes
from joch.local.cluster_reader import ClusterReader, ReadError
from joch.local.control_plane import Access
from joch.local.kubectl import Kubectl
from joch.local.processes import ProcessRecord
from joch.local.volumes import read_volume, write_volume


@contextlib.contextmanager
def mounted(access: Access, namespace: str, folder: Path, *volumes: str) -> Iterator[None]:
    process = processes.start(
        [
            sys.executable,
            "-m",
            "joch.local.mounts",
            f"--kubeconfig={access.kubeconfig}",
            f"--namespace={namespace}",
            *volumes,
        ],
        cwd=folder,
        log=folder / "mounts.log",
        dies_with_us=True,
    )
    try:
        yield
    finally:
        processes.stop([ProcessRecord.of("mounts", process.pid)], grace=0)
        process.wait()


def wait_for(what: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_folder_follows_a_config_map_and_another_a_secret(
    control_plane: Access, kubectl: Kubectl, namespace: str, tmp_path: Path
) -> None:
    config, keys = tmp_path / "config", tmp_path / "keys"
    with mounted(
        control_plane,
        namespace,
        tmp_path,
        f"--config-map=gateway={config}",
        f"--secret=gateway={keys}",
    ):
        kubectl(
            "create", "configmap", "gateway", "-n", namespace, "--from-literal=config.yaml=first"
        )
        kubectl(
            "create", "secret", "generic", "gateway", "-n", namespace, "--from-literal=KEY=s3cret"
        )
        wait_for(lambda: read_volume(config) == {"config.yaml": b"first"})
        wait_for(lambda: read_volume(keys) == {"KEY": b"s3cret"})

        change = '{"data": {"config.yaml": "second", "more": "x"}}'
        kubectl("patch", "configmap", "gateway", "-n", namespace, "--type=merge", "-p", change)
        wait_for(lambda: read_volume(config) == {"config.yaml": b"second", "more": b"x"})

        kubectl("delete", "configmap", "gateway", "-n", namespace)
        kubectl(
            "create", "configmap", "gateway", "-n", namespace, "--from-literal=config.yaml=third"
        )
        wait_for(lambda: read_volume(config) == {"config.yaml": b"third"})

    assert "s3cret" not in (tmp_path / "mounts.log").read_text()


def test_the_files_of_a_deleted_config_map_stay(
    control_plane: Access, kubectl: Kubectl, namespace: str, tmp_path: Path
) -> None:
    config, witness = tmp_path / "config", tmp_path / "witness"
    kubectl("create", "configmap", "gateway", "-n", namespace, "--from-literal=config.yaml=kept")
    with mounted(
        control_plane,
        namespace,
        tmp_path,
        f"--config-map=gateway={config}",
        f"--config-map=witness={witness}",
    ):
        wait_for(lambda: read_volume(config) == {"config.yaml": b"kept"})
        kubectl("delete", "configmap", "gateway", "-n", namespace)
        kubectl("create", "configmap", "witness", "-n", namespace, "--from-literal=a=b")
        wait_for(lambda: read_volume(witness) is not None)

        assert read_volume(config) == {"config.yaml": b"kept"}


def test_files_are_reached_through_one_link_that_moves_from_version_to_version(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "volume"
    write_volume(folder, {"config.yaml": b"1", "gone.yaml": b"1"})
    first = (folder / "..data").resolve()

    assert (folder / "config.yaml").readlink() == Path("..data/config.yaml")

    write_volume(folder, {"config.yaml": b"2"})

    assert (folder / "config.yaml").read_bytes() == b"2"
    assert not (folder / "gone.yaml").is_symlink()
    assert not first.exists()
    assert sorted(path.name for path in folder.iterdir() if path.is_symlink()) == [
        "..data",
        "config.yaml",
    ]


def test_the_same_files_again_write_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    assert write_volume(folder, {"config.yaml": b"1"})
    version = (folder / "..data").resolve()

    assert not write_volume(folder, {"config.yaml": b"1"})
    assert (folder / "..data").resolve() == version


def test_what_a_killed_writer_left_is_cleaned_by_the_next_version(tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    write_volume(folder, {"config.yaml": b"1"})
    (folder / "..half-written").mkdir()
    (folder / "..data_tmp").symlink_to("..half-written")

    write_volume(folder, {"config.yaml": b"2"})

    assert read_volume(folder) == {"config.yaml": b"2"}
    assert not (folder / "..half-written").exists()
    assert not (folder / "..data_tmp").is_symlink()


def test_an_onlooker_sees_an_object_as_it_is_and_as_it_changes(
    control_plane: Access, kubectl: Kubectl, namespace: str
) -> None:
    kubectl("create", "configmap", "watched", "-n", namespace, "--from-literal=a=1")
    collection = f"/api/v1/namespaces/{namespace}/configmaps"
    with (
        ClusterReader.connect(control_plane.kubeconfig) as reader,
        contextlib.closing(reader.watch(collection, "watched", seconds=20)) as events,
    ):
        assert next(events).object["data"] == {"a": "1"}

        kubectl("delete", "configmap", "watched", "-n", namespace)
        assert next(events).type == "DELETED"


def test_a_refused_read_names_the_path_and_what_the_server_said(
    control_plane: Access, namespace: str
) -> None:
    path = f"/api/v1/namespaces/{namespace}/secrets/handoff"
    nobody = control_plane.kubeconfig_for("test-nobody")
    with ClusterReader.connect(nobody) as reader, pytest.raises(ReadError) as refused:
        reader.get(path)

    assert refused.value.status == 403
    assert path in str(refused.value)
    assert "test-nobody" in str(refused.value)
