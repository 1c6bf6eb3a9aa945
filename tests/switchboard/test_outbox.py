"""Performing in order for each contact: a peer that is slow, silent or away holds up its own contact and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from otklik.contact.decisions import End, Hold, Join, Offer, PlayMusic, Record, Rejoin, VoiceDecision
from otklik.contact.facts import Fact, OfferFailed
from otklik.contact.ids import AgentId, ContactId, OfferNumber
from otklik.errors import PeerError
from otklik.switchboard import outbox
from otklik.switchboard.outbox import Outboxes

C1, C2, ANNA = ContactId("c1"), ContactId("c2"), AgentId("anna")
RING = Offer(contact=C1, agent=ANNA, offer=OfferNumber(1), ring_seconds=20.0)


class Peer:
    """Never answers what is in `silent`; refuses once, as one who is away, what is in `away`."""

    def __init__(self) -> None:
        self.silent: list[VoiceDecision] = []
        self.away: list[VoiceDecision] = []
        self.done: list[VoiceDecision] = []
        self.posted: list[Fact] = []
        self.boxes = Outboxes(
            self.perform, self.posted.append, self.before_offer, lambda _: True, lambda contact: contact
        )

    async def perform(self, decision: VoiceDecision) -> None:
        if decision in self.silent:
            await asyncio.Event().wait()
        if decision in self.away:
            self.away.remove(decision)
            raise PeerError("asterisk", "not connected", retryable=True)
        self.done.append(decision)

    async def before_offer(self, _: Offer | Rejoin | Join) -> None:
        return

    async def until_done(self, *decisions: VoiceDecision) -> None:
        async with asyncio.timeout(30):
            while not (set(decisions) <= set(self.done) and self.boxes.idle):
                await asyncio.sleep(0.002)


@pytest_asyncio.fixture
async def peer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Peer]:
    monkeypatch.setattr(outbox, "PERFORM_SECONDS", 0.1)
    monkeypatch.setattr(outbox, "WATCH_SECONDS", 0.01)
    monkeypatch.setattr(outbox, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(
        outbox, "RETRY_SECONDS", 0.3
    )  # longer than a peer may take: waiting for it to be back is no fault
    found = Peer()
    yield found
    await found.boxes.close()


async def test_a_silent_peer_fails_its_offer_and_the_contact_goes_on(peer: Peer) -> None:
    peer.silent.append(RING)
    for decision in (RING, PlayMusic(contact=C1), PlayMusic(contact=C2)):
        peer.boxes.put(decision)
    await peer.until_done(PlayMusic(contact=C1), PlayMusic(contact=C2))
    assert peer.posted == [OfferFailed(contact=C1, agent=ANNA, offer=OfferNumber(1), cause="timeout")]
    assert peer.done == [PlayMusic(contact=C2), PlayMusic(contact=C1)]


async def test_what_is_late_is_ended_once_however_long_its_end_takes(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    async def slow_to_end(_: VoiceDecision) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("begun")
            await asyncio.sleep(0.1)
            ended.append("done")
            raise

    monkeypatch.setattr(peer.boxes, "_perform", slow_to_end)
    peer.boxes.put(RING)
    async with asyncio.timeout(30):
        while not peer.posted:
            await asyncio.sleep(0.002)
    assert ended == ["begun", "done"]
    assert peer.posted == [OfferFailed(contact=C1, agent=ANNA, offer=OfferNumber(1), cause="timeout")]
    monkeypatch.setattr(peer.boxes, "_perform", peer.perform)
    peer.boxes.put(Hold(contact=C1))
    await peer.until_done(Hold(contact=C1))


async def test_what_is_said_to_a_peer_who_is_away_is_said_again_in_its_place(peer: Peer) -> None:
    peer.away.append(Hold(contact=C1))
    for decision in (Hold(contact=C1), End(contact=C1), PlayMusic(contact=C2)):
        peer.boxes.put(decision)
    await peer.until_done(Hold(contact=C1), End(contact=C1))
    assert peer.done == [PlayMusic(contact=C2), Hold(contact=C1), End(contact=C1)]
    assert peer.posted == []


async def test_a_contact_that_was_quiet_for_long_is_served_as_the_first_time(peer: Peer) -> None:
    peer.boxes.put(PlayMusic(contact=C1))
    await peer.until_done(PlayMusic(contact=C1))
    async with asyncio.timeout(30):
        while peer.boxes._lines:
            await asyncio.sleep(0.005)
    peer.boxes.put(Hold(contact=C1))
    await peer.until_done(Hold(contact=C1))


async def test_a_ring_goes_before_the_answer_that_was_decided_with_it(peer: Peer) -> None:
    for decision in (Hold(contact=C1), Record(contact=C1), RING, PlayMusic(contact=C1)):
        peer.boxes.put(decision)
    await peer.until_done(PlayMusic(contact=C1))
    assert peer.done == [Hold(contact=C1), RING, Record(contact=C1), PlayMusic(contact=C1)]
