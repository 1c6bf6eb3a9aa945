"""Drawn flows and Python handlers: one runtime, every verb, and what happens to a scenario that fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from otklik.contact.conditions import Conditions
from otklik.contact.decisions import Ask, Decision, Enqueue, Finish, PlayMusic, ReportFault, Say, SetTimer
from otklik.contact.facts import VerbFinished
from otklik.contact.flow import (
    AgentBlock,
    AskBlock,
    BackBlock,
    Block,
    BranchBlock,
    Case,
    CollectBlock,
    Comparison,
    Flow,
    HangUpBlock,
    QueueBlock,
    QueueTest,
    SayBlock,
    SetBlock,
    SubFlowBlock,
    WaitBlock,
)
from otklik.contact.ids import AgentId, ContactId, QueueId, ScenarioId
from otklik.scenario import Contact, QueueState, Run, Visitor
from otklik.scenario.verbs import Nowhere

C1 = ContactId("c1")
SALES, CLERKS = QueueId("sales"), QueueId("clerks")


def say(name: str, to: str = "", **kind: object) -> Block:
    return Block(id=name, say=SayBlock(text={"ru": name, "en": f"{name} in English"}), exits={"done": to} if to else {})


def to_sales() -> Block:
    return Block(id="sales", name="Продажи", queue=QueueBlock(queue=SALES))


def flow(*blocks: Block, name: str = "main") -> Flow:
    return Flow(id=ScenarioId(name), languages=("ru", "en"), otherwise=CLERKS, blocks=blocks)


class Place(Nowhere):
    """A world in a test's hands."""

    def __init__(self, *flows: Flow, is_vip: bool = False, state: QueueState | None = None, language: str = "") -> None:
        self.flows = {each.id: each for each in flows}
        self.is_vip = is_vip
        self.state = state or QueueState()
        self.language = language
        self.open = True

    def visitor(self) -> Visitor:
        return Visitor(ani="+79161234567", language=self.language, attributes={})

    def meets(self, when: Conditions) -> bool:
        return self.open if when.open is not None else True

    def vip(self) -> bool:
        return self.is_vip

    def queue(self, queue: QueueId) -> QueueState:
        return self.state

    def scenario(self, scenario: ScenarioId) -> Flow | None:
        return self.flows.get(scenario)


def done(step: int, block: str = "") -> VerbFinished:
    return VerbFinished(contact=C1, step=step, outcome="done", block=block)


def pressed(step: int, digits: str, block: str = "") -> VerbFinished:
    return VerbFinished(contact=C1, step=step, outcome="digits", digits=digits, block=block)


def spoken(decisions: list[Decision]) -> list[str]:
    return [part.text for each in decisions if isinstance(each, Say | Ask) for part in each.speech]


def left(decisions: list[Decision]) -> Enqueue:
    (found,) = [each for each in decisions if isinstance(each, Enqueue)]
    return found


def test_blocks_are_spoken_in_the_order_of_their_exits_and_the_way_goes_with_the_contact() -> None:
    run = Run(C1, flow(say("hello", "news"), to_sales(), say("news", "sales")))
    assert spoken(run.start()) == ["hello"]
    assert spoken(run.handle(done(1))) == ["news"]
    gone = run.handle(done(2))
    assert gone == [Enqueue(contact=C1, queue=SALES, choices=(), path=("hello", "news", "Продажи"))]
    assert run.over


def test_texts_are_in_the_language_that_is_set_with_attributes_in_their_places() -> None:
    hello = Block(id="hello", say=SayBlock(text={"ru": "Здравствуйте", "en": "Hello, {name}{nothing}"}))
    set_words = SetBlock(
        language="en", priority=3, requires="english >= 5", attributes={"name": "Ann", "greeted": "as {name}"}
    )
    run = Run(
        C1,
        flow(
            Block(id="set", set=set_words, exits={"done": "set2"}),
            Block(id="set2", set=SetBlock(vip=True, attributes={"greeted": "as {name}"}), exits={"done": "hello"}),
            hello,
        ),
    )
    assert spoken(run.start()) == ["Hello, Ann"]
    gone = left(run.handle(done(3)))
    assert (gone.queue, gone.language, gone.priority, gone.requires, gone.vip) == (
        CLERKS,
        "en",
        3,
        "english >= 5",
        True,
    )
    assert gone.attributes == {"name": "Ann", "greeted": "as Ann"}


def ask() -> Block:
    menu = AskBlock(
        text={"ru": "Меню"},
        keys={"1": "Продажи", "2": "Склад"},
        wrong={"ru": "Нет такого"},
        silence={"ru": "Не слышно"},
        attempts=2,
        into="key",
    )
    return Block(id="menu", ask=menu, exits={"1": "sales", "no_input": "asleep", "no_match": "lost"})


@pytest.mark.parametrize(
    ("first", "again", "second", "path"),
    [
        ("1", None, None, ("menu", "Продажи")),
        ("9", ["Нет такого", "Меню"], "1", ("menu", "Продажи")),
        ("", ["Не слышно", "Меню"], "7", ("menu", "lost")),
        ("9", ["Нет такого", "Меню"], "", ("menu", "asleep")),
        ("2", None, None, ("menu",)),
    ],
)
def test_menu_leads_by_the_key_and_after_all_attempts_by_the_last_of_them(
    first: str, again: list[str] | None, second: str | None, path: tuple[str, ...]
) -> None:
    ends = [Block(id=name, queue=QueueBlock(queue=CLERKS)) for name in ("asleep", "lost")]
    run = Run(C1, flow(ask(), to_sales(), *ends))
    run.start()

    def press(step: int, key: str) -> list[Decision]:
        return run.handle(pressed(step, key) if key else VerbFinished(contact=C1, step=step, outcome="timeout"))

    decisions = press(1, first)
    if again is not None and second is not None:
        assert spoken(decisions) == again
        decisions = press(2, second)
    assert left(decisions).path == path


def collect(masked: bool = False) -> Flow:
    block = CollectBlock(
        text={"ru": "Номер заказа"}, into="order", min_digits=4, max_digits=6, masked=masked, wrong={"ru": "Коротко"}
    )
    return flow(Block(id="order", collect=block, exits={"done": "sales"}), to_sales())


def test_digits_are_collected_again_if_there_are_too_few() -> None:
    run = Run(C1, collect())
    (asked,) = run.start()
    assert isinstance(asked, Ask)
    assert (asked.max_digits, asked.terminator, asked.masked) == (6, "#", False)
    assert spoken(run.handle(pressed(1, "12"))) == ["Коротко", "Номер заказа"]
    assert left(run.handle(pressed(2, "4711"))).attributes == {"order": "4711"}


def test_masked_digits_are_nowhere_in_what_is_decided() -> None:
    run = Run(C1, collect(masked=True))
    (asked,) = run.start()
    assert isinstance(asked, Ask)
    assert asked.masked
    fact = VerbFinished(contact=C1, step=1, outcome="digits", digits="****", secret="4711")
    assert left(run.handle(fact)).attributes == {"order": "****"}


def branch(*cases: Case, **exits: str) -> Flow:
    block = Block(id="which", branch=BranchBlock(cases=cases), exits={**exits, "otherwise": "clerks"})
    return flow(block, to_sales(), Block(id="clerks", queue=QueueBlock(queue=CLERKS)))


@pytest.mark.parametrize(
    ("case", "world", "holds"),
    [
        (Case(exit="x", vip=True), Place(is_vip=True), True),
        (Case(exit="x", vip=True), Place(), False),
        (Case(exit="x", when=Conditions(open="office")), Place(), True),  # type: ignore[arg-type]  # a plain text
        (Case(exit="x", language=("en",)), Place(language="en"), True),
        (Case(exit="x", language=("en",)), Place(language="ru"), False),
        (Case(exit="x", state=(QueueTest(queue=SALES, waiting_at_least=5),)), Place(state=QueueState(waiting=5)), True),
        (Case(exit="x", state=(QueueTest(queue=SALES, waiting_at_least=5),)), Place(state=QueueState(waiting=4)), False),
        (Case(exit="x", state=(QueueTest(queue=SALES, wait_at_most=60),)), Place(state=QueueState()), False),
        (Case(exit="x", state=(QueueTest(queue=SALES, ready_at_least=1),)), Place(state=QueueState(ready=1)), True),
        (Case(exit="x", attributes=(Comparison(attribute="a", one_of=("1",)),)), Place(), False),
        (Case(exit="x"), Place(), True),
    ],
)  # fmt: skip
def test_first_case_that_holds_says_where_to_go(case: Case, world: Place, holds: bool) -> None:
    run = Run(C1, branch(case, x="sales"), world=world)
    assert left(run.start()).queue == (SALES if holds else CLERKS)
    assert [known.value for known in run.known] == ["x" if holds else "otherwise"]


@pytest.mark.parametrize(("balance", "holds"), [("99,5", True), ("100.5", False), ("much", False), ("nan", False)])
def test_attributes_are_compared_as_figures(balance: str, holds: bool) -> None:
    case = Case(exit="x", attributes=(Comparison(attribute="balance", at_most=100),))
    first = Block(id="set", set=SetBlock(attributes={"balance": balance}), exits={"done": "which"})
    drawn = branch(case, x="sales")
    run = Run(C1, replace(drawn, blocks=(first, *drawn.blocks)), world=Place())
    assert left(run.start()).queue == (SALES if holds else CLERKS)


def test_wait_is_music_and_a_timer() -> None:
    run = Run(C1, flow(Block(id="music", wait=WaitBlock(wait_seconds=30), exits={"done": "sales"}), to_sales()))
    over = VerbFinished(contact=C1, step=1, outcome="done", block="music")
    assert run.start(100.0) == [PlayMusic(contact=C1), SetTimer(at=130.0, fact=over)]
    assert left(run.handle(over, 130.0)).queue == SALES


def test_agent_asked_for_by_name_is_tried_before_the_queue() -> None:
    block = Block(id="ann", agent=AgentBlock(agent=AgentId("ann"), queue=SALES, agent_seconds=15))
    gone = left(Run(C1, flow(block)).start())
    assert (gone.agent, gone.queue, gone.agent_seconds) == ("ann", SALES, 15)


def test_customer_who_is_served_is_told_so_and_hung_up() -> None:
    run = Run(C1, flow(Block(id="bye", hang_up=HangUpBlock(text={"ru": "До свидания"}))))
    assert spoken(run.start()) == ["До свидания"]
    assert run.handle(done(1)) == [Finish(contact=C1, path=("bye",))]


def test_another_flow_is_run_and_leads_back_by_its_own_exit() -> None:
    inner = flow(say("inside", "back"), Block(id="back", back=BackBlock(exit="paid")), name="inner")
    outer = flow(Block(id="pay", flow=SubFlowBlock(flow=inner.id), exits={"paid": "sales"}), to_sales())
    run = Run(C1, outer, world=Place(inner))
    (spoke,) = run.start()
    assert isinstance(spoke, Say)
    assert left(run.handle(done(spoke.step))).path == ("pay", "inside", "Продажи")


def test_flow_that_is_not_there_sends_the_contact_to_the_default_queue() -> None:
    report, gone = Run(C1, flow(Block(id="pay", flow=SubFlowBlock(flow=ScenarioId("x"))))).start()
    assert isinstance(report, ReportFault)
    assert (report.scenario, report.block) == ("main", "pay")
    assert left([gone]).queue == CLERKS


def test_endless_flow_is_stopped_with_its_place() -> None:
    rounds = Block(id="round", set=SetBlock(), exits={"done": "round"})
    report, gone = Run(C1, flow(rounds)).start()
    assert isinstance(report, ReportFault)
    assert (report.block, report.reason) == ("round", "200 steps without waiting for anything")
    assert left([gone]).queue == CLERKS


def test_flow_that_speaks_for_ever_is_stopped_too() -> None:
    run = Run(C1, flow(say("again", "again")))
    decisions, step = run.start(), 1
    while not run.over:
        decisions, step = run.handle(done(step)), step + 1
    assert isinstance(decisions[0], ReportFault)
    assert step == 2001


# Python handlers


async def by_hand(contact: Contact) -> None:
    await contact.say("Здравствуйте", name="hello")
    order = await contact.collect("Номер заказа?", max_digits=6, name="order")
    if order.outcome != "digits":
        return
    contact.set(order=order.digits, priority=2)
    if (await contact.queue_state("sales")).waiting > 3:
        await contact.to_queue("clerks")
    await contact.to_queue("sales")


def test_handler_in_python_uses_the_same_verbs() -> None:
    run = Run(C1, by_hand)
    assert spoken(run.start()) == ["Здравствуйте"]
    assert spoken(run.handle(done(1))) == ["Номер заказа?"]
    gone = left(run.handle(pressed(2, "4711")))
    assert (gone.queue, gone.attributes, gone.priority) == (SALES, {"order": "4711"}, 2)


def test_handler_that_ends_without_a_word_leads_to_the_default_queue() -> None:
    run = Run(C1, by_hand, default_queue=CLERKS)
    run.start()
    run.handle(done(1))
    for step in (2, 3, 4):
        decisions = run.handle(VerbFinished(contact=C1, step=step, outcome="timeout"))
    assert left(decisions).queue == CLERKS


async def falls(contact: Contact) -> None:
    await contact.say("Здравствуйте", name="hello")
    raise ValueError("no such price")


def test_fault_of_a_handler_keeps_its_traceback_and_loses_nobody() -> None:
    run = Run(C1, falls, default_queue=CLERKS)
    run.start()
    report, gone = run.handle(done(1))
    assert isinstance(report, ReportFault)
    assert (report.scenario, report.block, report.reason) == ("falls", "hello", "no such price")
    assert 'raise ValueError("no such price")' in report.traceback
    assert left([gone]).queue == CLERKS


class NoVerb:
    def __await__(self):  # type: ignore[no-untyped-def]  # what no verb is
        yield 42


async def awaits_something_else(contact: Contact) -> None:
    await NoVerb()


async def stubborn(contact: Contact) -> None:
    try:
        await contact.to_queue("sales")
    except BaseException:  # noqa: BLE001  exactly this must not hold the contact up
        await contact.say("Ещё минуту")


def test_handler_that_awaits_what_is_no_verb_loses_nobody() -> None:
    report, gone = Run(C1, awaits_something_else, default_queue=CLERKS).start()
    assert isinstance(report, ReportFault)
    assert "no verb" in report.reason
    assert left([gone]).queue == CLERKS


def test_handler_that_does_not_let_go_is_left_behind() -> None:
    assert left(Run(C1, stubborn).start()).queue == SALES


# Coming back


def test_fresh_run_told_what_the_first_was_stands_at_the_same_step() -> None:
    drawn = branch(Case(exit="x", vip=True), x="menu")
    drawn = replace(drawn, blocks=(say("hello", "which"), *drawn.blocks, ask()))
    run = Run(C1, drawn, world=Place(is_vip=True))
    run.start()
    assert spoken(run.handle(done(1, "hello"))) == ["Меню"]
    again = Run(C1, drawn, world=Place(is_vip=False), recorded=[*run.replies, *run.known])
    assert spoken(again.start()) == ["Меню"]
    assert (again.replies, again.known) == (run.replies, run.known)
    assert again.handle(pressed(3, "1", "menu")) == run.handle(pressed(3, "1", "menu")) != []


@pytest.mark.parametrize(
    "changed",
    [
        flow(say("other", "sales"), to_sales()),
        flow(Block(id="set", set=SetBlock(), exits={"done": "hello"}), say("hello")),
    ],
)
def test_scenario_that_asks_for_something_else_now_sends_the_contact_to_the_default_queue(changed: Flow) -> None:
    run = Run(C1, flow(say("hello", "sales"), say("sales")))
    run.start()
    run.handle(done(1, "hello"))
    recorded = [*run.replies, VerbFinished(contact=C1, step=2, outcome="done", block="sales")]
    decisions = Run(C1, changed, recorded=recorded).start()
    if isinstance(decisions[0], ReportFault):
        assert "when it was answered" in decisions[0].reason
    else:
        pytest.fail("it went on as if nothing were different")
    assert left(decisions).queue == CLERKS
