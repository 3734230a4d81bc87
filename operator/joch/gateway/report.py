"""What the supervisor says of itself: `/livez`, `/readyz` and `/status`."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from joch.gateway.choice import Situation
from joch.gateway.launch import Launch, NotYet


class State(StrEnum):
    """How the configuration that was given fares.

    WAITING: it is not there, or a key is. STARTING: nothing is served yet. RELOADING: the one
    before is served. SERVING: it is served. REJECTED: it can't be served; the one before is, if
    there was one.
    """

    WAITING = "Waiting"
    STARTING = "Starting"
    RELOADING = "Reloading"
    SERVING = "Serving"
    REJECTED = "Rejected"


class Models(BaseModel):
    """Deployments of the given configuration, and those that are served."""

    written: int | None
    served: int


class SupervisorStatus(BaseModel):
    """The body of `/status`. Hashes are what the deployments carry as `joch_config_hash`."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    config_hash: str
    served_hash: str
    state: State
    message: str
    models: Models

    def to_wire(self) -> dict[str, Any]:
        """JSON-ready, camelCase."""
        return self.model_dump(mode="json", by_alias=True)


def status_of(situation: Situation) -> SupervisorStatus:
    """The situation in words."""
    asked, running = situation.asked, situation.running
    state, message = _state(situation)
    return SupervisorStatus(
        config_hash=asked.config_hash,
        served_hash=running.config_hash if running else "",
        state=state,
        message=message,
        models=Models(
            written=len(asked.models) if isinstance(asked, Launch) else None,
            served=len(running.models) if running else 0,
        ),
    )


def _state(situation: Situation) -> tuple[State, str]:
    asked, running = situation.asked, situation.running
    if isinstance(asked, NotYet):
        return State.REJECTED if asked.wrong else State.WAITING, _beside(asked.message, running)
    if running is not None and running.digest == asked.digest:
        return State.SERVING, f"serves {len(asked.models)} deployments"
    failure = situation.failures.get(asked.digest)
    if failure is not None and asked == situation.last_good:
        return State.STARTING, _beside(f"{failure.message}; it is started again", running)
    if failure is not None:
        return State.REJECTED, _beside(failure.message, running)
    if running is None:
        return State.STARTING, "LiteLLM starts"
    return State.RELOADING, _beside("LiteLLM starts with the new configuration", running)


def _beside(message: str, running: Launch | None) -> str:
    if running is None:
        return f"{message}; nothing is served"
    return f"{message}; the last good configuration, {running.config_hash}, is served on"
