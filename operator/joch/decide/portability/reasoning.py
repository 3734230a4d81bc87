"""What the model thought."""

from collections.abc import Iterator

from joch.api.statecheckpoint import Finding
from joch.decide.portability.subject import PortabilityInput, warning
from joch.transcript.parts import Reasoning


def reasoning(subject: PortabilityInput) -> Iterator[Finding]:
    """Vendors bind thoughts to model and prefix by signature: they are never replayed."""
    found = [i for i, part in subject.transcript.parts() if isinstance(part, Reasoning)]
    if found:
        where = f"messages[{found[0]}] to messages[{found[-1]}]"
        yield warning("reasoning", "Provider reasoning not portable", where)
