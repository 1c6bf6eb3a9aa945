"""Coming back: restore the snapshot, fold the rest of the log with the same deciding code, arm the timers, reconcile.

While folding nothing is performed: it was performed before, or its timer or the channel's own report will say otherwise.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import structlog
from pydantic import TypeAdapter, ValidationError

from otklik.contact.decisions import Enqueue, SetTimer
from otklik.contact.facts import (
    AgentUnreachable,
    ContactArrived,
    ContactQueued,
    CustomerLeft,
    Fact,
    VerbFinished,
)
from otklik.contact.ids import ContactId, ScenarioId
from otklik.routing.engine import Engine, EngineState
from otklik.scenario import Run
from otklik.storage import codec
from otklik.switchboard.centre import Centre

log = structlog.get_logger()

FACTS_BETWEEN_SNAPSHOTS = 5_000
FACTS_BETWEEN_BREATHS = 2_000
"""While a long log is folded: the accounts are written, the lease is kept, memory is let go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All state of a tenant's centre at one place of the log."""

    engine: EngineState
    timers: list[tuple[float, str, dict[str, object]]] = field(default_factory=list)
    """When, the fact's kind, and its body: a bare union of facts would come back as its first likeness."""
    scenarios: dict[ContactId, ScenarioId] = field(default_factory=dict)
    replies: dict[ContactId, list[VerbFinished]] = field(default_factory=dict)


_CODEC: TypeAdapter[Snapshot] = TypeAdapter(Snapshot)


def take(centre: Centre) -> bytes:
    return _CODEC.dump_json(
        Snapshot(
            engine=centre.engine.snapshot(),
            timers=[(at, codec.KINDS[type(fact)], asdict(fact)) for at, fact in centre.timers.pending()],
            scenarios={contact: run.scenario.id for contact, run in centre.runs.items()},
            replies={contact: list(run.replies) for contact, run in centre.runs.items()},
        )
    )


async def save(centre: Centre) -> None:
    """What the snapshot holds is not folded again, so its accounts are written first."""
    centre.touched()
    seq, body = centre.last_seq, take(centre)
    await centre.projector.flush()
    await centre.event_log.save_snapshot(seq, body)


async def recover(centre: Centre) -> float:
    """Bring the centre to the end of its log; the last instant in it. Call once, before `Centre.run`, with the lease
    held."""
    enqueues: dict[ContactId, Enqueue] = {}
    last = 0.0
    snapshot = await _readable_snapshot(centre)
    if snapshot is not None:
        _restore(centre, snapshot, enqueues)
        last = snapshot.engine.now
    facts = 0
    async for seq, at, fact in centre.event_log.read(centre.last_seq):
        _fold(centre, fact, at, enqueues)
        centre.last_seq, last = seq, max(last, at)
        facts += 1
        if facts % FACTS_BETWEEN_BREATHS == 0:
            centre.projector.add(centre.engine.take_touched().records)
            await centre.projector.flush()
            await centre.event_log.renew()
    centre.projector.add(centre.engine.take_touched().records)
    centre.timers.compact(centre.matters)
    for enqueue in enqueues.values():
        centre.post(ContactQueued(contact=enqueue.contact, queue=enqueue.queue, choices=enqueue.choices))
    for agent in centre.engine.agents():
        if agent.reachable or centre.engine.contacts_of(agent.id):  # what rings there is void
            centre.post(AgentUnreachable(agent=agent.id))
    for contact in centre.engine.contacts():
        centre.cards.load(contact.id, contact.ani)
    log.info("recovered", tenant=centre.tenant, facts=facts, last_seq=centre.last_seq, snapshot=snapshot is not None)
    return last


async def _readable_snapshot(centre: Centre) -> Snapshot | None:
    """A snapshot is only a short cut: one that another version wrote is left aside, and the whole log is folded."""
    found = await centre.event_log.last_snapshot()
    if found is None:
        return None
    try:
        snapshot = _CODEC.validate_json(found[1])
    except ValidationError as error:
        log.warning("snapshot_unreadable", tenant=centre.tenant, seq=found[0], reason=str(error).splitlines()[0])
        return None
    centre.last_seq = found[0]
    return snapshot


def _restore(centre: Centre, snapshot: Snapshot, enqueues: dict[ContactId, Enqueue]) -> None:
    centre.engine = Engine.restore(snapshot.engine)
    centre.timers.restore((at, codec.load(kind, body)) for at, kind, body in snapshot.timers)
    for contact, scenario_id in snapshot.scenarios.items():
        if scenario := centre.engine.scenario(scenario_id):
            run = centre.runs[contact] = Run(contact, scenario)
            decisions = run.start()
            for reply in snapshot.replies.get(contact, []):
                decisions = run.handle(reply)
            enqueues |= {decision.contact: decision for decision in decisions if isinstance(decision, Enqueue)}


def _fold(centre: Centre, fact: Fact, at: float, enqueues: dict[ContactId, Enqueue]) -> None:
    """What raised when it happened raises again, and is left aside again: a start must always be possible."""
    centre.timers.settle(fact)
    if isinstance(fact, ContactQueued | CustomerLeft | ContactArrived):
        enqueues.pop(fact.contact, None)
    try:
        decisions = centre.decide(fact, at)
    except Exception:  # noqa: BLE001  as in `Centre.run`
        log.exception("fold_failed", tenant=centre.tenant, fact=type(fact).__name__)
        return
    for decision in decisions:
        if isinstance(decision, SetTimer):
            centre.timers.set(decision.at, decision.fact)
        elif isinstance(decision, Enqueue):
            enqueues[decision.contact] = decision
