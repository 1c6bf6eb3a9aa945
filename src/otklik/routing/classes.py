"""Requirement classes: all waiting contacts that ask the same of an agent stand together, each class in one order.

Whether an agent may take a class is found once, when the class appears or the set-up changes; a decision then looks
only at the first contact of each class. A class that asks for one agent alone is that agent's own, and costs others
nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from otklik.contact.configuration import Channel
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.routing.contact import Key, LiveContact
from otklik.routing.requirement import Requirement
from otklik.routing.roster import Roster

ClassKey = tuple[QueueId | None, int, str, Channel, AgentId | None]
"""The queue, the ring, what the contact itself asks for, the channel, and the one agent who is tried alone."""

EMPTY_KEPT: Final = 256
"""One-off classes that are kept although nobody waits in them."""
WALK: Final = 48
"""Heads looked at before an agent's own classes are gone through instead."""


class RequirementClass:
    """Contacts that ask the same. `able` and `flags` say which agents may take them: by bits, and a byte for each."""

    __slots__ = ("able", "flags", "key", "requirement", "waiting")

    def __init__(self, key: ClassKey, requirement: Requirement, able: int, flags: bytes) -> None:
        self.key = key
        self.requirement = requirement
        self.able = able
        self.flags = flags
        self.waiting: list[Key] = []


Head = tuple[float, ContactId, RequirementClass]
"""A class's first contact; two never have the same id, so classes are never compared."""


class Classes:
    """All classes of one roster, and where each waiting contact stands."""

    def __init__(self) -> None:
        self.known: dict[ClassKey, RequirementClass] = {}
        self.heads: dict[Channel, list[Head]] = {}
        self.own: dict[tuple[AgentId, Channel], dict[ClassKey, RequirementClass]] = {}
        self.standing: dict[ContactId, RequirementClass] = {}
        self._empty: OrderedDict[ClassKey, None] = OrderedDict()
        self._born: list[RequirementClass] = []
        self._of_agent: dict[int, tuple[list[RequirementClass], int]] = {}

    def add(self, key: ClassKey, requirement: Requirement, able: int, roster: Roster) -> RequirementClass:
        """A class that was not there."""
        agent = key[4]
        flags = b"" if agent is not None else roster.flags(able)
        found = self.known[key] = RequirementClass(key, requirement, able, flags)
        if agent is not None:
            self.own.setdefault((agent, key[3]), {})[key] = found
        else:
            self._born.append(found)
        return found

    def enter(self, contact: LiveContact, kind: RequirementClass) -> None:
        key = contact.key
        self.standing[contact.id] = kind
        waiting = kind.waiting
        if kind.key[4] is not None:
            insort(waiting, key)
            return
        if not waiting:
            if kind.key[2]:
                self._empty.pop(kind.key, None)
            insort(self.heads.setdefault(kind.key[3], []), (*key, kind))
        elif key < waiting[0]:
            heads = self.heads[kind.key[3]]
            del heads[bisect_left(heads, waiting[0])]  # a pair comes just before the triple it begins
            insort(heads, (*key, kind))
        insort(waiting, key)

    def leave(self, contact: LiveContact) -> None:
        """No effect if the contact stands nowhere."""
        kind = self.standing.pop(contact.id, None)
        if kind is None:
            return
        waiting, key = kind.waiting, contact.key
        if waiting[0] != key:
            del waiting[bisect_left(waiting, key)]
            return
        del waiting[0]
        if kind.key[4] is None:
            heads = self.heads[kind.key[3]]
            del heads[bisect_left(heads, key)]
            if waiting:
                insort(heads, (*waiting[0], kind))
                return
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
        del self.known[key]
        if len(self._born) > 2 * len(self.known) + EMPTY_KEPT:
            self._born = [kind for kind in self.known.values() if kind.key[4] is None]
            self._of_agent = {}

    def open_to(self, number: int, agent: AgentId, channel: Channel) -> Iterator[RequirementClass]:
        """The classes with somebody waiting that this agent may take, in no order."""
        for kind in self._mine(number):
            if kind.waiting and kind.key[3] == channel:
                yield kind
        yield from self.own.get((agent, channel), {}).values()

    def _mine(self, number: int) -> list[RequirementClass]:
        """Each class is looked at once for each agent, when the agent is first asked about after it appeared."""
        mine, seen = self._of_agent.get(number, ([], 0))
        if seen < len(self._born):
            mine += [kind for kind in self._born[seen:] if kind.flags[number]]
            self._of_agent[number] = (mine, len(self._born))
        return mine
