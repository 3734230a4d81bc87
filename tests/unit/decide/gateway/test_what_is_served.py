from pathlib import Path

import yaml

from tests.unit.decide.gateway.gateway_objects import (
    gateway,
    group,
    messages,
    model,
    names,
    plan,
    provider,
    route,
)

OPENAI = provider("openai")
CLAUDE = provider("claude", "anthropic")
GPT = model("openai:gpt-5.2")
SONNET = model("claude:claude-sonnet-4-6", alias="sonnet")


def test_a_model_is_served_by_its_alias_or_else_by_provider_and_vendor_id() -> None:
    assert names(plan(OPENAI, CLAUDE, GPT, SONNET)) == ["sonnet", "openai.gpt-5.2"]


def test_a_further_namespace_is_prefixed_and_the_own_one_is_not() -> None:
    theirs = provider("claude", "anthropic", "other", allowedNamespaces=["rig"])
    there = model("claude:claude-sonnet-4-6", namespace="other", alias="sonnet")
    research = route("research", ["claude:sonnet"], namespace="other")

    made = plan(OPENAI, GPT, theirs, there, research, of=gateway(namespaces=["rig", "other"]))

    assert names(made) == ["other.sonnet", "openai.gpt-5.2", "other.research"]


def test_a_namespace_that_is_not_served_is_left_out() -> None:
    theirs = provider("claude", "anthropic", "other", allowedNamespaces=["*"])
    there = model("claude:claude-sonnet-4-6", namespace="other", alias="sonnet")
    research = route("research", ["claude:sonnet"], namespace="other")

    assert names(plan(OPENAI, GPT, theirs, there, research)) == ["openai.gpt-5.2"]


def test_another_namespaces_model_is_served_for_a_route_that_names_it() -> None:
    theirs = provider("claude", "anthropic", "other", allowedNamespaces=["rig"])
    there = model("claude:claude-sonnet-4-6", namespace="other", alias="sonnet")
    research = route("research", ["openai:gpt-5.2"], ineligible=["other/claude:sonnet"])

    made = plan(OPENAI, GPT, theirs, there, research)

    assert names(made) == ["other.sonnet", "openai.gpt-5.2", "research"]


def test_another_namespaces_model_is_served_for_a_conversation_that_is_bound_to_it() -> None:
    theirs = provider("claude", "anthropic", "other", allowedNamespaces=["rig"])
    there = model("claude:claude-sonnet-4-6", namespace="other", alias="sonnet")

    assert names(plan(theirs, there, bound=["other/claude:sonnet"])) == ["other.sonnet"]


def test_a_provider_that_grants_nothing_is_not_served_elsewhere() -> None:
    theirs = provider("claude", "anthropic", "other")
    there = model("claude:claude-sonnet-4-6", namespace="other", alias="sonnet")

    made = plan(theirs, there, bound=["other/claude:sonnet"])

    assert names(made) == []
    assert made.key_names == {}
    assert messages(made) == [
        (
            "NotGranted",
            "LLMProvider other/claude is not granted to this gateway, so its models are left out: "
            "add rig to its spec.allowedNamespaces",
        )
    ]


def test_two_models_that_want_one_name_are_both_left_out() -> None:
    first = model("openai:gpt-5.2", "first", alias="best")
    second = model("claude:claude-sonnet-4-6", "second", alias="best")

    made = plan(OPENAI, CLAUDE, first, second)

    assert names(made) == []
    assert messages(made) == [
        (
            "NameCollision",
            "Model rig/second and Model rig/first would both be served as 'best', so none of them "
            "is: change spec.alias of a Model, or give the route another name",
        )
    ]


def test_a_route_that_is_named_like_a_model_collides_with_it() -> None:
    made = plan(CLAUDE, SONNET, route("sonnet", ["claude:sonnet"]))

    assert names(made) == []
    assert [reason for reason, _ in messages(made)] == ["NameCollision"]


def test_a_prefixed_name_may_collide_too() -> None:
    theirs = provider("claude", "anthropic", "other", allowedNamespaces=["rig"])
    there = model("claude:claude-sonnet-4-6", namespace="other", alias="sonnet")
    here = model("openai:gpt-5.2", alias="other.sonnet")

    made = plan(OPENAI, here, theirs, there, of=gateway(namespaces=["rig", "other"]))

    assert names(made) == []
    assert [reason for reason, _ in messages(made)] == ["NameCollision"]


def test_a_model_whose_name_collides_still_answers_in_a_route() -> None:
    first = model("openai:gpt-5.2", "first", alias="best")
    second = model("claude:claude-sonnet-4-6", "second", alias="best")

    made = plan(OPENAI, CLAUDE, first, second, route("research", ["claude:best", "openai:best"]))

    models = [params["model"] for params in group(made, "research")]
    assert models == ["anthropic/claude-sonnet-4-6", "openai/gpt-5.2"]


def test_a_discovered_model_and_a_hand_written_one_of_the_same_name_are_served_once() -> None:
    by_hand = model("openai:gpt-5.2", "by-hand", status={"source": "Manual"})
    discovered = model("openai:gpt-5.2", "openai-gpt-1a2b3c4d", status={"source": "Discovered"})

    made = plan(OPENAI, discovered, by_hand)

    assert names(made) == ["openai.gpt-5.2"]
    assert made.problems == ()


def test_two_vendor_models_under_one_alias_of_one_provider_collide() -> None:
    old = model("openai:gpt-5.1", "old", alias="gpt")
    new = model("openai:gpt-5.2", "new", alias="gpt")

    made = plan(OPENAI, old, new)

    assert names(made) == []
    assert [reason for reason, _ in messages(made)] == ["NameCollision"]


def test_a_disabled_provider_and_a_stale_model_stay_served() -> None:
    disabled = provider("openai", state="Disabled")
    stale = model("claude:claude-sonnet-4-6", alias="sonnet", status={"stale": True})

    assert names(plan(disabled, CLAUDE, GPT, stale)) == ["sonnet", "openai.gpt-5.2"]


def test_a_route_tries_its_eligible_candidates_in_their_order() -> None:
    made = plan(
        *(OPENAI, CLAUDE, GPT, SONNET, model("openai:gpt-4")),
        route("research", ["claude:sonnet", "openai:gpt-5.2"], ineligible=["openai:gpt-4"]),
    )

    assert [(each["model"], each["order"]) for each in group(made, "research")] == [
        ("anthropic/claude-sonnet-4-6", 1),
        ("openai/gpt-5.2", 2),
    ]


def test_a_route_without_an_eligible_candidate_is_not_served() -> None:
    made = plan(OPENAI, GPT, route("research", [], ineligible=["openai:gpt-5.2"]))

    assert names(made) == ["openai.gpt-5.2"]


def test_a_route_that_spells_a_backend_in_two_ways_tries_it_once() -> None:
    made = plan(OPENAI, GPT, route("research", ["openai:gpt-5.2", "rig/openai:gpt-5.2"]))

    assert len(group(made, "research")) == 1


def test_a_group_with_a_fallback_retries_nothing_and_one_without_retries_twice() -> None:
    made = plan(
        *(OPENAI, CLAUDE, GPT, SONNET),
        route("both", ["claude:sonnet", "openai:gpt-5.2"]),
        route("one", ["claude:sonnet"]),
    )

    assert [each["num_retries"] for each in group(made, "both")] == [0, 0]
    assert [each["num_retries"] for each in group(made, "one")] == [2]
    assert [each["num_retries"] for each in group(made, "sonnet")] == [2]


def test_a_candidate_that_cannot_be_reached_leaves_the_others_without_a_fallback() -> None:
    made = plan(
        *(OPENAI, CLAUDE, GPT, SONNET),
        route("both", ["claude:sonnet", "openai:gpt-5.2"]),
        credentials=["rig/openai"],
    )

    assert [each["num_retries"] for each in group(made, "both")] == [2]


def test_a_model_of_no_provider_is_left_out_with_a_sentence() -> None:
    made = plan(GPT)

    assert names(made) == []
    assert messages(made) == [
        (
            "ProviderNotFound",
            "LLMProvider rig/openai does not exist, so its models are left out: create it, or "
            "delete the Models that name it",
        )
    ]


def test_a_provider_of_an_unknown_type_is_left_out_and_the_others_stay() -> None:
    strange = provider("strange", "telepathy")

    made = plan(OPENAI, GPT, strange, model("strange:mind"))

    assert names(made) == ["openai.gpt-5.2"]
    ((reason, message),) = messages(made)
    assert reason == "ProviderInvalid"
    assert "spec.type 'telepathy' is not a provider type" in message


def test_a_type_without_an_endpoint_of_its_own_needs_a_base_url() -> None:
    made = plan(provider("vllm", "openai_completions"), model("vllm:qwen"))

    ((reason, message),) = messages(made)
    assert reason == "ProviderInvalid"
    assert "spec.baseUrl must be given for type openai_completions" in message


def test_a_gateway_without_models_gets_a_configuration_that_serves_none() -> None:
    made = plan()

    assert names(made) == []
    assert made.deployments == ()


def test_a_hand_written_configuration_is_matched_by_equivalent_manifests() -> None:
    # The models of a configuration that a team maintained by hand for LiteLLM.
    by_hand = yaml.safe_load(
        (Path(__file__).parent / "hand-written-litellm-config.yaml").read_text()
    )
    gemini_is_later = [each for each in by_hand["model_list"] if "gemini" not in each["model_name"]]

    made = plan(
        provider("anthropic", "anthropic"),
        provider("openai"),
        provider("rig", "ollama", keyed=False, baseUrl="http://ollama.rig.svc:11434"),
        model("anthropic:claude-sonnet-4-6", alias="sonnet-4-6"),
        model("anthropic:claude-opus-4-7", alias="opus-4-7"),
        model("anthropic:claude-haiku-4-5", alias="haiku-4-5"),
        model("openai:gpt-5.2", alias="gpt-5-2"),
        model("rig:llama3.2", alias="llama-local"),
    )

    assert {name: group(made, name)[0]["model"] for name in names(made)} == {
        each["model_name"]: each["litellm_params"]["model"].replace("ollama/", "ollama_chat/")
        for each in gemini_is_later
    }
    assert group(made, "llama-local")[0]["api_base"] == "http://ollama.rig.svc:11434"
