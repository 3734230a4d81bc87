"""The credential of a provider: is there one, can it be sent, and what may be said of it."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from joch.api.base import KeyReference
from joch.api.llmprovider import LLMProvider, ProviderReason
from joch.providers.base import ProviderType
from joch.providers.credential import slip_in


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """What is known of a credential without asking the vendor, and never the credential.

    `problem` None: it is there and can be sent, or none is needed.
    """

    needed: bool
    configured: bool
    problem: ProviderReason | None = None
    message: str = ""
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """The facts, and the credential itself where it can be sent. SecretStr keeps it unprinted."""

    facts: CredentialFacts
    secret: SecretStr | None = None


def read_credential(
    provider: LLMProvider, of_type: ProviderType | None, data: Mapping[str, bytes] | None
) -> Credential:
    """The credential that `spec.credentials.secretRef` names.

    `data` is the Secret's decoded data; None: there is no such Secret. `of_type` None: the type is
    unknown, so nothing says that a credential is needed.
    """
    own_endpoint = provider.spec.base_url is None
    needed = of_type is not None and of_type.needs_credential and own_endpoint
    reference = provider.spec.credentials.secret_ref if provider.spec.credentials else None
    if reference is None:
        return Credential(_unreferenced(provider, needed))
    if data is None or not data.get(reference.key):
        return Credential(_absent(provider, reference, needed, data))
    return _present(provider, reference, needed, data[reference.key])


def fingerprint(provider_uid: str, secret: SecretStr) -> str:
    """16 hex digits, equal for equal keys of one provider.

    Keyed with the provider's uid, so that fingerprints tell nothing across providers.
    """
    mac = hmac.new(provider_uid.encode(), secret.get_secret_value().encode(), hashlib.sha256)
    return mac.hexdigest()[:16]


def _unreferenced(provider: LLMProvider, needed: bool) -> CredentialFacts:
    if not needed:
        return CredentialFacts(needed=False, configured=False)
    return CredentialFacts(
        needed=True,
        configured=False,
        problem=ProviderReason.CREDENTIALS_MISSING,
        message=(
            f"LLMProvider {provider.key} has no credential and type {provider.spec.type} needs "
            "one: set spec.credentials.secretRef to the Secret and key that hold it"
        ),
    )


def _absent(
    provider: LLMProvider, reference: KeyReference, needed: bool, data: Mapping[str, bytes] | None
) -> CredentialFacts:
    secret = f"Secret {provider.metadata.namespace}/{reference.name}"
    if data is None:
        problem = ProviderReason.SECRET_NOT_FOUND
        message = f"{secret} does not exist: create it or change spec.credentials.secretRef.name"
    elif reference.key not in data:
        problem = ProviderReason.SECRET_KEY_MISSING
        message = (
            f"{secret} has no key {reference.key}: add it or change spec.credentials.secretRef.key"
        )
    else:
        problem = ProviderReason.SECRET_EMPTY
        message = f"key {reference.key} of {secret} is empty: put the credential there"
    return CredentialFacts(needed=needed, configured=False, problem=problem, message=message)


def _present(
    provider: LLMProvider, reference: KeyReference, needed: bool, raw: bytes
) -> Credential:
    text = raw.decode("utf-8", errors="replace")
    secret = SecretStr(text)
    slip = slip_in(text)
    mark = fingerprint(provider.metadata.uid, secret)
    if slip is None:
        return Credential(CredentialFacts(needed, configured=True, fingerprint=mark), secret)
    return Credential(
        CredentialFacts(
            needed=needed,
            configured=True,
            problem=ProviderReason.MALFORMED,
            message=(
                f"key {reference.key} of Secret {provider.metadata.namespace}/{reference.name} "
                f"{slip}, so it was not sent: write the bare credential there"
            ),
            fingerprint=mark,
        )
    )
