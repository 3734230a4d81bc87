"""Whether a provider is reachable, over many probes: a state machine with two thresholds.

Health is about the server alone. An answer that refuses the credential, the account or the rate is
an answer: the server is reachable. What such an answer says of the credential is the condition
CredentialsValid (`decide.provider.status`), and a provider is eligible only while both hold.
"""

from dataclasses import dataclass, replace

from joch.api.llmprovider import HealthState, HealthStatus, ProviderReason
from joch.decide.conditions import cut
from joch.providers.base import Fault, Judgement

UNREACHABLE_REASONS = {
    Fault.UNREACHABLE: ProviderReason.UNREACHABLE,
    Fault.TIMEOUT: ProviderReason.TIMEOUT,
    Fault.SERVER_ERROR: ProviderReason.SERVER_ERROR,
    Fault.UNEXPECTED_ANSWER: ProviderReason.UNEXPECTED_ANSWER,
}
"""The faults that count as failures of the server, with their reasons."""

REFUSALS = frozenset({Fault.REJECTED, Fault.FORBIDDEN, Fault.QUOTA_EXHAUSTED})
"""The faults by which a vendor refuses a credential or its account."""


NO_OTHER = ("", 0)


@dataclass(frozen=True, slots=True)
class Health:
    """The state, and the probes in a row that may change it. `since` is RFC 3339 text.

    `failures`, `successes` and `refusals` stop counting at their thresholds, so that equal probes
    end in equal values. `other` is a reason that failures of an unhealthy provider had in a row,
    and how many: at the threshold it becomes the reason, so that a server which fails now so and
    now otherwise is not news at every probe.
    """

    state: HealthState = HealthState.UNKNOWN
    failures: int = 0
    successes: int = 0
    reason: str = ProviderReason.NOT_PROBED.value
    message: str = ""
    since: str | None = None
    refusals: int = 0
    other: tuple[str, int] = NO_OTHER

    @classmethod
    def seeded(cls, status: HealthStatus) -> "Health":
        """The health that an earlier operator wrote: a restart changes nothing by itself."""
        return cls(
            state=status.state, reason=status.reason, message=status.message, since=status.since
        )

    @property
    def status(self) -> HealthStatus:
        """What `LLMProvider.status.health` shows."""
        return HealthStatus(
            state=self.state, reason=self.reason, message=self.message, since=self.since
        )

    def after(
        self, judgement: Judgement, failure_threshold: int, success_threshold: int, now: str
    ) -> "Health":
        """The health after one more probe.

        From Unknown the first success is enough and failures need their threshold, so that a
        provider serves soon after a start and is not given up for one lost packet. A credential
        that was not sent tells nothing.
        """
        if judgement.fault is Fault.MALFORMED_CREDENTIAL:
            return self
        refusals = min(self.refusals + 1, failure_threshold) if _refused(judgement) else 0
        counted = replace(self, refusals=refusals)
        reason = UNREACHABLE_REASONS.get(judgement.fault) if judgement.fault else None
        if reason is None:
            return counted._succeeded(success_threshold, now)
        return counted._failed(reason, judgement.message, failure_threshold, now)

    def _succeeded(self, threshold: int, now: str) -> "Health":
        successes = min(self.successes + 1, threshold)
        counted = replace(self, failures=0, successes=successes, other=NO_OTHER)
        if self.state == HealthState.HEALTHY:
            return counted
        if self.state == HealthState.UNHEALTHY and successes < threshold:
            return counted
        return replace(
            counted,
            state=HealthState.HEALTHY,
            reason=ProviderReason.HEALTHY.value,
            message="",
            since=now,
        )

    def _failed(self, reason: ProviderReason, message: str, threshold: int, now: str) -> "Health":
        """A failure. Its words are kept while its reason stays: vendors put ids into theirs."""
        failures = min(self.failures + 1, threshold)
        counted = replace(self, failures=failures, successes=0)
        named = replace(counted, reason=reason.value, message=cut(message), other=NO_OTHER)
        if self.state == HealthState.UNHEALTHY:
            other = self._other(reason.value)
            return named if other[1] >= threshold else replace(counted, other=other)
        if failures >= threshold:
            return replace(named, state=HealthState.UNHEALTHY, since=now)
        if self.state == HealthState.HEALTHY or self.reason == reason.value:
            return counted
        return named

    def _other(self, reason: str) -> tuple[str, int]:
        if reason == self.reason:
            return NO_OTHER
        known, count = self.other
        return reason, count + 1 if known == reason else 1


def _refused(judgement: Judgement) -> bool:
    return judgement.fault in REFUSALS
