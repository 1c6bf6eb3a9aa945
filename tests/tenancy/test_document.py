"""The set-up as a file: what is written is read back, what is wrong is told with its place and line, what changes is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otklik.contact.configuration import (
    Agent,
    Conditions,
    Configuration,
    Destination,
    EntryRule,
    IncidentSwitch,
    NumberList,
    Speech,
    Status,
)
from otklik.contact.hours import Calendar, CalendarId, Hours, SpecialDay
from otklik.contact.ids import AgentId, NumberListId
from otklik.tenancy import demo, yaml
from otklik.tenancy.document import Account, Accounts, Unfit, from_plain, present, storable_body, stored, to_plain
from otklik.tenancy.plan import changes

ANNA, BORIS = AgentId("018f-anna"), AgentId("018f-boris")
ACCOUNTS: Accounts = {
    ANNA: Account(login="anna", name="Анна Смирнова"),
    BORIS: Account(login="boris", name="Борис Ким"),
}
FULL = replace(
    demo.CONFIGURATION,
    agents=(
        Agent(id=ANNA, name="Анна Смирнова", queues={demo.SALES: 10, demo.SUPPORT: 5}),
        Agent(id=BORIS, name="Борис Ким", queues={demo.SALES: 1}),
    ),
    entry_points=(
        replace(
            demo.CONFIGURATION.entry_points[0],
            rules=(
                EntryRule(
                    id="closed",
                    when=Conditions(closed=CalendarId("office"), caller_prefix=("+7916",), hidden=False),
                    to=Destination(reject=Speech(text="Мы закрыты: звоните завтра.", language="ru")),
                ),
                EntryRule(id="regulars", to=Destination(queue=demo.SALES, priority=5)),
            ),
        ),
        demo.CONFIGURATION.entry_points[1],
    ),
    calendars=(
        Calendar(
            id=CalendarId("office"),
            name="Office",
            time_zone="Europe/Moscow",
            weekly={"mon": (Hours("09:00-13:00"), Hours("14:00-18:00")), "fri": (Hours("22:00-06:00"),)},
            holidays=(SpecialDay(date="01-07", name="Рождество"),),
            exceptions=(SpecialDay(date="2027-01-09", hours=(Hours("10:00-12:00"),)),),
        ),
    ),
    number_lists=(NumberList(id=NumberListId("regulars"), name="Regulars", numbers=("+79161234567",)),),
    incident_switches=(IncidentSwitch(to=Destination(queue=demo.SUPPORT)),),
    statuses=(Status(id="calls", ru="Только звонки", en="Calls only", channels=("voice", "video")),),
    capacity={"chat": 2},
    interrupts={"voice": ("chat", "email"), "chat": ()},
    drain=("voice", "chat"),
)
TEXT = yaml.write(to_plain(FULL, ACCOUNTS))


def read(text: str, accounts: Accounts = ACCOUNTS) -> Configuration:
    return from_plain(yaml.read(text).plain, accounts)[0]


def wrong(text: str) -> list[tuple[str, str, int | None]]:
    """Place, code and line of every fault; of warnings none."""
    document = yaml.read(text)
    with pytest.raises(Unfit) as unfit:
        from_plain(document.plain, ACCOUNTS)
    return [(fault.place, fault.code, document.line(fault.place)) for fault in unfit.value.faults if not fault.warning]


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_set_up_survives_the_file() -> None:
    assert read(TEXT) == FULL
    assert "018f" not in TEXT, "ids of this installation"
    assert "Смирнова" not in TEXT, "names belong to the accounts"


def test_set_up_survives_the_store() -> None:
    import json

    assert present(stored(json.loads(storable_body(FULL))), ACCOUNTS) == FULL


def test_file_says_only_what_is_not_usual() -> None:
    assert "ring_seconds" not in TEXT
    assert "priority: 5" in TEXT


def test_file_moves_to_an_installation_where_the_same_logins_have_other_ids() -> None:
    there: Accounts = {AgentId("x-1"): ACCOUNTS[BORIS], AgentId("x-2"): ACCOUNTS[ANNA]}
    assert {agent.id: agent.queues for agent in read(TEXT, there).agents} == {
        "x-2": {"sales": 10, "support": 5},
        "x-1": {"sales": 1},
    }


def test_agents_who_are_not_in_the_file_keep_their_account_and_have_no_queue() -> None:
    assert read("format: 1\n").agents == (
        Agent(id=ANNA, name="Анна Смирнова"),
        Agent(id=BORIS, name="Борис Ким"),
    )


def test_yaml_1_2_leaves_hours_and_no_as_text_and_takes_dates_without_quotes() -> None:
    text = """
queues: [{id: no, name: on}]
calendars:
  - {id: c, name: C, time_zone: UTC, weekly: {mon: [09:00-18:00]}, exceptions: [{date: 2027-01-09}]}
agents: [{login: anna, queues: {no: 5}}]
"""
    found = read(text)
    assert (found.queues[0].id, found.queues[0].name) == ("no", "on")
    assert found.calendars[0].weekly == {"mon": ("09:00-18:00",)}
    assert found.calendars[0].exceptions[0].date == "2027-01-09"


BROKEN = [
    ("    name: Продажи", "    nam: Продажи", "queues[0].nam", "config_unknown_field", "nam:"),
    ("    name: Продажи", "    ring_seconds: soon", "queues[0].ring_seconds", "config_figure", "soon"),
    ("    name: Продажи", "    name: 5", "queues[0].name", "config_text", "name: 5"),
    ("sales: 10", "sales: 11", "agents[0].queues.sales", "config_level", "sales: 11"),
    ("sales: 10", "sale: 10", "agents[0].queues.sale", "config_no_queue", "sale: 10"),
    ("login: anna", "login: eve", "agents[0].login", "config_no_agent", "login: eve"),
    ("login: anna", "id: anna", "agents[0].login", "config_missing", "id: anna"),
    ("closed: office", "closed: off", "entry_points[0].rules[0].when.closed", "config_no_calendar", "closed: off"),
    ("09:00-13:00", "9-13", "calendars[0].weekly.mon[0]", "config_hours", "9-13"),
    ("mon:", "monday:", "calendars[0].weekly.monday", "config_choice", "monday:"),
    ("hidden: false", "hidden: perhaps", "entry_points[0].rules[0].when.hidden", "config_true_false", "perhaps"),
    ("format: 1", "format: 2", "format", "config_choice", "format: 2"),
    ("priority: 5", "priority: 1.5", "entry_points[0].rules[1].to.priority", "config_whole", "1.5"),
    ("chat: 2", "chats: 2", "capacity.chats", "config_choice", "chats: 2"),
    ("chat: 2", "chat: -2", "capacity.chat", "config_capacity", "chat: -2"),
    ("- email", "- mail", "interrupts.voice[1]", "config_choice", "- mail"),
    ("- video", "- vidio", "statuses[0].channels[1]", "config_choice", "- vidio"),
    ("number: '1000'", "number: 1000", "entry_points[0].number", "config_text", "number: 1000"),
]


@pytest.mark.parametrize(("old", "new", "place", "code", "words"), BROKEN)
def test_fault_names_the_place_and_the_line(old: str, new: str, place: str, code: str, words: str) -> None:
    assert old in TEXT
    broken = TEXT.replace(old, new, 1)
    assert (place, code, line_of(broken, words)) in wrong(broken)


def test_choices_are_listed_in_no_language() -> None:
    with pytest.raises(Unfit) as unfit:
        read(TEXT.replace("mon:", "monday:", 1))
    (told,) = [fault for fault in unfit.value.faults if fault.code == "config_choice"]
    assert "'sat', 'sun'." in told.message("ru") and "'sat', 'sun'." in told.message("en")


def test_all_faults_are_told_at_once() -> None:
    broken = TEXT.replace("login: anna", "login: eve").replace("time_zone: Europe/Moscow", "time_zone: Moscow")
    codes = [code for _, code, _ in wrong(broken)]
    assert codes.count("config_no_agent") == 1
    assert codes.count("config_time_zone") == 3


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("queues: [", "line 1", "config_yaml"),
        ("a: 1\na: 2\n", "line 2", "config_yaml"),
        ("queues: &all []\nagents: *all\n", "line 1", "config_alias"),
        ("\n!!python/object/apply:os.system ['false']", "line 2", "config_alias"),
        ("\x00", "line 1", "config_yaml"),
        ('queues: [{id: q, name: "\\0"}]', "line 1", "config_yaml"),
        ("[" * 2000, "line 1", "config_yaml"),
        ("", "", "config_object"),
        ("- 1", "", "config_object"),
    ],
)
def test_what_is_no_set_up_at_all_is_refused(text: str, place: str, code: str) -> None:
    with pytest.raises(Unfit) as unfit:
        read(text)
    (fault,) = unfit.value.faults
    assert (fault.place, fault.code) == (place, code)


def test_warnings_do_not_stand_in_the_way() -> None:
    _, warnings = from_plain(yaml.read("queues: [{id: empty, name: Empty}]").plain, ACCOUNTS)
    assert [fault.code for fault in warnings] == ["config_queue_without_agents"]


def test_plan_names_every_change_by_the_ids_of_things() -> None:
    other = replace(
        FULL,
        queues=(FULL.queues[1], replace(FULL.queues[0], ring_seconds=30.0)),
        agents=(replace(FULL.agents[0], queues={demo.SUPPORT: 5}), FULL.agents[1]),
        incident_switches=(),
        reasons=(*FULL.reasons, replace(FULL.reasons[0], id="tea", ru="Чай", en="Tea")),
    )
    before, after = (to_plain(each, ACCOUNTS, whole=True) for each in (FULL, other))
    assert [str(change) for change in changes(before, after)] == [
        "~ queues.sales.ring_seconds: 20.0 → 30.0",
        '~ queues: ["sales", "support"] → ["support", "sales"]',
        "- agents.anna.queues.sales: 10",
        '+ reasons.tea: {"id": "tea", "ru": "Чай", "en": "Tea"}',
        '- incident_switches.*: {"to": {"queue": "support", "priority": 0, "callback": false}}',
    ]
    assert changes(before, before) == []
