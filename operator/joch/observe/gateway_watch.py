"""Watches what the gateways serve: one task each, that asks LiteLLM often while it reloads."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import SecretStr

from joch.api.llmgateway import LLMGateway
from joch.decide.gateway.served import GatewayFailure, Served
from joch.observe.gateway import read_served
from joch.observe.http import HttpClient

EAGER = 1.0
"""Seconds between questions while the live configuration is not the written one."""

CALM = 15.0
"""Seconds between questions otherwise."""

TIMEOUT = 5.0

log = logging.getLogger(__name__)

Seen = Served | GatewayFailure | None


@dataclass(slots=True)
class _Watched:
    gateway: LLMGateway
    config_hash: str
    master_key: SecretStr
    task: asyncio.Task[None]
    seen: Seen = None


class GatewayWatch:
    """The tasks of all gateways. `changed` is called with a key when something else is served."""

    def __init__(self, client: HttpClient, changed: Callable[[str], None]) -> None:
        self._client = client
        self._changed = changed
        self._watched: dict[str, _Watched] = {}

    def track(self, gateway: LLMGateway, config_hash: str, master_key: SecretStr) -> Seen:
        """Ask what a gateway serves, until it is `config_hash` and from time to time afterwards.

        The answer is what was seen so far; None where nobody was asked yet, or nobody can be.
        """
        known = self._watched.get(gateway.key)
        if known is not None and _same(known, gateway, config_hash, master_key):
            return known.seen
        self.forget(gateway.key)
        if gateway.spec.admin_url is None:
            return None
        task = asyncio.create_task(self._run(gateway, config_hash, master_key))
        seen = known.seen if known is not None else None
        self._watched[gateway.key] = _Watched(gateway, config_hash, master_key, task, seen)
        return seen

    def forget(self, key: str) -> None:
        """Ask this gateway no longer."""
        known = self._watched.pop(key, None)
        if known is not None:
            known.task.cancel()

    def stop(self) -> None:
        """Ask nobody any more."""
        for key in list(self._watched):
            self.forget(key)

    async def _run(self, gateway: LLMGateway, config_hash: str, master_key: SecretStr) -> None:
        while True:
            watched = self._watched[gateway.key]
            try:
                seen = await read_served(self._client, gateway, master_key, TIMEOUT)
            except Exception as error:
                log.exception("asking LLMGateway %s: unexpected; goes on", gateway.key)
                seen = GatewayFailure(f"LiteLLM cannot be asked: {type(error).__name__}")
            if watched.seen != seen:
                watched.seen = seen
                self._changed(gateway.key)
            pause = CALM if _serves(seen, config_hash) else EAGER
            await asyncio.sleep(pause * random.uniform(0.9, 1.1))


def _same(known: _Watched, gateway: LLMGateway, config_hash: str, master_key: SecretStr) -> bool:
    return (
        known.gateway.metadata.uid == gateway.metadata.uid
        and known.gateway.spec == gateway.spec
        and known.config_hash == config_hash
        and known.master_key == master_key
    )


def _serves(seen: Seen, config_hash: str) -> bool:
    return isinstance(seen, Served) and set(seen.hashes.values()) == {config_hash}
