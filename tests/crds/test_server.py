"""What the API server makes of the kinds: defaults, pruning, merging, names, languages."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from joch.api import backend, duration
from joch.api.grammar import HTTP_URL, NAMESPACE_OR_ALL, OBJECT_NAME, VENDOR_ID, Grammar
from joch.api.model import ALIAS
from joch.local.errors import KubectlError
from joch.local.kubectl import Kubectl

CRDS = Path(__file__).parents[2] / "crds"
STRATEGY = {"primary": "openai:gpt-5-thinking"}


def route(namespace: str, name: str = "r", **more: object) -> dict[str, object]:
    return {
        "apiVersion": "joch.dev/v1alpha1",
        "kind": "ModelRoute",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"strategy": STRATEGY},
        **more,
    }


def create(kubectl: Kubectl, body: dict[str, object], *options: str) -> None:
    stdin = json.dumps(body)
    kubectl("create", "--field-manager=test-user", *options, "-f", "-", stdin=stdin)


def read(kubectl: Kubectl, namespace: str, path: str) -> str:
    return kubectl("get", "modelroutes.joch.dev", "r", "-n", namespace, "-o", f"jsonpath={path}")


def patch_status(kubectl: Kubectl, namespace: str, patch: dict[str, object]) -> str:
    return kubectl(
        "patch",
        "modelroutes.joch.dev/r",
        "-n",
        namespace,
        "--field-manager=test-operator",
        "--subresource=status",
        "--type=merge",
        "--patch",
        json.dumps(patch),
    )


def condition(kind: str) -> dict[str, str]:
    return {
        "type": kind,
        "status": "True",
        "reason": "PrimarySelected",
        "message": "",
        "lastTransitionTime": "2026-11-21T11:00:00Z",
    }


def test_a_status_in_a_post_is_dropped_and_says_that_nobody_has_looked_yet(
    kubectl: Kubectl, namespace: str
) -> None:
    create(kubectl, route(namespace, status={"observedGeneration": 1, "selected": "a:b"}))
    assert read(kubectl, namespace, "{.status}") == '{"observedGeneration":-1}'


def test_a_write_to_the_status_changes_nothing_else(kubectl: Kubectl, namespace: str) -> None:
    create(kubectl, route(namespace))
    patch_status(
        kubectl,
        namespace,
        {
            "metadata": {"labels": {"a": "b"}, "annotations": {"a": "b"}, "finalizers": ["a/b"]},
            "spec": {"strategy": {"primary": "c:d"}},
            "status": {"selected": "a:b"},
        },
    )
    assert read(kubectl, namespace, "{.status.selected}") == "a:b"
    assert read(kubectl, namespace, "{.spec.strategy.primary}") == STRATEGY["primary"]
    metadata = json.loads(read(kubectl, namespace, "{.metadata}"))
    assert not metadata.keys() & {"labels", "annotations", "finalizers"}
    assert metadata["generation"] == 1


def test_an_unknown_field_is_pruned_where_the_client_does_not_ask_for_strictness(
    kubectl: Kubectl, namespace: str
) -> None:
    spec = {"strategy": STRATEGY, "weights": [1]}
    create(kubectl, route(namespace, spec=spec), "--validate=ignore")
    assert json.loads(read(kubectl, namespace, "{.spec}")) == {"strategy": STRATEGY}


def test_an_optional_field_set_to_null_counts_as_not_given(
    kubectl: Kubectl, namespace: str
) -> None:
    spec = {"strategy": {**STRATEGY, "fallback": None}, "switching": None}
    create(kubectl, route(namespace, spec=spec))
    assert json.loads(read(kubectl, namespace, "{.spec}")) == {"strategy": STRATEGY}


def test_a_required_field_set_to_null_is_refused(kubectl: Kubectl, namespace: str) -> None:
    with pytest.raises(KubectlError, match=r"spec\.strategy: Required value"):
        create(kubectl, route(namespace, spec={"strategy": None}))


def test_there_is_one_condition_of_a_type(kubectl: Kubectl, namespace: str) -> None:
    create(kubectl, route(namespace))
    twice = [condition("Ready"), condition("Ready")]
    with pytest.raises(KubectlError, match=r'status.conditions\[1\]: Duplicate value: .*"Ready"'):
        patch_status(kubectl, namespace, {"status": {"conditions": twice}})


def test_two_writers_of_conditions_keep_to_their_own(kubectl: Kubectl, namespace: str) -> None:
    create(kubectl, route(namespace))
    for kind in ("Ready", "Audited"):
        applied = route(namespace, status={"conditions": [condition(kind)]})
        del applied["spec"]
        kubectl(
            "apply",
            "--server-side",
            "--subresource=status",
            f"--field-manager=test-{kind.lower()}",
            "-f",
            "-",
            stdin=json.dumps(applied),
        )
    assert read(kubectl, namespace, "{.status.conditions[*].type}") == "Ready Audited"


def test_the_server_keeps_the_definitions_as_they_are_printed(kubectl: Kubectl) -> None:
    assert kubectl("diff", "--server-side", "-f", str(CRDS)) == ""


@pytest.mark.parametrize(
    ("short_name", "resource"),
    [
        ("llmp", "llmproviders"),
        ("mroute", "modelroutes"),
        ("conv", "conversations"),
        ("schk", "statecheckpoints"),
        ("llmgw", "llmgateways"),
    ],
)
def test_a_short_name_is_the_kinds_own(short_name: str, resource: str, kubectl: Kubectl) -> None:
    rows = [line.split() for line in kubectl("api-resources", "--no-headers").splitlines()]
    owners = [row[0] for row in rows if short_name in row[1].split(",")]
    assert owners == [resource]


def test_the_category_has_every_kind(kubectl: Kubectl) -> None:
    names = kubectl("api-resources", "--categories=joch", "-o", "name").split()
    assert sorted(names) == [
        f"{plural}.joch.dev"
        for plural in (
            "conversations",
            "llmgateways",
            "llmproviders",
            "modelroutes",
            "models",
            "statecheckpoints",
        )
    ]


def test_the_server_explains_every_field(kubectl: Kubectl) -> None:
    said = kubectl("explain", "conversations.joch.dev.spec.transcript.configMapRef.key")
    assert "Key inside the object's data." in said


Spec = Callable[[str], tuple[str, dict[str, object]]]


def in_route(text: str) -> tuple[str, dict[str, object]]:
    return "ModelRoute", {"strategy": {"primary": text}}


def in_interval(text: str) -> tuple[str, dict[str, object]]:
    return "ModelRoute", {"strategy": STRATEGY, "switching": {"minimumInterval": text}}


def in_base_url(text: str) -> tuple[str, dict[str, object]]:
    return "LLMProvider", {"type": "openai", "baseUrl": text}


def in_allowed_namespaces(text: str) -> tuple[str, dict[str, object]]:
    return "LLMProvider", {"type": "openai", "allowedNamespaces": [text]}


def in_provider_ref(text: str) -> tuple[str, dict[str, object]]:
    return "Model", {"providerRef": {"name": text}, "model": "m"}


def in_vendor_id(text: str) -> tuple[str, dict[str, object]]:
    return "Model", {"providerRef": {"name": "p"}, "model": text}


def in_alias(text: str) -> tuple[str, dict[str, object]]:
    return "Model", {"providerRef": {"name": "p"}, "model": "m", "alias": text}


def near(examples: tuple[str, ...]) -> list[str]:
    """The examples, and texts one or two edits away from them, the same in every run."""
    letters = "aZ9-./:_*@?# \t\n\v\f\r\x00\u00a0\u0663é"
    pick = random.Random(20261121)
    texts = [*examples, ""]
    for _ in range(60):
        text = pick.choice(examples)
        for _ in range(pick.randint(1, 2)):
            at = pick.randint(0, len(text))
            text = text[:at] + pick.choice(letters) + text[at + pick.randint(0, 1) :]
        texts.append(text)
    return texts


@pytest.mark.parametrize(
    ("grammar", "spec", "examples"),
    [
        (backend.GRAMMAR, in_route, ("openai:gpt-5", "ns/p:m", "or:a/x:beta", "b:arn:aws:b::i/e")),
        (duration.GRAMMAR, in_interval, ("30s", "1h30m", "500ms", "7d", "0s")),
        (
            HTTP_URL,
            in_base_url,
            ("https://llm.example.com/v1", "http://[fd00::1]:11434", "http://a"),
        ),
        (NAMESPACE_OR_ALL, in_allowed_namespaces, ("*", "team-a", "a")),
        (OBJECT_NAME, in_provider_ref, ("openai", "llm.example", "a-b")),
        (VENDOR_ID, in_vendor_id, ("gpt-5", "anthropic/claude:beta", "arn:aws:bedrock:eu")),
        (ALIAS, in_alias, ("sonnet-4-6", "a", "A.b_c")),
    ],
)
def test_python_and_the_server_read_the_same_language(
    grammar: Grammar, spec: Spec, examples: tuple[str, ...], kubectl: Kubectl, namespace: str
) -> None:
    texts = near(examples)
    items = []
    for index, text in enumerate(texts):
        kind, content = spec(text)
        metadata = {"name": f"t{index}", "namespace": namespace}
        items.append(
            {"apiVersion": "joch.dev/v1alpha1", "kind": kind}
            | {"metadata": metadata, "spec": content}
        )

    taken = taken_names(kubectl, items)

    for index, text in enumerate(texts):
        try:
            grammar.check(text)
        except ValueError:
            assert f"t{index}" not in taken, f"{text!r}: only the server takes it"
        else:
            assert f"t{index}" in taken, f"{text!r}: only Python takes it"


def taken_names(kubectl: Kubectl, items: list[dict[str, object]]) -> set[str]:
    """The names of the objects that the server would create; the others it refused."""
    listing = {"apiVersion": "v1", "kind": "List", "items": items}
    refused = set()
    try:
        kubectl("create", "--dry-run=server", "-f", "-", stdin=json.dumps(listing))
    except KubectlError as error:
        refused = {word.strip('"') for word in error.stderr.split() if word.startswith('"t')}
    return {str(item["metadata"]["name"]) for item in items} - refused  # type: ignore[index]
