"""What every kind of the API shares: the base model, metadata, references, open enums."""

import enum
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from joch.api.conditions import Condition
from joch.api.grammar import DATA_KEY, OBJECT_NAME

GROUP = "joch.dev"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"
CATEGORY = "joch"


class ApiModel(BaseModel):
    """A frozen part of an API object: snake_case in Python, camelCase on the wire.

    Unknown fields are ignored on read: a newer CRD may carry what this version does not know.
    """

    model_config = ConfigDict(
        frozen=True, alias_generator=to_camel, populate_by_name=True, extra="ignore"
    )

    def to_wire(self) -> dict[str, Any]:
        """This part as JSON-ready data: camelCase keys, unset (None) fields left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class OpenEnum(enum.StrEnum):
    """An enum whose readers keep values they don't know, so that a later version may add one."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def known(self) -> bool:
        """False for a value that this version of Joch does not know."""
        return self._name_ in type(self).__members__


class OwnerReference(ApiModel):
    """An entry of `metadata.ownerReferences`."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool = False


class ObjectMeta(ApiModel):
    """The parts of Kubernetes' ObjectMeta that Joch reads. Timestamps are RFC 3339 text."""

    name: str
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    generation: int = 0
    creation_timestamp: str = ""
    deletion_timestamp: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    owner_references: tuple[OwnerReference, ...] = ()


Name = Annotated[str, Field(max_length=253), OBJECT_NAME]
"""The name of an object, as a user writes it."""

ObjectName = Annotated[str, Field(max_length=253)]
"""The name of an object, as the operator wrote it."""

Region = Annotated[str, Field(min_length=1, max_length=64)]
Digest = Annotated[str, Field(max_length=80)]
"""`sha256:` and 64 hex digits."""

Timestamp = Annotated[str, Field(max_length=64, json_schema_extra={"format": "date-time"})]
"""A time as RFC 3339 text, in UTC."""

ReasonText = Annotated[str, Field(max_length=64)]
"""A member of a closed list of reasons, kept when a later version wrote one that is new."""

Message = Annotated[str, Field(max_length=1024)]
"""A sentence for people."""

Count = Annotated[int, Field(ge=0)]


class LocalReference(ApiModel):
    """The name of an object in the same namespace."""

    model_config = ConfigDict(json_schema_extra={"x-kubernetes-map-type": "atomic"})

    name: Name = Field(description="Name of the object, in the same namespace.")


class KeyReference(ApiModel):
    """One key of a Secret or ConfigMap in the same namespace."""

    model_config = ConfigDict(json_schema_extra={"x-kubernetes-map-type": "atomic"})

    name: Name = Field(description="Name of the object, in the same namespace.")
    key: Annotated[str, Field(max_length=253), DATA_KEY] = Field(
        description="Key inside the object's data."
    )


class Status(ApiModel):
    """What every status has. `observedGeneration` -1: the operator has not seen the object yet."""

    observed_generation: int = Field(
        default=-1, description="The generation of the spec that this status speaks about."
    )
    conditions: Annotated[tuple[Condition, ...], Field(max_length=16)] = Field(
        default=(),
        description="Ready, Reconciling and Stalled as kstatus means them, and the kind's own.",
        json_schema_extra={
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["type"],
        },
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `kubectl get`. `wide`: only with `-o wide`."""

    name: str
    json_path: str
    type: str = "string"
    wide: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """How a kind is registered: names, columns, and rules that see the whole object.

    `selectable` are the JSON paths that `kubectl get --field-selector` takes.
    """

    kind: str
    plural: str
    singular: str
    short_names: tuple[str, ...]
    columns: tuple[Column, ...]
    validations: tuple[tuple[str, str], ...] = ()
    selectable: tuple[str, ...] = ()


class Resource(ApiModel):
    """Base of all kinds: `metadata`, and the class's `definition`."""

    definition: ClassVar[Definition]

    metadata: ObjectMeta

    @property
    def key(self) -> str:
        """`namespace/name`, unique within the kind."""
        return f"{self.metadata.namespace}/{self.metadata.name}"
