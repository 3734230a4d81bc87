"""The turn after: the handoff, and what the second vendor was really asked."""

from joch.demo import plot
from joch.demo.evidence import missing, said_in, text_of, tool_traffic
from joch.demo.failure import expect
from joch.demo.story import Play, Told


def read_handoff(play: Play) -> Told:
    """The handoff's Secret holds the bytes that were recorded, and they say all that matters."""
    agent = play.stage.agent
    binding = agent.binding()
    handoff = agent.handoff()
    transcript = agent.transcript()
    lost = missing(said_in(transcript), text_of(handoff))
    expect(not lost, "a handoff with goal, decisions and side effects", f"it lacks {lost}")
    replayed = tool_traffic(handoff)
    expect(not replayed, "a handoff without a call to repeat", f"it holds {replayed}")
    play.handoff = handoff
    checkpoint = handoff["messages"][1]["content"]
    return Told(
        f"Checkpoint {binding.checkpoint}; the Secret has the digest that its record names. "
        f"The agent goes on from {len(handoff['messages'])} messages, of which the second is:\n"
        f"{_quoted(checkpoint)}"
    )


def hold_next_turn(play: Play) -> Told:
    """The user's next question, at the second vendor, with the checkpoint."""
    agent, globex = play.stage.agent, play.stage.vendors[plot.GLOBEX.name]
    before = len(globex.turns())
    binding = agent.binding()
    said = said_in(agent.transcript())
    question = {"role": "user", "content": plot.SECOND_QUESTION}
    request = {**play.handoff, "messages": [*play.handoff["messages"], question]}
    answer = agent.ask(request, binding.gateway_model)
    turns = globex.turns()[before:]
    expect(len(turns) == 1, f"one request at {globex.spec.name}", f"{len(turns)} came")
    received = turns[0]
    expect(
        received["model"] == plot.SECOND_MODEL,
        f"a request for {plot.SECOND_MODEL}",
        f"it was for {received['model']}",
    )
    text = text_of(received)
    lost = missing(said, text)
    expect(not lost, f"goal, decisions and side effects at {globex.spec.name}", f"it lacks {lost}")
    replayed = tool_traffic(received)
    expect(not replayed, f"no call to repeat at {globex.spec.name}", f"it holds {replayed}")
    expect(plot.SECOND_QUESTION in text, "the user's question in the request", "it is not there")
    agent.append(question, {"role": "assistant", "content": answer})
    play.answer = answer
    return Told(
        f"The agent asked the gateway for {binding.gateway_model!r}. {globex.spec.name} received "
        f"one request, for {received['model']}: goal, {len(said.decisions)} decisions and "
        f"{len(said.effects)} executed side effect are in it, and no call to repeat.\n"
        f"> {plot.SECOND_QUESTION}\n< {answer}"
    )


def _quoted(content: object) -> str:
    text = text_of({"messages": [{"content": content}]})
    return "\n".join(f"| {line}" for line in text.splitlines())
