"""Every verb of scenarios on every switch: a call goes through it, on the simulator and on a real Asterisk, with a real database,
service and mail server behind it. A verb or a block without its case here fails the first tests of this file."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import pytest

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import (
    Ask,
    CallFunction,
    CallHandler,
    Enqueue,
    Fetch,
    Finish,
    LeaveVoicemail,
    LookUp,
    Say,
    SendMessage,
    TakeMessage,
    TransferOutside,
)
from otklik.contact.facts import CallAnswered, ContactArrived, ContactQueued, CustomerLeft, StatusChosen
from otklik.contact.facts import ShiftStarted as Shift
from otklik.contact.ids import AgentId
from otklik.contact.outside_number import OutsideEnded
from otklik.integrations.handlers.outside import ConfinedHandlers
from otklik.integrations.outside import OuterSystems
from otklik.integrations.secrets import Secrets
from otklik.scenario.audit import KINDS, faults
from otklik.scenario.verbs import Choose, FreeTimes, Look, MayCallBack, Pause, Tries, Verb
from otklik.tenancy import document
from tests.channels.centre import Centre
from tests.channels.inbox import NUMBER
from tests.channels.lab import Customer, Lab, until
from tests.integrations.test_services import Peer, says
from tests.web.test_answering import SmtpServer

ANNA = AgentId("anna")
DOCTOR = "+78005553535"
ANI = "+79161234567"
WORDS = {"en": "Hello"}
GOOD, BAD = {"id": "good", "queue": {"queue": "good"}}, {"id": "bad", "queue": {"queue": "bad"}}
HANDLER = """
def level(number, order):
    if order != "42":
        raise ValueError("no such order")
    return "ours" if number.startswith("+7916") else None, {"state": "gold", "digits": len(number)}


async def scenario(contact):
    await contact.say("hello")
    state = await contact.queue_state("good")
    pressed = await contact.ask("number", max_digits=2)
    if pressed.digits == "42" and state.waiting == 0:
        await contact.to_queue("good")
"""


@dataclass
class Scene:
    lab: Lab
    centre: Centre
    customer: Customer
    service: Peer
    mail: SmtpServer

    async def ready(self) -> Any:
        """Anna is at work, at her telephone."""
        phone = await self.lab.phone(ANNA)
        await self.centre.tell(Shift(agent=ANNA), StatusChosen(agent=ANNA, status="ready"))
        return phone


Acts = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True)
class Case:
    """`block`: its kind and body; `exits`: beside `done` and `otherwise`, which lead to the queues good and bad. `verbs` are wanted on
    the way. `attributes`: what is known in the end. `queue`: empty, the call was served by the scenario."""

    block: Mapping[str, Any]
    verbs: tuple[type, ...]
    acts: Acts
    queue: str = "good"
    exits: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


async def listens(scene: Scene) -> None:
    await scene.customer.hears("speech")


async def does_nothing(scene: Scene) -> None:
    pass


def presses(keys: str) -> Acts:
    async def act(scene: Scene) -> None:
        await scene.customer.hears("speech")
        scene.customer.press(keys)

    return act


async def speaks(scene: Scene) -> None:
    scene.customer.be_silent()
    await scene.lab.says(scene.customer, "yes please")


async def mumbles(scene: Scene) -> None:
    scene.customer.be_silent()
    await scene.lab.says(scene.customer, "the lift is stuck", 0.45)


async def leaves_a_message(scene: Scene) -> None:
    await scene.lab.taking(scene.customer, 1)
    await scene.customer.talk_for(0.8)
    scene.customer.press("#")


async def waits_as_a_message(scene: Scene) -> None:
    await leaves_a_message(scene)
    await scene.centre.leaves()
    await until(
        "the message waits", lambda: any(each.channel == "voicemail" for each in scene.centre.engine.contacts())
    )


async def hears_music(scene: Scene) -> None:
    await scene.customer.hears("music")


async def talks_to_anna(scene: Scene) -> None:
    phone = await scene.ready()
    await phone.rings()
    await phone.answer()
    await scene.customer.hears("agent")


async def is_called_back(scene: Scene) -> None:
    await scene.customer.gone()
    phone = await scene.ready()
    await phone.rings()
    await phone.answer()
    called = await scene.lab.called(ANI)
    again = await called.answer()
    await scene.lab.inbox.next(CallAnswered)
    await again.hears("agent")


async def chooses_a_time(scene: Scene) -> None:
    await scene.customer.hears("speech")
    scene.customer.press("1")
    await scene.customer.gone()


async def talks_outside(scene: Scene) -> None:
    outsider = await scene.lab.outsider(DOCTOR)
    await outsider.answer()
    await scene.customer.hears("outside")
    outsider.hang_up()
    assert (await scene.lab.inbox.next(OutsideEnded)).cause == "hung_up"


async def is_hung_up(scene: Scene) -> None:
    await scene.customer.gone()


async def gets_an_sms(scene: Scene) -> None:
    await scene.centre.leaves()
    (asked,) = scene.service.asked
    assert asked.startswith("POST /sms") and json.loads(asked.partition("\r\n\r\n")[2]) == {"to": ANI, "text": "Hello"}


async def gets_a_mail(scene: Scene) -> None:
    await scene.centre.leaves()
    (message,) = scene.mail.messages
    assert "To: duty@example.com" in message and "Hello" in message


async def waits_until_the_text_is_over(scene: Scene) -> None:
    await scene.customer.hears("speech")
    scene.customer.press("42")


LOOK_UP = {"connection": "shop", "statement": "order", "parameters": {"phone": "{ani}"}, "into": "order"}
FOUND = {"found": "good"}
LEVEL = {"code": "code", "function": "level", "into": "vip", "branches": ["ours"]}
CASES = {
    "say": Case({"say": {"text": WORDS}}, (Say,), listens),
    "ask, 40 wrong keys at once": Case(
        {"ask": {"text": WORDS, "wrong": WORDS, "keys": {"1": "One"}}}, (Ask,), presses("7" * 40), queue="bad"
    ),
    "ask": Case({"ask": {"text": WORDS, "keys": {"1": "Yes"}}}, (Ask,), presses("1"), exits={"1": "good"}),
    "ask by words": Case(
        {"ask": {"text": {"en": "Hello. Hello. Hello."}, "keys": {"1": "Yes"}, "speech": {"phrases": {"1": {"en": ["yes please"]}}}}},
        (Ask,),
        speaks,
        exits={"1": "good", "unsure": "bad"},
    ),
    "collect": Case(
        {"collect": {"text": WORDS, "into": "number", "max_digits": 9}}, (Ask,), presses("42#"), attributes={"number": "42"}
    ),
    "listen": Case(
        {"listen": {"text": {"en": "Hello. Hello. Hello."}, "into": "reason"}},
        (Ask,),
        mumbles,
        exits={"done": "bad", "unsure": "good"},
        attributes={"reason": "{said 1}", "reason.confidence": "45"},
    ),
    "set": Case({"set": {"attributes": {"city": "Орёл"}}}, (Enqueue,), does_nothing, attributes={"city": "Орёл"}),
    "branch": Case(
        {"branch": {"cases": [{"exit": "ours", "when": {"caller_prefix": ["+7916"]}}]}},
        (Choose,),
        does_nothing,
        exits={"ours": "good"},
    ),
    "look_up": Case({"look_up": LOOK_UP}, (LookUp,), does_nothing, exits=FOUND, attributes={"order.state": "sent"}),
    "look_up with a lock": Case(
        {"look_up": {**LOOK_UP, "lock_out": {"by": ["{ani}"]}}}, (Tries, LookUp), does_nothing, exits=FOUND | {"locked": "bad"}
    ),
    "fetch": Case(
        {"fetch": {"service": "gate", "request": "order", "into": "order"}},
        (Fetch,),
        does_nothing,
        exits=FOUND,
        attributes={"order.state": "paid"},
    ),
    "function": Case(
        {"function": {**LEVEL, "parameters": {"number": "{ani}", "order": "42"}}},
        (CallFunction,),
        does_nothing,
        exits={"ours": "good", "fault": "bad"},
        attributes={"vip.state": "gold", "vip.digits": str(len(ANI))},
    ),
    "mail": Case({"mail": {"recipient": "duty@example.com", "subject": WORDS, "text": WORDS}}, (SendMessage,), gets_a_mail),
    "sms": Case({"sms": {"text": WORDS}}, (SendMessage,), gets_an_sms),
    "record": Case({"record": {"into": "message", "silence_seconds": 0}}, (TakeMessage,), leaves_a_message),
    "voicemail": Case(
        {"voicemail": {"queue": "good", "silence_seconds": 0}}, (TakeMessage, LeaveVoicemail), waits_as_a_message
    ),
    "queue": Case({"queue": {"queue": "good"}}, (Enqueue,), hears_music),
    "agent": Case({"agent": {"agent": "anna", "queue": "good"}}, (Enqueue,), talks_to_anna),
    "callback": Case({"callback": {"queue": "good"}}, (MayCallBack, Enqueue), is_called_back),
    "callback at a time": Case(
        {"callback": {"queue": "good", "ask_time": True, "time": WORDS}}, (MayCallBack, FreeTimes, Ask), chooses_a_time
    ),
    "outside": Case({"outside": {"dial": DOCTOR}}, (TransferOutside,), talks_outside),
    "wait": Case({"wait": {"wait_seconds": 0.8}}, (), hears_music),
    "hang_up": Case({"hang_up": {"text": WORDS}}, (Say, Finish), is_hung_up, queue=""),
    "flow": Case({"flow": {"flow": "other"}}, (Say,), listens),
    "python": Case({}, (CallHandler, Say, Look, Ask, Enqueue), waits_until_the_text_is_over),
}  # fmt: skip
WAITED_FOR = (Ask, CallFunction, CallHandler, Fetch, LookUp, Say, SendMessage, TakeMessage, TransferOutside)
BESIDE = {"back": "flow"}
"""What only makes sense within the case of another."""
ENDS = ("queue", "agent", "hang_up", "callback")


def set_up(name: str, service: int, mail: int) -> Configuration:
    case = CASES[name]
    body = dict(case.block)
    (kind,) = body or ("hang_up",)
    exits = {} if kind in ENDS else {"otherwise": "bad", "done": "good", **case.exits}
    if kind == "callback":
        exits = {"impossible": "bad"}
    if kind in ("look_up", "fetch", "branch", "ask"):
        exits.pop("done")
    tested = {"id": "tested", "exits": exits, **(body or {"hang_up": {}})}
    other = [{"id": "say", "say": {"text": WORDS}, "exits": {"done": "back"}}, {"id": "back", "back": {"exit": "done"}}]
    flows = [
        {"id": "tested", "languages": ["en"], "otherwise": "bad", "blocks": [tested, GOOD, BAD]},
        {"id": "other", "languages": ["en"], "otherwise": "bad", "blocks": other},
    ]
    requests = {
        "send": {"path": "/sms", "method": "POST", "body": {"to": "{to}", "text": "{text}"}},
        "order": {"path": "/order"},
    }
    return document.stored(
        {
            "queues": [
                {"id": each, "name": each, "everyone": True, "announce_every_seconds": 0, "wrap_up_seconds": 0}
                for each in ("good", "bad")
            ],
            "agents": [{"id": "anna", "name": "Anna"}],
            "flows": flows,
            "handlers": [{"id": "code", "language": "en", "otherwise": "bad", "code": HANDLER}],
            "connections": [
                {"id": "shop", "url_secret": "SHOP", "statements": {"order": "select state from orders where phone = :phone"}}
            ],
            "services": [{"id": "gate", "url": f"http://127.0.0.1:{service}", "requests": requests}],
            "sms": {"service": "gate", "request": "send"},
            "mail": {"server": "127.0.0.1", "port": mail, "security": "none", "sender": "help@example.com"},
            "entry_points": [
                {"id": "main", "number": NUMBER, "scenario": "code" if name == "python" else "tested"}
            ],
        }
    )  # fmt: skip


@asynccontextmanager
async def played(lab: Lab, name: str, folder: Path) -> AsyncIterator[Scene]:
    with sqlite3.connect(folder / "shop.db") as made:
        made.execute("create table orders (phone text, state text)")
        made.execute("insert into orders values (?, 'sent')", (ANI,))
    made.close()
    service, mail = Peer(says(b'{"state": "paid"}')), SmtpServer()
    outside = OuterSystems(Secrets({"OTKLIK_SECRET_SHOP": f"sqlite:///{folder / 'shop.db'}"}))
    handlers = ConfinedHandlers() if name == "python" or "function" in CASES[name].block else None
    async with (
        await asyncio.start_server(service.serve, "127.0.0.1", 0) as one,
        await asyncio.start_server(mail.serve, "127.0.0.1", 0) as two,
    ):
        ports = (one.sockets[0].getsockname()[1], two.sockets[0].getsockname()[1])
        centre = Centre(lab, set_up(name, *ports), outside, handlers)
        try:
            yield Scene(lab, centre, await lab.call(ani=ANI), service, mail)
        finally:
            await centre.close()
            await outside.close()
            if handlers is not None:
                await handlers.close()


def test_every_block_of_a_flow_has_a_case_on_both_switches() -> None:
    assert set(KINDS) - BESIDE.keys() <= CASES.keys()


def test_every_verb_of_the_vocabulary_has_a_case_on_both_switches() -> None:
    assert set(get_args(Verb)) - {Pause} <= {verb for case in CASES.values() for verb in case.verbs}
    assert "wait" in CASES, "a pause is music and a timer, and no decision of its own"


@pytest.mark.parametrize("name", CASES)
def test_what_the_cases_are_drawn_of_is_fit(name: str) -> None:
    assert [each for each in faults(set_up(name, 80, 25)) if not each.warning] == []


@pytest.mark.parametrize("name", CASES)
async def test_verb(lab: Lab, name: str, tmp_path: Path) -> None:
    case = CASES[name]
    async with played(lab, name, tmp_path) as scene:
        await case.acts(scene)
        left = await scene.centre.leaves()
        assert (left.queue if isinstance(left, ContactQueued) else "") == case.queue
        assert dict(case.attributes).items() <= left.attributes.items()
        assert set(case.verbs) <= scene.centre.wanted
        assert any(isinstance(fact, ContactArrived) for fact in lab.inbox.facts)
        if case.queue and name not in ("agent", "callback", "callback at a time"):
            await scene.customer.hears("music")


STAYS = {"voicemail": "voicemail", "callback": "voice"}
"""What waits on though the caller has gone, and on which channel."""


@pytest.mark.parametrize("name", CASES)
async def test_who_hangs_up_within_a_verb_is_gone_and_nothing_is_left(lab: Lab, name: str, tmp_path: Path) -> None:
    case = CASES[name]
    async with played(lab, name, tmp_path) as scene:
        centre, contact = scene.centre, scene.customer.contact
        verb = next((each for each in case.verbs if each in WAITED_FOR), ContactArrived)
        await until("the verb is begun", lambda: verb in centre.wanted or bool(centre.left) or verb is ContactArrived)
        scene.customer.hang_up()
        await lab.inbox.next(CustomerLeft)
        await until("the scenario is over", lambda: contact not in centre.runs or centre.ended)
        assert not centre.ended
        await until("the call is over", lambda: centre.engine.contact(contact) is None or name == "callback")
        left = [(each.id, each.channel) for each in centre.engine.contacts()]
        assert [channel for _, channel in left] in ([], [STAYS.get(name)]), left
        assert centre.faults == []
