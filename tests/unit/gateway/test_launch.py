from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from joch.gateway.folders import Given, read_given
from joch.gateway.launch import Launch, NotYet, judge
from joch.local.volumes import write_volume

KEYS = {"JOCH_MASTER_KEY": SecretStr("sk-master"), "JOCH_KEY_A": SecretStr("key-a")}


def config(*ids: str, **more: Any) -> bytes:
    document = {
        "model_list": [
            {
                "model_name": f"name-of-{each}",
                "litellm_params": {"model": "openai/x", "api_key": "os.environ/JOCH_KEY_A"},
                "model_info": {"id": each, "joch_config_hash": "sha256:planned"},
            }
            for each in ids
        ],
        "general_settings": {"master_key": "os.environ/JOCH_MASTER_KEY"},
        **more,
    }
    return yaml.safe_dump(document).encode()


def launch(given: Given) -> Launch:
    judged = judge(given)
    assert isinstance(judged, Launch)
    return judged


def refusal(given: Given) -> NotYet:
    judged = judge(given)
    assert isinstance(judged, NotYet)
    return judged


def test_a_configuration_with_its_keys_can_be_launched() -> None:
    asked = launch(Given(config("a", "b"), {**KEYS, "JOCH_KEY_OTHER": SecretStr("unused")}))

    assert asked.config_hash == "sha256:planned"
    assert asked.models == {"a": "name-of-a", "b": "name-of-b"}
    assert set(asked.keys) == {"JOCH_MASTER_KEY", "JOCH_KEY_A"}
    assert asked.master_key == SecretStr("sk-master")


def test_a_configuration_that_serves_nothing_is_one_too() -> None:
    asked = launch(Given(config(), KEYS))

    assert asked.models == {}
    assert asked.config_hash.startswith("sha256:")


def test_a_rotated_key_asks_for_another_generation_and_an_unused_one_does_not() -> None:
    before = launch(Given(config("a"), KEYS)).digest

    rotated = {**KEYS, "JOCH_KEY_A": SecretStr("key-b")}
    assert launch(Given(config("a"), rotated)).digest != before
    unused = {**KEYS, "JOCH_KEY_OTHER": SecretStr("unused")}
    assert launch(Given(config("a"), unused)).digest == before


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_or_empty_key_is_waited_for_by_name(value: str | None) -> None:
    keys = {name: secret for name, secret in KEYS.items() if name != "JOCH_KEY_A"}
    if value is not None:
        keys["JOCH_KEY_A"] = SecretStr(value)

    waiting = refusal(Given(config("a"), keys))

    assert waiting == NotYet(
        "config.yaml refers to JOCH_KEY_A, which the keys folder does not hold: add them to the "
        "gateway's Secret",
        "sha256:planned",
    )


def test_a_missing_file_is_waited_for() -> None:
    waiting = refusal(Given(None, {}))

    assert not waiting.wrong
    assert "no config.yaml" in waiting.message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"model_list: [", "config.yaml is not YAML: expected the node content"),
        (b"\xff\xfe\xff", "config.yaml is not YAML"),
        (b"2026-99-99", "config.yaml is not YAML"),
        (b"[" * 100_000, "config.yaml is not YAML"),
        (b"", "config.yaml can't be served"),
        (b"model_list: []", "general_settings: Field required"),
        (config("a", "a"), "config.yaml has a model_info.id twice"),
        (
            config("a", general_settings={"master_key": "sk-1234"}),
            "general_settings.master_key must be os.environ/JOCH_MASTER_KEY",
        ),
        (
            config("a", model_list=[{"model_name": "a", "model_info": {}}]),
            "model_list.0.model_info.id: Field required",
        ),
    ],
)
def test_a_wrong_configuration_is_named_and_not_launched(text: bytes, sentence: str) -> None:
    wrong = refusal(Given(text, KEYS))

    assert wrong.wrong
    assert sentence in wrong.message


def test_no_representation_shows_a_key() -> None:
    given = Given(config("a"), KEYS)

    assert "key-a" not in repr((given, judge(given)))


def test_a_mounted_volume_is_read_as_one_version(tmp_path: Path) -> None:
    write_volume(tmp_path / "config", {"config.yaml": b"one"})
    write_volume(tmp_path / "keys", {"JOCH_KEY_A": b"key-a\n"})

    given = read_given(tmp_path / "config", tmp_path / "keys")

    assert given == Given(b"one", {"JOCH_KEY_A": SecretStr("key-a")})


def test_plain_folders_will_do_and_missing_ones_are_empty(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(b"one")

    assert read_given(tmp_path, tmp_path / "none") == Given(b"one", {})
