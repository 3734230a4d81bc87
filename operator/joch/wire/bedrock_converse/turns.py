"""Rendering the messages: users and assistants by turns, all results right after their calls."""

from joch.transcript.conversation import Message, Role, Transcript
from joch.transcript.parts import ToolResult
from joch.transcript.values import Json
from joch.wire.bedrock_converse.alternation import Alternation, after_cache_points
from joch.wire.bedrock_converse.calls import Calls
from joch.wire.bedrock_converse.extras import declare_extra
from joch.wire.bedrock_converse.output import Blocks, Output
from joch.wire.bedrock_converse.tool_blocks import ToolBlocks
from joch.wire.markers import INSTRUCTION
from joch.wire.profile import Profile
from joch.wire.rendering import Changes


class Turns:
    """One pass over a transcript's messages."""

    def __init__(
        self,
        profile: Profile,
        calls: Calls,
        output: Output,
        tools: ToolBlocks,
        changes: Changes,
    ) -> None:
        self._profile = profile
        self._calls = calls
        self._output = output
        self._tools = tools
        self._changes = changes
        self._turns = Alternation(changes)

    def system(self, transcript: Transcript) -> Blocks:
        """The instructions before the first message, as blocks of `system`."""
        blocks: Blocks = []
        for index, message in enumerate(transcript.messages[: transcript.prelude]):
            self._unsent(index, message)
            at = f"messages[{index}]"
            said = self._output.blocks(message.parts, at, Role.SYSTEM)
            blocks += said if blocks else after_cache_points(said, at, self._changes)
        return blocks

    def messages(self, transcript: Transcript) -> list[Json]:
        """All messages after the leading instructions."""
        prelude = transcript.prelude
        for index, message in enumerate(transcript.messages):
            if index < prelude:
                self._turns.say("user", self._records(index), f"messages[{index}]")
                continue
            self._unsent(index, message)
            match message.role:
                case Role.ASSISTANT:
                    self._assistant(index, message)
                case Role.SYSTEM | Role.DEVELOPER:
                    self._instruction(index, message)
                case Role.USER | Role.TOOL:
                    at = f"messages[{index}]"
                    said = self._output.blocks(message.parts, at, Role.USER)
                    self._say("user", said, index, message)
                    self._turns.say("user", self._records(index), at)
        return self._turns.closed(self._profile)

    def _say(self, role: str, said: Blocks, index: int, message: Message) -> None:
        """Say it; words in a message with results belong into the turn of the results anyway."""
        at = f"messages[{index}]"
        joined = self._turns.say(role, said, at)
        if joined and not any(isinstance(part, ToolResult) for part in message.parts):
            sentence = "Messages of one role in a row are sent as one"
            self._changes.transformed("merged", at, sentence)

    def _unsent(self, index: int, message: Message) -> None:
        """Declare what of a message has no place in the format."""
        where = f"messages[{index}]"
        if message.extra:
            declare_extra(message.extra, where, self._changes)
        if message.name:
            self._changes.lost("name", where, f"The name {message.name!r} of the speaker")
        if not message.parts:
            self._changes.lost("empty-message", where, "A message without content")
        if message.role is Role.DEVELOPER and not self._profile.developer:
            self._changes.transformed("developer-role", where, "developer is sent as system")

    def _instruction(self, index: int, message: Message) -> None:
        at = f"messages[{index}]"
        said = self._output.blocks(message.parts, at, Role.SYSTEM)
        if self._profile.late_system:
            self._turns.say("system", said, at)
        elif said:
            sentence = "An instruction between the messages is sent as a user's text"
            self._changes.transformed("late-system", at, sentence)
            self._turns.say("user", _marked(said), at)
        self._turns.say("user", self._records(index), at)

    def _assistant(self, index: int, message: Message) -> None:
        at = f"messages[{index}]"
        made = self._calls.made_in(index)
        calls = [self._tools.call(n) if n.as_call else None for n in made]
        said = self._output.blocks(message.parts, at, Role.ASSISTANT, calls)
        self._say("assistant", said, index, message)
        if made:
            sent = [numbered for numbered in made if numbered.as_call]
            results = [self._tools.result(numbered) for numbered in sent]
            sounds = [block for numbered in sent for block in self._tools.sounds(numbered)]
            self._turns.say("user", [*results, *sounds, *self._records(index)], at)

    def _records(self, index: int) -> Blocks:
        """The exchanges of a message that cannot be sent as calls, told as a user's text.

        A user's, not an assistant's: models copy what an assistant's message looks like.
        """
        told: Blocks = []
        for numbered in self._calls.made_in(index):
            if not numbered.as_call:
                told += self._tools.record(numbered)
        return told


def _marked(said: Blocks) -> Blocks:
    """An instruction's blocks under words that say what they are."""
    first, *others = said
    if "text" in first:
        return [{"text": f"{INSTRUCTION} {first['text']}"}, *others]
    return [{"text": INSTRUCTION}, *said]
