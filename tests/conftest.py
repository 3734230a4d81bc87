"""Fixtures that every test may use: one control plane a run, one namespace a test.

The control plane is real (etcd, kube-apiserver with RBAC, kube-controller-manager), has Joch's CRDs
and an audit log, and is shared by the workers of pytest-xdist: whoever distributes the tests starts
it and tells the workers where it is. So tests may not change what is not in their own namespace.
"""

import signal
import ssl
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings

from joch.local.control_plane import Access, ControlPlane
from joch.local.errors import LocalError
from joch.local.kubectl import Kubectl
from joch.local.servers import Options
from tests.audit_log import AuditLog

# A busy machine must fail no test: examples have no deadline, and are the same in every run.
settings.register_profile(
    "joch", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("joch")

CRDS = Path(__file__).parents[1] / "crds"

_control_plane = pytest.StashKey[ControlPlane]()


def pytest_configure(config: pytest.Config) -> None:
    """Let Ctrl-C reach what the tests start: in the background it is ignored, and inherited so."""
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    config.stash[_control_plane] = start_control_plane()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    access = node.config.stash[_control_plane].access
    node.workerinput["control_plane"] = {
        "home": str(access.home),
        "server": access.server,
        "kubectl_program": str(access.kubectl_program),
    }


def pytest_unconfigure(config: pytest.Config) -> None:
    started = config.stash.get(_control_plane, None)
    if started is not None:
        started.stop()


def start_control_plane() -> ControlPlane:
    crds = CRDS if any(CRDS.glob("*.yaml")) else None
    try:
        return ControlPlane.start(
            Options(audit=True, crds=crds),
            say=lambda sentence: print(sentence, file=sys.__stderr__),
        )
    except LocalError as error:
        pytest.exit(f"No control plane to test against: {error}", returncode=1)


@pytest.fixture(scope="session")
def control_plane(request: pytest.FixtureRequest) -> Iterator[Access]:
    """How to reach the control plane of this run: `.kubeconfig`, `.server`, `.kubectl(...)`.

    `.kubeconfig_for("system:serviceaccount:NAMESPACE:NAME")` is for tests that run something under
    real RBAC: nobody but the administrator has any rights until a test grants them.
    """
    shared = getattr(request.config, "workerinput", {}).get("control_plane")
    if shared:
        yield Access(Path(shared["home"]), shared["server"], Path(shared["kubectl_program"]))
        return
    with start_control_plane() as started:
        yield started.access


@pytest.fixture(scope="session")
def kubectl(control_plane: Access) -> Kubectl:
    """Run kubectl as the administrator: `kubectl("get", "pods", "-n", namespace)` is its stdout.

    It raises KubectlError, whose `.stderr` has kubectl's words. Manifests go in by `stdin=` with
    `-f -`. A test that plays a user says so: `kubectl("apply", "--field-manager=test-user", ...)`,
    because Flux and others treat the managers whose names begin with kubectl in their own way.
    """
    return control_plane.kubectl


@pytest.fixture(scope="session")
def audit_log(control_plane: Access) -> AuditLog:
    """Who asked the API server for what, in this whole run: filter by user or namespace."""
    return AuditLog(control_plane.audit_log)


@pytest.fixture(scope="session")
def _administrator(control_plane: Access) -> Iterator[httpx.Client]:
    trust = ssl.create_default_context(cafile=control_plane.certificate_authority)
    trust.load_cert_chain(control_plane.client_certificate)
    with httpx.Client(base_url=control_plane.server, verify=trust, trust_env=False) as client:
        yield client


@pytest.fixture
def namespace(_administrator: httpx.Client) -> Iterator[str]:
    """A namespace of the test's own; it goes, with all that is in it, after the test."""
    name = f"test-{uuid.uuid4().hex[:10]}"
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    _administrator.post("/api/v1/namespaces", json=body).raise_for_status()
    yield name
    _administrator.delete(f"/api/v1/namespaces/{name}").raise_for_status()
