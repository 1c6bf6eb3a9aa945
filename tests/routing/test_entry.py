"""Where a new contact goes, by the table of its entry point, the hour and the incident switches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec import structs
from tests.routing.centre import CONFIGURATION, ENGLISH, RUSSIAN, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import (
    Conditions,
    Configuration,
    Destination,
    EntryRule,
    IncidentSwitch,
    NumberList,
    Speech,
)
from otklik.contact.decisions import End, Refuse, RunScenario, Say, SetTimer
from otklik.contact.facts import ContactArrived, CustomerLeft, IncidentSwitched, VerbFinished
from otklik.contact.hours import Calendar, CalendarId, Hours
from otklik.contact.ids import ContactId, EntryPointId, NumberListId, ScenarioId
from otklik.routing import ContactState, Engine
from otklik.routing.entry import Entrance

REGULARS = NumberListId("regulars")
OFFICE = CalendarId("office")
TO_SALES, TO_SUPPORT = Destination(queue=SALES), Destination(queue=SUPPORT)
CLOSED = Speech(text="Мы закрыты.", language="ru")
MONDAY_NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp()
"""Noon in Moscow."""
HOUR = 3600


def with_rules(*rules: EntryRule, switches: tuple[IncidentSwitch, ...] = ()) -> Configuration:
    """The usual set-up; the rules are those of the Russian entry point, in Moscow."""
    russian, english = CONFIGURATION.entry_points
    return replace(
        CONFIGURATION,
        entry_points=(replace(russian, rules=rules, time_zone="Europe/Moscow"), english),
        calendars=(
            Calendar(
                id=OFFICE,
                name="Office",
                time_zone="Europe/Moscow",
                weekly=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (Hours("09:00-18:00"),)),
            ),
        ),
        number_lists=(NumberList(id=REGULARS, name="Regulars", numbers=("+7 (916) 123-45-67", "+12025550123")),),
        incident_switches=switches,
    )


def arrived(name: str = "c1", *, ani: str | None = "+79161234567", dnis: str = "1000") -> ContactArrived:
    return ContactArrived(
        contact=ContactId(name), channel="voice", entry_point=RUSSIAN, dnis=dnis, leg=f"leg-{name}", ani=ani
    )


def rule_that_holds(when: Conditions, *, now: float = MONDAY_NOON, **call: str | None) -> str:
    configuration = with_rules(EntryRule(id="only", to=TO_SALES, when=when))
    return Entrance(configuration).admit({}, arrived(**call), now).rule  # type: ignore[arg-type]  # any fields, by name


@pytest.mark.parametrize(
    "when",
    [
        Conditions(),
        Conditions(dialled=("8800", "+1000")),
        Conditions(caller=("+7 916 123-45-67",)),
        Conditions(caller_prefix=("+7916",)),
        Conditions(caller_list=(REGULARS,)),
        Conditions(caller=("+1",), caller_list=(REGULARS,)),
        Conditions(hidden=False),
        Conditions(channel=("voice",)),
        Conditions(open=OFFICE),
        Conditions(days=("sun", "mon")),
        Conditions(hours=(Hours("11:00-13:00"),)),
        Conditions(days=("mon",), hours=(Hours("12:00-12:01"),), open=OFFICE, caller_prefix=("7",)),
        Conditions(incident=False),
        Conditions(open=CalendarId("no longer there")),
    ],
)
def test_rule_holds_when_all_it_says_is_so(when: Conditions) -> None:
    assert rule_that_holds(when) == "rule:only"


@pytest.mark.parametrize(
    "when",
    [
        Conditions(dialled=("2000",)),
        Conditions(caller=("+7916123456",)),
        Conditions(caller_prefix=("+7495",)),
        Conditions(caller_list=(NumberListId("others"),)),
        Conditions(hidden=True),
        Conditions(closed=OFFICE),
        Conditions(days=("tue",)),
        Conditions(hours=(Hours("12:01-13:00"), Hours("09:00-12:00"))),
        Conditions(days=("sun",), hours=(Hours("22:00-11:59"),)),
        Conditions(incident=True),
        Conditions(open=OFFICE, caller=("+1",)),
    ],
)
def test_rule_does_not_hold_when_one_thing_it_says_is_not_so(when: Conditions) -> None:
    assert rule_that_holds(when) == "scenario"


def test_caller_without_a_number_is_in_no_list_and_has_no_prefix() -> None:
    assert rule_that_holds(Conditions(caller_prefix=("",)), ani=None) == "scenario"
    assert rule_that_holds(Conditions(caller_list=(REGULARS,)), ani=None) == "scenario"
    assert rule_that_holds(Conditions(hidden=True), ani=None) == "rule:only"


def test_first_rule_that_holds_decides_and_the_contact_remembers_it() -> None:
    office = Office(
        with_rules(
            EntryRule(id="night", to=TO_SUPPORT, when=Conditions(closed=OFFICE)),
            EntryRule(id="regulars", to=Destination(queue=SALES, priority=5), when=Conditions(caller_list=(REGULARS,))),
            EntryRule(id="all", to=TO_SUPPORT),
        )
    )
    office.now = MONDAY_NOON
    decisions = office.do(arrived())
    contact = office.contact("c1")
    assert not of(RunScenario, decisions)
    assert (contact.state, contact.queue, contact.queued_at) == (ContactState.WAITING, SALES, MONDAY_NOON)
    assert contact.admission is not None
    assert (contact.admission.rule, contact.admission.to.priority) == ("rule:regulars", 5)
    assert office.record("c1").entry_rule == "rule:regulars"
    office.now = MONDAY_NOON + 7 * HOUR
    office.do(arrived("c2"))
    assert office.record("c2").entry_rule == "rule:night"


def test_where_no_rule_holds_the_scenario_runs_as_without_rules() -> None:
    office = Office(with_rules(EntryRule(id="no", to=TO_SALES, when=Conditions(incident=True))))
    assert only(RunScenario, office.do(arrived())).scenario == "menu-ru"
    assert office.record("c1").entry_rule == "scenario"


def test_scenario_that_says_and_asks_nothing_leads_to_its_queue_within_the_arrival() -> None:
    silent = replace(CONFIGURATION.scenarios[0], greeting="", choices=(), otherwise=SUPPORT)
    office = Office(replace(CONFIGURATION, scenarios=(silent, *CONFIGURATION.scenarios[1:])))
    decisions = office.do(arrived())
    contact = office.contact("c1")
    assert not of(RunScenario, decisions)
    assert (contact.state, contact.queue, contact.language) == (ContactState.WAITING, SUPPORT, silent.language)
    assert office.record("c1").entry_rule == "scenario"


def test_rule_may_lead_to_another_scenario_or_to_another_entry_point_whose_own_rules_follow() -> None:
    configuration = with_rules(EntryRule(id="abroad", to=Destination(entry_point=ENGLISH)))
    english = replace(
        configuration.entry_points[1],
        rules=(EntryRule(id="menu", to=Destination(scenario=ScenarioId("menu-ru"))),),
    )
    office = Office(replace(configuration, entry_points=(configuration.entry_points[0], english)))
    assert only(RunScenario, office.do(arrived())).scenario == "menu-ru"
    admission = office.contact("c1").admission
    assert admission is not None
    assert (admission.path, admission.rule) == ((RUSSIAN, ENGLISH), "rule:menu")


def test_circle_of_entry_points_ends_at_a_scenario() -> None:
    configuration = with_rules(EntryRule(id="there", to=Destination(entry_point=ENGLISH)))
    back = (EntryRule(id="back", to=Destination(entry_point=RUSSIAN)),)
    entry_points = (configuration.entry_points[0], replace(configuration.entry_points[1], rules=back))
    office = Office(replace(configuration, entry_points=entry_points))
    assert only(RunScenario, office.do(arrived())).scenario == "menu-en"


def test_rejected_caller_hears_why_and_then_the_line_is_ended() -> None:
    office = Office(with_rules(EntryRule(id="closed", to=Destination(reject=CLOSED))))
    assert only(Say, office.do(arrived())).speech == (CLOSED,)
    ended = office.do(VerbFinished(contact=ContactId("c1"), step=1, outcome="done"))
    assert only(End, ended).contact == "c1"
    record = office.record("c1")
    assert (record.outcome, record.entry_rule, record.ended_at) == ("rejected", "rule:closed", office.now)
    assert office.do(VerbFinished(contact=ContactId("c1"), step=1, outcome="done")) == []


def test_rejected_caller_who_hangs_up_meanwhile_or_whose_words_are_lost_is_rejected_all_the_same() -> None:
    office = Office(with_rules(EntryRule(id="closed", to=Destination(reject=CLOSED))))
    office.do(arrived("impatient"))
    office.do(CustomerLeft(contact=ContactId("impatient"), cause="hung_up"))
    assert office.record("impatient").outcome == "rejected"
    timer = only(SetTimer, office.do(arrived("unlucky")))
    assert timer.at == office.now + 60
    assert only(End, office.wait(60)).contact == "unlucky"
    assert office.record("unlucky").outcome == "rejected"


def test_rejecting_without_a_text_ends_the_line_at_once() -> None:
    office = Office(with_rules(EntryRule(id="spam", to=Destination(reject=Speech(text="", language="ru")))))
    decisions = office.do(arrived())
    assert of(Say, decisions) == []
    assert only(End, decisions).contact == "c1"


def test_rejected_caller_hears_it_again_after_a_restart() -> None:
    office = Office(with_rules(EntryRule(id="closed", to=Destination(reject=CLOSED))))
    said = only(Say, office.do(arrived()))
    assert Engine.restore(office.engine.snapshot()).words_under_way() == [said]
    office.do(VerbFinished(contact=ContactId("c1"), step=1, outcome="done"))
    assert office.engine.words_under_way() == []


SWITCHES = (
    IncidentSwitch(to=Destination(reject=CLOSED)),
    IncidentSwitch(entry_point=RUSSIAN, to=TO_SUPPORT),
)


def on(entry_point: EntryPointId | None = None, *, is_on: bool = True) -> IncidentSwitched:
    return IncidentSwitched(on=is_on, entry_point=entry_point, by="olga")


def rule_and_queue(office: Office, name: str) -> tuple[str | None, str | None]:
    record = office.record(name)
    return record.entry_rule, record.queue


def test_incident_switch_diverts_new_contacts_at_once_and_leaves_the_others_where_they_are() -> None:
    office = Office(with_rules(EntryRule(id="all", to=TO_SALES), switches=SWITCHES))
    office.do(arrived("before"))
    office.do(on(RUSSIAN))
    office.do(arrived("during"))
    office.do(on(RUSSIAN, is_on=False))
    office.do(arrived("after"))
    assert [rule_and_queue(office, name) for name in ("before", "during", "after")] == [
        ("rule:all", SALES),
        ("incident", SUPPORT),
        ("rule:all", SALES),
    ]


def test_switch_of_the_entry_point_goes_before_that_of_the_tenant() -> None:
    office = Office(with_rules(switches=SWITCHES))
    office.do(on())
    office.do(arrived("tenant"))
    assert office.contact("tenant").rejecting
    office.do(on(RUSSIAN))
    office.do(arrived("own"))
    assert rule_and_queue(office, "own") == ("incident", SUPPORT)


def test_switch_without_a_destination_speaks_to_the_rules_alone() -> None:
    rules = (EntryRule(id="outage", to=TO_SUPPORT, when=Conditions(incident=True)), EntryRule(id="all", to=TO_SALES))
    office = Office(with_rules(*rules, switches=(IncidentSwitch(),)))
    office.do(on())
    office.do(arrived("c1"))
    assert rule_and_queue(office, "c1") == ("rule:outage", SUPPORT)


def test_the_time_of_repair_and_the_text_may_change_while_it_is_on_and_it_is_on_since_the_first_moment() -> None:
    office = Office(with_rules(switches=SWITCHES))
    office.do(on())
    begun = office.now
    office.now += 60
    told = structs.replace(on(), repaired_by=office.now + 3600, texts={"ru": "Чиним кабель."})
    assert office.do(told) == []
    (incident,) = office.engine.incidents()
    assert (incident.since, incident.repaired_by, incident.texts) == (begun, told.repaired_by, told.texts)
    for wrong in (office.now, office.now - 1, office.now + 31 * 86_400):
        assert office.do(structs.replace(told, repaired_by=wrong)) == [Refuse(code="incident_time")]
    assert list(office.engine.incidents()) == [incident]
    office.do(on(is_on=False))
    office.do(on())
    (again,) = office.engine.incidents()
    assert (again.repaired_by, again.texts) == (None, {})


def test_a_customer_is_told_of_the_entry_points_own_incident_before_the_tenants() -> None:
    office = Office(with_rules(EntryRule(id="all", to=TO_SALES), switches=SWITCHES))
    office.do(arrived("c1"))
    assert office.engine.incident_of(ContactId("c1")) is None
    office.do(structs.replace(on(), texts={"en": "all"}))
    office.do(structs.replace(on(RUSSIAN), texts={"en": "one"}))
    found = office.engine.incident_of(ContactId("c1"))
    assert found is not None
    assert found[0].texts == {"en": "one"}
    office.do(on(RUSSIAN, is_on=False))
    found = office.engine.incident_of(ContactId("c1"))
    assert found is not None
    assert found[0].texts == {"en": "all"}


def test_switch_that_is_not_set_up_is_refused_and_switching_off_never_is() -> None:
    office = Office()
    assert office.do(on()) == [Refuse(code="no_such_incident_switch")]
    assert office.do(on(is_on=False)) == []
    assert list(office.engine.incidents()) == []


def test_incident_outlives_a_restart_and_its_beginning_is_kept() -> None:
    office = Office(with_rules(switches=SWITCHES))
    office.do(on(RUSSIAN))
    began = office.now
    office.now += 60
    office.do(on(RUSSIAN))
    office.engine = Engine.restore(office.engine.snapshot())
    (incident,) = office.engine.incidents()
    assert (incident.entry_point, incident.since, incident.by) == (RUSSIAN, began, "olga")


def test_same_facts_are_admitted_the_same_way_again() -> None:
    entrance = Entrance(with_rules(EntryRule(id="open", to=TO_SALES, when=Conditions(open=OFFICE))))

    def day() -> list[str]:
        return [entrance.admit({}, arrived(), MONDAY_NOON + hour * HOUR).rule for hour in range(24)]

    assert day() == day()
    assert day().count("rule:open") == 9
