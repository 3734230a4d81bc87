"""CustomResourceDefinitions, printed from the types of the kinds.

pydantic gives JSON Schema; Kubernetes takes *structural* schemas: no `$ref`, no unions, no titles.
What this converter does not know raises: a bound or a rule is never lost on the way.
"""

from typing import Any

from joch.api.base import API_VERSION, CATEGORY, GROUP, VERSION, Column, Definition, Resource
from joch.api.grammar import RULES, rules

Schema = dict[str, Any]

MAX_NAME_LENGTH = 63

_BOUNDS = frozenset({"maximum", "minimum"}) | {
    f"{end}{what}" for end in ("min", "max") for what in ("Items", "Length", "Properties")
}
_MERGING = frozenset(f"x-kubernetes-{what}" for what in ("list-map-keys", "list-type", "map-type"))
_KEPT = _BOUNDS | _MERGING | {"description", "enum", "format", "required", "type", RULES}
_DROPPED = frozenset({"$defs", "default", "title"})
_NESTED = frozenset({"additionalProperties", "items", "properties"})
_NAME_RULE = (
    f"size(self.metadata.name) <= {MAX_NAME_LENGTH}",
    f"metadata.name must have at most {MAX_NAME_LENGTH} characters: it becomes a label",
)


def custom_resource_definition(kind: type[Resource]) -> Schema:
    """The CustomResourceDefinition of a kind, as `apiextensions.k8s.io/v1` takes it.

    Raises:
        ValueError: a field's type has no structural schema; the message names the field.
    """
    definition = kind.definition
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{definition.plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "names": _names(definition),
            "scope": "Namespaced",
            "versions": [_version(kind)],
        },
    }


def _names(definition: Definition) -> Schema:
    names = {
        "kind": definition.kind,
        "listKind": f"{definition.kind}List",
        "plural": definition.plural,
        "singular": definition.singular,
        "shortNames": list(definition.short_names),
        "categories": [CATEGORY],
    }
    return {key: value for key, value in names.items() if value}


def _version(kind: type[Resource]) -> Schema:
    columns = [*kind.definition.columns, Column("Age", ".metadata.creationTimestamp", type="date")]
    version: Schema = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": _root(kind)},
        "additionalPrinterColumns": [_printed(column) for column in columns],
        "selectableFields": [{"jsonPath": path} for path in kind.definition.selectable],
        "subresources": {"status": {}} if "status" in kind.model_fields else {},
    }
    return {key: value for key, value in version.items() if value}


def _printed(column: Column) -> Schema:
    printed: Schema = {"name": column.name, "type": column.type, "jsonPath": column.json_path}
    if column.description:
        printed["description"] = column.description
    if column.wide:
        printed["priority"] = 1
    return printed


def _root(kind: type[Resource]) -> Schema:
    """The whole object's schema. A new object's status says that nobody has seen it yet."""
    document = kind.model_json_schema(by_alias=True)
    root = _structural(document, document.get("$defs", {}), kind.definition.kind)
    properties = {
        "apiVersion": {"type": "string", "description": f"Always {API_VERSION}."},
        "kind": {"type": "string", "description": f"Always {kind.definition.kind}."},
        **root["properties"],
        "metadata": {"type": "object"},
    }
    if "status" in properties:
        properties["status"] = {**properties["status"], "default": {"observedGeneration": -1}}
    required = [name for name in root.get("required", []) if name != "metadata"]
    stated = rules(_NAME_RULE, *kind.definition.validations)
    root = {**root, "properties": properties, "required": required, **stated}
    return {key: value for key, value in root.items() if value}


def _structural(schema: Schema, definitions: Schema, path: str) -> Schema:
    """The schema with references and optionality resolved, down to its leaves."""
    schema = _resolved(schema, definitions, path)
    if unknown := schema.keys() - _KEPT - _DROPPED - _NESTED:
        raise ValueError(f"{path}: {', '.join(sorted(unknown))} is not structural")
    result = {key: value for key, value in schema.items() if key in _KEPT}
    if "properties" in schema:
        result["properties"] = {
            name: _structural(value, definitions, f"{path}.{name}")
            for name, value in schema["properties"].items()
        }
    for key in ("items", "additionalProperties"):
        if key in schema:
            result[key] = _structural(schema[key], definitions, f"{path}[]")
    if result.get("type") == "array":
        result.setdefault("x-kubernetes-list-type", "atomic")
    return result


def _resolved(schema: Schema, definitions: Schema, path: str) -> Schema:
    """The schema itself, where it is a `$ref` or an optional one; what stands beside those wins."""
    if "$ref" in schema:
        inner = definitions[schema["$ref"].rpartition("/")[2]]
    elif "anyOf" in schema:
        given = [choice for choice in schema["anyOf"] if choice != {"type": "null"}]
        if len(given) != 1:
            raise ValueError(f"{path}: a union is not structural")
        inner = given[0]
    else:
        return schema
    outer = {key: value for key, value in schema.items() if key not in {"$ref", "anyOf"}}
    both = {**inner, **outer}
    if validations := [*inner.get(RULES, []), *outer.get(RULES, [])]:
        both[RULES] = validations
    return _resolved(both, definitions, path)
