"""What can go wrong with the embedded control plane.

LocalError
├── InputError       what was asked for is wrong (a name, a folder): asking again won't help
├── MissingError     a program or its source is not there: the sentence says how to get it
├── BuildError       the Go compiler failed
├── StartError       a server ended, or was not ready in time
└── KubectlError     kubectl exited with an error
"""


class LocalError(Exception):
    """Base of the errors of `joch.local`; its text is a sentence that names the remedy."""

    retryable = False


class InputError(LocalError):
    """A name or a folder that can't be used."""


class MissingError(LocalError):
    """A program is neither found nor can be built."""


class BuildError(LocalError):
    """The Go compiler failed; a failed download is the usual cause, so a retry may help."""

    retryable = True


class StartError(LocalError):
    """A server ended before it was ready, or was not ready in time."""

    retryable = True


class KubectlError(LocalError):
    """kubectl exited with an error; `stderr` is what it said."""

    def __init__(self, sentence: str, stderr: str) -> None:
        """Keep kubectl's own words apart from the sentence around them."""
        super().__init__(sentence)
        self.stderr = stderr
