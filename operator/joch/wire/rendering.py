"""The list of changes that grows while a body is rendered."""

from joch.wire.rendered import Carriage, Change


class Changes:
    """Collects declared changes; equal ones at the same place are one."""

    def __init__(self) -> None:
        self._found: dict[Change, None] = {}

    def add(self, identity: str, carriage: Carriage, where: str, sentence: str) -> None:
        """Declare a change."""
        self._found[Change(identity, carriage, where, sentence)] = None

    def transformed(self, identity: str, where: str, sentence: str) -> None:
        """Declare that something is carried in another form."""
        self.add(identity, Carriage.TRANSFORMED, where, sentence)

    def lost(self, identity: str, where: str, sentence: str) -> None:
        """Declare that something is not carried."""
        self.add(identity, Carriage.LOST, where, sentence)

    def all(self) -> tuple[Change, ...]:
        """The changes in the order they were declared."""
        return tuple(self._found)
