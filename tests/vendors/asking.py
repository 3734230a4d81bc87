"""Asking a vendor as the operator does: the real client, the real type, a real socket."""

from pydantic import SecretStr

from joch.observe.http import new_client
from joch.observe.listing import Listing, ListingFailure, list_models
from joch.observe.probes import probe
from joch.providers.base import Judgement
from joch.providers.registry import provider_type

PATIENCE = 10.0
"""Seconds, for a vendor that answers: far more than it needs."""


async def probed(
    type_name: str, base_url: str, key: str | None = None, seconds: float = PATIENCE
) -> Judgement:
    secret = SecretStr(key) if key is not None else None
    async with new_client() as client:
        return await probe(client, provider_type(type_name), base_url, secret, seconds)


async def listed(
    type_name: str, base_url: str, key: str | None = None, seconds: float = PATIENCE
) -> Listing | ListingFailure:
    secret = SecretStr(key) if key is not None else None
    async with new_client() as client:
        return await list_models(client, provider_type(type_name), base_url, secret, seconds)
