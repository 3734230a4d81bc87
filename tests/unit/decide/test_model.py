"""The status of a Model: its names, its facts, and whether it may serve."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from joch.api.conditions import ConditionType
from joch.api.model import Model, ModelReason, ModelSource, ModelStatus
from joch.decide.model import ModelInput, decide_model, effective_facts
from joch.decide.names import MARK
from tests.unit.decide.provider_objects import LATER, NOON, provider, written_by_hand
from tests.unit.decide.routing_objects import PROPERTY

LISTED = {"contextWindow": 100_000, "capabilities": {"vision": True, "reasoning": False}}


def discovered(vendor_id: str, name: str = "found", **status: Any) -> Model:
    return Model.model_validate(
        {
            "metadata": {"name": name, "namespace": "rig", "generation": 1, "labels": MARK},
            "spec": {"providerRef": {"name": "openai"}, "model": vendor_id},
            "status": status,
        }
    )


def decided(model: Model, *siblings: Model, provider_exists: bool = True) -> ModelStatus:
    known = provider() if provider_exists else None
    return decide_model(ModelInput(model, known, (model, *siblings), NOON))


def ready(status: ModelStatus) -> tuple[str, str, str]:
    (found,) = (c for c in status.conditions if c.type == ConditionType.READY)
    return found.status, found.reason, found.message


def stalled(status: ModelStatus) -> bool:
    return any(c.type == ConditionType.STALLED and c.status == "True" for c in status.conditions)


def test_a_model_says_how_routes_and_agents_name_it() -> None:
    status = decided(written_by_hand("gpt-5.2"))
    assert status.backend == "openai:gpt-5.2"
    assert status.gateway_model == "openai.gpt-5.2"
    assert status.source is ModelSource.MANUAL
    assert ready(status) == ("True", "Available", "the gateway serves it as openai.gpt-5.2")


def test_an_alias_is_its_name_in_both_places() -> None:
    status = decided(written_by_hand("claude-sonnet-4-6", alias="sonnet"))
    assert (status.backend, status.gateway_model) == ("openai:sonnet", "sonnet")


def test_a_vendor_id_may_hold_colons_and_slashes() -> None:
    status = decided(written_by_hand("hf.co/qwen/Qwen3:Q4_K_M"))
    assert status.backend == "openai:hf.co/qwen/Qwen3:Q4_K_M"


def test_what_the_user_states_wins_over_the_vendor_field_by_field() -> None:
    model = written_by_hand(
        "m", contextWindow=50_000, capabilities={"vision": False}, pricing={"inputPerMillion": 2}
    )
    vendor = ModelStatus.model_validate({"vendor": {**LISTED, "maxOutputTokens": 8_000}})
    facts = effective_facts(model.model_copy(update={"status": vendor}), provider())
    assert facts.context_window == 50_000
    assert facts.max_output_tokens == 8_000
    assert (facts.capabilities.vision, facts.capabilities.reasoning) == (False, False)
    assert facts.capabilities.tool_calling is None
    assert facts.to_wire()["pricing"] == {"inputPerMillion": "2"}
    assert facts.to_wire()["sources"] == {
        "capabilities.vision": "User",
        "capabilities.reasoning": "Vendor",
        "contextWindow": "User",
        "maxOutputTokens": "Vendor",
        "pricing.inputPerMillion": "User",
    }


def test_the_providers_regions_are_those_of_a_model_that_states_none() -> None:
    here = provider(regions=["eu-central-1"])
    inherited = effective_facts(written_by_hand("m"), here)
    assert (inherited.regions, inherited.sources) == (("eu-central-1",), {"regions": "User"})
    own = effective_facts(written_by_hand("m", regions=["us-east-1"]), here)
    assert own.regions == ("us-east-1",)


def test_a_model_of_no_provider_is_stalled_with_its_field() -> None:
    status = decided(written_by_hand("m"), provider_exists=False)
    assert stalled(status)
    assert ready(status) == (
        "False",
        "ProviderNotFound",
        "Model rig/mine names LLMProvider openai, which does not exist in namespace rig: create it "
        "or correct spec.providerRef.name",
    )


def test_two_defaults_stall_each_other_and_one_alone_does_not() -> None:
    one = written_by_hand("a", name="one", default=True)
    two = written_by_hand("b", name="two", default=True)
    none = written_by_hand("c", name="three", default=False)
    for status in (decided(one, two, none), decided(two, one, none)):
        assert (ready(status)[1], stalled(status)) == ("TwoDefaults", True)
    assert ready(decided(one, two))[2] == (
        "Model rig/one and Model rig/two all have spec.default: true, so none of them counts: "
        "leave it on one"
    )
    assert ready(decided(one, none))[0] == "True"


def test_two_models_of_one_gateway_name_collide() -> None:
    one = written_by_hand("a", name="one", alias="sonnet")
    two = written_by_hand("b", name="two", alias="sonnet", providerRef={"name": "azure"})
    for status in (decided(one, two), decided(two, one)):
        assert (ready(status)[1], stalled(status)) == ("NameCollision", True)
    assert ready(decided(one, two))[2] == (
        "Model rig/one and Model rig/two would both be served as sonnet: change the spec.alias of "
        "one of them"
    )


def test_the_same_model_written_twice_is_a_duplicate_unless_an_alias_parts_them() -> None:
    one, two = written_by_hand("a", name="one"), written_by_hand("a", name="two")
    assert ready(decided(one, two))[1] == "DuplicateModel"
    aliased = written_by_hand("a", name="two", alias="cheap")
    assert ready(decided(one, aliased))[0] == "True"


def test_a_model_written_by_hand_displaces_the_discovered_one_and_not_the_reverse() -> None:
    mine, theirs = written_by_hand("a"), discovered("a")
    assert ready(decided(mine, theirs))[0] == "True"
    shadow = decided(theirs, mine)
    assert ready(shadow)[:2] == ("False", "DuplicateModel")
    assert not stalled(shadow)
    assert shadow.gateway_model is None
    assert "Model rig/mine was written by hand" in ready(shadow)[2]


def test_a_stale_model_waits_for_its_vendor() -> None:
    status = decided(discovered("a", stale=True, lastSeenAt=NOON))
    assert ready(status)[:2] == ("False", "Stale")
    assert not stalled(status)
    assert (status.stale, status.last_seen_at) == (True, NOON)


def test_models_of_other_namespaces_are_no_siblings() -> None:
    mine = written_by_hand("a", alias="sonnet", default=True)
    elsewhere = mine.model_copy(
        update={"metadata": mine.metadata.model_copy(update={"namespace": "other"})}
    )
    assert ready(decided(mine, elsewhere))[0] == "True"


MODELS = st.lists(
    st.builds(
        lambda hand, vendor_id, alias, default, number: (
            written_by_hand(vendor_id, name=f"m{number}", alias=alias, default=default)
            if hand
            else discovered(vendor_id, name=f"m{number}", vendor=LISTED)
        ),
        hand=st.booleans(),
        vendor_id=st.sampled_from(["a", "b"]),
        alias=st.sampled_from([None, "x", "y"]),
        default=st.sampled_from([None, True]),
        number=st.integers(0, 10),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda model: model.metadata.name,
)


@PROPERTY
@given(MODELS)
def test_of_all_models_that_are_ready_no_two_share_a_gateway_name(models: list[Model]) -> None:
    statuses = [decided(model, *models) for model in models]
    names = [status.gateway_model for status in statuses if ready(status)[0] == "True"]
    assert None not in names
    assert len(set(names)) == len(names)


@PROPERTY
@given(MODELS)
def test_deciding_again_on_what_was_written_changes_nothing(models: list[Model]) -> None:
    for model in models:
        once = decided(model, *models)
        written = model.model_copy(update={"status": once})
        again = decide_model(ModelInput(written, provider(), tuple(models), LATER))
        assert again == once
        assert all(ModelReason(condition.reason) for condition in once.conditions)
