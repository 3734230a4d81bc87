"""One operator for all tests of a module, with a namespace for each test."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from joch.local.control_plane import Access
from joch.local.kubectl import Kubectl
from tests.cluster.operators import ACCOUNT, RBAC, OperatorProcess, account_in


@dataclass
class SharedOperator:
    """A running operator, and the namespaces of its own that no test has taken yet."""

    process: OperatorProcess
    user: str
    namespaces: Sequence[str]
    taken: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, access: Access, tests: int, folder: Path) -> "SharedOperator":
        """Make a namespace for each test, and an operator that has rights in them alone."""
        namespaces = [f"test-{uuid.uuid4().hex[:10]}" for _ in range(tests)]
        make_namespaces(access.kubectl, namespaces)
        user = account_in(namespaces[0])
        log = folder / "operator.log"
        process = OperatorProcess.start(access.kubeconfig_for(user), namespaces, log)
        return cls(process, user, namespaces)

    def take(self) -> str:
        """A namespace that is the caller's alone."""
        namespace = self.namespaces[len(self.taken)]
        self.taken.append(namespace)
        return namespace

    def end(self, kubectl: Kubectl) -> str:
        """End it, and delete its namespaces; what it said."""
        self.process.kill()
        kubectl("delete", "namespace", *self.namespaces, "--wait=false")
        return self.process.log.read_text()


def make_namespaces(
    kubectl: Kubectl, namespaces: Sequence[str], lacking: Sequence[str] = ()
) -> None:
    """Make namespaces in which the operator's account of the first has the rights it needs.

    `lacking` are the resources for which it has none.
    """
    account, role = yaml.safe_load_all(RBAC.read_text())
    account = _in(namespaces[0], account)
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": ACCOUNT}
    subject = {"kind": "ServiceAccount", **account["metadata"]}
    bound = {"roleRef": reference, "subjects": [subject]}
    binding = {**_named("rbac.authorization.k8s.io/v1", "RoleBinding", ACCOUNT), **bound}
    limited = {**role, "rules": [_without(rule, lacking) for rule in role["rules"]]}
    items = [_named("v1", "Namespace", name) for name in namespaces] + [account]
    items += [_in(name, each) for name in namespaces for each in (limited, binding)]
    together = {"apiVersion": "v1", "kind": "List", "items": items}
    kubectl("apply", "--field-manager=test-user", "-f-", stdin=json.dumps(together))


def _without(rule: dict[str, Any], resources: Sequence[str]) -> dict[str, Any]:
    """The rule without these resources; a rule that has no others gives its verbs for none."""
    left = [each for each in rule["resources"] if each not in resources]
    return {**rule, "resources": left or ["nothing"]}


def _named(api_version: str, kind: str, name: str) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}


def _in(namespace: str, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "metadata": {"name": body["metadata"]["name"], "namespace": namespace}}
