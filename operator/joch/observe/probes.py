"""One free question to a provider, and the verdict over its answer."""

from dataclasses import replace

import httpx
from pydantic import SecretStr

from joch.observe.http import ProbeFailure, ask
from joch.observe.redaction import redacted
from joch.providers.base import Judgement, ProviderType


async def probe(
    client: httpx.AsyncClient,
    provider_type: ProviderType,
    base_url: str,
    secret: SecretStr | None,
    seconds: float,
) -> Judgement:
    """Ask once, within `seconds`. Never raises for what the other side does."""
    try:
        answer = await ask(client, provider_type.probe(base_url), secret, seconds)
    except ProbeFailure as failure:
        return Judgement(failure.fault, redacted(str(failure), secret))
    judgement = provider_type.judge(answer)
    return replace(judgement, message=redacted(judgement.message, secret))
