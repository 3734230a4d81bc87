"""`joch crds`: the CustomResourceDefinitions of every kind, as YAML."""

from pathlib import Path
from typing import Annotated

import typer
import yaml

_HEADER = '# Printed from the types in operator/joch/api by "make generate". Do not edit.\n'


class _PlainDumper(yaml.SafeDumper):
    """Writes every value out: anchors and aliases are for machines."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def register(app: typer.Typer) -> None:
    """Add the command `crds`."""
    app.command("crds")(crds)


def crds(
    directory: Annotated[
        Path | None,
        typer.Option("--dir", help="Write one file a kind into this folder instead of to stdout."),
    ] = None,
) -> None:
    """Print the CustomResourceDefinitions of every kind, for kubectl apply."""
    documents = _documents()
    if directory is None:
        typer.echo("---\n".join(documents.values()), nl=False)
        return
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in documents.items():
        (directory / name).write_text(text, encoding="utf-8")


def _documents() -> dict[str, str]:
    """File name (`joch.dev_models.yaml`, as controller-gen names them) to YAML, in kinds' order."""
    from joch.api.base import GROUP
    from joch.api.kinds import KINDS
    from joch.api.schema import custom_resource_definition

    return {
        f"{GROUP}_{kind.definition.plural}.yaml": _HEADER
        + yaml.dump(
            custom_resource_definition(kind),
            Dumper=_PlainDumper,
            allow_unicode=True,
            sort_keys=False,
            width=100,
        )
        for kind in KINDS
    }
