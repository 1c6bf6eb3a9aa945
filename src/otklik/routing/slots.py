"""How many contacts of each channel an agent may have at once, and which channel may come on top of which.

A set of channels is an integer with one bit each. What can be known beforehand is found with the set-up, so that an agent
with one contact in hand costs one look-up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from otklik.contact.configuration import CHANNELS, USUAL_CAPACITY, USUAL_INTERRUPTS, Channel, Configuration
from otklik.contact.ids import AgentId
from otklik.routing.agent import LiveAgent

BIT: Final[Mapping[Channel, int]] = {channel: 1 << number for number, channel in enumerate(CHANNELS)}
ALL: Final = (1 << len(CHANNELS)) - 1


def bits(channels: Iterable[Channel]) -> int:
    found = 0
    for channel in channels:
        found |= BIT[channel]
    return found


class Allowance:
    """One agent's capacity; shared by all who have the same."""

    __slots__ = ("_over", "beside", "capacity", "empty")

    def __init__(self, capacity: Mapping[Channel, int], over: Mapping[Channel, int]) -> None:
        """`over`: for each channel those that may be offered on top of it."""
        self.capacity = capacity
        self._over = over
        self.empty = bits(channel for channel in CHANNELS if capacity[channel] > 0)
        """What can be offered with nothing in hand."""
        self.beside = {channel: self.room([channel]) for channel in CHANNELS}
        """What can be offered beside one contact of a channel."""

    def room(self, in_hand: Collection[Channel]) -> int:
        room = self.empty
        for channel, number in Counter(in_hand).items():
            own = BIT[channel] if number < self.capacity[channel] else 0
            room &= self._over[channel] & ~BIT[channel] | own
        return room


class Slots:
    """Of one set-up."""

    def __init__(self, configuration: Configuration) -> None:
        upon = {channel: configuration.interrupts.get(channel, USUAL_INTERRUPTS[channel]) for channel in CHANNELS}
        self._over = {under: bits(channel for channel in CHANNELS if under in upon[channel]) for under in CHANNELS}
        usual = {channel: configuration.capacity.get(channel, USUAL_CAPACITY[channel]) for channel in CHANNELS}
        known: dict[tuple[int, ...], Allowance] = {}
        self._usual = self._allow(usual, known)
        self._of = {
            agent.id: self._allow({**usual, **agent.capacity}, known)
            for agent in configuration.agents
            if agent.capacity
        }
        self._taken = {status.id: bits(status.channels) for status in configuration.statuses}
        self.plain = all(allowance.empty == ALL for allowance in known.values())
        """Whoever has nothing in hand has room for every channel, unless a status of the tenant says otherwise."""
        self.ahead = {channel: tuple(self._ahead_of(channel, configuration.drain)) for channel in CHANNELS}
        """For each channel those whose waiting contacts keep it back, until agents have come free for them."""
        self.drains = frozenset(higher for ahead in self.ahead.values() for higher in ahead)

    def _allow(self, capacity: Mapping[Channel, int], known: dict[tuple[int, ...], Allowance]) -> Allowance:
        numbers = tuple(capacity[channel] for channel in CHANNELS)
        return known.get(numbers) or known.setdefault(numbers, Allowance(capacity, self._over))

    def _ahead_of(self, channel: Channel, drain: tuple[Channel, ...]) -> Iterable[Channel]:
        """The list is in order; a channel that comes on top of this one anyway has nothing from its being kept back."""
        higher = drain[: drain.index(channel)] if channel in drain else drain
        return (each for each in higher if not self._over[channel] & BIT[each])

    def allowance(self, agent: AgentId) -> Allowance:
        return self._of.get(agent, self._usual)

    def taken(self, agent: LiveAgent) -> int:
        """The channels that the status takes; a status that is no longer set up takes all."""
        return ALL if agent.reason is None else self._taken.get(agent.reason, ALL)

    def room(self, agent: LiveAgent) -> int:
        """The channels of which one more can be offered, by what is in hand and by the status; all else is not asked."""
        allowance, hands = self._of.get(agent.id, self._usual), agent.hands
        if not hands:
            room = allowance.empty
        elif len(hands) == 1:
            (hand,) = hands.values()
            room = allowance.beside[hand.channel]
        else:
            room = allowance.room([hand.channel for hand in hands.values()])
        return room if agent.reason is None or not room else room & self.taken(agent)

    def room_if_empty(self, agent: LiveAgent) -> int:
        """As `room`, if nothing were in hand."""
        return self.allowance(agent.id).empty & self.taken(agent)

    def full(self, agent: AgentId, in_hand: Collection[Channel], channel: Channel) -> bool:
        """As many of this channel in hand as the agent may have."""
        return sum(each == channel for each in in_hand) >= self.allowance(agent).capacity[channel]

    def barred(self, in_hand: Collection[Channel], channel: Channel) -> bool:
        """Something of another channel is in hand that this one may not interrupt."""
        return any(each != channel and not self._over[each] & BIT[channel] for each in in_hand)
