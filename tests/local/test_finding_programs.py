"""Where programs are looked for, and how they are built: with a real compiler, in small."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from joch.local.errors import BuildError, MissingError
from joch.local.programs import CONTROL_PLANE, ETCD, Program, find
from tests.local.running import processes_that_name, wait_until_gone

HELLO = Program(
    name="hello",
    module="greetings",
    package="example.org/greetings/cmd/hello",
    version_of="example.org/greetings",
    stamps=("main.version={version}", "main.minor={minor}"),
)

HELLO_GO = """
package main

var version, minor = "unset", "unset"

func main() { println(version, minor) }
"""

ROOT = Path(__file__).parents[2]

FIND_HELLO = """
import os, sys
from pathlib import Path
from joch.local.programs import find
from tests.local.test_finding_programs import HELLO
say = lambda sentence: print(sentence, file=sys.stderr, flush=True)
print(find([HELLO], os.environ, say, Path(sys.argv[1]))["hello"])
"""


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder like `tools/`, with one module that needs no download."""
    source = tmp_path / "tools" / "greetings"
    (source / "upstream" / "cmd" / "hello").mkdir(parents=True)
    (source / "go.mod").write_text(
        "module example.org/tools\n\ngo 1.24\n\n"
        "require example.org/greetings v1.2.3\n\nreplace example.org/greetings => ./upstream\n"
    )
    (source / "go.sum").touch()
    (source / "upstream" / "go.mod").write_text("module example.org/greetings\n\ngo 1.24\n")
    (source / "upstream" / "cmd" / "hello" / "main.go").write_text(HELLO_GO)
    return source.parent


@pytest.fixture
def environ(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """No assets, an empty cache of programs, and the compiler's own cache shared by these tests."""
    environ = {k: v for k, v in os.environ.items() if k != "KUBEBUILDER_ASSETS"}
    compiled = tmp_path_factory.getbasetemp() / "go-build"
    return environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "GOCACHE": str(compiled)}


def test_assets_come_first_and_only_what_they_lack_is_looked_for_elsewhere(
    tmp_path: Path, tools: Path, environ: dict[str, str]
) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    (assets / "etcd").touch()
    environ["KUBEBUILDER_ASSETS"] = str(assets)

    found = find([ETCD, HELLO], environ, lambda sentence: None, tools)

    assert found["etcd"] == assets / "etcd"
    assert found["hello"].is_relative_to(tmp_path / "cache" / "joch" / "control-plane")


def test_a_built_program_says_its_version_and_is_not_built_again(
    tools: Path, environ: dict[str, str]
) -> None:
    said: list[str] = []
    first = find([HELLO], environ, said.append, tools)["hello"]
    told = len(said)
    again = find([HELLO], environ, said.append, tools)["hello"]

    assert (
        subprocess.run([first], capture_output=True, text=True, check=True).stderr == "v1.2.3 2\n"
    )
    assert again == first
    assert len(said) == told
    assert said[-1].startswith("hello: built in ")


def test_other_pins_make_another_program(tools: Path, environ: dict[str, str]) -> None:
    first = find([HELLO], environ, lambda sentence: None, tools)["hello"]
    requirements = tools / "greetings" / "go.mod"
    requirements.write_text(requirements.read_text().replace("v1.2.3", "v1.3.0"))

    second = find([HELLO], environ, lambda sentence: None, tools)["hello"]

    assert second != first
    assert first.exists()
    assert subprocess.run([second], capture_output=True, check=True).stderr == b"v1.3.0 3\n"


def test_two_who_need_the_same_program_build_it_once(tools: Path, environ: dict[str, str]) -> None:
    racing = [_find_hello(tools, environ) for _ in range(2)]
    ended = [process.communicate() for process in racing]

    assert [process.returncode for process in racing] == [0, 0], ended
    assert ended[0][0] == ended[1][0]
    said = ended[0][1] + ended[1][1]
    assert said.count("building with") == 1
    assert said.count("waiting for another build before hello") <= 1


def test_a_killed_build_leaves_no_half_program_and_the_next_one_builds_it(
    tmp_path: Path, tools: Path, environ: dict[str, str]
) -> None:
    builder = _find_hello(tools, environ)
    assert builder.stderr is not None
    assert "building with" in builder.stderr.readline()
    builder.kill()
    builder.communicate()
    for orphan in processes_that_name(tmp_path):
        wait_until_gone(orphan)

    cache = tmp_path / "cache" / "joch" / "control-plane"
    assert list(cache.glob("greetings-*/*")) == []
    assert find([HELLO], environ, lambda sentence: None, tools)["hello"].is_file()
    assert list(cache.glob("partial-*")) == []


def test_a_source_that_does_not_compile_is_a_sentence_with_the_compiler_s_words(
    tools: Path, environ: dict[str, str]
) -> None:
    main = tools / "greetings" / "upstream" / "cmd" / "hello" / "main.go"
    main.write_text("package main\n\nfunc main() { nonsense() }\n")

    with pytest.raises(BuildError, match=r"'go build' failed .* undefined: nonsense"):
        find([HELLO], environ, lambda sentence: None, tools)


def test_without_assets_and_without_source_a_sentence_says_how_to_get_them(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    with pytest.raises(MissingError) as caught:
        find(CONTROL_PLANE, environ, lambda sentence: None, tmp_path / "nowhere")

    assert str(caught.value) == (
        "etcd, kube-apiserver, kube-controller-manager, kubectl: not found "
        "(KUBEBUILDER_ASSETS is not set), and no source to build from "
        f"({tmp_path / 'nowhere'} does not exist). "
        "Set KUBEBUILDER_ASSETS to a folder that holds them, or run joch from its source checkout."
    )


def _find_hello(tools: Path, environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", FIND_HELLO, str(tools)],
        cwd=ROOT,
        env=environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
