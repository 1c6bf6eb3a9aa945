"""What `/metrics` tells about the switchboard."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

FACTS = Counter("otklik_facts", "Facts committed and handled", ["kind"])
DECISIONS = Counter("otklik_decisions", "Decisions given out to be performed", ["kind"])
BATCH = Histogram("otklik_fact_batch_size", "Facts committed together", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500))
WAITING_FACTS = Gauge("otklik_facts_waiting", "Facts not yet committed")
LEASE_EPOCH = Gauge("otklik_lease_epoch", "Epoch of the tenant's lease held here", ["tenant"])
