"""Reconciles an LLMProvider: watch it, make Models of its listing, write what its probes say."""

import logging

from joch.api.base import API_VERSION
from joch.api.llmprovider import LLMProvider, LLMProviderStatus, SyncStatus
from joch.api.model import Model, ModelStatus
from joch.decide.provider.credentials import CredentialFacts
from joch.decide.provider.discovery import ModelsPlan, is_discovered, plan_models
from joch.decide.provider.status import ProviderInput, decide_provider
from joch.handlers.operator import Operator
from joch.handlers.triggers import provider_changed
from joch.observe.api_server import Conflict
from joch.observe.listing import Listing, ListingFailure
from joch.observe.paths import collection
from joch.observe.provider_watch import Observation

MODELS = collection(Model)
DESCRIBE_ATTEMPTS = 3

log = logging.getLogger(__name__)


async def reconcile(operator: Operator, key: str) -> None:
    """Bring the status of one provider, and the Models of its listing, up to date."""
    provider = operator.cache.providers.get(key)
    if provider is None:
        operator.watch.forget(key)
        operator.applied.pop(key, None)
        operator.metrics.forget(key)
        return
    observation = operator.watch.track(provider)
    if observation is None:
        observation = Observation(credential=CredentialFacts(needed=False, configured=False))
    if observation.credential is None:
        return
    sync = await _sync(operator, provider, observation)
    status = decide_provider(_input(operator, provider, observation, sync))
    operator.learn(LLMProvider, await operator.writer.patch_status(provider, status))
    if matters(provider.status, status):
        provider_changed(operator, key)


def matters(before: LLMProviderStatus, after: LLMProviderStatus) -> bool:
    """Whether routes, conversations and gateways have to look: not for counts of a listing."""
    return (
        before.observed_generation != after.observed_generation
        or before.conditions != after.conditions
        or before.credentials != after.credentials
    )


def _input(
    operator: Operator, provider: LLMProvider, seen: Observation, sync: SyncStatus | None
) -> ProviderInput:
    failure = seen.listing.message if isinstance(seen.listing, ListingFailure) else None
    return ProviderInput(
        provider=provider,
        credential=seen.credential or CredentialFacts(needed=False, configured=False),
        health=seen.health,
        validation=seen.validation,
        listing_failure=failure,
        sync=sync,
        now=operator.now(),
    )


async def _sync(operator: Operator, provider: LLMProvider, seen: Observation) -> SyncStatus | None:
    """What the last listing counted, applied where it was not yet; None where there was none.

    A Model that somebody deletes is made again, as is one that goes with an earlier provider of
    this name; none is made for a provider that is going itself. The counts are kept beside the
    listing: the status that holds them may still have to be written again after a conflict, and by
    then the Models are made.
    """
    if not isinstance(seen.listing, Listing) or provider.metadata.deletion_timestamp is not None:
        return None
    listing, sync = operator.applied.get(provider.key, (None, None))
    models = operator.cache.models
    known = models.grouped(provider.key)
    plan = plan_models(provider, seen.listing.models, known, operator.now())
    if listing is seen.listing and all(models.get(model.key) for model in plan.create):
        return sync
    await _apply(operator, plan)
    operator.applied[provider.key] = (seen.listing, plan.sync)
    return plan.sync


async def _apply(operator: Operator, plan: ModelsPlan) -> None:
    for model in plan.create:
        await _create(operator, model)
    for model, status in plan.status:
        operator.learn(Model, await operator.writer.patch_status(model, status))
        operator.enqueue(Model, model.key)


async def _create(operator: Operator, model: Model) -> None:
    """POST a discovered Model, then its status; one that an earlier attempt made is taken as made.

    Only what is set goes into the spec: a discovered Model holds its identity (rule 9).
    """
    body = {
        "apiVersion": API_VERSION,
        "kind": Model.definition.kind,
        "metadata": {
            "name": model.metadata.name,
            "namespace": model.metadata.namespace,
            "labels": model.metadata.labels,
            "ownerReferences": [
                {**reference.to_wire(), "blockOwnerDeletion": False}
                for reference in model.metadata.owner_references
            ],
        },
        "spec": model.spec.model_dump(mode="json", by_alias=True, exclude_unset=True),
    }
    try:
        raw = await operator.writer.create(MODELS, body)
    except Conflict:
        raw = await operator.server.get(MODELS.one(model.metadata.namespace, model.metadata.name))
    made = Model.model_validate(raw)
    if not is_discovered(made) or made.spec.model != model.spec.model:
        log.warning("Model %s is not Joch's, so %s has none", made.key, model.spec.model)
        return
    operator.learn(Model, raw)
    await _describe(operator, made, model.status)
    operator.enqueue(Model, made.key)


async def _describe(operator: Operator, made: Model, listed: ModelStatus) -> None:
    """Write what the listing says of a Model just made.

    Its own reconciler may have seen it already and written first: then over what that wrote, or
    the listing would be applied again and count it as found instead of made.
    """
    for _ in range(DESCRIBE_ATTEMPTS):
        status = made.status.model_copy(
            update={
                "source": listed.source,
                "vendor": listed.vendor,
                "last_seen_at": listed.last_seen_at,
            }
        )
        try:
            operator.learn(Model, await operator.writer.patch_status(made, status))
        except Conflict:
            where = MODELS.one(made.metadata.namespace, made.metadata.name)
            made = Model.model_validate(await operator.server.get(where))
        else:
            return
    raise Conflict(f"Model {made.key} changes faster than its listing can be written")
