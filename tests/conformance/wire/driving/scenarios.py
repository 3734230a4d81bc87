"""What the official SDKs are driven through: turns of a person and of an agent with its tools.

The model on this machine is too small to call tools by itself: which calls it makes is prescribed,
how they are stored and what is said around them is the SDK's and the model's own.
"""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its outcome."""

    name: str
    arguments: dict[str, Any]
    outcome: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """A conversation to have. A turn is what the person says, or the calls of a round.

    `store` is how the application keeps it: the last request with the answer appended, a bare
    list of messages, or one message a line. `nulls`: it keeps answers with their unset fields.
    """

    name: str
    turns: tuple[str | tuple[Call, ...], ...]
    system: str = ""
    tools: dict[str, dict[str, Any]] | None = None
    store: Literal["body", "list", "lines"] = "body"
    nulls: bool = False


def _tool(description: str, *required: str, **properties: str) -> dict[str, Any]:
    return {
        "description": description,
        "schema": {
            "type": "object",
            "properties": {name: {"type": kind} for name, kind in properties.items()},
            "required": list(required),
        },
    }


WEATHER = _tool("Current weather in a city.", "city", city="string", unit="string")
SEARCH = _tool("Search the handbook.", "query", query="string", limit="integer")
EMAIL = _tool("Send an e-mail.", "to", "body", to="string", body="string")
FILES = _tool("Read a file of the project.", "path", path="string")

SCENARIOS = (
    Scenario("greeting", ("Hello! Who are you?",)),
    Scenario(
        "follow_ups",
        ("Name a fruit.", "And a vegetable?", "Which of the two is sweeter?"),
        system="Answer in one short sentence.",
    ),
    Scenario("bare_list", ("Count to five.", "Now backwards."), store="list", nulls=True),
    Scenario("one_message_a_line", ("What is rain?", "And snow?"), store="lines"),
    Scenario(
        "many_languages",
        (
            "Wie heißt die Hauptstadt von Österreich?",
            "では、日本の首都を教えて。",
            "ما هي عاصمة مصر؟ 🐪",
        ),
        system="Antworte in der Sprache der Frage.",
    ),
    Scenario(
        "one_call",
        ("What is the weather in Oslo?", (Call("get_weather", {"city": "Oslo"}, "4 °C, rain"),)),
        tools={"get_weather": WEATHER},
    ),
    Scenario(
        "parallel_calls",
        (
            "Compare the weather in Oslo and Rome.",
            (
                Call("get_weather", {"city": "Oslo", "unit": "C"}, '{"t": 4}'),
                Call("get_weather", {"city": "Rome", "unit": "C"}, '{"t": 17}'),
            ),
            "Where should I go?",
        ),
        system="You are a travel agent.",
        tools={"get_weather": WEATHER},
        nulls=True,
    ),
    Scenario(
        "equal_parallel_calls",
        (
            "Roll the dice twice.",
            (Call("roll", {}, "3"), Call("roll", {}, "5")),
        ),
        tools={"roll": _tool("Roll a die.")},
    ),
    Scenario(
        "failing_call",
        (
            "Mail the report to ops@example.com.",
            (
                Call(
                    "send_email",
                    {"to": "ops@example.com", "body": "Report attached."},
                    "SMTP 451: mailbox busy",
                    failed=True,
                ),
            ),
            "Try again.",
            (
                Call(
                    "send_email",
                    {"to": "ops@example.com", "body": "Report attached."},
                    "sent as <1@example.com>",
                ),
            ),
        ),
        tools={"send_email": EMAIL},
    ),
    Scenario(
        "rounds_in_one_turn",
        (
            "Summarize the handbook's chapter on leave.",
            (Call("search", {"query": "leave", "limit": 2}, '["leave.md", "hours.md"]'),),
            (
                Call("read_file", {"path": "leave.md"}, "Everyone has 28 days of leave a year."),
                Call("read_file", {"path": "hours.md"}, ""),
            ),
        ),
        system="Use the tools.\n\nNever guess.",
        tools={"search": SEARCH, "read_file": FILES},
        store="list",
    ),
    Scenario(
        "unicode_in_calls",
        (
            "Søk etter «brønnøysund» i håndboken",
            (Call("search", {"query": "brønnøysund 🧭"}, "ingen treff — 0 résultats \u2028 終"),),
        ),
        tools={"search": SEARCH},
    ),
    Scenario(
        "large_result",
        (
            "Read the log.",
            (
                Call(
                    "read_file",
                    {"path": "var/log/app.log"},
                    "\n".join(f"12:{m:02}:00 worker {m % 7} took job {m * 37}" for m in range(60)),
                ),
            ),
            "Which worker took the last one?",
        ),
        tools={"read_file": FILES},
        nulls=True,
    ),
    Scenario(
        "tools_unused",
        ("Just say hello.",),
        system="Be polite.",
        tools={"get_weather": WEATHER, "send_email": EMAIL},
    ),
    Scenario(
        "code_and_markup",
        (
            "What does this print?\n\n```python\nprint({'a': [1, 2]}['a'][-1])\n```",
            'And <b>this</b> & "that"\t\\n?',
        ),
        store="lines",
        nulls=True,
    ),
    Scenario(
        "long_talk",
        tuple(
            f"Tell me one thing about the number {n}." for n in (0, 1, 2, 3, 7, 12, 42, 99, 1729)
        ),
        system="One sentence each.",
    ),
)
