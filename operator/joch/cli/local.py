"""`joch local up | down | status`: a real Kubernetes control plane on this machine."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joch.cli.errors import CommandError, ExitCode

if TYPE_CHECKING:
    from joch.local.instances import Instance, Instances

Name = Annotated[str, typer.Option("--name", metavar="NAME", help="Which one, if you run several.")]


class Format(StrEnum):
    """How `status` prints."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


def register(app: typer.Typer) -> None:
    """Add the group `local`."""
    group = typer.Typer(
        help="A real Kubernetes control plane on this machine: etcd, kube-apiserver, "
        "kube-controller-manager.",
        no_args_is_help=True,
    )
    group.command("up")(up)
    group.command("down")(down)
    group.command("status")(status)
    app.add_typer(group, name="local")


def up(
    name: Name = "default",
    directory: Annotated[
        Path | None,
        typer.Option(
            "--dir",
            metavar="DIR",
            help="Keep the data in this folder. Without it they go with 'down'.",
        ),
    ] = None,
) -> None:
    """Start the control plane, and print its kubeconfig's path when it is ready.

    The programs are taken from KUBEBUILDER_ASSETS, else from the cache, else built once. One that
    runs already is left as it is.
    """
    start = time.monotonic()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with _instances() as instances:
        instance = instances.up(name, directory)
    access = instance.access
    assert access is not None
    _say(
        f"{name}: ready after {time.monotonic() - start:.1f} s at {access.server}; kubectl is "
        f"{access.kubectl_program}; stop it with 'joch local down{_option(name)}'."
    )
    typer.echo(access.kubeconfig)


def down(name: Name = "default") -> None:
    """Stop the control plane; its data go too, unless it was started with --dir."""
    with _instances() as instances:
        instance = instances.down(name)
    if instance is None:
        _say(f"{name}: not running.")
    elif instance.kept:
        _say(f"{name}: stopped; its data are in {instance.home}.")
    else:
        _say(f"{name}: stopped, its data deleted.")


def status(
    name: Name = "default",
    output: Annotated[Format, typer.Option("--output", "-o", help="How to print.")] = Format.TABLE,
) -> None:
    """Show which servers run, where, and the kubeconfig's path; exits 1 unless all is ready."""
    with _instances() as instances:
        instance = instances.get(name)
    if instance is None:
        raise CommandError(f"{name}: not running; start it with 'joch local up{_option(name)}'.")
    facts = _facts(instance)
    typer.echo(_render(facts, output))
    if not facts["ready"]:
        raise CommandError(f"{name}: not ready; 'joch local up{_option(name)}' starts it anew.")


def _facts(instance: "Instance") -> dict[str, Any]:
    access = instance.access
    return {
        "name": instance.name,
        "ready": instance.ready,
        "server": access.server if access else None,
        "kubeconfig": str(access.kubeconfig) if access else None,
        "kubectl": str(access.kubectl_program) if access else None,
        "data": str(instance.home),
        "kept": instance.kept,
        "processes": [
            {"name": process.name, "pid": process.pid, "alive": process.alive}
            for process in instance.processes
        ],
    }


def _render(facts: dict[str, Any], output: Format) -> str:
    if output is Format.JSON:
        return json.dumps(facts, indent=2)
    if output is Format.YAML:
        import yaml

        return yaml.safe_dump(facts, sort_keys=False).rstrip()
    rows = [(key.upper(), _words(facts[key])) for key in facts if key != "processes"]
    rows += [
        (process["name"], f"pid {process['pid']}" if process["alive"] else "dead")
        for process in facts["processes"]
    ]
    return "\n".join(f"{label:<25}{value}" for label, value in rows)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


@contextmanager
def _instances() -> "Iterator[Instances]":
    """The user's control planes; what goes wrong with them ends the verb with a sentence."""
    from joch.local.errors import InputError, LocalError
    from joch.local.instances import Instances

    if sys.platform != "linux":
        raise CommandError(
            "'joch local' runs on Linux only: use a virtual machine, or any cluster of yours "
            "by KUBECONFIG."
        )
    try:
        yield Instances.of_user(os.environ, _say)
    except InputError as error:
        raise CommandError(str(error), ExitCode.INPUT_WRONG) from error
    except LocalError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(
            f"{error.filename or 'a file'}: {error.strerror}. Data are kept below --dir or "
            "XDG_STATE_HOME, programs below XDG_CACHE_HOME: name folders that you may write to."
        ) from error


def _option(name: str) -> str:
    return "" if name == "default" else f" --name {name}"


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)
