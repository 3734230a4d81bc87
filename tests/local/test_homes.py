"""Folders that control planes live in, and ports that they get."""

import contextlib
import socket
from pathlib import Path

import pytest

from joch.local.configuration import write_configuration
from joch.local.errors import InputError
from joch.local.homes import kept_home, throw_away_home
from joch.local.ports import held_port

SERVER = "https://127.0.0.1:6443"


def test_a_throw_away_home_that_nobody_uses_goes_when_the_next_is_made(tmp_path: Path) -> None:
    used, abandoned = throw_away_home(tmp_path), throw_away_home(tmp_path)
    abandoned.release()

    new = throw_away_home(tmp_path)

    assert used.path.is_dir()
    assert not abandoned.path.exists()
    for home in (used, new):
        home.discard()
        assert not home.path.exists()


def test_two_control_planes_never_share_a_folder(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "data")
    with pytest.raises(InputError, match="is in use by a control plane that runs"):
        kept_home(tmp_path / "data")

    home.discard()
    kept_home(tmp_path / "data").release()


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(InputError, match="holds other files and no control plane"):
        kept_home(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "thesis.tex"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is not a folder"):
        kept_home(tmp_path / "file")
    with pytest.raises(InputError, match="is not a folder"):
        kept_home(tmp_path / "file" / "below")


def test_nobody_else_may_read_keys_and_kubeconfigs(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "data")
    write_configuration(home, SERVER)
    home.release()

    modes = {path.stat().st_mode & 0o777 for path in home.path.rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_keys_stay_the_same_when_a_kept_control_plane_starts_again(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "data")
    kept = [home.pki / "ca.key", home.pki / "service-accounts.key", home.config / "encryption.yaml"]
    write_configuration(home, SERVER)
    before = [path.read_bytes() for path in kept]
    write_configuration(home, SERVER)
    home.release()

    assert [path.read_bytes() for path in kept] == before


def test_data_whose_encryption_key_is_gone_get_no_new_key(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "data")
    write_configuration(home, SERVER)
    home.etcd.mkdir()
    (home.config / "encryption.yaml").unlink()

    with pytest.raises(InputError, match=r"encryption\.yaml is missing, and the data .* can't be"):
        write_configuration(home, SERVER)
    home.release()


def test_held_ports_differ_and_only_the_server_they_are_held_for_can_have_them() -> None:
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(held_port()) for _ in range(200)]
        assert len(set(ports)) == 200

        with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
            stranger.bind(("127.0.0.1", ports[0]))
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            server.bind(("127.0.0.1", ports[0]))
