"""Requirement classes: all waiting contacts that ask the same of an agent stand together, each class in one order.

Whether an agent may take a class is found once, when the class appears or the set-up changes; a decision then looks
only at the first contact of each class. A class that asks for one agent alone is that agent's own, and costs others
nothing.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

import numpy as np

from otklik.contact.configuration import CHANNELS, Channel
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.routing.contact import Key, LiveContact
from otklik.routing.requirement import Requirement
from otklik.routing.roster import IntArray, Roster

ClassKey = tuple[QueueId | None, int, str, Channel, AgentId | None]
"""The queue, the ring, what the contact itself asks for, the channel, and the one agent who is tried alone."""

EMPTY_KEPT: Final = 256
"""One-off classes that are kept although nobody waits in them."""
FIRST_WIDTH: Final = 64
OWN: Final = -1
"""The number of all classes that are one agent's own: they stand in no table."""


class RequirementClass:
    """Contacts that ask the same. `able` and `flags` say which agents may take them: by bits, and a byte for each."""

    __slots__ = ("_members", "able", "flags", "heads", "key", "number", "requirement", "waiting")

    def __init__(
        self, key: ClassKey, number: int, requirement: Requirement, able: int, flags: bytes, heads: Heads | None
    ) -> None:
        """`heads`: where it stands among others; None for one agent's own."""
        self.heads = heads
        self.key = key
        self.number = number
        self.requirement = requirement
        self.able = able
        self.flags = flags
        self.waiting: list[Key] = []
        self._members: IntArray | None = None

    def members(self) -> IntArray:
        """The numbers of the able ones; made when first asked for, since a crowded class never is."""
        if self._members is None:
            self._members = np.flatnonzero(np.frombuffer(self.flags, dtype=np.uint8))
        return self._members


class Abilities:
    """A byte for each agent and class, 1 where the agent may take the class; the classes of one agent lie together.

    Whoever looks for an agent's next contact reads a few cells of one row: `cells[agent * width + number of the class]`.
    """

    __slots__ = ("_agents", "_table", "cells", "width")

    def __init__(self, agents: int) -> None:
        self._agents = agents
        self._make(FIRST_WIDTH)

    def _make(self, width: int) -> None:
        self.width = width
        self.cells = bytearray(self._agents * width)
        self._table = np.frombuffer(self.cells, dtype=np.uint8).reshape(self._agents, width)

    def set(self, number: int, flags: bytes) -> None:
        """Of a class that is new, or has taken the number of one that is gone."""
        if number >= self.width:
            before = self._table
            self._make(self.width * 2)
            self._table[:, : before.shape[1]] = before
        self._table[:, number] = np.frombuffer(flags, dtype=np.uint8)

    def among(self, agent: int, numbers: array[int]) -> list[int]:
        """Those of these classes that the agent may take, in the same order."""
        if not numbers:
            return []
        wanted = np.array(numbers, dtype=np.intp)
        found: list[int] = wanted[self._table[agent, wanted] != 0].tolist()
        return found


class Heads:
    """The numbers of one channel's classes in which somebody waits, by their first contacts, the last one first.

    Most changes are near the end then, and move little. The instants stand apart, negated, in an array: a bisection
    reads one stretch of memory, not an object at each step.
    """

    __slots__ = ("_kinds", "_places", "numbers")

    def __init__(self, kinds: list[RequirementClass]) -> None:
        """`kinds`: all classes by their numbers."""
        self._kinds = kinds
        self._places = array("d")
        self.numbers = array("i")

    def add(self, kind: RequirementClass) -> None:
        """By its first contact."""
        key = kind.waiting[0]
        place, places = -key[0], self._places
        at = bisect_left(places, place)
        if at < len(places) and places[at] == place:
            kinds, numbers = self._kinds, self.numbers
            while at < len(places) and places[at] == place and kinds[numbers[at]].waiting[0] > key:
                at += 1
        places.insert(at, place)
        self.numbers.insert(at, kind.number)

    def pass_on(self, kind: RequirementClass) -> None:
        """Its first contact leaves and the second, whose place is later, is the first now."""
        waiting, places, numbers, number = kind.waiting, self._places, self.numbers, kind.number
        before = bisect_left(places, -waiting[0][0])
        while numbers[before] != number:
            before += 1
        del waiting[0]
        key = waiting[0]
        place = -key[0]
        at = bisect_left(places, place, 0, before)
        if at < before and places[at] == place:
            kinds = self._kinds
            while at < before and places[at] == place and kinds[numbers[at]].waiting[0] > key:
                at += 1
        if at == before:
            places[at] = place
            return
        del places[before], numbers[before]
        places.insert(at, place)
        numbers.insert(at, number)

    def remove(self, kind: RequirementClass) -> None:
        """Call before its first contact changes."""
        at = bisect_left(self._places, -kind.waiting[0][0])
        numbers, number = self.numbers, kind.number
        while numbers[at] != number:
            at += 1
        del self._places[at], numbers[at]


class Classes:
    """All classes of one roster, and where each waiting contact stands."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self.known: dict[ClassKey, RequirementClass] = {}
        self.numbered: list[RequirementClass] = []
        """By number; where one is gone, the next takes its number."""
        self.abilities = Abilities(len(roster.agents))
        self.heads: dict[Channel, Heads] = {}
        self.own: dict[tuple[AgentId, Channel], dict[ClassKey, RequirementClass]] = {}
        self.standing: dict[ContactId, RequirementClass] = {}
        self.also: dict[ContactId, list[RequirementClass]] = {}
        """Where a contact stands beside that, as long as other queues help out."""
        self.channels: tuple[Channel, ...] = ()
        """Those of which there is a class, in their order."""
        self._empty: OrderedDict[ClassKey, None] = OrderedDict()
        self._unused: list[int] = []

    def add(self, key: ClassKey, requirement: Requirement, able: int) -> RequirementClass:
        """A class that was not there."""
        agent, channel = key[4], key[3]
        if channel not in self.channels:
            self.channels = tuple(each for each in CHANNELS if each == channel or each in self.channels)
            self.heads[channel] = Heads(self.numbered)
        if agent is not None:
            found = self.known[key] = RequirementClass(key, OWN, requirement, able, b"", None)
            self.own.setdefault((agent, channel), {})[key] = found
            return found
        number = self._unused.pop() if self._unused else len(self.numbered)
        flags = self._roster.flags(able)
        found = self.known[key] = RequirementClass(key, number, requirement, able, flags, self.heads[channel])
        self.numbered[number : number + 1] = [found]
        self.abilities.set(number, flags)
        return found

    def enter(self, contact: ContactId, key: Key, kind: RequirementClass) -> None:
        self.standing[contact] = kind
        waiting, heads = kind.waiting, kind.heads
        if heads is None or (waiting and key > waiting[0]):
            insort(waiting, key)
            return
        if waiting:
            heads.remove(kind)
        elif kind.key[2]:
            self._empty.pop(kind.key, None)
        waiting.insert(0, key)
        heads.add(kind)

    def enter_too(self, contact: ContactId, key: Key, kind: RequirementClass) -> None:
        """Beside its own, with the same key."""
        own = self.standing[contact]
        self.enter(contact, key, kind)
        self.standing[contact] = own
        self.also.setdefault(contact, []).append(kind)

    def _leave_others(self, contact: LiveContact) -> None:
        for kind in self.also.pop(contact.id, ()):
            self.standing[contact.id] = kind
            self.leave(contact)

    def leave(self, contact: LiveContact) -> None:
        """No effect if the contact stands nowhere."""
        contact_id = contact.id
        kind = self.standing.pop(contact_id, None)
        if kind is None:
            return
        if self.also:
            self._leave_others(contact)
        waiting, heads = kind.waiting, kind.heads
        if waiting[0][1] != contact_id:
            del waiting[bisect_left(waiting, contact.key)]
            return
        if heads is None:
            del waiting[0]
        elif len(waiting) > 1:
            heads.pass_on(kind)
            return
        else:
            heads.remove(kind)
            del waiting[0]
        if not waiting:
            self._became_empty(kind)

    def _became_empty(self, kind: RequirementClass) -> None:
        key = kind.key
        if key[4] is not None:
            del self.known[key]
            own = self.own[key[4], key[3]]
            del own[key]
            if not own:
                del self.own[key[4], key[3]]
        elif key[2]:
            self._empty[key] = None
            if len(self._empty) > EMPTY_KEPT:
                self._drop(next(iter(self._empty)))

    def _drop(self, key: ClassKey) -> None:
        del self._empty[key]
        self._unused.append(self.known.pop(key).number)

    def open_to(self, number: int, agent: AgentId, channel: Channel) -> Iterator[RequirementClass]:
        """The classes with somebody waiting that this agent may take, those with the smallest first key last."""
        if heads := self.heads.get(channel):
            for each in self.abilities.among(number, heads.numbers):
                yield self.numbered[each]
        yield from self.own.get((agent, channel), {}).values()
