"""What is wrong with a transcript: which message, which field, and what to do about it."""


class WireError(ValueError):
    """A transcript that cannot be read. A retry never helps: the input must change.

    Attributes:
        index: the message that is at fault, counted from 0; None: the input as a whole.
        field: the field at fault, in the format's own names; empty: the input as a whole.
        sentence: what is wrong and how to mend it.
        items: the format's own name of the list that `index` counts.
    """

    retryable = False

    def __init__(
        self, index: int | None, field: str, sentence: str, items: str = "messages"
    ) -> None:
        self.index = index
        self.field = field
        self.sentence = sentence
        self.items = items
        super().__init__(f"{self.place}: {sentence}" if self.place else sentence)

    @property
    def place(self) -> str:
        """Where it is: `messages[3].tool_call_id`, `input[3].call_id`."""
        message = "" if self.index is None else f"{self.items}[{self.index}]"
        return ".".join(part for part in (message, self.field) if part)
