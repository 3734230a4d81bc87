"""What a LiteLLM process really serves, asked on its private socket.

LiteLLM drops a deployment that it doesn't understand and starts without it (measured), so what is
served is compared with what was written.
"""

from collections.abc import Mapping
from pathlib import Path

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

_TIMEOUT = 30.0
_NAMED = 5


class ServedError(Exception):
    """LiteLLM could not be asked, or serves something else than it was given."""


class _Info(BaseModel):
    id: str


class _Deployment(BaseModel):
    model_config = ConfigDict(protected_namespaces=())

    model_info: _Info


class _Listing(BaseModel):
    data: tuple[_Deployment, ...]


async def compare_served(private: Path, master_key: SecretStr, models: Mapping[str, str]) -> None:
    """Prove that exactly these deployments (`model_name` by id) are served.

    Raises:
        ServedError: they are not; the sentence names what is missing.
    """
    served = await _served_ids(private, master_key)
    missing = sorted(name for id_, name in models.items() if id_ not in served)
    if missing:
        shown = ", ".join(missing[:_NAMED]) + (", …" if len(missing) > _NAMED else "")
        raise ServedError(f"LiteLLM dropped {len(missing)} of {len(models)} deployments: {shown}")
    if extra := served - models.keys():
        raise ServedError(f"LiteLLM serves {len(extra)} deployments that were not written")


async def _served_ids(private: Path, master_key: SecretStr) -> frozenset[str]:
    headers = {"Authorization": f"Bearer {master_key.get_secret_value()}"}
    transport = httpx.AsyncHTTPTransport(uds=str(private))
    async with httpx.AsyncClient(transport=transport, timeout=_TIMEOUT) as client:
        try:
            answer = await client.get("http://worker/v1/model/info", headers=headers)
            answer.raise_for_status()
            listing = _Listing.model_validate_json(answer.content)
        except (httpx.HTTPError, ValidationError) as error:
            raise ServedError(
                f"LiteLLM's /v1/model/info gives no list of models: {type(error).__name__}"
            ) from None
    return frozenset(deployment.model_info.id for deployment in listing.data)
