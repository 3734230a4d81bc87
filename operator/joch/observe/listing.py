"""A provider's whole model list, page by page."""

from dataclasses import dataclass, replace

import httpx
from pydantic import SecretStr

from joch.observe.http import ProbeFailure, ask
from joch.observe.redaction import redacted
from joch.providers.base import Fault, ListedModel, ListingError, Page, ProviderType, Request

MAX_PAGES = 200
"""No vendor has so many; a list without an end must have one here."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A complete list, in the vendor's order, each id once."""

    models: tuple[ListedModel, ...]


@dataclass(frozen=True, slots=True)
class ListingFailure:
    """Why there is no complete list. `retry_after` in seconds, where the vendor asks for a wait."""

    fault: Fault
    message: str
    retry_after: float | None = None


async def list_models(
    client: httpx.AsyncClient,
    provider_type: ProviderType,
    base_url: str,
    secret: SecretStr | None,
    seconds: float,
) -> Listing | ListingFailure:
    """Read all pages, each within `seconds`. A list that breaks off is no list."""
    request: Request | None = provider_type.listing(base_url)
    asked: set[str] = set()
    models: dict[str, ListedModel] = {}
    while request is not None:
        endless = _endless(request, asked)
        asked.add(request.url)
        page = endless or await _page(client, provider_type, request, secret, seconds)
        if isinstance(page, ListingFailure):
            return replace(page, message=redacted(page.message, secret))
        for model in page.models:
            models.setdefault(model.id, model)
        request = page.next
    return Listing(tuple(models.values()))


def _endless(request: Request, asked: set[str]) -> ListingFailure | None:
    if request.url in asked:
        return _unexpected("the model list repeats its cursor, so it would never end")
    if len(asked) >= MAX_PAGES:
        return _unexpected(f"the model list has more than {MAX_PAGES} pages")
    return None


async def _page(
    client: httpx.AsyncClient,
    provider_type: ProviderType,
    request: Request,
    secret: SecretStr | None,
    seconds: float,
) -> Page | ListingFailure:
    try:
        answer = await ask(client, request, secret, seconds)
    except ProbeFailure as failure:
        return ListingFailure(failure.fault, str(failure))
    judgement = provider_type.judge(answer)
    if judgement.fault is not None:
        return ListingFailure(judgement.fault, judgement.message, judgement.retry_after)
    try:
        return provider_type.read_listing(request, answer)
    except ListingError as error:
        return _unexpected(str(error))


def _unexpected(message: str) -> ListingFailure:
    return ListingFailure(Fault.UNEXPECTED_ANSWER, message)
