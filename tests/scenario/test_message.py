"""Scenarios in which the customer says something: drawn, in Python, and rehearsed."""

from __future__ import annotations

import pytest

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import TakeMessage
from otklik.contact.facts import VerbFinished
from otklik.contact.flow import Block, Expected, Flow, FlowTest, HangUpBlock, QueueBlock, RecordBlock, VoicemailBlock
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.contact.voicemail import Voicemail, message_of
from otklik.scenario import Contact, Run
from otklik.scenario.audit import faults
from otklik.scenario.rehearsal import CALLER, judge, rehearse

SALES, MAIL = QueueId("sales"), QueueId("mail")


def flow(**voicemail: object) -> Flow:
    return Flow(
        id=ScenarioId("night"),
        languages=("ru",),
        otherwise=SALES,
        blocks=(
            Block(
                id="address",
                record=RecordBlock(text={"ru": "Адрес?"}, into="address", max_seconds=10),
                exits={"done": "message", "no_input": "message"},
            ),
            Block(
                id="message",
                voicemail=VoicemailBlock(queue=MAIL, text={"ru": "Говорите"}, **voicemail),  # type: ignore[arg-type]  # fields by name
                exits={"done": "bye", "no_input": "person"},
            ),
            Block(id="person", queue=QueueBlock(queue=SALES)),
            Block(id="bye", hang_up=HangUpBlock(text={"ru": "Спасибо"})),
        ),
        tests=(
            FlowTest(name="оставил", presses=("Тверская", "Перезвоните"), expect=Expected(voicemail=MAIL, served=True)),
            FlowTest(name="молчал", presses=("Тверская", ""), expect=Expected(queue=SALES)),
        ),
    )


def test_what_was_said_is_named_by_an_attribute_and_goes_with_the_message() -> None:
    found = rehearse(flow(), ["Тверская", "Перезвоните"])
    assert found.said == ["Адрес?", "Говорите", "Спасибо"]
    (left,) = found.left
    expected = Voicemail(
        call=CALLER,
        step=4,
        queue=MAIL,
        seconds=2.0,
        language="ru",
        attributes={"address": message_of(CALLER, 2)},
        path=("address", "message"),
    )
    assert left.voicemail == expected


@pytest.mark.parametrize("caller", [[""], ["failed"]])
def test_silence_and_failure_leave_nothing(caller: list[str]) -> None:
    found = rehearse(flow(), ["", *caller])
    assert found.left == []
    assert found.attributes == {}


def test_tests_of_a_flow_say_where_a_message_is_expected() -> None:
    drawn = flow()
    assert [verdict.wrong for verdict in judge(drawn, [drawn])] == [(), ()]
    silent = FlowTest(name="молчал", expect=Expected(voicemail=MAIL))
    (verdict,) = judge(
        Flow(**{name: getattr(drawn, name) for name in ("id", "languages", "otherwise", "blocks")}, tests=(silent,)),
        [drawn],
    )
    assert verdict.wrong == ("voicemail: mail ≠ –",)


def test_handler_in_python_has_the_same_words() -> None:
    async def night(contact: Contact) -> None:
        said = await contact.record("Кто вы?", max_seconds=5)
        assert said.outcome == "recorded" and said.seconds == 2.0
        await contact.voicemail(MAIL, {"ru": "Говорите"}, keys="1", beep=False)
        await contact.hang_up()

    found = rehearse(night, ["Иван", "Перезвоните"])
    assert [each.voicemail.queue for each in found.left] == [MAIL]


def test_run_told_the_same_answers_leaves_no_second_message() -> None:
    contact = ContactId("c")
    run = Run(contact, flow())
    run.start()
    said = VerbFinished(contact=contact, step=4, outcome="done", seconds=3.0, key="k", block="message")
    for step, fact in ((1, None), (2, None), (3, None), (4, said)):
        decisions = run.handle(
            fact
            or VerbFinished(contact=contact, step=step, outcome="done", block="", seconds=1.0 if step == 2 else 0.0)
        )
    assert [type(each).__name__ for each in decisions] == ["LeaveVoicemail", "Say"]
    again = Run(contact, flow(), recorded=(*run.replies, *run.known))
    assert [type(each).__name__ for each in again.start()] == ["Say"]


def test_answer_of_then_that_was_a_message_is_none_to_a_text() -> None:
    contact = ContactId("c")
    run = Run(contact, flow())
    run.start()
    decisions = run.handle(VerbFinished(contact=contact, step=1, outcome="done", seconds=2.0))
    assert [type(each).__name__ for each in decisions] == ["ReportFault", "Enqueue"]


def test_limits_of_a_message_reach_the_line() -> None:
    run = Run(ContactId("c"), flow(max_seconds=30.0, silence_seconds=2.0, keys="1#", beep=False))
    run.start()
    for step in (1, 2, 3):
        decisions = run.handle(
            VerbFinished(contact=ContactId("c"), step=step, outcome="timeout" if step == 2 else "done")
        )
    assert decisions == [
        TakeMessage(
            contact=ContactId("c"),
            step=4,
            max_seconds=30.0,
            silence_seconds=2.0,
            keys="1#",
            beep=False,
            block="message",
        )
    ]


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"max_seconds": 0.5}, "max_seconds", "config_outside_seconds"),
        ({"max_seconds": 601.0}, "max_seconds", "config_outside_seconds"),
        ({"silence_seconds": -1.0}, "silence_seconds", "config_outside_seconds"),
        ({"keys": "12a"}, "keys", "config_key"),
    ],
)
def test_message_with_impossible_limits_is_refused(changes: dict[str, object], place: str, code: str) -> None:
    found = faults(Configuration(flows=(flow(**changes),)))
    assert (f"flows[0].blocks[1].voicemail.{place}", code) in [(each.place, each.code) for each in found]
