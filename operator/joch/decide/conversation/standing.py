"""How a backend stands to a conversation: what is asked of it, and whether it serves."""

from joch.api.backend import Backend
from joch.api.conversation import Conversation, ConversationReason
from joch.api.llmprovider import ProviderCondition
from joch.api.modelroute import Candidate, Constraints, Requirements, RouteReason
from joch.decide.conversation.decision import ConversationInput
from joch.decide.conversation.settled import transcript_known
from joch.decide.route.candidates import CandidateFacts
from joch.decide.route.checks import Demands, Scope
from joch.decide.route.status import demands_of


def demands(facts: ConversationInput) -> Demands:
    """What this conversation asks of a backend; a pinned one without a route asks nothing."""
    read = transcript_known(facts)
    tokens = None if read is None else read.tokens
    if facts.route is not None:
        return demands_of(facts.route, tokens)
    home = facts.conversation.metadata.namespace
    return Demands(Requirements(), Constraints(), None, home, tokens)


def same_backend(one: CandidateFacts, other: CandidateFacts, facts: ConversationInput) -> bool:
    """Whether two candidates are one backend, seen from the conversation."""
    return same(one.backend, other.backend, facts)


def same(one: Backend, other: Backend, facts: ConversationInput) -> bool:
    """Whether two backends are one: in namespace `rig`, `rig/openai:gpt` is `openai:gpt`."""
    home = facts.conversation.metadata.namespace
    return one.model == other.model and one.provider_key(home) == other.provider_key(home)


def serves(verdict: Candidate, scope: Scope) -> bool:
    """Whether a backend serves: eligible, or bound already and merely not probed again yet."""
    if scope is Scope.NEW:
        return verdict.eligible
    return all(reason.reason == RouteReason.NOT_PROBED for reason in verdict.reasons)


def soon_known(candidate: CandidateFacts, verdict: Candidate) -> bool:
    """Whether nobody has looked at a backend yet, and its first probe or listing is under way.

    One that was asked and gave no clear answer (a rate limit, a list that failed) is not waited
    for: that may last.
    """
    if not verdict.reasons or any(r.reason != RouteReason.NOT_PROBED for r in verdict.reasons):
        return False
    if candidate.provider is None:
        return False
    states = {each.type: each.status for each in candidate.provider.status.conditions}
    if states.get(ProviderCondition.REACHABLE, "Unknown") == "Unknown":
        return True
    unseen = candidate.model is None or candidate.model.status.observed_generation == -1
    unlisted = states.get(ProviderCondition.MODELS_SYNCED) == "Unknown"
    observed_soon = candidate.model is not None or unlisted
    return states.get(ProviderCondition.CREDENTIALS_VALID) == "True" and unseen and observed_soon


def against(verdict: Candidate) -> str:
    """The backend and the first thing that speaks against it, as a sentence."""
    passing = (r.message for r in verdict.reasons if r.reason != RouteReason.NOT_PROBED)
    first = next(passing, verdict.reasons[0].message if verdict.reasons else "")
    return f"{verdict.backend}: {first}"


def no_route(conversation: Conversation, name: str) -> tuple[ConversationReason, str]:
    """The reason and the sentence for a route that does not exist."""
    message = (
        f"ModelRoute {conversation.metadata.namespace}/{name} does not exist: "
        f"create it, or change spec.routeRef of Conversation {conversation.key}."
    )
    return ConversationReason.ROUTE_NOT_FOUND, message
