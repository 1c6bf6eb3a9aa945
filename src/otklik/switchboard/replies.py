"""The mails that a scenario writes to an address of the customer's own naming, and the one it leaves a written contact with: a letter of the contact, claimed before it is sent and marked afterwards, so
that it goes out once at most, whenever the program ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

import structlog

from otklik.answering import store
from otklik.contact.configuration import Configuration
from otklik.contact.decisions import SendMessage
from otklik.contact.ids import TenantId
from otklik.contact.mail_address import mailbox
from otklik.contact.ports import Outside
from otklik.errors import PeerError
from otklik.storage.engine import Database

log = structlog.get_logger()

RETRY_SECONDS: Final = 0.5
_REASONS: Final[Mapping[str | None, str]] = {"no_server": "unknown"}
"""Of a letter, where its word there is another one: what is unknown of a letter is whether it has gone."""


class Replies:
    def __init__(self, tenant: TenantId, database: Database, outside: Outside | None) -> None:
        self._tenant = tenant
        self._database = database
        self._outside = outside

    async def send(
        self, set_up: Configuration, asked: SendMessage, parameters: Mapping[str, str], scenario: str
    ) -> None:
        """`scenario`: its name, which agents read. Raises `PeerError` with a reason of `contact.outside.Failure`. Waits for the database without end: whoever asks has a limit."""
        subject = parameters["subject"] or (set_up.mail.subject if set_up.mail is not None else "")
        written = {**parameters, "subject": subject}
        unsent: store.Unsent | None = None
        if not written["to"]:
            unsent = "no_address"
        elif self._outside is None or set_up.mail is None:
            unsent = "no_server"
        reply = await self._claimed(asked, written, scenario, unsent)
        if not reply.new or self._outside is None:
            if reply.delivery == "sent":
                return
            raise PeerError("mail", _REASONS.get(reply.failure, reply.failure or "interrupted"), retryable=False)
        try:
            await self._outside.ask(self._tenant, set_up, asked, written)
        except PeerError as error:
            await self._delivered(asked, reply.number, "failed", error.reason)
            raise
        await self._delivered(asked, reply.number, "sent", None)

    async def _claimed(
        self, asked: SendMessage, written: Mapping[str, str], scenario: str, unsent: store.Unsent | None
    ) -> store.Reply:
        """What cannot be sent is kept all the same, for the agent who gets the contact."""
        known = {"mail": written["to"], "subject": written["subject"], "mailbox": mailbox(written["to"])}
        sender = {name: value for name, value in known.items() if value}
        sender |= {"scenario": scenario, "step": str(asked.step)}
        while True:
            try:
                async with self._database.transaction(self._tenant) as connection:
                    return await store.reply(connection, asked.contact, written["text"], sender, unsent=unsent)
            except PeerError as error:
                log.warning("reply_not_claimed", tenant=self._tenant, contact=asked.contact, reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _delivered(self, asked: SendMessage, number: int, delivery: store.Delivery, failure: str | None) -> None:
        """Not marked, it counts after a while as one of which nobody knows."""
        try:
            async with self._database.transaction(self._tenant) as connection:
                await store.delivered(connection, asked.contact, number, delivery, failure)
        except PeerError as error:
            log.error("reply_not_marked", tenant=self._tenant, contact=asked.contact, reason=str(error))
