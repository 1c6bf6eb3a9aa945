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

from otklik.contact.configuration import CHANNELS, Channel
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.routing.contact import Key, LiveContact
from otklik.routing.requirement import Requirement
from otklik.routing.roster import Roster

ClassKey = tuple[QueueId | None, int, str, Channel, AgentId | None]
"""The queue, the ring, what the contact itself asks for, the channel, and the one agent who is tried alone."""

EMPTY_KEPT: Final = 256
"""One-off classes that are kept although nobody waits in them."""
WALK: Final = 400
"""Heads looked at before an agent's own classes are gone through instead: about as costly, once those are known."""


class RequirementClass:
    """Contacts that ask the same. `able` and `flags` say which agents may take them: by bits, and a byte for each."""

    __slots__ = ("able", "flags", "key", "requirement", "waiting")

    def __init__(self, key: ClassKey, requirement: Requirement, able: int, flags: bytes) -> None:
        self.key = key
        self.requirement = requirement
        self.able = able
        self.flags = flags
        self.waiting: list[Key] = []


class Heads:
    """The classes of one channel in which somebody waits, in the order of their first contacts, the last one first.

    Most changes are near the end then, and move little. The instants stand apart, negated, in an array: a bisection
    reads one stretch of memory, not an object at each step.
    """

    __slots__ = ("_places", "kinds")

    def __init__(self) -> None:
        self._places = array("d")
        self.kinds: list[RequirementClass] = []

    def add(self, kind: RequirementClass) -> None:
        """By its first contact."""
        key = kind.waiting[0]
        place, places, kinds = -key[0], self._places, self.kinds
        at = bisect_left(places, place)
        if at < len(places) and places[at] == place:
            while at < len(places) and places[at] == place and kinds[at].waiting[0] > key:
                at += 1
        places.insert(at, place)
        kinds.insert(at, kind)

    def pass_on(self, kind: RequirementClass) -> None:
        """Its first contact leaves and the second is the first now."""
        self.remove(kind)
        del kind.waiting[0]
        self.add(kind)

    def remove(self, kind: RequirementClass) -> None:
        """Call before its first contact changes."""
        at = bisect_left(self._places, -kind.waiting[0][0])
        kinds = self.kinds
        while kinds[at] is not kind:
            at += 1
        del self._places[at], kinds[at]


class Classes:
    """All classes of one roster, and where each waiting contact stands."""

    def __init__(self) -> None:
        self.known: dict[ClassKey, RequirementClass] = {}
        self.heads: dict[Channel, Heads] = {}
        self.own: dict[tuple[AgentId, Channel], dict[ClassKey, RequirementClass]] = {}
        self.standing: dict[ContactId, RequirementClass] = {}
        self.channels: tuple[Channel, ...] = ()
        """Those of which there is a class, in their order."""
        self._empty: OrderedDict[ClassKey, None] = OrderedDict()
        self._born: list[RequirementClass] = []
        self._of_agent: dict[int, tuple[list[RequirementClass], int]] = {}

    def add(self, key: ClassKey, requirement: Requirement, able: int, roster: Roster) -> RequirementClass:
        """A class that was not there."""
        agent, channel = key[4], key[3]
        if channel not in self.channels:
            self.channels = tuple(each for each in CHANNELS if each == channel or each in self.channels)
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
        if waiting and key > waiting[0]:
            insort(waiting, key)
            return
        heads = self.heads.get(kind.key[3]) or self.heads.setdefault(kind.key[3], Heads())
        if waiting:
            heads.remove(kind)
        elif kind.key[2]:
            self._empty.pop(kind.key, None)
        waiting.insert(0, key)
        heads.add(kind)

    def leave(self, contact: LiveContact) -> None:
        """No effect if the contact stands nowhere."""
        kind = self.standing.pop(contact.id, None)
        if kind is None:
            return
        waiting, key = kind.waiting, contact.key
        if waiting[0] != key:
            del waiting[bisect_left(waiting, key)]
            return
        if kind.key[4] is not None:
            del waiting[0]
        elif len(waiting) > 1:
            self.heads[kind.key[3]].pass_on(kind)
            return
        else:
            self.heads[kind.key[3]].remove(kind)
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
