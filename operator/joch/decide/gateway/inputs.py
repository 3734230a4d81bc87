"""What the plan of a gateway is made from, and the problems that it may find."""

from collections.abc import Mapping
from dataclasses import dataclass

from joch.api.llmgateway import GatewayReason, LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute


@dataclass(frozen=True, slots=True)
class GatewayInput:
    """Everything that decides what a gateway serves, read at one moment.

    Attributes:
        gateway: the gateway.
        providers: by `namespace/name`; those of the served namespaces, and of the namespaces that
            routes and conversations there refer to.
        models: of the same namespaces, in any order.
        routes: of the served namespaces, in any order.
        credentials: `namespace/name` of the providers whose credential was found and is not empty.
        bound: backends that conversations of the served namespaces are bound to or pinned to, as
            `namespace/provider:model`: another namespace's models are served for them.
    """

    gateway: LLMGateway
    providers: Mapping[str, LLMProvider]
    models: tuple[Model, ...] = ()
    routes: tuple[ModelRoute, ...] = ()
    credentials: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()

    @property
    def home(self) -> str:
        """The gateway's own namespace: its names have no prefix."""
        return self.gateway.metadata.namespace

    @property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that the gateway serves."""
        return frozenset(self.gateway.spec.namespaces or (self.home,))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that is not served, or not written, and what to do about it."""

    reason: GatewayReason
    message: str
