"""What a model list makes of the Model objects of its provider."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joch.api.llmprovider import LLMProvider, LLMProviderStatus, SyncStatus
from joch.api.model import Model, ModelFacts, ModelSource, StatedFacts
from joch.decide.provider.discovery import (
    Fate,
    ModelsPlan,
    discovered_name,
    discovery_enabled,
    is_discovered,
    plan_models,
)
from joch.providers.base import ListedModel
from tests.unit.decide.provider_objects import LATER, NOON, provider, written_by_hand
from tests.unit.decide.routing_objects import PROPERTY

WINDOW = ModelFacts(context_window=200_000)


def listing(*ids: str, facts: ModelFacts | None = None) -> list[ListedModel]:
    return [ListedModel(id_, facts or ModelFacts()) for id_ in ids]


def applied(plan: ModelsPlan, existing: tuple[Model, ...] = ()) -> tuple[Model, ...]:
    """The Models of the cluster after a plan was carried out."""
    new_status = {model.metadata.name: status for model, status in plan.status}
    kept = tuple(
        model.model_copy(update={"status": new_status.get(model.metadata.name, model.status)})
        for model in existing
    )
    return (*kept, *plan.create)


def after(of: LLMProvider, plan: ModelsPlan) -> LLMProvider:
    """The provider after its status was written."""
    return of.model_copy(update={"status": LLMProviderStatus(sync=plan.sync)})


def test_every_listed_model_becomes_a_model_with_its_identity_and_its_owner() -> None:
    plan = plan_models(provider(), listing("gpt-5.2", facts=WINDOW), (), NOON)
    (model,) = plan.create
    assert model.spec.to_wire() == {
        "providerRef": {"name": "openai"},
        "model": "gpt-5.2",
        "capabilities": {},
        "pricing": {},
        "regions": [],
    }
    assert model.metadata.labels == {"app.kubernetes.io/managed-by": "joch"}
    (owner,) = model.metadata.owner_references
    assert (owner.kind, owner.name, owner.uid, owner.controller) == (
        "LLMProvider",
        "openai",
        "uid-1",
        True,
    )
    assert model.status.source is ModelSource.DISCOVERED
    assert model.status.vendor == StatedFacts.of(WINDOW)
    assert model.status.last_seen_at == NOON
    assert plan.sync == SyncStatus(discovered=1, created=1, last_synced_at=NOON)


def test_names_are_short_readable_and_different_where_ids_differ_in_a_sign() -> None:
    first = discovered_name("a-provider-with-a-long-name", "accounts/fireworks/models/llama-v3")
    assert first.startswith("a-provider-with-a-lo-accounts-fireworks-m-")
    assert len(first) <= 50
    assert discovered_name("p", "llama3.2:3b") != discovered_name("p", "llama3.2-3b")
    assert discovered_name("p", "漢字").startswith("p-x-")


def test_the_same_listing_again_changes_nothing_at_all() -> None:
    of = provider()
    first = plan_models(of, listing("a", "b", facts=WINDOW), (), NOON)
    again = plan_models(after(of, first), listing("b", "a", facts=WINDOW), first.create, LATER)
    assert (again.create, again.status) == ((), ())
    assert again.sync == first.sync
    assert set(again.fates.values()) == {Fate.UNCHANGED}


def test_new_facts_of_a_known_model_go_to_its_status() -> None:
    of = provider()
    first = plan_models(of, listing("a"), (), NOON)
    plan = plan_models(after(of, first), listing("a", facts=WINDOW), first.create, LATER)
    ((_, status),) = plan.status
    assert status.vendor == StatedFacts.of(WINDOW)
    assert status.last_seen_at == NOON
    assert plan.sync == SyncStatus(discovered=1, updated=1, last_synced_at=LATER)


def test_a_model_that_is_gone_is_stale_since_it_was_last_seen_and_is_never_deleted() -> None:
    of = provider()
    first = plan_models(of, listing("a", "b"), (), NOON)
    plan = plan_models(after(of, first), listing("a"), first.create, LATER)
    ((model, status),) = plan.status
    assert (model.spec.model, status.stale, status.last_seen_at) == ("b", True, NOON)
    assert plan.sync == SyncStatus(discovered=1, unchanged=1, stale=1, last_synced_at=LATER)
    gone = applied(plan, first.create)
    again = plan_models(after(of, plan), listing("a"), gone, "2026-11-22T00:00:00Z")
    assert (again.status, again.sync) == ((), plan.sync)


def test_a_model_that_returns_is_seen_now() -> None:
    of = provider()
    first = plan_models(of, listing("a"), (), NOON)
    without = plan_models(after(of, first), listing(), first.create, NOON)
    back = plan_models(after(of, without), listing("a"), applied(without, first.create), LATER)
    ((_, status),) = back.status
    assert (status.stale, status.last_seen_at) == (False, LATER)
    assert back.sync == SyncStatus(discovered=1, updated=1, last_synced_at=LATER)


def test_a_model_written_by_hand_wins_and_gets_the_vendors_facts() -> None:
    mine = written_by_hand("gpt-5.2")
    plan = plan_models(provider(), listing("gpt-5.2", facts=WINDOW), (mine,), NOON)
    assert plan.create == ()
    ((model, status),) = plan.status
    assert model == mine
    assert status.vendor == StatedFacts.of(WINDOW)
    assert plan.sync == SyncStatus(discovered=1, skipped=1, last_synced_at=NOON)


def test_a_model_written_by_hand_is_never_stale() -> None:
    plan = plan_models(provider(), listing("other"), (written_by_hand("my-alias"),), NOON)
    assert plan.status == ()
    assert plan.sync.stale == 0


def test_a_hand_written_model_of_another_provider_is_no_twin() -> None:
    other = written_by_hand("gpt-5.2", providerRef={"name": "azure"})
    plan = plan_models(provider(), listing("gpt-5.2"), (other,), NOON)
    assert [model.spec.model for model in plan.create] == ["gpt-5.2"]
    assert plan.status == ()


def test_a_name_that_somebody_else_took_is_left_to_them() -> None:
    squatter = written_by_hand("other", name=discovered_name("openai", "gpt-5.2"))
    plan = plan_models(provider(), listing("gpt-5.2"), (squatter,), NOON)
    assert plan.create == ()
    assert plan.fates["gpt-5.2"] is Fate.SKIPPED


@pytest.mark.parametrize(
    ("include", "exclude", "created"),
    [
        ([], [], ["gpt-5.2", "gpt-5.2-mini", "o4", "whisper-1"]),
        (["gpt-*"], [], ["gpt-5.2", "gpt-5.2-mini"]),
        (["gpt-*", "o?"], ["*-mini"], ["gpt-5.2", "o4"]),
        (["GPT-*"], [], []),
        ([], ["*"], []),
    ],
)
def test_globs_choose_and_what_they_leave_out_is_counted(
    include: list[str], exclude: list[str], created: list[str]
) -> None:
    of = provider(discovery={"include": include, "exclude": exclude})
    plan = plan_models(of, listing("gpt-5.2", "gpt-5.2-mini", "o4", "whisper-1"), (), NOON)
    assert [model.spec.model for model in plan.create] == created
    assert plan.sync.skipped == 4 - len(created)


def test_a_model_that_is_excluded_later_is_stale() -> None:
    of = provider()
    first = plan_models(of, listing("a", "b"), (), NOON)
    narrow = provider(discovery={"exclude": ["b"]}, status=LLMProviderStatus(sync=first.sync))
    plan = plan_models(narrow, listing("a", "b"), first.create, LATER)
    assert [(model.spec.model, status.stale) for model, status in plan.status] == [("b", True)]
    assert plan.sync == SyncStatus(
        discovered=2, unchanged=1, skipped=1, stale=1, last_synced_at=LATER
    )


def test_a_retired_model_makes_no_model_and_makes_a_known_one_stale() -> None:
    of = provider()
    retired = [ListedModel("a", retired=True)]
    assert plan_models(of, retired, (), NOON).create == ()
    first = plan_models(of, listing("a"), (), NOON)
    plan = plan_models(after(of, first), retired, first.create, LATER)
    assert [status.stale for _, status in plan.status] == [True]


@pytest.mark.parametrize("id_", ["two words", ":beta", "naïve"])
def test_an_id_that_a_model_cannot_hold_is_counted_as_skipped(id_: str) -> None:
    plan = plan_models(provider(), listing(id_), (), NOON)
    assert (plan.create, plan.sync.skipped) == ((), 1)


@pytest.mark.parametrize(
    ("spec", "enabled"),
    [
        ({}, True),
        ({"type": "anthropic"}, True),
        ({"baseUrl": "http://llm/v1"}, False),
        ({"type": "ollama", "baseUrl": "http://o:11434"}, True),
        ({"baseUrl": "http://llm/v1", "discovery": {"enabled": True}}, True),
        ({"discovery": {"enabled": False}}, False),
        ({"type": "gpt"}, False),
    ],
)
def test_discovery_is_on_where_the_list_is_the_vendors_own(
    spec: dict[str, Any], enabled: bool
) -> None:
    assert discovery_enabled(provider(**spec)) is enabled


LISTED = st.builds(
    ListedModel,
    id=st.sampled_from(["a", "b", "c", "d", "bad id", "gpt-1", "gpt-2"]),
    facts=st.sampled_from([ModelFacts(), WINDOW]),
    retired=st.booleans(),
)
LISTS = st.lists(st.lists(LISTED, max_size=10), min_size=1, max_size=4)
HANDS = st.sets(st.sampled_from(["a", "b", "gpt-1", "unlisted"]))
GLOBS = st.lists(st.sampled_from(["a", "gpt-*", "*", "?"]), max_size=2)


@PROPERTY
@given(LISTS, HANDS, GLOBS, GLOBS)
def test_every_listed_id_is_created_updated_unchanged_or_skipped_and_no_model_is_lost(
    lists: list[list[ListedModel]], hands: set[str], include: list[str], exclude: list[str]
) -> None:
    of = provider(discovery={"include": include, "exclude": exclude})
    models = tuple(written_by_hand(id_, name=f"mine-{id_}") for id_ in sorted(hands))
    for listed in lists:
        plan = plan_models(of, listed, models, NOON)
        counts = Counter(plan.fates.values())
        ids = {model.id for model in listed}
        assert set(plan.fates) == ids
        assert len(ids) == sum(counts.values())
        assert counts[Fate.CREATED] == len(plan.create)
        names = {model.metadata.name for model in models}
        assert not names & {model.metadata.name for model in plan.create}
        models = applied(plan, models)
        of = after(of, plan)
        sync = plan.sync
        assert sync.discovered == sync.created + sync.updated + sync.unchanged + sync.skipped
        assert sync.stale == sum(model.status.stale for model in models)
        again = plan_models(of, listed, models, LATER)
        assert (again.create, again.status) == ((), ())
    for model in models:
        assert is_discovered(model) or not model.status.stale
