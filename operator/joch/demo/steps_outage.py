"""The turn before, the vendor's death, and the switch."""

import time

from joch.api.conversation import Conversation, Switch
from joch.api.duration import seconds
from joch.api.llmprovider import LLMProvider
from joch.api.statecheckpoint import StateCheckpoint
from joch.demo import plot
from joch.demo.cluster import Cluster, Shown
from joch.demo.evidence import missing, said_in
from joch.demo.failure import StepError, expect
from joch.demo.report import SwitchReport
from joch.demo.stage import OPERATOR
from joch.demo.story import Play, Told
from joch.local.cluster_reader import Json

EVENT_REASON = "ProviderSwitched"
_PAUSE = 0.1


def hold_first_turn(play: Play) -> Told:
    """A turn at the first vendor, by the name that the binding gives, kept in the transcript."""
    agent, vendors = play.stage.agent, play.stage.vendors
    acme, globex = vendors[plot.ACME.name], vendors[plot.GLOBEX.name]
    before = len(acme.turns()), len(globex.turns())
    binding = agent.binding()
    question = {"role": "user", "content": plot.FIRST_QUESTION}
    transcript = agent.transcript()
    transcript["messages"].append(question)
    answer = agent.ask(transcript, binding.gateway_model)
    after = len(acme.turns()), len(globex.turns())
    expect(
        after == (before[0] + 1, before[1]),
        f"one request at {acme.spec.name} and none at {globex.spec.name}",
        f"{after[0] - before[0]} and {after[1] - before[1]} came",
    )
    model = acme.turns()[-1]["model"]
    expect(model == plot.FIRST_MODEL, f"a request for {plot.FIRST_MODEL}", f"it was for {model}")
    agent.append(question, {"role": "assistant", "content": answer})
    play.first_answer = answer
    return Told(
        f"The agent asked the gateway for {binding.gateway_model!r}; {acme.spec.name} got one "
        f"request, for {model}.\n> {plot.FIRST_QUESTION}\n< {answer}"
    )


def kill_first_vendor(play: Play) -> Told:
    """kill -9; nothing listens there any more."""
    vendor = play.stage.vendors[plot.ACME.name]
    play.killed_at = time.time()
    vendor.kill()
    expect(not vendor.alive, f"the process of {vendor.spec.name} to be gone", "it runs")
    expect(
        not vendor.listening,
        f"nothing to listen at {vendor.url}",
        "something takes connections there",
    )
    return Told(f"kill -9 {vendor.process.pid}: {vendor.url} refuses connections.")


def watch_the_switch(play: Play) -> Told:
    """The conversation is bound to the second vendor, and every object says the same of it."""
    cluster = play.stage.cluster
    before = play.stage.agent.transcript()
    reached = cluster.wait(
        Conversation,
        plot.CONVERSATION,
        lambda found: found.status.switch_count > 0,
        f"Conversation {plot.CONVERSATION} to be switched",
        play.patience.switch,
        lambda: play.stage.check(OPERATOR),
    )
    play.reaction_seconds, play.outage_seconds = _durations(play, reached.at)
    switch = _checked_switch(reached.object)
    record = cluster.get(StateCheckpoint, switch.checkpoint)
    _check_record(record, before)
    _check_event(cluster, reached.object, play.patience.event)
    deltas = record.spec.record.capability_deltas if record.spec.record else None
    play.switch = SwitchReport(
        from_backend=switch.from_backend,
        to_backend=switch.to_backend,
        checkpoint=switch.checkpoint,
        reason=switch.reason,
        capability_deltas=deltas or (),
    )
    return Told(
        f"{switch.from_backend} -> {switch.to_backend}, {play.outage_seconds:.1f} s after the "
        f"kill, {play.reaction_seconds:.2f} s beyond what the probes need to be sure. "
        f"{plot.OVERSEAS_BACKEND} was not taken: it runs outside the EU.",
        (
            cluster.show("get", "llmproviders"),
            cluster.show("get", "modelroutes,conversations"),
            cluster.show("get", "statecheckpoints"),
            _verdicts(cluster),
            _last_lines(cluster.show("describe", "conversation", plot.CONVERSATION), "Events:"),
        ),
    )


def _durations(play: Play, seen_at: float) -> tuple[float, float]:
    """Beyond the probes' own time, and from the kill; `Report` says what they mean."""
    vendor = play.stage.vendors[plot.ACME.name]
    probe = play.stage.cluster.get(LLMProvider, plot.ACME.name).spec.probe
    answered = [request.at for request in vendor.requests() if request.method == "GET"]
    killed_at = play.killed_at or seen_at
    sure_at = max(answered[-1] + probe.failure_threshold * seconds(probe.interval), killed_at)
    return round(seen_at - sure_at, 3), round(seen_at - killed_at, 3)


def _checked_switch(conversation: Conversation) -> Switch:
    status = conversation.status
    expect(status.switch_count == 1, "one switch", f"status.switchCount is {status.switch_count}")
    switch = status.switches[-1]
    route = (switch.from_backend, switch.to_backend)
    expect(
        route == (plot.FIRST_BACKEND, plot.SECOND_BACKEND),
        f"a switch from {plot.FIRST_BACKEND} to {plot.SECOND_BACKEND}",
        f"it went from {route[0]} to {route[1]}",
    )
    binding = status.binding
    expect(
        binding is not None
        and (binding.backend, binding.checkpoint) == (plot.SECOND_BACKEND, switch.checkpoint),
        f"status.binding at {plot.SECOND_BACKEND} with checkpoint {switch.checkpoint}",
        f"it is {binding}",
    )
    return switch


def _check_record(record: StateCheckpoint, transcript: Json) -> None:
    """The checkpoint states what the transcript says, the turn before the outage included."""
    summary = record.spec.summary
    if summary is None or record.spec.record is None:
        raise StepError(f"StateCheckpoint {record.key} to record the switch", "it holds none")
    stated = (summary.user_goal or "", *(summary.decisions or ()))
    effects = summary.executed_side_effects or ()
    lost = missing(said_in(transcript), "\n".join((*stated, *effects)))
    expect(not lost, "goal, decisions and executed side effects in spec.summary", f"lost: {lost}")


def _check_event(cluster: Cluster, conversation: Conversation, within: float) -> None:
    """One event, which names from, to and checkpoint; it follows the commit."""
    switch = conversation.status.switches[-1]
    deadline = time.monotonic() + within
    while not (events := _told(cluster, conversation)) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    expect(len(events) == 1, f"one event {EVENT_REASON}", f"there are {len(events)}")
    note = events[0].get("note", "")
    words = (switch.from_backend, switch.to_backend, switch.checkpoint)
    absent = [word for word in words if word not in note]
    expect(not absent, "from, to and checkpoint in the event's note", f"not there: {absent}")


def _told(cluster: Cluster, conversation: Conversation) -> list[Json]:
    events = cluster.events_about(conversation)
    return [event for event in events if event.get("reason") == EVENT_REASON]


def _verdicts(cluster: Cluster) -> Shown:
    """Every candidate of the route with what speaks against it."""
    row = '{.backend} eligible={.eligible} {.reasons[*].message}{"\\n"}'
    rows = f"{{range .status.candidates[*]}}{row}{{end}}"
    return cluster.show("get", "modelroute", plot.ROUTE, "-o", f"jsonpath={rows}")


def _last_lines(shown: Shown, heading: str) -> Shown:
    """The part of an output that begins with a heading."""
    _, found, rest = shown.output.partition(f"\n{heading}")
    return Shown(shown.command, f"…\n{heading}{rest}" if found else shown.output)
