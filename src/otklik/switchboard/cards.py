"""Customers' cards, fetched when a contact arrives so that they are there when it rings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping

import structlog

from otklik.contact.facts import CallbackAsked, CallPlaced, ContactArrived, CustomerIdentified, CustomerNotFound, Fact
from otklik.contact.ids import AgentId, ContactId, CustomerId, TenantId
from otklik.customer import store as customers
from otklik.customer.identity import keys
from otklik.desk import store as desk
from otklik.desk.card import Card, Draft
from otklik.errors import PeerError
from otklik.storage.codec import number_in
from otklik.storage.engine import Database

log = structlog.get_logger()

_Found = tuple[Card, Mapping[AgentId, Draft]] | None

SAME_END = 7
CARD_SECONDS = 1.0
"""A ring waits no longer than this for its card."""


class Cards:
    """Cards and drafts of the contacts that are open now."""

    def __init__(
        self,
        tenant: TenantId,
        database: Database,
        post: Callable[[Fact], None],
        known: Callable[[ContactId], bool],
        came: Callable[[ContactId], None] = lambda contact: None,
        awaited: Callable[[ContactId], bool] = lambda contact: False,
    ) -> None:
        """`came` is called when a card is there, whoever the customer is. `awaited`: has it been promised to say who it is,
        also if it is nobody?"""
        self._known = known
        self._came = came
        self._awaited = awaited
        self._tenant = tenant
        self._database = database
        self._statement = desk.card_statement(database)
        self._post = post
        self._cards: dict[ContactId, Card] = {}
        self._drafts: dict[ContactId, Mapping[AgentId, Draft]] = {}
        self._addresses: dict[ContactId, str] = {}
        self._loading: dict[ContactId, asyncio.Task[None]] = {}
        self._later: dict[ContactId, str | None] = {}
        self._ahead: dict[ContactId, _Found] = {}
        """Asked for before their contacts were known; None: the answer is still to come."""
        self._catching_up: asyncio.Task[None] | None = None

    def cards(self) -> dict[ContactId, Card]:
        return self._cards

    def drafts(self) -> dict[ContactId, Mapping[AgentId, Draft]]:
        return self._drafts

    def ahead(self, fact: ContactArrived) -> None:
        """Ask while the fact is still on its way to the log: by the time it rings the card is there."""
        if fact.ani is not None:
            self._ahead[fact.contact] = None
            self.load(fact.contact, fact.ani)

    def follow(self, fact: Fact) -> None:
        if not isinstance(fact, ContactArrived | CallPlaced | CallbackAsked):
            return
        if isinstance(fact, CallPlaced | CallbackAsked) and not self._known(fact.contact):
            return  # refused
        if (number := number_in(fact)) is None:
            self._cards[fact.contact] = Card()  # nobody to be found, and no draft of a contact that has just come
        elif fact.contact not in self._ahead:
            self.load(fact.contact, number)
        elif found := self._ahead.pop(fact.contact):
            self._take(fact.contact, *found)

    def load_later(self, contacts: Iterable[tuple[ContactId, str | None]]) -> None:
        """After a restart there may be thousands: one after the other, but at once for whoever is offered."""
        self._later |= dict(contacts)
        self._catching_up = asyncio.create_task(self._catch_up(), name="cards")

    async def _catch_up(self) -> None:
        try:
            await self._statement.open()  # the first call after a start rings as soon as any other
        except PeerError as error:
            log.warning("cards_not_ready", tenant=self._tenant, reason=str(error))
        while self._later:
            contact = next(iter(self._later))
            self.load(contact, self._later.pop(contact))
            await asyncio.wait({self._loading[contact]})

    def forget(self, contact: ContactId) -> None:
        self._later.pop(contact, None)
        self._cards.pop(contact, None)
        self._drafts.pop(contact, None)
        self._addresses.pop(contact, None)

    async def reload(self, customer: CustomerId) -> list[ContactId]:
        """A card changed, or there is a new one: the contacts whose card was read again because of it."""
        async with self._database.transaction(self._tenant) as connection:
            ids, known_by = await customers.known_by(connection, customer)
        ends = {key[-SAME_END:] for key in known_by}  # numbers are read one by one only where their ends agree
        concerned = [
            contact
            for contact, address in list(self._addresses.items())
            if self._shows(contact, ids)
            or (address[-SAME_END:].lower() in ends and not known_by.isdisjoint(keys(address)))
        ]
        for contact in concerned:
            self.load(contact, self._addresses[contact])
        if loading := [task for contact in concerned if (task := self._loading.get(contact))]:
            await asyncio.wait(loading)
        return concerned

    def _shows(self, contact: ContactId, ids: set[str]) -> bool:
        card = self._cards.get(contact)
        return card is not None and card.customer is not None and card.customer.id in ids

    def load(self, contact: ContactId, ani: str | None) -> None:
        if ani is not None:
            self._addresses[contact] = ani
        task = asyncio.create_task(self._load(contact, ani), name=f"card {contact}")
        self._loading[contact] = task
        task.add_done_callback(lambda _: self._loaded(contact, task))

    def _loaded(self, contact: ContactId, task: asyncio.Task[None]) -> None:
        if self._loading.get(contact) is task:
            del self._loading[contact]

    async def ready(self, contact: ContactId) -> None:
        """Wait for the card if it is being fetched, at most `CARD_SECONDS`."""
        if contact in self._later:
            self.load(contact, self._later.pop(contact))
        if task := self._loading.get(contact):
            await asyncio.wait({task}, timeout=CARD_SECONDS)

    async def reload_draft(self, contact: ContactId) -> None:
        async with self._database.transaction(self._tenant) as connection:
            self._drafts[contact] = await desk.drafts(connection, contact)

    async def close(self) -> None:
        tasks = [*self._loading.values(), *([self._catching_up] if self._catching_up else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._statement.close()

    async def _load(self, contact: ContactId, ani: str | None) -> None:
        if contact not in self._ahead:
            # Nobody looks, or it is no hurry: what has just been decided goes first.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        try:
            found = await desk.card(self._statement, self._tenant, contact, ani)
        except PeerError as error:
            log.error("card_not_loaded", tenant=self._tenant, contact=contact, reason=str(error))
            self._ahead.pop(contact, None)
            return
        if self._loading.get(contact) is not asyncio.current_task():
            return  # it was asked for again meanwhile: what was read before that is of the past
        if contact in self._ahead:
            self._ahead[contact] = found
        else:
            self._take(contact, *found)

    def _take(self, contact: ContactId, card: Card, drafts: Mapping[AgentId, Draft]) -> None:
        if not self._known(contact):  # the customer was quicker
            self._addresses.pop(contact, None)
            return
        before, self._cards[contact] = self._cards.get(contact), card
        if drafts:
            self._drafts[contact] = drafts
        self._came(contact)
        told = _identified(contact, card)
        if told is not None and (before is None or told != _identified(contact, before)):
            self._post(told)
        elif told is None and self._awaited(contact):
            self._post(CustomerNotFound(contact=contact))


def _identified(contact: ContactId, card: Card) -> CustomerIdentified | None:
    customer = card.customer
    if customer is None:
        return None
    return CustomerIdentified(contact=contact, customer=customer.id, vip=customer.vip, manager=customer.manager)
