"""Reads Secrets, one at a time and only when a decision needs one; nothing is kept."""

import base64
import binascii

from joch.api.llmprovider import LLMProvider
from joch.decide.provider.credentials import Credential, read_credential
from joch.observe.api_server import ApiServer, NotFound
from joch.observe.paths import SECRETS
from joch.providers.base import ProviderType


async def credential_of(
    server: ApiServer, provider: LLMProvider, provider_type: ProviderType | None
) -> Credential:
    """The credential that a provider's `spec.credentials.secretRef` names.

    Raises:
        ApiError: the API server did not answer, or does not let the operator read the Secret.
    """
    credentials = provider.spec.credentials
    reference = credentials.secret_ref if credentials is not None else None
    data: dict[str, bytes] | None = None
    if reference is not None:
        data = await secret_data(server, provider.metadata.namespace, reference.name)
    return read_credential(provider, provider_type, data)


async def secret_data(server: ApiServer, namespace: str, name: str) -> dict[str, bytes] | None:
    """The decoded data of a Secret; None where there is no such Secret.

    Raises:
        ApiError: the API server did not answer, or does not let the operator read the Secret.
    """
    try:
        found = await server.get(SECRETS.one(namespace, name))
    except NotFound:
        return None
    return {key: _decoded(value) for key, value in (found.get("data") or {}).items()}


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return b""
