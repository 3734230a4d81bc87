"""The cluster as an onlooker sees it: what kubectl prints, typed objects, waiting for a state."""

import base64
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from joch.api.base import GROUP, VERSION, Resource
from joch.demo.failure import StepError
from joch.local.cluster_reader import ClusterReader, Json, ReadError
from joch.local.kubectl import Kubectl

KindT = TypeVar("KindT", bound=Resource)

_PAUSE = 0.05
_WATCH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A kubectl command and what it printed."""

    command: str
    output: str


@dataclass(frozen=True, slots=True)
class Reached(Generic[KindT]):
    """An object in the state that was waited for, and when that was seen (seconds since 1970)."""

    object: KindT
    at: float


@dataclass(frozen=True)
class Cluster:
    """One namespace of a cluster, read from outside.

    Attributes:
        kubectl: the administrator's kubectl.
        reader: the same by plain HTTP, where a table is not enough.
        namespace: the demo's.
    """

    kubectl: Kubectl
    reader: ClusterReader
    namespace: str

    def show(self, *arguments: str) -> Shown:
        """Run a kubectl command in the namespace and keep it together with its output."""
        words = (*arguments, "-n", self.namespace)
        return Shown(shlex.join(("kubectl", *words)), self.kubectl(*words).rstrip())

    def get(self, kind: type[KindT], name: str) -> KindT:
        """One object of our kinds.

        Raises:
            ReadError: it is not there, or can't be read.
        """
        return kind.model_validate(self.reader.get(f"{self._collection(kind)}/{name}"))

    def list(self, kind: type[KindT]) -> tuple[KindT, ...]:
        """Every object of a kind."""
        items = self.reader.get(self._collection(kind))["items"]
        return tuple(kind.model_validate(item) for item in items)

    def secret(self, name: str) -> dict[str, bytes]:
        """A Secret's data, decoded.

        Raises:
            ReadError: it is not there, or can't be read.
        """
        document = self.reader.get(f"/api/v1/namespaces/{self.namespace}/secrets/{name}")
        return {key: base64.b64decode(text) for key, text in (document.get("data") or {}).items()}

    def config_map(self, name: str) -> Json:
        """A whole ConfigMap.

        Raises:
            ReadError: it is not there, or can't be read.
        """
        return self.reader.get(f"/api/v1/namespaces/{self.namespace}/configmaps/{name}")

    def events_about(self, resource: Resource) -> tuple[Json, ...]:
        """The events (events.k8s.io/v1) that regard this very object, and none before it."""
        path = f"/apis/events.k8s.io/v1/namespaces/{self.namespace}/events"
        uid = resource.metadata.uid
        items = self.reader.get(path)["items"]
        return tuple(event for event in items if event["regarding"].get("uid") == uid)

    def wait(
        self,
        kind: type[KindT],
        name: str,
        reached: Callable[[KindT], bool],
        expected: str,
        within: float,
        check: Callable[[], None] = lambda: None,
    ) -> Reached[KindT]:
        """Watch an object until it is in a state; `check` may give up earlier, by raising.

        Raises:
            StepError: `expected` did not come within so many seconds; it says what was there.
        """
        deadline = time.monotonic() + within
        last = "nothing"
        while time.monotonic() < deadline:
            check()
            try:
                for seen in self.reader.watch(self._collection(kind), name, _WATCH_SECONDS):
                    found = kind.model_validate(seen.object)
                    if seen.type != "DELETED" and reached(found):
                        return Reached(found, time.time())
                    last = described(found)
            except ReadError as error:
                last = str(error)
            time.sleep(_PAUSE)
        what = f"{kind.definition.kind} {self.namespace}/{name}"
        raise StepError(f"{expected} within {within:.0f} s", f"{what} said: {last}")

    def _collection(self, kind: type[Resource]) -> str:
        plural = kind.definition.plural
        return f"/apis/{GROUP}/{VERSION}/namespaces/{self.namespace}/{plural}"


def described(resource: Resource) -> str:
    """The conditions of an object in one line, as far as they speak."""
    status = getattr(resource, "status", None)
    conditions = getattr(status, "conditions", ())
    told = [f"{c.type}={c.status} {c.reason}: {c.message}" for c in conditions if c.message]
    return "; ".join(told) or "no condition yet: the operator has not looked at it"


def is_true(resource: Resource, condition: str) -> bool:
    """Whether a condition of the object is True."""
    conditions = getattr(getattr(resource, "status", None), "conditions", ())
    return any(c.type == condition and c.status == "True" for c in conditions)
