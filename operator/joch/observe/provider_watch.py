"""Watches the providers themselves: a task each, that probes and lists on the provider's schedule.

What it sees is kept in memory and told by key; the reconciler writes what is worth writing. Times
of single probes go to metrics, never to a status.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx

from joch.api.duration import seconds
from joch.api.llmprovider import HealthState, LLMProvider, ProviderReason
from joch.decide.clock import elapsed
from joch.decide.provider.credentials import Credential, CredentialFacts
from joch.decide.provider.discovery import discovery_enabled
from joch.decide.provider.health import UNREACHABLE_REASONS, Health
from joch.observe.api_server import ApiError, ApiServer
from joch.observe.credentials import credential_of
from joch.observe.listing import Listing, ListingFailure, list_models
from joch.observe.probes import probe
from joch.providers.base import Judgement, ProviderType
from joch.providers.registry import UnknownProviderType, provider_type

FIRST_LISTING_RETRY = 5.0
LONGEST_LISTING_RETRY = 600.0
LONGEST_WAIT = 600.0
"""Seconds for which a vendor's retry-after is obeyed; longer ones would hide that it is well."""

JITTER = 0.1

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known of a provider now.

    `credential` None: its Secret was not read yet. `validation` is the last answer that speaks
    about the credential. `listing` is the last complete list, or why there is none.
    """

    credential: CredentialFacts | None = None
    health: Health = field(default_factory=Health)
    validation: Judgement | None = None
    listing: Listing | ListingFailure | None = None


Probed = Callable[[str, float, Judgement], None]
"""Called after each probe: the provider's key, how long it took in seconds, what it said."""


class ProviderWatch:
    """The tasks of all providers. `changed` is called with a key when there is news of it."""

    def __init__(
        self,
        server: ApiServer,
        client: httpx.AsyncClient,
        changed: Callable[[str], None],
        probed: Probed,
        now: Callable[[], str],
    ) -> None:
        self._server = server
        self._client = client
        self._changed = changed
        self._probed = probed
        self._now = now
        self._watched: dict[str, _ProviderTask] = {}

    def track(self, provider: LLMProvider) -> Observation | None:
        """Begin to watch a provider, or begin anew where its spec changed.

        The answer is what is known of it by now; None where nobody can be asked: its type is
        unknown, or has no endpoint of its own and no spec.baseUrl names one.
        """
        known = self._watched.get(provider.key)
        if known is not None and known.watches(provider):
            return known.observation
        if known is not None:
            known.cancel()
        of_type = _askable(provider)
        if of_type is None:
            self._watched.pop(provider.key, None)
            return None
        task = _ProviderTask(self._server, self._client, provider, of_type, self._probed, self._now)
        self._watched[provider.key] = task
        task.start(self._changed)
        return task.observation

    def forget(self, key: str) -> None:
        """Watch a provider no longer."""
        known = self._watched.pop(key, None)
        if known is not None:
            known.cancel()

    def stop(self) -> None:
        """Watch nothing any more."""
        for key in list(self._watched):
            self.forget(key)


class _ProviderTask:
    """Probes one provider, as one version of its spec says."""

    def __init__(
        self,
        server: ApiServer,
        client: httpx.AsyncClient,
        provider: LLMProvider,
        of_type: ProviderType,
        probed: Probed,
        now: Callable[[], str],
    ) -> None:
        self.observation = Observation(health=Health.seeded(provider.status.health))
        self._server = server
        self._client = client
        self._provider = provider
        self._type = of_type
        self._probed = probed
        self._now = now
        self._listing_due = _first_listing(provider, now())
        self._listing_failures = 0
        self._asked_to_wait = 0.0
        self._task: asyncio.Task[None] | None = None

    def watches(self, provider: LLMProvider) -> bool:
        """Whether this is the same object with the same spec."""
        mine = self._provider
        return mine.metadata.uid == provider.metadata.uid and mine.spec == provider.spec

    def start(self, changed: Callable[[str], None]) -> None:
        """Begin to probe."""
        self._task = asyncio.create_task(self._run(changed), name=f"probe {self._provider.key}")

    def cancel(self) -> None:
        """Probe no longer."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self, changed: Callable[[str], None]) -> None:
        interval = seconds(self._provider.spec.probe.interval)
        loop = asyncio.get_running_loop()
        while True:
            started = loop.time()
            try:
                credential = await self._read_credential()
                if credential is not None:
                    await self._ask(credential, changed)
            except Exception:
                log.exception("probing LLMProvider %s: unexpected; goes on", self._provider.key)
            wait = max(interval, self._asked_to_wait) * random.uniform(1 - JITTER, 1 + JITTER)
            await asyncio.sleep(max(0.0, started + wait - loop.time()))

    async def _ask(self, credential: Credential, changed: Callable[[str], None]) -> None:
        before = self.observation
        await self._probe(credential)
        if worth_writing(before, self.observation):
            changed(self._provider.key)
        if self._may_list(credential):
            await self._list(credential)
            changed(self._provider.key)

    async def _read_credential(self) -> Credential | None:
        """The credential; None where the API server does not answer: then nothing is known anew."""
        try:
            return await credential_of(self._server, self._provider, self._type)
        except ApiError as error:
            log.warning("the credential of LLMProvider %s: %s", self._provider.key, error)
            if error.retryable:
                return None
            message = f"the Secret of LLMProvider {self._provider.key} cannot be read: {error}"
            return Credential(
                CredentialFacts(True, False, ProviderReason.SECRET_UNREADABLE, message)
            )

    async def _probe(self, credential: Credential) -> None:
        """Ask once. Key and verdict change together: no key is judged by an answer to another."""
        seen = self.observation
        same = (
            seen.credential is None or seen.credential.fingerprint == credential.facts.fingerprint
        )
        known = replace(
            seen, credential=credential.facts, validation=seen.validation if same else None
        )
        if credential.facts.problem is not None:
            self.observation = known
            return
        judgement = await self._asked(credential)
        thresholds = self._provider.spec.probe
        health = seen.health.after(
            judgement, thresholds.failure_threshold, thresholds.success_threshold, self._now()
        )
        speaks = speaks_of_credential(judgement)
        validation = judgement if speaks else known.validation
        self.observation = replace(known, health=health, validation=validation)

    async def _asked(self, credential: Credential) -> Judgement:
        loop = asyncio.get_running_loop()
        timeout, asked = seconds(self._provider.spec.probe.timeout), loop.time()
        judgement = await probe(
            self._client, self._type, self._base_url(), credential.secret, timeout
        )
        self._probed(self._provider.key, loop.time() - asked, judgement)
        self._asked_to_wait = min(judgement.retry_after or 0.0, LONGEST_WAIT)
        return judgement

    def _may_list(self, credential: Credential) -> bool:
        due = asyncio.get_running_loop().time() >= self._listing_due
        healthy = self.observation.health.state is HealthState.HEALTHY
        return (
            due and healthy and discovery_enabled(self._provider) and not credential.facts.problem
        )

    async def _list(self, credential: Credential) -> None:
        spec = self._provider.spec
        timeout = seconds(spec.probe.timeout)
        listing = await list_models(
            self._client, self._type, self._base_url(), credential.secret, timeout
        )
        self.observation = replace(self.observation, listing=listing)
        now = asyncio.get_running_loop().time()
        if isinstance(listing, Listing):
            self._listing_failures = 0
            self._listing_due = now + seconds(spec.discovery.interval)
            return
        pause = min(FIRST_LISTING_RETRY * 2.0**self._listing_failures, LONGEST_LISTING_RETRY)
        self._listing_failures += 1
        self._listing_due = now + max(pause, listing.retry_after or 0.0)

    def _base_url(self) -> str:
        return self._provider.spec.base_url or self._type.default_base_url or ""


def speaks_of_credential(judgement: Judgement) -> bool:
    """Whether the vendor looked at the credential before it gave this answer."""
    return judgement.fault not in UNREACHABLE_REASONS


def _askable(provider: LLMProvider) -> ProviderType | None:
    try:
        of_type = provider_type(provider.spec.type)
    except UnknownProviderType:
        return None
    return of_type if provider.spec.base_url or of_type.default_base_url else None


def worth_writing(before: Observation, after: Observation) -> bool:
    """Whether a status may differ: counters of probes in a row alone are worth nothing."""
    return (
        before.credential != after.credential
        or before.validation != after.validation
        or before.health.status != after.health.status
        or before.health.refusals != after.health.refusals
    )


def _first_listing(provider: LLMProvider, now: str) -> float:
    """When the first listing is due, on the loop's clock: at once for what was never listed."""
    loop_now = asyncio.get_running_loop().time()
    sync, status = provider.status.sync, provider.status
    edited = status.observed_generation != provider.metadata.generation
    if edited or sync is None or sync.last_synced_at is None:
        return loop_now
    left = seconds(provider.spec.discovery.interval) - elapsed(sync.last_synced_at, now)
    return loop_now + max(0.0, left)
