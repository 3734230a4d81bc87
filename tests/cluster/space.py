"""One namespace as its user works in it: apply, edit, delete, read, and wait by watching."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from joch.local.kubectl import Kubectl
from tests.cluster.objects import Manifest

WAIT = 40
"""Seconds until a condition that does not come about has failed."""

USER = "test-user"
"""The field manager of everything that a test writes as a user."""

PREFIXES = {
    "configmaps": "/api/v1",
    "secrets": "/api/v1",
    "events": "/apis/events.k8s.io/v1",
    "leases": "/apis/coordination.k8s.io/v1",
}
PLURALS = {
    "LLMProvider": "llmproviders",
    "Model": "models",
    "ModelRoute": "modelroutes",
    "Conversation": "conversations",
    "StateCheckpoint": "statecheckpoints",
    "LLMGateway": "llmgateways",
    "ConfigMap": "configmaps",
    "Secret": "secrets",
}
MERGE_PATCH = {"content-type": "application/merge-patch+json"}
APPLY_PATCH = {"content-type": "application/apply-patch+yaml"}


@dataclass(frozen=True)
class Space:
    """A namespace; objects are named by their plural and name."""

    namespace: str
    client: httpx.Client
    kubectl: Kubectl

    def path(self, plural: str, name: str = "") -> str:
        prefix = PREFIXES.get(plural, "/apis/joch.dev/v1alpha1")
        return f"{prefix}/namespaces/{self.namespace}/{plural}/{name}".rstrip("/")

    def apply(self, *manifests: Manifest) -> None:
        """Server-side apply, as Flux does it."""
        for each in manifests:
            path = self.path(PLURALS[each["kind"]], each["metadata"]["name"])
            query = {"fieldManager": USER, "force": "true"}
            self._ask("PATCH", path, each, APPLY_PATCH, query)

    def edit(self, plural: str, name: str, patch: Mapping[str, Any]) -> Manifest:
        """Change some fields of an object, as `kubectl patch --type=merge` does."""
        query = {"fieldManager": USER}
        return self._ask("PATCH", self.path(plural, name), patch, MERGE_PATCH, query)

    def delete(self, plural: str, name: str) -> None:
        self._ask("DELETE", self.path(plural, name))

    def get(self, plural: str, name: str) -> Manifest:
        return self._ask("GET", self.path(plural, name))

    def all(self, plural: str) -> list[Manifest]:
        """All objects of a kind, by name."""
        found: list[Manifest] = self._ask("GET", self.path(plural))["items"]
        return sorted(found, key=lambda each: str(each["metadata"]["name"]))

    def wait(
        self, plural: str, name: str, condition: Callable[[Manifest], object], seconds: int = WAIT
    ) -> Manifest:
        """Watch an object until the condition holds for it; fail with what it was last."""
        query = {"fieldSelector": f"metadata.name={name}"}
        last: Manifest = {}
        for event in self._watch(plural, query, seconds):
            last = event["object"]
            if event["type"] != "DELETED" and condition(last):
                return last
        raise AssertionError(f"{plural}/{name} did not come to it in {seconds} s: {_shown(last)}")

    def wait_for_any(
        self, plural: str, condition: Callable[[Manifest], object], seconds: int = WAIT
    ) -> Manifest:
        """Watch a kind until the condition holds for one of its objects."""
        seen: dict[str, Manifest] = {}
        for event in self._watch(plural, {}, seconds):
            last: Manifest = event["object"]
            seen[last["metadata"]["name"]] = last
            if event["type"] != "DELETED" and condition(last):
                return last
        shown = "\n".join(map(_shown, seen.values())) or "there are none"
        raise AssertionError(f"no {plural} came to it in {seconds} s: {shown}")

    def wait_gone(self, plural: str, name: str, seconds: int = WAIT) -> None:
        """Watch until there is no such object."""
        query = {"fieldSelector": f"metadata.name={name}"}
        items = self._ask("GET", self.path(plural), query=query)
        if not items["items"]:
            return
        version = {"resourceVersion": items["metadata"]["resourceVersion"]}
        for event in self._watch(plural, {**query, **version}, seconds):
            if event["type"] == "DELETED":
                return
        raise AssertionError(f"{plural}/{name} is still there after {seconds} s")

    def _watch(
        self, plural: str, query: Mapping[str, str], seconds: int
    ) -> Iterator[dict[str, Any]]:
        """The objects as they are, then every change, until the time is over."""
        asked = {"watch": "1", "timeoutSeconds": str(seconds), **query}
        with self.client.stream(
            "GET", self.path(plural), params=asked, timeout=seconds + 10
        ) as got:
            got.raise_for_status()
            for line in got.iter_lines():
                yield json.loads(line)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Manifest:
        content = None if body is None else json.dumps(body)
        got = self.client.request(
            method, path, content=content, headers=dict(headers or {}), params=dict(query or {})
        )
        assert got.is_success, f"{method} {path}: {got.status_code} {got.text}"
        answer: Manifest = got.json()
        return answer


def _shown(found: Manifest) -> str:
    return json.dumps({name: found.get(name) for name in ("metadata", "spec", "status")}, indent=1)
