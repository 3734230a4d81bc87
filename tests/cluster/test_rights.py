"""The operator's account may not touch what users wrote, whatever the operator tried."""

from pathlib import Path

import pytest

from joch.local.control_plane import Access
from joch.local.errors import KubectlError
from tests.cluster import objects
from tests.cluster.operators import Operators
from tests.cluster.space import Space


@pytest.mark.parametrize(
    ("attempt", "verb"),
    [
        (["label", "conversations.joch.dev", "chat", "a=b"], "patch"),
        (["annotate", "conversations.joch.dev", "chat", "a=b"], "patch"),
        (["delete", "conversations.joch.dev", "chat"], "delete"),
        (["label", "configmaps", "chat", "a=b"], "patch"),
        (["get", "secrets"], "list"),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, list) else given,
)
def test_the_operator_is_refused(
    attempt: list[str], verb: str, control_plane: Access, space: Space, tmp_path: Path
) -> None:
    operators = Operators(control_plane, space.namespace, tmp_path)
    operators.make_role()
    space.apply(objects.transcript(), objects.conversation())
    as_operator = space.kubectl.with_kubeconfig(control_plane.kubeconfig_for(operators.user))

    with pytest.raises(KubectlError, match=f'cannot {verb} resource "{attempt[1].split(".")[0]}"'):
        as_operator(*attempt, "-n", space.namespace)
