"""What the types write, the API server keeps whole: no field is lost between the two."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from joch.api.base import Resource
from joch.api.kinds import KINDS
from joch.api.schema import custom_resource_definition
from joch.local.kubectl import Kubectl

HERE = Path(__file__).parent
EXAMPLES = sorted(
    [
        *HERE.glob("*/every_field_in_use.yaml"),
        HERE / "statecheckpoint/a_record.yaml",
        HERE / "statecheckpoint/a_request_with_every_field.yaml",
    ]
)


def filled(schema: dict[str, Any]) -> Any:
    """A value for a schema with every field of it present, every list and map with one entry."""
    if "enum" in schema:
        return schema["enum"][-1]
    match schema["type"]:
        case "object" if "additionalProperties" in schema:
            return {"contextWindow": filled(schema["additionalProperties"])}
        case "object":
            return {name: filled(inner) for name, inner in schema["properties"].items()}
        case "array":
            return [filled(schema["items"])]
        case "string":
            return "2026-11-21T11:00:00.000000Z" if schema.get("format") == "date-time" else "1"
        case "boolean":
            return True
        case "integer":
            return 1
    raise AssertionError(f"no example for {schema}")


def filled_status(kind: type[Resource]) -> dict[str, Any]:
    (version,) = custom_resource_definition(kind)["spec"]["versions"]
    status: dict[str, Any] = filled(version["schema"]["openAPIV3Schema"]["properties"]["status"])
    return status


def kind_of(document: dict[str, Any]) -> type[Resource]:
    (found,) = (kind for kind in KINDS if kind.definition.kind == document["kind"])
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(HERE)))
def test_a_spec_is_read_and_written_without_loss(path: Path) -> None:
    document = yaml.safe_load(path.read_text())
    resource = kind_of(document).model_validate(document)
    assert resource.to_wire()["spec"] == document["spec"]


@pytest.mark.parametrize(
    "path",
    [path for path in EXAMPLES if path.stem != "a_record"],
    ids=lambda path: str(path.relative_to(HERE)),
)
def test_a_status_with_every_field_reads_back_as_it_was_written(
    path: Path, kubectl: Kubectl, namespace: str
) -> None:
    document = yaml.safe_load(path.read_text())
    kind = kind_of(document)
    document["status"] = filled_status(kind)
    written = kind.model_validate(document).to_wire()["status"]
    resource = f"{kind.definition.plural}.joch.dev/{document['metadata']['name']}"
    kubectl("create", "-n", namespace, "-f", "-", stdin=path.read_text())

    kubectl(
        "patch",
        resource,
        "-n",
        namespace,
        "--field-manager=test-operator",
        "--subresource=status",
        "--type=merge",
        "--patch",
        json.dumps({"status": written}),
    )

    read = json.loads(kubectl("get", resource, "-n", namespace, "-o", "json"))
    assert written == document["status"]
    assert read["status"] == written
    assert kind.model_validate(read).to_wire()["status"] == written
