"""Another queue helps out while a contact keeps waiting in its own: one key, one offer, counted where it waits."""

from __future__ import annotations

from dataclasses import replace

from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SALES, SUPPORT, Office, of, offer, only

from otklik.contact.configuration import Configuration, Destination, Overflow, Queue
from otklik.contact.decisions import Offer
from otklik.contact.facts import Configured, ContactPulled, OfferDeclined, ShiftEnded
from otklik.contact.ids import ContactId, OfferNumber, QueueId
from otklik.contact.record import Diversion
from otklik.routing import Engine
from otklik.routing.audit import faults as audit
from otklik.routing.rules import Rule

HELP = Overflow(when="wait", at=30.0, to=SUPPORT, keep=True)


def helped(*overflow: Overflow, **support: object) -> Configuration:
    sales, other = CONFIGURATION.queues
    return replace(
        CONFIGURATION,
        queues=(
            replace(sales, overflow=overflow or (HELP,), announce_every_seconds=0),
            replace(other, announce_every_seconds=0, **support),  # type: ignore[arg-type]  # fields of a queue
        ),
    )


def test_agents_of_the_other_queue_may_have_it_too_and_it_is_counted_in_its_own() -> None:
    office = Office(helped(), KATE)
    assert of(Offer, office.queue("first")) == []
    assert of(Offer, office.wait(29.0)) == []
    assert of(Offer, office.wait(1.0)) == [offer("first", KATE)]
    office.answer("first")
    contact = office.contact("first")
    assert (contact.queue, contact.segments[-1].queue) == (SALES, SALES)
    assert contact.diversions == (Diversion(at=1030.0, queue=SALES, reason="overflow_wait", to=SUPPORT, keep=True),)


def test_first_free_agent_of_either_queue_gets_it_and_nobody_else() -> None:
    for agent in (BORIS, KATE):
        office = Office(helped())
        office.queue("first")
        office.wait(40.0)
        lines = {queue.id: queue.waiting for queue in office.engine.queues()}
        assert lines == {SALES: 1, SUPPORT: 0}
        assert of(Offer, office.come(agent)) == [offer("first", agent)]
        assert of(Offer, office.come(KATE if agent == BORIS else BORIS)) == []


def test_own_queue_comes_before_the_one_that_helps_and_each_chooses_by_its_strategy() -> None:
    office = Office(helped(Overflow(when="agents", at=9.0, to=SUPPORT, keep=True), strategy="highest_level"))
    office.queue("first")
    office.come(BORIS)
    assert office.contact("first").agent == BORIS
    office.do(ShiftEnded(agent=BORIS))
    assert office.contact("first").agent is None
    candidates = office.engine.explain(ContactId("first"), office.now)
    assert [(each.agent, each.rule, each.through) for each in candidates if each.through] == [
        (KATE, Rule.OFFLINE, SUPPORT)
    ]
    office.come(KATE)
    assert office.contact("first").agent == KATE


def test_it_stands_among_the_others_of_the_helping_queue_by_its_age() -> None:
    office = Office(helped())
    office.queue("old")
    office.wait(40.0)
    office.queue("young", SUPPORT)
    (first, second) = office.engine.explain_agent(KATE, office.now)
    assert [(first.contact, first.through), (second.contact, second.through)] == [("old", SUPPORT), ("young", None)]
    assert only(Offer, office.come(KATE)).contact == "old"


def test_declined_by_one_who_helps_it_waits_on_in_both() -> None:
    office = Office(helped(), KATE)
    office.queue("first")
    office.wait(30.0)
    office.do(OfferDeclined(contact=ContactId("first"), agent=KATE, offer=OfferNumber(1)))
    assert office.engine._centre.helpers(office.contact("first")) == [SUPPORT]
    assert of(Offer, office.wait(20.0)) == [offer("first", KATE, 2)]


def test_one_who_helps_may_pick_it_and_sees_it_once() -> None:
    office = Office(helped(), ANNA)
    office.talk("other", SUPPORT)
    office.queue("first")
    office.wait(40.0)
    office.come(KATE)
    office.do(OfferDeclined(contact=ContactId("first"), agent=KATE, offer=OfferNumber(1)))
    assert [each.id for each in office.engine.pickable(KATE, 9)] == ["first"]
    assert of(Offer, office.do(ContactPulled(contact=ContactId("first"), agent=KATE))) == [offer("first", KATE, 2)]


def test_help_ends_with_the_stay_in_the_queue_and_with_the_rule() -> None:
    moved = Overflow(when="wait", at=60.0, to=QueueId("third"))
    configuration = helped(HELP, moved)
    third = Queue(id=QueueId("third"), name="Третья", announce_every_seconds=0)
    office = Office(replace(configuration, queues=(*configuration.queues, third)))
    office.queue("first")
    office.wait(30.0)
    also = office.engine._centre.classes.also
    assert [kind.key[0] for kind in also[ContactId("first")]] == [SUPPORT]
    office.wait(30.0)
    assert office.contact("first").queue == "third"
    assert not office.engine._centre.classes.also
    office.queue("second")
    office.wait(30.0)
    office.do(Configured(configuration=CONFIGURATION))
    assert not office.engine._centre.classes.also
    assert of(Offer, office.come(KATE)) == []


def test_it_may_move_later_to_the_queue_that_helped() -> None:
    office = Office(helped(HELP, Overflow(when="wait", at=60.0, to=SUPPORT)))
    office.queue("first")
    office.wait(60.0)
    assert office.contact("first").queue == SUPPORT


def test_all_agents_of_a_ring_all_queue_that_helps_ring_at_once() -> None:
    anna, boris, kate = CONFIGURATION.agents
    busy = replace(helped(strategy="ring_all"), agents=(replace(anna, queues={SUPPORT: 5}), boris, kate))
    office = Office(busy)
    office.queue("first")
    office.wait(40.0)
    assert of(Offer, office.come(KATE)) == [offer("first", KATE)]
    office.do(OfferDeclined(contact=ContactId("first"), agent=KATE, offer=OfferNumber(1)))
    office.do(ShiftEnded(agent=KATE))
    office = Office(busy, KATE, ANNA)
    office.queue("first")
    assert of(Offer, office.wait(30.0)) == [offer("first", KATE), offer("first", ANNA, 2)]


def test_restored_from_a_snapshot_it_stands_in_both_again() -> None:
    office = Office(helped())
    office.queue("first")
    office.wait(40.0)
    office.engine = Engine.restore(office.engine.snapshot())
    assert of(Offer, office.come(KATE)) == [offer("first", KATE)]


def test_two_queues_may_help_each_other_but_none_itself() -> None:
    back = replace(CONFIGURATION.queues[1], overflow=(Overflow(when="wait", at=5.0, to=SALES, keep=True),))
    mutual = helped()
    mutual = replace(mutual, queues=(mutual.queues[0], back))
    assert not [fault for fault in audit(mutual) if not fault.warning]
    itself = helped(Overflow(when="wait", at=5.0, to=SALES, keep=True))
    assert [(each.code, each.place) for each in audit(itself) if not each.warning] == [
        ("config_queue_circle", "queues[0].overflow[0].to")
    ]
    nowhere = helped(Overflow(when="wait", at=5.0, to=QueueId("nowhere"), keep=True))
    assert [(each.code, each.place) for each in audit(nowhere) if not each.warning] == [
        ("config_no_queue", "queues[0].overflow[0].to")
    ]


def test_whoever_is_turned_away_for_waiting_too_long_was_offered_to_both_before() -> None:
    configuration = helped(HELP)
    sales = replace(configuration.queues[0], max_wait_seconds=60.0, otherwise=Destination(queue=SUPPORT))
    office = Office(replace(configuration, queues=(sales, configuration.queues[1])))
    office.queue("first")
    office.wait(60.0)
    assert [each.reason for each in office.contact("first").diversions] == ["overflow_wait", "waited"]
