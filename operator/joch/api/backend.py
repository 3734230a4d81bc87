"""The backend grammar: `provider:model` or `namespace/provider:model`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from joch.api.grammar import NAMESPACE, OBJECT_NAME, VENDOR_ID, Grammar

MAX_LENGTH = 384
GRAMMAR = Grammar(
    f"({NAMESPACE.pattern}/)?{OBJECT_NAME.pattern}:{VENDOR_ID.pattern}",
    "must be a backend, provider:model or namespace/provider:model, "
    "for example anthropic:claude-sonnet",
)


@dataclass(frozen=True, slots=True, order=True)
class Backend:
    """A model at a provider. `namespace` is empty for a provider of the same namespace."""

    namespace: str
    provider: str
    model: str

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> "Backend":
        """Read a backend; the first colon parts provider and model, vendor ids may hold more.

        Raises:
            ValueError: the text is not a backend; the sentence says what to write.
        """
        if len(text) > MAX_LENGTH:
            raise ValueError(
                f"a backend of {len(text)} characters is too long: at most {MAX_LENGTH}"
            )
        place, _, model = GRAMMAR.check(text).partition(":")
        namespace, _, provider = place.rpartition("/")
        return cls(namespace, provider, model)

    def __str__(self) -> str:
        """The text form, as `parse` reads it."""
        place = f"{self.namespace}/{self.provider}" if self.namespace else self.provider
        return f"{place}:{self.model}"

    @property
    def hint(self) -> str:
        """What to add when this resolves to nothing: `a/b:c` may be meant as a vendor's id."""
        if not self.namespace:
            return ""
        return f"write openrouter:{self} if you meant a vendor's id"

    def provider_key(self, home: str) -> str:
        """`namespace/name` of the LLMProvider, seen from an object in namespace `home`."""
        return f"{self.namespace or home}/{self.provider}"


BackendText = Annotated[str, Field(max_length=MAX_LENGTH), GRAMMAR]
"""A backend in its text form."""

BackendName = Annotated[str, Field(max_length=MAX_LENGTH)]
"""A backend in a status: the operator wrote it, so it is read as it stands."""
