"""`joch operator`: run the operator."""

from typing import TYPE_CHECKING, Annotated

import typer

from joch.cli.errors import CommandError, ExitCode

if TYPE_CHECKING:
    from joch.handlers.runtime import Settings

Text = str | None


def register(app: typer.Typer) -> None:
    """Add the command `operator`."""
    app.command("operator")(run)


def run(
    kubeconfig: Annotated[
        Text,
        typer.Option(help="Kubeconfig file. Default: the pod's service account, else $KUBECONFIG."),
    ] = None,
    context: Annotated[Text, typer.Option(help="Context of the kubeconfig.")] = None,
    namespace: Annotated[
        list[str] | None,
        typer.Option(
            "--namespace", "-n", help="Namespace to watch; repeat for more. Default: all."
        ),
    ] = None,
    lease_namespace: Annotated[
        str, typer.Option(help="Namespace of the Lease by which replicas elect their leader.")
    ] = "default",
    lease_name: Annotated[str, typer.Option(help="Name of that Lease.")] = "joch-operator",
    health_port: Annotated[
        int | None, typer.Option(help="Port of /livez, /readyz and /metrics. Default: none.")
    ] = None,
    storage_budget_mib: Annotated[
        int, typer.Option("--storage-budget", help="MiB of handoffs in the cluster's store.", min=1)
    ] = 512,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Run the operator until it is told to stop."""
    from joch.handlers.runtime import Settings

    _log_from(log_level)
    settings = Settings(
        kubeconfig=kubeconfig,
        context=context,
        namespaces=tuple(namespace or ()),
        lease_namespace=lease_namespace,
        lease_name=lease_name,
        health_port=health_port,
        storage_budget=storage_budget_mib * 1024 * 1024,
    )
    _run_until_stopped(settings)


def _log_from(level_name: str) -> None:
    """Log to stderr from this level on; libraries that say much only from warnings on."""
    import logging

    level = logging.getLevelNamesMapping().get(level_name.upper())
    if level is None:
        raise CommandError(
            "--log-level must be debug, info, warning or error", ExitCode.INPUT_WRONG
        )
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    logging.getLogger("kopf").setLevel(max(level, logging.WARNING))
    # It says that it leaves the signals alone, which is what its thread is for.
    logging.getLogger("kopf._core.reactor.running").setLevel(logging.ERROR)


def _run_until_stopped(settings: "Settings") -> None:
    import asyncio

    from joch.apply.lease import LeaseLost
    from joch.handlers.health import PortTakenError
    from joch.handlers.runtime import run as run_operator
    from joch.observe.api_server import ApiError
    from joch.observe.kubeconfig import ConnectionConfigError

    try:
        asyncio.run(run_operator(settings))
    except (ConnectionConfigError, PortTakenError) as error:
        raise CommandError(str(error), ExitCode.INPUT_WRONG) from error
    except (ApiError, LeaseLost) as error:
        raise CommandError(str(error)) from error
