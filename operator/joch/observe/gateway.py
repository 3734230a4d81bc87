"""What a gateway really serves, as LiteLLM and its supervisor tell, and the objects it has."""

import asyncio
import base64
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from pydantic.alias_generators import to_camel

from joch.api.base import ObjectMeta
from joch.api.llmgateway import LLMGateway
from joch.decide.gateway.litellm_config import MASTER_KEY
from joch.decide.gateway.objects import Existing
from joch.decide.gateway.served import GatewayFailure, Served, SupervisorSays

MAX_BODY = 64 * 1024 * 1024
"""The longest list that is read, in bytes: a deployment takes about 5 KB in it (measured)."""


class _Info(BaseModel):
    id: str
    joch_config_hash: str = ""


class _Deployment(BaseModel):
    model_config = ConfigDict(protected_namespaces=())

    model_info: _Info


class _Listing(BaseModel):
    data: tuple[_Deployment, ...]


class _Status(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    config_hash: str
    served_hash: str
    state: str
    message: str


class _Unusable(Exception):
    """There is no answer of the shape asked for; the text says what there is."""


async def read_served(
    client: httpx.AsyncClient, gateway: LLMGateway, master_key: SecretStr, seconds: float
) -> Served | GatewayFailure | None:
    """What the gateway serves; None where `spec.adminUrl` does not say whom to ask.

    It never asks LiteLLM's `/health`, which makes billed calls to every deployment.
    """
    if gateway.spec.admin_url is None:
        return None
    url = f"{gateway.spec.admin_url.rstrip('/')}/v1/model/info"
    headers = {"Authorization": f"Bearer {master_key.get_secret_value()}"}
    listing, supervisor = await asyncio.gather(
        _listing(client, url, headers, seconds), _supervisor(client, gateway, seconds)
    )
    if isinstance(listing, str):
        return GatewayFailure(listing, supervisor)
    hashes = {d.model_info.id: d.model_info.joch_config_hash for d in listing.data}
    return Served(hashes, supervisor)


async def _listing(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], seconds: float
) -> _Listing | str:
    try:
        return await _get(client, url, headers, seconds, _Listing)
    except _Unusable as problem:
        return f"LiteLLM at spec.adminUrl does not say what it serves: {problem}"


async def _supervisor(
    client: httpx.AsyncClient, gateway: LLMGateway, seconds: float
) -> SupervisorSays | None:
    if gateway.spec.supervisor_url is None:
        return None
    url = f"{gateway.spec.supervisor_url.rstrip('/')}/status"
    try:
        said = await _get(client, url, {}, seconds, _Status)
    except _Unusable as problem:
        return SupervisorSays("", "", "", f"spec.supervisorUrl gives no status: {problem}")
    return SupervisorSays(said.config_hash, said.served_hash, said.state, said.message)


_Shape = TypeVar("_Shape", bound=BaseModel)


async def _get(
    client: httpx.AsyncClient,
    url: str,
    headers: Mapping[str, str],
    seconds: float,
    shape: type[_Shape],
) -> _Shape:
    try:
        async with asyncio.timeout(seconds), client.stream("GET", url, headers=headers) as answer:
            body = await _body(answer)
    except (TimeoutError, httpx.TimeoutException):
        raise _Unusable(f"no answer within {seconds:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _Unusable(f"it cannot be reached ({type(error).__name__})") from None
    except UnicodeEncodeError:
        raise _Unusable(
            f"no header can carry the {MASTER_KEY} in the gateway's Secret: delete that key, and a "
            "new one is made"
        ) from None
    if answer.status_code != httpx.codes.OK:
        raise _Unusable(f"it answers {answer.status_code} {answer.reason_phrase}".rstrip())
    try:
        return shape.model_validate_json(body)
    except ValidationError:
        raise _Unusable("its answer is not of LiteLLM's shape") from None


async def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > MAX_BODY:
            raise _Unusable(f"its answer is longer than {MAX_BODY} bytes")
    return bytes(body)


def existing_config_map(raw: Mapping[str, Any]) -> Existing:
    """A ConfigMap, as `decide` sees it; `binaryData` counts as data that Joch never writes."""
    data = {**(raw.get("data") or {}), **(raw.get("binaryData") or {})}
    return _existing(raw, {name: SecretStr(value) for name, value in data.items()})


def existing_secret(raw: Mapping[str, Any]) -> Existing:
    """A Secret, as `decide` sees it. What is not text is replaced, so it differs from any key."""
    data = {
        name: SecretStr(base64.b64decode(value).decode(errors="replace"))
        for name, value in (raw.get("data") or {}).items()
    }
    return _existing(raw, data)


def _existing(raw: Mapping[str, Any], data: Mapping[str, SecretStr]) -> Existing:
    metadata = ObjectMeta.model_validate(raw["metadata"])
    controller = next((o.uid for o in metadata.owner_references if o.controller), None)
    return Existing(metadata.resource_version, controller, data)
