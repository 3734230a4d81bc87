"""The backend grammar: `provider:model` or `namespace/provider:model`."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

MAX_LENGTH = 384
_SENTENCE = (
    "must be a backend, provider:model or namespace/provider:model, "
    "for example anthropic:claude-sonnet"
)
_RULE = (
    "self.matches(r'^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?:[^\\s:][^\\s]*$')"
)


@dataclass(frozen=True, slots=True, order=True)
class Backend:
    """A model at a provider. `namespace` is empty for a provider of the same namespace."""

    namespace: str
    provider: str
    model: str

    @classmethod
    def parse(cls, text: str) -> "Backend":
        """Read a backend; the first colon parts provider and model, vendor ids may hold more.

        Raises:
            ValueError: the text is not a backend; the sentence says what to write.
        """
        place, colon, model = text.partition(":")
        namespace, slash, provider = place.rpartition("/")
        if not colon or not model or not provider or (slash and not namespace):
            raise ValueError(f"{text!r} {_SENTENCE}")
        if any(c.isspace() for c in text) or "/" in namespace or len(text) > MAX_LENGTH:
            raise ValueError(f"{text!r} {_SENTENCE}")
        return cls(namespace, provider, model)

    def __str__(self) -> str:
        """The text form, as `parse` reads it."""
        place = f"{self.namespace}/{self.provider}" if self.namespace else self.provider
        return f"{place}:{self.model}"

    def provider_key(self, home: str) -> str:
        """`namespace/name` of the LLMProvider, seen from an object in namespace `home`."""
        return f"{self.namespace or home}/{self.provider}"


def _checked(text: str) -> str:
    return str(Backend.parse(text))


BackendText = Annotated[
    str,
    AfterValidator(_checked),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": MAX_LENGTH,
            "x-kubernetes-validations": [{"rule": _RULE, "message": _SENTENCE}],
        }
    ),
]
"""A backend in its text form."""
