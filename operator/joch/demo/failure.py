"""How a step fails: what was expected, what was seen, and where to look."""


class StepError(Exception):
    """A step of the demo did not really happen.

    Attributes:
        expected: a clause, as in "expected …".
        seen: a clause, as in "but …".
    """

    retryable = False

    def __init__(self, expected: str, seen: str) -> None:
        """Keep both clauses."""
        super().__init__(f"expected {expected}, but {seen}")
        self.expected = expected
        self.seen = seen


def expect(true: bool, expected: str, seen: str) -> None:
    """Raise StepError unless it is true."""
    if not true:
        raise StepError(expected, seen)
