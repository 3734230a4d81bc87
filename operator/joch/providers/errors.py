"""The error objects of the vendors, and which fault they stand for.

Sources: OpenAI's error-code guide and recorded traffic, Anthropic's SDK 1.x error types.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from joch.providers.base import Fault

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        # The account is out of money or over a limit of its own: waiting does not help.
        "insufficient_quota": Fault.QUOTA_EXHAUSTED,
        "credit_balance_exhausted": Fault.QUOTA_EXHAUSTED,
        "organization_spend_limit_exceeded": Fault.QUOTA_EXHAUSTED,
        "project_spend_limit_exceeded": Fault.QUOTA_EXHAUSTED,
        "organization_usage_limit_exceeded": Fault.QUOTA_EXHAUSTED,
        "billing_hard_limit_reached": Fault.QUOTA_EXHAUSTED,
        "billing_error": Fault.QUOTA_EXHAUSTED,
        "enforced_spend_limit_reached": Fault.QUOTA_EXHAUSTED,
        "contract_spend_limit_reached": Fault.QUOTA_EXHAUSTED,
        "linked_organization_spend_limit_reached": Fault.QUOTA_EXHAUSTED,
        "linked_organization_billing_unavailable": Fault.QUOTA_EXHAUSTED,
        # The credential.
        "invalid_api_key": Fault.REJECTED,
        "authentication_error": Fault.REJECTED,
        "permission_error": Fault.FORBIDDEN,
        "organization_on_hold": Fault.FORBIDDEN,
        # These pass.
        "rate_limit_exceeded": Fault.RATE_LIMITED,
        "rate_limit_error": Fault.RATE_LIMITED,
        "ramp_limit_exceeded": Fault.RATE_LIMITED,
        "slow_down": Fault.RATE_LIMITED,
        "server_error": Fault.SERVER_ERROR,
        "server_is_overloaded": Fault.SERVER_ERROR,
        "api_error": Fault.SERVER_ERROR,
        "overloaded_error": Fault.SERVER_ERROR,
        "timeout_error": Fault.SERVER_ERROR,
    }
)
"""The fault that a vendor's `code`, `type` or `error_code` stands for."""

_PRECEDENCE = (
    Fault.QUOTA_EXHAUSTED,
    Fault.REJECTED,
    Fault.FORBIDDEN,
    Fault.RATE_LIMITED,
    Fault.SERVER_ERROR,
)
_KIND_KEYS = ("code", "type", "error_code")
_MESSAGE_KEYS = ("message", "detail", "error")


@dataclass(frozen=True, slots=True)
class VendorError:
    """What a body says about an error: its kinds, its number where a code is one, its words."""

    kinds: frozenset[str]
    status: int | None
    message: str

    @property
    def fault(self) -> Fault | None:
        """The fault that its kinds stand for; of several the gravest."""
        named = {FAULTS[kind] for kind in self.kinds if kind in FAULTS}
        return next((fault for fault in _PRECEDENCE if fault in named), None)


def error_in(body: bytes) -> VendorError | None:
    """The error in a JSON body, in the shapes of OpenAI, Anthropic, Ollama, Azure and FastAPI.

    None: the body is not JSON, or holds no error.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    error = document.get("error")
    if error:
        return _read(error if isinstance(error, dict) else {"message": error})
    listed = "data" in document or "models" in document
    stated = document.get("message") or document.get("detail")
    return _read({"message": stated}) if stated and not listed else None


def _read(error: Mapping[str, Any]) -> VendorError:
    details = error.get("details")
    parts = [error, details] if isinstance(details, dict) else [error]
    values = [part.get(key) for part in parts for key in _KIND_KEYS]
    return VendorError(
        kinds=frozenset(value for value in values if isinstance(value, str)),
        status=next(_statuses(values), None),
        message=next((text for key in _MESSAGE_KEYS if (text := _text(error.get(key)))), ""),
    )


def _statuses(values: list[Any]) -> Iterator[int]:
    """Numbers among the codes that are HTTP statuses (OpenRouter writes them so)."""
    for value in values:
        digits = str(value) if isinstance(value, int | str) else ""
        if digits.isascii() and digits.isdigit() and len(digits) == 3:
            yield int(digits)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
