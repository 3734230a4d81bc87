"""What a target takes in a format: the limits that rendering keeps."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identifier:
    """The form an identifier must have: its characters, its length, whether the length is exact."""

    characters: str
    longest: int
    exact: bool = False

    def fits(self, text: str) -> bool:
        """Whether the text may be sent as it is."""
        sizes = f"{{{self.longest}}}" if self.exact else f"{{1,{self.longest}}}"
        return re.fullmatch(f"[{self.characters}]{sizes}", text) is not None


@dataclass(frozen=True, slots=True)
class Profile:
    """A target's limits. `developer`: takes that role; else it is sent as `system`.

    `sampling`, `reasoning_effort` False: the target refuses such settings, so they go, declared.
    `images`, `audio`, `documents` False: such a part becomes a line of text that names it.
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


OPENAI = Profile()
MISTRAL = Profile(call_ids=Identifier("A-Za-z0-9", 9, exact=True), developer=False)
