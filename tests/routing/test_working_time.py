"""The account of an agent's time: every second of a shift is in it, once."""

from __future__ import annotations

from msgspec import json
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, LUNCH, SALES, SOLD, Office

from otklik.contact.configuration import Configuration
from otklik.contact.facts import (
    Configured,
    ConsultationAsked,
    ContactFinished,
    ContactHeld,
    OfferExpired,
    ShiftEnded,
    ShiftStarted,
    StatusChosen,
    WrapUpFinished,
)
from otklik.contact.ids import ContactId, OfferNumber
from otklik.contact.working_time import Stretch
from otklik.routing import Engine, EngineState

C1 = ContactId("c1")
AT_LUNCH = StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH)
Told = tuple[str, str | None, str | None, float, float | None]


def account(office: Office) -> list[Stretch]:
    """The last word of each stretch, as it is written."""
    last = {(each.agent, each.began_at): each for each in office.engine.take_touched().stretches}
    return [each for each in last.values() if each.agent == ANNA]


def told(stretches: list[Stretch]) -> list[Told]:
    """What, why, of which contact, and from when to when since the clock began."""
    return [
        (
            each.activity or each.status,
            each.reason,
            each.contact,
            each.began_at - 1000.0,
            None if each.ended_at is None else each.ended_at - 1000.0,
        )
        for each in stretches
    ]


def test_day_is_told_without_a_gap_from_the_beginning_of_the_shift_to_its_end() -> None:
    office = Office()
    office.do(ShiftStarted(agent=ANNA))
    office.wait(2.5)
    office.come(ANNA)
    office.wait(10)
    office.queue("c1")
    office.wait(3)
    office.answer("c1")
    office.wait(60)
    office.do(ContactHeld(contact=C1, agent=ANNA))
    office.wait(5)
    office.do(AT_LUNCH)
    office.wait(1)
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.wait(20)
    office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=SOLD))
    office.wait(30)
    office.do(ShiftEnded(agent=ANNA))
    assert told(account(office)) == [
        ("not_ready", "shift", None, 0.0, 2.5),
        ("ready", None, None, 2.5, 12.5),
        ("offered", None, C1, 12.5, 15.5),
        ("talking", None, C1, 15.5, 75.5),
        ("held", None, C1, 75.5, 80.5),
        ("held", LUNCH, C1, 80.5, 81.5),
        ("wrap_up", LUNCH, C1, 81.5, 101.5),
        ("not_ready", LUNCH, None, 101.5, 131.5),
    ]


def test_status_chosen_during_a_contact_is_told_of_from_that_moment() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.wait(4)
    office.do(AT_LUNCH)
    assert [(each.status, each.activity) for each in account(office)] == [
        ("ready", "talking"),
        ("not_ready", "talking"),
    ]


def test_missed_offer_is_a_pause_of_its_own() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.queue("c1")
    office.do(OfferExpired(contact=C1, agent=ANNA, offer=OfferNumber(1)))
    assert told(account(office))[-1][:3] == ("not_ready", "missed", None)


def test_stretch_of_a_consultation_names_the_customers_contact() -> None:
    office = Office(CONFIGURATION, BORIS)
    office.talk("c1", SALES)
    office.come(ANNA)
    asked = ConsultationAsked(contact=C1, agent=BORIS, consultation=ContactId("k1"), to_agent=ANNA)
    office.do(asked)
    office.answer("k1")
    last = account(office)[-1]
    assert (last.activity, last.contact) == ("talking", C1)


def test_agent_taken_out_of_the_set_up_has_an_end_of_the_shift() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.wait(7)
    office.do(Configured(configuration=Configuration()))
    assert told(account(office))[-1] == ("ready", None, None, 0.0, 7.0)


def test_restart_in_the_middle_goes_on_with_the_same_stretch_and_an_older_snapshot_with_what_is_shown() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.wait(5)
    kept = json.encode(office.engine.snapshot())
    office.engine = Engine.restore(json.decode(kept, type=EngineState))
    office.wait(5)
    office.do(ShiftEnded(agent=ANNA))
    assert told(account(office)) == [("ready", None, None, 0.0, 10.0)]
    before = json.decode(kept)
    for agent in before["agents"]:
        agent.pop("stretch")
    office.engine = Engine.restore(json.decode(json.encode(before), type=EngineState))
    office.do(ShiftEnded(agent=ANNA))
    assert told(account(office)) == [("ready", None, None, 0.0, 10.0)]
