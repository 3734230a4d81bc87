"""A state folder for each test that starts control planes of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.running import joch, processes_that_name


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose named control planes are nobody else's; all are gone afterwards."""
    environ = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    yield environ
    for record in (tmp_path / "state" / "joch" / "local" / "instances").glob("*.json"):
        joch("local", "down", "--name", record.stem, environ=environ)
    assert processes_that_name(tmp_path) == set()
