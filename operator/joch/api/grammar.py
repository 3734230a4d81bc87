"""What people type: one grammar, judged by CEL at `kubectl apply` and in Python alike."""

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler

RULES = "x-kubernetes-validations"


def rules(*pairs: tuple[str, str]) -> dict[str, Any]:
    """CEL validations for a field's schema, from (rule, sentence) pairs."""
    return {RULES: [{"rule": rule, "message": text} for rule, text in pairs]}


@dataclass(frozen=True, slots=True)
class Grammar:
    """Metadata of an `Annotated[str, …]`: the text as a whole must match `pattern`.

    The pattern has no anchors, no quote, and only what RE2 and `re` read alike: ASCII classes
    spelled out, because what counts as a space or a word differs between the two.
    """

    pattern: str
    sentence: str
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the pattern: texts are checked by the thousand."""
        object.__setattr__(self, "_compiled", re.compile(self.pattern))

    def check(self, text: str) -> str:
        """The text itself.

        Raises:
            ValueError: it does not match; the sentence says what to write.
        """
        if not self._compiled.fullmatch(text):
            raise ValueError(f"{text!r} {self.sentence}")
        return text

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> Any:
        return AfterValidator(self.check).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core_schema)
        own = {"rule": f"self.matches(r'^({self.pattern})$')", "message": self.sentence}
        return {**schema, RULES: [*schema.get(RULES, []), own]}


OBJECT_NAME = Grammar(
    r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?",
    "must be the name of a Kubernetes object: lower-case letters, digits, '-' and '.'",
)
DATA_KEY = Grammar(
    r"[-._a-zA-Z0-9]+",
    "must be a key of a Secret or ConfigMap: letters, digits, '-', '_' and '.'",
)
NAMESPACE = Grammar(
    r"[a-z0-9]([-a-z0-9]*[a-z0-9])?",
    "must be the name of a namespace: lower-case letters, digits and '-'",
)
NAMESPACE_OR_ALL = Grammar(
    rf"\*|{NAMESPACE.pattern}",
    "must be the name of a namespace, or '*' for all",
)
_HOST = r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])"
_PORT = r"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_PATH = r"(/[A-Za-z0-9._~!$&*+,;=:@%/-]*)"
HTTP_URL = Grammar(
    f"https?://{_HOST}(:{_PORT})?{_PATH}?",
    "must be an http or https URL without credentials, query or fragment, "
    "for example https://llm.example.com/v1",
)
VENDOR_ID = Grammar(
    r"[!-9;-~][!-~]*",
    "must be a vendor's id of a model: no spaces, and no colon at its beginning",
)
