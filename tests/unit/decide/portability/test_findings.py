"""Every finding with its sentence, and none for what the transcript does not use."""

from typing import Any

import pytest

from joch.api.conversation import SideEffect
from joch.api.model import Capabilities, EffectiveFacts
from joch.api.statecheckpoint import Compatibility, Finding, FindingLevel, Verdict
from joch.decide.checkpoint.reading import reading_of
from joch.decide.portability import (
    capability_deltas,
    judge,
    report,
    subject_of,
    with_finding,
)
from joch.decide.target import TargetFacts
from joch.transcript.conversation import Transcript
from tests.unit.decide.targets import target
from tests.unit.wire.conversations import answer, call, function, result, transcript, user

IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
DOCUMENT = {"type": "file", "file": {"file_data": "QUJD", "filename": "a.pdf"}}
STORED = {"type": "file", "file": {"file_id": "file-1"}}
SOUND = {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}}
STRICT = {"type": "json_schema", "json_schema": {"name": "a", "schema": {}, "strict": True}}
LOOSE = {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}
REPLACED = "will be replaced by a line of text"
REMOVED = "will be removed for this conversation"
ABLE = Capabilities(tool_calling=True, structured_output=True, vision=True)


def lines(read: Transcript, where: TargetFacts, **given: Any) -> list[str]:
    """The report's lines; text and context, which are in each, left out where they are well."""
    reading = reading_of(read, given.pop("tool_levels", {}))
    found = judge(subject_of(reading, where, **given)).findings or ()
    kept = [f for f in found if f.id not in {"text", "context-window"} or f.level != "ok"]
    return [f"{finding.level.mark} {finding.message}" for finding in kept]


def test_the_report_reads_as_users_know_it() -> None:
    read = transcript(
        user([{"type": "text", "text": "look"}, IMAGE]),
        answer("a cat"),
        tools=[function("mcp__files__read"), {"type": "computer_use_preview"}],
        response_format=STRICT,
    )

    told = report(judge(subject_of(reading_of(read, {}), target(ABLE))))

    assert told == (
        "Compatibility check:\n"
        "✓ Text conversation supported\n"
        "✓ MCP tools supported\n"
        "✓ 200k context sufficient\n"
        "⚠ JSON schema strict mode differs (loose-parse fallback)\n"
        "⚠ Previous turn used image input; image format will be transformed\n"
        "✗ Computer-use tool unavailable; tool will be removed for this conversation\n"
    )


def test_a_plain_conversation_gets_marks_for_text_and_context_only() -> None:
    found = judge(subject_of(reading_of(transcript(user("hi"), answer("hello")), {}), target()))

    assert found.verdict is Verdict.COMPATIBLE
    assert [finding.id for finding in found.findings or ()] == ["text", "context-window"]


@pytest.mark.parametrize(
    ("name", "able", "line"),
    [
        ("look", True, "✓ Tools supported"),
        ("look", False, f"✗ Tools unavailable; tools {REMOVED}"),
        ("look", None, "⚠ Tools unknown at the target; state toolCalling in its Model"),
        ("files.read", True, "✓ MCP tools supported"),
        (
            "mcp__files__read",
            False,
            f"✗ MCP tools unavailable; tools {REMOVED}",
        ),
    ],
)
def test_tools_are_judged_by_the_targets_capability(
    name: str, able: bool | None, line: str
) -> None:
    declared = transcript(user("hi"), tools=[function(name)])
    called = transcript(answer(None, call("a", name)), result("a", "x"))

    assert lines(declared, target(Capabilities(tool_calling=able))) == [line]
    assert lines(called, target(Capabilities(tool_calling=able))) == [line]


@pytest.mark.parametrize(
    ("form", "able", "line"),
    [
        (LOOSE, Capabilities(structured_output=True), "✓ Structured output supported"),
        (
            LOOSE,
            Capabilities(structured_output=False),
            "✗ Structured output unavailable; answers will not follow the schema",
        ),
        (
            LOOSE,
            Capabilities(),
            "⚠ Structured output unknown at the target; state structuredOutput in its Model",
        ),
        (
            STRICT,
            Capabilities(structured_output=True, strict_json_schema=True),
            "✓ JSON schema strict mode supported",
        ),
        (
            STRICT,
            Capabilities(structured_output=True, strict_json_schema=False),
            "⚠ JSON schema strict mode differs (loose-parse fallback)",
        ),
    ],
)
def test_structured_output_and_strict_mode(form: Any, able: Capabilities, line: str) -> None:
    assert lines(transcript(user("hi"), response_format=form), target(able)) == [line]


def test_a_strict_tool_needs_strict_mode_too() -> None:
    read = transcript(user("hi"), tools=[function("look", strict=True)])

    assert lines(read, target(Capabilities(tool_calling=True))) == [
        "✓ Tools supported",
        "⚠ JSON schema strict mode differs (loose-parse fallback)",
    ]


@pytest.mark.parametrize(
    ("part", "able", "line"),
    [
        (
            IMAGE,
            Capabilities(vision=False),
            f"✗ Image input unavailable; images {REPLACED}",
        ),
        (
            IMAGE,
            {},
            f"⚠ Image input unknown at the target; images {REPLACED}",
        ),
        (DOCUMENT, Capabilities(documents=True), "✓ Document input supported"),
        (
            DOCUMENT,
            Capabilities(documents=False),
            f"✗ Document input unavailable; it {REPLACED}",
        ),
        (SOUND, Capabilities(), f"⚠ Audio input unknown at the target; it {REPLACED}"),
    ],
)
def test_media_are_judged_by_the_targets_capability(
    part: Any, able: Capabilities, line: str
) -> None:
    assert lines(transcript(user([part])), target(able)) == [line]


def test_an_image_stays_as_it_is_between_backends_of_one_format() -> None:
    same = target(Capabilities(vision=True), wire_format="openai_chat")

    assert lines(transcript(user([IMAGE])), same) == ["✓ Image input supported"]


def test_a_file_that_only_the_vendor_has_is_a_failure() -> None:
    assert lines(transcript(user([STORED])), target(Capabilities(documents=True)))[1:] == [
        "✗ Files stored at the previous vendor unavailable; they will be replaced by a line of text"
    ]


def test_a_handoff_above_the_window_says_by_how_much() -> None:
    read = transcript(user("hi"))

    assert lines(read, target(context_window=8_192), handoff_tokens=7_000) == [
        (
            "✗ 8k context not sufficient: the handoff needs about 7000 tokens, "
            "856 more than fit beside an answer"
        )
    ]
    assert lines(read, target(context_window=8_192), handoff_tokens=6_144) == []
    assert lines(read, target(context_window=None), handoff_tokens=7_000) == [
        (
            "⚠ Context window unknown; the handoff needs about 7000 tokens: "
            "state contextWindow in the Model"
        )
    ]


@pytest.mark.parametrize(
    ("tokens", "shown"), [(128_000, "128k"), (1_048_576, "1M"), (1_500_000, "1.5M"), (512, "512")]
)
def test_a_window_is_shown_as_people_say_it(tokens: int, shown: str) -> None:
    found = judge(subject_of(reading_of(transcript(user("hi")), {}), target(context_window=tokens)))

    assert f"{shown} context sufficient" in [finding.message for finding in found.findings or ()]


def test_thoughts_are_not_portable() -> None:
    read = transcript(answer("hi", reasoning_content="hm"))

    assert lines(read, target()) == ["⚠ Provider reasoning not portable"]


def test_settings_that_the_target_refuses_are_named() -> None:
    read = transcript(
        user("hi"), temperature=1, seed=7, reasoning_effort="high", stream=True, store=True
    )

    assert lines(read, target()) == [
        "⚠ Reasoning effort high ignored",
        "⚠ Sampling parameter ignored: temperature, seed",
        "⚠ Request settings not carried: store",
    ]
    assert lines(transcript(user("hi"), temperature=1), target(wire_format="openai_chat")) == []


def test_a_vendors_own_tool_is_removed() -> None:
    read = transcript(user("hi"), tools=[{"type": "web_search"}])

    assert lines(read, target(Capabilities(tool_calling=True))) == [
        (
            "⚠ Provider-executed tool web_search unavailable; "
            "tool will be removed for this conversation"
        )
    ]


def test_a_computer_tool_is_carried_as_a_function_to_a_model_made_for_it() -> None:
    removed = ["✗ Computer-use tool unavailable; tool will be removed for this conversation"]
    plain = transcript(user("hi"), tools=[function("computer")])
    shaped = transcript(user("hi"), tools=[{"type": "computer_use_preview"}])
    able = target(Capabilities(computer_use=True))

    assert lines(plain, able) == ["✓ Computer-use tool supported"]
    assert lines(plain, target()) == removed
    assert lines(shaped, able) == removed


def test_a_custom_tool_exists_only_in_its_own_format() -> None:
    read = transcript(user("hi"), tools=[{"type": "custom", "custom": {"name": "shell"}}])

    assert lines(read, target(wire_format="openai_chat")) == []
    assert lines(read, target()) == [
        "⚠ Custom tool shell unavailable; tool will be removed for this conversation"
    ]


def test_malformed_arguments_are_kept_as_text() -> None:
    broken = {"id": "a", "function": {"name": "look", "arguments": "at=a"}}
    read = transcript(answer(None, broken), result("a", "x"))

    assert lines(read, target(Capabilities(tool_calling=True)))[1:] == [
        "⚠ Malformed tool arguments preserved as text"
    ]


def test_a_side_effect_of_unknown_outcome_is_always_a_failure() -> None:
    read = transcript(answer(None, call("a", "pay", eur=5)))

    found = judge(subject_of(reading_of(read, {}), target(Capabilities(tool_calling=True))))

    assert found.verdict is Verdict.FAILURES
    assert [f.message for f in found.findings or () if f.level is FindingLevel.FAILURE] == [
        "Outcome of pay(eur=5) unknown; find out whether it was done before it moves"
    ]


def test_each_unknown_outcome_has_an_id_of_its_own() -> None:
    read = transcript(answer(None, call("a", "pay", eur=5), call("b", "pay", eur=5)))

    found = judge(subject_of(reading_of(read, {}), target())).findings or ()
    ids = [finding.id for finding in found if finding.id.startswith("unknown-outcome-")]

    assert len(ids) == len(set(ids)) == 2


@pytest.mark.parametrize("level", [SideEffect.NONE, SideEffect.IDEMPOTENT])
def test_an_unanswered_call_that_may_be_repeated_is_a_warning(level: SideEffect) -> None:
    read = transcript(answer(None, call("a", "look")))

    assert lines(read, target(Capabilities(tool_calling=True)), tool_levels={"look": level})[
        1:
    ] == ["⚠ look was called without a result; it may be called again"]


def test_more_findings_than_the_api_takes_are_counted_and_failures_stay() -> None:
    calls = [call(f"c{i}", "pay", eur=i) for i in range(200)]

    found = judge(subject_of(reading_of(transcript(answer(None, *calls)), {}), target()))

    findings = found.findings or ()
    assert len(findings) == 128
    assert findings[-1].message == "75 more findings are not listed"
    assert sum(finding.level is FindingLevel.FAILURE for finding in findings) == 127


def test_one_more_finding_can_change_the_verdict() -> None:
    plain = judge(subject_of(reading_of(transcript(user("hi")), {}), target()))
    more = Finding(id="handoff-too-large", level=FindingLevel.FAILURE, message="Too large")

    assert with_finding(plain, more).verdict is Verdict.FAILURES


def test_every_finding_is_within_the_limits_of_the_api() -> None:
    tools = [function("x" * 60 + str(i)) for i in range(100)]

    found = judge(subject_of(reading_of(transcript(user("hi"), tools=tools), {}), target()))

    assert Compatibility.model_validate_json(found.model_dump_json()) == found


def test_deltas_name_what_differs_in_the_order_of_the_api() -> None:
    source = EffectiveFacts(context_window=400_000, capabilities=Capabilities(vision=True))
    goal = EffectiveFacts(
        context_window=200_000, capabilities=Capabilities(tool_calling=True, vision=False)
    )

    assert capability_deltas(source, goal) == (
        "contextWindow 400000 → 200000",
        "toolCalling unknown → true",
        "vision true → false",
    )
    assert capability_deltas(source, source) == ()
