"""Every bound of a spec is kept by the API server: one step beyond it is refused by name."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from joch.api.base import Resource
from joch.api.kinds import KINDS
from joch.api.schema import custom_resource_definition
from joch.local.errors import KubectlError
from joch.local.kubectl import Kubectl

HERE = Path(__file__).parent
FULL = {
    "LLMProvider": "llmprovider/every_field_in_use.yaml",
    "Model": "model/every_field_in_use.yaml",
    "ModelRoute": "modelroute/every_field_in_use.yaml",
    "Conversation": "conversation/every_field_in_use.yaml",
    "LLMGateway": "llmgateway/every_field_in_use.yaml",
}
FULL_CHECKPOINTS = (
    "statecheckpoint/a_request_with_every_field.yaml",
    "statecheckpoint/a_record.yaml",
)

Path_ = tuple[str | int, ...]


def spec_schema(kind: type[Resource]) -> dict[str, Any]:
    (version,) = custom_resource_definition(kind)["spec"]["versions"]
    schema: dict[str, Any] = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
    return schema


def beyond(schema: dict[str, Any], value: Any, path: Path_) -> Iterator[tuple[Path_, Any, str]]:
    """Places in a spec, a value there that is one step too far, and words of the refusal."""
    if "maxLength" in schema:
        yield path, "a" * (schema["maxLength"] + 1), "Too long: may not be more than"
    if "maxItems" in schema:
        yield path, [value[0]] * (schema["maxItems"] + 1), f"Too many: {schema['maxItems'] + 1}"
        yield from beyond(schema["items"], value[0], (*path, 0))
    if "maximum" in schema:
        yield path, schema["maximum"] + 1, "should be less than or equal to"
    for name, inner in schema.get("properties", {}).items():
        if name in value:
            yield from beyond(inner, value[name], (*path, name))


def cases() -> Iterator[Any]:
    schemas = {kind.definition.kind: spec_schema(kind) for kind in KINDS}
    for file in (*FULL.values(), *FULL_CHECKPOINTS):
        document = yaml.safe_load((HERE / file).read_text())
        for path, value, words in beyond(schemas[document["kind"]], document["spec"], ("spec",)):
            dotted = ".".join(str(part) for part in path)
            yield pytest.param(file, path, value, words, id=f"{document['kind']}-{dotted}")


def put(document: dict[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    place: Any = changed
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return changed


def named(path: Path_) -> str:
    """The path as the API server names it: spec.tools[0].name."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


@pytest.mark.parametrize("kind", [kind.definition.kind for kind in KINDS])
def test_the_example_of_a_kind_uses_every_field_of_its_spec(kind: str) -> None:
    files = [FULL[kind]] if kind in FULL else FULL_CHECKPOINTS
    used: set[str] = set()
    for file in files:
        used |= yaml.safe_load((HERE / file).read_text())["spec"].keys()
    (schema,) = (spec_schema(each) for each in KINDS if each.definition.kind == kind)
    assert used == schema["properties"].keys()


@pytest.mark.parametrize(("file", "path", "value", "words"), list(cases()))
def test_one_step_beyond_a_bound_is_refused(
    file: str, path: Path_, value: Any, words: str, kubectl: Kubectl
) -> None:
    document = yaml.safe_load((HERE / file).read_text())

    with pytest.raises(KubectlError) as refusal:
        kubectl(
            "create",
            "--dry-run=server",
            "-f",
            "-",
            stdin=json.dumps(put(document, path, value)),
        )

    assert f"{named(path)}: " in refusal.value.stderr
    assert words in refusal.value.stderr
