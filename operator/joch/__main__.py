"""The `joch` command: runs a verb and turns how it ended into an exit code."""

import os
import sys

from joch.cli import build_app
from joch.cli.errors import CommandError, ExitCode


def main() -> int:
    """Run the verb that the command line names; the exit codes are `ExitCode`'s.

    Usage errors exit 2 with click's own message. An error that nobody foresaw is one sentence
    too; JOCH_DEBUG=1 shows its traceback.
    """
    try:
        build_app()()
    except CommandError as error:
        print(f"joch: {error}", file=sys.stderr)
        return error.exit_code
    except Exception as error:
        if os.environ.get("JOCH_DEBUG"):
            raise
        print(
            f"joch: unexpected {type(error).__name__}: {error}. This is a defect of joch; "
            "JOCH_DEBUG=1 shows where it happened.",
            file=sys.stderr,
        )
        return ExitCode.FAILED
    return ExitCode.DONE


if __name__ == "__main__":
    sys.exit(main())
