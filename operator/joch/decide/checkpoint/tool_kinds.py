"""What kind of tool a name or a declaration is: plain, MCP, computer use, or the vendor's own."""

from joch.transcript.conversation import ToolDeclaration

_COMPUTER = ("computer", "computer_use", "computer_use_preview")


def is_function(tool: ToolDeclaration) -> bool:
    """Whether it is a plain function, which the agent carries out and every vendor knows."""
    return tool.type == "function" and not (is_mcp(tool) or is_computer_use(tool))


def is_mcp(tool: ToolDeclaration) -> bool:
    """Whether it is a function of an MCP server: by a name as MCP clients make them.

    They put the server's name before the tool's: `mcp__server__tool` or `server.tool`.
    """
    return tool.type == "function" and (tool.name.startswith("mcp__") or "." in tool.name)


def is_computer_use(tool: ToolDeclaration) -> bool:
    """Whether it works a screen: OpenAI's `computer_use_preview`, Anthropic's `computer_<date>`."""
    return tool.type in _COMPUTER or tool.type.startswith("computer_") or tool.name in _COMPUTER


def is_vendors_own(tool: ToolDeclaration, wire_format: str) -> bool:
    """Whether it does not exist at a target of this format: carried out or shaped by one vendor."""
    if tool.type == "function" or is_computer_use(tool):
        return False
    return tool.type != "custom" or wire_format != "openai_chat"
