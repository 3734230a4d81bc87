"""OpenAI Chat Completions: what its clients store, read; a request body, rendered.

`parse` takes a request body, a bare message list, JSON lines of messages, and bodies with the
assistant's answers appended; it is as lenient as the vendor was seen to be. `render` stays inside
the published schema.
"""

from joch.wire.openai_chat.parse import parse
from joch.wire.openai_chat.render import render

__all__ = ["parse", "render"]
