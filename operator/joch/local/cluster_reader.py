"""Reads and watches objects over HTTP with a kubeconfig: an onlooker's way into a cluster.

It never writes, and shares no code with the operator: what it sees is what anybody would see.
"""

import base64
import contextlib
import json
import ssl
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx
import yaml

Json = dict[str, Any]

_REQUEST_SECONDS = 10.0


class ReadError(Exception):
    """The API server refused or did not answer; a retry may help.

    Attributes:
        status: the HTTP status, or None where no answer came.
    """

    retryable = True

    def __init__(self, sentence: str, status: int | None = None) -> None:
        """Keep the status beside the sentence."""
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Seen:
    """One event of a watch: `type` as the API has it (ADDED, MODIFIED, DELETED), and the object."""

    type: str
    object: Json


class ClusterReader:
    """GET and watch, as the user of a kubeconfig. Close it when done."""

    def __init__(self, client: httpx.Client) -> None:
        """Use `connect`."""
        self._client = client

    @classmethod
    def connect(cls, kubeconfig: Path) -> Self:
        """Read a kubeconfig whose current context embeds a client certificate."""
        document = yaml.safe_load(kubeconfig.read_text())
        context = _named(document["contexts"], document["current-context"])["context"]
        cluster = _named(document["clusters"], context["cluster"])["cluster"]
        user = _named(document["users"], context["user"])["user"]
        trust = ssl.create_default_context(
            cadata=base64.b64decode(cluster["certificate-authority-data"]).decode()
        )
        _load_certificate(trust, user)
        return cls(
            httpx.Client(
                base_url=cluster["server"], verify=trust, trust_env=False, timeout=_REQUEST_SECONDS
            )
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def __enter__(self) -> Self:
        """Return the reader, to be closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def get(self, path: str) -> Json:
        """One object or list, by its path (`/api/v1/namespaces/N/secrets/NAME`).

        Raises:
            ReadError: it is not there, or can't be read.
        """
        with _read_errors(path):
            answer = self._client.get(path)
            _check(answer)
            document: Json = answer.json()
            return document

    def watch(self, collection: str, name: str, seconds: float) -> Generator[Seen, None, None]:
        """One object as it is and as it changes, for that long at most.

        Every call begins with the object as it is now (an ADDED event) if it exists, so calling
        it again after it ended misses nothing but states in between.

        Raises:
            ReadError: the watch can't be opened, or broke.
        """
        query = {
            "watch": "true",
            "fieldSelector": f"metadata.name={name}",
            "timeoutSeconds": str(max(1, round(seconds))),
        }
        limit = httpx.Timeout(_REQUEST_SECONDS, read=seconds + _REQUEST_SECONDS)
        with (
            _read_errors(collection),
            self._client.stream("GET", collection, params=query, timeout=limit) as answer,
        ):
            _check(answer)
            for line in answer.iter_lines():
                yield _seen(json.loads(line))


def _seen(event: Json) -> Seen:
    if event["type"] == "ERROR":
        status = event["object"]
        raise ReadError(str(status.get("message", status)), status.get("code"))
    return Seen(event["type"], event["object"])


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    answer.read()
    try:
        said = answer.json()["message"]
    except (ValueError, KeyError, TypeError):
        said = answer.text[:200]
    raise ReadError(f"GET {answer.url.path}: {answer.status_code} {said}", answer.status_code)


@contextlib.contextmanager
def _read_errors(path: str) -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise ReadError(f"GET {path}: {str(error) or type(error).__name__}") from error


def _named(entries: list[Json], name: str) -> Json:
    return next(entry for entry in entries if entry["name"] == name)


def _load_certificate(trust: ssl.SSLContext, user: Json) -> None:
    """`ssl` reads a key from a file only: it lives in a private folder for that moment."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder, "client.crt")
        key = Path(folder, "client.key")
        certificate.write_bytes(base64.b64decode(user["client-certificate-data"]))
        key.write_bytes(base64.b64decode(user["client-key-data"]))
        trust.load_cert_chain(certificate, key)
