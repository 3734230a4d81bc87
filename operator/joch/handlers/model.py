"""Reconciles a Model: the facts in force, the name it is served by, and whether it clashes."""

from joch.api.model import Model, ModelStatus
from joch.decide.model import ModelInput, decide_model
from joch.handlers.operator import Operator
from joch.handlers.triggers import model_changed


async def reconcile(operator: Operator, key: str) -> None:
    """Bring the status of one model up to date."""
    model = operator.cache.models.get(key)
    if model is None:
        return
    namespace = model.metadata.namespace
    given = ModelInput(
        model=model,
        provider=operator.cache.providers.get(f"{namespace}/{model.spec.provider_ref.name}"),
        siblings=operator.cache.siblings(model),
        now=operator.now(),
    )
    status = decide_model(given)
    operator.learn(Model, await operator.writer.patch_status(model, status))
    if matters(model.status, status):
        model_changed(operator, model)


def matters(before: ModelStatus, after: ModelStatus) -> bool:
    """Whether routes, conversations and gateways have to look."""
    return before.observed_generation != after.observed_generation or (
        (before.effective, before.gateway_model, before.stale, before.source)
        != (after.effective, after.gateway_model, after.stale, after.source)
    )
