"""What the official SDK's own types dump is read as the same conversation, however they dump it."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from google.genai import types
from pydantic import BaseModel

from joch.transcript.canonical import digest
from joch.transcript.conversation import Role
from joch.wire.google_generate_content import parse, render
from tests.unit.wire.generate_content import PNG, SAME, Data

SIGNATURE = b"\xfb\xff\xfe"  # its base64 differs between the two alphabets
CALL = types.FunctionCall(id="c1", name="look", args={"mime_type": "a", "nothing": None})
CONTENTS = [
    types.Content(
        role="user",
        parts=[
            types.Part(text="What is this?"),
            types.Part(inline_data=types.Blob(data=base64.b64decode(PNG), mime_type="image/png")),
            types.Part(
                file_data=types.FileData(
                    file_uri="https://example.com/a.mp4", mime_type="video/mp4"
                ),
                video_metadata=types.VideoMetadata(start_offset="1s"),
            ),
        ],
    ),
    types.Content(
        role="model",
        parts=[
            types.Part(text="hm", thought=True),
            types.Part(function_call=CALL, thought_signature=SIGNATURE),
        ],
    ),
    types.Content(
        role="user",
        parts=[
            types.Part(
                function_response=types.FunctionResponse(
                    id="c1", name="look", response={"output": "a red pixel"}
                )
            )
        ],
    ),
    types.Content(
        role="model",
        parts=[
            types.Part(
                executable_code=types.ExecutableCode(code="1", language=types.Language.PYTHON)
            ),
            types.Part(text="A red pixel.", thought_signature=SIGNATURE),
        ],
    ),
]
CONFIG = types.GenerateContentConfig(
    system_instruction=types.Content(parts=[types.Part(text="Be brief.")]),
    temperature=0.5,
    stop_sequences=["."],
    tools=[
        types.Tool(
            function_declarations=[
                types.FunctionDeclaration(name="look", parameters_json_schema={"type": "object"})
            ]
        )
    ],
    tool_config=types.ToolConfig(
        function_calling_config=types.FunctionCallingConfig(
            mode=types.FunctionCallingConfigMode.ANY
        )
    ),
    thinking_config=types.ThinkingConfig(include_thoughts=True),
)

Dump = Callable[[BaseModel], Any]
DUMPS: dict[str, Dump] = {
    "python's names, nulls and all": lambda m: m.model_dump(mode="json"),
    "python's names": lambda m: m.model_dump(mode="json", exclude_none=True),
    "rest's names, nulls and all": lambda m: m.model_dump(mode="json", by_alias=True),
    "rest's names": lambda m: m.model_dump(mode="json", by_alias=True, exclude_none=True),
}
each = pytest.mark.parametrize("dump", DUMPS.values(), ids=DUMPS.keys())
PLAIN = DUMPS["rest's names"]


@each
def test_a_request_is_read_the_same_whichever_way_the_sdk_dumps_it(dump: Dump) -> None:
    stored = {"contents": [dump(content) for content in CONTENTS], "config": dump(CONFIG)}
    plain = {"contents": [PLAIN(content) for content in CONTENTS], "config": PLAIN(CONFIG)}

    assert digest(parse(json.dumps(stored))) == digest(parse(json.dumps(plain)))


@each
def test_a_request_comes_out_as_rest_has_it_whichever_way_the_sdk_dumps_it(dump: Dump) -> None:
    stored = {"contents": [dump(content) for content in CONTENTS], "config": dump(CONFIG)}
    rendered = render(parse(json.dumps(stored)), SAME)
    body: Data = json.loads(json.dumps(rendered.body))

    assert [types.Content.model_validate(content) for content in body["contents"]] == CONTENTS
    assert body["generationConfig"] == {
        "temperature": 0.5,
        "stopSequences": ["."],
        "thinkingConfig": {"includeThoughts": True},
    }
    assert body["toolConfig"] == {"functionCallingConfig": {"mode": "ANY"}}
    assert rendered.changes == ()


@each
def test_an_answer_of_the_sdk_appended_to_its_request_is_its_content(dump: Dump) -> None:
    answer = types.GenerateContentResponse(
        candidates=[
            types.Candidate(content=CONTENTS[3], finish_reason=types.FinishReason.STOP, index=0)
        ],
        model_version="gemini-3-pro",
    )
    stored = [*(dump(content) for content in CONTENTS[:3]), dump(answer)]
    read = parse(json.dumps(stored))

    assert read.messages[-1].role is Role.ASSISTANT
    assert read.messages[-1].parts == parse(json.dumps([PLAIN(CONTENTS[3])])).messages[0].parts
    assert read.messages[-1].extra == {
        "response": {"modelVersion": "gemini-3-pro", "finishReason": "STOP", "index": 0}
    }
