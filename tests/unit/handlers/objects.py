"""Objects as a watch would bring them."""

from typing import Any

Raw = dict[str, Any]


def raw(name: str, namespace: str = "rig", version: int = 1, **fields: Any) -> Raw:
    metadata = {
        "name": name,
        "namespace": namespace,
        "uid": f"{namespace}-{name}",
        "resourceVersion": str(version),
        "generation": version,
        "creationTimestamp": "2020-01-01T00:00:00Z",
    }
    return {"metadata": metadata, **fields}
