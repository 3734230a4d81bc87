"""What an answer to a free request says about the provider: a fault and a sentence."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joch.providers.base import Answer, Fault, Judgement, ListingError
from joch.providers.errors import VendorError, error_in
from joch.providers.waits import wait_seconds

MAX_WORDS = 300
"""The most characters of a vendor's own words in a sentence."""


@dataclass(frozen=True, slots=True)
class Api:
    """How sentences name an API, and where its base URL usually points."""

    name: str
    base_url_hint: str


def judge(answer: Answer, api: Api, read: Callable[[Any], object]) -> Judgement:
    """The verdict over an answer to a listing.

    `read` takes the parsed JSON of a 200 and raises ListingError where it is not a listing.
    """
    error = error_in(answer.body)
    fault = _fault(answer, error)
    if fault is not None:
        wait = wait_seconds(answer.headers)
        return Judgement(fault, _sentence(fault, answer, error, api), wait)
    try:
        read(json.loads(answer.body))
    except ListingError as problem:
        return Judgement(
            Fault.UNEXPECTED_ANSWER,
            f"answered 200, but {problem}: is spec.baseUrl right? {api.base_url_hint}",
        )
    except (ValueError, RecursionError):
        return Judgement(
            Fault.UNEXPECTED_ANSWER,
            f"answered 200 with something that is not JSON, not {api.name}: "
            f"is spec.baseUrl right? {api.base_url_hint}",
        )
    return Judgement(None, "the model list was answered")


def is_html(answer: Answer) -> bool:
    """Whether the body is a web page, by its type or its first character."""
    return "html" in answer.headers.get("content-type", "") or answer.body.lstrip()[:1] == b"<"


def _fault(answer: Answer, error: VendorError | None) -> Fault | None:
    if answer.status != 200:
        return _fault_of_status(answer.status, error)
    if is_html(answer):
        return Fault.UNEXPECTED_ANSWER
    if error is None:
        return None
    return _fault_of_status(error.status or 200, error)


def _fault_of_status(status: int, error: VendorError | None) -> Fault:
    """The fault of an error. Where a status says all, the body has no say."""
    if status == 401:
        return Fault.REJECTED
    if status == 402:
        return Fault.QUOTA_EXHAUSTED
    if status in {408, 409, 425} or (status >= 500 and status != 501):
        return Fault.SERVER_ERROR
    named = error.fault if error else None
    if named is not None:
        return named
    return {403: Fault.FORBIDDEN, 429: Fault.RATE_LIMITED}.get(status, Fault.UNEXPECTED_ANSWER)


def _sentence(fault: Fault, answer: Answer, error: VendorError | None, api: Api) -> str:
    said = f"{answer.status}: {quoted(error.message)}" if error else str(answer.status)
    match fault:
        case Fault.REJECTED:
            return (
                f"the credential was rejected ({said}): put a valid key into the Secret that "
                "spec.credentials.secretRef names"
            )
        case Fault.FORBIDDEN:
            return (
                f"the credential may not do this ({said}): give it the right to list models at the "
                "vendor, or use another key"
            )
        case Fault.QUOTA_EXHAUSTED:
            return (
                f"the account's credit or spending limit is used up ({said}): raise it at the "
                "vendor; retrying does not help"
            )
        case Fault.RATE_LIMITED:
            return f"the vendor limits the rate of requests ({said})"
        case Fault.SERVER_ERROR:
            return f"the server failed ({said})"
        case _:
            return _unexpected(answer, said, api)


def _unexpected(answer: Answer, said: str, api: Api) -> str:
    if 300 <= answer.status < 400:
        return (
            f"answered a redirect ({answer.status}){_target(answer)}, which is not followed so "
            "that the credential goes nowhere else: set spec.baseUrl to the final URL"
        )
    if is_html(answer):
        return (
            f"answered HTML ({answer.status}), not {api.name}: is spec.baseUrl right? "
            f"{api.base_url_hint}"
        )
    return f"answered {said}, not {api.name}: is spec.baseUrl right? {api.base_url_hint}"


def _target(answer: Answer) -> str:
    """Where a redirect leads, as far as it cannot carry a secret: scheme, host and port."""
    try:
        parts = urlsplit(answer.headers.get("location", ""))
    except ValueError:
        return ""
    _, _, host = parts.netloc.rpartition("@")
    return f" to {parts.scheme}://{host}" if host else ""


def quoted(words: str) -> str:
    """A vendor's words on one line, cut between words: a secret in them must never be split.

    Its redaction happens where the secret is known.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    if len(line) <= MAX_WORDS:
        return line
    head, space, _ = line[:MAX_WORDS].rpartition(" ")
    return f"{head} …" if space else "…"
