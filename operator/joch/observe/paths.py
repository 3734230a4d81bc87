"""Where objects are on the API server: the URL paths of our kinds and of the few others we use."""

from dataclasses import dataclass

from joch.api.base import GROUP, VERSION, Resource


@dataclass(frozen=True, slots=True)
class Collection:
    """A resource of the API server: its prefix (`/api/v1`, `/apis/GROUP/VERSION`) and plural."""

    prefix: str
    plural: str

    def all(self) -> str:
        """The collection across all namespaces."""
        return f"{self.prefix}/{self.plural}"

    def inside(self, namespace: str) -> str:
        """The collection of one namespace."""
        return f"{self.prefix}/namespaces/{namespace}/{self.plural}"

    def one(self, namespace: str, name: str) -> str:
        """One object."""
        return f"{self.inside(namespace)}/{name}"

    def status(self, namespace: str, name: str) -> str:
        """The status subresource of one object."""
        return f"{self.one(namespace, name)}/status"


SECRETS = Collection("/api/v1", "secrets")
CONFIG_MAPS = Collection("/api/v1", "configmaps")
EVENTS = Collection("/apis/events.k8s.io/v1", "events")
LEASES = Collection("/apis/coordination.k8s.io/v1", "leases")


def collection(kind: type[Resource]) -> Collection:
    """The collection of one of our kinds."""
    return Collection(f"/apis/{GROUP}/{VERSION}", kind.definition.plural)
