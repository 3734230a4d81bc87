from pathlib import Path

from pydantic import SecretStr

from joch.gateway.environment import worker_environment
from joch.gateway.output import last_error
from joch.gateway.redaction import Redactor

TRACEBACK = """\
INFO:     Waiting for application startup.
Traceback (most recent call last):
  File "router.py", line 1, in __init__
    raise ValueError(
ValueError: Invalid routing_strategy: 'nonsense'.

ERROR:    Application startup failed. Exiting."""


def test_the_last_error_is_the_exception_and_not_the_noise_around_it() -> None:
    assert last_error(TRACEBACK.splitlines()) == "ValueError: Invalid routing_strategy: 'nonsense'."


def test_without_an_exception_the_last_words_count_and_silence_is_empty() -> None:
    assert last_error(["Killed", "", "  "]) == "Killed"
    assert last_error([]) == ""


def test_a_long_error_is_cut() -> None:
    assert len(last_error([f"ValueError: {'x' * 5000}"])) == 400


def test_known_keys_and_what_looks_like_one_are_hidden() -> None:
    redact = Redactor([SecretStr("hunter22"), SecretStr("no")])

    assert redact("key hunter22 refused") == "key [hidden] refused"
    assert redact("there is no model") == "there is no model"
    assert redact("sent sk-ant-api03-abcdefgh to it") == "sent [hidden] to it"


def test_a_worker_inherits_no_credential_and_no_home() -> None:
    parent = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "OPENAI_API_KEY": "sk-standard",
        "AWS_SECRET_ACCESS_KEY": "standard",
        "HTTPS_PROXY": "http://proxy:3128",
    }

    made = worker_environment(
        parent, {"JOCH_KEY_A": SecretStr("key-a")}, Path("/run"), Path("/run/c.yaml")
    )

    assert made == {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy:3128",
        "JOCH_KEY_A": "key-a",
        "HOME": "/run",
        "CONFIG_FILE_PATH": "/run/c.yaml",
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "PYTHONUNBUFFERED": "1",
    }
