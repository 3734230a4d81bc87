"""Amazon Bedrock's Converse: what its clients store, read; a request body, rendered.

JSON as on the wire: bytes are base64 text. `parse` takes a request body, a bare message list, JSON
lines of messages, and bodies with whole answers appended. `render` stays inside botocore's service
model and the service's rules on turns, ids, media and blank text.
"""

from joch.wire.bedrock_converse.parse import parse
from joch.wire.bedrock_converse.render import render

__all__ = ["parse", "render"]
