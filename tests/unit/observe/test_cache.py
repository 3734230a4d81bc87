"""The cache never goes back in time, and its indexes tell what its objects do."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from pydantic import ValidationError

from joch.api.llmprovider import LLMProvider
from joch.api.model import Model
from joch.api.modelroute import ModelRoute
from joch.api.statecheckpoint import StateCheckpoint
from joch.decide.history.retention import Absent, Bound, Unbound
from joch.observe.cache import Cache, default_group
from joch.observe.cache.checkpoints import CheckpointStore
from joch.observe.cache.conversations import RECENT, ConversationStore
from joch.observe.cache.versions import REMEMBERED_UIDS, Versions
from tests.unit.decide.conversation_objects import binding

Raw = dict[str, Any]
SETTINGS = settings(derandomize=True, database=None, deadline=None, max_examples=60)


NOW = "2026-11-21T13:00:00Z"


def metadata(name: str, uid: str, version: int) -> Raw:
    return {
        "name": name,
        "namespace": "rig",
        "uid": uid,
        "resourceVersion": str(version),
        "generation": 1,
        "creationTimestamp": "2026-11-21T11:00:00Z",
        "managedFields": [{"manager": "kubectl"}],
    }


def raw_conversation(
    name: str = "thesis",
    uid: str = "u-1",
    version: int = 1,
    route: str | None = "research",
    backend: str | None = None,
    pinned: str | None = None,
) -> Raw:
    spec: Raw = {"tools": [{"name": "send_email"}]}
    spec |= {} if route is None else {"routeRef": {"name": route}}
    spec |= {} if pinned is None else {"model": pinned}
    status = {} if backend is None else {"binding": binding(backend)}
    return {"metadata": metadata(name, uid, version), "spec": spec, "status": status}


def raw_checkpoint(
    name: str = "r1", uid: str = "u-1", version: int = 1, of: str = "thesis", size: int | None = 7
) -> Raw:
    record = {
        "ordinal": 1,
        "conversationUid": "c",
        "transcriptDigest": "sha256:a",
        "compatibility": {"verdict": "Compatible"},
        "handoffSecret": {"name": name, "digest": "sha256:b", "bytes": size},
    }
    spec = {"conversationRef": {"name": of}, "fromBackend": "openai:gpt", "toBackend": "a:b"}
    return {
        "metadata": metadata(name, uid, version),
        "spec": spec if size is None else {**spec, "record": record},
    }


def raw_model(name: str = "gpt", version: int = 1, uid: str = "u-1", **spec: Any) -> Raw:
    return {
        "metadata": metadata(name, uid, version),
        "spec": {"providerRef": {"name": "openai"}, "model": name, **spec},
    }


# Versions


def test_an_older_or_equal_version_is_no_news() -> None:
    store = ConversationStore()
    assert store.put(raw_conversation(version=10, backend="openai:gpt"))

    assert not store.put(raw_conversation(version=10))
    assert not store.put(raw_conversation(version=9))
    assert store.place("rig/thesis") == ("rig/research", "openai:gpt")
    assert store.put(raw_conversation(version=11))
    assert store.place("rig/thesis") == ("rig/research", None)


def test_versions_are_compared_as_numbers() -> None:
    store = ConversationStore()
    store.put(raw_conversation(version=9))

    assert store.put(raw_conversation(version=10))
    assert not store.put(raw_conversation(version=9))


def test_a_late_event_of_a_deleted_object_does_not_bring_it_back() -> None:
    store = ConversationStore()
    store.put(raw_conversation(version=10))
    assert store.drop("rig/thesis", "u-1")

    assert not store.put(raw_conversation(version=11))
    assert store.get("rig/thesis") is None


def test_another_object_may_take_the_name_and_the_old_one_s_end_leaves_it_alone() -> None:
    store = ConversationStore()
    store.put(raw_conversation(version=10))
    assert store.put(raw_conversation(uid="u-2", version=12))

    assert not store.drop("rig/thesis", "u-1")
    assert not store.put(raw_conversation(uid="u-1", version=13))
    assert store.uid("rig/thesis") == "u-2"


def test_an_older_object_of_the_name_does_not_replace_the_newer_one() -> None:
    store = ConversationStore()
    store.put(raw_conversation(uid="u-2", version=12))

    assert not store.put(raw_conversation(uid="u-1", version=11))
    assert store.uid("rig/thesis") == "u-2"


def test_an_answered_request_is_not_open_again_when_its_older_version_comes_late() -> None:
    store = CheckpointStore()
    store.put(raw_checkpoint(version=2, size=None) | {"status": {"outcome": "Refused"}})

    assert not store.put(raw_checkpoint(version=1, size=None))
    assert store.requests("rig/thesis")[0].status.outcome == "Refused"


def test_a_record_never_changes_so_a_later_version_of_it_is_no_news() -> None:
    store = CheckpointStore()
    store.put(raw_checkpoint(version=1))

    assert not store.put(raw_checkpoint(version=2))


def test_a_store_of_whole_objects_keeps_time_too() -> None:
    models = Cache().models
    models.put(raw_model(version=2, alias="new"))

    assert not models.put(raw_model(version=1, alias="old"))
    assert not models.drop("rig/gpt", "other")
    assert [model.spec.alias for model in models] == ["new"]
    assert models.drop("rig/gpt", "u-1")
    assert not models.put(raw_model(version=3))
    assert len(models) == 0


def test_the_uids_of_the_gone_are_remembered_up_to_a_bound() -> None:
    versions = Versions()
    for i in range(REMEMBERED_UIDS + 1):
        versions.take("rig/x", metadata("x", f"u-{i}", i))
        versions.drop("rig/x", f"u-{i}")

    assert versions.is_news("rig/x", metadata("x", "u-0", 1))
    assert not versions.is_news("rig/x", metadata("x", "u-1", 1))


# What is kept


def test_a_conversation_comes_back_as_it_was_without_what_nobody_reads() -> None:
    store = ConversationStore()
    raw = raw_conversation(backend="openai:gpt", pinned="anthropic:sonnet")
    store.put(raw)

    found = store.get("rig/thesis")

    assert found is not None
    assert found.metadata.uid == "u-1"
    assert found.metadata.creation_timestamp == "2026-11-21T11:00:00Z"
    assert found.spec.model == "anthropic:sonnet"
    assert found.status.binding is not None
    assert found.status.binding.backend == "openai:gpt"


def test_a_conversation_is_parsed_once_a_version_while_it_is_worked_on() -> None:
    store = ConversationStore()
    store.put(raw_conversation(version=1))
    first = store.get("rig/thesis")

    assert store.get("rig/thesis") is first
    store.put(raw_conversation(version=2, backend="openai:gpt"))
    second = store.get("rig/thesis")
    assert second is not None
    assert second.status.binding is not None
    assert store.get("rig/thesis") is second
    store.drop("rig/thesis", "u-1")
    assert store.get("rig/thesis") is None


def test_a_conversation_at_rest_comes_back_as_it_was_taken() -> None:
    store = ConversationStore()
    store.put(raw_conversation(backend="openai:gpt", pinned="anthropic:sonnet"))
    taken = store.get("rig/thesis")
    for i in range(RECENT):
        store.put(raw_conversation(f"other-{i}", uid=f"other-{i}"))

    found = store.get("rig/thesis")

    assert found == taken
    assert found is not taken


def test_what_is_no_conversation_is_refused_and_leaves_the_known_one() -> None:
    store = ConversationStore()
    store.put(raw_conversation(version=1))

    with pytest.raises(ValidationError):
        store.put(raw_conversation(version=2, pinned="no backend"))

    assert store.get("rig/thesis") is not None
    assert store.of_route("rig/research") == {"rig/thesis"}
    assert store.put(raw_conversation(version=3))


def test_a_conversation_bound_to_what_is_no_backend_is_refused_and_leaves_nothing() -> None:
    store = ConversationStore()
    store.put(raw_conversation(version=1, backend="openai:gpt"))

    with pytest.raises(ValueError, match="must be a backend"):
        store.put(raw_conversation(version=2, backend="no backend"))

    assert store.concerned("rig/openai") == {"rig/thesis"}


def test_what_holds_a_conversation_s_records_is_told_apart() -> None:
    store = ConversationStore()
    store.put(raw_conversation("unbound"))
    store.put(raw_conversation("first", backend="openai:gpt"))
    switched = raw_conversation("switched", backend="openai:gpt")
    switched["status"]["binding"]["checkpoint"] = "r1"
    store.put(switched)

    assert store.hold_of("rig/gone", NOW) == Absent(NOW)
    assert store.hold_of("rig/unbound", NOW) == Unbound()
    assert store.hold_of("rig/first", NOW) == Bound(None)
    assert store.hold_of("rig/switched", NOW) == Bound("r1")


def test_models_are_found_by_provider_and_by_being_the_default() -> None:
    models = Cache().models
    models.put(raw_model("b"))
    models.put(raw_model("a", default=True))
    assert [m.metadata.name for m in models.grouped("rig/openai")] == ["a", "b"]
    assert [m.metadata.name for m in models.grouped(default_group("rig"))] == ["a"]

    models.put(raw_model("a", version=2))

    assert models.grouped(default_group("rig")) == ()


def test_models_that_may_clash_are_siblings() -> None:
    cache = Cache()
    for raw in (
        raw_model("a", alias="fast"),
        raw_model("b", alias="fast"),
        raw_model("c", model="a"),
        raw_model("d"),
    ):
        cache.models.put(raw)
    one = cache.models.get("rig/a")
    assert one is not None

    assert {model.metadata.name for model in cache.siblings(one)} == {"a", "b", "c"}


def test_routes_are_found_by_every_provider_that_they_name() -> None:
    routes = Cache().routes
    spec = {"strategy": {"primary": "openai:gpt", "fallback": ["shared/anthropic:sonnet"]}}
    routes.put({"metadata": metadata("research", "u-1", 1), "spec": spec})

    for group in ("rig", "rig/openai", "shared/anthropic"):
        assert [route.metadata.name for route in routes.grouped(group)] == ["research"]
    assert routes.grouped("rig/anthropic") == ()


@pytest.mark.parametrize("kind", [LLMProvider, Model, ModelRoute, StateCheckpoint])
def test_every_kind_has_its_store(kind: Any) -> None:
    assert Cache().store(kind).uids() == {}


# Against a naive model

NAMES = st.sampled_from(["a", "b", "c"])
UIDS = st.sampled_from(["u-1", "u-2", "u-3"])
VERSIONS = st.integers(1, 12)
BACKENDS = st.sampled_from([None, "openai:gpt", "anthropic:sonnet", "shared/openai:gpt"])
ROUTES = st.sampled_from([None, "research", "cheap"])


class Naive:
    """What a store should know: every raw object by key, and the uids that are gone."""

    def __init__(self) -> None:
        self.objects: dict[str, Raw] = {}
        self.gone: set[str] = set()

    def put(self, raw: Raw) -> bool:
        key, own = f"rig/{raw['metadata']['name']}", raw["metadata"]
        known = self.objects.get(key)
        if own["uid"] in self.gone:
            return False
        if known is not None:
            if int(own["resourceVersion"]) <= int(known["metadata"]["resourceVersion"]):
                return False
            if known["metadata"]["uid"] != own["uid"]:
                self.gone.add(known["metadata"]["uid"])
        self.objects[key] = raw
        return True

    def drop(self, key: str, uid: str) -> bool:
        known = self.objects.get(key)
        if known is None or known["metadata"]["uid"] != uid:
            return False
        del self.objects[key]
        self.gone.add(uid)
        return True

    def uids(self) -> dict[str, str]:
        return {key: raw["metadata"]["uid"] for key, raw in self.objects.items()}


class Conversations(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.store, self.naive = ConversationStore(), Naive()

    @rule(name=NAMES, uid=UIDS, version=VERSIONS, route=ROUTES, backend=BACKENDS, pinned=BACKENDS)
    def put(
        self,
        name: str,
        uid: str,
        version: int,
        route: str | None,
        backend: str | None,
        pinned: str | None,
    ) -> None:
        raw = raw_conversation(name, f"{name}-{uid}", version, route, backend, pinned)
        assert self.store.put(raw) == self.naive.put(raw)

    @rule(name=NAMES, uid=UIDS)
    def drop(self, name: str, uid: str) -> None:
        key, own = f"rig/{name}", f"{name}-{uid}"
        assert self.store.drop(key, own) == self.naive.drop(key, own)

    def named(self, raw: Raw) -> set[str]:
        bound = (raw["status"].get("binding") or {}).get("backend")
        return {text for text in (bound, raw["spec"].get("model")) if text}

    @invariant()
    def knows_the_same_objects(self) -> None:
        assert self.store.uids() == self.naive.uids()
        assert len(self.store) == len(self.naive.objects)

    @invariant()
    def finds_them_by_route(self) -> None:
        for route in ("research", "cheap", ""):
            expected = {
                key: raw
                for key, raw in self.naive.objects.items()
                if (raw["spec"].get("routeRef") or {"name": ""})["name"] == route
            }
            assert self.store.of_route(f"rig/{route}") == set(expected)
            bound = (raw["status"].get("binding") for raw in expected.values())
            counts = Counter(each["backend"] for each in bound if each)
            assert self.store.count_by_backend(f"rig/{route}") == dict(counts)

    @invariant()
    def finds_them_by_provider_and_backend(self) -> None:
        homes = {"rig/openai": "openai:", "rig/anthropic": "anthropic:"}
        for provider, start in {**homes, "shared/openai": "shared/openai:"}.items():
            expected = {
                key
                for key, raw in self.naive.objects.items()
                if any(text.startswith(start) for text in self.named(raw))
            }
            assert self.store.concerned(provider) == expected
        everything = (self.named(raw) for raw in self.naive.objects.values())
        assert self.store.backends("rig") == set().union(*everything)


class Checkpoints(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.store, self.naive = CheckpointStore(), Naive()

    @rule(name=NAMES, uid=UIDS, version=VERSIONS, of=NAMES)
    def put(self, name: str, uid: str, version: int, of: str) -> None:
        # An immutable spec: whether it is a record, and of what, is settled by the uid.
        size = {"u-1": 7, "u-2": 5, "u-3": None}[uid]
        raw = raw_checkpoint(name, f"{name}-{uid}", version, name if size else of, size)
        known = self.store.uid(f"rig/{name}") == f"{name}-{uid}"
        expected = not (known and size) and self.naive.put(raw)
        assert self.store.put(raw) == expected

    @rule(name=NAMES, uid=UIDS)
    def drop(self, name: str, uid: str) -> None:
        key, own = f"rig/{name}", f"{name}-{uid}"
        assert self.store.drop(key, own) == self.naive.drop(key, own)

    @invariant()
    def knows_records_requests_and_their_bytes(self) -> None:
        specs = {key: raw["spec"] for key, raw in self.naive.objects.items()}
        for of in ("a", "b", "c"):
            mine = {k: s for k, s in specs.items() if s["conversationRef"]["name"] == of}
            records = {f"rig/{r.name}" for r in self.store.records(f"rig/{of}")}
            requests = {r.key for r in self.store.requests(f"rig/{of}")}
            assert records == {key for key, spec in mine.items() if "record" in spec}
            assert requests == {key for key, spec in mine.items() if "record" not in spec}
        stored = (s["record"]["handoffSecret"]["bytes"] for s in specs.values() if "record" in s)
        assert self.store.stored_bytes == sum(stored)
        assert self.store.uids() == self.naive.uids()
        assert len(self.store) == len(specs)
        for key, spec in specs.items():
            assert self.store.conversation_of(key) == f"rig/{spec['conversationRef']['name']}"


TestConversations = Conversations.TestCase
TestConversations.settings = SETTINGS
TestCheckpoints = Checkpoints.TestCase
TestCheckpoints.settings = SETTINGS
