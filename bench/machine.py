"""What the figures were measured on."""

import importlib.metadata
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from joch.local.control_plane import Access

PACKAGES = ("kopf", "kubernetes", "aiohttp", "pydantic")


def describe(access: Access) -> dict[str, str]:
    """Versions and size of what takes part."""
    versions = json.loads(access.kubectl("version", "-o", "json"))
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "load": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "kube-apiserver": versions["serverVersion"]["gitVersion"],
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }


def _commit() -> str:
    found = subprocess.run(
        ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "unknown"
