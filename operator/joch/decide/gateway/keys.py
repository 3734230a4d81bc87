"""The environment names under which LiteLLM gets the providers' credentials."""

import re

from joch.decide.names import digest

_UNFIT = re.compile(r"[^A-Z0-9]+")


def key_name(provider: str) -> str:
    """The environment name of a provider's credential; `provider` is its `namespace/name`.

    Never a standard name such as OPENAI_API_KEY: LiteLLM sends those, unasked, to every endpoint
    of their vendor's type that has no key of its own (measured).
    """
    readable = _UNFIT.sub("_", provider.partition("/")[2].upper()).strip("_")
    return f"JOCH_KEY_{readable}_{digest(provider, length=8).upper()}"
