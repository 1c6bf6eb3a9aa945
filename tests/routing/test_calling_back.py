"""Calls at a chosen time: asked for by anybody, kept until then, moved, cancelled, refused with the nearest time that can be had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, RUSSIAN, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import (
    Callback,
    CallbackTimes,
    Conditions,
    Configuration,
    Destination,
    EntryRule,
    IncidentSwitch,
    Ring,
    Speech,
)
from otklik.contact.decisions import Announce, Connect, Decision, Dial, End, Offer, Refuse, Say
from otklik.contact.division import Division
from otklik.contact.facts import (
    CallAnswered,
    CallbackAsked,
    CallbackCancelled,
    CallbackMoved,
    CallFailed,
    CallsOutChanged,
    Configured,
    ContactFinished,
    ContactQueued,
    CustomerIdentified,
    CustomerLeft,
    IncidentSwitched,
    VerbFinished,
)
from otklik.contact.hours import Calendar, CalendarId, Hours, SpecialDay, Weekday
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, QueueId
from otklik.routing import ContactState, Engine

C1, C2 = ContactId("c1"), ContactId("c2")
IVAN, MARIA = "+79161234567", "+74950000000"
WORKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
DAY = Calendar(
    id=CalendarId("day"),
    name="",
    time_zone="Europe/Berlin",
    weekly={each: (Hours("09:00-18:00"),) for each in WORKDAYS},
    holidays=(SpecialDay(date="12-25", name=""),),
)
MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def set_up(times: CallbackTimes | None = None, *, open: bool = False, **words: Any) -> Configuration:
    callback = Callback(
        attempts=2,
        retry_seconds=60,
        lifetime_seconds=3600,
        prefixes=("+7",),
        open=DAY.id if open else None,
        times=times or CallbackTimes(),
    )
    sales, *others = CONFIGURATION.queues
    queues = (replace(sales, callback=callback, **words), *others)
    return replace(CONFIGURATION, queues=queues, calendars=(DAY,))


def office(*ready: AgentId, now: datetime | None = None, **how: Any) -> Office:
    made = Office(set_up(**how), *ready)
    if now is not None:
        made.wait(now.timestamp() - made.now)
    return made


def ask(office: Office, name: str = "c1", *, queue: QueueId | None = SALES, **how: Any) -> list[Decision]:
    return office.do(CallbackAsked(**{"contact": ContactId(name), "queue": queue, "number": IVAN, **how}))


def refused(decisions: Iterable[Decision]) -> tuple[str, str | None]:
    """The code, and the nearest time on the clock of the calendar."""
    found = only(Refuse, list(decisions))
    nearest = datetime.fromtimestamp(found.nearest, ZoneInfo(DAY.time_zone)) if found.nearest is not None else None
    return found.code, f"{nearest:%a %H:%M}" if nearest else None


def at(hour: int, minute: int = 0, *, day: int = 0) -> float:
    return (
        MONDAY.replace(day=MONDAY.day + day, hour=hour, minute=minute).timestamp()
        if day <= 0
        else _later(hour, minute, day)
    )


def _later(hour: int, minute: int, day: int) -> float:
    return datetime(2026, 12, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


def test_call_waits_without_occupying_anybody_and_is_offered_at_its_time() -> None:
    made = office(BORIS)
    assert of(Offer, ask(made, at=made.now + 3600)) == []
    contact = made.contact("c1")
    assert (contact.state, contact.away, contact.queue) == (ContactState.POSTPONED, True, SALES)
    assert made.wait(3599) == []
    assert only(Offer, made.wait(1)).contact == C1
    dial = only(Dial, made.answer("c1"))
    assert (dial.attempt, dial.agent) == (1, BORIS)
    assert only(Connect, made.do(CallAnswered(contact=C1, attempt=1))).agent == BORIS
    made.wait(30)
    made.do(ContactFinished(contact=C1, agent=BORIS))
    record = made.record("c1")
    assert (record.outcome, record.callback_at, record.callback_attempts) == ("answered", 4600.0, 1)
    assert (record.callback_seconds, record.callback_promised_seconds, record.wait_seconds) == (0.0, 1800.0, 0)
    assert [each.kind for each in record.segments] == ["scheduled", "callback", "agent"]


def test_who_could_not_be_called_at_the_time_keeps_the_place_of_that_time_and_it_is_scored() -> None:
    made = office()
    made.queue("early")
    ask(made, at=2000.0, number=MARIA)
    made.wait(900)
    made.queue("before")
    made.wait(400)
    made.queue("after")
    order: list[str] = []
    for _ in range(4):
        offered = only(Offer, made.come(BORIS) if not order else made.wait(0) or made.come(BORIS))
        order.append(offered.contact)
        made.answer(offered.contact)
        if offered.contact == C1:
            made.do(CallAnswered(contact=C1, attempt=1))
        made.do(CustomerLeft(contact=offered.contact, cause="hung_up", attempt=1 if offered.contact == C1 else 0))
        made.wait(100)
    assert order == ["early", "before", "c1", "after"]
    assert made.engine.figures()[0].callbacks is not None


def test_call_as_soon_as_may_be_is_offered_at_once_and_twice_is_once() -> None:
    made = office(BORIS)
    assert only(Offer, ask(made)).contact == C1
    assert ask(made) == []
    assert made.record("c1").callback_at is None
    assert made.contact("c1").callback.promised_seconds is not None  # type: ignore[union-attr]


def test_attempt_that_reaches_nobody_is_repeated_and_the_last_ends_it() -> None:
    made = office(BORIS)
    ask(made, at=2000.0)
    made.wait(1000)
    made.answer("c1")
    made.do(CallFailed(contact=C1, attempt=1, cause="busy"))
    assert made.contact("c1").state is ContactState.POSTPONED
    assert only(Offer, made.wait(60)).contact == C1
    made.answer("c1")
    made.do(CallFailed(contact=C1, attempt=2, cause="no_answer"))
    assert (made.record("c1").outcome, made.record("c1").callback_attempts) == ("callback_failed", 2)


def test_who_was_not_called_within_the_lifetime_after_the_time_is_not_any_more() -> None:
    made = office()
    ask(made, at=10_000.0)
    made.wait(9000 + 3599)
    assert made.record("c1").outcome == "open"
    made.wait(1)
    assert made.record("c1").outcome == "callback_failed"


def test_personal_call_is_tried_with_its_agent_alone_and_then_with_the_queue() -> None:
    made = office(BORIS)
    ask(made, at=2000.0, by="anna", agent=ANNA, agent_seconds=300.0)
    assert [each.id for each in made.engine.callbacks_of(ANNA)] == [C1]
    made.come(ANNA)
    made.do(ContactQueued(contact=ContactId("x"), queue=SALES))
    offered = only(Offer, made.wait(1000))
    assert (offered.contact, offered.agent) == (C1, ANNA)
    made.wait(20)  # she does not answer
    assert made.contact("c1").agent == BORIS, "nobody waits for an agent who missed it"


def test_personal_call_waits_for_a_busy_agent_as_long_as_was_said() -> None:
    made = office(ANNA)
    made.talk("busy")
    made.come(BORIS)
    ask(made, at=2000.0, agent=ANNA, agent_seconds=300.0, number=MARIA)
    assert of(Offer, made.wait(1000)) == []
    assert of(Offer, made.wait(299)) == []
    assert only(Offer, made.wait(1)).agent == BORIS


def test_personal_call_of_an_agent_who_is_not_there_is_the_queues_at_once() -> None:
    made = office(BORIS)
    ask(made, at=2000.0, agent=ANNA)
    assert only(Offer, made.wait(1000)).agent == BORIS


def test_customer_who_is_known_by_then_is_tried_with_whoever_is_familiar() -> None:
    made = office(BORIS, ANNA, personal_seconds=60.0)
    ask(made, at=2000.0)
    made.do(CustomerIdentified(contact=C1, customer=CustomerId("ivan"), vip=False, manager=ANNA))
    assert only(Offer, made.wait(1000)).agent == ANNA


def test_rings_are_counted_from_the_time_on() -> None:
    made = office(BORIS, requires="language = xx", rings=(Ring(after_seconds=30.0),))
    ask(made, at=2000.0)
    assert of(Offer, made.wait(1029)) == []
    assert only(Offer, made.wait(1)).agent == BORIS


# hours and windows


@pytest.mark.parametrize(
    ("time", "code", "nearest"),
    [
        (at(20), "callback_closed", "Tue 09:00"),
        (at(7), "callback_time_past", "Mon 09:00"),
        (datetime(2026, 12, 25, 10, 0, tzinfo=ZoneInfo("Europe/Berlin")).timestamp(), "callback_too_far", None),
        (_later(3, 0, 5), "callback_closed", "Mon 09:00"),
    ],
)
def test_time_that_cannot_be_is_refused_with_the_nearest_that_can(time: float, code: str, nearest: str | None) -> None:
    made = office(now=MONDAY, open=True)
    assert refused(ask(made, at=time)) == (code, nearest)
    assert made.engine.contact(C1) is None


def test_holiday_is_passed_over() -> None:
    made = office(now=datetime(2026, 12, 24, 17, 0, tzinfo=ZoneInfo("Europe/Berlin")), open=True)
    holiday = datetime(2026, 12, 25, 10, 0, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    assert refused(ask(made, at=holiday)) == ("callback_closed", "Mon 09:00")


def test_no_more_than_the_window_takes_choose_the_same_time() -> None:
    made = office(now=MONDAY, open=True, times=CallbackTimes(most=3))
    for number in range(3):
        assert of(Refuse, ask(made, f"c{number}", number=f"+7916000000{number}", at=at(10, number * 5))) == []
    assert refused(ask(made, "late", number=MARIA, at=at(10, 29))) == ("callback_full", "Mon 10:30")
    assert of(Refuse, ask(made, "own", number=MARIA, at=at(10, 29), agent=ANNA)) == [], "one agent's own"
    made.do(CallbackCancelled(contact=ContactId("c1"), by="olga"))
    assert of(Refuse, ask(made, "late", number="+79990000000", at=at(10, 29))) == []


def test_two_hundred_who_want_ten_o_clock_are_spread_over_the_day() -> None:
    made = office(now=MONDAY, open=True, times=CallbackTimes(most=10))
    wanted = at(10)
    for number in range(200):
        time = wanted
        for _ in range(30):
            decisions = ask(made, f"c{number}", number=f"+7916{number:07}", at=time)
            if not of(Refuse, decisions):
                break
            nearest = only(Refuse, decisions).nearest
            assert nearest is not None
            time = nearest
    starts = [each.callback.chosen_at for each in made.engine.contacts() if each.callback]
    assert len(starts) == 200
    assert max(starts.count(each) for each in starts) == 10


def test_free_times_begin_with_the_opening_and_leave_out_what_is_full() -> None:
    made = office(now=MONDAY, open=True, times=CallbackTimes(most=1, window_seconds=3600))
    ask(made, at=at(10, 15))
    found = made.engine.callback_times(SALES, None, made.now, 3, now=made.now)
    assert found == [at(9), at(11), at(12)]
    assert made.engine.callback_times(SALES, None, at(17, 30), 1) == [_later(9, 0, 1)]
    assert made.engine.callback_times(SALES, None, made.now, 2, alone=True) == [at(9), at(10)]


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 22), (10, 25, 24)])
def test_windows_follow_the_clock_on_the_wall_over_its_shifts(month: int, day: int, hours: int) -> None:
    """In Berlin 29 March 2026 has no 02:00, 25 October has it twice."""
    berlin = ZoneInfo("Europe/Berlin")
    whole = Calendar(
        id=DAY.id,
        name="",
        time_zone="Europe/Berlin",
        weekly={each: (Hours("00:00-24:00"),) for each in (*WORKDAYS, "sat", "sun")},
    )
    made = Office(replace(set_up(CallbackTimes(window_seconds=3600), open=True), calendars=(whole,)))
    midnight = datetime(2026, month, day, 0, 30, tzinfo=berlin)
    made.wait(midnight.timestamp() - made.now)
    found = made.engine.callback_times(SALES, None, made.now, 40, now=made.now)
    shown = [datetime.fromtimestamp(each, berlin) for each in found]
    assert all(each.minute == 0 for each in shown)
    assert sorted(found) == found and len(set(found)) == 40
    assert len([each for each in shown if each.day == day]) == hours
    ten = datetime(2026, month, day, 10, 0, tzinfo=berlin)
    ask(made, at=ten.timestamp())
    made.come(BORIS)
    made.wait(ten.timestamp() - made.now - 1)
    assert made.contact("c1").state is ContactState.POSTPONED
    assert only(Offer, made.wait(1)).contact == C1


def test_calendar_that_was_changed_meanwhile_holds_when_the_time_comes() -> None:
    made = office(BORIS, now=MONDAY, open=True)
    ask(made, at=at(10))
    later = replace(DAY, exceptions=(SpecialDay(date="2026-11-30", name="", hours=(Hours("10:30-18:00"),)),))
    made.do(Configured(configuration=replace(set_up(open=True), calendars=(later,))))
    assert of(Offer, made.wait(at(10, 29) - made.now)) == []
    assert made.contact("c1").callback.due_at == at(10, 30)  # type: ignore[union-attr]


def test_as_soon_as_may_be_out_of_hours_is_refused_with_the_opening() -> None:
    made = office(now=MONDAY, open=True)
    assert refused(ask(made)) == ("callback_closed", "Mon 09:00")


def test_as_soon_as_may_be_out_of_hours_names_a_window_that_is_not_full() -> None:
    made = office(now=MONDAY, open=True, times=CallbackTimes(most=1))
    ask(made, "c2", number=MARIA, at=at(9))
    assert refused(ask(made)) == ("callback_closed", "Mon 09:30")
    assert refused(ask(made, agent=ANNA)) == ("callback_closed", "Mon 09:00")


NEVER = datetime(9999, 12, 31, 23, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("time", [NEVER, NEVER + 86_400.0])
@pytest.mark.parametrize("queue", [SALES, None])
def test_time_at_the_end_of_the_calendar_of_years_is_too_far_like_any_other(time: float, queue: QueueId | None) -> None:
    made = office(now=MONDAY, open=True)
    first, *others = made.engine.configuration.entry_points
    ruled = replace(first, rules=(EntryRule(id="day", when=Conditions(open=DAY.id), to=Destination(queue=SALES)),))
    made.do(Configured(configuration=replace(made.engine.configuration, entry_points=(ruled, *others))))
    assert refused(ask(made, queue=queue, entry_point=RUSSIAN, at=time))[0] == "callback_too_far"
    assert made.engine.callback_times(queue, RUSSIAN, time, 3) == []
    ask(made, "c2", at=at(10))
    assert refused(made.do(CallbackMoved(contact=C2, at=time)))[0] == "callback_too_far"


# moving, cancelling, other callbacks of the same customer


def test_time_that_the_customer_gives_up_for_another_does_not_stand_in_its_way() -> None:
    made = office(now=MONDAY, open=True, times=CallbackTimes(most=1))
    ask(made, at=at(10))
    assert of(Refuse, ask(made, "c2", at=at(10, 10))) == []
    assert made.record("c1").outcome == "callback_merged"
    assert refused(ask(made, "c3", number=MARIA, at=at(10, 20))) == ("callback_full", "Mon 10:30")


def test_moved_call_comes_at_its_new_time_alone() -> None:
    made = office(BORIS)
    ask(made, at=2000.0)
    assert of(Refuse, made.do(CallbackMoved(contact=C1, at=9000.0, by="olga"))) == []
    assert of(Offer, made.wait(4000 + 3000)) == [], "nor is it over at the end of the first time"
    assert made.record("c1").outcome == "open"
    assert only(Offer, made.wait(1000)).contact == C1
    assert made.record("c1").callback_at == 9000.0


def test_call_whose_turn_is_waited_for_or_that_rings_may_be_moved_too() -> None:
    made = office(BORIS)
    ask(made, at=2000.0)
    made.wait(1000)
    assert made.contact("c1").state is ContactState.OFFERED
    made.do(CallbackMoved(contact=C1, at=5000.0))
    assert (made.contact("c1").state, made.agent(BORIS).state.value) == (ContactState.POSTPONED, "ready")
    assert only(Offer, made.wait(3000)).agent == BORIS
    made.answer("c1")
    assert only(Refuse, made.do(CallbackMoved(contact=C1, at=9000.0))).code == "move_not_allowed"
    assert only(Refuse, made.do(CallbackMoved(contact=C2, at=9000.0))).code == "no_such_contact"


def test_moving_within_the_own_window_is_not_kept_back_by_itself() -> None:
    made = office(now=MONDAY, open=True, times=CallbackTimes(most=1))
    ask(made, at=at(10))
    assert of(Refuse, made.do(CallbackMoved(contact=C1, at=at(10, 20)))) == []
    ask(made, "c2", number=MARIA, at=at(11))
    assert refused(made.do(CallbackMoved(contact=C1, at=at(11, 5)))) == ("callback_full", "Mon 11:30")


def test_cancelled_call_is_not_made() -> None:
    made = office(BORIS)
    ask(made, at=2000.0)
    made.do(CallbackCancelled(contact=C1, by="olga"))
    assert made.wait(5000) == []
    assert made.record("c1").outcome == "callback_cancelled"


def test_another_time_of_the_same_customer_stands_in_place_of_the_first() -> None:
    made = office()
    ask(made, at=5000.0)
    ask(made, "c2", at=7000.0)
    assert made.record("c1").outcome == "callback_merged"
    ask(made, "own", at=8000.0, agent=ANNA)
    assert made.record("c2").outcome == "open", "what an agent is to do is another matter"


def test_customer_who_calls_before_the_time_is_called_then_all_the_same() -> None:
    made = office()
    ask(made, at=5000.0)
    made.queue("now")
    assert made.record("c1").outcome == "open"
    assert made.contact("now").key[0] == 1000.0, "nor does the time give the call a place"


# who may, and where


def test_without_a_queue_the_rules_of_the_entry_point_lead_as_at_the_time() -> None:
    night = EntryRule(id="night", when=Conditions(open=DAY.id), to=Destination(queue=SALES))
    shut = EntryRule(id="shut", to=Destination(reject=Speech(text="Закрыто", language="ru")))
    first, second = CONFIGURATION.entry_points
    made = Office(replace(set_up(), entry_points=(replace(first, rules=(night, shut)), second)))
    made.wait(MONDAY.timestamp() - made.now)
    assert refused(ask(made, queue=None, entry_point=RUSSIAN, at=at(20)))[0] == "callback_turned_away"
    ask(made, queue=None, entry_point=RUSSIAN, at=at(10))
    assert made.contact("c1").queue == SALES
    assert made.record("c1").entry_rule == "rule:night"
    ask(made, "c2", queue=None, entry_point=second.id, at=at(10))
    assert made.contact("c2").queue == SUPPORT, "where a scenario stands, its otherwise counts"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"number": "112"}, "callback_no_number"),
        ({"number": "+4930123456"}, "callback_not_allowed"),
        ({"queue": QueueId("nowhere")}, "no_such_queue"),
        ({"entry_point": EntryPointId("nowhere")}, "no_such_entry_point"),
        ({"by": KATE}, "not_your_queue"),
        ({"agent": AgentId("nobody")}, "callback_no_agent"),
    ],
)
def test_what_cannot_be_kept_is_not_promised(how: dict[str, Any], code: str) -> None:
    made = office()
    assert only(Refuse, ask(made, at=2000.0, **how)).code == code
    made.do(CallsOutChanged(possible=False))
    assert only(Refuse, ask(made, at=2000.0)).code == "callback_no_trunk"


def test_agent_of_another_centre_is_not_asked() -> None:
    known = set_up()
    anna, *others = known.agents
    sales, support = known.queues
    made = Office(
        replace(
            known,
            divisions=(Division(id="a", name=""), Division(id="b", name="")),
            agents=(replace(anna, division="b", queues={SUPPORT: 5}), *others),
            queues=(replace(sales, division="a"), support),
        )
    )
    assert only(Refuse, ask(made, at=2000.0, agent=ANNA)).code == "callback_no_agent"


def test_trunk_that_is_gone_at_the_time_is_waited_for() -> None:
    made = office(BORIS)
    ask(made, at=2000.0)
    made.do(CallsOutChanged(possible=False))
    assert of(Offer, made.wait(1500)) == []
    assert only(Offer, made.do(CallsOutChanged(possible=True))).contact == C1
    assert made.wait(0) == []


def test_trunk_that_comes_back_before_the_time_hastens_nothing() -> None:
    made = office(BORIS)
    ask(made, at=2000.0)
    made.do(CallsOutChanged(possible=False))
    assert made.do(CallsOutChanged(possible=True)) == []
    assert only(Offer, made.wait(1000)).contact == C1


def at_night(*rules: EntryRule, **words: Any) -> Office:
    first, second = CONFIGURATION.entry_points
    made = Office(replace(set_up(**words), entry_points=(replace(first, rules=rules), second)))
    made.wait(MONDAY.timestamp() - made.now)
    return made


CLOSED = EntryRule(id="shut", to=Destination(reject=Speech(text="Закрыто", language="ru")))


def test_times_by_the_rules_of_an_entry_point_are_those_at_which_they_lead_to_a_queue() -> None:
    own = Conditions(open=DAY.id, dialled=(CONFIGURATION.entry_points[0].number,))
    made = at_night(EntryRule(id="day", when=own, to=Destination(queue=SALES)), CLOSED)
    found = made.engine.callback_times(None, RUSSIAN, at(8), 19, now=made.now)
    assert (found[0], found[17], found[18]) == (at(9), at(17, 30), _later(9, 0, 1))
    for number, time in enumerate(found):
        assert of(Refuse, ask(made, f"c{number}", queue=None, entry_point=RUSSIAN, at=time)) == []


def test_incident_of_now_does_not_turn_away_who_asks_for_later() -> None:
    made = at_night(EntryRule(id="all", to=Destination(queue=SALES)))
    fire = IncidentSwitch(entry_point=None, to=CLOSED.to)
    made.do(Configured(configuration=replace(made.engine.configuration, incident_switches=(fire,))))
    made.do(IncidentSwitched(entry_point=None, on=True, by="olga"))
    assert made.engine.callback_times(None, RUSSIAN, made.now, 1, now=made.now) == [at(8, 30)]
    assert of(Refuse, ask(made, queue=None, entry_point=RUSSIAN, at=at(10))) == []
    assert refused(ask(made, "c2", queue=None, entry_point=RUSSIAN))[0] == "callback_turned_away"


# out of a scenario


def test_customer_in_a_scenario_chooses_a_time_hangs_up_and_is_called_then() -> None:
    made = office(BORIS)
    made.do(replace_status(BORIS))
    made.arrive("c1")
    said = only(Say, made.do(ContactQueued(contact=C1, queue=SALES, callback=True, callback_at=5000.0)))
    assert "в выбранное время" in said.speech[0].text
    assert only(End, made.do(VerbFinished(contact=C1, step=said.step, outcome="done"))).contact == C1
    made.do(CustomerLeft(contact=C1, cause="hung_up"))
    made.come(BORIS)
    assert made.contact("c1").state is ContactState.POSTPONED
    assert only(Offer, made.wait(4000)).contact == C1
    kinds = [each.kind for each in made.record("c1").segments]
    assert kinds == ["scenario", "queue", "scheduled", "callback"]


def test_time_that_was_taken_meanwhile_leaves_the_customer_on_the_line() -> None:
    made = office(times=CallbackTimes(most=1))
    ask(made, "c2", number=MARIA, at=5000.0)
    made.arrive("c1")
    decisions = made.do(ContactQueued(contact=C1, queue=SALES, callback=True, callback_at=5000.0))
    assert only(Refuse, decisions).code == "callback_full"
    assert of(Announce, decisions) and made.contact("c1").state is ContactState.WAITING


def replace_status(agent: AgentId) -> Any:
    from otklik.contact.facts import StatusChosen

    return StatusChosen(agent=agent, status="not_ready")


def test_engine_that_was_kept_and_restored_goes_on_with_the_same_times() -> None:
    made = office(now=MONDAY, open=True, times=CallbackTimes(most=1))
    ask(made, at=at(10), by="anna")
    restored = Engine.restore(made.engine.snapshot())
    assert restored.callback_times(SALES, None, at(10), 1) == made.engine.callback_times(SALES, None, at(10), 1)
    assert [each.id for each in restored.callbacks_of(ANNA)] == [C1]
    assert restored.snapshot() == made.engine.snapshot()
