"""Type `anthropic`: Anthropic's own API, or a server that speaks its Messages API."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from joch.api.model import Capabilities, ModelFacts
from joch.providers import listings, verdicts
from joch.providers.base import Answer, Auth, Judgement, ListedModel, LiteLLMTarget, Page, Request
from joch.providers.base_url import trimmed
from joch.providers.verdicts import Api

VENDOR_URL = "https://api.anthropic.com"
PAGE_SIZE = 1000
"""The most that one page of `/v1/models` may hold."""

_ENDPOINTS = ("/v1/messages", "/v1/models", "/v1")
_API = Api(
    name="the Anthropic API",
    base_url_hint="It is the URL without /v1, for example https://api.anthropic.com",
)


def root(base_url: str) -> str:
    """The URL above `/v1`: LiteLLM appends `/v1/messages` to it (measured on 1.106.2)."""
    return trimmed(base_url, _ENDPOINTS)


@dataclass(frozen=True, slots=True)
class Anthropic:
    """Anthropic. `version` goes into every request: the API refuses one without it."""

    name: str = "anthropic"
    default_base_url: str | None = VENDOR_URL
    needs_credential: bool = True
    always_discovers: bool = False
    wire_format: str = "anthropic_messages"
    version: str = "2023-06-01"

    def probe(self, base_url: str) -> Request:
        """One row of the model list: free, and it proves the key."""
        return self._get(f"{root(base_url)}/v1/models?limit=1")

    def judge(self, answer: Answer) -> Judgement:
        """What the answer to the probe says."""
        return verdicts.judge(answer, _API, _rows)

    def listing(self, base_url: str) -> Request:
        """The first page of `GET /v1/models`."""
        return self._get(f"{root(base_url)}/v1/models?limit={PAGE_SIZE}")

    def read_listing(self, request: Request, answer: Answer) -> Page:
        """One page; the next one starts `after_id` the last row of this one.

        Raises:
            ListingError: the answer is not Anthropic's model list.
        """
        document = listings.document(answer, _API)
        models = tuple(_listed(row) for row in _rows(document))
        if not isinstance(document, dict) or not document.get("has_more"):
            return Page(models)
        last_id = document.get("last_id")
        if not isinstance(last_id, str) or not last_id:
            raise listings.unreadable(_API, "it has has_more without a last_id")
        first, _, _ = request.url.partition("&after_id=")
        return Page(models, self._get(f"{first}&after_id={quote(last_id, safe='')}"))

    def litellm(self, model: str, base_url: str | None) -> LiteLLMTarget:
        """`anthropic/X`, base without /v1."""
        return LiteLLMTarget(model=f"anthropic/{model}", api_base=root(base_url or VENDOR_URL))

    def _get(self, url: str) -> Request:
        return Request(url, Auth.X_API_KEY, {"anthropic-version": self.version})


def _rows(document: Any) -> tuple[listings.Row, ...]:
    return listings.rows(document, _API)


def _listed(row: listings.Row) -> ListedModel:
    """A row of Anthropic's list.

    `max_input_tokens` is the longest input, so as a window of input and output it errs on the safe
    side. A retired model stays in the list although requests naming it fail (Models API).
    """
    return ListedModel(
        id=row.id,
        retired=row.fields.get("lifecycle") == "retired",
        facts=ModelFacts(
            capabilities=_capabilities(row.fields.get("capabilities")),
            context_window=listings.tokens(row.fields.get("max_input_tokens")),
            max_output_tokens=listings.tokens(row.fields.get("max_tokens")),
        ),
    )


def _capabilities(stated: object) -> Capabilities:
    """What the row states; what it leaves out stays unknown."""
    if not isinstance(stated, dict):
        return Capabilities()
    structured = _supported(stated, "structured_outputs")
    return Capabilities(
        structured_output=structured,
        strict_json_schema=structured,
        vision=_supported(stated, "image_input"),
        documents=_supported(stated, "pdf_input"),
        reasoning=_supported(stated, "thinking"),
    )


def _supported(capabilities: dict[str, Any], name: str) -> bool | None:
    entry = capabilities.get(name)
    supported = entry.get("supported") if isinstance(entry, dict) else None
    return supported if isinstance(supported, bool) else None
