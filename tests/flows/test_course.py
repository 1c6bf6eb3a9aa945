"""Where contacts went in a flow, by what the log says of them."""

from __future__ import annotations

from dataclasses import replace

from otklik.contact.flow import AskBlock, Block, BySpeech, Flow, HangUpBlock, ListenBlock, QueueBlock, SetBlock
from otklik.contact.ids import QueueId, ScenarioId
from otklik.flows.course import Answer, Step, Trace, course, course_of_code

SALES = QueueId("sales")
FLOW = Flow(
    id=ScenarioId("menu"),
    languages=("ru",),
    otherwise=SALES,
    blocks=(
        Block(
            id="menu",
            name="Меню",
            ask=AskBlock(text={"ru": "?"}, keys={"1": "Да", "2": "Нет"}),
            exits={"1": "first", "2": "again", "otherwise": "bye"},
        ),
        Block(id="first", set=SetBlock(priority=1), exits={"done": "again"}),
        Block(id="again", ask=AskBlock(text={"ru": "?"}, keys={"1": "Да"}), exits={"1": "sales", "otherwise": "bye"}),
        Block(id="sales", queue=QueueBlock(queue=SALES)),
        Block(id="bye", hang_up=HangUpBlock()),
    ),
)


def pressed(block: str, digits: str) -> Answer:
    return Answer(block=block, outcome="digits", digits=digits)


def test_who_came_to_the_end_is_counted_at_each_block_of_the_way_once() -> None:
    queued = Trace(end="queued", path=("Меню", "first", "again", "Меню", "sales"))
    served = Trace(end="served", path=("Меню", "bye"))
    found = course(FLOW, [queued, served])
    assert (found.contacts, found.queued, found.served, found.contained) == (2, 1, 1, 0.5)
    assert {block: step.came for block, step in found.steps.items()} == {
        "menu": 2,
        "first": 1,
        "again": 1,
        "sales": 1,
        "bye": 1,
    }


def test_who_hung_up_did_so_at_the_question_after_the_last_answer() -> None:
    found = course(FLOW, [Trace(end="left", answers=(pressed("Меню", "1"),))])
    assert found.steps["again"] == Step(came=1, left=1)
    assert found.steps["menu"] == Step(came=1)
    assert found.contained is None


def test_who_pressed_a_wrong_key_is_still_at_the_question() -> None:
    found = course(FLOW, [Trace(end="under_way", answers=(pressed("Меню", "9"),)), Trace(end="under_way")])
    assert found.steps["menu"] == Step(came=2, now=2)
    assert found.now == 2


def test_contacts_of_another_flow_are_not_counted() -> None:
    others = [Trace(end="queued", path=("elsewhere",)), Trace(end="left", answers=(pressed("elsewhere", "1"),))]
    others.append(Trace(end="queued"))
    assert course(FLOW, others).contacts == 0


def test_a_circle_without_questions_ends() -> None:
    blocks = (Block(id="a", set=SetBlock(), exits={"done": "a"}),)
    circle = Flow(id=ScenarioId("c"), languages=("ru",), otherwise=SALES, blocks=blocks)
    found = course(circle, [Trace(end="left", answers=(Answer(block="a", outcome="done", digits=""),))])
    assert found.steps["a"] == Step(came=1, left=1)


def test_an_answer_to_whether_a_word_was_meant_is_no_key_of_the_menu() -> None:
    spoken = AskBlock(text={"ru": "?"}, keys={"1": "Да", "2": "Нет"}, speech=BySpeech(confirm={"ru": "{heard}?"}))
    flow = replace(FLOW, blocks=(replace(FLOW.blocks[0], ask=spoken), *FLOW.blocks[1:]))

    def stands(*answers: Answer) -> str:
        found = course(flow, [Trace(end="under_way", answers=answers)])
        return next(block for block, step in found.steps.items() if step.now)

    def heard(digits: str, confidence: float) -> Answer:
        return Answer(block="Меню", outcome="heard", digits=digits, confidence=confidence)

    assert stands(heard("2", 0.7)) == "menu"
    assert stands(heard("2", 0.9)) == "again"
    assert stands(heard("2", 0.7), pressed("Меню", "1")) == "again"
    assert stands(heard("2", 0.7), pressed("Меню", "2")) == "menu"
    assert stands(heard("2", 0.7), heard("=2", 0.7)) == "again"
    assert stands(heard("1", 0.7), heard("=2", 1.0)) == "again"
    assert stands(heard("2", 0.7), heard("1", 0.5)) == "menu"


def test_a_phrase_is_meant_by_the_yes_that_the_question_takes_for_one() -> None:
    listens = ListenBlock(text={"ru": "?"}, into="reason", confirm={"ru": "{heard}?"}, sure=0.9)
    first = Block(id="menu", name="Меню", listen=listens, exits={"done": "again", "otherwise": "bye"})
    flow = replace(FLOW, blocks=(first, *FLOW.blocks[1:]))

    def stands(*answers: Answer) -> str:
        found = course(flow, [Trace(end="under_way", answers=answers)])
        return next(block for block, step in found.steps.items() if step.now)

    def heard(digits: str, confidence: float) -> Answer:
        return Answer(block="Меню", outcome="heard", digits=digits, confidence=confidence)

    assert stands(heard("", 0.95)) == "again"
    assert stands(heard("", 0.7), heard("1", 0.7)) == "again"
    assert stands(heard("", 0.7), heard("1", 0.5)) == "menu"
    assert stands(heard("", 0.7), heard("2", 1.0)) == "menu"
    assert stands(heard("", 0.7), pressed("Меню", "1")) == "again"


def test_course_of_code_goes_by_the_names_of_its_steps() -> None:
    found = course_of_code(
        [
            Trace(end="queued", path=("number", "shop", "to sales")),
            Trace(end="served", path=("number", "shop", "told", "bye")),
            Trace(end="left", answers=(pressed("number", "1"),), stands="shop"),
            Trace(end="under_way", stands="number"),
            Trace(end="left"),
        ]
    )
    assert (found.contacts, found.queued, found.served, found.left, found.now, found.contained) == (4, 1, 1, 1, 1, 0.5)
    assert found.steps == {
        "number": Step(came=4, now=1),
        "shop": Step(came=3, left=1),
        "told": Step(came=1),
        "bye": Step(came=1),
        "to sales": Step(came=1),
    }
    assert list(found.steps) == ["number", "shop", "told", "bye", "to sales"]
