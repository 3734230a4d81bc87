"""The anthropic package driven through a scenario, by Messages."""

from typing import Any

from anthropic import Anthropic

from tests.conformance.wire.driving.scenarios import Call, Scenario

LONGEST_ANSWER = 40


def by_messages(client: Anthropic, model: str, scenario: Scenario) -> dict[str, Any]:
    """The last request's body, its answer appended to the messages."""
    messages: list[Any] = []
    body: dict[str, Any] = {"model": model, "max_tokens": LONGEST_ANSWER, "messages": messages}
    if scenario.system:
        body["system"] = scenario.system
    if scenario.tools:
        body["tools"] = [
            {"name": name, "description": tool["description"], "input_schema": tool["schema"]}
            for name, tool in scenario.tools.items()
        ]
    for place, turn in enumerate(scenario.turns):
        messages += _turn(place, turn)
        answer = client.messages.create(**body)
        content = [block.model_dump(exclude_none=not scenario.nulls) for block in answer.content]
        messages.append({"role": "assistant", "content": content})
    return body


def _turn(place: int, turn: str | tuple[Call, ...]) -> list[Any]:
    if isinstance(turn, str):
        return [{"role": "user", "content": turn}]
    calls = [
        {
            "type": "tool_use",
            "id": f"toolu_{place}{number}",
            "name": call.name,
            "input": call.arguments,
        }
        for number, call in enumerate(turn)
    ]
    results = [
        {
            "type": "tool_result",
            "tool_use_id": f"toolu_{place}{number}",
            "content": call.outcome,
            **({"is_error": True} if call.failed else {}),
        }
        for number, call in enumerate(turn)
    ]
    return [{"role": "assistant", "content": calls}, {"role": "user", "content": results}]
