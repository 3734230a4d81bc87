"""Objects are read from newer and older servers alike."""

import pytest
from pydantic import ValidationError

from joch.api.llmprovider import LLMProvider, ProviderState
from joch.api.model import EffectiveFacts, ModelFacts, Pricing, StatedFacts
from joch.api.modelroute import ModelRoute
from joch.api.statecheckpoint import FindingLevel, StateCheckpoint, Verdict


def test_an_enum_value_of_a_later_version_is_kept_on_read_and_written_back() -> None:
    provider = LLMProvider.model_validate(
        {"metadata": {"name": "a"}, "spec": {"type": "openai", "state": "Draining"}}
    )
    assert provider.spec.state == "Draining"
    assert not provider.spec.state.known
    assert ProviderState.ACTIVE.known
    assert provider.spec.to_wire()["state"] == "Draining"
    assert FindingLevel("fatal").mark == "?"


def test_an_enum_is_text_and_nothing_else() -> None:
    with pytest.raises(ValidationError):
        LLMProvider.model_validate(
            {"metadata": {"name": "a"}, "spec": {"type": "openai", "state": 1}}
        )


def test_a_field_of_a_later_version_does_not_stop_the_reader() -> None:
    route = ModelRoute.model_validate(
        {
            "metadata": {"name": "r", "managedFields": []},
            "spec": {"strategy": {"primary": "a:b", "weights": [1]}, "shadow": {}},
        }
    )
    assert route.backends == ("a:b",)


def test_an_object_that_nobody_has_looked_at_yet_is_not_observed() -> None:
    route = ModelRoute.model_validate(
        {"metadata": {"name": "r"}, "spec": {"strategy": {"primary": "a:b"}}}
    )
    assert route.status.observed_generation == -1
    assert route.status.conditions == ()


def test_a_spec_is_judged_by_the_same_grammar_as_at_apply() -> None:
    with pytest.raises(ValidationError, match="must be a backend"):
        ModelRoute.model_validate(
            {"metadata": {"name": "r"}, "spec": {"strategy": {"primary": "claude"}}}
        )


def test_what_is_written_of_a_checkpoint_is_what_was_said_and_no_default() -> None:
    spec = {
        "conversationRef": {"name": "conv-99"},
        "fromBackend": "openai:gpt-5-thinking",
        "toBackend": "anthropic:claude-sonnet",
    }
    checkpoint = StateCheckpoint.model_validate({"metadata": {"name": "chk-456"}, "spec": spec})
    assert checkpoint.spec.to_wire() == spec
    assert Verdict.COMPATIBLE.known


def test_prices_are_numbers_in_a_spec_and_decimal_text_in_a_status() -> None:
    facts = ModelFacts.model_validate({"pricing": {"inputPerMillion": 0.3}})
    assert facts.to_wire()["pricing"] == {"inputPerMillion": 0.3}
    assert StatedFacts.of(facts).to_wire()["pricing"] == {"inputPerMillion": "0.3"}
    assert EffectiveFacts.of(ModelFacts(pricing=Pricing())).to_wire()["pricing"] == {}
