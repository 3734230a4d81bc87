"""LiteLLM's `config.yaml` (1.106.2): its deployments and settings, as deterministic bytes."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MASTER_KEY = "JOCH_MASTER_KEY"
"""The environment name of LiteLLM's master key."""

RETRIES = 2
"""Retries of a group that has no fallback; one that has gets none (design, measured: with two
retries the fallback answers 4 to 17 s later)."""

ALLOWED_FAILS = 2
"""Failures a minute before a deployment is cooled down. As `model_info.allowed_fails` it never
cools the only deployment of a group, so a client sees the vendor's own error (measured)."""

ROUTER_SETTINGS: Mapping[str, int] = {
    "num_retries": 0,
    "allowed_fails": ALLOWED_FAILS,
    "cooldown_time": 30,
    "timeout": 600,
    "stream_timeout": 120,
}
"""All explicit, because LiteLLM's own defaults retry before a fallback, never cool, and wait for
6000 s. Times in seconds; `stream_timeout` is the wait for the first chunk."""

LITELLM_SETTINGS: Mapping[str, bool] = {
    "require_auth_for_metrics_endpoint": True,
    "use_chat_completions_url_for_anthropic_messages": True,
}
"""The second: `/v1/messages` reaches an `openai/` deployment at `/chat/completions`. By default it
does so at `/responses`, which compatible servers lack, and with `use_chat_completions_api` alone
the client gets an answer without content (measured)."""

_HASH = "joch_config_hash"
_HASH_TO_BE = json.dumps(f"{_HASH} goes here")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class Deployment:
    """An entry of `model_list`.

    Attributes:
        model_name: the group it belongs to, which clients ask for.
        id: `model_info.id`, unique and stable; the answer's header `x-litellm-model-id`.
        backend: `namespace/provider:model`.
        params: `litellm_params`.
    """

    model_name: str
    id: str
    backend: str
    params: Mapping[str, str | bool | int]

    def line(self) -> str:
        """The entry as JSON, with a place for the configuration's hash."""
        info = {"id": self.id, "joch_backend": self.backend, "allowed_fails": ALLOWED_FAILS}
        entry = {
            "model_name": self.model_name,
            "litellm_params": dict(self.params),
            "model_info": info,
        }
        return f'{_json(entry)[:-2]}, "{_HASH}": {_HASH_TO_BE}}}}}'


def render(deployments: Iterable[Deployment]) -> tuple[bytes, str]:
    """`config.yaml` and its hash, `sha256:` and 64 hex digits.

    The hash is over the configuration without itself; every deployment carries it, so that what
    LiteLLM serves tells which configuration it comes from.
    """
    text = "".join(_sections(deployments))
    config_hash = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    carried = text.replace(f'"{_HASH}": {_HASH_TO_BE}', f'"{_HASH}": {json.dumps(config_hash)}')
    return carried.encode(), config_hash


def _sections(deployments: Iterable[Deployment]) -> Iterable[str]:
    """YAML that a person can read and a diff can show: a section a key, a deployment a line."""
    lines = [f"- {deployment.line()}\n" for deployment in deployments]
    yield "model_list:\n" if lines else "model_list: []\n"
    yield from lines
    yield f"router_settings: {_json(ROUTER_SETTINGS)}\n"
    yield f"litellm_settings: {_json(LITELLM_SETTINGS)}\n"
    yield f"general_settings: {_json({'master_key': reference(MASTER_KEY)})}\n"


def reference(name: str) -> str:
    """How LiteLLM's configuration refers to an environment variable."""
    return f"os.environ/{name}"


def _json(value: Mapping[str, Any]) -> str:
    """JSON that is YAML too: YAML has no surrogate pairs, and refuses unprintable characters."""
    return _UNPRINTABLE.sub(_escaped, json.dumps(value, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
