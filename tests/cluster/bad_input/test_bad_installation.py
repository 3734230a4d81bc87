"""An operator that cannot begin: one sentence and an exit code, and no traceback."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from joch.local.control_plane import Access, ControlPlane
from joch.local.servers import Options
from tests.cluster.operators import END, JOCH


@pytest.fixture(scope="module")
def bare() -> Iterator[Access]:
    """A control plane of its own that knows none of Joch's kinds."""
    with ControlPlane.start(Options()) as started:
        yield started.access


def operator(*options: str, **environment: str) -> tuple[int, str]:
    """Run the operator, which ends by itself: its exit code, and all that it said."""
    kept = {name: os.environ[name] for name in ("PATH",)}
    done = subprocess.run(
        [str(JOCH), "operator", *options],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=END,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    return done.returncode, said


def last_line(said: str) -> str:
    return said.rstrip().splitlines()[-1]


def test_without_the_crds_the_operator_says_how_to_install_them(bare: Access) -> None:
    code, said = operator("--kubeconfig", str(bare.kubeconfig))

    assert code == 1
    assert last_line(said) == (
        "joch: the API server does not know llmproviders.joch.dev: install the CRDs "
        "(kubectl apply -f crds/)"
    )


def test_without_a_kubeconfig_the_operator_says_what_to_set(tmp_path: Path) -> None:
    code, said = operator(HOME=str(tmp_path))

    assert code == 2
    assert last_line(said) == (
        f"joch: kubeconfig {tmp_path}/.kube/config cannot be used: there is no such file. "
        "Name another by --kubeconfig or KUBECONFIG."
    )
