"""The traps of settings and leaking fields on the way to Messages, and whole conversations."""

import json
from dataclasses import replace

import pytest

from joch.transcript.conversation import (
    Message,
    OutputFormat,
    Role,
    Settings,
    ToolDeclaration,
    Transcript,
)
from joch.transcript.parts import (
    Image,
    ProviderTool,
    Source,
    Text,
    ToolCall,
    ToolResult,
)
from joch.transcript.values import JsonObject
from joch.wire import anthropic_messages, openai_chat
from joch.wire.anthropic_messages import render
from joch.wire.profile import ANTHROPIC
from joch.wire.rendered import Carriage
from tests.conformance.wire.validators.anthropic_messages import refusals
from tests.unit.wire import conversations as chat
from tests.unit.wire.messages_api import (
    GO,
    PNG,
    SAME,
    answer,
    body_of,
    document,
    ids,
    image,
    lost,
    made,
    messages_of,
    result,
    said,
    searched,
    sentences,
    transcript,
    use,
    user,
)

# 32 to 39: settings, prefill, provider-executed tools, whitelist


@pytest.mark.parametrize("key", ["temperature", "top_p", "top_k"])
@pytest.mark.parametrize("value", [0, 1])
def test_sampling_gives_400_since_2026_10_21_even_at_default_values_so_it_is_dropped(
    key: str, value: int
) -> None:
    rendered = render(transcript(user("go"), **{key: value}))

    assert key not in rendered.body
    assert sentences(rendered) == [f"Sampling parameter ignored: {key}"]


def test_sampling_is_carried_to_models_that_take_it() -> None:
    read = transcript(user("go"), temperature=0.5, top_p=0.9, top_k=5)
    rendered = render(read, replace(ANTHROPIC, sampling=True))

    assert rendered.body.keys() >= {"temperature", "top_p", "top_k"}
    assert rendered.changes == ()


def test_temperature_0_to_2_is_clamped_to_0_to_1() -> None:
    older = replace(ANTHROPIC, sampling=True)
    rendered = render(Transcript((GO,), settings=Settings(temperature=1.7)), older)

    assert rendered.body["temperature"] == 1
    assert sentences(rendered) == ["Temperature 1.7 is clamped to 1"]


@pytest.mark.parametrize(
    ("stated", "limit", "sent"), [(None, None, 4096), (None, 8000, 8000), (9000, 8000, 8000)]
)
def test_max_tokens_missing_or_over_the_limit_is_the_profiles_limit(
    stated: int | None, limit: int | None, sent: int
) -> None:
    profile = replace(ANTHROPIC, max_output_tokens=limit)
    rendered = render(Transcript((GO,), settings=Settings(max_tokens=stated)), profile)

    assert rendered.body["max_tokens"] == sent
    assert ids(rendered) == (["max-tokens"] if stated else [])


@pytest.mark.parametrize("forced", ["required", {"type": "function", "function": {"name": "f"}}])
def test_forced_tool_choice_where_refused_is_auto(forced: str | JsonObject) -> None:
    read = replace(made(GO), settings=Settings(tool_choice=forced))
    rendered = render(read, replace(ANTHROPIC, forced_tool_choice=False))

    assert rendered.body["tool_choice"] == {"type": "auto"}
    assert ids(rendered) == ["tool-choice"]


def test_forced_tool_choice_beside_manual_thinking_is_auto() -> None:
    budget: JsonObject = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
    settings = Settings(tool_choice="required", max_tokens=2000, extra=budget)

    assert render(replace(made(GO), settings=settings)).body["tool_choice"] == {"type": "auto"}


def test_ending_with_an_assistant_turn_on_models_that_refuse_it_appends_a_user_continue() -> None:
    rendered = render(made(GO, said(Text("I go"))), replace(ANTHROPIC, prefill=False))

    assert messages_of(rendered)[-1] == {"role": "user", "content": "Continue."}
    assert ids(rendered) == ["prefill"]


def test_more_stop_sequences_than_are_taken_are_cut_and_declared() -> None:
    read = Transcript((GO,), settings=Settings(stop=("a", " ", "b", "c")))
    rendered = render(read, replace(ANTHROPIC, stops=2))

    assert rendered.body["stop_sequences"] == ["a", "b"]
    assert lost(rendered) == ["stop-sequences", "stop-sequences"]


def test_provider_executed_tools_are_flattened_to_text_and_their_results_are_kept() -> None:
    read = transcript(user("go"), answer(*searched("srvtoolu_1", "cats"), "They purr."))
    rendered = render(read)

    assert messages_of(rendered)[1] == answer(
        '[web_search {"query":"cats"}]',
        "[web_search: Cats\nhttps://example.com/cats]",
        "They purr.",
    )
    assert ids(rendered) == ["provider-tool", "provider-tool"]


def test_a_provider_executed_tool_of_another_vendor_is_text_at_any_backend() -> None:
    searched_by = ProviderTool("web_search", '{"query":"cats"}', "Cats", "ws_1", {"id": "ws_1"})
    rendered = render(made(GO, said(searched_by)), SAME)

    assert messages_of(rendered)[1]["content"] == '[web_search {"query":"cats"}: Cats]'


def test_a_provider_executed_tool_is_no_function_without_parameters() -> None:
    search = ToolDeclaration("web_search", "web_search_preview", extra={"type": "x"})
    rendered = render(Transcript((GO,), (search,)))

    assert "tools" not in rendered.body
    assert lost(rendered) == ["vendor-tool"]


def test_a_vendors_tool_that_needs_a_beta_header_is_declared_at_its_own_backend_only() -> None:
    computer = {"type": "computer_20250124", "name": "computer", "display_height_px": 768}
    read = transcript(user("go"), tools=[computer])

    assert lost(render(read)) == ["vendor-tool"]
    assert body_of(render(read, SAME))["tools"] == [computer]


def test_a_vendors_tool_in_another_formats_words_is_declared_lost() -> None:
    nested = {"type": "bash_20250124", "function": {"name": "bash"}}
    rendered = render(chat.transcript(chat.user("go"), tools=[nested]), SAME)

    assert "tools" not in rendered.body
    assert lost(rendered) == ["vendor-tool"]


def test_vendor_metadata_does_not_leak_into_a_body() -> None:
    novel: JsonObject = {"vendor": {"x": 1}}
    read = Transcript(
        (
            Message(Role.USER, (Text("go", novel), Image(Source(data=PNG), "low", novel))),
            said(Text("I go.", novel), ToolCall("a", "f", "{}", novel)),
            Message(Role.TOOL, (ToolResult("a", (Text("done"),), extra=novel),), "f", extra=novel),
        ),
        (ToolDeclaration("f", extra=novel),),
        Settings(output=OutputFormat("text"), extra={**novel, "user": "u", "seed": 7}),
    )
    rendered = render(read)

    assert "vendor" not in json.dumps(rendered.body)
    assert rendered.body.keys() == {"messages", "tools", "max_tokens"}
    assert {(change.where, change.carriage) for change in rendered.changes} == {
        ("messages[0].parts[0]", Carriage.LOST),
        ("messages[0].parts[1]", Carriage.LOST),
        ("messages[1].parts[0]", Carriage.LOST),
        ("messages[1].parts[1]", Carriage.LOST),
        ("messages[2].parts[0]", Carriage.LOST),
        ("messages[2]", Carriage.LOST),
        ("tools", Carriage.LOST),
        ("vendor", Carriage.LOST),
        ("user", Carriage.LOST),
        ("seed", Carriage.LOST),
    }


# Between the formats


CHAT = [
    chat.system("Be brief."),
    chat.user(
        [
            {"type": "text", "text": "look"},
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
            {
                "type": "file",
                "file": {
                    "file_data": "data:application/pdf;base64,JVBERi0xLjQK",
                    "filename": "a.pdf",
                },
            },
        ]
    ),
    chat.answer("I look.", chat.call("call_1", "look", at="é"), chat.call("call_2", "look")),
    chat.result("call_1", "a cat"),
    chat.result("call_2", "a dog"),
    chat.answer("A cat and a dog."),
]


def test_what_openai_chat_stored_is_told_whole_to_anthropic() -> None:
    read = chat.transcript(*CHAT, model="any", tools=[chat.function("look")])
    rendered = render(read)

    assert refusals(body_of(rendered)) == []
    assert rendered.changes == ()
    assert body_of(rendered)["system"] == "Be brief."
    assert messages_of(rendered) == [
        user("look", image(), document(title="a.pdf")),
        answer("I look.", use("call_1", "look", at="é"), use("call_2", "look")),
        user(result("call_1", "a cat"), result("call_2", "a dog")),
        {"role": "assistant", "content": "A cat and a dog."},
    ]


def test_what_anthropic_stored_is_told_whole_to_openai_chat() -> None:
    stored = body_of(render(chat.transcript(*CHAT, tools=[chat.function("look")])))
    sent = openai_chat.render(anthropic_messages.parse(json.dumps(stored)))

    again = render(openai_chat.parse(json.dumps(sent.body)))
    assert body_of(again)["messages"] == stored["messages"]
    assert sent.changes == ()
