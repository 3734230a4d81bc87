"""Fixtures of the tests of bad input: an operator for each module, a namespace for each test.

After each module it must be true that its operator met no refusal for want of rights, said no
traceback, and told no key.
"""

from collections.abc import Iterator

import httpx
import pytest

from joch.local.control_plane import Access
from joch.local.kubectl import Kubectl
from tests.audit_log import AuditLog
from tests.cluster.background import Background
from tests.cluster.bad_input.place import WELL_KEY, Place
from tests.cluster.bad_input.shared import SharedOperator
from tests.cluster.space import Space
from tests.cluster.vendors import Vendors
from tests.vendors.anthropic import Anthropic

FURTHER = 1
"""Namespaces for the tests of a module that need one more."""

KEYS = (WELL_KEY, "sk-right", "sk-wrong")


@pytest.fixture(scope="module")
def shared_operator(
    request: pytest.FixtureRequest,
    control_plane: Access,
    kubectl: Kubectl,
    audit_log: AuditLog,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SharedOperator]:
    """An operator with a namespace for each of the module's tests."""
    since = audit_log.position()
    tests = [item for item in request.session.items if item.path == request.path]
    folder = tmp_path_factory.mktemp("operator")
    made = SharedOperator.start(control_plane, len(tests) + FURTHER, folder)
    yield made
    said = made.end(kubectl)
    print(said)
    refused = [r for r in audit_log.requests(since, user=made.user) if r.status == 403]
    assert not refused, f"the operator lacks rights: {refused}"
    assert "Traceback" not in said
    assert not [key for key in KEYS if key in said]


@pytest.fixture(scope="module")
def well_url() -> Iterator[str]:
    """A vendor that is well for as long as the module's tests run."""
    background = Background()
    vendors = Vendors(background)
    yield vendors.start(Anthropic(key=WELL_KEY)).url
    vendors.stop()
    background.stop()


@pytest.fixture
def place(
    shared_operator: SharedOperator, well_url: str, api_client: httpx.Client, kubectl: Kubectl
) -> Place:
    """The test's own namespace, watched by the module's operator."""
    return Place(Space(shared_operator.take(), api_client, kubectl), well_url)
