"""Ollama as seen from outside: `GET /v1/models`, any key or none, errors as a bare text."""

from dataclasses import dataclass

from tests.vendors.server import Call, Reply, as_json


@dataclass
class Ollama:
    """A server with some pulled models; with none its list is null, as Ollama's is."""

    models: tuple[str, ...] = ("llama3.2:3b", "hf.co/bartowski/Qwen3-8B-GGUF:Q4_K_M")
    failing: bool = False

    def __call__(self, call: Call) -> Reply:
        if self.failing:
            return as_json({"error": "llama runner process has terminated"}, 500)
        if call.path == "/":
            return Reply(200, b"Ollama is running", {"content-type": "text/plain; charset=utf-8"})
        if call.path != "/v1/models":
            return Reply(404, b"404 page not found", {"content-type": "text/plain"})
        rows = [
            {"id": id_, "object": "model", "created": 1_760_000_000, "owned_by": "library"}
            for id_ in self.models
        ]
        return as_json({"object": "list", "data": rows or None})
