"""`python -m tests.conformance.wire.driving`: makes the corpus' part that real clients wrote.

Starts the language model of the demo, drives the official SDKs against it and stores what an
application would have stored. What is in the corpus already is written anew.
"""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anthropic import Anthropic
from openai import OpenAI

from joch.local.language_model import LanguageModel
from tests.conformance.wire.driving.anthropic_sdk import by_messages
from tests.conformance.wire.driving.openai_sdk import by_chat, by_responses
from tests.conformance.wire.driving.scenarios import SCENARIOS, Scenario

CORPUS = Path(__file__).parents[1] / "corpus"
MODEL = "smollm2-135m"


def main() -> None:
    """Have every conversation in every format that the model server speaks."""
    server = LanguageModel(MODEL)
    openai = OpenAI(base_url=f"{server.base_url}/v1", api_key="unused")
    anthropic = Anthropic(base_url=server.base_url, api_key="unused")
    ways: dict[str, tuple[str, Callable[[Scenario], dict[str, Any]]]] = {
        "openai_chat/openai_sdk": ("messages", lambda s: by_chat(openai, MODEL, s)),
        "openai_responses/openai_sdk": ("input", lambda s: by_responses(openai, MODEL, s)),
        "anthropic_messages/anthropic_sdk": (
            "messages",
            lambda s: by_messages(anthropic, MODEL, s),
        ),
    }
    for place, (key, drive) in ways.items():
        folder = CORPUS / place
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for scenario in SCENARIOS:
            store(folder, scenario, key, drive(scenario))
            sys.stderr.write(f"{place} {scenario.name}\n")


def store(folder: Path, scenario: Scenario, key: str, body: dict[str, Any]) -> None:
    """Write the conversation the way the scenario's application keeps it."""
    if scenario.store == "lines":
        lines = [json.dumps(message, ensure_ascii=False) for message in body[key]]
        (folder / f"{scenario.name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    stored = body[key] if scenario.store == "list" else body
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    (folder / f"{scenario.name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
