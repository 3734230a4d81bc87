"""One module a wire format: parse and render, pure."""
