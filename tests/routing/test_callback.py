"""Customers who hang up and are called back: the place, the attempts, one line at most, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, RUSSIAN, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import (
    Callback,
    Channel,
    Configuration,
    Destination,
    EntryRule,
    Exit,
    Overflow,
    Speech,
)
from otklik.contact.decisions import (
    Announce,
    Connect,
    Decision,
    Dial,
    End,
    Offer,
    PlayMusic,
    Record,
    Refuse,
    Release,
    Say,
    SetTimer,
    Withdraw,
)
from otklik.contact.facts import (
    AgentLegEnded,
    CallAnswered,
    CallbackCancelled,
    CallFailed,
    CallFailure,
    CallsOutChanged,
    Configured,
    ContactArrived,
    ContactFinished,
    ContactQueued,
    ContactTransferred,
    CustomerLeft,
    KeyPressed,
    OfferAnswered,
    OfferDeclined,
    RecordingStored,
    VerbFinished,
)
from otklik.contact.hours import WEEKDAYS, Calendar, CalendarId, Hours
from otklik.contact.ids import ContactId, OfferNumber, QueueId
from otklik.routing import AgentState, ContactState, Engine
from otklik.routing.audit import faults, without_trunk

C1, C2 = ContactId("c1"), ContactId("c2")
BACK = Destination(callback=True)
LEFT = CustomerLeft(contact=C1, cause="hung_up")
RULES = Callback(attempts=2, retry_seconds=60, ring_seconds=25, lifetime_seconds=3600)


def sales(*, callback: Callback = RULES, **words: Any) -> Configuration:
    words = {"exits": (Exit(digit="1", to=BACK),), "callback": callback, **words}
    return replace(CONFIGURATION, queues=(replace(CONFIGURATION.queues[0], **words), CONFIGURATION.queues[1]))


def asked(*ready: Any, callback: Callback = RULES, **words: Any) -> Office:
    """c1 has asked to be called back and has hung up."""
    office = Office(sales(callback=callback, **words), *ready)
    office.queue("c1")
    office.wait(30)
    office.do(KeyPressed(contact=C1, key="1"))
    office.do(LEFT)
    return office


def dialling(**rules: Any) -> Office:
    office = asked(callback=replace(RULES, **rules))
    office.come(BORIS)
    office.answer("c1")
    return office


def stranger(office: Office, name: str, queue: QueueId = SALES) -> list[Decision]:
    """Somebody with another number comes to the queue."""
    entry_point = CONFIGURATION.entry_points[0].id
    arrived = ContactArrived(
        contact=ContactId(name), channel="voice", entry_point=entry_point, dnis="1000", leg=name, ani="+74950000000"
    )
    office.do(arrived)
    return office.do(ContactQueued(contact=ContactId(name), queue=queue))


def fail(office: Office, attempt: int = 1, cause: CallFailure = "busy") -> list[Decision]:
    return office.do(CallFailed(contact=C1, attempt=attempt, cause=cause))


def test_customer_is_told_hung_up_and_keeps_the_place() -> None:
    office = Office(sales())
    office.queue("c1")
    office.wait(30)
    said = only(Say, office.do(KeyPressed(contact=C1, key="1")))
    assert office.contact("c1").state is ContactState.POSTPONED, "nobody is offered a customer who is being spoken to"
    assert only(End, office.do(VerbFinished(contact=C1, step=said.step, outcome="done"))).contact == C1
    office.do(LEFT)
    contact = office.contact("c1")
    assert (contact.state, contact.away, contact.key) == (ContactState.WAITING, True, (1000.0, C1))
    assert office.record("c1").ended_at is None


def test_words_that_never_end_are_ended_after_a_minute() -> None:
    office = Office(sales())
    office.queue("c1")
    office.do(KeyPressed(contact=C1, key="1"))
    assert [end.contact for end in of(End, office.wait(61))] == [C1]


def test_customer_who_is_away_hears_nothing_and_is_offered_by_the_place() -> None:
    office = asked()
    stranger(office, "c2")
    assert {each.contact for each in of(Announce, office.wait(100))} == {C2}
    offered = office.come(BORIS)
    assert (only(Offer, offered).contact, only(Offer, offered).away) == (C1, True)
    assert of(PlayMusic, offered) == []


def test_accepted_is_dialled_then_connected_and_recorded() -> None:
    office = asked()
    office.come(BORIS)
    dial = only(Dial, office.answer("c1"))
    assert (dial.agent, dial.attempt, dial.ring_seconds, dial.number) == (BORIS, 1, 25, "")
    assert office.agent(BORIS).state is AgentState.DIALLING
    office.wait(7)
    assert office.do(CallAnswered(contact=C1, attempt=1)) == [
        Record(contact=C1),
        Connect(contact=C1, agent=BORIS, offer=OfferNumber(1)),
    ]
    office.wait(60)
    office.do(ContactFinished(contact=C1, agent=BORIS))
    record = office.record("c1")
    assert (record.outcome, record.agent, record.callback_attempts) == ("answered", BORIS, 1)
    assert (record.wait_seconds, record.callback_seconds, record.talk_seconds) == (30.0, 7.0, 60.0)
    assert [s.kind for s in record.segments] == ["scenario", "queue", "callback", "agent"]
    assert office.agent(BORIS).state is AgentState.WRAP_UP


@pytest.mark.parametrize("cause", ["busy", "no_answer", "rejected", "failed", "lost"])
def test_attempt_that_reaches_nobody_frees_the_agent_and_is_made_again(cause: CallFailure) -> None:
    office = dialling()
    stranger(office, "c2")
    decisions = fail(office, cause=cause)
    assert only(Release, decisions).agent == BORIS
    assert only(Offer, decisions).contact == C2, "no wrap-up"
    office.answer("c2")
    assert office.contact("c1").state is ContactState.POSTPONED
    office.wait(59)
    assert office.contact("c1").state is ContactState.POSTPONED
    office.wait(1)
    assert (office.contact("c1").state, office.contact("c1").key) == (ContactState.WAITING, (1000.0, C1))
    assert only(Offer, office.come(ANNA)).contact == C1
    assert only(Dial, office.answer("c1")).attempt == 2


def test_last_attempt_ends_the_contact_as_not_reached() -> None:
    office = dialling()
    fail(office)
    office.wait(60)
    office.answer("c1")
    decisions = fail(office, attempt=2, cause="no_answer")
    assert only(Release, decisions).agent == BORIS and of(SetTimer, decisions) == []
    record = office.record("c1")
    assert (record.outcome, record.callback_attempts, record.talk_seconds) == ("callback_failed", 2, 0.0)
    assert office.agent(BORIS).state is AgentState.READY


def test_facts_of_an_earlier_attempt_or_told_twice_change_nothing() -> None:
    office = dialling()
    fail(office)
    assert fail(office) == []
    assert office.do(CallAnswered(contact=C1, attempt=1)) == []
    assert office.do(LEFT) == []
    office.wait(60)
    office.answer("c1")
    for late in (CallFailed(contact=C1, attempt=1, cause="lost"), CallAnswered(contact=C1, attempt=1), LEFT):
        assert office.do(late) == []
    office.do(CallAnswered(contact=C1, attempt=2))
    assert office.do(LEFT) == [], "the first line ended long ago"
    assert fail(office, attempt=2) == []
    assert office.do(CallAnswered(contact=C1, attempt=2)) == [Record(contact=C1)]
    office.do(CustomerLeft(contact=C1, cause="hung_up", attempt=2))
    assert office.record("c1").outcome == "answered"


@pytest.mark.parametrize("how", ["finished", "hung_up", "lost"])
def test_agent_who_gives_up_while_it_rings_is_free_and_the_line_must_end_before_the_next_attempt(how: str) -> None:
    office = dialling(retry_seconds=0)
    gone = AgentLegEnded(contact=C1, agent=BORIS, offer=OfferNumber(1), cause="hung_up" if how != "lost" else "lost")
    decisions = office.do(ContactFinished(contact=C1, agent=BORIS) if how == "finished" else gone)
    assert only(End, decisions).contact == C1 and only(Release, decisions).agent == BORIS
    assert office.agent(BORIS).state is AgentState.READY
    office.wait(600)
    assert office.contact("c1").state is ContactState.POSTPONED, "the line is not known to be gone"
    office.do(CallFailed(contact=C1, attempt=1, cause="cancelled"))
    assert of(Dial, office.wait(0)) == [] and office.contact("c1").state is ContactState.OFFERED


def test_customer_who_answers_after_the_agent_gave_up_is_hung_up_and_called_again() -> None:
    office = dialling()
    office.do(ContactFinished(contact=C1, agent=BORIS))
    assert only(End, office.do(CallAnswered(contact=C1, attempt=1))).contact == C1
    office.do(CustomerLeft(contact=C1, cause="hung_up", attempt=1))
    assert (office.contact("c1").away, office.contact("c1").state) == (True, ContactState.POSTPONED)
    assert [o.contact for o in of(Offer, office.wait(60))] == [C1]


def test_declined_and_missed_offers_keep_the_place_of_a_callback() -> None:
    office = asked()
    office.come(BORIS)
    office.do(OfferDeclined(contact=C1, agent=BORIS, offer=OfferNumber(1)))
    assert (office.contact("c1").state, office.contact("c1").key) == (ContactState.WAITING, (1000.0, C1))


def test_key_while_it_rings_takes_the_ring_back() -> None:
    office = Office(sales(), BORIS)
    office.queue("c1")
    decisions = office.do(KeyPressed(contact=C1, key="1"))
    assert only(Withdraw, decisions).agent == BORIS and only(Say, decisions).contact == C1
    assert only(Offer, office.do(LEFT)).away


@pytest.mark.parametrize("ani", [None, "100", "sip@host", "89161234567"])
def test_customer_without_a_number_to_call_hears_so_and_goes_on_waiting(ani: str | None) -> None:
    office = Office(sales())
    office.do(
        ContactArrived(
            contact=C1, channel="voice", entry_point=CONFIGURATION.entry_points[0].id, dnis="1000", leg="l", ani=ani
        )
    )
    office.do(ContactQueued(contact=C1, queue=SALES))
    refused, said = office.do(KeyPressed(contact=C1, key="1"))
    assert refused == Refuse(code="callback_no_number") and isinstance(said, Announce)
    assert office.contact("c1").state is ContactState.WAITING


def test_numbers_that_may_not_be_called_are_not() -> None:
    office = Office(sales(callback=replace(RULES, prefixes=("+7495", "8-800"))))
    office.queue("c1")
    assert only(Announce, office.do(KeyPressed(contact=C1, key="1"))).contact == C1


def test_called_back_customer_who_waits_again_is_on_the_line_and_cannot_ask_twice() -> None:
    office = dialling()
    office.do(CallAnswered(contact=C1, attempt=1))
    moved = office.do(ContactTransferred(contact=C1, agent=BORIS, to_queue=SALES))
    assert only(PlayMusic, moved).contact == C1
    assert office.do(KeyPressed(contact=C1, key="1")) == [Refuse(code="callback_once")]
    assert only(Offer, office.come(ANNA)).away is False
    office.answer("c1")
    office.do(CustomerLeft(contact=C1, cause="hung_up", attempt=1))
    assert office.record("c1").outcome == "answered"


def test_nothing_rings_while_the_customer_is_called_whatever_slots_are_left() -> None:
    office = Office(replace(sales(), capacity={"voice": 2}))
    office.queue("c1")
    office.do(KeyPressed(contact=C1, key="1"))
    office.do(LEFT)
    office.come(BORIS)
    office.answer("c1")
    assert of(Offer, stranger(office, "c2")) == []
    assert only(Offer, office.do(CallAnswered(contact=C1, attempt=1))).contact == C2


# without a trunk


NO_TRUNK, TRUNK = CallsOutChanged(possible=False), CallsOutChanged(possible=True)


def test_nobody_is_promised_a_call_that_cannot_be_made() -> None:
    office = Office(sales(), BORIS)
    office.do(NO_TRUNK)
    office.queue("c0")
    office.queue("c1")
    refused, said = office.do(KeyPressed(contact=C1, key="1"))
    assert refused == Refuse(code="callback_no_trunk")
    assert isinstance(said, Announce) and "не получится" in said.speech[0].text
    assert (office.contact("c1").state, office.contact("c1").callback) == (ContactState.WAITING, None)
    office.do(TRUNK)
    assert only(Say, office.do(KeyPressed(contact=C1, key="1"))).contact == C1


def test_limit_keeps_those_waiting_who_could_not_be_called() -> None:
    office = Office(sales(max_waiting=1, otherwise=BACK))
    office.do(NO_TRUNK)
    stranger(office, "c0")
    office.queue("c1")
    assert office.contact("c1").state is ContactState.WAITING


CALL_BACK, HELP, TOGETHER = (Speech(text=text, language="ru") for text in ("Перезвонить: 1.", "Помощь: 2.", "1 или 2."))


def named(office: Office, decisions: list[Decision]) -> list[Speech]:
    return [text for text in only(Announce, decisions).speech if text in (CALL_BACK, HELP, TOGETHER)]


def test_keys_that_lead_to_callbacks_alone_are_not_named_without_a_trunk() -> None:
    office = Office(sales(announce_every_seconds=30.0, exits_announced=(CALL_BACK,)))
    office.do(NO_TRUNK)
    assert named(office, office.queue("c1")) == []
    office.do(TRUNK)
    assert named(office, office.wait(31)) == [CALL_BACK]


def test_each_key_is_named_by_its_own_words_as_long_as_it_helps() -> None:
    back, help_ = Exit(digit="1", to=BACK, announced=(CALL_BACK,)), Exit(digit="2", to=Destination(queue=SUPPORT))
    office = Office(sales(announce_every_seconds=30.0, exits=(back, replace(help_, announced=(HELP,)))))
    assert named(office, office.queue("c1")) == [CALL_BACK, HELP]
    office.do(NO_TRUNK)
    assert named(office, office.wait(31)) == [HELP]


def test_words_for_several_keys_are_not_said_where_one_of_them_would_be_refused() -> None:
    keys = (Exit(digit="1", to=BACK), Exit(digit="2", to=Destination(queue=SUPPORT)))
    office = Office(sales(announce_every_seconds=30.0, exits=keys, exits_announced=(TOGETHER,)))
    assert named(office, office.queue("c1")) == [TOGETHER]
    office.do(NO_TRUNK)
    assert named(office, office.wait(31)) == []


def test_customer_whose_number_is_withheld_is_not_told_of_a_callback() -> None:
    office = Office(sales(announce_every_seconds=30.0, exits=(Exit(digit="1", to=BACK, announced=(CALL_BACK,)),)))
    arrived = ContactArrived(contact=C1, channel="voice", entry_point=RUSSIAN, dnis="1000", leg="")
    office.do(arrived)
    assert named(office, office.do(ContactQueued(contact=C1, queue=SALES))) == []


def test_words_for_several_keys_with_a_callback_among_them_are_warned_of() -> None:
    keys = (Exit(digit="1", to=BACK), Exit(digit="2", to=Destination(queue=SUPPORT)))
    mixed = sales(exits=keys, exits_announced=(TOGETHER,), announce_every_seconds=30.0)
    assert [(each.place, each.code, each.warning) for each in faults(mixed)] == [
        ("queues[0].exits_announced", "config_exits_together", True)
    ]
    own = tuple(replace(each, announced=(HELP,)) for each in keys)
    assert faults(sales(exits=own, exits_announced=(TOGETHER,), announce_every_seconds=30.0)) == []


def test_without_a_trunk_no_agent_is_troubled_and_the_place_is_kept_until_there_is_one() -> None:
    office = asked()
    office.do(NO_TRUNK)
    assert of(Offer, office.come(BORIS)) == []
    assert (office.contact("c1").state, office.contact("c1").away) == (ContactState.POSTPONED, True)
    assert [offer.contact for offer in of(Offer, office.do(TRUNK))] == [C1]
    assert office.contact("c1").key == (1000.0, C1)
    assert only(Withdraw, office.do(NO_TRUNK)).agent == BORIS, "what rings is taken back"


def test_all_whom_the_trunk_concerns_are_told_of_to_a_snapshot_that_is_being_taken() -> None:
    """Whose timer was numbered anew in silence, was never called again after a restart from such a snapshot."""
    office = asked()
    office.engine.take_touched()
    office.do(TRUNK)
    assert office.contact("c1").state is ContactState.WAITING
    assert C1 in office.engine.take_touched().contacts


def test_pause_between_attempts_is_kept_when_the_trunk_comes_back() -> None:
    office = dialling()
    fail(office)
    office.do(NO_TRUNK)
    assert of(Offer, office.do(TRUNK)) == []
    office.do(NO_TRUNK)
    office.wait(61)
    assert office.contact("c1").state is ContactState.POSTPONED
    assert [offer.contact for offer in of(Offer, office.do(TRUNK))] == [C1]


def test_restart_remembers_whether_there_is_a_trunk() -> None:
    office = Office(sales())
    office.do(NO_TRUNK)
    assert Engine.restore(office.engine.snapshot()).calls_out is False


def test_callbacks_without_a_trunk_are_warned_of_with_their_places() -> None:
    found = without_trunk(sales(max_waiting=1, otherwise=BACK))
    assert [(f.place, f.code, f.warning) for f in found] == [
        ("queues[0].otherwise.callback", "config_no_trunk", True),
        ("queues[0].exits[0].to.callback", "config_no_trunk", True),
    ]


# the same number again


def test_new_call_of_the_same_number_takes_the_place_and_ends_the_callback() -> None:
    office = asked()
    stranger(office, "c0")
    office.wait(100)
    office.queue("c2")
    assert office.record("c1").outcome == "callback_merged"
    contact = office.contact("c2")
    assert contact.key == (1000.0, C2) and not contact.away
    assert only(Offer, office.come(BORIS)).contact == C2


def test_new_call_takes_a_callback_back_that_rings_at_an_agent() -> None:
    office = asked()
    office.come(BORIS)
    decisions = office.queue("c2")
    assert only(Withdraw, decisions).contact == C1
    assert only(Offer, decisions).contact == C2


def test_new_call_to_another_queue_leaves_the_callback_alone() -> None:
    office = asked()
    office.queue("c2", SUPPORT)
    assert office.contact("c1").away


def test_call_that_comes_while_we_call_is_busy_and_stands_for_the_callback() -> None:
    office = dialling()
    office.queue("c2")
    fail(office)
    assert office.record("c1").outcome == "callback_merged"
    assert office.contact("c2").state is ContactState.OFFERED


def wrote(office: Office, name: str, channel: Channel) -> None:
    """The same customer, to the same queue."""
    first, *others = office.engine.configuration.entry_points
    ruled = replace(first, rules=(EntryRule(id="all", to=Destination(queue=SALES)),))
    office.do(Configured(configuration=replace(office.engine.configuration, entry_points=(ruled, *others))))
    ani = office.contact("c1").ani
    office.do(ContactArrived(contact=ContactId(name), channel=channel, entry_point=first.id, dnis="", leg="", ani=ani))
    assert office.contact(name).queue == SALES


@pytest.mark.parametrize("channel", ["web", "voicemail"])
def test_who_writes_or_leaves_a_message_is_called_back_all_the_same(channel: Channel) -> None:
    office = asked()
    wrote(office, "c2", channel)
    assert office.record("c1").outcome == "open"
    office = dialling()
    wrote(office, "c2", channel)
    fail(office)
    assert office.record("c1").outcome == "open"


def test_second_callback_to_the_same_number_takes_the_place_of_the_first() -> None:
    office = Office(sales())
    office.queue("c1")
    office.wait(30)
    office.queue("c2")
    office.do(KeyPressed(contact=C1, key="1"))
    office.do(LEFT)
    office.do(KeyPressed(contact=C2, key="1"))
    office.do(CustomerLeft(contact=C2, cause="hung_up"))
    assert office.record("c1").outcome == "callback_merged"
    assert office.contact("c2").key == (1000.0, C2)


# limits, hours, ends


def test_limit_may_lead_to_a_callback_and_overflow_takes_it_along() -> None:
    office = Office(sales(max_waiting=1, otherwise=BACK, overflow=(Overflow(when="wait", at=50, to=SUPPORT),)))
    stranger(office, "c0")
    assert only(Say, office.queue("c1")).contact == C1
    office.do(LEFT)
    office.wait(100)
    assert (office.contact("c1").queue, office.contact("c1").away) == (SUPPORT, True)
    assert [s.kind for s in office.record("c1").segments] == ["scenario", "queue", "callback", "callback"]
    assert only(Offer, office.come(ANNA)).contact == "c0"


def test_limits_turn_nobody_away_who_is_to_be_called_back() -> None:
    office = asked(
        max_wait_seconds=100, leave_empty="ready", otherwise=Destination(reject=Speech(text="", language="ru"))
    )
    office.wait(1000)
    assert office.contact("c1").away


def test_too_old_a_callback_ends_as_not_reached() -> None:
    office = asked()
    office.wait(3600)
    assert (office.record("c1").outcome, office.record("c1").callback_attempts) == ("callback_failed", 0)


def test_no_attempt_begins_after_the_lifetime() -> None:
    office = dialling(lifetime_seconds=100, attempts=9)
    office.wait(90)
    fail(office)
    assert office.record("c1").outcome == "callback_failed"


def test_customers_are_called_only_within_the_hours() -> None:
    opens, closes = 1000 + 2600, 1000 + 2600 + 3600  # 01:00 and 02:00 UTC
    day = {each: (Hours("01:00-02:00"),) for each in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    calendar = Calendar(id=CalendarId("day"), name="", time_zone="UTC", weekly=day)  # type: ignore[arg-type]
    callback = replace(RULES, open=CalendarId("day"), lifetime_seconds=1e6)
    office = Office(replace(sales(callback=callback), calendars=(calendar,)))
    office.queue("c1")
    office.do(KeyPressed(contact=C1, key="1"))
    office.do(LEFT)
    office.come(BORIS)
    assert office.contact("c1").state is ContactState.POSTPONED
    office.wait(opens - office.now - 1)
    assert office.contact("c1").state is ContactState.POSTPONED
    assert only(Offer, office.wait(2)).contact == C1
    office.do(OfferDeclined(contact=C1, agent=BORIS, offer=OfferNumber(1)))
    office.wait(closes - office.now)
    assert office.contact("c1").state is ContactState.POSTPONED


def hours(*open_: str, **fields: Any) -> Configuration:
    """c1 is called back only then, on any day."""
    day = {each: tuple(Hours(span) for span in open_) for each in WEEKDAYS}
    calendar = Calendar(id=CalendarId("day"), name="", time_zone="UTC", weekly=day)
    callback = replace(RULES, open=CalendarId("day"), lifetime_seconds=1e6, **fields)
    return replace(sales(callback=callback, ring_seconds=1e5), calendars=(calendar,))


def test_customer_who_waits_for_the_hours_goes_by_those_of_a_new_set_up() -> None:
    office = Office(hours("05:00-06:00"))
    office.queue("c1")
    office.do(KeyPressed(contact=C1, key="1"))
    office.do(LEFT)
    assert office.contact("c1").state is ContactState.POSTPONED
    office.come(BORIS)
    (offered,) = of(Offer, office.do(Configured(configuration=hours("00:00-01:00"))))
    assert offered.contact == C1, "it is open now"
    office.do(Configured(configuration=hours("00:00-00:30")))
    assert office.contact("c1").state is ContactState.OFFERED, "still open: nothing is taken back"
    assert [each.agent for each in of(Withdraw, office.wait(1800 - office.now))] == [BORIS]
    assert office.contact("c1").state is ContactState.POSTPONED, "and the hours that end are the new ones"
    office.do(Configured(configuration=hours("05:00-06:00")))
    office.wait(5 * 3600 - 1 - office.now)
    assert office.contact("c1").state is ContactState.POSTPONED
    assert only(Offer, office.wait(2)).contact == C1


def test_pause_after_an_attempt_is_kept_by_a_new_set_up() -> None:
    office = Office(hours("00:00-06:00"))
    office.queue("c1")
    office.do(KeyPressed(contact=C1, key="1"))
    office.do(LEFT)
    office.come(BORIS)
    office.answer("c1")
    fail(office)
    office.do(Configured(configuration=hours("00:00-07:00")))
    assert office.contact("c1").state is ContactState.POSTPONED
    assert only(Offer, office.wait(61)).contact == C1


def test_supervisor_cancels_a_callback_but_not_one_that_is_being_carried_out() -> None:
    office = asked()
    decisions = office.do(CallbackCancelled(contact=C1, by="boss"))
    assert only(End, decisions).contact == C1
    assert office.record("c1").outcome == "callback_cancelled"
    assert only(Refuse, office.do(CallbackCancelled(contact=C1, by="boss"))).code == "no_such_contact"
    office = dialling()
    assert only(Refuse, office.do(CallbackCancelled(contact=C1, by="boss"))).code == "move_not_allowed"
    stranger(office, "c2")
    assert only(Refuse, office.do(CallbackCancelled(contact=C2, by="boss"))).code == "no_such_callback"


def test_callback_waits_on_in_the_first_queue_when_its_own_is_no_more() -> None:
    office = asked()
    office.do(Configured(configuration=replace(CONFIGURATION, queues=CONFIGURATION.queues[1:])))
    assert office.contact("c1").queue == SUPPORT
    assert only(Offer, office.come(ANNA)).away


def test_restart_keeps_everything_and_says_what_may_not_have_been_done() -> None:
    office = Office(sales())
    office.queue("c1")
    said = only(Say, office.do(KeyPressed(contact=C1, key="1")))
    assert Engine.restore(office.engine.snapshot()).words_under_way() == [said]
    office = dialling()
    assert Engine.restore(office.engine.snapshot()).calls_under_way() == []
    office.do(ContactFinished(contact=C1, agent=BORIS))
    assert Engine.restore(office.engine.snapshot()).calls_under_way() == [End(contact=C1)]
    office = dialling()
    office.do(CallAnswered(contact=C1, attempt=1))
    assert Engine.restore(office.engine.snapshot()).calls_under_way() == [Record(contact=C1)]


def test_recording_of_the_talk_stands_for_the_contact_whichever_comes_first() -> None:
    office = dialling()
    office.do(RecordingStored(contact=C1, key="talk", seconds=9.0, attempt=1))
    office.do(RecordingStored(contact=C1, key="wait", seconds=5.0))
    assert office.record("c1").recording_key == "talk"


# set-up


@pytest.mark.parametrize(
    ("words", "place", "code"),
    [
        ({"callback": Callback(attempts=0)}, "queues[0].callback.attempts", "config_attempts"),
        ({"callback": Callback(attempts=-1)}, "queues[0].callback.attempts", "config_attempts"),
        ({"callback": Callback(ring_seconds=0)}, "queues[0].callback.ring_seconds", "config_seconds"),
        ({"callback": Callback(retry_seconds=-1)}, "queues[0].callback.retry_seconds", "config_seconds"),
        ({"callback": Callback(lifetime_seconds=0)}, "queues[0].callback.lifetime_seconds", "config_seconds"),
        ({"callback": Callback(open=CalendarId("x"))}, "queues[0].callback.open", "config_no_calendar"),
        ({"callback": Callback(prefixes=("abc",))}, "queues[0].callback.prefixes[0]", "config_number"),
        ({"exits": (Exit(digit="1", to=Destination(callback=True, queue=SUPPORT)),)}, "queues[0].exits[0].to", "config_destination"),
    ],
)  # fmt: skip
def test_bad_callback_is_refused_with_its_place(words: dict[str, Any], place: str, code: str) -> None:
    assert [(fault.place, fault.code) for fault in faults(sales(**words)) if not fault.warning] == [(place, code)]


def test_callback_before_any_queue_is_refused() -> None:
    entry = replace(CONFIGURATION.entry_points[0], rules=(EntryRule(id="r", to=BACK),))
    found = faults(replace(CONFIGURATION, entry_points=(entry, CONFIGURATION.entry_points[1])))
    assert ("entry_points[0].rules[0].to.callback", "config_callback_place") in [(f.place, f.code) for f in found]


def test_callback_out_of_a_queue_is_allowed() -> None:
    assert faults(sales(max_waiting=1, otherwise=BACK)) == []


def test_answer_that_comes_too_late_for_a_callback_releases_the_agent_only() -> None:
    office = asked()
    office.come(BORIS)
    office.do(OfferDeclined(contact=C1, agent=BORIS, offer=OfferNumber(1)))
    assert of(Dial, office.do(OfferAnswered(contact=C1, agent=BORIS, offer=OfferNumber(1)))) == []


# Out of a scenario, and at another number.

OTHER = "+79031112233"


def from_scenario(office: Office, number: str | None = None, name: str = "c1") -> list[Decision]:
    office.arrive(name)
    return office.do(ContactQueued(contact=ContactId(name), queue=SALES, callback=True, number=number))


def test_scenario_asks_for_a_callback_and_the_place_is_taken_with_it() -> None:
    office = Office(sales())
    said = only(Say, from_scenario(office))
    assert "с которого вы звоните" in said.speech[0].text
    assert (office.contact("c1").state, office.contact("c1").key) == (ContactState.POSTPONED, (1000.0, C1))
    office.do(LEFT)
    assert office.contact("c1").state is ContactState.WAITING
    assert only(Offer, office.come(BORIS)).away


def test_customer_is_called_at_the_number_that_was_given() -> None:
    office = Office(sales(callback=replace(RULES, prefixes=("+7",))))
    said = only(Say, from_scenario(office, OTHER))
    assert "который вы набрали" in said.speech[0].text
    assert office.contact("c1").called_number == OTHER
    assert Engine.restore(office.engine.snapshot()).contact(C1) == office.contact("c1")


def test_customer_without_a_number_may_give_one() -> None:
    office = Office(sales())
    office.do(ContactArrived(contact=C1, channel="voice", entry_point=RUSSIAN, dnis="1000", leg=""))
    office.do(ContactQueued(contact=C1, queue=SALES, callback=True, number=OTHER))
    assert (office.contact("c1").state, office.contact("c1").called_number) == (ContactState.POSTPONED, OTHER)


@pytest.mark.parametrize(
    ("number", "code"), [("112", "callback_no_number"), ("+4930123456", "callback_not_allowed"), (None, None)]
)
def test_given_number_that_may_not_be_called_is_told_of_and_the_customer_waits_on(
    number: str | None, code: str | None
) -> None:
    office = Office(sales(callback=replace(RULES, prefixes=("+7",))))
    if number is None:
        code = "callback_no_trunk"
        office.do(NO_TRUNK)
    decisions = from_scenario(office, number)
    assert only(Refuse, decisions).code == code
    only(PlayMusic, decisions)
    only(Announce, decisions)  # why; the place is said the next time
    assert (office.contact("c1").state, office.contact("c1").callback) == (ContactState.WAITING, None)


def test_new_call_from_the_number_that_was_given_takes_the_place() -> None:
    office = Office(sales())
    from_scenario(office, OTHER)
    office.do(LEFT)
    office.wait(50)
    office.do(ContactArrived(contact=C2, channel="voice", entry_point=RUSSIAN, dnis="1000", leg="", ani=OTHER))
    office.do(ContactQueued(contact=C2, queue=SALES))
    assert office.engine.contact(C1) is None
    assert office.record("c1").outcome == "callback_merged"
    assert office.contact("c2").key[0] == 1000.0


def test_two_who_call_from_one_number_and_give_different_ones_are_both_called() -> None:
    office = Office(sales())
    from_scenario(office, OTHER)
    office.do(LEFT)
    from_scenario(office, "+79031112244", "c2")
    assert office.contact("c1").to_be_called
    assert office.contact("c2").called_number == "+79031112244"


def test_second_callback_to_the_same_given_number_takes_the_place_of_the_first() -> None:
    office = Office(sales())
    from_scenario(office, OTHER)
    office.do(LEFT)
    office.wait(40)
    from_scenario(office, OTHER, "c2")
    assert office.engine.contact(C1) is None
    assert office.contact("c2").key[0] == 1000.0


def test_whether_a_callback_can_be_had_is_known_before_a_number_is_asked() -> None:
    office = Office(sales(callback=replace(RULES, prefixes=("+49",))))
    office.arrive("c1")
    may = office.engine.may_call_back
    assert (may(C1, SALES, own=True), may(C1, SALES, own=False), may(C1, SUPPORT, own=True)) == (False, True, True)
    office.do(NO_TRUNK)
    assert not may(C1, SALES, own=False)
