"""How a verb ends: the exit codes, and the error that carries one with its sentence."""

import enum


class ExitCode(enum.IntEnum):
    """The exit codes of every verb."""

    DONE = 0
    FAILED = 1
    INPUT_WRONG = 2
    HELD_BY_POLICY = 3


class CommandError(Exception):
    """Ends a verb with a sentence on stderr and an exit code, and no traceback.

    The sentence names the object, the field where there is one, and the remedy.
    """

    def __init__(self, sentence: str, exit_code: ExitCode = ExitCode.FAILED) -> None:
        """Keep the sentence (no trailing newline) and the exit code."""
        super().__init__(sentence)
        self.exit_code = exit_code
