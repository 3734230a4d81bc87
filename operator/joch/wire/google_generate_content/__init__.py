"""Google generateContent: what its clients store, read; a request body, rendered.

`parse` takes a request body as REST or the SDKs spell it, a bare contents list, JSON lines, and
whole answers (`{"candidates": […]}`) appended; it is as lenient as the vendor was seen to be.
`render` stays inside the published schema of `v1beta`, in REST's camelCase.
"""

from joch.wire.google_generate_content.parse import parse
from joch.wire.google_generate_content.render import render

__all__ = ["parse", "render"]
