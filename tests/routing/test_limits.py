"""Who may come into a queue, how long one may stay, and when another queue helps out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, LUNCH, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import Configuration, Destination, Overflow, Speech
from otklik.contact.decisions import End, Offer, Say, SetTimer
from otklik.contact.facts import (
    Configured,
    ContactFinished,
    ContactQueued,
    ContactTransferred,
    CustomerLeft,
    LimitDue,
    OfferAnswered,
    ShiftEnded,
    StatusChosen,
    VerbFinished,
)
from otklik.contact.ids import ContactId, OfferNumber, QueueId
from otklik.routing import ContactState, Engine
from otklik.routing.audit import faults

C1 = ContactId("c1")
SORRY = Speech(text="Все заняты. Позвоните позже.", language="ru")
AWAY = Destination(reject=SORRY)
TO_SUPPORT = Destination(queue=SUPPORT)


def sales(**words: Any) -> Configuration:
    return replace(CONFIGURATION, queues=(replace(CONFIGURATION.queues[0], **words), CONFIGURATION.queues[1]))


def where(office: Office, name: str) -> tuple[QueueId | None, list[str]]:
    contact = office.contact(name)
    return contact.queue, [each.reason for each in contact.diversions]


# limits


def test_contact_that_finds_the_queue_full_goes_elsewhere() -> None:
    office = Office(sales(max_waiting=2, otherwise=TO_SUPPORT))
    for name in ("c1", "c2", "c3"):
        office.queue(name)
    assert [where(office, name) for name in ("c1", "c2", "c3")] == [(SALES, []), (SALES, []), (SUPPORT, ["full"])]


def test_full_queue_keeps_nobody_out_for_whom_an_agent_is_free() -> None:
    office = Office(sales(max_waiting=1, join_empty="ready", otherwise=AWAY))
    office.queue("c0")
    assert office.contact("c0").rejecting, "nobody is there"
    office.come(BORIS)
    assert only(Offer, office.queue("c1")).agent == BORIS


def test_whoever_is_turned_away_is_told_and_hung_up() -> None:
    office = Office(sales(max_waiting=1, otherwise=AWAY))
    office.queue("c1")
    said = only(Say, office.queue("c2"))
    assert said.speech == (SORRY,)
    assert office.contact("c2").state is ContactState.SCENARIO
    assert Engine.restore(office.engine.snapshot()).words_under_way() == [said]
    office.do(ContactQueued(contact=said.contact, queue=SALES))
    office.do(VerbFinished(contact=said.contact, step=1, outcome="done"))
    assert office.contact("c2").state is ContactState.SCENARIO, "neither is about what is being said"
    decisions = office.do(VerbFinished(contact=said.contact, step=said.step, outcome="done"))
    assert only(End, decisions).contact == said.contact
    assert (office.record("c2").outcome, office.record("c2").queue) == ("rejected", SALES)


def test_whoever_is_turned_away_is_hung_up_after_a_minute_whatever_became_of_the_words() -> None:
    office = Office(sales(max_waiting=1, otherwise=AWAY))
    office.queue("c1")
    office.queue("c2")
    assert only(End, office.wait(60)).contact == "c2"


def test_turning_away_without_a_text_ends_the_line_at_once() -> None:
    office = Office(sales(max_wait_seconds=30, otherwise=Destination(reject=Speech(text="", language="ru"))))
    office.queue("c1")
    assert of(End, office.wait(29.9)) == []
    assert of(End, office.wait(0.1)) == [End(contact=C1)]
    assert (office.record("c1").outcome, office.record("c1").wait_seconds) == ("rejected", 30.0)


def test_customer_who_leaves_while_being_turned_away_was_turned_away() -> None:
    office = Office(sales(join_empty="logged_in", otherwise=AWAY))
    office.queue("c1")
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert office.record("c1").outcome == "rejected"


def test_who_has_waited_too_long_goes_on_with_the_same_place_and_what_the_destination_gives() -> None:
    to = Destination(queue=SUPPORT, priority=2, requires="english")
    office = Office(sales(max_wait_seconds=30, otherwise=to))
    office.queue("c1")
    office.wait(30)
    assert where(office, "c1") == (SUPPORT, ["waited"])
    assert (office.contact("c1").key, office.contact("c1").requires) == ((1000.0 - 2 * 60.0, C1), "english")


def test_offer_that_rings_when_the_time_is_over_goes_on_ringing() -> None:
    office = Office(sales(max_wait_seconds=30, otherwise=AWAY))
    office.queue("c1")
    office.wait(25)
    office.come(BORIS)
    office.wait(10)
    assert office.contact("c1").state is ContactState.OFFERED
    office.wait(10)
    assert office.contact("c1").rejecting


@pytest.mark.parametrize("presence", ["logged_in", "ready"])
def test_nobody_comes_into_an_empty_queue(presence: str) -> None:
    office = Office(sales(join_empty=presence, otherwise=TO_SUPPORT))
    office.queue("c1")
    office.come(BORIS)
    office.do(StatusChosen(agent=BORIS, status="not_ready", reason=LUNCH))
    office.queue("c2")
    later = (SALES, []) if presence == "logged_in" else (SUPPORT, ["nobody_ready"])
    assert [where(office, "c1"), where(office, "c2")] == [(SUPPORT, [f"nobody_{presence}"]), later]


def test_queue_whose_agents_are_all_busy_is_not_empty() -> None:
    office = Office(sales(join_empty="ready", leave_empty="ready", otherwise=AWAY), BORIS)
    office.talk("c1")
    office.queue("c2")
    assert where(office, "c2") == (SALES, [])


def test_those_who_wait_leave_when_the_last_agent_has_gone() -> None:
    office = Office(sales(leave_empty="logged_in", otherwise=TO_SUPPORT), BORIS)
    office.talk("c1")
    office.queue("c2")
    office.do(ShiftEnded(agent=BORIS))
    assert where(office, "c2") == (SALES, []), "he still talks"
    office.do(ContactFinished(contact=C1, agent=BORIS))
    office.wait(60)
    assert where(office, "c2") == (SUPPORT, ["nobody_logged_in"])


def test_whoever_has_talked_to_an_agent_is_not_kept_out() -> None:
    office = Office(sales(max_waiting=1, otherwise=AWAY), KATE)
    office.queue("c0")
    office.talk("c1", SUPPORT)
    office.do(ContactTransferred(contact=C1, agent=KATE, to_queue=SALES))
    assert (office.contact("c1").state, where(office, "c1")) == (ContactState.WAITING, (SALES, []))


# overflow


def over(**words: Any) -> Configuration:
    return sales(overflow=(Overflow(to=SUPPORT, **words),))


def test_after_a_time_the_agents_of_another_queue_help_and_the_age_counts_there() -> None:
    office = Office(over(when="wait", at=20.0))
    office.queue("c1")
    office.wait(10)
    office.queue("c2", SUPPORT)
    office.wait(10)
    assert where(office, "c1") == (SUPPORT, ["overflow_wait"])
    assert only(Offer, office.come(KATE)).contact == C1


def test_over_a_length_the_last_go_elsewhere() -> None:
    office = Office(over(when="length", at=2))
    for name in ("c1", "c2", "c3"):
        office.queue(name)
    assert [where(office, name)[0] for name in ("c1", "c2", "c3")] == [SALES, SALES, SUPPORT]


def test_under_so_many_agents_in_shift_everybody_goes_elsewhere() -> None:
    office = Office(over(when="agents", at=2), ANNA, BORIS)
    for name in ("c1", "c2", "c3"):
        office.queue(name)
    office.answer("c1")
    office.do(StatusChosen(agent=ANNA, status="not_ready", reason=LUNCH))
    assert where(office, "c3") == (SALES, []), "a pause is no end of the shift"
    office.do(ShiftEnded(agent=ANNA))
    first = office.contact("c1").agent
    assert where(office, "c3") == ((SALES, []) if first == ANNA else (SUPPORT, ["overflow_agents"]))


def test_over_a_ratio_of_waiting_to_agents_at_work_the_last_go_elsewhere() -> None:
    office = Office(over(when="ratio", at=1.0), ANNA, BORIS)
    for n in range(2):
        office.talk(f"t{n}")
    for name in ("c1", "c2", "c3"):
        office.queue(name)
    assert [where(office, name)[0] for name in ("c1", "c2", "c3")] == [SALES, SALES, SUPPORT]
    office.do(ShiftEnded(agent=BORIS))
    office.do(ContactFinished(contact=ContactId(f"t{0 if office.contact('t0').agent == BORIS else 1}"), agent=BORIS))
    office.wait(60)
    assert where(office, "c2") == (SUPPORT, ["overflow_ratio"])


def test_contact_never_comes_back_by_overflow() -> None:
    circle = replace(
        CONFIGURATION,
        queues=tuple(
            replace(queue, overflow=(Overflow(when="wait", at=10.0, to=other),))
            for queue, other in zip(CONFIGURATION.queues, (SUPPORT, SALES), strict=True)
        ),
    )
    office = Office(circle)
    office.queue("c1")
    office.wait(600)
    assert where(office, "c1") == (SUPPORT, ["overflow_wait"])
    assert [fault.place for fault in faults(circle) if fault.code == "config_queue_circle"] == [
        "queues[0].overflow[0].to",
        "queues[1].overflow[0].to",
    ]


def test_queue_that_is_no_more_takes_nobody_and_nobody_is_lost() -> None:
    office = Office(sales(max_wait_seconds=10, otherwise=Destination(queue=QueueId("gone"))))
    office.queue("c1")
    office.wait(60)
    assert where(office, "c1") == (SALES, [])
    assert only(Offer, office.come(BORIS)).contact == C1


def test_limits_follow_one_another() -> None:
    support = replace(CONFIGURATION.queues[1], join_empty="ready", otherwise=AWAY)
    first = replace(CONFIGURATION.queues[0], max_waiting=1, otherwise=TO_SUPPORT)
    office = Office(replace(CONFIGURATION, queues=(first, support)))
    office.queue("c1")
    office.queue("c2")
    assert where(office, "c2") == (SUPPORT, ["full", "nobody_ready"])
    assert office.contact("c2").rejecting


# timers, set-up, restart


def test_timer_of_an_earlier_stay_changes_nothing() -> None:
    office = Office(sales(max_wait_seconds=30, otherwise=TO_SUPPORT))
    office.queue("c1")
    number = office.contact("c1").limit_number
    office.do(Configured(configuration=sales(max_wait_seconds=50, otherwise=TO_SUPPORT)))
    office.now += 60
    assert office.do(LimitDue(contact=C1, number=number)) == []
    assert where(office, "c1") == (SALES, [])


def test_new_limits_hold_for_those_who_wait_but_a_smaller_room_puts_nobody_out() -> None:
    office = Office(CONFIGURATION)
    for name in ("c1", "c2"):
        office.queue(name)
    office.wait(40)
    office.do(Configured(configuration=sales(max_waiting=1, max_wait_seconds=60, otherwise=TO_SUPPORT)))
    assert where(office, "c2") == (SALES, [])
    office.wait(20)
    assert where(office, "c2") == (SUPPORT, ["waited"])


def test_restart_in_the_middle_changes_no_decision() -> None:
    words = sales(max_wait_seconds=30, otherwise=AWAY, overflow=(Overflow(when="wait", at=20.0, to=SUPPORT),))
    office, twin = Office(words), Office(words)
    for each in (office, twin):
        each.queue("c1")
        each.wait(10)
    twin.engine = Engine.restore(twin.engine.snapshot())
    assert office.wait(600) == twin.wait(600)
    assert where(office, "c1") == where(twin, "c1") == (SUPPORT, ["overflow_wait"])


def test_queue_without_limits_sets_no_timer() -> None:
    office = Office(CONFIGURATION)
    assert not any(isinstance(timer.fact, LimitDue) for timer in of(SetTimer, office.queue("c1")))


def test_explanation_says_how_the_contact_came_here() -> None:
    office = Office(sales(max_waiting=1, otherwise=TO_SUPPORT), BORIS)
    office.talk("c0")
    office.queue("c1")
    office.queue("c2")
    (shown,) = office.engine.explain(ContactId("c2"), office.now)[0].diversions or ()
    assert (shown.queue, shown.reason, shown.to) == (SALES, "full", SUPPORT)
    assert office.engine.explain(C1, office.now)[0].diversions is None


# the audit


@pytest.mark.parametrize(
    ("words", "place", "code"),
    [
        ({"max_waiting": -1}, "queues[0].max_waiting", "config_limit"),
        ({"max_waiting": 1}, "queues[0].otherwise", "config_no_otherwise"),
        ({"leave_empty": "ready"}, "queues[0].otherwise", "config_no_otherwise"),
        ({"max_wait_seconds": -1.0, "otherwise": AWAY}, "queues[0].max_wait_seconds", "config_seconds"),
        ({"otherwise": Destination(queue=SALES)}, "queues[0].otherwise.queue", "config_queue_circle"),
        ({"otherwise": Destination(queue=QueueId("x"))}, "queues[0].otherwise.queue", "config_no_queue"),
        ({"otherwise": Destination()}, "queues[0].otherwise", "config_destination"),
        ({"overflow": (Overflow(when="wait", at=0, to=SUPPORT),)}, "queues[0].overflow[0].at", "config_overflow_at"),
        ({"overflow": (Overflow(when="wait", at=5, to=QueueId("x")),)}, "queues[0].overflow[0].to", "config_no_queue"),
    ],
)
def test_audit_names_what_is_wrong_with_a_limit(words: dict[str, Any], place: str, code: str) -> None:
    assert (place, code) in [(fault.place, fault.code) for fault in faults(sales(**words))]


def test_entry_point_after_a_queue_is_refused() -> None:
    words = sales(otherwise=Destination(entry_point=CONFIGURATION.entry_points[0].id))
    assert [fault.code for fault in faults(words)] == ["config_otherwise"]


def test_answered_offer_ends_the_limits() -> None:
    office = Office(sales(max_wait_seconds=30, otherwise=AWAY), BORIS)
    office.queue("c1")
    office.do(OfferAnswered(contact=C1, agent=BORIS, offer=OfferNumber(1)))
    office.wait(600)
    assert office.contact("c1").state is ContactState.TALKING
