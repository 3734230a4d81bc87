"""Call ids and tool names that a target takes: kept where they fit, else made from a hash.

A hash, never a cut: cut ids collide. The same conversation gives the same ids in every process.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping

from joch.transcript.exchanges import Exchange
from joch.wire.profile import Identifier


def call_ids(found: Iterable[Exchange], rule: Identifier) -> tuple[str, ...]:
    """An id for every exchange, in order: its own where it fits and is new, else a hash.

    Vendors take foreign ids where characters and length fit (seen in recorded traffic), so most
    stay. An id that comes again in a later turn gets a new one.
    """
    taken: set[str] = set()
    ids = []
    for place, exchange in enumerate(found):
        own = exchange.call.id
        chosen = own if rule.fits(own) and own not in taken else _fresh(place, own, rule, taken)
        taken.add(chosen)
        ids.append(chosen)
    return tuple(ids)


def tool_names(names: Iterable[str], rule: Identifier) -> Mapping[str, str]:
    """The name to send for each name; one that does not fit keeps what is readable of it."""
    wanted = tuple(dict.fromkeys(names))
    taken = {name for name in wanted if rule.fits(name)}
    chosen: dict[str, str] = {}
    for name in wanted:
        chosen[name] = name if name in taken else _renamed(name, rule)
    return chosen


def _fresh(place: int, own: str, rule: Identifier, taken: set[str]) -> str:
    prefix = "" if rule.exact else "call_"
    length = min(rule.longest - len(prefix), 24)
    for attempt in range(1_000):
        candidate = prefix + _hash(f"{attempt}\n{place}\n{own}")[:length]
        if candidate not in taken:
            return candidate
    raise AssertionError("a thousand hashes collided")


def _renamed(name: str, rule: Identifier) -> str:
    mark = _hash(name)[:8]
    readable = re.sub(f"[^{rule.characters}]+", "_", name).strip("_")
    renamed = f"{readable[: rule.longest - 9]}_{mark}" if readable else f"tool_{mark}"
    return renamed if rule.fits(renamed) else f"tool_{mark}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
