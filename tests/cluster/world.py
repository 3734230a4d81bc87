"""The little world of these tests: two vendors, a route over both, an operator, a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.audit_log import AuditLog, Request
from tests.cluster import objects
from tests.cluster.objects import ACME, Manifest
from tests.cluster.operators import LEASE, OperatorProcess, Operators
from tests.cluster.space import Space
from tests.cluster.vendors import LocalVendor, Vendors
from tests.vendors.anthropic import Anthropic
from tests.vendors.openai import OpenAI
from tests.vendors.server import Vendor

KEYS = ("sk-right", "sk-ant-right")


@dataclass
class World:
    """What a test holds in its hands; `acme` and `globex` are the vendors' servers."""

    space: Space
    acme: LocalVendor
    globex: LocalVendor
    operators: Operators
    audit: AuditLog

    @classmethod
    def make(
        cls,
        space: Space,
        vendors: Vendors,
        operators: Operators,
        audit: AuditLog,
        acme: Vendor | None = None,
    ) -> "World":
        """Start the vendors, and apply their providers, keys and models."""
        started = vendors.start(acme or OpenAI()), vendors.start(Anthropic())
        world = cls(space, *started, operators, audit)
        space.apply(objects.secret("acme-key", KEYS[0]), objects.secret("globex-key", KEYS[1]))
        space.apply(world.acme_provider(), world.globex_provider())
        space.apply(
            objects.model("large", objects.ACME_MODEL), objects.model("pro", objects.GLOBEX_MODEL)
        )
        return world

    def acme_provider(self, **spec: Any) -> Manifest:
        return objects.provider("acme", "openai", f"{self.acme.url}/v1", **spec)

    def globex_provider(self, **spec: Any) -> Manifest:
        return objects.provider("globex", "anthropic", self.globex.url, **spec)

    def talk(
        self,
        messages: Sequence[Mapping[str, Any]] = objects.TALK,
        *,
        route: Manifest | None = None,
        **spec: Any,
    ) -> None:
        """Apply the route and the conversation, with its messages."""
        self.space.apply(route or objects.route())
        self.space.apply(objects.transcript("chat", messages), objects.conversation(**spec))

    def bound(self, backend: str = ACME) -> Manifest:
        """Wait until the conversation is bound to a backend, and Ready there."""
        return self.space.wait(
            "conversations",
            "chat",
            lambda found: backend_of(found) == backend and condition(found, "Ready")[0] == "True",
        )

    def told(self, switches: int = 1) -> list[Manifest]:
        """Wait until the last of that many switches has its event; all of them."""
        chat = self.switched(switches)
        last = chat["status"]["switches"][-1]["checkpoint"]
        self.space.wait_for_any("events", lambda event: checkpoint_of(event) == last)
        return self.events()

    def switched(self, switches: int = 1) -> Manifest:
        """Wait until the conversation has switched that often."""
        return self.space.wait("conversations", "chat", lambda c: switch_count(c) == switches)

    def judged_again(self) -> Manifest:
        """Have the conversation judged once more, by all that the operator has been told by now."""
        spec = self.space.get("conversations", "chat")["spec"]
        tokens = spec.get("window", {}).get("maxTokens", 10_000) + 1
        edit = {"spec": {"window": {"maxTokens": tokens}}}
        generation = self.space.edit("conversations", "chat", edit)["metadata"]["generation"]
        return self.space.wait(
            "conversations", "chat", lambda c: c["status"]["observedGeneration"] == generation
        )

    def edit_route(self, spec: Mapping[str, Any]) -> Manifest:
        """Edit the route, and wait until it was judged as it is now."""
        generation = self.space.edit("modelroutes", "research", {"spec": spec})["metadata"][
            "generation"
        ]
        return self.space.wait(
            "modelroutes", "research", lambda r: r["status"]["observedGeneration"] == generation
        )

    def eligible(self, backend: str) -> Manifest:
        """Wait until the route takes this backend for one that may serve."""
        return self.space.wait(
            "modelroutes", "research", lambda route: backend in eligible_backends(route)
        )

    def waits(self, reason: str) -> str:
        """Wait until the conversation is not Ready for this reason; its sentence."""
        found = self.space.wait(
            "conversations",
            "chat",
            lambda c: condition(c, "Ready")[:2] == ("False", reason),
        )
        return condition(found, "Ready")[2]

    def events(self) -> list[Manifest]:
        """The ProviderSwitched events, oldest first."""
        found = [e for e in self.space.all("events") if e["reason"] == "ProviderSwitched"]
        return sorted(found, key=lambda event: str(event["eventTime"]))

    def records(self) -> list[Manifest]:
        """The records of switches, committed or not."""
        return [c for c in self.space.all("statecheckpoints") if "record" in c["spec"]]

    def handoffs(self) -> list[Manifest]:
        return [s for s in self.space.all("secrets") if s.get("type") == "joch.dev/handoff"]

    def writes(self, since: int) -> list[Request]:
        """The operator's writes since a position of the audit log, but for its Lease."""
        found = self.audit.writes(since, user=self.operators.user)
        return [write for write in found if write.resource != "leases"]

    def lease_renewed(self, times: int = 1) -> None:
        """Wait until whoever leads has renewed its Lease that often."""
        seen: set[str] = set()

        def renewed(lease: Manifest) -> bool:
            seen.add(lease["spec"]["renewTime"])
            return len(seen) > times

        self.space.wait("leases", LEASE, renewed, seconds=20 + 4 * times)

    def replace_dead(self) -> OperatorProcess:
        """Start an operator in the place of a dead one, without the wait for its Lease."""
        self.space.delete("leases", LEASE)
        return self.operators.start()


def backend_of(conversation: Manifest) -> str | None:
    backend: str | None = conversation["status"].get("binding", {}).get("backend")
    return backend


def switch_count(conversation: Manifest) -> int:
    return int(conversation["status"].get("switchCount", 0))


def condition(found: Manifest, kind: str) -> tuple[str, str, str]:
    """Status, reason and message of a condition; empty where there is none."""
    for each in found.get("status", {}).get("conditions", ()):
        if each["type"] == kind:
            return each["status"], each["reason"], each["message"]
    return "", "", ""


def eligible_backends(route: Manifest) -> list[str]:
    return [c["backend"] for c in route["status"].get("candidates", ()) if c["eligible"]]


def checkpoint_of(event: Manifest) -> str | None:
    name: str | None = event["metadata"].get("annotations", {}).get("joch.dev/checkpoint")
    return name
