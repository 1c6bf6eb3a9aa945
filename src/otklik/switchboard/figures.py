"""What `/metrics` tells about the switchboard."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram


class ByKind:
    """A counter whose label is looked up once: asking the library each time was a tenth of an assignment's cost."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._children: dict[str, Counter] = {}

    def labels(self, kind: str) -> Counter:
        child = self._children.get(kind)
        if child is None:
            child = self._children[kind] = self._counter.labels(kind)
        return child


FACTS = ByKind(Counter("otklik_facts", "Facts committed and handled", ["kind"]))
DECISIONS = ByKind(Counter("otklik_decisions", "Decisions given out to be performed", ["kind"]))
BATCH = Histogram("otklik_fact_batch_size", "Facts committed together", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500))
WAITING_FACTS = Gauge("otklik_facts_waiting", "Facts not yet committed")
LEASE_EPOCH = Gauge("otklik_lease_epoch", "Epoch of the tenant's lease held here", ["tenant"])
SHADOW_BEHIND = Gauge("otklik_shadow_behind_facts", "Facts of the log that the pages do not know yet", ["tenant"])
REQUESTS = Counter("otklik_requests", "What one process asked of another", ["what", "outcome"])
REQUEST_SECONDS = Histogram(
    "otklik_request_seconds",
    "From asking another process to having the answer, and its effect on our pages",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10),
)
LEADING = Gauge("otklik_tenants_led", "Tenants whose centre this process leads")
