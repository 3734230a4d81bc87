"""A namespace in which something is wrong: what is said of it, and that the rest goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.cluster import objects
from tests.cluster.objects import Manifest, manifest
from tests.cluster.space import Space
from tests.cluster.world import backend_of, condition

WELL_KEY = "sk-ant-right"
FAST = {"interval": "300ms", "timeout": "1s", "failureThreshold": 2, "successThreshold": 1}
"""Probes by which a sick vendor is found out soon, and a mended one as well."""


@dataclass(frozen=True)
class Place:
    """A test's namespace, and the URL of a vendor (Anthropic's API) that is well."""

    space: Space
    well_url: str

    @property
    def namespace(self) -> str:
        return self.space.namespace

    def stalled(self, plural: str, name: str, reason: str, *parts: str) -> str:
        """Wait until the object is Stalled (its user must mend it) for this reason.

        The sentence of Ready holds every one of `parts`, in which {ns} is the namespace.
        """
        return self._told(plural, name, reason, parts, ["Stalled"])

    def waiting(self, plural: str, name: str, reason: str, *parts: str) -> str:
        """The same, for what may pass by itself."""
        return self._told(plural, name, reason, parts, ["Reconciling"])

    def unready(self, plural: str, name: str, reason: str, *parts: str) -> str:
        """The same, whoever has to mend it."""
        return self._told(plural, name, reason, parts, ["Stalled", "Reconciling"])

    def _told(
        self, plural: str, name: str, reason: str, parts: Sequence[str], also: Sequence[str]
    ) -> str:
        """Ready is False for the reason, and so is exactly one of the conditions in `also`."""
        wanted = [part.format(ns=self.namespace) for part in parts]

        def told(found: Manifest) -> bool:
            others = {kind: condition(found, kind) for kind in ("Stalled", "Reconciling")}
            shown = [kind for kind, each in others.items() if each[:2] == ("True", reason)]
            status, why, message = condition(found, "Ready")
            said = (status, why) == ("False", reason) and all(part in message for part in wanted)
            return said and len(shown) == 1 and shown[0] in also

        message = condition(self.space.wait(plural, name, told), "Ready")[2]
        if plural != "modelroutes":
            assert self.column(plural, name) == reason
        return message

    def ready(self, plural: str, name: str, reason: str) -> Manifest:
        """Wait until the object is Ready, with nothing left of what was wrong with it."""
        return self.space.wait(plural, name, lambda found: is_well(found, reason))

    def bound(self, name: str, backend: str) -> Manifest:
        """Wait until a conversation is bound to a backend, and Ready there."""

        def bound(found: Manifest) -> bool:
            return backend_of(found) == backend and is_well(found, "Bound")

        return self.space.wait("conversations", name, bound)

    def column(self, plural: str, name: str, title: str = "REASON") -> str:
        """What `kubectl get` shows of an object under a title, without any further options."""
        shown = self.space.kubectl("get", f"{plural}.joch.dev", name, "-n", self.namespace)
        header, line = shown.splitlines()
        return line[header.index(title) :].split()[0]

    def others_go_on(self) -> None:
        """Apply a provider, a model, a route and a conversation that are well: they serve."""
        self.space.apply(
            objects.secret("well-key", WELL_KEY),
            self.well_provider("well"),
            objects.model("well", objects.GLOBEX_MODEL, providerRef={"name": "well"}, alias="ok"),
            route("well", "well:ok"),
            conversation("well", routeRef={"name": "well"}),
        )
        self.bound("well", "well:ok")

    def well_provider(self, name: str, **spec: Any) -> Manifest:
        """A provider at the vendor that is well."""
        return objects.provider(name, "anthropic", self.well_url, probe=FAST, **spec)


def is_well(found: Manifest, reason: str) -> bool:
    """Whether an object is Ready for a reason, and neither Stalled nor Reconciling."""
    left = [condition(found, kind)[0] for kind in ("Stalled", "Reconciling")]
    return condition(found, "Ready")[:2] == ("True", reason) and left == ["", ""]


def route(name: str, primary: str, *fallback: str, **spec: Any) -> Manifest:
    strategy = {"primary": primary, "fallback": list(fallback)}
    return manifest("ModelRoute", name, spec={"strategy": strategy, **spec})


def conversation(name: str = "chat", **spec: Any) -> Manifest:
    """A conversation that says nothing but this."""
    return manifest("Conversation", name, spec=spec)
