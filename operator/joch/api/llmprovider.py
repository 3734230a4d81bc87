"""LLMProvider: a vendor's account or a compatible server, its credential and its health."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from joch.api.base import (
    ApiModel,
    Column,
    Count,
    Definition,
    KeyReference,
    Message,
    OpenEnum,
    ReasonText,
    Region,
    Resource,
    Status,
    Timestamp,
)
from joch.api.duration import PositiveDuration
from joch.api.grammar import HTTP_URL, NAMESPACE_OR_ALL, Grammar, rules

TYPE_NAME = Grammar(
    r"[a-z][a-z0-9_]*",
    "must be a provider type: lower-case letters, digits and '_', for example openai_completions",
)
ModelGlob = Annotated[str, Field(max_length=253, min_length=1)]
AllowedNamespace = Annotated[str, Field(max_length=63), NAMESPACE_OR_ALL]
Threshold = Annotated[int, Field(ge=1, le=100)]


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
    SECRET_NOT_FOUND = "SecretNotFound"  # noqa: S105 - a reason, not a secret
    SECRET_KEY_MISSING = "SecretKeyMissing"  # noqa: S105 - a reason, not a secret
    SECRET_EMPTY = "SecretEmpty"  # noqa: S105 - a reason, not a secret
    SECRET_UNREADABLE = "SecretUnreadable"  # noqa: S105 - a reason, not a secret
    CREDENTIALS_MISSING = "CredentialsMissing"
    NO_CREDENTIALS_NEEDED = "NotNeeded"
    VALIDATED = "Validated"
    REJECTED = "Rejected"
    UNCHECKED = "Unchecked"
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
    """Where the credential is. Exactly one place."""

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
    interval: PositiveDuration = Field(
        default="24h", description="Time between listings. Default 24h."
    )
    include: Annotated[tuple[ModelGlob, ...], Field(max_length=64)] = Field(
        default=(), description="Globs of model ids to take. Default: all."
    )
    exclude: Annotated[tuple[ModelGlob, ...], Field(max_length=64)] = Field(
        default=(), description="Globs of model ids to leave out, after include."
    )


class Probe(ApiModel):
    """How often and how patiently the provider is asked. Probes are never billed calls."""

    interval: PositiveDuration = Field(
        default="30s", description="Time between probes. Default 30s."
    )
    timeout: PositiveDuration = Field(
        default="5s", description="Longest wait for an answer. Default 5s."
    )
    failure_threshold: Threshold = Field(
        default=3, description="Failures in a row before the provider is unhealthy. Default 3."
    )
    success_threshold: Threshold = Field(
        default=2, description="Successes in a row before it is healthy again. Default 2."
    )


class LLMProviderSpec(ApiModel):
    """What a user says about a provider."""

    type: Annotated[str, Field(max_length=63), TYPE_NAME] = Field(
        description="The provider's type: openai, openai_completions, anthropic or ollama."
    )
    base_url: Annotated[str, Field(max_length=1024), HTTP_URL] | None = Field(
        default=None, description="Base URL of the API. Default: the vendor's own."
    )
    credentials: Credentials | None = Field(
        default=None,
        description="The credential. Leave out for a server that asks for none.",
        json_schema_extra=rules(
            ("has(self.secretRef)", "must say where the credential is: set secretRef")
        ),
    )
    state: ProviderState = Field(
        default=ProviderState.ACTIVE,
        description=(
            "Active or Disabled. Disabled hides the provider from new selections and moves "
            "nobody. Default Active."
        ),
    )
    regions: Annotated[tuple[Region, ...], Field(max_length=64)] = Field(
        default=(),
        description="Where requests are processed, in the vendor's own names (eu-central-1).",
        json_schema_extra={"x-kubernetes-list-type": "set"},
    )
    discovery: Discovery = Field(default=Discovery(), description="Models from the vendor's list.")
    probe: Probe = Field(default=Probe(), description="Health probes.")
    allowed_namespaces: Annotated[tuple[AllowedNamespace, ...], Field(max_length=256)] = Field(
        default=(),
        description="Further namespaces whose routes may use this provider; '*' for all.",
        json_schema_extra={"x-kubernetes-list-type": "set"},
    )


class CredentialsStatus(ApiModel):
    """What is known of the credential, never the credential."""

    configured: bool = Field(
        default=False, description="Whether the Secret is there and its key holds something."
    )
    fingerprint: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="Keyed fingerprint: equal for equal keys of this provider."
    )
    validated_at: Timestamp | None = Field(
        default=None, description="When the vendor first took this credential."
    )


class HealthStatus(ApiModel):
    """The verdict over the last probes. Times of single probes live in metrics."""

    state: HealthState = Field(
        default=HealthState.UNKNOWN, description="Unknown, Healthy or Unhealthy."
    )
    reason: ReasonText = Field(
        default=ProviderReason.NOT_PROBED.value, description="Why, as one word."
    )
    message: Message = Field(default="", description="Why, as a sentence.")
    since: Timestamp | None = Field(default=None, description="When the state last changed.")


class SyncStatus(ApiModel):
    """The last listing that changed anything: one that changes nothing is not written.

    discovered = created + updated + unchanged + skipped.
    """

    discovered: Count = Field(default=0, description="Models in the vendor's list.")
    created: Count = Field(default=0, description="Model objects made by that listing.")
    updated: Count = Field(default=0, description="Discovered Models whose facts changed.")
    unchanged: Count = Field(default=0, description="Discovered Models that were right already.")
    skipped: Count = Field(
        default=0, description="Excluded, or written by hand: a hand-written Model wins."
    )
    stale: Count = Field(default=0, description="Models seen before and absent from this listing.")
    last_synced_at: Timestamp | None = Field(
        default=None, description="When that listing was taken in; later ones changed nothing."
    )


class LLMProviderStatus(Status):
    """What the operator says about a provider."""

    credentials: CredentialsStatus = Field(
        default=CredentialsStatus(), description="What is known of the credential."
    )
    health: HealthStatus = Field(
        default=HealthStatus(), description="The verdict over the last probes."
    )
    sync: SyncStatus | None = Field(
        default=None, description="The last listing that changed anything."
    )


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

    spec: LLMProviderSpec = Field(
        description="The desired state of the provider, written by users."
    )
    status: LLMProviderStatus = Field(
        default=LLMProviderStatus(),
        description="The observed state of the provider, written by the operator.",
    )
