"""Anthropic as seen from outside: `GET /v1/models`, x-api-key, pages, and the errors it gives.

Shapes: the vendor's own SDK (model_info, model_capabilities, error objects).
"""

from dataclasses import dataclass

from tests.vendors.server import Call, Reply, as_json


def error(status: int, kind: str, message: str, code: str | None = None, **headers: str) -> Reply:
    stated = {"type": kind, "message": message}
    details = {"details": {"error_code": code}} if code else {}
    body = {"type": "error", "error": {**stated, **details}, "request_id": "req_011CS"}
    return as_json(body, status, request_id="req_011CS", **headers)


ERRORS = {
    "authentication_error": error(401, "authentication_error", "invalid x-api-key"),
    "permission_error": error(
        403, "permission_error", "Your API key does not have permission to use this resource."
    ),
    "billing_error": error(402, "billing_error", "Your credit balance is too low."),
    "enforced_spend_limit_reached": error(
        429, "rate_limit_error", "Monthly threshold crossed.", "enforced_spend_limit_reached"
    ),
    "ramp_limit_exceeded": error(
        429, "rate_limit_error", "Usage grew too fast.", "ramp_limit_exceeded", retry_after="7"
    ),
    "rate_limit_error": error(
        429, "rate_limit_error", "Number of requests has exceeded your limit.", retry_after="12"
    ),
    "overloaded_error": error(529, "overloaded_error", "Overloaded"),
    "api_error": error(500, "api_error", "Internal server error"),
    "not_found_error": error(404, "not_found_error", "Not found"),
    "no_version": error(400, "invalid_request_error", "anthropic-version: header is required"),
}


def row(id_: str, lifecycle: str = "active") -> dict[str, object]:
    """A row of the list, as complete as the real one."""
    supported, unsupported = {"supported": True}, {"supported": False}
    return {
        "type": "model",
        "id": id_,
        "display_name": id_.title(),
        "created_at": "2026-02-04T00:00:00Z",
        "lifecycle": lifecycle,
        "deprecated_at": None,
        "retires_at": None,
        "line": "sonnet",
        "max_input_tokens": 200_000,
        "max_tokens": 64_000,
        "capabilities": {
            "batch": supported,
            "citations": supported,
            "code_execution": supported,
            "image_input": supported,
            "pdf_input": unsupported,
            "structured_outputs": supported,
            "thinking": {"supported": True, "types": {}},
        },
    }


@dataclass
class Anthropic:
    """A well vendor; its pages hold `page_size` rows at most, however many are asked for."""

    key: str = "sk-ant-right"
    rows: tuple[dict[str, object], ...] = (row("claude-sonnet-4-6"), row("claude-opus-4-7"))
    page_size: int = 1000
    failing: str | None = None
    fails_after: str | None = None
    """The `after_id` at which the list breaks off."""
    repeats: bool = False
    """A broken proxy: every page says that there is more after the same row."""

    def __call__(self, call: Call) -> Reply:
        if self.failing is not None:
            return ERRORS[self.failing]
        if "anthropic-version" not in call.headers:
            return ERRORS["no_version"]
        if call.headers.get("x-api-key") != self.key:
            return ERRORS["authentication_error"]
        if (call.method, call.path) != ("GET", "/v1/models"):
            return ERRORS["not_found_error"]
        return self._page(int(call.parameter("limit") or 20), call.parameter("after_id"))

    def _page(self, limit: int, after_id: str | None) -> Reply:
        if after_id is not None and after_id == self.fails_after:
            return ERRORS["overloaded_error"]
        ids = [str(row_["id"]) for row_ in self.rows]
        start = ids.index(after_id) + 1 if after_id and not self.repeats else 0
        end = start + min(limit, self.page_size)
        page = self.rows[start:end]
        body = {
            "data": page,
            "has_more": self.repeats or end < len(self.rows),
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
        }
        return as_json(body, retry_after="3")
