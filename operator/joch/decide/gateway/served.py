"""What a gateway was seen to serve, as `observe` read it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SupervisorSays:
    """The `/status` of `joch gateway run`; `message` is for people, without credentials."""

    config_hash: str
    served_hash: str
    state: str
    message: str


@dataclass(frozen=True, slots=True)
class Served:
    """What LiteLLM lists at `/v1/model/info`.

    Attributes:
        hashes: the configuration hash that each deployment carries, by deployment id; empty where
            it carries none.
        supervisor: what the supervisor says, None where it was not asked or did not answer.
    """

    hashes: Mapping[str, str]
    supervisor: SupervisorSays | None = None


@dataclass(frozen=True, slots=True)
class GatewayFailure:
    """LiteLLM gave no list; the sentence says what it did instead. Asking again may help."""

    message: str
    supervisor: SupervisorSays | None = None
    retryable: bool = True
