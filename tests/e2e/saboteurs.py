"""People who do harm to the demo just before a step begins, from outside, as bad luck would.

Every act answers with how to mend what it did, so that the next run finds the stage whole.
"""

import base64
import json
import shutil
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import HealthState, LLMProvider
from joch.api.statecheckpoint import StateCheckpoint
from joch.demo import plot
from joch.demo.cluster import is_true
from joch.demo.servers import GRACE
from joch.demo.stage import MOUNTS, OPERATOR
from joch.demo.steps_setup import USER
from joch.demo.story import Play, Step, Told
from joch.local.vendors import Vendor

Mend = Callable[[], object]
Act = Callable[[Play], Mend]


@dataclass
class Saboteur:
    """An audience that acts once, when a step begins."""

    at_step: str
    act: Act
    mend: Mend | None = None

    def begins(self, step: Step, play: Play) -> None:
        if step.name == self.at_step:
            self.mend = self.act(play)

    def happened(self, step: Step, told: Told, seconds: float) -> None:
        """It only harms."""

    def failed(self, step: Step, failure: Exception, play: Play) -> None:
        """It only harms."""


class SparedVendor(Vendor):
    """A vendor whose killer misses."""

    def kill(self) -> None:
        """It lives on."""


def do_nothing(play: Play) -> Mend:
    return lambda: None


def take_the_vendors_port(play: Play) -> Mend:
    vendor = play.stage.vendors[plot.ACME.name]
    vendor.kill()
    return socket.create_server(("127.0.0.1", vendor.spec.port)).close


def break_a_manifest(play: Play) -> Mend:
    """The route's fallback repeats its primary, which the API server refuses."""
    stage, source = play.stage, play.stage.source
    broken = stage.folder / "broken"
    shutil.copytree(source.examples, broken, dirs_exist_ok=True)
    route = broken / "modelroute.yaml"
    route.write_text(route.read_text().replace('"globex:mini"', '"acme:large"'))
    stage.source = replace(source, examples=broken)
    return lambda: setattr(stage, "source", source)


def revoke_the_vendors_key(play: Play) -> Mend:
    """And let everybody know of it, where somebody looks already."""
    cluster = play.stage.cluster
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"{plot.ACME.name}-key", "namespace": cluster.namespace},
        "data": {"api-key": _base64(b"sk-revoked")},
    }
    cluster.kubectl("apply", "--server-side", USER, "-f", "-", stdin=json.dumps(secret))
    cluster.wait(LLMProvider, plot.ACME.name, lambda p: not is_true(p, "Ready"), "a refusal", 30)
    return lambda: None


def stop_the_operator(play: Play) -> Mend:
    """SIGSTOP: it is there and does nothing. It goes afterwards, and gives its Lease back."""
    operator = play.stage.servers[OPERATOR]
    operator.process.send_signal(signal.SIGSTOP)

    def mend() -> None:
        operator.process.send_signal(signal.SIGCONT)
        operator.stop(GRACE)

    return mend


def kill_the_operator(play: Play) -> Mend:
    play.stage.servers[OPERATOR].stop(GRACE)
    return lambda: None


def stop_the_mounts(play: Play) -> Mend:
    """What the operator writes from now on does not reach LiteLLM, and it writes something."""
    cluster = play.stage.cluster
    mounts = play.stage.servers[MOUNTS].process
    mounts.send_signal(signal.SIGSTOP)
    before = cluster.get(LLMGateway, plot.GATEWAY).status.config_hash
    model = {
        "apiVersion": "joch.dev/v1alpha1",
        "kind": "Model",
        "metadata": {"name": "sabotage", "namespace": cluster.namespace},
        "spec": {"providerRef": {"name": plot.ACME.name}, "model": "acme-secret-9"},
    }
    cluster.kubectl("apply", "-f", "-", stdin=json.dumps(model))
    cluster.wait(
        LLMGateway, plot.GATEWAY, lambda g: g.status.config_hash != before, "a new hash", 30
    )

    def mend() -> None:
        cluster.kubectl("delete", "model", "sabotage", "-n", cluster.namespace)
        mounts.send_signal(signal.SIGCONT)

    return mend


def spare_the_vendor(play: Play) -> Mend:
    vendors = play.stage.vendors
    vendor = vendors[plot.ACME.name]
    known = {each.name: getattr(vendor, each.name) for each in fields(vendor)}
    vendors[plot.ACME.name] = SparedVendor(**known)
    return lambda: vendors.update({plot.ACME.name: vendor})


def kill_the_first_vendor(play: Play) -> Mend:
    play.stage.vendors[plot.ACME.name].kill()
    return lambda: None


def kill_the_second_vendor(play: Play) -> Mend:
    """And let everybody know of it."""
    play.stage.vendors[plot.GLOBEX.name].kill()
    play.stage.cluster.wait(
        LLMProvider,
        plot.GLOBEX.name,
        lambda found: found.status.health.state is HealthState.UNHEALTHY,
        "an unhealthy second vendor",
        30,
    )
    return lambda: None


def kill_the_second_vendor_at_the_last_moment(play: Play) -> Mend:
    """It alone comes back: with the first vendor well again the conversation might go there."""
    stage = play.stage
    killed = stage.vendors[plot.GLOBEX.name]
    killed.kill()

    def mend() -> None:
        stage.start_vendor(killed.spec, killed.key)
        stage.vendors[plot.GLOBEX.name].wait_until_it_answers()
        stage.cluster.wait(
            LLMProvider,
            plot.GLOBEX.name,
            lambda found: found.status.health.state is HealthState.HEALTHY,
            "a healthy second vendor",
            30,
        )

    return mend


def delete_the_handoff(play: Play) -> Mend:
    cluster, secret = play.stage.cluster, _handoff_secret(play)
    _delete(play, secret)
    return lambda: cluster.kubectl("create", "-f", "-", stdin=json.dumps(secret))


def forge_the_handoff(play: Play) -> Mend:
    """A Secret of the same name with other bytes."""
    cluster, secret = play.stage.cluster, _handoff_secret(play)
    forged = {**secret, "data": {key: _base64(b"forged") for key in secret["data"]}}
    _delete(play, secret)
    cluster.kubectl("create", "-f", "-", stdin=json.dumps(forged))

    def mend() -> None:
        _delete(play, secret)
        cluster.kubectl("create", "-f", "-", stdin=json.dumps(secret))

    return mend


def lose_the_checkpoint(play: Play) -> Mend:
    """The agent goes on without what it was handed."""
    play.handoff = {**play.handoff, "messages": play.handoff["messages"][:1]}
    return lambda: None


def replay_a_tool_call(play: Play) -> Mend:
    """The agent sends the call again that was carried out already."""
    transcript = play.stage.agent.transcript()
    calling = next(m for m in transcript["messages"] if m.get("tool_calls"))
    result = next(m for m in transcript["messages"] if m["role"] == "tool")
    messages = [*play.handoff["messages"], calling, result]
    play.handoff = {**play.handoff, "messages": messages}
    return lambda: None


def _handoff_secret(play: Play) -> dict[str, Any]:
    """The Secret as it may be created again."""
    cluster, binding = play.stage.cluster, play.stage.agent.binding()
    assert binding.checkpoint is not None
    record = cluster.get(StateCheckpoint, binding.checkpoint).spec.record
    assert record is not None
    name = record.handoff_secret.name
    found = cluster.reader.get(f"/api/v1/namespaces/{cluster.namespace}/secrets/{name}")
    metadata = {"name": name, "namespace": cluster.namespace}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": found["data"]}


def _delete(play: Play, secret: dict[str, Any]) -> None:
    cluster = play.stage.cluster
    cluster.kubectl("delete", "secret", secret["metadata"]["name"], "-n", cluster.namespace)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def broken_crds(folder: Path, crds: Path) -> Path:
    """The CRDs with one that no API server takes."""
    shutil.copytree(crds, folder)
    (folder / "broken.yaml").write_text(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: wrong}\nspec: {group: joch.dev}\n"
    )
    return folder
