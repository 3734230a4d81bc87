"""kubectl, as a function."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from joch.local.errors import KubectlError


@dataclass(frozen=True)
class Kubectl:
    """Runs kubectl against one cluster as one user.

    Attributes:
        program: kubectl's path.
        kubeconfig: whose cluster, and who asks.
        cache: where it keeps what it discovered; never the user's ~/.kube.
    """

    program: Path
    kubeconfig: Path
    cache: Path

    def __call__(self, *arguments: str, stdin: str | None = None) -> str:
        """Run `kubectl ARGUMENTS...` and return its stdout; `stdin` is for `-f -`.

        Raises:
            KubectlError: it exited with an error; `.stderr` has its words.
        """
        done = subprocess.run(
            [str(self.program), *arguments],
            input=stdin or "",
            capture_output=True,
            text=True,
            env=self.environment(os.environ),
            check=False,
        )
        if done.returncode != 0:
            said = done.stderr.strip()
            raise KubectlError(f"kubectl {' '.join(arguments)}: {said}", said)
        return done.stdout

    def with_kubeconfig(self, kubeconfig: Path) -> "Kubectl":
        """The same cluster, asked by the user of another kubeconfig."""
        return replace(self, kubeconfig=kubeconfig)

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """What kubectl has to have in its environment, on top of `environ`."""
        return {**environ, "KUBECONFIG": str(self.kubeconfig), "KUBECACHEDIR": str(self.cache)}
