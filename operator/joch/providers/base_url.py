"""What people write as `spec.baseUrl` and the root that a type's requests are made of.

The CRD has already refused a query, a fragment and credentials in the URL.
"""


def trimmed(base_url: str, endings: tuple[str, ...]) -> str:
    """The URL without trailing slashes and without the first of `endings` that it ends in.

    People paste the URL of an endpoint as often as the root that it stands under; the longest
    ending must come first.
    """
    url = base_url.strip().rstrip("/")
    for ending in endings:
        if url.endswith(ending):
            return url.removesuffix(ending).rstrip("/")
    return url


def versioned(base_url: str) -> str:
    """The URL with `/v1` where it names a host alone; a URL with a path is taken as it is.

    LiteLLM adds no `/v1` for `openai/` (measured on 1.106.2), so the root must bear it. A server
    whose root has another path (`/openai/v1`, `/api/v3`) is reached under exactly that path.
    """
    _, _, behind_scheme = base_url.partition("://")
    return base_url if "/" in behind_scheme else f"{base_url}/v1"
