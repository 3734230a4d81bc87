"""What a target takes in a format: the limits that rendering keeps."""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Identifier:
    """The form an identifier must have: its characters, its length, whether the length is exact.

    `first`: the characters it may begin with; empty: any of its characters.
    """

    characters: str
    longest: int
    exact: bool = False
    first: str = ""

    def fits(self, text: str) -> bool:
        """Whether the text may be sent as it is."""
        sizes = f"{{{self.longest}}}" if self.exact else f"{{1,{self.longest}}}"
        if re.fullmatch(f"[{self.characters}]{sizes}", text) is None:
            return False
        return not self.first or re.match(f"[{self.first}]", text) is not None


@dataclass(frozen=True, slots=True)
class Profile:
    """A target's limits. `developer`: takes that role; else it is sent as `system`.

    `sampling`, `reasoning_effort` False: the target refuses such settings, so they go, declared.
    `images`, `audio`, `documents` False: such a part becomes a line of text that names it.
    `urls` False: the target fetches none; what is not inline becomes a line of text.
    `max_output_tokens`: the longest answer; a longer one asked for is clamped to it.
    `forced_tool_choice`, `prefill` False: the target refuses a choice that forces a tool call, or
    a conversation that ends with the assistant. `late_system`: it takes instructions between the
    messages; else they are sent as marked user text.
    `same_backend`: the conversation goes back to the backend that wrote it. Only there are the
    vendor's own things replayed: signed thinking, tools that it carried out, ids of stored files.
    `phases`: takes an assistant message's phase back (OpenAI Responses, GPT-5.4 and 5.5).
    `mixed_turns` False: words beside calls or results in one message are refused (Llama and Mistral
    on Bedrock), so they get messages of their own.
    `signed_calls`: refuses a step whose first call has no thought signature (Gemini 3 and later).
    """

    call_ids: Identifier = Identifier("A-Za-z0-9_-", 40)
    tool_names: Identifier = Identifier("A-Za-z0-9_-", 64)
    stops: int = 4
    developer: bool = True
    sampling: bool = True
    reasoning_effort: bool = True
    images: bool = True
    audio: bool = True
    documents: bool = True
    urls: bool = True
    max_output_tokens: int | None = None
    forced_tool_choice: bool = True
    prefill: bool = True
    late_system: bool = False
    same_backend: bool = False
    phases: bool = False
    signed_calls: bool = False
    mixed_turns: bool = True


OPENAI = Profile()
MISTRAL = Profile(call_ids=Identifier("A-Za-z0-9", 9, exact=True), developer=False)
ANTHROPIC = Profile(
    call_ids=Identifier("A-Za-z0-9_-", 64),
    tool_names=Identifier("A-Za-z0-9_-", 128),
    stops=8191,
    developer=False,
    sampling=False,
)
"""Anthropic's API version 2026-10-21, which refuses sampling parameters even at their defaults."""
OPENAI_RESPONSES = Profile(call_ids=Identifier("A-Za-z0-9_-", 64), stops=0, late_system=True)
BEDROCK = Profile(call_ids=Identifier("A-Za-z0-9_.:-", 64), stops=2500, developer=False, urls=False)
GEMINI = Profile(
    call_ids=Identifier(r"\x21-\x7e", 256),
    tool_names=Identifier("A-Za-z0-9_.:-", 128, first="A-Za-z_"),
    stops=5,
    developer=False,
    reasoning_effort=False,
)
GEMINI_3 = replace(GEMINI, reasoning_effort=True, signed_calls=True)
