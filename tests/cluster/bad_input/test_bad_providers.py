"""Credentials and addresses that are wrong: said in one sentence, mended without a restart."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.cluster import objects
from tests.cluster.bad_input.place import FAST, Place, conversation, route
from tests.cluster.objects import ACME, ACME_MODEL, Manifest, manifest, secret
from tests.cluster.vendors import Vendors
from tests.vendors.openai import OpenAI
from tests.vendors.server import Manner, Reply, Vendor, as_html, as_json

KEY = "sk-right"


def acme(url: str, **spec: Any) -> Sequence[Manifest]:
    """A provider, its only model, and a conversation that depends on them."""
    return (
        objects.provider("acme", "openai", url, probe=FAST, **spec),
        objects.model("large", ACME_MODEL),
        route("research", ACME),
        conversation(routeRef={"name": "research"}),
    )


CREDENTIALS: dict[str, tuple[Manifest | None, str, Sequence[str]]] = {
    "is missing": (
        None,
        "SecretNotFound",
        ("Secret {ns}/acme-key does not exist", "create it", "spec.credentials.secretRef.name"),
    ),
    "lacks the key": (
        manifest("Secret", "acme-key", stringData={"token": KEY}),
        "SecretKeyMissing",
        ("Secret {ns}/acme-key has no key api-key", "spec.credentials.secretRef.key"),
    ),
    "is empty": (
        secret("acme-key", ""),
        "SecretEmpty",
        ("key api-key of Secret {ns}/acme-key is empty", "put the credential there"),
    ),
    "ends with a line break": (
        secret("acme-key", f"{KEY}\n"),
        "Malformed",
        ("key api-key of Secret {ns}/acme-key", "line break", "was not sent"),
    ),
    "is wrong": (
        secret("acme-key", "sk-wrong"),
        "Rejected",
        ("LLMProvider {ns}/acme", "rejected (401", "the Secret that spec.credentials.secretRef"),
    ),
}


@pytest.mark.parametrize("case", CREDENTIALS)
def test_a_secret_is_told_until_it_is_mended_that(
    case: str, place: Place, vendors: Vendors
) -> None:
    stored, reason, parts = CREDENTIALS[case]
    place.space.apply(*acme(f"{vendors.start(OpenAI(key=KEY)).url}/v1"))
    if stored is not None:
        place.space.apply(stored)

    place.stalled("llmproviders", "acme", reason, *parts)
    place.waiting("conversations", "chat", "NoEligibleBackend", "acme:large")
    assert place.column("modelroutes", "research") == "CredentialsInvalid"
    place.others_go_on()

    place.space.apply(secret("acme-key", KEY))
    place.ready("llmproviders", "acme", "Healthy")
    place.bound("chat", ACME)


def always(reply: Reply) -> Vendor:
    return lambda _: reply


def inside(error: Any) -> Vendor:
    """An error that comes as if it were a success."""
    return always(as_json({"error": error}))


ADDRESSES: dict[str, tuple[Vendor, str, Sequence[str]]] = {
    "hangs": (always(Reply(manner=Manner.HANG)), "Timeout", ("did not answer in full within 1 s",)),
    "drips": (always(Reply(manner=Manner.DRIP)), "Timeout", ("did not answer in full within 1 s",)),
    "breaks off": (always(Reply(200, b"{}" * 9, manner=Manner.CUT)), "Unreachable", ("closed",)),
    "answers HTML": (
        always(as_html("<h1>Welcome</h1>")),
        "UnexpectedAnswer",
        ("answered HTML (200), not the OpenAI API", "is spec.baseUrl right?"),
    ),
    "answers with a redirect": (
        always(Reply(301, headers={"location": "https://elsewhere.example/?key=1"})),
        "UnexpectedAnswer",
        ("a redirect (301) to https://elsewhere.example,", "set spec.baseUrl to the final URL"),
    ),
    "has a refusal inside of a 200": (
        inside({"code": 401, "message": "No auth credentials found"}),
        "Rejected",
        ("rejected (200: No auth credentials found)", "spec.credentials.secretRef"),
    ),
    "has an overload inside of a 200": (
        inside({"type": "server_error", "message": "Overloaded"}),
        "ServerError",
        ("the server failed (200: Overloaded)",),
    ),
    "has a mere text for an error inside of a 200": (
        inside("model not loaded"),
        "UnexpectedAnswer",
        ("answered 200: model not loaded", "is spec.baseUrl right?"),
    ),
    "answers JSON that is no list": (
        always(as_json({"models": "none"})),
        "UnexpectedAnswer",
        ("answered 200, but", "spec.baseUrl"),
    ),
}


@pytest.mark.parametrize("case", ADDRESSES)
def test_a_base_url_is_told_until_it_is_mended_that(
    case: str, place: Place, vendors: Vendors
) -> None:
    vendor, reason, parts = ADDRESSES[case]
    url = f"{vendors.start(vendor).url}/v1"
    place.space.apply(secret("acme-key", KEY), *acme(url))
    _is_told_and_mended(place, vendors, url, reason, parts)


def test_a_base_url_is_told_until_it_is_mended_that_refuses(place: Place, vendors: Vendors) -> None:
    gone = vendors.start(OpenAI(key=KEY))
    gone.kill()
    url = f"{gone.url}/v1"
    place.space.apply(secret("acme-key", KEY), *acme(url))
    _is_told_and_mended(
        place, vendors, url, "Unreachable", ("Connection refused", "check spec.baseUrl")
    )


def _is_told_and_mended(
    place: Place, vendors: Vendors, url: str, reason: str, parts: Sequence[str]
) -> None:
    place.unready("llmproviders", "acme", reason, f"LLMProvider {{ns}}/acme at {url}: ", *parts)
    place.waiting("conversations", "chat", "NoEligibleBackend", "acme:large")
    place.others_go_on()

    right = f"{vendors.start(OpenAI(key=KEY)).url}/v1"
    place.space.edit("llmproviders", "acme", {"spec": {"baseUrl": right}})
    place.ready("llmproviders", "acme", "Healthy")
    place.bound("chat", ACME)


def test_a_type_that_nobody_knows_is_told_until_it_is_mended(
    place: Place, vendors: Vendors
) -> None:
    place.space.apply(secret("acme-key", KEY), *acme(f"{vendors.start(OpenAI(key=KEY)).url}/v1"))
    place.bound("chat", ACME)
    place.space.edit("llmproviders", "acme", {"spec": {"type": "quantum"}})

    known = "use one of openai, openai_completions, anthropic, ollama"
    told = "LLMProvider {ns}/acme", "spec.type 'quantum'", known
    place.stalled("llmproviders", "acme", "UnknownType", *told)
    place.waiting("conversations", "chat", "NoEligibleBackend")
    place.others_go_on()

    place.space.edit("llmproviders", "acme", {"spec": {"type": "openai"}})
    place.ready("llmproviders", "acme", "Healthy")
    place.bound("chat", ACME)
