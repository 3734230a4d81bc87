"""OpenAI Responses: what its clients store, read; a request body, rendered.

`parse` takes a request body (`input` a string or a list of items), a bare list of items, JSON lines
of items, and whole Response objects appended; it is as lenient as the vendor was seen to be.
`render` stays inside the published schema.

Items are flat; a message of the transcript holds what one assistant turn said, thought and asked
for, so that parallel calls stay together at vendors that nest them.
"""

from joch.wire.openai_responses.parse import parse
from joch.wire.openai_responses.render import render

__all__ = ["parse", "render"]
