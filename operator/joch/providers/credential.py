"""What makes a credential one that cannot be sent in a header, or surely a slip."""

_QUOTES = frozenset("\"'`")


def slip_in(plain: str) -> str | None:
    """What is wrong with the text of a credential, as the end of a sentence; None: nothing.

    It never repeats any of the text. RFC 9110 lets a header carry visible ASCII; no vendor's keys
    hold quotes or spaces, which come from copying a line of a shell script.
    """
    if not plain:
        return "is empty"
    if plain.endswith(("\n", "\r")) and plain.strip():
        return "ends with a line break (echo adds one, printf does not)"
    if any(character.isspace() for character in plain):
        return "holds a space or a line break"
    if not (plain.isascii() and plain.isprintable()):
        return "holds characters other than visible ASCII"
    if _QUOTES & set(plain):
        return "holds quotation marks"
    return None
