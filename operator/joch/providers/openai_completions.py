"""Type `openai_completions`: any server that speaks OpenAI's Chat Completions under a base URL."""

from dataclasses import dataclass

from joch.providers import openai_compatible
from joch.providers.base import Answer, Auth, Judgement, LiteLLMTarget, Page, Request


@dataclass(frozen=True, slots=True)
class OpenAICompletions:
    """vLLM, llama.cpp, LM Studio, Groq, Together and every other compatible server."""

    name: str = "openai_completions"
    default_base_url: str | None = None
    needs_credential: bool = False
    always_discovers: bool = False
    wire_format: str = "openai_chat"

    def probe(self, base_url: str) -> Request:
        """The model list: free everywhere."""
        return self.listing(base_url)

    def judge(self, answer: Answer) -> Judgement:
        """As any compatible server, but a model list is not something that every one has."""
        judgement = openai_compatible.judge(answer)
        if openai_compatible.lacks_model_list(answer, judgement):
            return openai_compatible.without_model_list(answer)
        return judgement

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
        """`openai/X` under the API root.

        A client's `/v1/messages` reaches an `openai/` deployment as `/v1/responses`, which few
        compatible servers have: `use_chat_completions_api` keeps it on Chat Completions (trap 9).

        Raises:
            ValueError: there is no base URL.
        """
        if base_url is None:
            raise ValueError("spec.baseUrl must be given for type openai_completions")
        return LiteLLMTarget(
            model=f"openai/{model}",
            api_base=openai_compatible.api_root(base_url),
            extra={"use_chat_completions_api": True},
        )
