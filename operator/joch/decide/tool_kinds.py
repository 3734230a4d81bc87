"""What kind of tool a name or a declaration is: plain, MCP, computer use, or the vendor's own."""

from joch.transcript.conversation import ToolDeclaration

_COMPUTER = ("computer", "computer_use", "computer_use_preview")


def is_mcp(tool: ToolDeclaration) -> bool:
    """Whether it comes from an MCP server: by its type, or by a name as MCP clients make them.

    They put the server's name before the tool's: `mcp__server__tool` or `server.tool`.
    """
    return tool.type == "mcp" or tool.name.startswith("mcp__") or "." in tool.name


def is_computer_use(tool: ToolDeclaration) -> bool:
    """Whether it works a screen: OpenAI's `computer_use_preview`, Anthropic's `computer_<date>`."""
    return tool.type in _COMPUTER or tool.type.startswith("computer_") or tool.name in _COMPUTER


def is_provider_executed(tool: ToolDeclaration) -> bool:
    """Whether the vendor itself carries it out, so that it does not exist at another one."""
    ours = tool.type in {"function", "custom", "mcp"}
    return not ours and not is_computer_use(tool)
