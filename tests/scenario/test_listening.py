"""A question that is answered in one's own words: what counts, what is asked back, who is asked for keys, and where the words stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Ask, Enqueue, LookUp, Say
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.flow import (
    Block,
    BranchBlock,
    Case,
    Comparison,
    Expected,
    Flow,
    FlowTest,
    ListenBlock,
    LockOut,
    LookUpBlock,
    QueueBlock,
    SayBlock,
    SetBlock,
)
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.contact.outside_number import OutsideNumber
from otklik.scenario.audit import faults
from otklik.scenario.audit_speech import unheard
from otklik.scenario.rehearsal import DEAF, Rehearsal, Stage, judge, rehearse, says
from otklik.scenario.run import Run
from otklik.scenario.talk import Contact
from otklik.scenario.verbs import Visitor
from otklik.scenario.words import worded

C = ContactId("c")
PHRASE = ListenBlock(
    text={"ru": "Что случилось?", "en": "What is it?"},
    into="reason",
    wrong={"ru": "Не поняли вас.", "en": "Sorry?"},
    silence={"ru": "Вас не слышно.", "en": "We hear nothing."},
    confirm={"ru": "Вы сказали: {heard}?", "en": "You said: {heard}?"},
)
WITH_KEYS = replace(PHRASE, keys={"0": "Человек"}, keys_only={"ru": "Нажмите ноль.", "en": "Press zero."})


def flow(phrase: ListenBlock = PHRASE, *blocks: Block) -> Flow:
    """The question, then these one after another, then the queue `done`."""
    names = ("done", "people")
    chained = [
        replace(each, exits=each.exits | dict.fromkeys(("done", "otherwise", "found"), to))
        for each, to in zip(blocks, [*(each.id for each in blocks[1:]), "done"], strict=False)
    ]
    first = {"done": blocks[0].id if blocks else "done", "otherwise": "people"}
    return Flow(
        id=ScenarioId("f"),
        languages=("ru", "en"),
        otherwise=QueueId("people"),
        blocks=(
            Block(id="why", listen=phrase, exits=first),
            *chained,
            *(Block(id=name, queue=QueueBlock(queue=QueueId(name))) for name in names),
        ),
    )


def queue(found: Rehearsal) -> str:
    assert found.fault is None
    assert isinstance(found.end, Enqueue)
    return found.end.queue


def test_what_is_said_goes_with_the_contact_as_a_place_that_the_words_are_put_into() -> None:
    found = rehearse(flow(), [says("сломался лифт")])
    assert queue(found) == "done"
    assert found.attributes == {"reason": "сломался лифт", "reason.confidence": "100"}
    assert found.end is not None
    assert found.end.attributes == {"reason": "{said 1}", "reason.confidence": "100"}


@pytest.mark.parametrize(
    ("answer", "counts"),
    [(says("да"), True), ("1", True), (says("нет"), False), ("2", False), (says("погода"), False), ("", False)],
)
def test_what_is_not_sure_is_asked_back(answer: str, counts: bool) -> None:
    found = rehearse(flow(), [says("сломался лифт", 45), answer], after="hang_up")
    assert found.said[:2] == ["Что случилось?", "Вы сказали: сломался лифт?"]
    if counts:
        assert queue(found) == "done"
        assert found.attributes["reason.confidence"] == "45"
    else:
        assert found.said[2:] == ["Не поняли вас.", "Что случилось?"]
        assert "reason" not in found.known


def test_one_key_answers_whether_it_was_meant_however_long_the_keys_of_the_question_are() -> None:
    run = Run(C, flow(replace(PHRASE, keys={"10": "Человек"})))
    (asks,) = run.start()
    assert isinstance(asks, Ask) and asks.max_digits == 2
    (back,) = run.handle(_heard("лифт", 0.45))
    assert isinstance(back, Ask) and back.max_digits == 1


def test_without_a_question_back_what_is_not_sure_has_an_exit_and_its_words() -> None:
    found = rehearse(flow(replace(PHRASE, confirm={})), [says("лифт", 45)])
    assert queue(found) == "people"
    assert ("f", "why", "unsure") in found.exits
    assert found.attributes == {"reason": "лифт", "reason.confidence": "45"}


def test_three_strikes_and_it_goes_by_the_exit_of_the_last() -> None:
    found = rehearse(flow(), [says("мгм", 20), says(""), ""])
    assert found.said == [
        *("Что случилось?", "Не поняли вас.", "Что случилось?", "Не поняли вас.", "Что случилось?"),
    ]
    assert queue(found) == "people"
    assert ("f", "why", "no_input") in found.exits
    assert found.attributes == {}


def test_three_strikes_and_keys_are_asked_for_where_there_are_any() -> None:
    keyed = replace(flow(WITH_KEYS).blocks[0], exits={"done": "people", "0": "done", "otherwise": "people"})
    asked = replace(flow(WITH_KEYS), blocks=(keyed, *flow().blocks[1:]))
    found = rehearse(asked, [says("мгм", 20), says("мгм", 20), says("мгм", 20), "5", "0"])
    assert found.said[-4:] == ["Не поняли вас.", "Нажмите ноль.", "Не поняли вас.", "Нажмите ноль."]
    assert queue(found) == "done"
    assert found.end is not None
    assert found.end.choices == ("Человек",)
    assert queue(rehearse(asked, ["0"])) == "done"
    assert rehearse(asked, [DEAF, "0"]).said == ["Что случилось?", "Нажмите ноль."]


def test_where_nobody_can_listen_and_no_key_helps_there_is_an_exit() -> None:
    found = rehearse(flow(), [DEAF])
    assert (queue(found), found.exits) == ("people", {("f", "why", "deaf")})


def test_a_phrase_that_is_asked_for_again_is_not_that_of_before() -> None:
    again = Block(id="again", listen=replace(PHRASE, attempts=1))
    found = rehearse(flow(PHRASE, again), [says("лифт"), ""])
    assert found.attributes == {}


def test_conditions_texts_and_questions_outside_have_the_words_and_the_log_has_places() -> None:
    case = Case(exit="lift", attributes=(Comparison(attribute="reason", one_of=("сломался лифт",)),))
    unsure = Case(exit="lift", attributes=(Comparison(attribute="reason.confidence", at_most=50),))
    blocks = (
        Block(id="which", branch=BranchBlock(cases=(case, unsure)), exits={"lift": "back"}),
        Block(id="back", say=SayBlock(text={"ru": "Запишем: {reason|digits}.", "en": "{reason}"})),
        Block(id="asks", look_up=LookUpBlock(connection="crm", statement="find", parameters={"of": "{reason}"})),
        Block(id="keeps", set=SetBlock(attributes={"note": "Сказал: {reason}"})),
    )
    run = Run(C, flow(PHRASE, *blocks))
    run.start()
    (says_it,) = run.handle(_heard("сломался лифт"))
    assert isinstance(says_it, Say)
    assert "лифт" not in str(says_it)
    assert worded(says_it, run).speech[0].text == "Запишем: сломался лифт."
    (looks,) = run.handle(VerbFinished(contact=C, step=3, outcome="done", block="back"))
    assert isinstance(looks, LookUp)
    assert (looks.parameters, worded(looks, run).parameters) == ({"of": "{said 1}"}, {"of": "сломался лифт"})
    (left,) = run.handle(Answered(contact=C, step=looks.step, outcome="found", block="asks"))
    assert isinstance(left, Enqueue)
    assert left.attributes == {"reason": "{said 1}", "reason.confidence": "90", "note": "Сказал: {said 1}"}


def test_words_are_compared_however_the_recogniser_writes_them() -> None:
    case = Case(exit="lift", attributes=(Comparison(attribute="reason", one_of=("Сломался лифт",)),))
    branch = Block(id="which", branch=BranchBlock(cases=(case,)), exits={"lift": "sales", "otherwise": "people"})
    for words, exit in (("сломался лифт", "lift"), ("Сломался, лифт!", "lift"), ("Сломался лифт опять.", "otherwise")):
        assert ("f", "which", exit) in rehearse(flow(PHRASE, branch), [says(words)]).exits


def _heard(words: str, confidence: float = 0.9) -> VerbFinished:
    return VerbFinished(contact=C, step=1, outcome="heard", confidence=confidence, said=words, block="why")


@pytest.mark.parametrize("confidence", [0.9, 0.45, 0.2])
def test_a_run_whose_words_were_erased_goes_the_same_way(confidence: float) -> None:
    run, erased = Run(C, flow()), Run(C, flow(), recorded=[_heard("", confidence)])
    run.start()
    assert run.handle(_heard("сломался лифт", confidence)) == erased.start()


def test_a_later_scenario_of_the_contact_knows_the_words_too() -> None:
    later = flow(PHRASE, Block(id="back", say=SayBlock(text={"ru": "{earlier}; {reason}", "en": "-"})))
    case = Case(exit="on", attributes=(Comparison(attribute="earlier", one_of=("не греет",)),))
    first = Block(id="known", branch=BranchBlock(cases=(case,)), exits={"on": "why", "otherwise": "people"})
    visitor = Visitor(attributes={"earlier": "{said 4}"}, said={4: "не греет"})
    found = rehearse(replace(later, blocks=(first, *later.blocks)), [says("капает")], Stage(visitor=visitor))
    assert found.said[-1] == "не греет; капает"


def test_words_are_not_dialled_or_counted_by() -> None:
    lock = LockOut(by=("{reason}",))
    wrong = flow(
        PHRASE,
        Block(id="keeps", set=SetBlock(attributes={"kept": "{reason}"})),
        Block(id="dials", outside=OutsideNumber(dial="{reason}")),
        Block(
            id="asks", look_up=LookUpBlock(connection="c", statement="s", parameters={"of": "{reason}"}, lock_out=lock)
        ),
    )
    told = faults(Configuration(flows=(wrong,)))
    assert [each.place for each in told if each.code == "config_speech_words"] == [
        "flows[0].blocks[2].outside.dial",
        "flows[0].blocks[3].look_up.lock_out.by",
    ]


def test_faults_are_told_with_their_place() -> None:
    def told(phrase: ListenBlock) -> set[tuple[str, str]]:
        found = faults(Configuration(flows=(flow(phrase),)))
        return {(each.place.partition("blocks[0]")[2], each.code) for each in found if "blocks[0]" in each.place}

    queues = {("", "config_no_queue")}
    assert told(PHRASE) <= queues
    bad = replace(
        PHRASE,
        into="a b",
        keys={"x": "X"},
        attempts=0,
        sure=0.2,
        longest_seconds=60,
        text={"ru": "?"},
        confirm={"ru": "?"},
    )
    assert told(bad) >= {
        (".listen.into", "config_flow_name"),
        (".listen.keys.x", "config_key"),
        (".listen.attempts", "config_flow_attempts"),
        (".listen.sure", "config_speech_sure"),
        (".listen.longest_seconds", "config_outside_seconds"),
        (".listen.text", "config_flow_text"),
        (".listen.confirm", "config_flow_text"),
    }
    exits = Block(id="why", listen=replace(WITH_KEYS, confirm={}), exits={})
    loose = faults(Configuration(flows=(replace(flow(), blocks=(exits,)),)))
    assert [each.values["exit"] for each in loose if each.code == "config_flow_no_exit"] == ["0", "done", "unsure"]


def test_where_nobody_listens_the_set_up_says_so() -> None:
    (told,) = unheard(Configuration(flows=(flow(),)))
    assert (told.place, told.code, told.warning) == ("flows[0].blocks[0].listen", "config_no_recogniser", True)


def test_tests_of_flows_say_how_sure_a_recogniser_is_and_compare_the_words() -> None:
    def holds(presses: tuple[str, ...], **expected: str) -> bool:
        test = FlowTest(name="", presses=presses, expect=Expected(queue=QueueId("done"), attributes=expected))
        tested = replace(flow(), tests=(test,))
        return not judge(tested, [tested])[0].wrong

    assert holds(("says: лифт",), reason="лифт")
    assert holds(("says 45: лифт", "says: да"), **{"reason.confidence": "45"})
    assert not holds(("says: лифт",), reason="дверь")
    assert not holds(("says 20: лифт",), reason="лифт")


def test_code_learns_the_words_and_how_sure_they_are() -> None:
    heard: list[tuple[str, str, float]] = []

    async def scenario(contact: Contact) -> None:
        came = await contact.listen("?", attempts=1)
        heard.append((came.outcome, came.said, came.confidence))
        await contact.to_queue("people")

    for caller in (says("лифт"), says("лифт", 45), says("лифт", 5), ""):
        rehearse(scenario, [caller])
    assert heard == [
        ("heard", "лифт", 1.0),
        ("unsure", "лифт", 0.45),
        ("no_match", "лифт", 0.05),
        ("no_input", "", 0.0),
    ]


def test_the_language_of_the_contact_is_that_of_the_recogniser() -> None:
    for language, heard in (("en", "en"), ("de", "ru")):
        (asked,) = Run(C, flow(), world=Stage(visitor=Visitor(language=language, attributes={}))).start()
        assert isinstance(asked, Ask)
        assert asked.hearing is not None
        assert (asked.hearing.language, asked.hearing.free, asked.hearing.phrases) == (heard, True, {})
