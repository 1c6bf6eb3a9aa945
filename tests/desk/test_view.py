"""What the desk and the floor show of the engine's state."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert, structs
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, LUNCH, SOLD, Office

from otklik.contact.facts import (
    AgentLegEnded,
    ContactFinished,
    ContactHeld,
    CustomerLeft,
    Fact,
    OfferAnswered,
    StatusChosen,
)
from otklik.contact.ids import AgentId, ContactId, CustomerId
from otklik.desk.card import Card, CardCustomer, Draft, EarlierContact
from otklik.desk.view import Json, centre_state, changes, own_state

C1 = ContactId("c1")
UP: Json = {"up": True, "advice": None}
SHOWN_SOLD: Json = {
    "id": "sold",
    "ru": "Продано",
    "en": "Sold",
    "under": None,
    "task": "never",
    "task_queue": None,
    "task_seconds": 86_400.0,
    "call": "never",
    "call_seconds": 86_400.0,
    "call_own": True,
    "mail": "never",
    "mail_reply": None,
    "mail_subject": {},
}
IVAN = CardCustomer(id=CustomerId("ivan"), name="Иван Петров", vip=True, language="ru", about="Любит чай")
CARD = Card(
    customer=IVAN,
    earlier=(
        EarlierContact(
            id=ContactId("c0"), at=500.25, queue="Продажи", agent="Борис", outcome="answered", disposition=SOLD
        ),
    ),
)


def desk(office: Office, agent: AgentId | None = ANNA) -> Json:
    own = own_state(
        office.engine,
        agent,
        cards={C1: CARD},
        drafts={C1: {ANNA: Draft(disposition=None, note="Перезвонить")}},
        letters={},
    )
    switchboard: Json = {"up": True, "reason": None}
    return own | centre_state(office.engine, telephony=UP, switchboard=switchboard, demo={"calls_per_minute": 6})


def test_idle_desk_shows_the_agent_the_queues_and_the_lists() -> None:
    office = Office(CONFIGURATION, ANNA)
    assert desk(office) == {
        "agent": {
            "id": "anna",
            "name": "Анна",
            "state": "ready",
            "reason": None,
            "since": "1970-01-01T00:16:40.000Z",
            "reachable": True,
            "phone": "page",
            "phones": [{"phone": "page", "there": True}],
            "outside_number": "",
            "forward": {"to": "nowhere", "agent": None, "queue": None, "number": None, "chosen": False},
            "next": None,
        },
        "contacts": [],
        "waiting": [],
        "parked": [],
        "supervision": None,
        "calling": {
            "trunk": True,
            "queues": [
                {"id": "sales", "name": "Продажи", "callers": [{"id": "1000", "number": "1000", "name": "1000"}]}
            ],
        },
        "notices": [],
        "unreached": None,
        "callbacks": [],
        "queues": [
            {
                "id": "sales",
                "name": "Продажи",
                "waiting": 0,
                "longest_since": None,
                "agents_ready": 1,
                "expected_wait_seconds": 0.0,
            },
            {
                "id": "support",
                "name": "Поддержка",
                "waiting": 0,
                "longest_since": None,
                "agents_ready": 1,
                "expected_wait_seconds": 0.0,
            },
        ],
        "telephony": {"up": True, "advice": None},
        "switchboard": {"up": True, "reason": None},
        "demo": {"calls_per_minute": 6},
        "reasons": [{"id": "lunch", "ru": "Обед", "en": "Lunch"}, {"id": "tea", "ru": "Чай", "en": "Tea"}],
        "statuses": [],
        "dispositions": [SHOWN_SOLD],
        "mail": False,
        "park_reasons": [],
        "agents_changed_at": "1970-01-01T00:16:40.000Z",
    }


def test_ringing_contact_is_shown_with_its_card_and_draft() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    assert desk(office)["contacts"] == [
        {
            "id": "c1",
            "state": "offered",
            "offer": 1,
            "channel": "voice",
            "direction": "in",
            "colleague": None,
            "placed": False,
            "ani": "+79161234567",
            "dnis": "1000",
            "queue": {"id": "sales", "name": "Продажи"},
            "choices": ["Продажи"],
            "found": [],
            "customer": {
                "id": "ivan",
                "name": "Иван Петров",
                "company": None,
                "vip": True,
                "language": "ru",
                "about": "Любит чай",
                "manager": None,
            },
            "arrived_at": "1970-01-01T00:16:40.000Z",
            "queued_at": "1970-01-01T00:16:40.000Z",
            "offered_at": "1970-01-01T00:16:40.000Z",
            "offer_expires_at": "1970-01-01T00:17:00.000Z",
            "answered_at": None,
            "wrap_up_ends_at": None,
            "wrap_up_extends": False,
            "muted": False,
            "recording": {"state": "on", "may_start": False, "pause_ends_at": None, "pause_expired": False},
            "customer_line": None,
            "callback": None,
            "message": None,
            "consultation": None,
            "participants": [],
            "consulted": None,
            "outside_end": None,
            "asked": None,
            "meant_for": None,
            "supervisors": [],
            "taken_by": None,
            "dispositions": None,
            "disposition_required": True,
            "talk_script": None,
            "draft": {"disposition": None, "note": "Перезвонить"},
            "letters": [],
            "earlier": [
                {
                    "id": "c0",
                    "at": "1970-01-01T00:08:20.250Z",
                    "queue": "Продажи",
                    "agent": "Борис",
                    "outcome": "answered",
                    "disposition": "sold",
                    "note": "",
                    "talk_seconds": 0.0,
                }
            ],
        }
    ]


def test_waiting_contacts_are_counted_from_the_longest() -> None:
    office = Office()
    office.queue("c1")
    office.wait(10)
    office.queue("c2")
    queues = desk(office)["queues"]
    assert isinstance(queues, list)
    assert (queues[0]["waiting"], queues[0]["longest_since"]) == (2, "1970-01-01T00:16:40.000Z")


def test_who_takes_no_contacts_has_no_agent_and_no_contacts() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    state = desk(office, None)
    assert (state["agent"], state["contacts"]) == (None, [])


def test_clock_that_ticks_is_no_news() -> None:
    office = Office(CONFIGURATION, ANNA)
    before = desk(office)
    office.wait(5)
    assert changes(before, desk(office)) == {}


STEPS: dict[str, Callable[[Office], object]] = {
    "a call comes": lambda office: office.queue(f"c{office.now}"),
    "the known caller comes": lambda office: office.queue("c1"),
    "Anna comes": lambda office: office.come(ANNA),
    "Boris comes": lambda office: office.come(BORIS),
    "the ring is answered": lambda office: each(office, "offered", OfferAnswered),
    "the call is held": lambda office: each(office, "talking", ContactHeld),
    "the line is lost": lambda office: each(office, "talking", AgentLegEnded),
    "the agent ends": lambda office: each(office, "held", ContactFinished),
    "the customer leaves": lambda office: office.do(CustomerLeft(contact=C1, cause="hung_up")),
    "Anna wants lunch": lambda office: office.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH)),
    "time passes": lambda office: office.wait(21),
}


def each(office: Office, state: str, kind: type[Fact]) -> None:
    """Tell a fact of this kind about each contact in that state."""
    for contact in [contact for contact in office.engine.contacts() if contact.state == state]:
        told = {"contact": contact.id, "agent": contact.agent, "offer": contact.offer, "cause": "lost"}
        office.do(convert({field.name: told[field.name] for field in structs.fields(kind)}, kind))


@settings(max_examples=60, deadline=None, database=None)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=15))
def test_stale_state_and_its_changes_make_the_fresh_state(steps: list[str]) -> None:
    """For the desk and the centre, through JSON, after every step; and the stale state was not changed by the engine meanwhile."""
    office = Office()
    page = json.loads(json.dumps(desk(office)))
    stale = desk(office)
    for step in steps:
        STEPS[step](office)
        fresh = desk(office)
        page |= json.loads(json.dumps(changes(stale, fresh)))
        shown = json.loads(json.dumps(fresh))
        assert page == shown
        stale = fresh
