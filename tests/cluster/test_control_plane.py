"""The control plane that the other tests run against."""

import json
import ssl

import httpx
import pytest

from joch.local.control_plane import Access
from joch.local.errors import KubectlError
from joch.local.kubectl import Kubectl
from tests.audit_log import AuditLog


def test_certificates_stand_strict_verification(control_plane: Access) -> None:
    strict = ssl.create_default_context(cafile=control_plane.certificate_authority)
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    strict.load_cert_chain(control_plane.client_certificate)

    answer = httpx.get(f"{control_plane.server}/api", verify=strict, trust_env=False)
    assert answer.status_code == httpx.codes.OK


def test_every_test_has_a_namespace_of_its_own(kubectl: Kubectl, namespace: str) -> None:
    kubectl("create", "configmap", "mine", "-n", namespace, "--from-literal=a=1")
    names = kubectl("get", "configmaps", "-n", namespace, "-o", "name")
    assert names == "configmap/mine\n"


def test_a_user_may_do_what_rbac_grants_and_nothing_else(
    control_plane: Access, kubectl: Kubectl, namespace: str
) -> None:
    user = f"system:serviceaccount:{namespace}:reader"
    kubectl("create", "role", "reader", "-n", namespace, "--verb=get,list", "--resource=configmaps")
    kubectl(
        "create",
        "rolebinding",
        "reader",
        "-n",
        namespace,
        "--role=reader",
        f"--serviceaccount={namespace}:reader",
    )
    as_reader = kubectl.with_kubeconfig(control_plane.kubeconfig_for(user))

    assert as_reader("get", "configmaps", "-n", namespace, "-o", "name") == ""
    with pytest.raises(KubectlError, match='cannot list resource "secrets"'):
        as_reader("get", "secrets", "-n", namespace)


def test_the_audit_log_tells_who_wrote_what(
    kubectl: Kubectl, namespace: str, audit_log: AuditLog
) -> None:
    before = audit_log.position()
    kubectl("create", "configmap", "mine", "-n", namespace)

    (write,) = audit_log.writes(before, namespace=namespace, user="joch-local-admin")
    assert (write.verb, write.resource, write.name) == ("create", "configmaps", "mine")
    assert write.status == 201


ROUTE = """
apiVersion: joch.dev/v1alpha1
kind: ModelRoute
metadata: {name: owner}
spec: {strategy: {primary: "openai:gpt-5"}}
"""

CONFIG_MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: owner}}"


@pytest.mark.parametrize(
    ("kind", "api_version", "manifest"),
    [("ConfigMap", "v1", CONFIG_MAP), ("ModelRoute", "joch.dev/v1alpha1", ROUTE)],
)
def test_what_an_object_owns_goes_with_it(
    kind: str, api_version: str, manifest: str, kubectl: Kubectl, namespace: str
) -> None:
    kubectl("create", "-n", namespace, "-f", "-", stdin=manifest)
    uid = kubectl("get", kind, "owner", "-n", namespace, "-o", "jsonpath={.metadata.uid}")
    owner = {"apiVersion": api_version, "kind": kind, "name": "owner", "uid": uid}
    metadata = {"name": "owned", "namespace": namespace, "ownerReferences": [owner]}
    owned = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
    kubectl("create", "-f", "-", stdin=json.dumps(owned))

    kubectl("delete", kind, "owner", "-n", namespace)
    kubectl("wait", "--for=delete", "secret/owned", "-n", namespace, "--timeout=20s")
