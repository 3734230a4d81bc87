"""Type `ollama`: an Ollama server.

vLLM and llama.cpp have no `/api/chat` that LiteLLM's `ollama_chat/` could read: they are
`openai_completions`.
"""

from dataclasses import dataclass

from joch.providers import openai_compatible
from joch.providers.base import Answer, Auth, Judgement, LiteLLMTarget, Page, Request
from joch.providers.base_url import trimmed
from joch.providers.verdicts import Api

_API = Api(
    name="the Ollama API", base_url_hint="It is the server's root, for example http://ollama:11434"
)
_ENDPOINTS = (
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/models",
    "/v1",
    "/api/chat",
    "/api/tags",
    "/api",
)


def root(base_url: str) -> str:
    """The server's root, under which both `/api` and `/v1` are."""
    return trimmed(base_url, _ENDPOINTS)


@dataclass(frozen=True, slots=True)
class Ollama:
    """Ollama. It ignores a key; one is sent where configured, for a proxy in front of it."""

    name: str = "ollama"
    default_base_url: str | None = None
    needs_credential: bool = False
    always_discovers: bool = True
    wire_format: str = "openai_chat"

    def probe(self, base_url: str) -> Request:
        """The model list: it loads no model."""
        return self.listing(base_url)

    def judge(self, answer: Answer) -> Judgement:
        """As any compatible server, with Ollama's own hint."""
        return openai_compatible.judge(answer, _API)

    def listing(self, base_url: str) -> Request:
        """`GET /v1/models`: the pulled models, by the ids that requests take."""
        return Request(f"{root(base_url)}/v1/models", Auth.BEARER)

    def read_listing(self, request: Request, answer: Answer) -> Page:
        """The one page of the list.

        Raises:
            ListingError: the answer is not OpenAI's model list.
        """
        return openai_compatible.read_models(answer, _API)

    def litellm(self, model: str, base_url: str | None) -> LiteLLMTarget:
        """`ollama_chat/X`, which appends `/api/chat`.

        Raises:
            ValueError: there is no base URL; LiteLLM would ask its own localhost.
        """
        if base_url is None:
            raise ValueError("spec.baseUrl must be given for type ollama")
        return LiteLLMTarget(model=f"ollama_chat/{model}", api_base=root(base_url))
