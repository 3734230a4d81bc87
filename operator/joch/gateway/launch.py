"""Which generation the given files ask for: judged before any process is started."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from joch.gateway.folders import CONFIG_FILE, Given

MASTER_KEY = "JOCH_MASTER_KEY"
_REFERENCE = "os.environ/"


class _ModelInfo(BaseModel):
    id: str
    joch_config_hash: str = ""


class _Deployment(BaseModel):
    model_config = ConfigDict(protected_namespaces=())

    model_name: str
    model_info: _ModelInfo


class _Settings(BaseModel):
    master_key: str


class _Configuration(BaseModel):
    """The parts of LiteLLM's configuration that the supervisor needs."""

    model_config = ConfigDict(protected_namespaces=())

    model_list: tuple[_Deployment, ...]
    general_settings: _Settings


@dataclass(frozen=True, slots=True)
class Launch:
    """A generation to be.

    Attributes:
        config: the bytes of `config.yaml`.
        config_hash: what the deployments carry, else the hash of the bytes.
        models: `model_name` by deployment id: what must be served.
        keys: the environment that the configuration refers to.
        master_key: LiteLLM's.
        digest: differs when the configuration or one of its keys does.
    """

    config: bytes
    config_hash: str
    models: Mapping[str, str]
    keys: Mapping[str, SecretStr]
    master_key: SecretStr
    digest: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """Why the given files can't be served. `wrong`: only a new configuration helps."""

    message: str
    config_hash: str = ""
    wrong: bool = False


def judge(given: Given) -> Launch | NotYet:
    """The generation that the files ask for, or a sentence about what they lack.

    It takes about 2 s for a megabyte. libyaml is faster, and dies of deep nesting (measured).
    """
    if given.config is None:
        return NotYet(f"there is no {CONFIG_FILE} in the configuration folder yet")
    config_hash = _sha256(given.config)
    try:
        document = yaml.safe_load(given.config)
        configuration = _Configuration.model_validate(document)
    except ValidationError as error:
        return NotYet(f"{CONFIG_FILE} can't be served: {_first(error)}", config_hash, wrong=True)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return NotYet(f"{CONFIG_FILE} is not YAML: {_place(error)}", config_hash, wrong=True)
    return _launch(given, given.config, configuration, frozenset(_references(document)))


def _launch(
    given: Given, config: bytes, configuration: _Configuration, names: frozenset[str]
) -> Launch | NotYet:
    deployments = configuration.model_list
    config_hash = next((d.model_info.joch_config_hash for d in deployments), "") or _sha256(config)
    models = {d.model_info.id: d.model_name for d in deployments}
    if len(models) != len(deployments):
        return NotYet(f"{CONFIG_FILE} has a model_info.id twice", config_hash, wrong=True)
    missing = sorted(name for name in names if not _value(given, name))
    if missing:
        return NotYet(
            f"{CONFIG_FILE} refers to {', '.join(missing)}, which the keys folder does not hold: "
            "add them to the gateway's Secret",
            config_hash,
        )
    if configuration.general_settings.master_key != f"{_REFERENCE}{MASTER_KEY}":
        message = f"general_settings.master_key must be {_REFERENCE}{MASTER_KEY}"
        return NotYet(f"{CONFIG_FILE} can't be served: {message}", config_hash, wrong=True)
    keys = {name: given.keys[name] for name in sorted(names)}
    return Launch(config, config_hash, models, keys, keys[MASTER_KEY], _digest(config, keys))


def _value(given: Given, name: str) -> str:
    secret = given.keys.get(name)
    return "" if secret is None else secret.get_secret_value()


def _references(node: Any) -> Iterator[str]:
    """Every environment name that the document refers to, as LiteLLM understands it."""
    if isinstance(node, str) and node.startswith(_REFERENCE):
        yield node.removeprefix(_REFERENCE)
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _references(child)


def _digest(config: bytes, keys: Mapping[str, SecretStr]) -> str:
    whole = hashlib.sha256(config)
    for name, secret in keys.items():
        whole.update(f"\0{name}\0{secret.get_secret_value()}".encode())
    return whole.hexdigest()


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _place(error: Exception) -> str:
    """What is wrong and where; a date such as 2026-99-99 has no mark."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it can't be read"
    return problem if mark is None else f"{problem} (line {mark.line + 1})"


def _first(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
