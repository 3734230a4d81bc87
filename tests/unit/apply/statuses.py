"""Statuses as the operator may decide them, generated."""

from hypothesis import strategies as st

from joch.api.conditions import Condition
from joch.api.conversation import (
    Binding,
    ConversationStatus,
    HeldSwitch,
    ResolvedBy,
    Switch,
    TranscriptStatus,
)
from joch.api.model import Capabilities, EffectiveFacts, ModelStatus, StatedPricing, ValueSource
from joch.api.modelroute import Candidate, CandidateReason, ModelRouteStatus
from joch.api.statecheckpoint import Compatibility, Finding, FindingLevel, Verdict

TEXT = st.sampled_from(["", "a", "b", "bound to openai:gpt", "ä<&>"])
WORD = st.sampled_from(["Ready", "Bound", "SwitchHeld"])
BACKEND = st.sampled_from(["openai:gpt", "anthropic:sonnet"])
TIME = st.sampled_from(["2026-11-21T12:00:00.000000Z", "2026-11-21T13:00:00.000000Z"])
COUNT = st.integers(0, 3)


def optional(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


def some(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(strategy, max_size=3).map(tuple)


CONDITION = st.builds(
    Condition,
    type=WORD,
    status=st.sampled_from(["True", "False", "Unknown"]),
    reason=WORD,
    message=TEXT,
    observed_generation=COUNT,
    last_transition_time=TIME,
)
FINDING = st.builds(
    Finding,
    id=st.sampled_from(["text", "tools"]),
    level=st.sampled_from(FindingLevel),
    message=WORD,
    where=optional(WORD),
)
COMPATIBILITY = st.builds(
    Compatibility, verdict=st.sampled_from(Verdict), findings=optional(some(FINDING))
)
BINDING = st.builds(
    Binding,
    backend=BACKEND,
    gateway_model=WORD,
    resolved_by=st.sampled_from(ResolvedBy),
    route=optional(WORD),
    checkpoint=optional(WORD),
    since=TIME,
)
TRANSCRIPT = st.builds(TranscriptStatus, digest=WORD, messages=COUNT, tokens=COUNT)
SWITCH = st.builds(
    Switch,
    ordinal=st.integers(1, 3),
    from_backend=BACKEND,
    to_backend=BACKEND,
    checkpoint=WORD,
    reason=WORD,
    at=TIME,
)
HELD = st.builds(
    HeldSwitch,
    to_backend=BACKEND,
    reason=WORD,
    transcript_digest=WORD,
    compatibility=COMPATIBILITY,
)
OF_CONVERSATIONS = st.builds(
    ConversationStatus,
    observed_generation=st.integers(-1, 2),
    conditions=some(CONDITION),
    binding=optional(BINDING),
    switch_count=COUNT,
    transcript=optional(TRANSCRIPT),
    switches=some(SWITCH),
    held_switch=optional(HELD),
)
OF_ROUTES = st.builds(
    ModelRouteStatus,
    conditions=some(CONDITION),
    selected=optional(BACKEND),
    candidates=some(
        st.builds(
            Candidate,
            backend=BACKEND,
            eligible=st.booleans(),
            reasons=some(st.builds(CandidateReason, reason=WORD, message=TEXT)),
        )
    ),
)
OF_MODELS = st.builds(
    ModelStatus,
    effective=st.builds(
        EffectiveFacts,
        capabilities=st.builds(
            Capabilities,
            vision=optional(st.booleans()),
            tool_calling=optional(st.booleans()),
        ),
        pricing=st.builds(StatedPricing, input_per_million=optional(st.decimals(0, 9, places=2))),
        regions=some(WORD),
        sources=st.dictionaries(WORD, st.sampled_from(ValueSource), max_size=3),
    ),
    last_seen_at=optional(TIME),
    stale=st.booleans(),
)
