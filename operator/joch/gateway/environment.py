"""The environment of a LiteLLM process: only what it needs, so that no other key leaks into it.

LiteLLM sends standard variables (OPENAI_API_KEY, ANTHROPIC_API_KEY …) to any endpoint of their type
that has no key of its own (measured), reads a `.env` file from the folders above it, and its HTTP
client reads `~/.netrc`. So the standard names stay out, LITELLM_MODE keeps `.env` out, and HOME is
an empty folder.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

INHERITED = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "LITELLM_LOG",
)
"""Names that are passed on: how to find programs, certificates and proxies, and the log level."""


def worker_environment(
    parent: Mapping[str, str], keys: Mapping[str, SecretStr], home: Path, config: Path
) -> dict[str, str]:
    """The whole environment of a worker that serves `config`."""
    return {
        **{name: parent[name] for name in INHERITED if name in parent},
        **{name: secret.get_secret_value() for name, secret in keys.items()},
        "HOME": str(home),
        "CONFIG_FILE_PATH": str(config),
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "PYTHONUNBUFFERED": "1",
    }
