"""Rendering tool exchanges: as `toolUse` and `toolResult`, or told as text."""

from collections.abc import Mapping

from joch.transcript.conversation import Role
from joch.transcript.parts import ToolCall
from joch.transcript.values import Json, JsonObject
from joch.wire.bedrock_converse.calls import Numbered
from joch.wire.bedrock_converse.extras import declare_extra
from joch.wire.bedrock_converse.output import Blocks, Output
from joch.wire.embedded import an_object_in
from joch.wire.markers import RECORD_DONE, RECORD_UNKNOWN, UNKNOWN_OUTCOME
from joch.wire.rendering import Changes

NO_OUTPUT = "(no output)"


class ToolBlocks:
    """Renders the exchanges of one request. `names`: the name to send for each tool's name."""

    def __init__(self, names: Mapping[str, str], output: Output, changes: Changes) -> None:
        self._names = names
        self._output = output
        self._changes = changes

    def call(self, numbered: Numbered) -> JsonObject:
        """The `toolUse` block; its input is an object whatever the model wrote."""
        call, where = numbered.exchange.call, f"messages[{numbered.exchange.index}]"
        custom = (call.extra or {}).get("type") == "custom"
        declare_extra(call.extra, where, self._changes, ("type",) if custom else ())
        data: JsonObject = {"toolUseId": numbered.id, "name": self._names[call.name]}
        return {"toolUse": {**data, "input": self._input(call, custom, where)}}

    def _input(self, call: ToolCall, custom: bool, where: str) -> JsonObject:
        if custom:
            sentence = f"The text of {call.name} is sent as the argument input"
            self._changes.transformed("custom-tool", where, sentence)
            return {"input": call.arguments}
        found = an_object_in(call.arguments)
        if found is None and call.arguments.strip():
            sentence = "Malformed tool arguments preserved as text"
            self._changes.transformed("malformed-arguments", where, sentence)
            return {"_raw": call.arguments}
        return found or {}

    def result(self, numbered: Numbered) -> JsonObject:
        """The `toolResult` block; a call that nobody answered gets an error."""
        at, result = numbered.answered_at, numbered.exchange.result
        data: JsonObject = {"toolUseId": numbered.id}
        if result is None:
            sentence = f"Call of {numbered.exchange.call.name} without a result is answered as"
            self._changes.transformed("unknown-outcome", at, f"{sentence} unknown")
            content: Blocks = [{"text": UNKNOWN_OUTCOME}]
            return {"toolResult": {**data, "content": list[Json](content), "status": "error"}}
        declare_extra(result.extra, at, self._changes)
        content = self._output.blocks(result.parts, at, Role.TOOL)
        if not content:
            self._changes.transformed("empty-result", at, f"A result without content: {NO_OUTPUT}")
            content = [{"text": NO_OUTPUT}]
        data["content"] = list[Json](content)
        if result.is_error is not None:
            data["status"] = "error" if result.is_error else "success"
        return {"toolResult": data}

    def sounds(self, numbered: Numbered) -> Blocks:
        """The sounds of its result, which stand beside it."""
        result = numbered.exchange.result
        return self._output.sounds(result.parts, numbered.answered_at) if result else []

    def record(self, numbered: Numbered) -> Blocks:
        """The exchange as text, with the media that it brought."""
        exchange, at = numbered.exchange, numbered.answered_at
        called = f"{exchange.call.name}({exchange.call.arguments})"
        sentence = f"Tool {exchange.call.name!r} does not exist here; its call is told as text"
        where = f"messages[{exchange.index}]"
        self._changes.transformed("tool-history", where, sentence)
        declare_extra(exchange.call.extra, where, self._changes)
        if exchange.result is None:
            self._changes.transformed("unknown-outcome", at, f"Outcome of {called[:80]} unknown")
            return [{"text": f"{RECORD_UNKNOWN} {called}: outcome unknown"}]
        declare_extra(exchange.result.extra, at, self._changes)
        content = self._output.blocks(exchange.result.parts, at, Role.USER)
        said = "\n".join(str(block["text"]) for block in content if "text" in block)
        failed = "failed: " if exchange.result.is_error else ""
        told: JsonObject = {"text": f"{RECORD_DONE} {called}: {failed}{said or 'no output'}"}
        return [told, *(block for block in content if "text" not in block)]
