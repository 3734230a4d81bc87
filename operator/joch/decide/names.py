"""Names that Joch gives, and its mark: deterministic, so that what was done is found again."""

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType

from joch.api.model import Model

MANAGED_BY = "app.kubernetes.io/managed-by"
MARK: Mapping[str, str] = MappingProxyType({MANAGED_BY: "joch"})
"""The label of what Joch made; what lacks it was written by hand."""

_UNFIT = re.compile(r"[^a-z0-9]+")


def digest(*parts: str, length: int) -> str:
    """Hex digits of a SHA-256 over the parts; no two lists of parts give the same input."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def slug(text: str, length: int) -> str:
    """The text as a part of an object's name: at most `length` of [a-z0-9-]."""
    return _UNFIT.sub("-", text.lower()).strip("-")[:length].rstrip("-") or "x"


def checkpoint_name(
    conversation: str,
    uid: str,
    ordinal: int,
    transcript: str,
    target: str,
    handoff: str,
    request: str,
) -> str:
    """The record of one switch, and its handoff Secret: at most 40 characters.

    It hashes everything that makes the switch what it is (kubernetes-api.md, rule 5), so A→B→A→B
    gives four names, and the same switch done again after a crash finds its own objects.
    """
    mark = digest(uid, str(ordinal), transcript, target, handoff, request, length=10)
    return f"{slug(conversation, 20)}-s{ordinal}-{mark}"


def gateway_model(model: Model, home: str) -> str:
    """The `model_name` by which a gateway of namespace `home` serves a model.

    The alias, else `provider.model`; models of another namespace are prefixed with it.
    """
    name = model.spec.alias or f"{model.spec.provider_ref.name}.{model.spec.model}"
    namespace = model.metadata.namespace
    return name if namespace == home else f"{namespace}.{name}"
