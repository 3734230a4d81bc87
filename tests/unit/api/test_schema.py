"""What every CustomResourceDefinition keeps to (facts of a real API server, rules 11 to 18)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
import yaml
from pydantic import Field
from typer.testing import CliRunner

from joch.api.base import ApiModel, Definition, Resource
from joch.api.kinds import KINDS
from joch.api.schema import custom_resource_definition
from joch.cli import build_app

REPOSITORY = Path(__file__).parents[3]
SERVER_SIDE = {"apiVersion", "kind", "metadata"}


def root_of(kind: type[Resource]) -> dict[str, Any]:
    (version,) = custom_resource_definition(kind)["spec"]["versions"]
    schema: dict[str, Any] = version["schema"]["openAPIV3Schema"]
    return schema


def walk(schema: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema under this one, with the path of its field."""
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        if name not in SERVER_SIDE:
            yield from walk(inner, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if key in schema:
            yield from walk(schema[key], f"{path}[]")


FIELDS = [
    pytest.param(path, schema, id=path)
    for kind in KINDS
    for path, schema in walk(root_of(kind), kind.definition.kind)
]


@pytest.mark.parametrize(("path", "schema"), FIELDS)
def test_every_field_is_bounded(path: str, schema: dict[str, Any]) -> None:
    bounded = {
        "string": {"maxLength", "enum"},
        "array": {"maxItems"},
        "number": {"maximum"},
        "object": {"properties", "maxProperties"} if path.count(".") else schema.keys(),
    }
    bounds = bounded.get(schema["type"])
    assert bounds is None or bounds & schema.keys(), f"{path} has no bound"


@pytest.mark.parametrize(("path", "schema"), FIELDS)
def test_every_field_says_what_it_is(path: str, schema: dict[str, Any]) -> None:
    assert path.endswith("[]") or schema.get("description"), f"{path} has no description"


@pytest.mark.parametrize(("path", "schema"), FIELDS)
def test_a_schema_says_how_its_lists_merge_and_hides_no_pattern(
    path: str, schema: dict[str, Any]
) -> None:
    assert schema["type"] != "array" or "x-kubernetes-list-type" in schema
    assert "pattern" not in schema, f"{path}: a pattern prints a regex where a sentence belongs"


@pytest.mark.parametrize(("path", "schema"), FIELDS)
def test_nothing_has_a_default_but_a_status(path: str, schema: dict[str, Any]) -> None:
    of_status = path.count(".") == 1 and path.endswith(".status")
    assert schema.get("default") == ({"observedGeneration": -1} if of_status else None)


@pytest.mark.parametrize(("path", "schema"), FIELDS)
def test_every_rule_has_a_sentence_that_a_user_can_act_on(
    path: str, schema: dict[str, Any]
) -> None:
    for rule in schema.get("x-kubernetes-validations", []):
        assert len(rule["message"].split()) > 2, f"{path}: {rule['message']!r} is no sentence"


def test_an_immutable_spec_is_required_and_its_lists_are_atomic() -> None:
    for kind in KINDS:
        root = root_of(kind)
        spec = root["properties"]["spec"]
        rules = [rule["rule"] for rule in spec.get("x-kubernetes-validations", [])]
        if "self == oldSelf" in rules:
            assert "spec" in root["required"]
            for path, schema in walk(spec, kind.definition.kind):
                assert schema.get("x-kubernetes-list-type", "atomic") == "atomic", path


def test_a_reference_is_replaced_as_a_whole() -> None:
    for kind in KINDS:
        for path, schema in walk(root_of(kind), kind.definition.kind):
            if path.endswith("Ref"):
                assert schema["x-kubernetes-map-type"] == "atomic", path


def test_no_kind_takes_a_short_name_of_a_well_known_crd() -> None:
    short_names = {name for kind in KINDS for name in kind.definition.short_names}
    assert {"llmp", "mroute", "conv", "schk"} <= short_names
    assert not short_names & {"route", "llm", "chk", "tc"}


def test_what_is_in_the_repository_is_what_the_types_print(tmp_path: Path) -> None:
    result = CliRunner().invoke(build_app(), ["crds", "--dir", str(tmp_path)])

    assert result.exit_code == 0
    printed = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert len(printed) == len(KINDS)
    for folder in ("crds", "charts/joch/crds"):
        kept = {path.name: path.read_text() for path in (REPOSITORY / folder).iterdir()}
        assert kept == printed, f'{folder} is out of date: run "make generate"'


def test_printed_crds_go_to_stdout_as_one_stream_of_documents() -> None:
    result = CliRunner().invoke(build_app(), ["crds"])

    names = [document["spec"]["names"]["kind"] for document in yaml.safe_load_all(result.stdout)]
    assert names == [kind.definition.kind for kind in KINDS]


def test_every_file_is_small_enough_for_client_side_apply() -> None:
    for path in (REPOSITORY / "crds").iterdir():
        assert path.stat().st_size < 200 * 1024, path.name


class Inner(ApiModel):
    text: str | int = Field(description="Either.")


class Unstructural(Resource):
    definition: ClassVar[Definition] = Definition("Odd", "odds", "odd", (), ())
    spec: Inner


class Open(Resource):
    definition: ClassVar[Definition] = Definition("Odd", "odds", "odd", (), ())
    spec: Annotated[float, Field(gt=0)]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (Unstructural, r"Odd\.spec\.text: a union is not structural"),
        (Open, r"Odd\.spec: exclusiveMinimum is not structural"),
    ],
)
def test_a_type_that_kubernetes_cannot_express_is_refused_by_name(
    kind: type[Resource], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        custom_resource_definition(kind)
