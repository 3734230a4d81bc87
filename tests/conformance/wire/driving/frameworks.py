# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "openai-agents==0.24.0",
#     "pydantic-ai-slim[anthropic,bedrock,google,openai]==2.68.0",
# ]
# ///
"""`uv run --script frameworks.py`: what two agent frameworks write for the same conversations.

Each history is handed to the framework, and the request that it sends is kept. Nobody answers:
a server on this machine takes the request and refuses it.
"""

import asyncio
import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from agents import (
    Agent,
    FunctionTool,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    set_tracing_disabled,
)
from openai import AsyncOpenAI
from pydantic_ai import (
    BinaryContent,
    ImageUrl,
    ModelRequest,
    ModelResponse,
    SystemPromptPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.direct import model_request
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.bedrock import BedrockConverseModel
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.models.openai import OpenAIResponsesModel as ResponsesModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.bedrock import BedrockProvider
from pydantic_ai.providers.google import GoogleProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.tools import ToolDefinition

CORPUS = Path(__file__).parents[1] / "corpus"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6364f8cf500f0003018601"
    "5a347d6b0000000049454e44ae426082"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LOOK = {
    "type": "object",
    "properties": {"place": {"type": "string"}, "times": {"type": "integer"}},
    "required": ["place"],
    "additionalProperties": False,
}
TOOLS = [
    ToolDefinition(name="look", description="Look somewhere.", parameters_json_schema=LOOK),
    ToolDefinition(name="ring", parameters_json_schema={"type": "object", "properties": {}}),
]


def asked(*content: Any, system: str = "") -> ModelRequest:
    before = [SystemPromptPart(system)] if system else []
    said = content[0] if len(content) == 1 else list(content)
    return ModelRequest(parts=[*before, UserPromptPart(said)])


def called(*calls: tuple[str, Any, str], said: str = "") -> ModelResponse:
    before = [TextPart(said)] if said else []
    return ModelResponse(parts=[*before, *(ToolCallPart(n, a, i) for n, a, i in calls)])


def returned(*results: tuple[str, Any, str], outcome: Any = "success") -> ModelRequest:
    return ModelRequest(
        parts=[ToolReturnPart(n, c, tool_call_id=i, outcome=outcome) for n, c, i in results]
    )


def answered(text: str) -> ModelResponse:
    return ModelResponse(parts=[TextPart(text)])


HISTORIES: dict[str, list[Any]] = {
    "talk": [
        asked("What is a mole?", system="You are a zoologist."),
        answered("A small mammal that digs."),
        asked("Only that?"),
        answered("Also a unit of 6.022e23 things."),
        asked("Which one digs faster?"),
    ],
    "one_call": [
        asked("Is anybody at the door?"),
        called(("look", {"place": "door"}, "pyd_ai_51c0de")),
        returned(("look", "a cat", "pyd_ai_51c0de")),
        answered("A cat is there."),
        asked("Let it in."),
    ],
    "parallel_calls": [
        asked("Check both doors.", system="Be thorough."),
        called(
            ("look", {"place": "front door"}, "call_front"),
            ("look", {"place": "back door", "times": 2}, "call_back"),
            said="I look at both.",
        ),
        returned(("look", {"seen": ["postman"]}, "call_front"), ("look", None, "call_back")),
    ],
    "no_arguments": [
        asked("Ring the bell twice."),
        called(("ring", None, "call_a"), ("ring", {}, "call_b")),
        returned(("ring", "ding", "call_a"), ("ring", "dong", "call_b")),
    ],
    "failed_and_tried_again": [
        asked("Look into the cellar."),
        called(("look", {"place": 7}, "call_1")),
        returned(("look", "place: Input should be a valid string", "call_1"), outcome="failed"),
        called(("look", {"place": "cellar"}, "call_2")),
        returned(("look", "It is dark.", "call_2")),
        answered("It is dark down there."),
        asked("Thanks."),
    ],
    "image": [
        asked("What is this?", BinaryContent(PNG, media_type="image/png")),
        answered("One red pixel."),
        asked("And now?"),
    ],
    "image_behind_a_url": [
        asked("Describe it.", ImageUrl("https://example.com/cat.png"), "In one word."),
    ],
    "document": [
        asked("Sum this up.", BinaryContent(PDF, media_type="application/pdf")),
        answered("The document is empty."),
        asked("Sure?"),
    ],
    "thought": [
        asked("What is 17 x 23?"),
        ModelResponse(parts=[ThinkingPart("17 x 20 + 17 x 3"), TextPart("391")]),
        asked("And plus 9?"),
    ],
    "thought_before_a_call": [
        asked("Is it raining?"),
        ModelResponse(
            parts=[
                ThinkingPart("I should look outside."),
                ToolCallPart("look", '{"place": "window ☔"}', "call_w"),
            ]
        ),
        returned(("look", "Es regnet — naß & grau", "call_w")),
    ],
}

INPUTS: dict[str, list[dict[str, Any]]] = {
    "talk": [
        {"role": "user", "content": "What is a vole?"},
        {"role": "assistant", "content": "A small rodent."},
        {"role": "user", "content": "Does it dig?"},
    ],
    "answers_kept_whole": [
        {"role": "user", "content": "Hi"},
        {
            "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": "Hello!", "annotations": []}],
        },
        {"role": "user", "content": "Bye"},
    ],
    "one_call": [
        {"role": "user", "content": "Who is at the gate?"},
        {"type": "function_call", "call_id": "call_7", "name": "look",
         "arguments": '{"place":"gate"}'},
        {"type": "function_call_output", "call_id": "call_7", "output": "nobody"},
    ],
    "parallel_calls": [
        {"role": "user", "content": "Gate and garage?"},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look",
         "arguments": '{"place":"gate"}', "status": "completed"},
        {"type": "function_call", "id": "fc_2", "call_id": "call_2", "name": "look",
         "arguments": '{"place":"garage"}', "status": "completed"},
        {"type": "function_call_output", "call_id": "call_2", "output": "a car"},
        {"type": "function_call_output", "call_id": "call_1", "output": "a dog 🐕"},
        {"role": "assistant", "content": "A dog and a car."},
        {"role": "user", "content": "Whose dog?"},
    ],
    "image": [
        {"role": "user", "content": [
            {"type": "input_text", "text": "What is this?"},
            {"type": "input_image", "detail": "low", "image_url": "https://example.com/a.png"},
        ]},
        {"role": "assistant", "content": "A gate."},
        {"role": "user", "content": "Open?"},
    ],
    "developer_in_between": [
        {"role": "user", "content": "Start."},
        {"role": "assistant", "content": "Started."},
        {"role": "developer", "content": "From now on speak French."},
        {"role": "user", "content": "Go on."},
    ],
    "refusal": [
        {"role": "user", "content": "Pick the lock."},
        {
            "type": "message", "id": "msg_2", "role": "assistant", "status": "completed",
            "content": [{"type": "refusal", "refusal": "I can't help with that."}],
        },
        {"role": "user", "content": "Then call a locksmith."},
    ],
}  # fmt: skip


class Recorder(BaseHTTPRequestHandler):
    """Keeps the body of each request and refuses it."""

    taken: list[dict[str, Any]]

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.taken.append(json.loads(self.rfile.read(length)))
        answer = b'{"error":{"type":"invalid_request_error","message":"recorded"}}'
        self.send_response(400)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@contextmanager
def recorder() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    taken: list[dict[str, Any]] = []
    handler = type("Recording", (Recorder,), {"taken": taken})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()


def models(url: str) -> dict[str, Callable[[], Any]]:
    """pydantic-ai's models, one a format."""
    openai = OpenAIProvider(base_url=f"{url}/v1", api_key="unused")
    anthropic = AnthropicProvider(base_url=url, api_key="unused")
    google = GoogleProvider(base_url=url, api_key="unused")
    bedrock = BedrockProvider(
        base_url=url,
        aws_access_key_id="unused",
        aws_secret_access_key="unused",
        region_name="eu-central-1",
    )
    return {
        "openai_chat": lambda: OpenAIChatModel("gpt-5.2", provider=openai),
        "openai_responses": lambda: ResponsesModel("gpt-5.2", provider=openai),
        "anthropic_messages": lambda: AnthropicModel("claude-sonnet-4-5", provider=anthropic),
        "google_generate_content": lambda: GoogleModel("gemini-2.5-flash", provider=google),
        "bedrock_converse": lambda: BedrockConverseModel(
            "anthropic.claude-sonnet-4-5-20250929-v1:0", provider=bedrock
        ),
    }


def uses_tools(history: list[Any]) -> bool:
    return any(isinstance(part, ToolCallPart) for message in history for part in message.parts)


async def drive_pydantic_ai(url: str, taken: list[dict[str, Any]]) -> None:
    for name, model in models(url).items():
        for scenario, history in HISTORIES.items():
            tools = TOOLS if uses_tools(history) else []
            parameters = ModelRequestParameters(function_tools=tools)
            with suppress(Exception):  # the recorder refuses every request
                await model_request(model(), history, model_request_parameters=parameters)
            keep(f"{name}/pydantic_ai", scenario, taken)


async def drive_openai_agents(url: str, taken: list[dict[str, Any]]) -> None:
    set_tracing_disabled(disabled=True)
    client = AsyncOpenAI(base_url=f"{url}/v1", api_key="unused", max_retries=0)
    ways = {
        "openai_chat": OpenAIChatCompletionsModel("gpt-5.2", client),
        "openai_responses": OpenAIResponsesModel("gpt-5.2", client),
    }
    tool = FunctionTool("look", "Look somewhere.", dict(LOOK), on_invoke_tool=None)
    for name, model in ways.items():
        for scenario, items in INPUTS.items():
            tools = [tool] if any("call_id" in item for item in items) else []
            agent = Agent("doorman", instructions="Guard the house.", model=model, tools=tools)
            with suppress(Exception):  # the recorder refuses every request
                await Runner.run(agent, items)
            keep(f"{name}/openai_agents", scenario, taken)


def keep(place: str, scenario: str, taken: list[dict[str, Any]]) -> None:
    if not taken:
        sys.stderr.write(f"{place}/{scenario}: the framework itself refused\n")
        return
    folder = CORPUS / place
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(taken[-1], ensure_ascii=False, indent=1)
    (folder / f"{scenario}.json").write_text(text + "\n", encoding="utf-8")
    taken.clear()


def main() -> None:
    for made in (*CORPUS.glob("*/pydantic_ai"), *CORPUS.glob("*/openai_agents")):
        shutil.rmtree(made)
    with recorder() as (url, taken):
        asyncio.run(drive_pydantic_ai(url, taken))
        asyncio.run(drive_openai_agents(url, taken))


if __name__ == "__main__":
    main()
