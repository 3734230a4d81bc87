"""What supervisor and worker say to each other: one word a line on a socket pair."""

from enum import StrEnum


class Command(StrEnum):
    """What the supervisor says."""

    ACCEPT = "accept"
    DRAIN = "drain"


class Report(StrEnum):
    """What a worker says.

    READY: the application has started and answers on the private socket. ACCEPTING: it answers on
    the shared socket too.
    """

    READY = "ready"
    ACCEPTING = "accepting"
