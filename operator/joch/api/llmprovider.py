"""LLMProvider: a vendor's account or a compatible server, its credential and its health."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from joch.api.base import (
    ApiModel,
    Column,
    Definition,
    KeyReference,
    OpenEnum,
    Region,
    Resource,
    Status,
    rules,
)
from joch.api.duration import Duration


class ProviderState(OpenEnum):
    """Whether new selections may use the provider."""

    ACTIVE = "Active"
    DISABLED = "Disabled"


class HealthState(OpenEnum):
    """What the probes say. Unknown: no probe has ended yet."""

    UNKNOWN = "Unknown"
    HEALTHY = "Healthy"
    UNHEALTHY = "Unhealthy"


class ProviderCondition(StrEnum):
    """The conditions of an LLMProvider beside Ready, Reconciling and Stalled."""

    CREDENTIALS_VALID = "CredentialsValid"
    REACHABLE = "Reachable"
    MODELS_SYNCED = "ModelsSynced"


class ProviderReason(StrEnum):
    """Every reason that a condition of an LLMProvider may have."""

    HEALTHY = "Healthy"
    PROBING = "Probing"
    DISABLED = "Disabled"
    UNKNOWN_TYPE = "UnknownType"
    INVALID_SPEC = "InvalidSpec"
    SECRET_NOT_FOUND = "SecretNotFound"
    SECRET_KEY_MISSING = "SecretKeyMissing"
    SECRET_EMPTY = "SecretEmpty"
    CREDENTIALS_MISSING = "CredentialsMissing"
    NO_CREDENTIALS_NEEDED = "NotNeeded"
    VALIDATED = "Validated"
    REJECTED = "Rejected"
    MALFORMED = "Malformed"
    QUOTA_EXHAUSTED = "QuotaExhausted"
    REACHABLE = "Reachable"
    UNREACHABLE = "Unreachable"
    TIMEOUT = "Timeout"
    SERVER_ERROR = "ServerError"
    UNEXPECTED_ANSWER = "UnexpectedAnswer"
    NOT_PROBED = "NotProbed"
    SYNCED = "Synced"
    SYNC_FAILED = "SyncFailed"
    DISCOVERY_DISABLED = "DiscoveryDisabled"


class Credentials(ApiModel):
    """Where the credential is."""

    secret_ref: KeyReference | None = Field(
        default=None, description="The Secret and key that hold the API key."
    )


class Discovery(ApiModel):
    """Whether and how the vendor's model list becomes Model objects."""

    enabled: bool | None = Field(
        default=None,
        description=(
            "Make Model objects from the provider's list. Default: true for a vendor's own "
            "endpoint and for ollama, false where baseUrl is set."
        ),
    )
    interval: Duration = Field(default="24h", description="Time between listings. Default 24h.")
    include: Annotated[
        tuple[Annotated[str, Field(max_length=253, min_length=1)], ...], Field(max_length=64)
    ] = Field(default=(), description="Globs of model ids to take. Default: all.")
    exclude: Annotated[
        tuple[Annotated[str, Field(max_length=253, min_length=1)], ...], Field(max_length=64)
    ] = Field(default=(), description="Globs of model ids to leave out, after include.")


class Probe(ApiModel):
    """How often and how patiently the provider is asked. Probes are never billed calls."""

    interval: Duration = Field(default="30s", description="Time between probes. Default 30s.")
    timeout: Duration = Field(default="5s", description="Longest wait for an answer. Default 5s.")
    failure_threshold: Annotated[int, Field(ge=1, le=100)] = Field(
        default=3, description="Failures in a row before the provider is unhealthy. Default 3."
    )
    success_threshold: Annotated[int, Field(ge=1, le=100)] = Field(
        default=2, description="Successes in a row before it is healthy again. Default 2."
    )


class LLMProviderSpec(ApiModel):
    """What a user says about a provider."""

    type: Annotated[str, Field(min_length=1, max_length=63)] = Field(
        description="The provider's type: openai, openai_completions, anthropic or ollama.",
        json_schema_extra=rules(
            ("self.matches(r'^[a-z][a-z0-9_]*$')", "must be a provider type such as openai_completions")
        ),
    )
    base_url: Annotated[str, Field(max_length=1024)] | None = Field(
        default=None,
        description="Base URL of the API. Default: the vendor's own.",
        json_schema_extra=rules(
            (
                "self.matches(r'^https?://[^/?#@\\s]+(/[^?#\\s]*)?$')",
                "must be an http or https URL without credentials, query or fragment, "
                "for example https://llm.example.com/v1",
            )
        ),
    )
    credentials: Credentials | None = Field(
        default=None, description="The credential. Leave out for a server that asks for none."
    )
    state: ProviderState = Field(
        default=ProviderState.ACTIVE,
        description="Disabled hides the provider from new selections and moves nobody.",
    )
    regions: Annotated[tuple[Region, ...], Field(max_length=64)] = Field(
        default=(),
        description="Where requests are processed, in the vendor's own names (eu-central-1).",
    )
    discovery: Discovery = Field(default=Discovery(), description="Models from the vendor's list.")
    probe: Probe = Field(default=Probe(), description="Health probes.")
    allowed_namespaces: Annotated[
        tuple[
            Annotated[
                str,
                Field(
                    max_length=63,
                    json_schema_extra=rules(
                        (
                            "self == '*' || self.matches(r'^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                            "must be the name of a namespace, or '*' for all",
                        )
                    ),
                ),
            ],
            ...,
        ],
        Field(max_length=256),
    ] = Field(
        default=(),
        description="Further namespaces whose routes may use this provider; '*' for all.",
    )


class CredentialsStatus(ApiModel):
    """What is known of the credential, never the credential."""

    configured: bool = False
    fingerprint: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="Keyed fingerprint: equal for equal keys of this provider."
    )
    validated_at: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="When the vendor first took this credential."
    )


class HealthStatus(ApiModel):
    """The verdict over the last probes. Times of single probes live in metrics."""

    state: HealthState = HealthState.UNKNOWN
    reason: Annotated[str, Field(max_length=64)] = ProviderReason.NOT_PROBED.value
    message: Annotated[str, Field(max_length=1024)] = ""
    since: Annotated[str, Field(max_length=64)] | None = None


class SyncStatus(ApiModel):
    """The last successful listing. discovered = created + updated + unchanged + skipped."""

    discovered: int = Field(default=0, description="Models in the vendor's list.")
    created: int = Field(default=0, description="Model objects made by that listing.")
    updated: int = Field(default=0, description="Discovered Models whose facts changed.")
    unchanged: int = Field(default=0, description="Discovered Models that were right already.")
    skipped: int = Field(default=0, description="Excluded, or written by hand: a hand-written Model wins.")
    stale: int = Field(default=0, description="Models seen before and absent from this listing.")
    last_synced_at: Annotated[str, Field(max_length=64)] | None = None


class LLMProviderStatus(Status):
    """What the operator says about a provider."""

    credentials: CredentialsStatus = CredentialsStatus()
    health: HealthStatus = HealthStatus()
    sync: SyncStatus | None = None


class LLMProvider(Resource):
    """A vendor's account or a compatible server that conversations may be bound to."""

    definition: ClassVar[Definition] = Definition(
        kind="LLMProvider",
        plural="llmproviders",
        singular="llmprovider",
        short_names=("llmp",),
        columns=(
            Column("Type", ".spec.type"),
            Column("Ready", ".status.conditions[?(@.type=='Ready')].status"),
            Column("Reason", ".status.conditions[?(@.type=='Ready')].reason"),
            Column("Health", ".status.health.state"),
            Column("Since", ".status.health.since", type="date"),
            Column("State", ".spec.state", wide=True),
            Column("Base-URL", ".spec.baseUrl", wide=True),
            Column("Models", ".status.sync.discovered", type="integer", wide=True),
            Column("Message", ".status.conditions[?(@.type=='Ready')].message", wide=True),
        ),
    )

    spec: LLMProviderSpec
    status: LLMProviderStatus = LLMProviderStatus()
