"""A message that a caller left: a contact of its own, in the queue, in the hands of an agent without a telephone."""

from __future__ import annotations

from dataclasses import replace

from tests.routing.centre import ANNA, CONFIGURATION, RUSSIAN, SALES, SOLD, SUPPORT, Office, of, only

from otklik.contact.configuration import Destination, Queue
from otklik.contact.decisions import Decision, Offer, Record, RunScenario
from otklik.contact.facts import (
    ContactArrived,
    ContactFinished,
    CustomerLeft,
    OfferAnswered,
    RecordingStored,
    ScenarioFinished,
    WrapUpFinished,
)
from otklik.contact.ids import ContactId, OfferNumber, QueueId
from otklik.contact.voicemail import LINE, Voicemail, message_of

CALL = ContactId("call")
MESSAGE = message_of(CALL, 2)


def leave(office: Office, queue: QueueId = SALES, *, priority: int = 0, key: str = "there") -> list[Decision]:
    left = Voicemail(call=CALL, step=2, queue=queue, seconds=7.5, key=key, language="ru", priority=priority)
    return office.do(
        ContactArrived(
            contact=MESSAGE,
            channel="voicemail",
            entry_point=RUSSIAN,
            dnis="1000",
            leg=LINE,
            ani="+79161234567",
            voicemail=left,
        )
    )


def test_message_waits_in_its_queue_and_is_offered_with_what_was_said() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.arrive("call")
    decisions = leave(office)
    assert of(RunScenario, decisions) == [] and of(Record, decisions) == []
    assert only(Offer, decisions).agent == ANNA
    found = office.record(MESSAGE)
    assert (found.channel, found.queue, found.recording_key, found.recording_seconds) == (
        "voicemail",
        SALES,
        "there",
        7.5,
    )
    assert found.entry_rule == "voicemail"


def test_message_is_taken_ended_and_has_an_outcome() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.arrive("call")
    leave(office)
    office.do(OfferAnswered(contact=MESSAGE, agent=ANNA, offer=OfferNumber(1)))
    office.do(ContactFinished(contact=MESSAGE, agent=ANNA))
    office.do(WrapUpFinished(contact=MESSAGE, agent=ANNA, disposition=SOLD))
    found = office.record(MESSAGE)
    assert (found.outcome, found.disposition, found.agent) == ("answered", SOLD, ANNA)


def test_caller_who_left_a_message_has_not_given_up_whichever_is_known_first() -> None:
    for late in (False, True):
        office = Office(CONFIGURATION)
        office.arrive("call")
        if late:
            office.do(CustomerLeft(contact=CALL, cause="hung_up"))
            assert office.record("call").outcome == "abandoned"
        leave(office)
        office.do(CustomerLeft(contact=CALL, cause="hung_up"))
        assert office.record("call").outcome == "voicemail"


def test_caller_who_is_thanked_after_the_message_was_not_served_without_an_agent() -> None:
    office = Office(CONFIGURATION)
    office.arrive("call")
    leave(office)
    office.do(ScenarioFinished(contact=CALL))
    assert office.record("call").outcome == "voicemail"


def test_message_for_a_queue_that_is_gone_waits_in_the_first_and_twice_is_once() -> None:
    office = Office(CONFIGURATION)
    leave(office, QueueId("gone"), priority=2)
    assert leave(office) == []
    contact = office.contact(MESSAGE)
    assert (contact.queue, contact.worth_seconds) == (SALES, 2 * CONFIGURATION.priority_seconds)


def test_message_is_sent_into_no_scenario_by_a_limit() -> None:
    scenario = CONFIGURATION.scenarios[0].id
    full = Queue(id=SALES, name="Продажи", max_waiting=1, otherwise=Destination(scenario=scenario))
    office = Office(replace(CONFIGURATION, queues=(full, *CONFIGURATION.queues[1:])))
    office.queue("first", SALES)
    leave(office)
    assert office.contact(MESSAGE).queue == SALES
    other = replace(full, otherwise=Destination(queue=SUPPORT))
    office = Office(replace(CONFIGURATION, queues=(other, *CONFIGURATION.queues[1:])))
    office.queue("first", SALES)
    leave(office)
    assert office.contact(MESSAGE).queue == SUPPORT


def test_recording_that_is_stored_late_belongs_to_the_message_and_not_to_the_call() -> None:
    office = Office(CONFIGURATION)
    office.arrive("call")
    leave(office, key="")
    assert office.record(MESSAGE).recording_key is None
    office.do(RecordingStored(contact=CALL, key="late", seconds=7.4, step=2))
    assert (office.record(MESSAGE).recording_key, office.record("call").recording_key) == ("late", None)
