"""The live feed: each page gets a snapshot, then numbered changes of three kinds.

Its own (`change`): at once, whatever the agent has in hand. The centre's (`shared` of `centre`): gathered for a
moment, so that a burst of calls costs one message. The floor's (`shared` of `floor`), for those who oversee. What is shared is
worked out and encoded once, however many look. `snapshot + changes == a fresh snapshot`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import structlog
from msgspec import Raw, json

from otklik.contact.ids import AgentId, ContactId, CustomerId
from otklik.contact.ports import FeedClosed, Watcher
from otklik.desk import view
from otklik.errors import PeerError
from otklik.routing.engine import Engine, Touched
from otklik.supervision.floor import Change, Floor
from otklik.supervision.wallboard import wall_state
from otklik.switchboard.board import Board
from otklik.switchboard.cards import Cards
from otklik.switchboard.letters import Letters

log = structlog.get_logger()

GATHER_SECONDS = 0.25
"""Queue lengths, and what others do, are on their way to desks this long after they changed, at the latest."""
FLOOR_SECONDS = 0.1
"""What changed on the floor is on its way at once where it was quiet, and so long after it at the latest."""
BEHIND_LIMIT = 200
"""Changes of its own a page may be behind; then its feed ends and it begins again with a snapshot."""
PAGES_AT_ONCE = 25
"""Worked out, and told of the centre, without a breath."""
BREATH_SECONDS = 0.005
"""Then the machine is free for so long: what rings is not to stand in line behind a thousand desks at each of its steps."""

State = dict[str, object]


class Page:
    """One subscription. Implements `contact.ports.Subscription`."""

    def __init__(
        self, watcher: Watcher, state: State, now: float, boards: list[Board], leave: Callable[[Page], None]
    ) -> None:
        self.watcher = watcher
        self._state = state
        self._leave = leave
        self._seq = 1
        self._boards = {board: board.seq for board in boards}
        self._messages: deque[str] = deque([_snapshot(state, now, boards)])
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
        self._messages.append(_text({"type": "change", "seq": self._seq, "set": changed}))
        self._arrived.set()

    def look(self) -> None:
        """A board may have changed."""
        if any(seq < board.seq for board, seq in self._boards.items()):
            self._arrived.set()

    async def next(self) -> str:
        while not self._closed:
            self._arrived.clear()
            if (message := self._next()) is not None:
                return message
            await self._arrived.wait()
        raise FeedClosed

    def _next(self) -> str | None:
        """The page's own first: the card of who rings does not wait behind the floor."""
        if self._messages:
            return self._messages.popleft()
        for board, seq in self._boards.items():
            if seq < board.seq:
                message, self._boards[board] = board.after(seq)
                return message
        return None

    def end(self) -> None:
        self._closed = True
        self._arrived.set()
        self._leave(self)

    def close(self) -> None:
        self.end()


def _snapshot(state: State, now: float, boards: list[Board]) -> str:
    whole: State = {"now": view.iso(now), **state, "floor": None}
    for board in boards:
        if board.of == "centre":
            whole |= json.decode(board.whole(), type=dict[str, Raw])
        else:
            whole[board.of] = board.whole()
    shared = {board.of: board.seq for board in boards}
    return _text({"type": "snapshot", "seq": 1, "shared": shared, "state": whole})


def _text(message: State) -> str:
    return json.encode(message).decode()


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
        self._of_agents: dict[AgentId, dict[Page, None]] = {}
        self._gather = asyncio.Event()
        self._stirred = asyncio.Event()
        self._centre: State = {}
        self._centre_board = Board("centre", lambda: self._centre)
        self._floor = Floor()
        self._floor_board = Board("floor", self._floor.whole)
        self._wall: State = {}
        self._wall_board = Board("wall", lambda: self._wall)
        self._agents: set[AgentId] = set()
        self._contacts: set[ContactId] = set()
        """What was touched since the floor was shown last."""
        self.elsewhere = False
        """Pages are served by other processes too, where nobody here sees them."""
        self.telephony: Callable[[], State] = lambda: {"up": True, "advice": None}
        self.demo: Callable[[], State | None] = lambda: None
        self.switchboard: Callable[[], State] = lambda: {"up": True, "reason": None}

    def subscribe(self, watcher: Watcher) -> Page:
        if watcher.wall:
            if self._show_wall():
                self._gather.set()
            page = Page(watcher, {}, self._clock(), [self._wall_board], self._forget)
            self._pages[page] = None
            return page
        boards = [self._centre_board]
        if self._show_centre():
            self._gather.set()
        if watcher.floor:
            self._show_floor(looked_at=True)
            boards.append(self._floor_board)
        page = Page(watcher, self.own_state(watcher.agent), self._clock(), boards, self._forget)
        self._pages[page] = None
        if watcher.agent is not None:
            self._of_agents.setdefault(watcher.agent, {})[page] = None
        return page

    def touched(self, touched: Touched) -> None:
        for record in touched.records:
            if record.ended_at is not None and self._engine().contact(record.contact) is None:
                self._cards.forget(record.contact)
                self._letters.forget(record.contact)
        for agent in touched.agents:
            self.push(agent)
        self._agents |= touched.agents
        self._contacts |= touched.contacts
        self._gather.set()
        self._stirred.set()

    @property
    def watched(self) -> bool:
        """Is there a page at all?"""
        return self.elsewhere or bool(self._pages)

    def shows(self, agent: AgentId) -> bool:
        """May this agent have a page open?"""
        return self.elsewhere or agent in self._of_agents

    def push(self, agent: AgentId) -> None:
        self._show(self._of_agents.get(agent, ()))

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
        for agent in agents:
            if agent is not None:
                self.push(agent)
        self._gather.set()

    def refresh_all(self) -> None:
        self._gather.set()

    def show_all(self) -> None:
        """At once: everything may have changed."""
        self._show_centre()
        self._show_floor()
        self._show(self._pages)
        for page in self._pages:
            page.look()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._run_desks())
            group.create_task(self._run_floor())

    async def _run_desks(self) -> None:
        while True:
            await self._gather.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._gather.clear()
            if not self._pages:  # whoever comes is shown all of it
                continue
            self._show_centre()
            if any(page.watcher.wall for page in self._pages):
                self._show_wall()
            pages = sorted(self._pages, key=lambda page: page.watcher.agent or "")
            for first in range(0, len(pages), PAGES_AT_ONCE):
                some = [page for page in pages[first : first + PAGES_AT_ONCE] if page in self._pages]
                self._show(some)
                for page in some:
                    page.look()
                await asyncio.sleep(BREATH_SECONDS)

    async def _run_floor(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            self._show_floor()
            await asyncio.sleep(FLOOR_SECONDS)

    def close(self) -> None:
        for page in tuple(self._pages):
            page.end()

    def _forget(self, page: Page) -> None:
        self._pages.pop(page, None)
        agent = page.watcher.agent
        if agent is not None and (others := self._of_agents.get(agent)) is not None:
            others.pop(page, None)
            if not others:
                del self._of_agents[agent]

    def _show(self, pages: Iterable[Page]) -> None:
        composed: dict[AgentId | None, State] = {}
        for page in tuple(pages):
            if page.watcher.wall:
                continue
            agent = page.watcher.agent
            if agent not in composed:
                composed[agent] = self.own_state(agent)
            page.show(composed[agent])

    def own_state(self, agent: AgentId | None) -> State:
        """Of this moment, and of this agent's page alone."""
        cards, drafts, letters = self._cards.cards(), self._cards.drafts(), self._letters.known()
        return view.own_state(self._engine(), agent, cards=cards, drafts=drafts, letters=letters)

    def _show_centre(self) -> bool:
        """On its board, if anything changed; the pages are still to be told to look."""
        fresh = view.centre_state(
            self._engine(), telephony=self.telephony(), switchboard=self.switchboard(), demo=self.demo()
        )
        changed = view.changes(self._centre, fresh)
        if changed:
            self._centre = fresh
            self._centre_board.add({"set": changed})
        return bool(changed)

    def _show_wall(self) -> bool:
        """As `_show_centre`."""
        fresh = wall_state(self._engine())
        changed = view.changes(self._wall, fresh)
        if changed:
            self._wall = fresh
            self._wall_board.add({"set": changed})
        return bool(changed)

    def _show_floor(self, *, looked_at: bool = False) -> None:
        """Where nobody looks nothing is worked out."""
        watching = [page for page in self._pages if page.watcher.floor]
        if watching or looked_at:
            change = self._floor.follow(self._engine(), self._agents, self._contacts)
            if change:
                self._floor_board.add(_parts(change))
                for page in watching:
                    page.look()
        else:
            self._floor.forget()
        self._agents, self._contacts = set(), set()


def _parts(change: Change) -> State:
    return {name: part for name in ("put", "gone", "set") if (part := getattr(change, name))}
