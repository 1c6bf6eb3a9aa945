"""Coming back: restore the snapshot, fold the rest of the log with the same deciding code, arm the timers, reconcile.

While folding nothing is performed: it was performed before, or its timer or the channel's own report will say otherwise.
"""

from __future__ import annotations

import msgspec
import structlog

from otklik.contact.decisions import Enqueue, Finish, LeaveVoicemail, SetTimer
from otklik.contact.facts import (
    AgentUnreachable,
    Answered,
    ContactArrived,
    ContactQueued,
    CustomerLeft,
    Fact,
    ScenarioFinished,
    VerbFinished,
)
from otklik.contact.handler import HandlerFact, HandlerFailed, HandlerStepped
from otklik.contact.ids import ContactId
from otklik.contact.voicemail import message_of
from otklik.errors import AppError
from otklik.routing.engine import Engine
from otklik.scenario import Known
from otklik.scenario.lock_out import LockOuts
from otklik.scenario.verbs import Answer
from otklik.storage import codec
from otklik.switchboard import snapshot as snapshots
from otklik.switchboard.centre import Centre
from otklik.switchboard.deciding import Deciding, followed_by
from otklik.switchboard.snapshot import Snapshot

log = structlog.get_logger()

FACTS_BETWEEN_SNAPSHOTS = 5_000
FACTS_BETWEEN_BREATHS = 2_000
"""While a long log is folded: the lease is kept, accounts are taken from the engine, which then forgets old contacts."""
Ends = dict[ContactId, Enqueue | Finish | LeaveVoicemail]
"""Of scenarios that are over, without the fact that tells so; and messages left, by their own contacts."""
ACCOUNTS_IN_MEMORY = 20_000
"""So many may wait until the centre runs; more are written before the fold goes on."""


async def recover(centre: Centre) -> float:
    """Bring the centre to the end of its log; the last instant in it. Call once, before `Centre.run`, with the lease
    held."""
    ends: Ends = {}
    last = 0.0
    snapshot = await _readable_snapshot(centre)
    if snapshot is not None:
        _restore(centre, snapshot, ends)
        last = snapshot.engine.now
    facts = 0
    async for seq, at, fact in centre.event_log.read(centre.last_seq):
        _fold(centre, fact, at, ends)
        centre.last_seq, last = seq, max(last, at)
        facts += 1
        if facts % FACTS_BETWEEN_BREATHS == 0:
            centre.projector.add(centre.engine.take_touched())
            if centre.projector.behind > ACCOUNTS_IN_MEMORY:
                await centre.projector.flush()
            await centre.event_log.renew()
    centre.projector.add(centre.engine.take_touched())
    centre.timers.compact(centre.matters)
    for end in ends.values():
        if isinstance(end, LeaveVoicemail):
            centre.leave_voicemail(end)
        else:
            centre.post(followed_by(end))
    for agent in centre.engine.agents():
        if agent.reachable or centre.engine.contacts_of(agent.id):  # what rings there is void
            for phone in dict.fromkeys((agent.phone, *agent.registered)):
                centre.post(AgentUnreachable(agent=agent.id, phone=phone))
    customers = [contact for contact in centre.engine.contacts() if contact.consults is None]
    in_hand = [contact for contact in customers if contact.agent is not None]
    waiting = [contact for contact in customers if contact.agent is None]
    centre.cards.load_later((contact.id, contact.ani) for contact in in_hand + waiting)
    centre.letters.stand(customers)
    log.info("recovered", tenant=centre.tenant, facts=facts, last_seq=centre.last_seq, snapshot=snapshot is not None)
    return last


async def _readable_snapshot(centre: Centre) -> Snapshot | None:
    """The newest that this version can read. None: the whole log is folded. Raises `AppError("log_cut")` if neither
    knows all that happened: a centre that forgot who waits must not run."""
    before: int | None = None
    loaded: Snapshot | None = None
    while (found := await centre.event_log.last_snapshot(before)) is not None:
        loaded = snapshots.load(*found, centre.tenant)
        if loaded is not None:
            centre.last_seq = found[0]
            loaded = await snapshots.worded(centre.event_log, loaded)
            break
        before = found[0]
    if (first := await centre.event_log.begins()) > centre.last_seq + 1:
        raise AppError("log_cut", 503, tenant=centre.tenant, first=first, known=centre.last_seq)
    return loaded


def _restore(centre: Centre, snapshot: Snapshot, ends: Ends) -> None:
    in_order = sorted(snapshot.timers, key=lambda timer: timer[:2])
    centre.timers.restore((at, codec.load(kind, body)) for at, _, kind, body in in_order)
    ends |= restore(centre, snapshot)


def restore(deciding: Deciding, snapshot: Snapshot) -> Ends:
    """Those who had just left their scenario, and were not yet in a queue or hung up, with what it ended in."""
    deciding.engine = Engine.restore(snapshot.engine)
    deciding.lock_outs, deciding.now = LockOuts(snapshot.wrong_entries), snapshot.engine.now
    ends: Ends = {message_of(left.contact, left.voicemail.step): left for left in snapshot.owed}
    for contact, scenario_id in snapshot.scenarios.items():
        scenario = (
            snapshot.drawn.get(contact) or snapshot.handlers.get(contact) or deciding.engine.scenario(scenario_id)
        )
        if scenario is not None:
            recorded: list[Answer] = [
                *(msgspec.convert(each, VerbFinished) for each in snapshot.replies.get(contact, ())),
                *(msgspec.convert(each, Answered) for each in snapshot.answers.get(contact, ())),
                *(msgspec.convert(each, Known) for each in snapshot.known.get(contact, ())),
                *map(_stepped, snapshot.stepped.get(contact, ())),
            ]
            decisions = deciding.resume_run(contact, scenario, recorded, snapshot.code.get(contact, ()))
            ends |= {decision.contact: decision for decision in decisions if isinstance(decision, Enqueue | Finish)}
    return ends


def _stepped(body: dict[str, object]) -> HandlerFact:
    if "cause" in body:
        return msgspec.convert(body, HandlerFailed)
    return msgspec.convert(body, HandlerStepped)


def _fold(centre: Centre, fact: Fact, at: float, ends: Ends) -> None:
    """What raised when it happened raises again, and is left aside again: a start must always be possible."""
    centre.timers.settle(fact, at)
    if isinstance(fact, ContactQueued | ScenarioFinished | CustomerLeft | ContactArrived):
        ends.pop(fact.contact, None)
    try:
        decisions = centre.decide(fact, at)
    except Exception:  # noqa: BLE001  the running centre went on after it, and so must the fold
        log.exception("fold_failed", tenant=centre.tenant, fact=type(fact).__name__)
        return
    for decision in decisions:
        if isinstance(decision, SetTimer):
            centre.timers.set(decision.at, decision.fact)
        elif isinstance(decision, Enqueue | Finish):
            ends[decision.contact] = decision
        elif isinstance(decision, LeaveVoicemail):
            ends[message_of(decision.contact, decision.voicemail.step)] = decision
