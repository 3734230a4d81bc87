"""Vendors that die and come back: servers of tests/vendors on ports that stay theirs."""

from dataclasses import dataclass, field

from tests.cluster.background import Background, Opened
from tests.vendors.server import Server, Vendor, serving


@dataclass
class LocalVendor:
    """One vendor's server: killed, nobody listens on its port; revived, it answers there again."""

    background: Background
    vendor: Vendor
    opened: Opened[Server]

    @property
    def url(self) -> str:
        return self.opened.value.url

    def kill(self) -> None:
        self.opened.close()

    def revive(self) -> None:
        port = self.opened.value.port
        self.opened = self.background.open(serving(self.vendor, port))


@dataclass
class Vendors:
    """The vendors of one test."""

    background: Background
    started: list[LocalVendor] = field(default_factory=list)

    def start(self, vendor: Vendor) -> LocalVendor:
        local = LocalVendor(self.background, vendor, self.background.open(serving(vendor)))
        self.started.append(local)
        return local

    def stop(self) -> None:
        for local in self.started:
            local.kill()
