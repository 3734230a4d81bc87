"""The verbs of the `joch` command, one module each.

A verb module has one function, `register(app)`, that adds its command (or its group of commands)
to the application. Importing a verb must stay cheap, because `joch --help` imports them all: what
is heavy (kopf, kubernetes, cryptography, httpx, pydantic types) is imported inside the command's
function.

A new verb is one new module here and one line in `VERBS`.
"""

from collections.abc import Callable

import typer

from joch.cli import crds, demo, gateway, local, operator, transcript

VERBS: tuple[Callable[[typer.Typer], None], ...] = (
    crds.register,
    demo.register,
    gateway.register,
    local.register,
    operator.register,
    transcript.register,
)


def build_app() -> typer.Typer:
    """The application with every verb of `VERBS` registered, in that order."""
    app = typer.Typer(
        name="joch",
        help="Make LLM providers interchangeable, mid-conversation.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        # Joins the lines of a paragraph, which are cut where the source is wide enough.
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for register in VERBS:
        register(app)
    return app


def _root() -> None:
    """Make LLM providers interchangeable, mid-conversation."""
