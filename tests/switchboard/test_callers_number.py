"""Where a handler has the caller's number in the midst of a text, what goes outside has the number, and the log a place."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import SendMessage, TransferOutside
from otklik.contact.facts import Answered, Fact
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.outside_number import OutsideNumber
from otklik.contact.ports import Outside
from otklik.storage.engine import Database
from otklik.switchboard.deciding import outside_asked
from otklik.switchboard.outside import Asking
from otklik.switchboard.replies import Replies

C1 = ContactId("c1")


class Kept:
    def __init__(self) -> None:
        self.parameters: dict[str, str] = {}

    async def ask(self, tenant: object, configuration: object, decision: object, parameters: dict[str, str]) -> Any:
        self.parameters = parameters
        return {"id\ud800": "1\x00"}


async def test_number_stands_in_the_texts_that_are_sent_and_what_is_answered_can_be_written() -> None:
    told: asyncio.Queue[Fact] = asyncio.Queue()
    outside = Kept()
    tenant, number = TenantId("t"), "+79161230001"
    replies = Replies(tenant, cast(Database, None), None)
    asking = Asking(tenant, cast(Outside, outside), Configuration, lambda _: number, told.put_nowait, replies)
    text = {"text": "Ваш номер {ani}, верно?", "subject": "{said 3}"}
    asking.ask(SendMessage(contact=C1, step=2, by="sms", parameters=text, of_caller=("to",)))
    async with asyncio.timeout(30):
        found = await told.get()
    assert outside.parameters == {"text": f"Ваш номер {number}, верно?", "subject": "{said 3}", "to": number}
    assert isinstance(found, Answered) and found.values == {"id": "1"}
    await asking.close()


def test_number_stands_in_what_is_dialled() -> None:
    def dialled(dial: str, *, written: bool = False) -> str:
        decision = TransferOutside(contact=C1, step=1, to=OutsideNumber(dial=dial), written=written)
        return outside_asked(decision, "RU", "+79161230001").to.dial

    assert dialled("{ani}") == "+79161230001"
    assert dialled("tel:{ani}") == "+79161230001"
    assert dialled("{ani}", written=True) == "{ani}"
    assert outside_asked(TransferOutside(contact=C1, step=1, to=OutsideNumber(dial="{ani}")), "RU").to.dial == ""
