"""`joch gateway run`: LiteLLM with a configuration that changes under it."""

from pathlib import Path
from typing import Annotated

import typer

from joch.cli.errors import CommandError, ExitCode


def register(app: typer.Typer) -> None:
    """Add the group `gateway`."""
    group = typer.Typer(help="What runs beside LiteLLM.", no_args_is_help=True)
    group.callback()(_gateway)
    group.command("run")(run)
    app.add_typer(group, name="gateway")


def _gateway() -> None:
    """What runs beside LiteLLM."""


def run(
    config_dir: Annotated[
        Path, typer.Option("--config-dir", help="The folder that holds config.yaml.")
    ],
    keys_dir: Annotated[
        Path, typer.Option("--keys-dir", help="The folder that holds one file a key.")
    ],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "0.0.0.0",  # noqa: S104 - a pod is reached from outside
    port: Annotated[int, typer.Option(help="Where LiteLLM answers.")] = 4000,
    status_port: Annotated[
        int, typer.Option(help="Where /livez, /readyz and /status answer.")
    ] = 4001,
    start_timeout: Annotated[
        float, typer.Option(help="Seconds that LiteLLM may take to start.")
    ] = 120.0,
    drain_timeout: Annotated[
        int, typer.Option(help="Seconds that answers in flight may take to end.")
    ] = 300,
) -> None:
    """Run LiteLLM; take new configurations and keys without dropping a request.

    The folders are read again and again. A configuration that LiteLLM can't serve changes nothing:
    the last good one is served on, and /status says why. SIGTERM finishes what is in flight.
    """
    try:
        from joch.gateway.main import Options
        from joch.gateway.main import run as supervise
    except ModuleNotFoundError as error:
        raise CommandError(
            f"{error.name} is not installed here: run `joch gateway run` in an environment with "
            "the extra joch[gateway], apart from the operator's",
            ExitCode.INPUT_WRONG,
        ) from None
    options = Options(config_dir, keys_dir, host, port, status_port, start_timeout, drain_timeout)
    try:
        supervise(options)
    except OSError as error:
        raise CommandError(
            f"can't listen on {host}, port {port} or {status_port}: {error.strerror}; choose "
            "others with --port and --status-port"
        ) from None
