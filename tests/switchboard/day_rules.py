"""The set-up of the days in which the centre dies: what its queues offer beside an agent, and a scenario that is drawn."""

from __future__ import annotations

import random
from dataclasses import replace

from otklik.contact.configuration import (
    Callback,
    Calling,
    Conditions,
    Configuration,
    Destination,
    EntryRule,
    Exit,
    IncidentSwitch,
    Overflow,
    Ring,
)
from otklik.contact.flow import (
    AskBlock,
    Block,
    BranchBlock,
    BySpeech,
    CallbackBlock,
    Case,
    CollectBlock,
    FetchBlock,
    Flow,
    FunctionBlock,
    HangUpBlock,
    LockOut,
    LookUpBlock,
    QueueBlock,
    QueueTest,
    SayBlock,
    SmsBlock,
    WaitBlock,
)
from otklik.contact.handler import Handler
from otklik.contact.ids import QueueId, ScenarioId
from otklik.contact.outside import Connection, Mail, Request, Service
from otklik.contact.outside_number import OutsideNumber

DOCTOR = "+78005553535"
"""Somebody outside."""


def drawn(known: Configuration, question: str) -> Flow:
    """A question, a look at the queue, a menu, and one way out that needs no agent."""
    first, second = (queue.id for queue in known.queues[:2])
    crowded = Case(exit="crowded", state=(QueueTest(queue=first, waiting_at_least=2),))
    order = LookUpBlock(connection="shop", statement="order", parameters={"code": "{code}"}, into="order")
    pin = FetchBlock(
        service="bank",
        request="pin",
        parameters={"pin": "{pin}", "caller": "{ani}"},
        into="account",
        lock_out=LockOut(by=("{ani}",), wrong=2, lock_seconds=600.0),
    )
    return Flow(
        id=ScenarioId("drawn"),
        languages=("ru",),
        otherwise=second,
        blocks=(
            Block(
                id="code",
                name=question,
                collect=CollectBlock(text={"ru": question}, into="code", max_digits=2),
                exits={"done": "order"},
            ),
            Block(id="order", look_up=order, exits={"found": "pin", "not_found": "tell", "failed": "look"}),
            Block(id="tell", sms=SmsBlock(text={"ru": "Нет такого заказа"}), exits={"otherwise": "level"}),
            Block(
                id="pin",
                collect=CollectBlock(text={"ru": "ПИН"}, into="pin", max_digits=2, masked=True, attempts=1),
                exits={"done": "account", "otherwise": "look"},
            ),
            Block(
                id="account",
                fetch=pin,
                exits={"found": "menu", "not_found": "pin", "forgotten": "pin", "locked": "bye", "otherwise": "look"},
            ),
            Block(
                id="level",
                function=FunctionBlock(code=ScenarioId("coded"), function="level", parameters={"code": "{code}"}),
                exits={"done": "look", "fault": "menu"},
            ),
            Block(id="look", branch=BranchBlock(cases=(crowded,)), exits={"crowded": "second", "otherwise": "menu"}),
            Block(
                id="menu",
                ask=AskBlock(
                    text={"ru": "1, 2 или 7"},
                    keys={"1": "Первая", "2": "Вторая", "5": "Номер", "6": "Время", "7": "Пока", "9": "Врач"},
                    into="choice",
                    speech=BySpeech(
                        phrases={"1": {"ru": ("первая",)}, "2": {"ru": ("вторая",)}},
                        confirm={"ru": "Это {heard}? {choice.said}"},
                        keys_only={"ru": "Нажмите 1, 2 или 7"},
                        attempts=2,
                    ),
                ),
                exits={"1": "first", "2": "second", "5": "back", "6": "later", "7": "bye", "9": "doctor"},
            ),
            Block(
                id="back",
                callback=CallbackBlock(
                    queue=first,
                    ask_number=True,
                    text={"ru": "Номер"},
                    entered={"ru": "Вы набрали"},
                    right={"ru": "Верно — 1"},
                ),
                exits={"impossible": "second", "otherwise": "first"},
            ),
            Block(
                id="doctor",
                outside=OutsideNumber(dial=DOCTOR, ring_seconds=15, longest_seconds=120, music=True),
                exits={"done": "bye", "busy": "first", "otherwise": "second"},
            ),
            Block(
                id="later",
                callback=CallbackBlock(queue=first, ask_time=True, attempts=1),
                exits={"impossible": "second", "otherwise": "first"},
            ),
            Block(id="first", queue=QueueBlock(queue=first)),
            Block(id="second", queue=QueueBlock(queue=second)),
            Block(id="bye", hang_up=HangUpBlock(text={"ru": "До свидания"})),
        ),
    )


def letters(known: Configuration) -> Flow:
    """What those who write read: some are served by it, the others wait."""
    first, second = (queue.id for queue in known.queues[:2])
    crowded = Case(exit="crowded", state=(QueueTest(queue=first, waiting_at_least=1),))
    return Flow(
        id=ScenarioId("letters"),
        languages=("ru",),
        otherwise=second,
        written=True,
        blocks=(
            Block(id="hello", say=SayBlock(text={"ru": "Здравствуйте, {request.name}!"}), exits={"done": "wait"}),
            Block(id="wait", wait=WaitBlock(wait_seconds=2), exits={"done": "look"}),
            Block(id="look", branch=BranchBlock(cases=(crowded,)), exits={"crowded": "bye", "otherwise": "first"}),
            Block(id="first", queue=QueueBlock(queue=first)),
            Block(id="bye", hang_up=HangUpBlock()),
        ),
    )


def coded(known: Configuration) -> Handler:
    return Handler(id=ScenarioId("coded"), otherwise=known.queues[-1].id, code="async def scenario(contact): ...")


def another_set_up(known: Configuration, dice: random.Random) -> Configuration:
    """In the middle of the day: another text of the drawn scenario, a queue that is no more, or one more than before."""
    flows = (drawn(known, dice.choice(["Код", "Номер"])), letters(known))
    queues, agents = known.queues, known.agents
    change = dice.choice(["none", "none", "less", "more", "agent"])
    if change == "less":
        gone = dice.choice(queues).id
        queues = tuple(queue for queue in queues if queue.id != gone)
        agents = tuple(
            replace(agent, queues={queue: level for queue, level in agent.queues.items() if queue != gone})
            for agent in agents
        )
    elif change == "more":
        queues = (*queues, replace(queues[0], id=QueueId("extra"), name="Ещё одна", everyone=True, priority=2))
    elif change == "agent":
        agents = agents[:-1]
    return replace(known, flows=flows, queues=queues, agents=agents)


def rules_of_the_day(known: Configuration, question: str = "Код") -> Configuration:
    """Of both queues of the demo: * is for being called back, 9 for the other queue, 7 for the drawn scenario, to which the
    second number leads, too. The first queue tries the own manager and the last agent first."""
    rules = Callback(attempts=2, retry_seconds=5.0, ring_seconds=20.0, lifetime_seconds=900.0)
    calling = Calling(callers=tuple(entry.id for entry in known.entry_points), ring_seconds=20.0, prefixes=("+7",))
    queues = tuple(
        replace(
            queue,
            callback=rules,
            calling=calling,
            requires="" if number else "language = ru",
            rings=() if number else (Ring(after_seconds=5.0),),
            max_waiting=0 if number else 4,
            max_wait_seconds=0.0 if number else 60.0,
            otherwise=None if number else Destination(queue=known.queues[1].id),
            overflow=(Overflow(when="length", at=1, to=known.queues[0].id, keep=True),) if number else (),
            personal_seconds=0.0 if number else 20.0,
            last_agent_seconds=0.0 if number else 5.0,
            exits=(
                Exit(digit="7", to=Destination(scenario=ScenarioId("drawn"))),
                Exit(digit="8", to=Destination(scenario=ScenarioId("coded"))),
                Exit(digit="*", to=Destination(callback=True)),
                Exit(digit="6", to=Destination(outside=OutsideNumber(dial=DOCTOR, ring_seconds=10))),
                Exit(digit="9", to=Destination(queue=known.queues[number - 1].id)),
            ),
        )
        for number, queue in enumerate(known.queues)
    )
    first, second = known.entry_points
    doctor = EntryRule(
        id="doctor",
        when=Conditions(caller_prefix=("+79160",)),
        to=Destination(outside=OutsideNumber(dial=DOCTOR, ring_seconds=10)),
    )
    written = EntryRule(id="letters", when=Conditions(channel=("web",)), to=Destination(scenario=ScenarioId("letters")))
    entries = (replace(first, rules=(written, doctor, *first.rules)), replace(second, scenario=ScenarioId("drawn")))
    shop = Connection(id="shop", url_secret="SHOP", statements={"order": "select state from orders where code = :code"})
    asked = Request(path="/pin/{caller}", method="POST", body={"pin": "{pin}"})
    return replace(
        known,
        agents=tuple(replace(each, desk_telephone=True, outside_number="+79160000001") for each in known.agents),
        queues=queues,
        entry_points=entries,
        flows=(drawn(known, question), letters(known)),
        mail=Mail(server="mail.example.com", sender="help@example.com"),
        handlers=(coded(known),),
        connections=(shop,),
        services=(Service(id="bank", url="https://bank.example", requests={"pin": asked}),),
        short_numbers=("112",),
        incident_switches=(
            IncidentSwitch(entry_point=None, to=Destination(queue=known.queues[1].id)),
            IncidentSwitch(entry_point=first.id, to=Destination(scenario=ScenarioId("drawn"))),
        ),
    )
