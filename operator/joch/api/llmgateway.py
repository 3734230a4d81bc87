"""LLMGateway: the LiteLLM proxy that gets the generated configuration."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from joch.api.base import ApiModel, Column, Count, Definition, LocalReference, Resource, Status
from joch.api.grammar import HTTP_URL, NAMESPACE

Namespace = Annotated[str, Field(max_length=63), NAMESPACE]
Url = Annotated[str, Field(max_length=1024), HTTP_URL]
ConfigHash = Annotated[str, Field(max_length=80)]


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

    namespaces: Annotated[tuple[Namespace, ...], Field(max_length=256)] = Field(
        default=(),
        description="Namespaces whose models and routes it serves. Default: its own.",
        json_schema_extra={"x-kubernetes-list-type": "set"},
    )
    config_map_ref: LocalReference | None = Field(
        default=None,
        description="The ConfigMap that gets config.yaml. Default: the gateway's name + -litellm.",
    )
    secret_ref: LocalReference | None = Field(
        default=None,
        description="The Secret that gets the credentials. Default: the gateway's name + -litellm.",
    )
    admin_url: Url | None = Field(
        default=None,
        description="Where LiteLLM answers; what it serves is read back from there.",
    )
    supervisor_url: Url | None = Field(
        default=None,
        description="Where `joch gateway run` answers; it tells why a configuration was rejected.",
    )


class ModelCounts(ApiModel):
    """Deployments in the written configuration, and those that LiteLLM serves."""

    written: Count = Field(default=0, description="Deployments in the written configuration.")
    served: Count | None = Field(default=None, description="Deployments that LiteLLM serves.")


class LLMGatewayStatus(Status):
    """What the operator says about a gateway."""

    config_hash: ConfigHash | None = Field(
        default=None, description="Hash of the configuration that was written."
    )
    served_hash: ConfigHash | None = Field(
        default=None, description="Hash of the configuration that is live."
    )
    models: ModelCounts = Field(
        default=ModelCounts(), description="Deployments written and served."
    )


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

    spec: LLMGatewaySpec = Field(
        default=LLMGatewaySpec(), description="The desired state of the gateway, written by users."
    )
    status: LLMGatewayStatus = Field(
        default=LLMGatewayStatus(),
        description="The observed state of the gateway, written by the operator.",
    )
