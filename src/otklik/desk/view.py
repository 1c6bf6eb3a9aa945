"""The live state as a page shows it, composed from the engine, the cards and the drafts. Pure; instants become ISO-8601.

`own_state` is one person's, `centre_state` the same for everybody; the floor is in `supervision`. `stale +
changes(stale, fresh) == fresh` holds for every two states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from otklik.contact.configuration import LIVE, Configuration, Disposition, Reason, Status
from otklik.contact.forwarding import NOWHERE
from otklik.contact.hearing import put_all
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.correspondence.letter import Letter
from otklik.desk import calling, conference, supervision
from otklik.desk.card import Card, Draft, EarlierContact
from otklik.desk.found import found
from otklik.routing import ContactState, Engine, HandState, LiveAgent, LiveContact, QueueView, TapeState
from otklik.routing.conferring import asks_outside
from otklik.routing.notice import Notice

PICKABLE = 10
"""So many of those who wait are shown to an agent who has nothing in hand."""
Json = dict[str, object]


def own_state(
    engine: Engine,
    agent: AgentId | None,
    *,
    cards: Mapping[ContactId, Card],
    drafts: Mapping[ContactId, Mapping[AgentId, Draft]],
    letters: Mapping[ContactId, Sequence[Letter]],
) -> Json:
    """What one desk alone shows; `agent` is None for people who have no telephone here."""
    shown = engine.agent(agent) if agent is not None else None
    in_hand = [engine.contact(contact) for contact in engine.contacts_of(agent)] if agent is not None else []
    return {
        "agent": _agent(engine, shown) if shown else None,
        "contacts": [
            _contact(engine, contact, shown, _card(cards, contact), _draft(drafts, contact, shown))
            | {"letters": [_letter(each) for each in letters.get(contact.consults or contact.id, ())]}
            for contact in in_hand
            if contact is not None and shown is not None
        ],
        "parked": [_parked(engine, contact, cards) for contact in engine.parked_by(agent)] if agent else [],
        "waiting": [_waiting(engine, contact, cards) for contact in engine.pickable(agent, PICKABLE)] if agent else [],
        "supervision": supervision.joined(engine, agent) if agent is not None else None,
        "calling": calling.may_call(engine, agent) if agent is not None else None,
        "notices": [_notice(each) for each in engine.notices_for(shown)] if shown else [],
        "unreached": calling.unreached(engine, agent) if agent is not None else None,
        "callbacks": [calling.planned(engine, each) for each in engine.callbacks_of(agent)] if agent else [],
    }


def centre_state(
    engine: Engine,
    *,
    telephony: Mapping[str, object],
    switchboard: Mapping[str, object],
    demo: Mapping[str, object] | None,
) -> Json:
    """What every page of the centre shows alike."""
    return {
        "queues": [queue(view) for view in engine.queues()],
        "telephony": dict(telephony),
        "switchboard": dict(switchboard),
        "demo": dict(demo) if demo is not None else None,
        "reasons": [_reason(reason) for reason in engine.configuration.reasons],
        "statuses": [_reason(status) for status in engine.configuration.statuses],
        "dispositions": [_disposition(each, engine.configuration) for each in engine.configuration.dispositions],
        "mail": engine.configuration.mail is not None,
        "park_reasons": [_reason(reason) for reason in engine.configuration.parking.reasons],
        "agents_changed_at": iso_or_none(max((agent.since for agent in engine.agents()), default=None)),
    }


def colleagues(engine: Engine, agent: AgentId) -> list[Json]:
    """Whom this agent may pass a contact to: all others in shift, those who would get it at once first, and those off shift whose calls
    go on from them."""
    others = [
        one
        for one in engine.agents()
        if one.id != agent
        and (one.state != "offline" or (one.forwards != NOWHERE and not one.removed))
        and not engine.agents_apart(agent, one.id)
    ]
    others.sort(key=lambda one: (one.state != "ready" or not one.reachable, one.name))
    return [
        {
            "id": one.id,
            "name": one.name,
            "state": one.state.value,
            "reason": one.shown_reason,
            "since": iso(one.since),
            "forward": calling.forward_of(engine, one),
        }
        for one in others
    ]


def changes(old: Mapping[str, object], new: Mapping[str, object]) -> Json:
    """The top-level keys, whole, whose values differ."""
    missing = object()
    return {key: value for key, value in new.items() if old.get(key, missing) != value}


def iso(at: float) -> str:
    """UTC with milliseconds, as `Date.parse` reads it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(at: float | None) -> str | None:
    return None if at is None else iso(at)


def _notice(notice: Notice) -> Json:
    """Of a message to agents all but its text, which the page asks for."""
    return {"id": notice.id, "urgent": notice.urgent, "at": iso(notice.at), "expires_at": iso(notice.expires_at)}


def _agent(engine: Engine, agent: LiveAgent) -> Json:
    return {
        "id": agent.id,
        "name": agent.name,
        "state": agent.state.value,
        "reason": agent.shown_reason,
        "since": iso(agent.since),
        "reachable": agent.reachable,
        "phone": agent.phone,
        "phones": [
            {"phone": each, "there": each == "outside" or each in agent.registered} for each in engine.phones(agent.id)
        ],
        "outside_number": engine.outside_number(agent.id),
        "forward": calling.forward_of(engine, agent, own=True),
        "next": {"status": agent.next.status, "reason": agent.next.reason} if agent.next else None,
    }


def _card(cards: Mapping[ContactId, Card], contact: LiveContact) -> Card:
    """Of a consultation: the customer's whom it is about."""
    return cards.get(contact.consults or contact.id, Card())


def _waiting(engine: Engine, contact: LiveContact, cards: Mapping[ContactId, Card]) -> Json:
    """What an agent sees of a contact that may be picked from the queue."""
    customer = _card(cards, contact).customer
    return {
        "id": contact.id,
        "channel": contact.channel,
        "ani": contact.ani,
        "name": customer.name if customer else None,
        "vip": contact.vip,
        "queue": queue_of(engine, contact.queue),
        "since": iso(contact.arrived_at if contact.queued_at is None else contact.queued_at),
    }


def _parked(engine: Engine, contact: LiveContact, cards: Mapping[ContactId, Card]) -> Json:
    """What an agent has put aside."""
    return _waiting(engine, contact, cards) | {"parked": parked(engine, contact)}


def parked(engine: Engine, contact: LiveContact) -> Json | None:
    """By whom, why, and until when; `until_written` where the agent chose no time."""
    parking = contact.parking
    if parking is None:
        return None
    return {
        "agent": named(engine, parking.agent),
        "at": iso(parking.at),
        "reason": parking.reason,
        "returns_at": iso(parking.returns_at),
        "until_written": not parking.set,
    }


def _letter(letter: Letter) -> Json:
    return {
        "at": iso(letter.at.timestamp()),
        "text": letter.text,
        "sender": dict(letter.sender),
        "fields": dict(letter.fields),
        "number": letter.number,
        "by": letter.by,
        "delivery": letter.delivery,
        "failure": letter.failure,
    }


def _asking(engine: Engine, contact: LiveContact) -> Json | None:
    """What this agent asks a colleague about the contact."""
    if (outside := contact.outside) is not None and outside.beside is not None and asks_outside(contact):
        return {
            "talks_to": contact.talks_to,
            "answered": outside.answered_at is not None,
            "coming_back": False,
            "since": iso(contact.since if outside.answered_at is None else outside.answered_at),
            "queue": None,
            "agent": None,
            "number": outside.number,
        }
    asked = engine.contact(contact.consultation) if contact.consultation is not None else None
    if asked is None or contact.colleague is not None:
        return None
    to_queue, to_agent, _ = asked.sought
    return {
        "talks_to": contact.talks_to,
        "answered": asked.state is ContactState.TALKING,
        "coming_back": asked.state is ContactState.REJOINING,
        "since": iso(asked.since),
        "queue": queue_of(engine, to_queue),
        "agent": named(engine, asked.agent or to_agent),
        "number": None,
    }


def _asked(engine: Engine, contact: LiveContact) -> Json | None:
    """Set for a consultation: who asks, and whether one is heard or hears music."""
    about = engine.contact(contact.consults) if contact.consults is not None else None
    if about is None or about.colleague is not None:
        return None
    return {
        "contact": about.id,
        "by": named(engine, contact.asker),
        "talks_to": conference.talks_to(contact, about),
        "others": conference.company(engine, contact, about),
    }


def _meant_for(engine: Engine, contact: LiveContact, agent: LiveAgent) -> Json | None:
    """Whose call it is, led on to this agent."""
    call = _call(engine, contact)
    meant_for = (call or contact).meant_for
    return named(engine, meant_for) if call is None or call.agent != agent.id else None


def named(engine: Engine, agent: AgentId | None) -> Json | None:
    found = engine.agent(agent) if agent is not None else None
    return {"id": found.id, "name": found.name} if found is not None else None


def _found(engine: Engine, contact: LiveContact) -> list[Json]:
    """Of a consultation: about the customer whom it is about."""
    about = engine.contact(contact.consults) if contact.consults is not None else None
    shown = engine.configuration.attributes
    known = about or contact
    return [dict(each) for each in found(put_all(known.attributes, known.words), shown)]


def other_of(engine: Engine, contact: LiveContact) -> Json | None:
    """With whom, of an internal call."""
    return named(engine, _other(engine, contact))


def _draft(drafts: Mapping[ContactId, Mapping[AgentId, Draft]], contact: LiveContact, agent: LiveAgent) -> Draft:
    return drafts.get(contact.id, {}).get(agent.id, Draft())


def _contact(engine: Engine, contact: LiveContact, agent: LiveAgent, card: Card, draft: Draft) -> Json:
    """As it stands in this agent's hands: whoever passed it on is in wrap-up while it goes on with others."""
    state = agent.hands[contact.id].state
    wrap_up = contact.wrap_ups.get(agent.id)
    return {
        "id": contact.id,
        "state": state.value,
        "offer": contact.number_for(agent.id),
        "channel": contact.channel,
        "direction": direction(engine, contact),
        "colleague": other_of(engine, contact),
        "placed": contact.placed_by == agent.id and state in (HandState.OFFERED, HandState.DIALLING),
        "ani": contact.ani,
        "dnis": contact.dnis,
        "queue": queue_of(engine, wrap_up.queue if wrap_up else contact.queue),
        "choices": list(contact.choices),
        "found": _found(engine, contact),
        "customer": asdict(card.customer) if card.customer else None,
        "arrived_at": iso(contact.arrived_at),
        "queued_at": iso_or_none(contact.queued_at),
        "offered_at": iso_or_none(contact.offered_at),
        "offer_expires_at": iso_or_none(contact.offer_expires_at),
        "answered_at": iso_or_none(contact.answered_at),
        "wrap_up_ends_at": iso_or_none(wrap_up.ends_at if wrap_up else None),
        "wrap_up_extends": engine.wrap_up_extends(contact, agent.id),
        "muted": contact.muted,
        "recording": _recorded(engine, contact) if wrap_up is None else None,
        "customer_line": _customer_line(contact) if wrap_up is None else None,
        "callback": callback(contact),
        "message": _message(contact),
        "consultation": _asking(engine, contact) if wrap_up is None else None,
        "participants": conference.participants(engine, contact) if wrap_up is None else [],
        "consulted": contact.consulted if wrap_up is None else None,
        "outside_end": contact.outside_end if wrap_up is None else None,
        "asked": _asked(engine, contact),
        "meant_for": _meant_for(engine, contact, agent) if wrap_up is None else None,
        "supervisors": supervision.seen_by_agent(engine, contact) if wrap_up is None else [],
        "taken_by": (wrap_up.taken_by or None) if wrap_up else None,
        "dispositions": engine.outcomes.offered(wrap_up.queue if wrap_up else contact.queue),
        "disposition_required": engine.outcomes.required(wrap_up.queue if wrap_up else contact.queue),
        "talk_script": engine.talk_script(wrap_up.queue if wrap_up else contact.queue),
        "draft": asdict(draft),
        "earlier": [_earlier(earlier) for earlier in card.earlier],
    }


def _earlier(earlier: EarlierContact) -> Json:
    # By hand: `asdict` copies deeply, and this runs for every page several times a second.
    return {
        "id": earlier.id,
        "at": iso(earlier.at),
        "queue": earlier.queue,
        "agent": earlier.agent,
        "outcome": earlier.outcome,
        "disposition": earlier.disposition,
        "note": earlier.note,
        "talk_seconds": earlier.talk_seconds,
    }


def queue(view: QueueView) -> Json:
    return {
        "id": view.id,
        "name": view.name,
        "waiting": view.waiting,
        "longest_since": iso_or_none(view.longest_since),
        "agents_ready": view.agents_ready,
        "expected_wait_seconds": view.expected_wait_seconds,
    }


def queue_of(engine: Engine, queue: QueueId | None) -> Json | None:
    return {"id": queue, "name": engine.queue_name(queue)} if queue is not None else None


def _recorded(engine: Engine, contact: LiveContact) -> Json | None:
    """None where there is no line to record."""
    there = contact.open and contact.state not in ("placed", "dialling") and not contact.away
    if not (there and contact.consults is None and contact.channel in LIVE):
        return None
    tape = contact.tape
    return {
        "state": tape.state.value,
        "may_start": tape.state is TapeState.OFF and engine.records(contact.queue) == "on_demand",
        "pause_ends_at": iso_or_none(tape.ends_at),
        "pause_expired": tape.expired,
    }


def _customer_line(contact: LiveContact) -> str | None:
    """How the customer's line is heard now; None: it was not measured yet."""
    return next((line.now for line in contact.lines if line.agent is None), None)


def _message(contact: LiveContact) -> Json | None:
    """What a caller has said into the machine."""
    if contact.channel != "voicemail":
        return None
    return {"seconds": contact.recording_seconds or 0.0, "stored": contact.recording_key is not None}


def direction(engine: Engine, contact: LiveContact) -> str:
    return contact.direction if _call(engine, contact) is None else "internal"


def _call(engine: Engine, contact: LiveContact) -> LiveContact | None:
    """The internal call that this is, or is the colleague's side of."""
    call = engine.contact(contact.consults) if contact.consults is not None else contact
    return call if call is not None and call.colleague is not None else None


def _other(engine: Engine, contact: LiveContact) -> AgentId | None:
    """With whom an agent talks who has called a colleague, or was called."""
    call = _call(engine, contact)
    return None if call is None else call.colleague if call is contact else call.placed_by


def callback(contact: LiveContact) -> Json | None:
    """Of a customer who is, or was, to be called back."""
    callback = contact.callback
    if callback is None or contact.placed_by is not None:
        return None
    return {
        "asked_at": iso(callback.asked_at),
        "attempts": callback.attempts,
        "due_at": iso_or_none(callback.due_at) if contact.state == "postponed" else None,
        "chosen_at": iso_or_none(callback.chosen_at),
        "personal": callback.agent is not None,
        "failure": callback.failure,
    }


def _reason(reason: Reason | Status | Disposition) -> Json:
    return {"id": reason.id, "ru": reason.ru, "en": reason.en}


def _disposition(each: Disposition, configuration: Configuration) -> Json:
    """What stands beside `task`, `call` and `mail`: what holds where the agent says nothing else."""
    asked: Json = {"task": each.task, "task_queue": each.task_queue, "task_seconds": each.task_seconds}
    asked |= {"call": each.call, "call_seconds": each.call_seconds, "call_own": each.call_own}
    subject = each.mail_subject or ({"": configuration.mail.subject} if configuration.mail is not None else {})
    mail = "never" if configuration.mail is None else each.mail
    asked |= {"mail": mail, "mail_reply": each.mail_reply, "mail_subject": subject}
    return _reason(each) | {"under": each.under} | asked
