"""Lines of text that stand in for media a target does not take."""

from joch.transcript.parts import Source


def reference(what: str, source: Source, words: str | None = None) -> str:
    """What the medium was and where it is; `words` is what was said in it, where that is known."""
    inline = (
        source.data is not None and f"{source.media_type or 'inline'}, {len(source.data)} bytes"
    )
    stored = source.file_id and f"file {source.file_id} at the vendor it was sent to"
    return f"[{what}: {words or source.url or inline or stored or 'not kept'}]"
