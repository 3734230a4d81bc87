"""The steps of the story, in order. A new step is a function in a `steps_*` module and a line."""

from joch.demo.stage import LITELLM, MOUNTS, OPERATOR
from joch.demo.steps_next_turn import hold_next_turn, read_handoff
from joch.demo.steps_outage import hold_first_turn, kill_first_vendor, watch_the_switch
from joch.demo.steps_setup import (
    apply_manifests,
    start_control_plane,
    start_conversation,
    start_gateway,
    start_operator,
    start_vendors,
)
from joch.demo.story import Step

STEPS = (
    Step("control-plane", "A real Kubernetes control plane starts", start_control_plane),
    Step("vendors", "Two vendors of different wire formats start", start_vendors),
    Step("manifests", "A platform team applies its manifests", apply_manifests),
    Step("operator", "The operator starts", start_operator, (OPERATOR,)),
    Step(
        "gateway",
        "LiteLLM starts from the generated configuration",
        start_gateway,
        (LITELLM, MOUNTS, OPERATOR),
    ),
    Step("conversation", "An agent team starts a conversation", start_conversation, (OPERATOR,)),
    Step("first-turn", "The agent holds a turn at the first vendor", hold_first_turn, (LITELLM,)),
    Step("outage", "The first vendor dies", kill_first_vendor),
    Step("switch", "The conversation moves to the other vendor", watch_the_switch, (OPERATOR,)),
    Step("handoff", "The agent reads the handoff", read_handoff, (OPERATOR,)),
    Step(
        "next-turn", "The agent holds the next turn at the other vendor", hold_next_turn, (LITELLM,)
    ),
)
