"""Tools: functions, MCP, computer use, and those that a vendor carries out itself."""

from collections.abc import Iterator

from joch.api.statecheckpoint import Finding
from joch.decide.checkpoint.tool_kinds import is_computer_use, is_function, is_mcp, is_vendors_own
from joch.decide.portability.subject import PortabilityInput, failure, ok, warning


def tools(subject: PortabilityInput) -> Iterator[Finding]:
    """Functions that the agent carries out."""
    plain = [tool.name for tool in subject.tools if is_function(tool)]
    yield from _supported("tools", "Tools", plain, subject)


def mcp_tools(subject: PortabilityInput) -> Iterator[Finding]:
    """Tools of MCP servers: to the model they are functions."""
    found = [tool.name for tool in subject.tools if is_mcp(tool)]
    yield from _supported("mcp-tools", "MCP tools", found, subject)


def computer_use(subject: PortabilityInput) -> Iterator[Finding]:
    """A tool that works a screen needs a model that was made for it.

    One declared in a vendor's own shape is not carried: no other vendor knows that shape.
    """
    found = [tool for tool in subject.tools if is_computer_use(tool)]
    if not found:
        return
    where = _named([tool.name for tool in found])
    portable = all(tool.type == "function" for tool in found)
    if portable and subject.target.facts.capabilities.computer_use:
        yield ok("computer-use", "Computer-use tool supported", where)
    else:
        sentence = "Computer-use tool unavailable; tool will be removed for this conversation"
        yield failure("computer-use", sentence, where)


def vendor_tools(subject: PortabilityInput) -> Iterator[Finding]:
    """A tool that one vendor carries out or shapes does not exist at another one."""
    for tool in subject.tools:
        if is_vendors_own(tool, subject.target.wire_format):
            kind = "Custom" if tool.type == "custom" else "Provider-executed"
            sentence = "unavailable; tool will be removed for this conversation"
            identity = f"vendor-tool-{tool.name}"[:64]
            yield warning(identity, f"{kind} tool {tool.name} {sentence}", tool.name)


def _supported(
    identity: str, label: str, names: list[str], subject: PortabilityInput
) -> Iterator[Finding]:
    if not names:
        return
    match subject.target.facts.capabilities.tool_calling:
        case True:
            yield ok(identity, f"{label} supported", _named(names))
        case False:
            sentence = f"{label} unavailable; tools will be removed for this conversation"
            yield failure(identity, sentence, _named(names))
        case None:
            sentence = f"{label} unknown at the target; state toolCalling in its Model"
            yield warning(identity, sentence, _named(names))


def _named(names: list[str]) -> str:
    return ", ".join(names)
