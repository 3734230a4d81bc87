"""The openai package driven through a scenario: by Chat Completions and by Responses."""

import json
from typing import Any

from openai import OpenAI

from tests.conformance.wire.driving.scenarios import Call, Scenario

LONGEST_ANSWER = 40


def by_chat(client: OpenAI, model: str, scenario: Scenario) -> dict[str, Any]:
    """The last request's body, its answer appended to the messages."""
    messages: list[Any] = []
    if scenario.system:
        messages.append({"role": "system", "content": scenario.system})
    body: dict[str, Any] = {"model": model, "messages": messages, "max_tokens": LONGEST_ANSWER}
    if scenario.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": name,
                    "description": tool["description"],
                    "parameters": tool["schema"],
                },
            }
            for name, tool in scenario.tools.items()
        ]
    for place, turn in enumerate(scenario.turns):
        messages += _chat_turn(place, turn)
        answer = client.chat.completions.create(**body).choices[0].message
        messages.append(answer.model_dump(exclude_none=not scenario.nulls))
    return body


def _chat_turn(place: int, turn: str | tuple[Call, ...]) -> list[Any]:
    if isinstance(turn, str):
        return [{"role": "user", "content": turn}]
    calls = [
        {
            "id": f"call_{place}_{number}",
            "type": "function",
            "function": {"name": call.name, "arguments": json.dumps(call.arguments)},
        }
        for number, call in enumerate(turn)
    ]
    results = [
        {"role": "tool", "tool_call_id": f"call_{place}_{number}", "content": call.outcome}
        for number, call in enumerate(turn)
    ]
    return [{"role": "assistant", "content": None, "tool_calls": calls}, *results]


def by_responses(client: OpenAI, model: str, scenario: Scenario) -> dict[str, Any]:
    """The last request's body, its output appended to the input."""
    items: list[Any] = []
    body: dict[str, Any] = {"model": model, "input": items, "max_output_tokens": LONGEST_ANSWER}
    if scenario.system:
        body["instructions"] = scenario.system
    if scenario.tools:
        body["tools"] = [
            {
                "type": "function",
                "name": name,
                "description": tool["description"],
                "parameters": tool["schema"],
                "strict": False,
            }
            for name, tool in scenario.tools.items()
        ]
    for place, turn in enumerate(scenario.turns):
        items += _responses_turn(place, turn)
        answer = client.responses.create(**body)
        items += [item.model_dump(exclude_none=not scenario.nulls) for item in answer.output]
    return body


def _responses_turn(place: int, turn: str | tuple[Call, ...]) -> list[Any]:
    if isinstance(turn, str):
        return [{"role": "user", "content": turn}]
    calls = [
        {
            "type": "function_call",
            "id": f"fc_{place}{number}",
            "call_id": f"call_{place}{number}",
            "name": call.name,
            "arguments": json.dumps(call.arguments, ensure_ascii=False),
            "status": "completed",
        }
        for number, call in enumerate(turn)
    ]
    outputs = [
        {
            "type": "function_call_output",
            "call_id": f"call_{place}{number}",
            "output": call.outcome,
        }
        for number, call in enumerate(turn)
    ]
    return [*calls, *outputs]
