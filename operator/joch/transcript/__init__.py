"""The canonical conversation: messages, parts, tools, digest, token estimate."""
