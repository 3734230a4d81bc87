"""Fixtures of the tests that run a real operator against the real API server.

Each test has a namespace, and an operator that has rights in it alone. After each test it must be
true that the operator met no refusal for want of rights, said no traceback, and told no key.
"""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from joch.local.control_plane import Access
from joch.local.kubectl import Kubectl
from tests.audit_log import AuditLog
from tests.cluster.background import Background
from tests.cluster.interruption import Interruption, interrupted
from tests.cluster.operators import Operators
from tests.cluster.space import Space
from tests.cluster.vendors import Vendors
from tests.cluster.world import KEYS, World


@pytest.fixture
def background() -> Iterator[Background]:
    loop = Background()
    yield loop
    loop.stop()


@pytest.fixture
def vendors(background: Background) -> Iterator[Vendors]:
    made = Vendors(background)
    yield made
    made.stop()


@pytest.fixture(scope="session")
def api_client(control_plane: Access) -> Iterator[httpx.Client]:
    """The administrator's connection, for all that a test does as a user."""
    trust = ssl.create_default_context(cafile=control_plane.certificate_authority)
    trust.load_cert_chain(control_plane.client_certificate)
    with httpx.Client(base_url=control_plane.server, verify=trust, trust_env=False) as client:
        yield client


@pytest.fixture
def space(namespace: str, api_client: httpx.Client, kubectl: Kubectl) -> Space:
    """The test's namespace, as its user works in it."""
    return Space(namespace, api_client, kubectl)


@pytest.fixture
def operators(
    control_plane: Access, namespace: str, audit_log: AuditLog, tmp_path: Path
) -> Iterator[Operators]:
    """Starts operators in the test's namespace, and judges afterwards how they behaved."""
    since = audit_log.position()
    made = Operators(control_plane, namespace, tmp_path)
    made.make_role()
    yield made
    said = made.end()
    print(said)
    refused = [r for r in audit_log.requests(since, namespace=namespace) if r.status == 403]
    assert not refused, f"the operator lacks rights: {refused}"
    assert "Traceback" not in said
    assert not [key for key in KEYS if key in said]


@pytest.fixture
def empty_world(space: Space, vendors: Vendors, operators: Operators, audit_log: AuditLog) -> World:
    """Vendors, providers and models; no operator yet, nobody talks."""
    return World.make(space, vendors, operators, audit_log)


@pytest.fixture
def world(empty_world: World) -> World:
    """The same with an operator that is running up."""
    empty_world.operators.start()
    return empty_world


@pytest.fixture
def interruption(
    background: Background, operators: Operators, tmp_path: Path
) -> Iterator[Interruption]:
    """A way to the API server that a test can make things happen on; nobody uses it yet."""
    kubeconfig = operators.access.kubeconfig_for(operators.user)
    opened = background.open(interrupted(kubeconfig, tmp_path))
    yield opened.value
    opened.close()
