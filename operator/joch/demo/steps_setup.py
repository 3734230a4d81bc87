"""The first steps: everything is started, and serves."""

import base64
import json
from collections.abc import Callable

from joch.api.conversation import Conversation
from joch.api.llmgateway import LLMGateway
from joch.api.llmprovider import LLMProvider
from joch.api.model import Model, ModelSource
from joch.api.modelroute import ModelRoute
from joch.demo import plot
from joch.demo.cluster import Cluster, KindT, is_true
from joch.demo.failure import expect
from joch.demo.overlay import write_overlay
from joch.demo.stage import LITELLM, MOUNTS, OPERATOR
from joch.demo.story import Play, Told
from joch.local.cluster_reader import Json
from joch.local.vendors import Vendor

USER = "--field-manager=demo-user"


def start_control_plane(play: Play) -> Told:
    """A real API server, which says that it is ready."""
    play.stage.start_control_plane()
    kubectl = play.stage.access.kubectl
    ready = kubectl("get", "--raw", "/readyz")
    expect(ready == "ok", "/readyz to say ok", f"it said {ready}")
    version = json.loads(kubectl("version", "-o", "json"))["serverVersion"]["gitVersion"]
    return Told(
        f"etcd, kube-apiserver {version} with RBAC and encryption at rest, "
        "kube-controller-manager. KUBECONFIG is of this run alone."
    )


def start_vendors(play: Play) -> Told:
    """Both vendors listen, each with its own API in front of a real language model."""
    play.stage.start_vendors()
    told = []
    for spec in plot.VENDORS:
        vendor = play.stage.vendors[spec.name]
        expect(
            vendor.alive and vendor.listening,
            f"vendor {spec.name} to listen at {vendor.url}",
            "nothing does",
        )
        told.append(f"{spec.name} speaks {spec.wire}'s API at {vendor.url}")
    return Told(f"{'; '.join(told)}. Each is one process with a real language model in it.")


def apply_manifests(play: Play) -> Told:
    """examples/demo with this run's addresses, and the keys of the two vendors."""
    stage, cluster = play.stage, play.stage.cluster
    overlay = write_overlay(stage.folder, stage.source.examples, cluster.namespace, stage.addresses)
    _apply(cluster, {"kind": "Namespace", "metadata": {"name": cluster.namespace}})
    for vendor in stage.vendors.values():
        _apply(cluster, _key_secret(vendor, cluster.namespace))
    cluster.kubectl("apply", USER, "-k", str(overlay))
    return Told(
        "Two providers, three models, a route and a gateway: what a platform team writes.",
        (cluster.show("get", "llmproviders,models,modelroutes,llmgateways"),),
    )


def start_operator(play: Play) -> Told:
    """The operator validates credentials, discovers models, selects a backend and binds."""
    cluster = play.stage.cluster
    _apply_folder(play, "operator")
    play.stage.start_operator()
    for vendor in plot.VENDORS:
        _wait(play, LLMProvider, vendor.name, _is_listed, "to be Ready, its models listed")
    discovered = _discovered(play, plot.ACME.models[1])
    _wait(play, Model, discovered.metadata.name, _is_discovered, "to be Discovered")
    _wait(play, ModelRoute, plot.ROUTE, _selects_first, f"to select {plot.FIRST_BACKEND}")
    return Told(
        "It has the rights of its own account only. Both credentials are good. "
        f"{discovered.spec.model} is in its vendor's list only: the operator made Model "
        f"{discovered.metadata.name} of it. "
        f"The route selects {plot.FIRST_BACKEND}.",
        (
            cluster.show("get", "llmproviders"),
            cluster.show("get", "models"),
            cluster.show("get", "modelroutes"),
        ),
    )


def start_gateway(play: Play) -> Told:
    """LiteLLM serves exactly the configuration that the operator wrote."""
    play.stage.start_gateway()
    cluster = play.stage.cluster
    gateway = cluster.wait(
        LLMGateway,
        plot.GATEWAY,
        lambda found: _is_ready(found) and _serves_what_was_written(found),
        f"LLMGateway {plot.GATEWAY} to serve the configuration that was written",
        play.patience.gateway,
        lambda: play.stage.check(LITELLM, MOUNTS, OPERATOR),
    ).object
    return Told(
        f"LiteLLM serves {gateway.status.models.served} deployments of the generated "
        f"configuration {(gateway.status.served_hash or '')[:19]}…",
        (cluster.show("get", "llmgateways"),),
    )


def start_conversation(play: Play) -> Told:
    """An agent's conversation, which the operator binds."""
    _apply_folder(play, "conversation")
    _wait(play, Conversation, plot.CONVERSATION, _at_first, f"to be at {plot.FIRST_BACKEND}")
    return Told(
        f"It is bound to {plot.FIRST_BACKEND}. What was said so far is in a ConfigMap: a goal, "
        "decisions, and an e-mail that was sent.",
        (play.stage.cluster.show("get", "conversations"),),
    )


def _serves_what_was_written(gateway: LLMGateway) -> bool:
    status = gateway.status
    return (
        status.config_hash is not None
        and status.served_hash == status.config_hash
        and status.models.served == status.models.written
    )


def _is_ready(found: LLMProvider | LLMGateway) -> bool:
    return is_true(found, "Ready") and found.status.observed_generation == found.metadata.generation


def _wait(
    play: Play, kind: type[KindT], name: str, reached: Callable[[KindT], bool], what: str
) -> None:
    play.stage.cluster.wait(
        kind,
        name,
        reached,
        f"{kind.definition.kind} {name} {what}",
        play.patience.ready,
        lambda: play.stage.check(OPERATOR),
    )


def _discovered(play: Play, model: str) -> Model:
    """The Model that nobody wrote and that the vendor's list has."""
    found = [each for each in play.stage.cluster.list(Model) if each.spec.model == model]
    expect(len(found) == 1, f"one Model made for {model}", f"there are {len(found)}")
    return found[0]


def _is_listed(provider: LLMProvider) -> bool:
    return _is_ready(provider) and provider.status.sync is not None


def _is_discovered(model: Model) -> bool:
    return model.status.source is ModelSource.DISCOVERED


def _selects_first(route: ModelRoute) -> bool:
    return route.status.selected == plot.FIRST_BACKEND


def _at_first(conversation: Conversation) -> bool:
    binding = conversation.status.binding
    return binding is not None and binding.backend == plot.FIRST_BACKEND


def _key_secret(vendor: Vendor, namespace: str) -> Json:
    return {
        "kind": "Secret",
        "metadata": {"name": f"{vendor.spec.name}-key", "namespace": namespace},
        "data": {"api-key": base64.b64encode(vendor.key.get_secret_value().encode()).decode()},
    }


def _apply_folder(play: Play, name: str) -> None:
    folder = play.stage.source.examples / name
    play.stage.cluster.kubectl("apply", USER, "-k", str(folder), "-n", plot.NAMESPACE)


def _apply(cluster: Cluster, document: Json) -> None:
    """By stdin: a key on a command line could be read by anybody on the machine."""
    body = json.dumps({"apiVersion": "v1", **document})
    cluster.kubectl("apply", "--server-side", USER, "-f", "-", stdin=body)
