"""The programs of the control plane: where each comes from and where it is found."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from joch.local import build
from joch.local.errors import MissingError
from joch.local.folders import cache_folder, source_tools

Say = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """A program that a Go module under `tools/` pins.

    Attributes:
        name: the file's name.
        module: the folder under `tools/`.
        package: the Go package that is built.
        version_of: the Go module in go.mod whose version the program says of itself.
        stamps: linker variables; `{version}`, `{major}` and `{minor}` are filled in.
    """

    name: str
    module: str
    package: str
    version_of: str
    stamps: tuple[str, ...] = ()


# Without them kubectl says v0.0.0-master, and charts with a kubeVersion refuse to install.
_KUBERNETES_STAMPS = (
    "k8s.io/component-base/version.gitVersion={version}",
    "k8s.io/component-base/version.gitMajor={major}",
    "k8s.io/component-base/version.gitMinor={minor}",
)


def _kubernetes(name: str) -> Program:
    return Program(
        name, "kubernetes", f"k8s.io/kubernetes/cmd/{name}", "k8s.io/kubernetes", _KUBERNETES_STAMPS
    )


ETCD = Program("etcd", "etcd", "go.etcd.io/etcd/server/v3", "go.etcd.io/etcd/server/v3")
KUBE_APISERVER = _kubernetes("kube-apiserver")
KUBE_CONTROLLER_MANAGER = _kubernetes("kube-controller-manager")
KUBECTL = _kubernetes("kubectl")
HELM = Program(
    "helm",
    "helm",
    "helm.sh/helm/v4/cmd/helm",
    "helm.sh/helm/v4",
    ("helm.sh/helm/v4/internal/version.version={version}",),
)

CONTROL_PLANE = (ETCD, KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBECTL)


def find(
    programs: Sequence[Program],
    environ: Mapping[str, str],
    say: Say,
    tools: Path | None = None,
) -> dict[str, Path]:
    """The path of each program by its name: each is looked for by itself.

    First in `KUBEBUILDER_ASSETS`, then in the user's cache folder, where a program lies under a
    digest of what it is built from; what is in neither is built into the cache from `tools` (the
    source checkout's by default), which takes minutes once.

    Raises:
        MissingError: a program is nowhere, and there is no source to build it from.
        BuildError: the compiler failed.
    """
    tools = tools or source_tools()
    found = _in_assets(programs, environ)
    rest = [program for program in programs if program.name not in found]
    if rest and not tools.is_dir():
        raise MissingError(_nowhere(rest, environ, tools))
    for module in dict.fromkeys(program.module for program in rest):
        of_module = [program for program in rest if program.module == module]
        found |= _cached_or_built(of_module, tools / module, environ, say)
    return found


def _in_assets(programs: Sequence[Program], environ: Mapping[str, str]) -> dict[str, Path]:
    """The assets that envtest's bundles hold lack kube-controller-manager: take what is there."""
    folder = environ.get("KUBEBUILDER_ASSETS")
    if not folder:
        return {}
    paths = {program.name: Path(folder).absolute() / program.name for program in programs}
    return {name: path for name, path in paths.items() if path.is_file()}


def _cached_or_built(
    programs: Sequence[Program], source: Path, environ: Mapping[str, str], say: Say
) -> dict[str, Path]:
    recipe = recipe_of(programs[0], source)
    folder = cache_folder(environ) / "control-plane" / f"{source.name}-{recipe.digest}"
    paths = {program.name: folder / program.name for program in programs}
    missing = [program for program in programs if not paths[program.name].is_file()]
    if missing:
        packages = {program.name: program.package for program in missing}
        build.build(packages, recipe, folder, environ, say)
    return paths


def recipe_of(program: Program, source: Path) -> build.Recipe:
    """How the programs of one module are built: all that the built bytes depend on."""
    requirements = (source / "go.mod").read_text()
    pinned = rf"^(?:require )?\s*{re.escape(program.version_of)} (v\d+\.\d+\S*)"
    match = re.search(pinned, requirements, re.MULTILINE)
    if match is None:
        raise MissingError(f"{source / 'go.mod'} does not require {program.version_of}: restore it")
    version = match[1]
    major, minor = version.removeprefix("v").split(".")[:2]
    stamps = [s.format(version=version, major=major, minor=minor) for s in program.stamps]
    linker_flags = " ".join(["-s", "-w", *(f"-X {stamp}" for stamp in stamps)])
    pins = requirements + (source / "go.sum").read_text() + linker_flags
    return build.Recipe(source, linker_flags, hashlib.sha256(pins.encode()).hexdigest()[:16])


def _nowhere(programs: Sequence[Program], environ: Mapping[str, str], tools: Path) -> str:
    names = ", ".join(program.name for program in programs)
    assets = environ.get("KUBEBUILDER_ASSETS")
    looked = f"not in KUBEBUILDER_ASSETS ({assets})" if assets else "KUBEBUILDER_ASSETS is not set"
    return (
        f"{names}: not found ({looked}), and no source to build from ({tools} does not exist). "
        "Set KUBEBUILDER_ASSETS to a folder that holds them, or run joch from its source checkout."
    )
