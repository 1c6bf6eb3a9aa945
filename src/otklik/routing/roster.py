"""The agents by number: who can do what, as sets of bits, and who is free, in the order of idleness.

A set of agents is an integer with one bit each, so that a whole requirement over 10,000 agents is a few operations.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, count, islice
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from otklik.contact.configuration import Agent, Channel, Queue
from otklik.contact.division import apart
from otklik.contact.ids import AgentId, QueueId
from otklik.routing.agent import AgentState, AgentStatus, LiveAgent
from otklik.routing.requirement import (
    COMPARE,
    AgentTest,
    AttributeTest,
    Either,
    Every,
    Not,
    Requirement,
    SkillTest,
    Test,
)
from otklik.routing.slots import ALL, BIT

_GUEST: Final = LiveAgent(id=AgentId(""), name="", queues={}, status=AgentStatus.OFFLINE)
IntArray = NDArray[np.intp]
_FLAGS: Final = bytes.maketrans(b"01", b"\x00\x01")
_NEVER: Final = float("inf")
_HIGHEST: Final = 255
"""Levels are 1-10; whatever else is configured must not break anything."""


class Roster:
    """Made anew with every change of the set-up; `free` and `idle` follow the agents' states."""

    def __init__(self, agents: Mapping[AgentId, LiveAgent], set_up: Mapping[AgentId, Agent]) -> None:
        self.agents = [*agents.values(), _GUEST]
        self.numbers = {agent: number for number, agent in enumerate(agents)}
        self.free = 0
        self.present = 0
        """Those in shift."""
        self.working = 0
        """Those in shift and not on a pause."""
        self._since = array("d")
        """Since when the idle have been so, the longest first; those of one instant by their ids. One stretch of memory: the
        quickest to search, and what is moved where one goes is a few kilobytes."""
        self._order = array("i")
        """Their numbers."""
        self._found = 0
        """Where the last of them stood who was looked for: mostly it is this one who goes."""
        self._instants = np.full(len(self.agents), np.inf)
        """By number, since when each is idle; for ever to come for those who are not."""
        self.rooms: dict[AgentId, int] = {}
        """The channels, as bits, of those in who have room for some only, or have something in hand already."""
        self._beside: dict[Channel, int] = {}
        """Who has something in hand and room for one more of a channel; `free` are those with nothing in hand."""
        self._shut: dict[Channel, int] = {}
        """Who has nothing in hand and no room for a channel all the same."""
        self._places: dict[AgentId, float] = {}
        """Of the idle: since when."""
        self._set_up = [*(set_up.get(agent) for agent in agents), None]
        self._active = self._bits(known is not None for known in self._set_up)
        self._members: dict[QueueId, int] = {}
        self._divisions: dict[str, int] = {}
        self._levels: dict[str, bytearray] = {}
        self._tests: dict[Test, int] = {}
        self._gather()

    def _gather(self) -> None:
        size, members = len(self.agents), dict[QueueId, bytearray]()
        for number, agent in enumerate(self.agents):
            for queue in agent.queues:
                members.setdefault(queue, bytearray(size))[number] = 1
            known = self._set_up[number]
            for skill, level in known.skills.items() if known else ():
                self._levels.setdefault(skill, bytearray(size))[number] = max(0, min(level, _HIGHEST))
        self._members = {queue: self._bits(flags) for queue, flags in members.items()}

    @staticmethod
    def _bits(flags: Iterable[bool | int]) -> int:
        return int(bytes(49 if flag else 48 for flag in flags)[::-1] or b"0", 2)

    def flags(self, bits: int) -> bytes:
        """One byte for each agent, 1 for those in the set."""
        return f"{bits:0{len(self.agents)}b}".encode()[::-1].translate(_FLAGS)

    def admit(self, agent: AgentId) -> None:
        """Somebody who is in no queue and takes nothing, until the next set-up: all of them by the one number that is in no
        set, since the sets that were found before know no more numbers."""
        self.numbers.setdefault(agent, len(self.agents) - 1)

    # who can what

    def members(self, queue: Queue) -> int:
        members = self._active if queue.everyone else self._members.get(queue.id, 0)
        return members if queue.division is None else members & self._within(queue.division)

    def _within(self, division: str) -> int:
        """Agents of this centre, and those who belong to none."""
        if (bits := self._divisions.get(division)) is None:
            flags = (known is not None and not apart(known.division, division) for known in self._set_up)
            bits = self._divisions[division] = self._bits(flags)
        return bits

    def belongs(self, agent: AgentId, queue: Queue) -> bool:
        return bool(self.members(queue) & self.only(agent))

    def able(self, requirement: Requirement) -> int:
        match requirement:
            case Not():
                return self._active & ~self.able(requirement.term)
            case Every():
                bits = self._active
                for term in requirement.terms:
                    bits &= self.able(term)
                return bits
            case Either():
                bits = 0
                for term in requirement.terms:
                    bits |= self.able(term)
                return bits
            case _:
                return self._passing(requirement)

    def _passing(self, test: Test) -> int:
        if (bits := self._tests.get(test)) is None:
            bits = self._tests[test] = self._active & self._look(test)
        return bits

    def _look(self, test: Test) -> int:
        match test:
            case SkillTest():
                compare = COMPARE[test.comparison]
                table = bytes(49 if compare(level, test.level) else 48 for level in range(_HIGHEST + 1))
                levels = self._levels.get(test.skill) or bytearray(len(self.agents))
                return int(levels.translate(table)[::-1] or b"0", 2)
            case AttributeTest():
                values = (known.attributes.get(test.name, "") if known else "" for known in self._set_up)
                return self._bits((value == test.value) is test.equal for value in values)
            case AgentTest():
                return self.only(AgentId(test.agent))
            case _:
                assert_never(test)

    def only(self, agent: AgentId) -> int:
        """The set of this one; empty for one who is not there."""
        number = self.numbers.get(agent)
        return 0 if number is None else 1 << number

    # who is there

    def follow(self, agent: LiveAgent) -> bool:
        """Call when somebody comes or goes, or a pause begins or ends. Whether fewer are there, or at work, than before."""
        number = self.numbers[agent.id]
        if self.agents[number] is _GUEST:
            return False
        bit, present, working = 1 << number, self.present, self.working
        there = agent.state is not AgentState.OFFLINE
        at_work = there and agent.state is not AgentState.NOT_READY
        if there is not bool(present & bit):
            self.present ^= bit
        if at_work is not bool(working & bit):
            self.working ^= bit
        return self.present < present or self.working < working

    # who is free

    def take_in(self, agent: LiveAgent, room: int) -> None:
        """`room`: for which channels. No effect on one who is in already."""
        if agent.hands:
            self._make_room(agent, self._beside, room)
        elif agent.id not in self._places:
            number = self.numbers[agent.id]
            since = self._places[agent.id] = agent.idle_since
            at = self._place(since, agent.id)
            self._since.insert(at, since)
            self._order.insert(at, number)
            self._instants[number] = since
            self.free |= 1 << number
            if room != ALL:
                self._make_room(agent, self._shut, ALL & ~room)

    def _place(self, since: float, agent: AgentId) -> int:
        """Among the idle."""
        at, instants, order = bisect_left(self._since, since), self._since, self._order
        while at < len(instants) and instants[at] == since and self.agents[order[at]].id < agent:
            at += 1
        return at

    def _make_room(self, agent: LiveAgent, sets: dict[Channel, int], channels: int) -> None:
        if agent.id not in self.rooms:
            self.rooms[agent.id] = channels
            for channel, bit in BIT.items():
                if channels & bit:
                    sets[channel] = sets.get(channel, 0) | 1 << self.numbers[agent.id]

    def take_out(self, agent: AgentId) -> None:
        if self.rooms and (channels := self.rooms.pop(agent, None)) is not None:
            sets = self._shut if agent in self._places else self._beside
            for channel, bit in BIT.items():
                if channels & bit:
                    sets[channel] ^= 1 << self.numbers[agent]
        if (since := self._places.pop(agent, None)) is not None:
            at, order, number = self._found, self._order, self.numbers[agent]
            if at >= len(order) or order[at] != number:
                at = bisect_left(self._since, since)
                while order[at] != number:
                    at += 1
            del self._since[at], order[at]
            self.free ^= 1 << number
            self._instants[number] = _NEVER

    def open_to(self, channel: Channel) -> int:
        """All who have room for one more of this channel."""
        if not self.rooms:
            return self.free
        return self.free & ~self._shut.get(channel, 0) | self._beside.get(channel, 0)

    def beside(self, bits: int, channel: Channel) -> Iterator[LiveAgent]:
        """Those of a set who have something in hand and room for one more of this channel, by number."""
        return self._each(bits & self._beside.get(channel, 0)) if self.rooms else iter(())

    def with_room(self, bits: int) -> Iterator[LiveAgent]:
        """Those of a set who have something in hand and room for one more of any channel."""
        found = 0
        for each in self._beside.values():
            found |= each
        return self._each(bits & found)

    def _each(self, bits: int) -> Iterator[LiveAgent]:
        while bits:
            lowest = bits & -bits
            yield self.agents[lowest.bit_length() - 1]
            bits ^= lowest

    def free_among(self, bits: int, flags: bytes) -> Iterator[LiveAgent]:
        """The free ones of a set, given both ways. The longest idle comes first if they are many; else by number."""
        bits &= self.free
        if not bits:
            return
        if bits.bit_count() * FEW < len(self._order):
            yield from self._each(bits)
        else:
            for number in compress(self._order, map(flags.__getitem__, self._order)):
                yield self.agents[number]

    def longest_idle(self, members: IntArray, flags: bytes) -> Iterator[Sequence[LiveAgent]]:
        """The free ones of a set, given both ways, by how long they have been idle, the longest first; those of one
        instant together, by their ids."""
        order, since, agents = self._order, self._since, self.agents
        at, end = self._first(members, flags), len(order)
        while at < end:
            begin, instant = at, since[at]
            at += 1
            while at < end and since[at] == instant:
                at += 1
            if alike := [agents[number] for number in order[begin:at] if flags[number]]:
                self._found = begin
                yield alike

    def _first(self, members: IntArray, flags: bytes) -> int:
        """Where in the order the first of a set stands, or of others of the same instant. Of a large set one of the first
        is in it; the members of a small one are looked at all at once. Past the end where none is idle."""
        if len(members) * NEAR >= len(flags):
            for at in compress(count(), map(flags.__getitem__, islice(self._order, NEAR))):
                return at
        instants = self._instants[members]
        return bisect_left(self._since, instants.item(instants.argmin())) if len(instants) else len(self._order)


FEW: Final = 20
"""Picking one agent out of a set of bits costs about as much as looking at this many idle ones."""
NEAR: Final = 24
"""So many of the idle are looked at one by one; that takes about as long as looking at all members of a set at once."""
