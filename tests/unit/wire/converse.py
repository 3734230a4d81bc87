"""Short ways to write Converse bodies, and strategies that make some up."""

import json
from typing import Any

from hypothesis import strategies as st

from joch.transcript.conversation import Transcript
from joch.wire.bedrock_converse import parse
from joch.wire.rendered import Rendered

Data = dict[str, Any]

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
PDF = "JVBERi0xLjQK"


def user(*blocks: Any) -> Data:
    return {"role": "user", "content": [told(block) for block in blocks]}


def answer(*blocks: Any) -> Data:
    return {"role": "assistant", "content": [told(block) for block in blocks]}


def told(block: Any) -> Any:
    return {"text": block} if isinstance(block, str) else block


def use(identity: str, name: str, **arguments: Any) -> Data:
    return {"toolUse": {"toolUseId": identity, "name": name, "input": arguments}}


def result(identity: str, *blocks: Any, **fields: Any) -> Data:
    content = [told(block) for block in blocks]
    return {"toolResult": {"toolUseId": identity, "content": content, **fields}}


def image(data: str = PNG, form: str = "png") -> Data:
    return {"image": {"format": form, "source": {"bytes": data}}}


def document(name: str, data: str = PDF, form: str = "pdf") -> Data:
    return {"document": {"format": form, "name": name, "source": {"bytes": data}}}


def spec(name: str, **fields: Any) -> Data:
    schema = {"type": "object", "properties": {}}
    return {"toolSpec": {"name": name, "inputSchema": {"json": schema}, **fields}}


def tools(*names: str) -> Data:
    return {"tools": [spec(name) for name in names]}


def transcript(*messages: Data, **body: Any) -> Transcript:
    return parse(json.dumps({"messages": messages, **body}))


def body_of(rendered: Rendered) -> Data:
    body: Data = json.loads(json.dumps(rendered.body))
    return body


def messages_of(rendered: Rendered) -> list[Data]:
    found: list[Data] = body_of(rendered)["messages"]
    return found


_WORDS = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


@st.composite
def stored_bodies(draw: st.DrawFn) -> Data:
    """A request body as a well-behaved client stores it, tool exchanges and all."""
    messages: list[Data] = []
    for turn in range(draw(st.integers(1, 4))):
        asked: list[Any] = [draw(_WORDS), *([image()] if draw(st.booleans()) else [])]
        for round_ in range(draw(st.integers(0, 2))):
            names = draw(st.lists(st.sampled_from(["look", "send_email"]), min_size=1, max_size=3))
            pairs = [(f"tooluse_{turn}_{round_}_{i}", name) for i, name in enumerate(names)]
            messages.append(user(*asked))
            messages.append(answer(draw(_WORDS), *(use(i, name, to="ops") for i, name in pairs)))
            status = {"status": draw(st.sampled_from(["success", "error"]))}
            asked = [result(identity, draw(_WORDS), **status) for identity, _ in pairs]
        messages += [user(*asked), answer(draw(_WORDS))]
    system = [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}]
    return {
        "modelId": "anthropic.claude-sonnet-5-v1:0",
        **({"system": system} if draw(st.booleans()) else {}),
        "messages": messages,
        "inferenceConfig": {"maxTokens": 100},
        "toolConfig": tools("look", "send_email"),
    }
