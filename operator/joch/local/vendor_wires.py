"""What one vendor's API looks like from outside: credential, listing, errors. Pure.

A wire says nothing of turns that are in order: those go to the language model as they are.
Sources: the vendors' published API references of 2026-05, and their answers as recorded since.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Json = dict[str, Any]

_CREATED = 1767225600
_CREATED_TEXT = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that the vendor gives without asking the model."""

    status: int
    body: Json


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a wire sees it: header names in lower case, the body None if it is no JSON."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json | None = None


class Wire(Protocol):
    """One vendor's API."""

    @property
    def turn_paths(self) -> tuple[str, ...]:
        """The paths that the language model answers."""

    def refuse_caller(self, asked: Asked, key: str) -> Reply | None:
        """The vendor's refusal of a request whose credential or version is wrong."""

    def refuse_turn(self, asked: Asked, models: Sequence[str]) -> Reply | None:
        """The vendor's refusal of a turn that it does not take."""

    def listing(self, asked: Asked, models: Sequence[str]) -> Reply:
        """`GET /v1/models`."""

    def model(self, model: str, models: Sequence[str]) -> Reply:
        """`GET /v1/models/MODEL`."""

    def unknown_path(self, asked: Asked) -> Reply:
        """What the vendor answers where it serves nothing."""


class OpenAIWire:
    """OpenAI's API: Bearer key, Chat Completions."""

    turn_paths = ("/v1/chat/completions",)

    def refuse_caller(self, asked: Asked, key: str) -> Reply | None:
        """401 as OpenAI words it; the key is never repeated, not even in part."""
        if not asked.headers.get("authorization"):
            return self._error(401, "You didn't provide an API key.", code=None)
        if _same(asked.headers["authorization"], f"Bearer {key}"):
            return None
        return self._error(401, "Incorrect API key provided.", code="invalid_api_key")

    def refuse_turn(self, asked: Asked, models: Sequence[str]) -> Reply | None:
        """400 without JSON, model or messages; 404 for a model that is not listed."""
        if asked.body is None:
            return self._error(400, "We could not parse the JSON body of your request.", code=None)
        for name in ("model", "messages"):
            if not asked.body.get(name):
                return self._error(
                    400,
                    f"Missing required parameter: '{name}'.",
                    code="missing_required_parameter",
                    param=name,
                )
        if asked.body["model"] not in models:
            return self._no_such_model(str(asked.body["model"]))
        return None

    def listing(self, asked: Asked, models: Sequence[str]) -> Reply:
        """All models at once; there is no paging."""
        return Reply(200, {"object": "list", "data": [self._row(model) for model in models]})

    def model(self, model: str, models: Sequence[str]) -> Reply:
        """One row of the listing."""
        return Reply(200, self._row(model)) if model in models else self._no_such_model(model)

    def unknown_path(self, asked: Asked) -> Reply:
        """404."""
        return self._error(404, f"Invalid URL ({asked.method} {asked.path})", code=None)

    def _no_such_model(self, model: str) -> Reply:
        sentence = f"The model `{model}` does not exist or you do not have access to it."
        return self._error(404, sentence, code="model_not_found", param="model")

    def _row(self, model: str) -> Json:
        return {"id": model, "object": "model", "created": _CREATED, "owned_by": "system"}

    def _error(
        self, status: int, message: str, *, code: str | None, param: str | None = None
    ) -> Reply:
        error = {
            "message": message,
            "type": "invalid_request_error",
            "param": param,
            "code": code,
        }
        return Reply(status, {"error": error})


class AnthropicWire:
    """Anthropic's API: x-api-key and anthropic-version, Messages."""

    turn_paths = ("/v1/messages", "/v1/messages/count_tokens")

    def refuse_caller(self, asked: Asked, key: str) -> Reply | None:
        """401 for the key, 400 where the version header is missing."""
        if not _same(asked.headers.get("x-api-key", ""), key):
            return self._error(401, "authentication_error", "invalid x-api-key")
        if not asked.headers.get("anthropic-version"):
            return self._error(
                400, "invalid_request_error", "anthropic-version: header is required"
            )
        return None

    def refuse_turn(self, asked: Asked, models: Sequence[str]) -> Reply | None:
        """400 without JSON or a required field, 404 for a model that is not listed."""
        if asked.body is None:
            return self._error(400, "invalid_request_error", "The request body is not valid JSON")
        required: tuple[str, ...] = ("model", "messages", "max_tokens")
        if asked.path.endswith("/count_tokens"):
            required = required[:2]
        for name in required:
            if not asked.body.get(name):
                return self._error(400, "invalid_request_error", f"{name}: Field required")
        if asked.body["model"] not in models:
            return self._no_such_model(str(asked.body["model"]))
        return None

    def listing(self, asked: Asked, models: Sequence[str]) -> Reply:
        """One page: `limit` rows (20 by default) that follow `after_id`."""
        text = asked.query.get("limit", "20")
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1000:
            return self._error(
                400, "invalid_request_error", "limit: must be a number from 1 to 1000"
            )
        after = asked.query.get("after_id")
        start = models.index(after) + 1 if after in models else 0
        page = list(models[start : start + int(text)])
        return Reply(
            200,
            {
                "data": [self._row(model) for model in page],
                "has_more": start + len(page) < len(models),
                "first_id": page[0] if page else None,
                "last_id": page[-1] if page else None,
            },
        )

    def model(self, model: str, models: Sequence[str]) -> Reply:
        """One row of the listing."""
        return Reply(200, self._row(model)) if model in models else self._no_such_model(model)

    def unknown_path(self, asked: Asked) -> Reply:
        """404."""
        return self._error(404, "not_found_error", "Not found")

    def _no_such_model(self, model: str) -> Reply:
        return self._error(404, "not_found_error", f"model: {model}")

    def _row(self, model: str) -> Json:
        return {
            "type": "model",
            "id": model,
            "display_name": model,
            "created_at": _CREATED_TEXT,
        }

    def _error(self, status: int, kind: str, message: str) -> Reply:
        return Reply(status, {"type": "error", "error": {"type": kind, "message": message}})


WIRES: Mapping[str, Wire] = {"openai": OpenAIWire(), "anthropic": AnthropicWire()}
"""The vendors that can be played, by the provider type that reaches them."""


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
