"""A menu that is answered in words: what is understood, what is asked back, and when only keys are left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otklik.contact.configuration import Configuration, Queue
from otklik.contact.decisions import Ask, Enqueue, LookUp, Say
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.fault import Fault
from otklik.contact.flow import (
    AskBlock,
    Block,
    BranchBlock,
    BySpeech,
    Case,
    Comparison,
    Flow,
    LockOut,
    LookUpBlock,
    QueueBlock,
    SayBlock,
    SetBlock,
)
from otklik.contact.hearing import Hearing
from otklik.contact.ids import ContactId, QueueId, ScenarioId
from otklik.contact.outside_number import OutsideNumber
from otklik.scenario.audit import faults
from otklik.scenario.audit_speech import unheard
from otklik.scenario.rehearsal import DEAF, Rehearsal, Stage, rehearse, says
from otklik.scenario.run import Run
from otklik.scenario.talk import Contact
from otklik.scenario.understood import understood, yes_or_no
from otklik.scenario.verbs import Visitor
from otklik.scenario.words import worded

PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "1": {"ru": ("отдел продаж", "продажи", "купить"), "en": ("sales", "sales department", "buy something")},
    "2": {"ru": ("техподдержка", "поддержка", "не работает"), "en": ("support", "technical support")},
}
RU = Hearing(language="ru", phrases={key: each["ru"] for key, each in PHRASES.items()})
EN = Hearing(language="en", phrases={key: each["en"] for key, each in PHRASES.items()})


def flow(speech: BySpeech | None = None, **ask: object) -> Flow:
    speech = speech or BySpeech(
        phrases=PHRASES,
        confirm={"ru": "Вам нужно: {heard}?", "en": "Did you say {heard}?"},
        keys_only={"ru": "Нажмите 1 или 2.", "en": "Press 1 or 2."},
    )
    menu = AskBlock(
        text={"ru": "Что вам нужно?", "en": "What do you need?"},
        keys={"1": "Продажи", "2": "Поддержка"},
        wrong={"ru": "Не поняли вас.", "en": "Sorry?"},
        silence={"ru": "Вас не слышно.", "en": "We hear nothing."},
        into="topic",
        speech=speech,
        **ask,  # type: ignore[arg-type]
    )
    exits = {"1": "sales", "2": "support", "otherwise": "people"}
    exits |= {} if speech.confirm else {"unsure": "people"}
    queues = [Block(id=name, queue=QueueBlock(queue=QueueId(name))) for name in ("sales", "support", "people")]
    return Flow(
        id=ScenarioId("f"),
        languages=("ru", "en"),
        otherwise=QueueId("people"),
        blocks=(Block(id="menu", ask=menu, exits=exits), *queues),
    )


def queue(found: Rehearsal) -> str:
    assert found.fault is None
    assert isinstance(found.end, Enqueue)
    return found.end.queue


@pytest.mark.parametrize(
    ("words", "hearing", "key"),
    [
        ("Отдел продаж.", RU, "1"),
        ("хочу купить, пожалуйста", RU, "1"),
        ("Техподдержка!", RU, "2"),
        ("у меня ничего не работает", RU, "2"),
        ("Два.", RU, "2"),
        ("1", RU, "1"),
        ("Technical support, please.", EN, "2"),
        ("I would like to buy something", EN, "1"),
        ("two", EN, "2"),
    ],
)
def test_what_was_said_is_taken_for_the_choice_that_is_nearest(words: str, hearing: Hearing, key: str) -> None:
    came = understood(words, hearing)
    assert came.key == key
    assert came.confidence >= 0.85


@pytest.mark.parametrize("words", ["", "...", "какая сегодня погода на улице", "Редактор субтитров А.Семкин"])
def test_what_is_no_choice_is_not_taken_for_one(words: str) -> None:
    assert understood(words, RU).confidence < 0.6


def test_words_that_name_two_choices_are_sure_of_neither() -> None:
    assert understood("не поддержка, а продажи", RU).confidence < 0.85


def test_several_digits_may_be_said_one_by_one() -> None:
    hearing = Hearing(language="en", phrases={"12": (), "21": ()})
    assert understood("one two", hearing).key == "12"
    assert understood("2 1", hearing).key == "21"


@pytest.mark.parametrize(("words", "key"), [("Да.", "1"), ("нет", "2"), ("да, верно", "1"), ("один", "1")])
def test_yes_and_no_are_known(words: str, key: str) -> None:
    came = understood(words, yes_or_no("ru"))
    assert (came.key, came.confidence >= 0.85) == (key, True)


def test_a_choice_that_is_said_leads_where_its_key_leads() -> None:
    found = rehearse(flow(), [says("техподдержка")])
    assert queue(found) == "support"
    assert found.end is not None
    assert found.end.choices == ("Поддержка",)
    assert found.attributes == {"topic": "2", "topic.confidence": "100"}


def test_a_key_counts_as_ever_and_has_no_confidence() -> None:
    found = rehearse(flow(), ["1"])
    assert (queue(found), found.attributes) == ("sales", {"topic": "1"})


def test_the_words_do_not_go_with_the_contact() -> None:
    found = rehearse(flow(), [says("ну это самое техподдержка")])
    assert "самое" not in str(found.end)


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        *((says("да"), "support"), ("1", "support"), (says("нет"), None), ("2", None)),
        *((says("техподдержка"), "support"), (says("продажи"), "sales"), (says("погода"), None)),
    ],
)
def test_what_is_not_sure_is_asked_back(answer: str, where: str | None) -> None:
    found = rehearse(flow(), [says("тех задержка"), answer], after="hang_up")
    assert "Вам нужно: техподдержка?" in found.said
    if where is not None:
        assert queue(found) == where
    else:
        assert found.said[-2:] == ["Не поняли вас.", "Что вам нужно?"]


def test_without_a_question_back_what_is_not_sure_has_an_exit_of_its_own() -> None:
    found = rehearse(flow(BySpeech(phrases=PHRASES)), [says("тех задержка")])
    assert queue(found) == "people"
    assert ("f", "menu", "unsure") in found.exits
    assert 60 <= int(found.attributes["topic.confidence"]) < 85


def test_three_strikes_and_only_keys_are_asked_for_and_then_an_agent() -> None:
    caller = [says("погода"), says(""), ""]
    found = rehearse(flow(attempts=2), caller)
    assert found.said == [
        *("Что вам нужно?", "Не поняли вас.", "Что вам нужно?", "Не поняли вас.", "Что вам нужно?"),
        *("Вас не слышно.", "Нажмите 1 или 2.", "Вас не слышно.", "Нажмите 1 или 2."),
    ]
    assert queue(found) == "people"
    assert queue(rehearse(flow(), [*caller, "2"])) == "support"


def test_where_nobody_can_listen_keys_are_asked_for_at_once() -> None:
    found = rehearse(flow(opening={"ru": "Добрый день.", "en": "Hello."}), [DEAF, "2"])
    assert found.said == ["Добрый день.", "Что вам нужно?", "Добрый день.", "Нажмите 1 или 2."]
    assert queue(found) == "support"


def test_whoever_is_not_asked_for_words_is_not_heard() -> None:
    keys = [says("погода")] * 3
    found = rehearse(flow(attempts=1), [*keys, says("техподдержка")])
    assert queue(found) == "people"


def test_a_run_that_is_told_the_same_answers_stands_where_it_stood_without_listening_again() -> None:
    run = Run(ContactId("c"), flow())
    (asked,) = run.start()
    assert isinstance(asked, Ask)
    assert asked.hearing is not None
    heard = VerbFinished(
        contact=ContactId("c"), step=asked.step, outcome="heard", digits="2", confidence=0.7, said="тех", block="menu"
    )
    (back,) = run.handle(heard)
    again = Run(ContactId("c"), flow(), recorded=run.replies)
    assert again.start() == [back]
    erased = Run(
        ContactId("c"),
        flow(),
        recorded=[
            VerbFinished(contact=ContactId("c"), step=1, outcome="heard", digits="2", confidence=0.7, block="menu")
        ],
    )
    assert erased.start() == [back]


def _says_back(*blocks: Block) -> Flow:
    """The menu, then these one after another, then the queue."""
    spoken = flow()
    menu, *queues = spoken.blocks
    chained = [
        replace(each, exits=dict.fromkeys(("done", "otherwise", "found", "not_found", "failed"), to))
        for each, to in zip(blocks, [*(each.id for each in blocks[1:]), "support"], strict=True)
    ]
    return replace(spoken, blocks=(replace(menu, exits=menu.exits | {"2": blocks[0].id}), *chained, *queues))


SAYS_BACK = Block(
    id="back", say=SayBlock(text={"ru": "Вы сказали: {topic.said}.", "en": "You said {topic.said|ordinal}."})
)


def test_words_are_named_by_their_step_in_what_is_logged_and_put_in_where_it_is_performed() -> None:
    asks = Block(id="asks", look_up=LookUpBlock(connection="crm", statement="find", parameters={"of": "{topic.said}"}))
    keeps = Block(id="keeps", set=SetBlock(attributes={"kept": "{topic.said}"}))
    run = Run(ContactId("c"), _says_back(SAYS_BACK, asks, keeps))
    run.start()
    (says_it,) = run.handle(_heard("ну мне бы техподдержка {ani}"))
    assert isinstance(says_it, Say)
    assert says_it.speech[0].text == "Вы сказали: {said 1}."
    assert worded(says_it, run).speech[0].text == "Вы сказали: ну мне бы техподдержка {ani}."
    assert worded(says_it, None).speech[0].text == "Вы сказали: ."
    (looks,) = run.handle(VerbFinished(contact=ContactId("c"), step=says_it.step, outcome="done", block="back"))
    assert isinstance(looks, LookUp)
    assert looks.parameters == {"of": "{said 1}"}
    assert worded(looks, run).parameters == {"of": "ну мне бы техподдержка {ani}"}
    (*_, left) = run.handle(Answered(contact=ContactId("c"), step=looks.step, outcome="found", block="asks"))
    assert isinstance(left, Enqueue)
    assert "мне бы" not in str(left)


def _heard(words: str) -> VerbFinished:
    return VerbFinished(
        contact=ContactId("c"), step=1, outcome="heard", digits="2", confidence=1, said=words, block="menu"
    )


def test_a_rehearsal_hears_the_words_themselves() -> None:
    found = rehearse(_says_back(SAYS_BACK), [says("ну техподдержка")])
    assert found.said[-1] == "Вы сказали: ну техподдержка."


def test_a_form_leaves_words_as_they_are() -> None:
    english = Stage(visitor=Visitor(language="en", attributes={}))
    assert rehearse(_says_back(SAYS_BACK), [says("support")], english).said[-1] == "You said support."


def test_conditions_compare_the_words_themselves() -> None:
    case = Case(exit="asked", attributes=(Comparison(attribute="topic.said", one_of=("техподдержка",)),))
    which = Block(id="which", branch=BranchBlock(cases=(case,)))
    spoken = _says_back(which)
    menu, which, *queues = spoken.blocks
    spoken = replace(spoken, blocks=(menu, replace(which, exits={"asked": "sales", "otherwise": "people"}), *queues))
    assert queue(rehearse(spoken, [says("техподдержка")])) == "sales"
    assert queue(rehearse(spoken, [says("Техподдержка.")])) == "sales", "however the recogniser writes it"
    assert queue(rehearse(spoken, [says("ну техподдержка")])) == "people"


def test_words_are_not_kept_dialled_or_counted_by() -> None:
    lock = LockOut(by=("{ani}", "{topic.said}"))
    told = _faults_of(
        _says_back(
            SAYS_BACK,
            Block(id="keeps", set=SetBlock(attributes={"kept": "{topic.said}", "key": "{topic}"})),
            Block(id="dials", outside=OutsideNumber(dial="{topic.said}")),
            Block(
                id="asks",
                look_up=LookUpBlock(connection="c", statement="s", parameters={"of": "{topic.said}"}, lock_out=lock),
            ),
        )
    )
    assert [each.place for each in told if each.code == "config_speech_words"] == [
        "flows[0].blocks[2].set.attributes.kept",
        "flows[0].blocks[3].outside.dial",
        "flows[0].blocks[4].look_up.lock_out.by",
    ]


def _faults_of(wrong: Flow) -> list[Fault]:
    return faults(Configuration(flows=(wrong,)))


def test_the_language_of_the_contact_decides_what_may_be_said() -> None:
    english = Stage(visitor=Visitor(language="en", attributes={}))
    assert queue(rehearse(flow(), [says("technical support")], english)) == "support"
    assert queue(rehearse(flow(attempts=1), [says("техподдержка")] * 3, english)) == "people"


def _faults(speech: BySpeech) -> list[tuple[str, str, bool]]:
    names = ("sales", "support", "people")
    queues = tuple(Queue(id=QueueId(name), name=name) for name in names)
    found = faults(Configuration(queues=queues, flows=(flow(speech),)))
    return [(each.place.partition(".speech")[2], each.code, each.warning) for each in found]


def test_faults_of_phrases_are_told_with_their_place() -> None:
    assert _faults(BySpeech(phrases=PHRASES)) == []
    found = _faults(
        BySpeech(
            phrases={"1": PHRASES["1"], "2": {"ru": ("Купить!",)}, "7": {"ru": ("семь",)}},
            sure=0.5,
            silence_seconds=9,
            confirm={"ru": "?"},
        )
    )
    assert set(found) == {
        (".confirm", "config_flow_text", False),
        (".phrases.7", "config_speech_key", False),
        (".phrases.2.ru", "config_speech_twice", False),
        (".phrases.2.en", "config_speech_no_phrase", True),
        (".sure", "config_speech_sure", False),
        (".silence_seconds", "config_outside_seconds", False),
    }


def test_where_nobody_listens_the_set_up_says_so() -> None:
    (told,) = unheard(Configuration(flows=(flow(),)))
    assert (told.place, told.code, told.warning) == ("flows[0].blocks[0].ask.speech", "config_no_recogniser", True)


def test_a_handler_gives_phrases_and_learns_how_sure_it_is() -> None:
    heard: list[tuple[str, str, float]] = []

    async def scenario(contact: Contact) -> None:
        came = await contact.menu("?", {"1": "Sales", "2": "Support"}, speech={"1": ["sales"], "2": ["support"]})
        heard.append((came.outcome, came.said, came.confidence))
        await contact.to_queue("people")

    for words in ("support", "supper"):
        rehearse(scenario, [says(words)], Stage(visitor=Visitor(language="en", attributes={})))
    assert heard == [("digits", "support", 1.0), ("unsure", "supper", 0.77)]
