"""OpenAI as seen from outside: `GET /v1/models`, Bearer, one page, and the errors it gives.

Shapes: the official OpenAPI description and recorded traffic (facts/wire-formats.md).
"""

from dataclasses import dataclass, field

from tests.vendors.server import Call, Reply, as_json


def error(status: int, message: str, kind: str, code: str | None, **headers: str) -> Reply:
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return as_json(body, status, **headers)


ERRORS = {
    "invalid_api_key": error(
        401,
        "Incorrect API key provided: sk-wrong*****************ey. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        "invalid_request_error",
        "invalid_api_key",
    ),
    "missing_scope": error(
        403,
        "You have insufficient permissions for this operation. Missing scopes: api.model.read.",
        "invalid_request_error",
        "insufficient_permissions",
    ),
    "unsupported_country": error(
        403,
        "Country, region, or territory not supported",
        "request_forbidden",
        "unsupported_country_region_territory",
    ),
    "insufficient_quota": error(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
        retry_after="1",
    ),
    "project_spend_limit_exceeded": error(
        429, "Your project has hit its spend limit.", "billing", "project_spend_limit_exceeded"
    ),
    "rate_limit_exceeded": error(
        429,
        "Rate limit reached for requests",
        "requests",
        "rate_limit_exceeded",
        retry_after_ms="1500",
        retry_after="60",
    ),
    "slow_down": error(429, "Please slow down.", "requests", "slow_down", retry_after="2.5"),
    "server_is_overloaded": error(
        503,
        "The server is currently overloaded.",
        "service_unavailable_error",
        "server_is_overloaded",
        date="Sat, 21 Nov 2026 12:00:00 GMT",
        retry_after="Sat, 21 Nov 2026 12:00:30 GMT",
    ),
    "server_error": error(500, "The server had an error.", "server_error", None),
    "not_found": error(404, "Invalid URL (GET /models)", "invalid_request_error", None),
}


@dataclass
class OpenAI:
    """A well vendor with one key; `failing` names the error it gives to everybody."""

    key: str | None = "sk-right"
    models: tuple[str, ...] = ("gpt-5.2", "gpt-5.2-mini")
    failing: str | None = None
    extra: dict[str, object] = field(default_factory=dict)
    base: str = "/v1"

    def __call__(self, call: Call) -> Reply:
        if self.failing is not None:
            return ERRORS[self.failing]
        if self.key is not None and call.headers.get("authorization") != f"Bearer {self.key}":
            return ERRORS["invalid_api_key"]
        if (call.method, call.path) != ("GET", f"{self.base}/models"):
            return ERRORS["not_found"]
        rows = [
            {
                "id": id_,
                "object": "model",
                "created": 1_760_000_000,
                "owned_by": "system",
                **self.extra,
            }
            for id_ in self.models
        ]
        return as_json({"object": "list", "data": rows})
