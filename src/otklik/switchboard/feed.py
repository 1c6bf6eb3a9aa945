"""The live feed: each page gets a snapshot and a sequence number, then the top-level keys that changed.

`snapshot + changes == a fresh snapshot` at every sequence number. What an agent's own contact does goes out at once;
queue lengths and the floor are gathered for a moment, so that a burst of calls costs one message.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import structlog

from otklik.contact.ids import AgentId, CustomerId
from otklik.contact.ports import FeedClosed, Watcher
from otklik.desk import view
from otklik.errors import PeerError
from otklik.routing.engine import Engine, Touched
from otklik.switchboard.cards import Cards
from otklik.switchboard.letters import Letters

log = structlog.get_logger()

GATHER_SECONDS = 0.25
BEHIND_LIMIT = 200
"""Messages a page may be behind; then its feed ends and it begins again with a snapshot."""

State = dict[str, object]


class Page:
    """One subscription. Implements `contact.ports.Subscription`."""

    def __init__(self, watcher: Watcher, state: State, leave: Callable[[Page], None]) -> None:
        self.watcher = watcher
        self._state = state
        self._leave = leave
        self._seq = 1
        self._messages: deque[State] = deque([{"type": "snapshot", "seq": 1, "state": state}])
        self._arrived = asyncio.Event()
        self._arrived.set()
        self._closed = False

    def show(self, state: State) -> None:
        changed = view.changes(self._state, state)
        if not changed or self._closed:
            return
        if len(self._messages) >= BEHIND_LIMIT:
            self.end()
            return
        self._state = state
        self._seq += 1
        self._messages.append({"type": "change", "seq": self._seq, "set": changed})
        self._arrived.set()

    async def next(self) -> State:
        while not self._messages:
            if self._closed:
                raise FeedClosed
            self._arrived.clear()
            await self._arrived.wait()
        if self._closed:
            raise FeedClosed
        return self._messages.popleft()

    def end(self) -> None:
        self._closed = True
        self._arrived.set()
        self._leave(self)

    def close(self) -> None:
        self.end()


class Feed:
    """All pages that look at one tenant."""

    def __init__(
        self, engine: Callable[[], Engine], cards: Cards, clock: Callable[[], float], letters: Letters
    ) -> None:
        self._engine = engine
        self._letters = letters
        self._cards = cards
        self._clock = clock
        self._pages: dict[Page, None] = {}
        self._gather = asyncio.Event()
        self.elsewhere = False
        """Pages are served by other processes too, where nobody here sees them."""
        self.telephony: Callable[[], State] = lambda: {"up": True, "advice": None}
        self.demo: Callable[[], State | None] = lambda: None
        self.switchboard: Callable[[], State] = lambda: {"up": True, "reason": None}

    def subscribe(self, watcher: Watcher) -> Page:
        page = Page(watcher, self._compose(watcher), self._forget)
        self._pages[page] = None
        return page

    def touched(self, touched: Touched) -> None:
        for record in touched.records:
            if record.ended_at is not None and self._engine().contact(record.contact) is None:
                self._cards.forget(record.contact)
                self._letters.forget(record.contact)
        if touched.agents:
            self._show(page for page in self._pages if page.watcher.agent in touched.agents)
        self._gather.set()

    @property
    def watched(self) -> bool:
        """Is there a page at all?"""
        return self.elsewhere or bool(self._pages)

    def shows(self, agent: AgentId) -> bool:
        """May this agent have a page open?"""
        return self.elsewhere or any(page.watcher.agent == agent for page in self._pages)

    def push(self, agent: AgentId) -> None:
        self._show(page for page in self._pages if page.watcher.agent == agent)

    async def refresh(self, agent: AgentId) -> None:
        """A draft changed: read it again, then show it."""
        for contact in self._engine().contacts_of(agent):
            await self._cards.reload_draft(contact)
        self.push(agent)

    async def customer_changed(self, customer: CustomerId) -> None:
        """A card changed: read it again wherever it is shown."""
        try:
            reloaded = await self._cards.reload(customer)
        except PeerError as error:
            log.warning("cards_not_reloaded", customer=customer, reason=str(error))
            return
        agents = {found.agent for contact in reloaded if (found := self._engine().contact(contact)) is not None}
        self._show(page for page in self._pages if page.watcher.agent in agents)
        self._gather.set()

    def refresh_all(self) -> None:
        self._gather.set()

    def show_all(self) -> None:
        """At once: everything may have changed."""
        self._show(self._pages)

    async def run(self) -> None:
        while True:
            await self._gather.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._gather.clear()
            self._show(self._pages)

    def close(self) -> None:
        for page in tuple(self._pages):
            page.end()

    def _forget(self, page: Page) -> None:
        self._pages.pop(page, None)

    def _show(self, pages: Iterable[Page]) -> None:
        composed: dict[tuple[AgentId | None, bool], State] = {}
        for page in tuple(pages):
            seen = (page.watcher.agent, page.watcher.floor)
            if seen not in composed:
                composed[seen] = self._compose(page.watcher)
            page.show(composed[seen])

    def _compose(self, watcher: Watcher) -> State:
        engine, now = self._engine(), self._clock()
        state = view.agent_state(
            engine,
            watcher.agent,
            cards=self._cards.cards(),
            drafts=self._cards.drafts(),
            letters=self._letters.known(),
            telephony=self.telephony(),
            demo=self.demo(),
            now=now,
        )
        state["switchboard"] = self.switchboard()
        if watcher.floor:
            state |= view.floor_state(engine)
        return state
