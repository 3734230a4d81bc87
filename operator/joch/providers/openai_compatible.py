"""What every server that speaks OpenAI's API shares: its root, its model list, its errors."""

from joch.api.model import Capabilities, ModelFacts
from joch.providers import listings, verdicts
from joch.providers.base import Answer, Fault, Judgement, ListedModel, Page
from joch.providers.base_url import trimmed, versioned
from joch.providers.verdicts import Api, is_html

OPENAI = Api(name="the OpenAI API", base_url_hint="It usually ends in /v1")

_ENDPOINTS = ("/chat/completions", "/completions", "/responses", "/embeddings", "/models")
_WINDOWS = ("max_model_len", "context_length")
"""Where a row states the window: vLLM's name, and that of Fireworks and Together.

llama.cpp states it as `meta.n_ctx` (measured).
"""


def api_root(base_url: str) -> str:
    """The URL under which `/models` and `/chat/completions` are: it usually ends in /v1."""
    return versioned(trimmed(base_url, _ENDPOINTS))


def judge(answer: Answer, api: Api = OPENAI) -> Judgement:
    """What an answer to `GET /models` says."""
    return verdicts.judge(answer, api, lambda document: listings.rows(document, api))


def lacks_model_list(answer: Answer, judgement: Judgement) -> bool:
    """Whether an API answered that it has no `/models`; a web page that says so is no API."""
    missing = answer.status in {404, 405, 410, 501}
    return missing and judgement.fault is Fault.UNEXPECTED_ANSWER and not is_html(answer)


def without_model_list(answer: Answer) -> Judgement:
    """The verdict on a compatible server that answers but has no `/models`: it is reachable."""
    return Judgement(
        Fault.NOT_FOUND,
        f"the server answers but has no model list ({answer.status}), so the credential is used "
        "unchecked and models are not discovered: write Model objects for what it serves",
    )


def read_models(answer: Answer, api: Api = OPENAI) -> Page:
    """The one page of `GET /models`.

    Raises:
        ListingError: the answer is not OpenAI's model list.
    """
    rows = listings.rows(listings.document(answer, api), api)
    return Page(tuple(_listed(row) for row in rows))


def _listed(row: listings.Row) -> ListedModel:
    return ListedModel(row.id, ModelFacts(capabilities=_inputs(row), context_window=_window(row)))


def _window(row: listings.Row) -> int | None:
    """The window that a request gets; `n_ctx_train` is not that."""
    meta = row.fields.get("meta")
    stated = [row.fields.get(name) for name in _WINDOWS]
    stated.append(meta.get("n_ctx") if isinstance(meta, dict) else None)
    return next((size for size in map(listings.tokens, stated) if size), None)


def _inputs(row: listings.Row) -> Capabilities:
    """What a row says it takes (llama.cpp and OpenRouter: `architecture.input_modalities`)."""
    architecture = row.fields.get("architecture")
    stated = architecture.get("input_modalities") if isinstance(architecture, dict) else None
    if not isinstance(stated, list):
        return Capabilities()
    return Capabilities(vision="image" in stated, audio="audio" in stated)
