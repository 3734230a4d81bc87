"""What a provider type is: requests described as data, answers judged, its place in LiteLLM."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from joch.api.model import ModelFacts


class Auth(StrEnum):
    """How a request carries the credential. `observe` puts it in; no request holds a key."""

    NONE = "None"
    BEARER = "Bearer"
    X_API_KEY = "XApiKey"


@dataclass(frozen=True, slots=True)
class Request:
    """A request that never costs money: a probe or a listing."""

    url: str
    auth: Auth = Auth.NONE
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names in lower case, the body capped by the reader.

    A vendor may echo the credential, so headers and body stay out of the repr.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Fault(StrEnum):
    """What is wrong, as far as an answer (or its absence) tells. The closed list of all types.

    NotFound: a server of this type that has no model list; it may serve all the same.
    """

    REJECTED = "Rejected"
    FORBIDDEN = "Forbidden"
    QUOTA_EXHAUSTED = "QuotaExhausted"
    RATE_LIMITED = "RateLimited"
    NOT_FOUND = "NotFound"
    SERVER_ERROR = "ServerError"
    UNEXPECTED_ANSWER = "UnexpectedAnswer"
    TIMEOUT = "Timeout"
    UNREACHABLE = "Unreachable"
    MALFORMED_CREDENTIAL = "MalformedCredential"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict over one answer. `fault` None: the provider took the credential and answered.

    `message` is a sentence for people; the vendor's own words in it are redacted by the reader.
    """

    fault: Fault | None
    message: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model in a vendor's listing: its id and the facts that the listing states.

    `retired`: still in the list, but requests naming it fail.
    """

    id: str
    facts: ModelFacts = field(default_factory=ModelFacts)
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing; `next` is the request of the following page."""

    models: tuple[ListedModel, ...]
    next: Request | None = None


class ListingError(Exception):
    """An answer that is not the listing it should be; the sentence says what it is instead."""


PLACEHOLDER_KEY = "no-credential-configured"
"""Sent in place of a credential that is not there. Never a secret."""


@dataclass(frozen=True, slots=True)
class LiteLLMTarget:
    """A deployment's own `litellm_params`: prefixed model, base, and where the key goes.

    `api_base` is always written: without it LiteLLM follows OPENAI_BASE_URL, ANTHROPIC_BASE_URL
    and their like from its environment (read in 1.106.2). `key_parameter` is the litellm_params
    key that takes `os.environ/NAME` of the credential. Where no credential is configured it takes
    `placeholder_key`, which keeps LiteLLM from sending a standard environment key instead (trap 3).
    """

    model: str
    api_base: str | None = None
    key_parameter: str | None = "api_key"
    placeholder_key: str | None = PLACEHOLDER_KEY
    extra: Mapping[str, str | bool | int] = field(default_factory=dict)


class ProviderType(Protocol):
    """One type of provider. Implementations are frozen and hold no state."""

    @property
    def name(self) -> str:
        """The value of `LLMProvider.spec.type`."""

    @property
    def default_base_url(self) -> str | None:
        """The vendor's own endpoint; None where a baseUrl must be given."""

    @property
    def needs_credential(self) -> bool:
        """Whether the vendor's own endpoint refuses a request without one."""

    @property
    def always_discovers(self) -> bool:
        """Whether models are discovered with a custom baseUrl too, without being asked."""

    @property
    def wire_format(self) -> str:
        """The native wire format, a module of `joch.wire`."""

    def probe(self, base_url: str) -> Request:
        """The free request that proves the credential and the endpoint."""

    def judge(self, answer: Answer) -> Judgement:
        """What an answer to the probe says."""

    def listing(self, base_url: str) -> Request:
        """The first request of the model listing."""

    def read_listing(self, request: Request, answer: Answer) -> Page:
        """One page of the listing.

        Raises:
            ListingError: the answer is not a listing of this type.
        """

    def litellm(self, model: str, base_url: str | None) -> LiteLLMTarget:
        """How LiteLLM reaches this model; `base_url` None: the vendor's own endpoint."""
