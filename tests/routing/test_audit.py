"""What is wrong with a set-up is said with its place; what is only odd is a warning."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import CONFIGURATION, ENGLISH, RUSSIAN, SALES, SUPPORT

from otklik.contact.configuration import (
    Agent,
    Conditions,
    Configuration,
    Destination,
    Disposition,
    EntryPoint,
    EntryRule,
    IncidentSwitch,
    NumberList,
    Queue,
    Ring,
    Skill,
    Speech,
    Status,
    TalkAnswer,
    TalkBranch,
    TalkScript,
    TalkStep,
)
from otklik.contact.hours import Calendar, CalendarId, Hours, SpecialDay
from otklik.contact.ids import AgentId, EntryPointId, NumberListId, QueueId, ScenarioId
from otklik.contact.outside import Mail
from otklik.errors import LANGUAGES
from otklik.routing.audit import faults, without_trunk

SCENARIO = ScenarioId("menu-ru")


def told(configuration: Configuration) -> list[tuple[str, str]]:
    return [(fault.place, fault.code) for fault in faults(configuration)]


def usual(**changes: Any) -> Configuration:
    return replace(CONFIGURATION, **changes)


def rules(*made: EntryRule) -> Configuration:
    return usual(entry_points=(EntryPoint(id=RUSSIAN, number="1000", scenario=SCENARIO, rules=made),))


def rule(when: Conditions | None = None, to: Destination | None = None, name: str = "r") -> EntryRule:
    return EntryRule(id=name, when=when or Conditions(hidden=True), to=to or Destination(queue=SALES))


def calendar(**changes: Any) -> Configuration:
    made = Calendar(id=CalendarId("office"), name="Office", time_zone="Europe/Moscow")
    return usual(calendars=(replace(made, **changes),))


def day(date: str, *hours: str) -> SpecialDay:
    return SpecialDay(date=date, hours=tuple(Hours(each) for each in hours))


def test_usual_set_up_has_no_faults() -> None:
    assert faults(CONFIGURATION) == []
    assert faults(Configuration()) == []


def test_every_fault_can_be_said_in_both_languages() -> None:
    for fault in faults(usual(queues=(Queue(id=QueueId("no such"), name="", wrap_up_seconds=-1),))):
        assert all(fault.message(language) for language in LANGUAGES)


WRONG = {
    "menu's queue": (
        usual(queues=CONFIGURATION.queues[:1], agents=CONFIGURATION.agents[:0]),
        [
            ("queues[0]", "config_queue_without_agents"),
            ("scenarios[0].choices[1].queue", "config_no_queue"),
            ("scenarios[0].otherwise", "config_no_queue"),
            ("scenarios[1].choices[1].queue", "config_no_queue"),
            ("scenarios[1].otherwise", "config_no_queue"),
        ],
    ),
    "entry point's scenario": (
        usual(entry_points=(EntryPoint(id=RUSSIAN, number="1000", scenario=ScenarioId("gone")),)),
        [("entry_points[0].scenario", "config_no_scenario")],
    ),
    "agent's queue and level": (
        usual(agents=(*CONFIGURATION.agents, Agent(id=AgentId("new"), name="", queues={QueueId("gone"): 5, SALES: 11}))),
        [("agents[3].queues.gone", "config_no_queue"), ("agents[3].queues.sales", "config_level")],
    ),
    "queue twice": (
        usual(queues=(*CONFIGURATION.queues, CONFIGURATION.queues[0])),
        [("queues[2].id", "config_twice")],
    ),
    "number twice, written differently": (
        usual(
            entry_points=(
                EntryPoint(id=RUSSIAN, number="+7 495 1234567", scenario=SCENARIO),
                EntryPoint(id=ENGLISH, number="74951234567", scenario=SCENARIO),
            )
        ),
        [("entry_points[1].number", "config_twice")],
    ),
    "seconds": (
        usual(queues=(replace(CONFIGURATION.queues[0], wrap_up_seconds=-1.0, ring_seconds=0), CONFIGURATION.queues[1])),
        [("queues[0].ring_seconds", "config_seconds"), ("queues[0].wrap_up_seconds", "config_seconds")],
    ),
    "a pause that is none": (
        usual(queues=(replace(CONFIGURATION.queues[0], recording_pause_seconds=0), CONFIGURATION.queues[1])),
        [("queues[0].recording_pause_seconds", "config_seconds")],
    ),
    "seconds that are no number": (
        usual(queues=(replace(CONFIGURATION.queues[0], rejoin_seconds=float("nan")), CONFIGURATION.queues[1])),
        [("queues[0].rejoin_seconds", "config_seconds")],
    ),
    "destination of nothing and of two things": (
        rules(rule(to=Destination(), name="a"), rule(to=Destination(queue=SALES, scenario=SCENARIO), name="b")),
        [
            ("entry_points[0].rules[0].to", "config_destination"),
            ("entry_points[0].rules[1].to", "config_destination"),
        ],
    ),
    "what a rule names": (
        rules(
            rule(Conditions(open=CalendarId("x")), Destination(queue=QueueId("x")), "a"),
            rule(Conditions(caller_list=(NumberListId("x"),)), Destination(entry_point=EntryPointId("x")), "b"),
        ),
        [
            ("entry_points[0].rules[0].to.queue", "config_no_queue"),
            ("entry_points[0].rules[0].when.open", "config_no_calendar"),
            ("entry_points[0].rules[1].to.entry_point", "config_no_entry_point"),
            ("entry_points[0].rules[1].when.caller_list[0]", "config_no_number_list"),
        ],
    ),
    "numbers": (
        replace(
            rules(rule(Conditions(dialled=("abc",), caller_prefix=("",)))),
            number_lists=(NumberList(id=NumberListId("spam"), name="Spam", numbers=("+7 (495) 12-3", "++7")),),
        ),
        [
            ("entry_points[0].rules[0].when.dialled[0]", "config_number"),
            ("entry_points[0].rules[0].when.caller_prefix[0]", "config_number"),
            ("number_lists[0].numbers[1]", "config_number"),
        ],
    ),
    "circle of entry points": (
        usual(
            entry_points=(
                EntryPoint(
                    id=RUSSIAN,
                    number="1",
                    scenario=SCENARIO,
                    rules=(rule(to=Destination(entry_point=ENGLISH)),),
                ),
                EntryPoint(
                    id=ENGLISH,
                    number="2",
                    scenario=SCENARIO,
                    rules=(rule(to=Destination(entry_point=RUSSIAN)),),
                ),
            )
        ),
        [
            ("entry_points[0].rules[0].to.entry_point", "config_circle"),
            ("entry_points[1].rules[0].to.entry_point", "config_circle"),
        ],
    ),
    "time zone": (calendar(time_zone="Moscow"), [("calendars[0].time_zone", "config_time_zone")]),
    "hours": (
        calendar(weekly={"mon": (Hours("9-18"),)}, holidays=(day("01-01", "25:00-26:00"),)),
        [
            ("calendars[0].weekly.mon[0]", "config_hours"),
            ("calendars[0].holidays[0].hours[0]", "config_hours"),
        ],
    ),
    "dates": (
        calendar(
            holidays=(day("02-29"), day("02-30"), day("2027-02-29"), day("02-29")),
            exceptions=(day("01-01"), day("2027-1-1")),
        ),
        [
            ("calendars[0].exceptions[0].date", "config_date"),
            ("calendars[0].exceptions[1].date", "config_date"),
            ("calendars[0].holidays[1].date", "config_date"),
            ("calendars[0].holidays[2].date", "config_date"),
            ("calendars[0].holidays[3].date", "config_twice"),
        ],
    ),
    "incident switch twice": (
        usual(incident_switches=(IncidentSwitch(), IncidentSwitch(to=Destination(reject=Speech(text="", language="ru"))))),
        [("incident_switches[1].entry_point", "config_twice")],
    ),
    "id": (
        usual(queues=(*CONFIGURATION.queues, Queue(id=QueueId("a b"), name="")), agents=(
            *CONFIGURATION.agents, Agent(id=AgentId("x"), name="", queues={QueueId("a b"): 1}))),
        [("queues[2].id", "config_id")],
    ),
    "key of a menu": (
        usual(
            scenarios=(
                replace(
                    CONFIGURATION.scenarios[0],
                    choices=tuple(
                        replace(CONFIGURATION.scenarios[0].choices[0], digit=digit) for digit in ("1", "one", "1")
                    ),
                ),
                CONFIGURATION.scenarios[1],
            )
        ),
        [
            ("scenarios[0].choices[1].digit", "config_key"),
            ("scenarios[0].choices[2].digit", "config_twice"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_fault_is_found_and_its_place_told(case: str) -> None:
    configuration, expected = WRONG[case]
    assert sorted(told(configuration)) == sorted(expected)


ODD = {
    "nobody in the queue": (
        usual(agents=tuple(agent for agent in CONFIGURATION.agents if SUPPORT not in agent.queues)),
        ("queues[1]", "config_queue_without_agents"),
    ),
    "rule below one that holds for everybody": (
        rules(rule(Conditions(), name="a"), rule(name="b")),
        ("entry_points[0].rules[1]", "config_unreached"),
    ),
    "open and closed at once": (
        replace(
            rules(rule(Conditions(open=CalendarId("office"), closed=CalendarId("office")))),
            calendars=calendar().calendars,
        ),
        ("entry_points[0].rules[0].when", "config_never"),
    ),
    "periods that overlap": (
        calendar(weekly={"mon": (Hours("09:00-13:00"), Hours("13:00-14:00"), Hours("12:00-15:00"))}),
        ("calendars[0].weekly.mon", "config_periods_overlap"),
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_only_odd_is_a_warning(case: str) -> None:
    configuration, expected = ODD[case]
    found = faults(configuration)
    assert {(fault.place, fault.code) for fault in found} == {expected}
    assert all(fault.warning for fault in found)


def test_faults_come_in_the_order_of_the_set_up() -> None:
    many = usual(queues=tuple(Queue(id=QueueId(f"q{n}"), name="", wrap_up_seconds=-1) for n in range(12)), agents=())
    places = [place for place, code in told(many) if code == "config_seconds"]
    assert places == [f"queues[{n}].wrap_up_seconds" for n in range(12)]


def test_periods_that_only_touch_do_not_overlap() -> None:
    assert told(calendar(weekly={"mon": (Hours("09:00-13:00"), Hours("13:00-18:00"), Hours("22:00-02:00"))})) == []


def asking(requires: str, *rings: str) -> Configuration:
    queue = replace(
        CONFIGURATION.queues[0],
        requires=requires,
        rings=tuple(Ring(after_seconds=10.0 * (n + 1), requires=ring) for n, ring in enumerate(rings)),
    )
    anna = replace(CONFIGURATION.agents[0], skills={"english": 5})
    return usual(
        queues=(queue, *CONFIGURATION.queues[1:]),
        agents=(anna, *CONFIGURATION.agents[1:]),
        skills=(Skill(id="english", ru="Английский", en="English"),),
    )


def test_requirement_that_cannot_be_read_or_names_somebody_unknown_is_a_fault() -> None:
    assert told(asking("english >= 5 and not agent boris")) == []
    found = faults(asking("english >=", "german or english", "english or agent nobody"))
    assert [(fault.place, fault.code, dict(fault.values)) for fault in found] == [
        ("queues[0].requires", "config_requirement", {"position": 11}),
        ("queues[0].rings[0].requires", "config_no_skill", {"id": "german"}),
        ("queues[0].rings[1].requires", "config_no_agent", {"id": "nobody"}),
    ]


def test_requirement_that_nobody_meets_is_a_warning() -> None:
    (fault,) = faults(asking("english >= 6"))
    assert (fault.place, fault.code, fault.warning) == ("queues[0].requires", "config_nobody_able", True)


CALLS = Status(id="calls", ru="Звонки", en="Calls", channels=("voice",))


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (usual(capacity={"chat": -1, "voice": 0}), [("capacity.chat", "config_capacity")]),
        (
            usual(agents=(replace(CONFIGURATION.agents[0], capacity={"email": -2}), *CONFIGURATION.agents[1:])),
            [("agents[0].capacity.email", "config_capacity")],
        ),
        (usual(interrupts={"email": ("chat", "email")}), [("interrupts.email[1]", "config_interrupts_itself")]),
        (usual(interrupts={"device": ("email", "voice")}), [("interrupts.device[1]", "config_interrupts_talk")]),
        (usual(drain=("voice", "chat", "voice")), [("drain[2]", "config_twice")]),
        (usual(statuses=(CALLS, CALLS)), [("statuses[1].id", "config_twice")]),
        (usual(statuses=(replace(CALLS, channels=()),)), [("statuses[0].channels", "config_status_channels")]),
        (usual(statuses=(replace(CALLS, id="lunch"),)), [("statuses[0].id", "config_twice")]),
        (usual(statuses=(CALLS,), interrupts={"voice": ("chat",)}, capacity={"chat": 2}), []),
    ],
)
def test_slots_and_statuses_that_make_no_sense_are_told_with_their_place(
    configuration: Configuration, expected: list[tuple[str, str]]
) -> None:
    assert told(configuration) == expected


def test_results_stand_under_results_that_are_there_and_not_under_themselves() -> None:
    tree = (
        Disposition(id="a", ru="А", en="A", under="b"),
        Disposition(id="b", ru="Б", en="B", under="a"),
        Disposition(id="c", ru="В", en="C", under="lost"),
    )
    queue = replace(CONFIGURATION.queues[0], dispositions=("c", "nothing", "c"))
    assert told(usual(queues=(queue, *CONFIGURATION.queues[1:]), dispositions=tree)) == [
        ("queues[0].dispositions[1]", "config_no_disposition"),
        ("queues[0].dispositions[2]", "config_twice"),
        ("dispositions[0].under", "config_disposition_circle"),
        ("dispositions[1].under", "config_disposition_circle"),
        ("dispositions[2].under", "config_no_disposition"),
    ]


def test_talk_script_leads_from_step_to_step() -> None:
    steps = (
        TalkStep(id="a", say="{customer} {price}", answers=(TalkAnswer(id="x", text="X", then="b"),), then="b"),
        TalkStep(id="b", say="B", then="lost"),
        TalkStep(id="b", say="", answers=(TalkAnswer(id="y", text=""), TalkAnswer(id="y", text="", then="lost"))),
        TalkStep(id="c", say="C"),
    )
    scripts = (TalkScript(id="s", name="S", steps=steps), TalkScript(id="t", name="T"))
    queue = replace(CONFIGURATION.queues[0], talk_script="none")
    assert told(usual(queues=(queue, *CONFIGURATION.queues[1:]), talk_scripts=scripts)) == [
        ("queues[0].talk_script", "config_no_talk_script"),
        ("talk_scripts[0].steps[0].say", "config_talk_hole"),
        ("talk_scripts[0].steps[0].then", "config_talk_then"),
        ("talk_scripts[0].steps[1].then", "config_talk_step"),
        ("talk_scripts[0].steps[2].answers[1].id", "config_twice"),
        ("talk_scripts[0].steps[2].answers[1].then", "config_talk_step"),
        ("talk_scripts[0].steps[2].id", "config_twice"),
        ("talk_scripts[0].steps[2].say", "config_talk_silent"),
        ("talk_scripts[0].steps[3]", "config_talk_unreached"),
        ("talk_scripts[1].steps", "config_talk_empty"),
    ]


MAIL = Mail(server="smtp.example.com", sender="Помощь <help@пример.рф>")


@pytest.mark.parametrize(
    ("wrong", "place", "code"),
    [
        ({"sender": "help"}, "mail.sender", "config_mail_sender"),
        ({"sender": "a@example.com, b@example.com"}, "mail.sender", "config_mail_sender"),
        ({"server": ""}, "mail.server", "config_mail_server"),
        ({"server": "http://smtp"}, "mail.server", "config_mail_server"),
        ({"port": 0}, "mail.port", "config_mail_port"),
        ({"user": "help"}, "mail.password_secret", "config_mail_password"),
        ({"security": "none"}, "mail.security", "config_mail_open"),
    ],
)
def test_how_mail_goes_out_is_looked_at(wrong: dict[str, Any], place: str, code: str) -> None:
    before = told(replace(CONFIGURATION, mail=MAIL))
    assert [each for each in told(replace(CONFIGURATION, mail=replace(MAIL, **wrong))) if each not in before] == [
        (place, code)
    ]
    assert not [each for each in before if each[0].startswith("mail")]


def test_what_a_result_asks_to_follow_must_be_there() -> None:
    asking = Disposition(id="a", ru="А", en="A", mail="required", mail_reply="nowhere")
    found = told(replace(CONFIGURATION, dispositions=(asking,)))
    assert ("dispositions[0].mail_reply", "config_no_reply") in found
    assert ("dispositions[0].mail", "config_no_mail") in found
    found = told(replace(CONFIGURATION, dispositions=(replace(asking, mail_reply=None),), mail=MAIL))
    assert not [each for each in found if each[0].startswith("dispositions")]


def test_without_a_trunk_a_result_that_requires_a_call_cannot_be_saved() -> None:
    asking = tuple(Disposition(id=each, ru="А", en="A", call=each) for each in ("never", "optional", "required"))
    found = without_trunk(replace(CONFIGURATION, dispositions=asking))
    assert ("dispositions[2].call", "config_no_trunk_call") in [(each.place, each.code) for each in found]
    assert not [each for each in found if each.place in ("dispositions[0].call", "dispositions[1].call")]


def talk(*steps: TalkStep) -> list[tuple[str, str]]:
    found = told(usual(talk_scripts=(TalkScript(id="s", name="S", steps=steps),)))
    return [(place.removeprefix("talk_scripts[0].steps"), code) for place, code in found]


def test_talk_script_that_only_goes_round_is_told() -> None:
    circle = TalkStep(id="a", say="A", then="b"), TalkStep(id="b", say="B", then="a")
    assert talk(*circle) == [("[0]", "config_talk_endless"), ("[1]", "config_talk_endless")]
    out = replace(circle[1], branches=(TalkBranch(of="vip", test="is", value="true"),))
    assert talk(circle[0], out) == []


def test_conditions_of_talk_scripts_look_at_what_can_be_known() -> None:
    asked = TalkStep(
        id="ask",
        say="{chosen.ask} {written.ask} {card.city}",
        answers=(TalkAnswer(id="yes", text="Yes"),),
        branches=(
            TalkBranch(of="chosen.ask", test="is", value="YES", then="sum"),
            TalkBranch(of="chosen.ask", test="is", value="maybe", then="lost"),
            TalkBranch(of="weather", test="known"),
            TalkBranch(of="contact.order.state", test="is"),
            TalkBranch(of="written.sum", test="more", value="5"),
        ),
    )
    amount = TalkStep(id="sum", say="How much?", field="number", pattern="x", least=5, most=1)
    assert talk(asked, amount) == [
        ("[0].branches[1].then", "config_talk_step"),
        ("[0].branches[1].value", "config_talk_no_answer"),
        ("[0].branches[2].of", "config_talk_looked_at"),
        ("[0].branches[3].value", "config_talk_no_value"),
        ("[0].say", "config_talk_hole"),
        ("[0].say", "config_talk_card"),
        ("[1].most", "config_talk_most"),
        ("[1].pattern", "config_talk_needless"),
    ]
