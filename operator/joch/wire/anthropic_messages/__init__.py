"""Anthropic Messages: what its clients store, read; a request body, rendered.

`parse` takes a request body, a bare message list, JSON lines of messages, and whole answers
(`{"type": "message", …}`) appended; it is as lenient as the vendor was seen to be. `render` stays
inside the published schema of API version 2026-10-21.
"""

from joch.wire.anthropic_messages.parse import parse
from joch.wire.anthropic_messages.render import render

__all__ = ["parse", "render"]
