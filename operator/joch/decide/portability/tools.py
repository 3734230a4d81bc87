"""Tools: functions, MCP, computer use, and those that a vendor carries out itself."""

from collections.abc import Iterator

from joch.api.statecheckpoint import Finding
from joch.decide.portability.subject import PortabilityInput, failure, ok, warning
from joch.decide.tool_kinds import is_computer_use, is_mcp, is_provider_executed


def tools(subject: PortabilityInput) -> Iterator[Finding]:
    """Functions that the agent carries out."""
    plain = [
        tool.name
        for tool in subject.tools()
        if not (is_mcp(tool) or is_computer_use(tool) or is_provider_executed(tool))
    ]
    yield from _supported("tools", "Tools", plain, subject)


def mcp_tools(subject: PortabilityInput) -> Iterator[Finding]:
    """Tools of MCP servers: to the model they are functions."""
    found = [tool.name for tool in subject.tools() if is_mcp(tool)]
    yield from _supported("mcp-tools", "MCP tools", found, subject)


def computer_use(subject: PortabilityInput) -> Iterator[Finding]:
    """A tool that works a screen needs a model that was made for it."""
    found = [tool.name for tool in subject.tools() if is_computer_use(tool)]
    if not found:
        return
    if subject.target.facts.capabilities.computer_use:
        yield ok("computer-use", "Computer-use tool supported", _named(found))
    else:
        sentence = "Computer-use tool unavailable; tool will be removed for this conversation"
        yield failure("computer-use", sentence, _named(found))


def provider_tools(subject: PortabilityInput) -> Iterator[Finding]:
    """A tool that the vendor carries out does not exist at another one."""
    for tool in subject.tools():
        if is_provider_executed(tool):
            sentence = "unavailable; tool will be removed for this conversation"
            identity = f"provider-tool-{tool.name}"[:64]
            yield warning(identity, f"Provider-executed tool {tool.name} {sentence}", tool.name)


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
