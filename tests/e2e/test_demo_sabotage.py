"""The demo, sabotaged once for each of its steps: each run must fail at that very step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from joch.demo import plot
from joch.demo.report import Report
from joch.demo.source import Source
from joch.demo.stage import Stage
from joch.demo.steps import STEPS
from joch.demo.story import Patience, Play, Step, run
from tests.e2e import saboteurs
from tests.e2e.saboteurs import Act, Saboteur

BYSTANDER = Saboteur("", saboteurs.do_nothing)
SHORT: Mapping[str, Patience] = {
    "operator": Patience(ready=12),
    "conversation": Patience(ready=12),
    "gateway": Patience(gateway=6),
    "switch": Patience(switch=8),
}
"""Where a step fails because nothing comes: nobody has to wait long for nothing."""


@dataclass(frozen=True)
class Sabotage:
    """Harm done when step `at` begins, the step it must fail at, and a part of what it must say."""

    act: Act
    at: str
    fails_at: str
    says: str

    def __str__(self) -> str:
        return f"{self.act.__name__.replace('_', ' ')} at {self.at}"


AFTER_THE_SWITCH = (
    Sabotage(saboteurs.delete_the_handoff, "handoff", "handoff", "404"),
    Sabotage(saboteurs.forge_the_handoff, "handoff", "handoff", "bytes of digest sha256:"),
    Sabotage(saboteurs.lose_the_checkpoint, "next-turn", "next-turn", "it lacks"),
    Sabotage(saboteurs.replay_a_tool_call, "next-turn", "next-turn", "no call to repeat"),
    Sabotage(
        saboteurs.kill_the_second_vendor_at_the_last_moment,
        "next-turn",
        "next-turn",
        "an answer of pro",
    ),
)
FROM_THE_START = (
    Sabotage(saboteurs.take_the_vendors_port, "vendors", "vendors", "can't be had"),
    Sabotage(saboteurs.break_a_manifest, "manifests", "manifests", "fallback must not repeat"),
    Sabotage(saboteurs.revoke_the_vendors_key, "operator", "operator", "acme to be Ready"),
    Sabotage(saboteurs.stop_the_mounts, "gateway", "gateway", "to serve the configuration"),
    Sabotage(saboteurs.stop_the_operator, "conversation", "conversation", "to be at acme:large"),
    Sabotage(saboteurs.spare_the_vendor, "outage", "outage", "the process of acme to be gone"),
    Sabotage(saboteurs.kill_the_first_vendor, "first-turn", "first-turn", "an answer of large"),
    Sabotage(saboteurs.stop_the_operator, "outage", "switch", "to be switched"),
    Sabotage(saboteurs.kill_the_operator, "switch", "switch", "the operator to run"),
    Sabotage(saboteurs.kill_the_second_vendor, "outage", "switch", "to be switched"),
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage"), Source.find()) as stage:
        yield stage


def named(name: str) -> int:
    return [step.name for step in STEPS].index(name)


def perform(play: Play, steps: Sequence[Step], sabotage: Sabotage) -> Report:
    """The steps, with the saboteur in the audience; what they did is mended."""
    saboteur = Saboteur(sabotage.at, sabotage.act)
    try:
        return run(steps, play, saboteur)
    finally:
        if saboteur.mend is not None:
            saboteur.mend()


def check(report: Report, sabotage: Sabotage) -> None:
    assert not report.ok
    assert report.failed_step == sabotage.fails_at, report.steps[-1].detail
    assert sabotage.says in report.steps[-1].detail


def clear(stage: Stage) -> None:
    """Nothing is left of the conversation and its switches; who was killed is started by a run."""
    for kind in ("conversations", "statecheckpoints"):
        stage.cluster.kubectl("delete", kind, "--all", "-n", plot.NAMESPACE)


def test_a_demo_that_is_sabotaged_fails_at_that_step(
    stage: Stage, subtests: pytest.Subtests
) -> None:
    """One stage for all runs: its control plane and LiteLLM take longest to start.

    The first story is sabotaged again and again after its switch, each time it is mended, and in
    the end it ends well. Then every story begins anew, with a conversation of its own.
    """
    play = Play(stage)
    begun = run(STEPS[: named("handoff")], play, BYSTANDER)
    assert begun.ok, begun.steps[-1].detail
    for sabotage in AFTER_THE_SWITCH:
        with subtests.test(str(sabotage)):
            check(perform(replace(play), STEPS[named("handoff") :], sabotage), sabotage)
    ended = run(STEPS[named("handoff") :], play, BYSTANDER)
    assert ended.ok, ended.steps[-1].detail

    for sabotage in FROM_THE_START:
        with subtests.test(str(sabotage)):
            clear(stage)
            patience = SHORT.get(sabotage.fails_at, Patience())
            check(perform(Play(stage, patience), STEPS, sabotage), sabotage)


def test_every_step_of_the_demo_is_sabotaged() -> None:
    sabotaged = {sabotage.fails_at for sabotage in (*FROM_THE_START, *AFTER_THE_SWITCH)}

    assert sabotaged == {step.name for step in STEPS} - {"control-plane"}


def test_a_control_plane_that_refuses_the_types_fails_the_first_step(tmp_path: Path) -> None:
    source = Source.find()
    crds = saboteurs.broken_crds(tmp_path / "crds", source.crds)
    with Stage(tmp_path / "stage", replace(source, crds=crds)) as stage:
        report = run(STEPS, Play(stage), BYSTANDER)

    assert report.failed_step == "control-plane"
    assert "CustomResourceDefinition" in report.steps[-1].detail
