"""What every verb has in common: quick help, exit codes, and no traceback."""

import os
import subprocess
import sys

import pytest
import typer
from typer.core import TyperGroup, TyperOption

import joch.__main__
from joch.cli import build_app
from joch.cli.errors import CommandError, ExitCode

HEAVY = {"aiohttp", "cryptography", "httpx", "kopf", "kubernetes", "pydantic", "rich"}


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    script = "import sys, joch.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert HEAVY & set(loaded.stdout.decode().split()) == set()


def _verbs(group: TyperGroup) -> dict[str, typer.core.TyperCommand | TyperGroup]:
    """All commands and groups below, by their names on the command line."""
    verbs = {}
    for name, command in group.commands.items():
        assert isinstance(command, (typer.core.TyperCommand, TyperGroup))
        verbs[name] = command
        if isinstance(command, TyperGroup):
            verbs |= {f"{name} {below}": verb for below, verb in _verbs(command).items()}
    return verbs


def test_every_verb_and_every_option_says_what_it_is_for() -> None:
    root = typer.main.get_command(build_app())
    assert isinstance(root, TyperGroup)
    verbs = _verbs(root)
    assert "local up" in verbs

    silent = [name for name, verb in verbs.items() if not verb.help]
    silent += [
        f"{name} {option.opts[0]}"
        for name, verb in verbs.items()
        for option in verb.params
        if isinstance(option, TyperOption) and not option.help
    ]
    assert silent == []


def test_the_paragraphs_of_a_help_text_are_filled_to_the_terminals_width() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "joch", "demo", "--help"],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "COLUMNS": "80"},
    ).stdout
    lines = [line.strip() for line in help_text.splitlines()]
    start = next(n for n, line in enumerate(lines) if line.startswith("A real Kubernetes"))
    assert lines[start + 1].startswith("different wire formats, each with")


@pytest.mark.parametrize("code", list(ExitCode)[1:])
def test_an_error_of_a_verb_is_its_sentence_and_its_exit_code(
    code: ExitCode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _run_a_verb_that_raises(CommandError("ModelRoute default/chat: fix it.", code), monkeypatch)

    assert joch.__main__.main() == code
    assert capsys.readouterr() == ("", "joch: ModelRoute default/chat: fix it.\n")


def test_a_defect_is_a_sentence_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("JOCH_DEBUG", raising=False)
    _run_a_verb_that_raises(KeyError("spec"), monkeypatch)

    assert joch.__main__.main() == ExitCode.FAILED
    said = capsys.readouterr().err
    assert said.startswith("joch: unexpected KeyError: 'spec'.")
    assert said.count("\n") == 1


def test_an_unknown_verb_is_wrong_input() -> None:
    done = subprocess.run([sys.executable, "-m", "joch", "jump"], capture_output=True, check=False)
    assert done.returncode == ExitCode.INPUT_WRONG
    assert b"No such command 'jump'" in done.stderr


def _run_a_verb_that_raises(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the command line one verb, `fail`, and call it."""

    def fail() -> None:
        raise error

    monkeypatch.setattr("joch.cli.VERBS", (lambda app: app.command("fail")(fail),))
    monkeypatch.setattr(sys, "argv", ["joch", "fail"])
