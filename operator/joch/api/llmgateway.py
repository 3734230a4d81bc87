"""LLMGateway: the LiteLLM proxy that gets the generated configuration."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from joch.api.base import (
    ApiModel,
    Column,
    Definition,
    LocalReference,
    Resource,
    Status,
    rules,
)

_URL = rules(
    (
        "self.matches(r'^https?://[^/?#@\\s]+(/[^?#\\s]*)?$')",
        "must be an http or https URL without credentials, query or fragment, "
        "for example http://joch-gateway:4000",
    )
)


class GatewayCondition(StrEnum):
    """The conditions of an LLMGateway beside Ready, Reconciling and Stalled."""

    CONFIG_WRITTEN = "ConfigWritten"
    SERVED = "Served"


class GatewayReason(StrEnum):
    """Every reason that a condition of an LLMGateway may have."""

    SERVED = "Served"
    WRITTEN = "Written"
    NO_MODELS = "NoModels"
    NAME_TAKEN = "NameTaken"
    NAME_COLLISION = "NameCollision"
    CREDENTIAL_MISSING = "CredentialMissing"
    NOT_GRANTED = "NotGranted"
    PROVIDER_NOT_FOUND = "ProviderNotFound"
    PROVIDER_INVALID = "ProviderInvalid"
    TOO_LARGE = "TooLarge"
    ADMIN_URL_MISSING = "AdminUrlMissing"
    GATEWAY_UNREACHABLE = "GatewayUnreachable"
    CONFIG_REJECTED = "ConfigRejected"
    RELOADING = "Reloading"
    MODELS_MISSING = "ModelsMissing"


class LLMGatewaySpec(ApiModel):
    """What a user says about a gateway."""

    namespaces: Annotated[
        tuple[
            Annotated[
                str,
                Field(
                    max_length=63,
                    json_schema_extra=rules(
                        (
                            "self.matches(r'^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                            "must be the name of a namespace",
                        )
                    ),
                ),
            ],
            ...,
        ],
        Field(max_length=256),
    ] = Field(
        default=(),
        description="Namespaces whose models and routes it serves. Default: its own.",
    )
    config_map_ref: LocalReference | None = Field(
        default=None,
        description="The ConfigMap that gets config.yaml. Default: the gateway's name and -litellm.",
    )
    secret_ref: LocalReference | None = Field(
        default=None,
        description="The Secret that gets the credentials. Default: the gateway's name and -litellm.",
    )
    admin_url: Annotated[str, Field(max_length=1024)] | None = Field(
        default=None,
        description="Where LiteLLM answers; what it serves is read back from there.",
        json_schema_extra=_URL,
    )
    supervisor_url: Annotated[str, Field(max_length=1024)] | None = Field(
        default=None,
        description="Where `joch gateway run` answers; it tells why a configuration was rejected.",
        json_schema_extra=_URL,
    )


class ModelCounts(ApiModel):
    """Deployments in the written configuration, and those that LiteLLM serves."""

    written: Annotated[int, Field(ge=0)] = 0
    served: Annotated[int, Field(ge=0)] | None = None


class LLMGatewayStatus(Status):
    """What the operator says about a gateway."""

    config_hash: Annotated[str, Field(max_length=80)] | None = Field(
        default=None, description="Hash of the configuration that was written."
    )
    served_hash: Annotated[str, Field(max_length=80)] | None = Field(
        default=None, description="Hash of the configuration that is live."
    )
    models: ModelCounts = ModelCounts()


class LLMGateway(Resource):
    """The LiteLLM proxy that gets the generated configuration."""

    definition: ClassVar[Definition] = Definition(
        kind="LLMGateway",
        plural="llmgateways",
        singular="llmgateway",
        short_names=("llmgw",),
        columns=(
            Column("Ready", ".status.conditions[?(@.type=='Ready')].status"),
            Column("Reason", ".status.conditions[?(@.type=='Ready')].reason"),
            Column("Written", ".status.models.written", type="integer"),
            Column("Served", ".status.models.served", type="integer"),
            Column("Config", ".status.configHash", wide=True),
            Column("Live", ".status.servedHash", wide=True),
            Column("Message", ".status.conditions[?(@.type=='Ready')].message", wide=True),
        ),
    )

    spec: LLMGatewaySpec = LLMGatewaySpec()
    status: LLMGatewayStatus = LLMGatewayStatus()
