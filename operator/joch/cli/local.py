"""`joch local up | down | status`: a real Kubernetes control plane on this machine."""

from pathlib import Path
from typing import Annotated

import typer

Name = Annotated[str, typer.Option("--name", help="Which control plane, if you run several.")]


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
            "--dir", help="Keep the data in this folder. Without it the data goes with `down`."
        ),
    ] = None,
) -> None:
    """Start the control plane, and print its kubeconfig's path when it is ready."""
    raise NotImplementedError(name, directory)


def down(name: Name = "default") -> None:
    """Stop the control plane; its data goes too, unless it was started with --dir."""
    raise NotImplementedError(name)


def status(name: Name = "default") -> None:
    """Show which servers run, where, and the kubeconfig's path."""
    raise NotImplementedError(name)
