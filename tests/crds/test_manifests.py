"""What the API server takes and refuses, one manifest a rule.

A file in a folder of a kind is applied as it stands. The first line of one that must not pass says
`# refused: ` and words of the API server's sentence. Of several documents in a file the last one is
judged, and those before it are its history.
"""

from pathlib import Path

import pytest

from joch.local.errors import KubectlError
from joch.local.kubectl import Kubectl

HERE = Path(__file__).parent
MARK = "# refused: "


def manifests(*, refused: bool) -> list[str]:
    """Paths, relative to this folder, of the manifests that must (not) pass."""
    found = (path for path in HERE.glob("*/*.yaml"))
    chosen = (path for path in found if path.read_text().startswith(MARK) == refused)
    return sorted(str(path.relative_to(HERE)) for path in chosen)


def apply(kubectl: Kubectl, namespace: str, manifest: str) -> str:
    return kubectl("apply", "--field-manager=test-user", "-n", namespace, "-f", "-", stdin=manifest)


@pytest.mark.parametrize("path", manifests(refused=False))
def test_the_api_server_takes(path: str, kubectl: Kubectl, namespace: str) -> None:
    for document in (HERE / path).read_text().split("---\n"):
        apply(kubectl, namespace, document)


@pytest.mark.parametrize("path", manifests(refused=True))
def test_the_api_server_refuses(path: str, kubectl: Kubectl, namespace: str) -> None:
    first_line, _, text = (HERE / path).read_text().partition("\n")
    *history, judged = text.split("---\n")
    for document in history:
        apply(kubectl, namespace, document)

    with pytest.raises(KubectlError) as refusal:
        apply(kubectl, namespace, judged)

    assert first_line.removeprefix(MARK) in refusal.value.stderr
