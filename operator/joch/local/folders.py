"""Where things are kept: the user's cache and state folders, by the XDG rules."""

from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_CACHE_HOME/joch`, else `~/.cache/joch`: what can be made again."""
    return _xdg(environ, "XDG_CACHE_HOME", ".cache") / "joch"


def state_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_STATE_HOME/joch/local`, else `~/.local/state/joch/local`: what runs, and its data."""
    return _xdg(environ, "XDG_STATE_HOME", ".local/state") / "joch" / "local"


def _xdg(environ: Mapping[str, str], variable: str, below_home: str) -> Path:
    """The XDG specification says that a relative path is to be ignored."""
    folder = Path(environ.get(variable, ""))
    if folder.is_absolute():
        return folder
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    return home / below_home


def source_tools() -> Path:
    """`tools/` of the source checkout this module is in; it may not exist (an installed wheel)."""
    return Path(__file__).resolve().parents[3] / "tools"
