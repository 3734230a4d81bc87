"""Model: one model at one provider, with what it can do and what it costs."""

from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field

from joch.api.backend import BackendName
from joch.api.base import (
    ApiModel,
    Column,
    Definition,
    LocalReference,
    OpenEnum,
    Region,
    Resource,
    Status,
    Timestamp,
)
from joch.api.grammar import VENDOR_ID, Grammar
from joch.api.money import Usd, UsdText


class ModelSource(OpenEnum):
    """Who made the Model."""

    MANUAL = "Manual"
    DISCOVERED = "Discovered"
    PREDEFINED = "Predefined"


class ValueSource(OpenEnum):
    """Where an effective value comes from; the first of these that states it wins."""

    USER = "User"
    VENDOR = "Vendor"
    CATALOGUE = "Catalogue"


class ModelReason(StrEnum):
    """Every reason that a condition of a Model may have."""

    AVAILABLE = "Available"
    STALE = "Stale"
    PROVIDER_NOT_FOUND = "ProviderNotFound"
    TWO_DEFAULTS = "TwoDefaults"
    NAME_COLLISION = "NameCollision"
    DUPLICATE_MODEL = "DuplicateModel"


class Capabilities(ApiModel):
    """What a model can do. Unset means unknown, and unknown satisfies no requirement."""

    tool_calling: bool | None = Field(default=None, description="Calls tools (functions).")
    parallel_tool_calls: bool | None = Field(
        default=None, description="May call several tools in one turn."
    )
    structured_output: bool | None = Field(
        default=None, description="Answers by a given JSON schema."
    )
    strict_json_schema: bool | None = Field(
        default=None, description="Guarantees the schema (strict mode)."
    )
    vision: bool | None = Field(default=None, description="Takes images.")
    documents: bool | None = Field(default=None, description="Takes documents such as PDF.")
    audio: bool | None = Field(default=None, description="Takes audio.")
    reasoning: bool | None = Field(default=None, description="Reasons before it answers.")
    computer_use: bool | None = Field(default=None, description="Has a computer-use tool.")


class Pricing(ApiModel):
    """US dollars per million tokens."""

    input_per_million: Usd | None = Field(default=None, description="USD per million input tokens.")
    output_per_million: Usd | None = Field(
        default=None, description="USD per million output tokens."
    )
    cached_input_per_million: Usd | None = Field(
        default=None, description="USD per million input tokens read from the vendor's cache."
    )


class StatedPricing(Pricing):
    """Prices in a status: the same fields as decimal text."""

    input_per_million: UsdText | None = Field(
        default=None, description="USD per million input tokens, as decimal text."
    )
    output_per_million: UsdText | None = Field(
        default=None, description="USD per million output tokens, as decimal text."
    )
    cached_input_per_million: UsdText | None = Field(
        default=None, description="USD per million cached input tokens, as decimal text."
    )


ALIAS = Grammar(
    r"[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?",
    "must be letters, digits, '-', '.' and '_', for example sonnet-4-6",
)
Tokens = Annotated[int, Field(ge=1, le=1_000_000_000)]
VendorModelId = Annotated[str, Field(max_length=253), VENDOR_ID]


class ModelFacts(ApiModel):
    """The facts about a model that its user, its vendor or the catalogue may state."""

    capabilities: Capabilities = Field(default=Capabilities(), description="What it can do.")
    context_window: Tokens | None = Field(
        default=None, description="Longest input and output together, in tokens."
    )
    max_output_tokens: Tokens | None = Field(default=None, description="Longest answer, in tokens.")
    pricing: Pricing = Field(default=Pricing(), description="What it costs.")
    regions: Annotated[tuple[Region, ...], Field(max_length=64)] = Field(
        default=(),
        description="Where it runs, in the vendor's own names. Default: the provider's regions.",
        json_schema_extra={"x-kubernetes-list-type": "set"},
    )


class ModelSpec(ModelFacts):
    """What a user says about a model; of a discovered Model only its identity."""

    provider_ref: LocalReference = Field(description="The LLMProvider that serves it.")
    model: VendorModelId = Field(description="The vendor's own id of the model.")
    alias: Annotated[str, Field(max_length=128), ALIAS] | None = Field(
        default=None,
        description="Its name in backends and in the gateway. Default: the vendor's id.",
    )
    default: bool | None = Field(
        default=None, description="true: the namespace's default Model. One a namespace."
    )


class StatedFacts(ModelFacts):
    """The facts as a status holds them: money as decimal text."""

    pricing: StatedPricing = Field(default=StatedPricing(), description="What it costs.")
    regions: Annotated[tuple[Region, ...], Field(max_length=64)] = Field(
        default=(), description="Where it runs, in the vendor's own names."
    )

    @classmethod
    def of(cls, facts: ModelFacts) -> Self:
        """The same facts, for a status."""
        return cls.model_validate(facts.model_dump())


class EffectiveFacts(StatedFacts):
    """The facts in force, each with where it came from."""

    sources: Annotated[dict[str, ValueSource], Field(max_length=64)] = Field(
        default={},
        description="Where each value comes from, by field name, e.g. contextWindow: User.",
    )


class ModelStatus(Status):
    """What the operator says about a model."""

    source: ModelSource | None = Field(default=None, description="Who made the object.")
    backend: BackendName | None = Field(
        default=None, description="How routes write it: provider:model."
    )
    gateway_model: BackendName | None = Field(
        default=None, description="Its model_name in the gateway."
    )
    stale: bool = Field(
        default=False, description="Absent from the provider's last successful listing."
    )
    last_seen_at: Timestamp | None = Field(
        default=None, description="Written only when the model goes or returns."
    )
    vendor: StatedFacts | None = Field(
        default=None, description="What the vendor's listing states."
    )
    effective: EffectiveFacts = Field(
        default=EffectiveFacts(), description="The facts that decisions use."
    )


class Model(Resource):
    """A model at a provider."""

    definition: ClassVar[Definition] = Definition(
        kind="Model",
        plural="models",
        singular="model",
        short_names=(),
        columns=(
            Column("Model", ".spec.model"),
            Column("Ready", ".status.conditions[?(@.type=='Ready')].status"),
            Column("Reason", ".status.conditions[?(@.type=='Ready')].reason"),
            Column("Backend", ".status.backend", wide=True),
            Column("Source", ".status.source", wide=True),
            Column("Context", ".status.effective.contextWindow", type="integer", wide=True),
            Column("Tools", ".status.effective.capabilities.toolCalling", wide=True),
            Column("Structured", ".status.effective.capabilities.structuredOutput", wide=True),
            Column("Vision", ".status.effective.capabilities.vision", wide=True),
            Column("Gateway-Model", ".status.gatewayModel", wide=True),
            Column("Default", ".spec.default", wide=True),
        ),
        selectable=(".spec.providerRef.name",),
    )

    spec: ModelSpec = Field(description="The desired state of the model, written by users.")
    status: ModelStatus = Field(
        default=ModelStatus(),
        description="The observed state of the model, written by the operator.",
    )

    @property
    def local_name(self) -> str:
        """The part after the colon of its backend: the alias, else the vendor's id."""
        return self.spec.alias or self.spec.model
