"""The demo, sabotaged once for each of its steps: each run must fail at that very step."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from joch.demo import plot
from joch.demo.source import Source
from joch.demo.stage import Stage
from joch.demo.steps import STEPS
from joch.demo.story import Patience, Play, run
from tests.e2e import saboteurs
from tests.e2e.saboteurs import Act, Saboteur

PATIENCE = Patience(ready=15, gateway=90, switch=15, event=5)
SHORT = Patience(ready=6, gateway=6, switch=8, event=1)


@dataclass(frozen=True)
class Sabotage:
    """Harm done when step `at` begins, the step it must fail at, and a part of what it must say."""

    act: Act
    at: str
    fails_at: str
    says: str


SABOTAGES = (
    Sabotage(saboteurs.take_the_vendors_port, "vendors", "vendors", "can't be had"),
    Sabotage(saboteurs.break_a_manifest, "manifests", "manifests", "fallback must not repeat"),
    Sabotage(saboteurs.stop_the_operator, "manifests", "operator", "to be at acme:large"),
    Sabotage(saboteurs.stop_the_mounts, "gateway", "gateway", "to serve the configuration"),
    Sabotage(saboteurs.kill_the_first_vendor, "first-turn", "first-turn", "an answer of large"),
    Sabotage(saboteurs.spare_the_vendor, "outage", "outage", "the process of acme to be gone"),
    Sabotage(saboteurs.stop_the_operator, "outage", "switch", "to be switched"),
    Sabotage(saboteurs.kill_the_operator, "switch", "switch", "the operator to run"),
    Sabotage(saboteurs.kill_the_second_vendor, "outage", "switch", "to be switched"),
    Sabotage(saboteurs.delete_the_handoff, "handoff", "handoff", "404"),
    Sabotage(saboteurs.forge_the_handoff, "handoff", "handoff", "bytes of digest sha256:"),
    Sabotage(
        saboteurs.kill_the_second_vendor_at_the_last_moment,
        "next-turn",
        "next-turn",
        "an answer of pro",
    ),
    Sabotage(saboteurs.lose_the_checkpoint, "next-turn", "next-turn", "it lacks"),
    Sabotage(saboteurs.replay_a_tool_call, "next-turn", "next-turn", "no call to repeat"),
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage"), Source.find()) as stage:
        yield stage


def clear(stage: Stage) -> None:
    """Nothing is left of the conversation and its switches; what was killed is started by a run."""
    for kind in ("conversations", "statecheckpoints"):
        stage.cluster.kubectl("delete", kind, "--all", "-n", plot.NAMESPACE)


def test_a_demo_that_is_sabotaged_fails_at_that_step(stage: Stage, subtests: pytest.Subtests) -> None:
    well = run(STEPS, Play(stage, PATIENCE), Saboteur("", saboteurs.do_nothing))
    assert well.ok, well.failed_step

    for sabotage in SABOTAGES:
        name = sabotage.act.__name__.replace("_", " ")
        with subtests.test(f"{name} at {sabotage.at}"):
            clear(stage)
            saboteur = Saboteur(sabotage.at, sabotage.act)
            patience = replace(SHORT, gateway=90) if sabotage.at != "gateway" else SHORT
            try:
                report = run(STEPS, Play(stage, patience), saboteur)
            finally:
                if saboteur.mend is not None:
                    saboteur.mend()

            assert report.failed_step == sabotage.fails_at, report.steps[-1].detail
            assert sabotage.says in report.steps[-1].detail
            assert not report.ok


def test_every_step_of_the_demo_is_sabotaged() -> None:
    sabotaged = {sabotage.fails_at for sabotage in SABOTAGES}

    assert sabotaged == {step.name for step in STEPS} - {"control-plane"}


def test_a_control_plane_that_refuses_the_types_fails_the_first_step(tmp_path: Path) -> None:
    source = Source.find()
    crds = saboteurs.broken_crds(tmp_path / "crds", source.crds)
    with Stage(tmp_path / "stage", replace(source, crds=crds)) as stage:
        report = run(STEPS, Play(stage), Saboteur("", saboteurs.do_nothing))

    assert report.failed_step == "control-plane"
    assert "CustomResourceDefinition" in report.steps[-1].detail
