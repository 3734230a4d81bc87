"""Media as addresses: what a URL, a data URL or bare base64 holds, and the way back."""

from joch.transcript.parts import Source


def source_of(url: str) -> Source:
    """A source from a URL, a base64 data URL, or bare base64 (as files are stored)."""
    if url.startswith("data:"):
        head, _, data = url[5:].partition(",")
        media_type, _, coding = head.partition(";")
        if coding == "base64":
            return Source(data=data, media_type=media_type or None)
        return Source(url=url)
    if "://" in url:
        return Source(url=url)
    return Source(data=url)


def data_url(source: Source, media_type: str | None) -> str | None:
    """The URL of a medium: its own, or a data URL; None where only the vendor has the bytes.

    `media_type` is that of bytes which state none; without either they stay bare base64.
    """
    if source.data is None:
        return source.url
    kind = source.media_type or media_type
    return f"data:{kind};base64,{source.data}" if kind else source.data
