"""Kubeconfigs that cannot be used are named with what is wrong; none ends in a traceback."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from joch.observe.kubeconfig import ConnectionConfigError, load_configuration


def kubeconfig(**cluster: Any) -> str:
    server = {"server": "https://127.0.0.1:9", **cluster}
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "home",
            "contexts": [{"name": "home", "context": {"cluster": "here", "user": "me"}}],
            "clusters": [{"name": "here", "cluster": server}],
            "users": [{"name": "me", "user": {}}],
        }
    )


USELESS: dict[str, tuple[str | None, str]] = {
    "is not there": (None, "there is no such file"),
    "is empty": ("", "it is no kubeconfig"),
    "is no YAML": ("clusters: [", "it is no kubeconfig"),
    "is a list": ("- a\n", "it is no kubeconfig"),
    "is a sentence": ("a plain sentence", "it is no kubeconfig"),
    "names no context": ("apiVersion: v1\nkind: Config\n", "current-context"),
    "names a certificate that is not there": (
        kubeconfig(**{"certificate-authority": "gone.crt"}),
        "gone.crt",
    ),
}


@pytest.mark.parametrize("case", USELESS)
async def test_a_kubeconfig_cannot_be_used_that(case: str, tmp_path: Path) -> None:
    text, why = USELESS[case]
    path = tmp_path / "kubeconfig"
    if text is not None:
        path.write_text(text)

    with pytest.raises(ConnectionConfigError) as caught:
        await load_configuration(str(path), None)

    sentence = str(caught.value)
    assert sentence.startswith(f"kubeconfig {path} cannot be used: ")
    assert why in sentence
    assert sentence.endswith("Name another by --kubeconfig or KUBECONFIG.")
    assert "\n" not in sentence


async def test_a_context_that_is_asked_for_and_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(kubeconfig())

    with pytest.raises(ConnectionConfigError, match="elsewhere"):
        await load_configuration(str(path), "elsewhere")


async def test_a_good_kubeconfig_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(kubeconfig())

    assert (await load_configuration(str(path), "home")).host == "https://127.0.0.1:9"
