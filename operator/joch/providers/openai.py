"""Type `openai`: OpenAI's own API, or a proxy of it that has the Responses API as well."""

from dataclasses import dataclass

from joch.providers import openai_compatible
from joch.providers.base import Answer, Auth, Judgement, LiteLLMTarget, Page, Request

VENDOR_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class OpenAI:
    """OpenAI."""

    name: str = "openai"
    default_base_url: str | None = VENDOR_URL
    needs_credential: bool = True
    always_discovers: bool = False
    wire_format: str = "openai_responses"

    def probe(self, base_url: str) -> Request:
        """The model list: free, and it proves the key."""
        return self.listing(base_url)

    def judge(self, answer: Answer) -> Judgement:
        """As any compatible server; a missing model list means a wrong base URL here."""
        return openai_compatible.judge(answer)

    def listing(self, base_url: str) -> Request:
        """`GET /models`, one page."""
        return Request(f"{openai_compatible.api_root(base_url)}/models", Auth.BEARER)

    def read_listing(self, request: Request, answer: Answer) -> Page:
        """The one page of the list.

        Raises:
            ListingError: the answer is not OpenAI's model list.
        """
        return openai_compatible.read_models(answer)

    def litellm(self, model: str, base_url: str | None) -> LiteLLMTarget:
        """`openai/X`: LiteLLM speaks Chat Completions there, or Responses where a model needs it.

        Its own bridge to Responses looks at the host, so the vendor's URL may be written out.
        """
        return LiteLLMTarget(
            model=f"openai/{model}", api_base=openai_compatible.api_root(base_url or VENDOR_URL)
        )
