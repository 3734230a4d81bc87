"""Reconciles an LLMGateway: plan the configuration, write it where it differs, see what is live."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace

from pydantic import SecretStr

from joch.api.backend import Backend
from joch.api.llmgateway import GatewayReason, LLMGateway
from joch.api.llmprovider import LLMProvider, ProviderCondition
from joch.api.modelroute import ModelRoute
from joch.decide.gateway.config import GatewayPlan, plan_gateway
from joch.decide.gateway.inputs import GatewayInput, Problem
from joch.decide.gateway.objects import (
    ENTROPY,
    Existing,
    Target,
    config_map_name,
    plan_writes,
    rewrite,
    secret_name,
)
from joch.decide.gateway.status import StatusInput, decide_gateway_status
from joch.decide.route.status import decide_route
from joch.handlers import modelroute
from joch.handlers.operator import Operator, Written
from joch.observe.api_server import Conflict, Json, NotFound
from joch.observe.backends import served_namespaces
from joch.observe.credentials import credential_of
from joch.observe.gateway import existing_config_map, existing_secret
from joch.observe.paths import CONFIG_MAPS, SECRETS, Collection
from joch.providers.registry import provider_type

TAKEN_RECHECK = 10.0
"""Seconds until a name that somebody else's object has is looked up again: nobody watches it."""

MAX_BODY = 1_500_000
"""Bytes of a ConfigMap or Secret as it is sent; the plan itself refuses what does not fit."""


async def reconcile(operator: Operator, key: str) -> None:
    """Bring a gateway's configuration, keys and status up to date."""
    gateway = operator.cache.gateways.get(key)
    if gateway is None:
        operator.gateways.forget(key)
        operator.written.pop(key, None)
        return
    facts = observe(operator, gateway)
    plan = plan_gateway(facts)
    refusal = await _write(operator, gateway, facts, plan)
    if refusal is not None and refusal.reason is GatewayReason.NAME_TAKEN:
        operator.enqueue(LLMGateway, key, TAKEN_RECHECK)
    written = operator.written.get(key)
    served = None
    if written is not None and refusal is None:
        served = operator.gateways.track(gateway, plan.config_hash, written.master_key)
        if served is None and gateway.spec.admin_url is not None:
            return
    status = decide_gateway_status(StatusInput(gateway, plan, refusal, served, operator.now()))
    operator.learn(LLMGateway, await operator.writer.patch_status(gateway, status))


def observe(operator: Operator, gateway: LLMGateway) -> GatewayInput:
    """All that decides what the gateway serves."""
    cache = operator.cache
    namespaces = served_namespaces(gateway)
    routes = tuple(
        _judged(operator, route) for home in namespaces for route in cache.routes.grouped(home)
    )
    bound = {
        _absolute(text, home) for home in namespaces for text in cache.conversations.backends(home)
    }
    named = {
        _absolute(text, route.metadata.namespace) for route in routes for text in route.backends
    }
    providers = {
        provider.key: provider for home in namespaces for provider in cache.providers.grouped(home)
    }
    for text in bound | named:
        found = cache.providers.get(Backend.parse(text).provider_key(""))
        if found is not None:
            providers[found.key] = found
    return GatewayInput(
        gateway=gateway,
        providers=providers,
        models=tuple(model for key in sorted(providers) for model in cache.models.grouped(key)),
        routes=routes,
        credentials=frozenset(p.key for p in providers.values() if p.status.credentials.configured),
        bound=frozenset(bound),
    )


def _judged(operator: Operator, route: ModelRoute) -> ModelRoute:
    """The route with verdicts over its spec; those of one just edited are not in its status yet."""
    if not modelroute.is_edited(route):
        return route
    verdicts = decide_route(modelroute.observe(operator, route))
    return route.model_copy(update={"status": verdicts})


async def _write(
    operator: Operator, gateway: LLMGateway, facts: GatewayInput, plan: GatewayPlan
) -> Problem | None:
    """Write the Secret and the ConfigMap where they differ; why not, where they may not be."""
    fingerprints = _fingerprints(facts, plan)
    known = operator.written.get(gateway.key)
    if (
        known is not None
        and _has_keys(known, gateway, fingerprints)
        and await _rewrite(operator, gateway, plan, known)
    ):
        return None
    config_map, secret = await asyncio.gather(
        _read(operator, CONFIG_MAPS, gateway, config_map_name(gateway)),
        _read(operator, SECRETS, gateway, secret_name(gateway)),
    )
    found = existing_config_map(config_map) if config_map is not None else None
    there = existing_secret(secret) if secret is not None else None
    unchanged = known.fingerprints if known is not None else {}
    credentials = await _credentials(operator, facts, plan, there, fingerprints, unchanged)
    writes = plan_writes(gateway, plan, credentials, found, there, os.urandom(ENTROPY))
    if isinstance(writes, Problem):
        operator.written.pop(gateway.key, None)
        return writes
    await _put(operator, SECRETS, writes.secret)
    version = await _put(operator, CONFIG_MAPS, writes.config_map)
    operator.written[gateway.key] = Written(
        uid=gateway.metadata.uid,
        generation=gateway.metadata.generation,
        config_hash=plan.config_hash,
        config_map=version,
        fingerprints=fingerprints,
        master_key=writes.master_key,
    )
    return None


async def _rewrite(
    operator: Operator, gateway: LLMGateway, plan: GatewayPlan, known: Written
) -> bool:
    """Replace the ConfigMap where the plan is another, without reading it; False: read it first.

    An edit of a route is served a round trip sooner. Only the version that this process knows is
    replaced, so that nothing of anybody else's is.
    """
    if known.config_hash == plan.config_hash:
        return True
    target = rewrite(gateway, plan, known.config_map)
    if target is None:
        return False
    try:
        version = await _put(operator, CONFIG_MAPS, target)
    except (Conflict, NotFound):
        return False
    operator.written[gateway.key] = replace(known, config_hash=plan.config_hash, config_map=version)
    return True


async def _put(operator: Operator, where: Collection, target: Target | Existing) -> str:
    """Write an object that is not right already; its resourceVersion then."""
    if isinstance(target, Existing):
        return target.resource_version
    if target.resource_version is None:
        made = await operator.writer.create(where, target.body(), MAX_BODY)
    else:
        made = await operator.writer.replace(where, target.body(), MAX_BODY)
    return str(made["metadata"]["resourceVersion"])


async def _read(
    operator: Operator, where: Collection, gateway: LLMGateway, name: str
) -> Json | None:
    try:
        return await operator.server.get(where.one(gateway.metadata.namespace, name))
    except NotFound:
        return None


async def _credentials(
    operator: Operator,
    facts: GatewayInput,
    plan: GatewayPlan,
    there: Existing | None,
    fingerprints: Mapping[str, str],
    unchanged: Mapping[str, str],
) -> dict[str, SecretStr]:
    """The credential of every provider in the plan: what is there, where it did not change.

    A new credential that its vendor has not taken does not replace one that is live.
    """
    found: dict[str, SecretStr] = {}
    for name, key in plan.key_names.items():
        provider = facts.providers[key]
        live = there.data.get(name) if there is not None else None
        same = live is not None and unchanged.get(name) == fingerprints[name]
        if live is not None and (same or not _taken(provider)):
            found[key] = live
            continue
        credential = await credential_of(
            operator.server, provider, provider_type(provider.spec.type)
        )
        found[key] = credential.secret or live or SecretStr("")
    return found


def _taken(provider: LLMProvider) -> bool:
    kind = ProviderCondition.CREDENTIALS_VALID
    return any(c.type == kind and c.status == "True" for c in provider.status.conditions)


def _fingerprints(facts: GatewayInput, plan: GatewayPlan) -> dict[str, str]:
    return {
        name: facts.providers[key].status.credentials.fingerprint or ""
        for name, key in plan.key_names.items()
    }


def _has_keys(known: Written, gateway: LLMGateway, fingerprints: Mapping[str, str]) -> bool:
    """Whether the gateway's objects are those that were written, and have these credentials."""
    return (
        known.uid == gateway.metadata.uid
        and known.generation == gateway.metadata.generation
        and known.fingerprints == fingerprints
    )


def _absolute(backend: str, home: str) -> str:
    parsed = Backend.parse(backend)
    return str(Backend(parsed.namespace or home, parsed.provider, parsed.model))
