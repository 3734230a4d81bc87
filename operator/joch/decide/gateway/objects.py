"""The ConfigMap and the Secret of a gateway: what is there, and what is to be written."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from joch.api.base import API_VERSION
from joch.api.llmgateway import GatewayReason, LLMGateway
from joch.decide.gateway.config import GatewayPlan
from joch.decide.gateway.inputs import Problem
from joch.decide.gateway.litellm_config import MASTER_KEY
from joch.decide.names import MARK

CONFIG_KEY = "config.yaml"
ENTROPY = 32
"""Bytes of randomness that a master key is made from."""


@dataclass(frozen=True, slots=True)
class Existing:
    """A ConfigMap or Secret that is there.

    Attributes:
        resource_version: the version that was read; a replacement names it.
        controller: uid of the object that controls it, None if none does.
        data: decoded. SecretStr, because nobody knows what somebody else's object holds.
    """

    resource_version: str
    controller: str | None
    data: Mapping[str, SecretStr]


@dataclass(frozen=True, slots=True)
class Target:
    """A ConfigMap or Secret to write.

    Attributes:
        kind: `ConfigMap` or `Secret`.
        gateway: its owner; it is in the same namespace.
        name: its name.
        data: decoded.
        resource_version: of the object to replace; None: it is created.
    """

    kind: str
    gateway: LLMGateway
    name: str
    data: Mapping[str, SecretStr]
    resource_version: str | None

    def body(self) -> dict[str, Any]:
        """The object as the API server takes it. It holds the data in the clear: only to send."""
        owner = self.gateway.metadata
        metadata: dict[str, Any] = {
            "name": self.name,
            "namespace": owner.namespace,
            "labels": dict(MARK),
            "ownerReferences": [
                {
                    "apiVersion": API_VERSION,
                    "kind": "LLMGateway",
                    "name": owner.name,
                    "uid": owner.uid,
                    "controller": True,
                    "blockOwnerDeletion": False,
                }
            ],
        }
        if self.resource_version is not None:
            metadata["resourceVersion"] = self.resource_version
        return {"apiVersion": "v1", "kind": self.kind, "metadata": metadata, "data": self._data()}

    def _data(self) -> dict[str, str]:
        plain = {name: value.get_secret_value() for name, value in self.data.items()}
        if self.kind == "ConfigMap":
            return plain
        return {name: base64.b64encode(value.encode()).decode() for name, value in plain.items()}


@dataclass(frozen=True, slots=True)
class Writes:
    """What to write, the Secret first, so that no configuration refers to a key that is not there.

    An object that is right already is given as it was found.
    """

    secret: Target | Existing
    config_map: Target | Existing
    master_key: SecretStr


def config_map_name(gateway: LLMGateway) -> str:
    """The name of the gateway's ConfigMap."""
    reference = gateway.spec.config_map_ref
    return reference.name if reference else f"{gateway.metadata.name}-litellm"


def secret_name(gateway: LLMGateway) -> str:
    """The name of the gateway's Secret."""
    reference = gateway.spec.secret_ref
    return reference.name if reference else f"{gateway.metadata.name}-litellm"


def new_master_key(entropy: bytes) -> SecretStr:
    """A master key out of ENTROPY random bytes; LiteLLM wants it to begin with `sk-`."""
    return SecretStr(f"sk-{base64.urlsafe_b64encode(entropy).decode().rstrip('=')}")


def plan_writes(
    gateway: LLMGateway,
    plan: GatewayPlan,
    credentials: Mapping[str, SecretStr],
    config_map: Existing | None,
    secret: Existing | None,
    entropy: bytes,
) -> Writes | Problem:
    """What to write so that the gateway's objects hold the plan, or why nothing may be written.

    `credentials` are by the provider's `namespace/name`: all that `plan.key_names` names.
    """
    refusal = plan.problem(GatewayReason.TOO_LARGE) or _taken(gateway, config_map, secret)
    if refusal is not None:
        return refusal
    master_key = _kept_master_key(secret) or new_master_key(entropy)
    keys = {name: credentials[provider] for name, provider in plan.key_names.items()}
    return Writes(
        _write("Secret", gateway, secret_name(gateway), {MASTER_KEY: master_key, **keys}, secret),
        _write("ConfigMap", gateway, config_map_name(gateway), _config(plan), config_map),
        master_key,
    )


def rewrite(gateway: LLMGateway, plan: GatewayPlan, resource_version: str) -> Target | None:
    """The ConfigMap with this plan, over the version that held the gateway's plan until now.

    For a gateway whose Secret has every key of the plan already. None: the plan is not to be
    written, and `plan_writes` says why.
    """
    if plan.problem(GatewayReason.TOO_LARGE) is not None:
        return None
    name = config_map_name(gateway)
    return Target("ConfigMap", gateway, name, _config(plan), resource_version)


def _config(plan: GatewayPlan) -> Mapping[str, SecretStr]:
    return {CONFIG_KEY: SecretStr(plan.config_yaml.decode())}


def _taken(
    gateway: LLMGateway, config_map: Existing | None, secret: Existing | None
) -> Problem | None:
    targets = (
        (config_map, "ConfigMap", config_map_name(gateway), "spec.configMapRef"),
        (secret, "Secret", secret_name(gateway), "spec.secretRef"),
    )
    for existing, kind, name, field in targets:
        if existing is not None and existing.controller != gateway.metadata.uid:
            return Problem(
                GatewayReason.NAME_TAKEN,
                f"{kind} {gateway.metadata.namespace}/{name} exists and is not controlled by "
                f"LLMGateway {gateway.key}, so it is not written: delete it, or name another in "
                f"{field}",
            )
    return None


def _kept_master_key(secret: Existing | None) -> SecretStr | None:
    kept = secret.data.get(MASTER_KEY) if secret is not None else None
    return kept if kept is not None and kept.get_secret_value() else None


def _write(
    kind: str,
    gateway: LLMGateway,
    name: str,
    data: Mapping[str, SecretStr],
    existing: Existing | None,
) -> Target | Existing:
    if existing is not None and existing.data == data:
        return existing
    version = existing.resource_version if existing is not None else None
    return Target(kind, gateway, name, data, version)
