"""What the demo needs of the source checkout and of the two environments, with the remedies."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from joch.local.errors import MissingError
from joch.local.folders import source_tools
from joch.local.language_model import require_runtime


@dataclass(frozen=True, slots=True)
class Source:
    """Folders and programs.

    Attributes:
        crds: the CustomResourceDefinitions.
        examples: the demo's manifests.
        package: the folder that holds the package `joch`.
        gateway_python: the interpreter of LiteLLM's own environment.
    """

    crds: Path
    examples: Path
    package: Path
    gateway_python: Path

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """The source checkout that this module is in, and JOCH_GATEWAY_PYTHON.

        Raises:
            MissingError: something is not there; the sentence says how to get it.
        """
        root = source_tools().parent
        named = environ.get("JOCH_GATEWAY_PYTHON")
        python = Path(named) if named else root / ".venv-gateway" / "bin" / "python"
        source = cls(root / "crds", root / "examples" / "demo", root / "operator", python)
        for folder in (source.crds, source.examples):
            if not folder.is_dir():
                raise MissingError(
                    f"the demo needs {folder}: run it from a source checkout, with 'make demo'."
                )
        if not python.is_file():
            raise MissingError(
                f"LiteLLM's own environment is missing ({python} is not there): run 'make setup', "
                "or set JOCH_GATEWAY_PYTHON to a Python that has litellm[proxy]."
            )
        require_runtime()
        return source
