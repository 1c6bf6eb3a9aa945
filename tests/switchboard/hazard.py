"""A day of a centre that dies again and again: customers and agents go on, each new life must find everything right.

Seeded: the same seed leads the same customers and agents to the same wishes. Which await a life ends at also depends on
how quickly the database answers, so a seed tells where to look, not the one way it can go.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from msgspec import structs
from sqlalchemy import text
from tests.switchboard.coder import Coder
from tests.switchboard.day_rules import another_set_up, rules_of_the_day
from tests.switchboard.fate import PLACES, Fate, FatedLog, Killed, Ledger, Wire
from tests.switchboard.outer import OuterSystem
from tests.switchboard.wishes import MORE, OLGA
from uuid_utils import uuid7

from otklik.channels.voice.simulator import SimulatedCall, SimulatedPhone, SimulatedVoice
from otklik.contact.configuration import Configuration
from otklik.contact.decisions import SendMessage
from otklik.contact.facts import (
    AgentMuted,
    Answered,
    CallbackDue,
    CallPlaced,
    ColleagueCalled,
    Configured,
    ConsultationAsked,
    ConsultationCancelled,
    ConsultationCompleted,
    ConsultationTurned,
    ContactArrived,
    ContactFinished,
    ContactHeld,
    ContactParked,
    ContactResumed,
    ContactRetrieved,
    ContactReturned,
    ContactStopped,
    ContactTakenOver,
    CustomerLeft,
    CustomerWrote,
    Fact,
    Joining,
    OfferAnswered,
    OfferDeclined,
    OfferExpired,
    RejoinAsked,
    ShiftStarted,
    StatusChosen,
    SupervisionChanged,
    SupervisionEnded,
    SupervisionStarted,
    TalksTo,
    VerbFinished,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber, TenantId
from otklik.contact.outside_number import OutsideAnswered, OutsideAsked, OutsideEnded
from otklik.contact.recording import RecordingAsked, RecordingPaused, RecordingResumed
from otklik.routing import ContactState, LiveContact
from otklik.routing.conferring import apart, outside_takes_part
from otklik.routing.contact import NOBODY
from otklik.scenario.verbs import Pause
from otklik.storage.engine import Database
from otklik.switchboard import recovery, snapshot
from otklik.switchboard.centre import Centre
from otklik.switchboard.exchange import Exchange
from otklik.tenancy import store as tenancy
from otklik.tenancy.document import storable_body

MOST_CALLS = 12
MOST_WRITTEN = 4
OUTCOMES = {
    "answered", "abandoned", "lost", "callback_failed", "callback_cancelled", "callback_merged", "served", "unreached", "outside", "voicemail",
}  # fmt: skip
"""In which a contact of such a day may end: all but being turned away."""
NOON = 1_790_000_000.0


@dataclass
class Hazards:
    """What a day may bring beside deaths."""

    repeats: bool = True
    """Facts told again, late and out of order."""
    clock: bool = True
    """The wall's clock is set back and forth."""


@dataclass
class Life:
    """One run of the program, from taking the lease to its death."""

    fate: Fate
    wire: Wire
    database: Database
    exchange: Exchange
    task: asyncio.Task[None] | None = None
    snapshots: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def centre(self) -> Centre:
        return next(iter(self.exchange._centres.values()))

    def log(self) -> FatedLog:
        return self.fate.logs[0]


@dataclass
class Day:
    url: str
    seed: int
    hazards: Hazards = field(default_factory=Hazards)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.switch = SimulatedVoice()
        self.outer = OuterSystem(self.dice)
        self.coder = Coder(self.dice)
        self.ledger = Ledger()
        self.passed = 0.0
        self.wall_is_off = 0.0
        self.calls: dict[ContactId, SimulatedCall] = {}
        self.back: dict[ContactId, SimulatedCall] = {}
        """The lines of customers who were called back and have answered."""
        self.calls_back = 0
        self.unwritten: set[ContactId] = set()
        """Arrived, but the life that was told of it died, and the customer did not wait for the next."""
        self.told: list[Fact] = []
        self.broken: list[str] = []
        self.tenant = TenantId("")
        self.configuration = Configuration()
        self.lives = 0

    # lives

    async def _set_up(self, database: Database) -> None:
        async with database.lookup() as connection:
            self.tenant = (await tenancy.tenants(connection))[0]
        async with database.transaction(self.tenant) as connection:
            changed = storable_body(rules_of_the_day(await tenancy.configuration(connection)))
            version = (
                "insert into configuration (tenant_id, version, body)"
                " select current_tenant(), max(version) + 1, cast(:body as jsonb) from configuration"
            )
            await connection.execute(text(version), {"body": changed})

    async def _database(self) -> Database:
        database = await Database.open(self.url)
        if self.lives == 1:
            await self._set_up(database)
        return database

    def _exchange(self, database: Database, wire: Wire, fate: Fate) -> Exchange:
        return Exchange(
            database,
            self.url,
            wire,
            lambda: NOON + self.passed + self.wall_is_off,
            "hazard",
            elapsed=lambda: self.passed,
            outside=self.outer,
            handlers=self.coder,
            open_log=lambda url, tenant: FatedLog(url, tenant, fate, self.ledger),
        )

    async def begin(self, fate: Fate) -> Life | None:
        """A new life up to its reconciliation with the switch; None if it died on the way."""
        self.lives += 1
        wire, database = Wire(self.switch, fate), await self._database()
        exchange = self._exchange(database, wire, fate)
        life = Life(fate, wire, database, exchange)
        try:
            await exchange.open(lambda: {"up": True, "advice": None}, lambda: None)
            self._lay_knife(life.centre, fate)
            life.task = asyncio.create_task(exchange.run())
            await wire.start(exchange)
            await exchange.reconcile()
        except Killed:
            await self.end(life)
            return None
        self.tenant = life.centre.tenant
        while not life.centre.engine.configuration.agents and not fate.dead:
            await asyncio.sleep(0.001)
        if not self.configuration.agents:
            self.configuration = life.centre.engine.configuration
            self.coder.queues = tuple(queue.id for queue in self.configuration.queues)
        self._pages_come_back()
        return life

    def _lay_knife(self, centre: Centre, fate: Fate) -> None:
        decide = centre.decide

        def fated(fact: Fact, now: float) -> object:
            self.told.append(fact)
            fate.passes("deciding")
            before = {contact.id: contact for contact in centre.engine.snapshot().contacts}
            decisions = decide(fact, now)
            after = {contact.id: contact for contact in centre.engine.snapshot().contacts}
            changed = {each for each in before | after if before.get(each) != after.get(each)}
            told = centre.concerned(fact, decisions) | centre.engine._centre.touched_contacts
            if not changed <= told:
                self.broken.append(f"{fact} changed {changed - told}, and a snapshot under way would not hear of it")
            return decisions

        vars(centre)["decide"] = fated

    def _pages_come_back(self) -> None:
        for phone in list(self.switch._phones.values()):
            if phone.registered:
                phone.register()

    async def end(self, life: Life) -> None:
        """As kill -9: nothing is said goodbye to. Its tasks may feel for the cut lines, and find nothing."""
        life.fate.strike()
        for _ in range(3):
            await asyncio.sleep(0)
        tasks = [task for task in (life.task, *life.snapshots) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for centre in life.exchange._centres.values():
            await centre.outboxes.close()
            await centre.cards.close()
            await centre.asking.close()
            await centre.handling.close()
        for log in life.fate.logs:
            await log.close()
        await life.database.close()

    def fate(self) -> Fate:
        """Mostly at one of the named places, else at any turn of the event loop."""
        if self.dice.random() < 0.3:
            return Fate()
        place = self.dice.choice(PLACES)
        most = {"after lease": 1, "before snapshot": 1, "after snapshot": 1, "folding": 40, "deciding": 25}
        return Fate(place, self.dice.randint(1, most.get(place, 10)))

    async def live(self, steps: int) -> None:
        """One life: so many wishes of customers and agents, unless it ends before; then the dead time."""
        fate = self.fate()
        life = await self.begin(fate)
        if life is not None:
            with contextlib.suppress(Killed):
                await self._live(life, steps)
            await self.end(life)
        for _ in range(self.dice.randint(0, 4)):
            self.somebody_does_something(None)
        for call in self.calls.values():
            if not call.alive and call.contact not in self._arrived():
                self.unwritten.add(call.contact)

    async def _live(self, life: Life, steps: int) -> None:
        if self.dice.random() < 0.6:
            await self.settle(life)
            self.check_switch(life)
            if self.dice.random() < 0.2:
                await self.check_fold(life)
        snapshot_at = self.dice.randrange(steps) if "snapshot" in (life.fate.place or "") else -1
        for step in range(steps):
            if step == snapshot_at or self.dice.random() < 0.05:
                life.snapshots.append(asyncio.create_task(snapshot.save(life.centre)))
            self.somebody_does_something(life)
            for _ in range(self.dice.randint(0, 8)):
                await asyncio.sleep(0)
                if life.fate.dead:
                    return
            if self.dice.random() < 0.1:
                await asyncio.sleep(0.002)
        if life.fate.place is None:
            for _ in range(self.dice.randint(0, 60)):
                await asyncio.sleep(0)

    def _arrived(self) -> set[ContactId]:
        return {fact.contact for fact in self.told if isinstance(fact, ContactArrived)}

    # the world

    def somebody_does_something(self, life: Life | None) -> None:
        """`life` None: the centre is dead, and the world goes on."""
        wishes: list[tuple[int, Callable[[Life | None], None]]] = [
            (4, self._customer_calls),
            (6, self._customer_presses),
            (1, self._customer_leaves),
            (5, self._customer_wants_to_be_called_back),
            (4, self._customer_is_called),
            (8, self._phone_is_answered),
            (2, self._phone_does_something_else),
            (8, self._agent_works),
            (4, self._agent_asks_a_colleague),
            (4, self._agent_goes_on_with_it),
            (4, self._agent_comes),
            (2, self._somebody_writes),
            (6, self._what_is_written_goes_on),
            (4, self._supervisor_joins),
            (3, self._supervisor_does_something),
            (4, self._time_passes),
            (2 if self.hazards.repeats else 0, self._told_again),
            (1 if self.hazards.clock else 0, self._clock_is_set),
            (1, self._set_up_changes),
            *((weight, partial(wish, self)) for weight, wish in MORE),
        ]
        (wish,) = self.dice.choices([each for _, each in wishes], [weight for weight, _ in wishes])
        wish(life)

    def _alive(self) -> list[SimulatedCall]:
        return [call for call in (*self.calls.values(), *self.back.values()) if call.alive]

    def _customer_calls(self, life: Life | None) -> None:
        if len(self._alive()) < MOST_CALLS and self.switch._inbox is not None:
            call = self.switch.arrive(self.dice.choice(["1000", "2000"]), f"+7916{self.dice.randrange(10**7):07}")
            if call is not None:
                self.calls[call.contact] = call

    def _customer_presses(self, life: Life | None) -> None:
        menus = [call for call in self._alive() if call._dialogue._prompt is not None]
        if menus:
            self.dice.choice(menus).press(
                self.dice.choice([*"11221275699", "11", "19", "99", "12", "21", "89161234567#"])
            )

    def _customer_wants_to_be_called_back(self, life: Life | None) -> None:
        waiting = [call for call in self._alive() if call._dialogue._waiting is not None and not call.legs]
        if waiting:
            call = self.dice.choice(waiting)
            call.press(self.dice.choice("***977886"))

    def _customer_is_called(self, life: Life | None) -> None:
        for call in list(self.switch._calls.values()):
            if call.dialling:
                self.calls_back += 1
                if self.dice.random() < 0.5:
                    call.answer()
                    self.back[call.contact] = call
                else:
                    call.fail(self.dice.choice(["busy", "no_answer"]))

    def _customer_leaves(self, life: Life | None) -> None:
        if alive := self._alive():
            self.dice.choice(alive).hang_up()

    def _phones(self) -> list[SimulatedPhone]:
        return list(self.switch._phones.values())

    def _phone_is_answered(self, life: Life | None) -> None:
        if ringing := [phone for phone in self._phones() if phone.ringing]:
            phone = self.dice.choice(ringing)
            phone.answer()
            phone.press(self.dice.choice("1112"))  # asked for outside alone

    def _phone_does_something_else(self, life: Life | None) -> None:
        if phones := self._phones():
            phone = self.dice.choice(phones)
            self.dice.choice([phone.decline, phone.hang_up, phone.lose, phone.lose, phone.unregister])()

    def _submit(self, life: Life | None, fact: Fact) -> None:
        if life is not None and not life.fate.dead:
            life.exchange.post(self.tenant, fact)

    def _agent_works(self, life: Life | None) -> None:
        hands = [contact for contact in self._contacts(life) if contact.agent is not None]
        if not hands:
            return
        contact = self.dice.choice(hands)
        assert contact.agent is not None
        mine: dict[str, Any] = {"contact": contact.id, "agent": contact.agent}
        wishes: list[Fact] = [
            ContactFinished(**mine), WrapUpFinished(**mine, disposition="resolved"), ContactHeld(**mine),
            ContactRetrieved(**mine), AgentMuted(**mine, muted=self.dice.random() < 0.5), RejoinAsked(**mine),
            RecordingPaused(**mine), RecordingResumed(**mine), RecordingAsked(**mine),
        ]  # fmt: skip
        self._submit(life, self.dice.choice(wishes))

    def _agent_asks_a_colleague(self, life: Life | None) -> None:
        talks = [c for c in self._spoken(life) if c.state is ContactState.TALKING and c.consults is None and c.agent]
        if talks:
            contact = self.dice.choice(talks)
            to_agent = self.dice.choice([None, *(agent.id for agent in self.configuration.agents)])
            to_queue = self.dice.choice(self.configuration.queues).id if to_agent is None else None
            self._submit(
                life,
                ConsultationAsked(
                    contact=contact.id,
                    agent=contact.agent or AgentId(""),
                    consultation=ContactId(str(uuid7())),
                    to_queue=to_queue,
                    to_agent=to_agent,
                    conference=self.dice.random() < 0.5,
                ),
            )

    def _agent_goes_on_with_it(self, life: Life | None) -> None:
        outside = {c.id for c in self._contacts(life) if c.outside is not None and c.outside.beside is not None}
        asking = [c for c in self._contacts(life) if (c.consultation is not None or c.id in outside) and c.agent]
        if asking:
            contact = self.dice.choice(asking)
            mine: dict[str, Any] = {"contact": contact.id, "agent": contact.agent}
            talks_to: TalksTo = self.dice.choice(["customer", "colleague", "both"])
            wishes: list[Fact] = [
                ConsultationCompleted(**mine), ConsultationCancelled(**mine), ConsultationTurned(**mine, talks_to=talks_to),
            ]  # fmt: skip
            self._submit(life, self.dice.choice(wishes))

    def _somebody_writes(self, life: Life | None) -> None:
        if life is not None and len(self._written(life)) < MOST_WRITTEN:
            entry, contact = self.configuration.entry_points[0].id, ContactId(str(uuid7()))
            self._submit(
                life,
                ContactArrived(
                    contact=contact,
                    channel="web",
                    entry_point=entry,
                    dnis="site",
                    leg=f"web-{contact}",
                    request=self._request_of(contact),
                ),
            )

    def _request_of(self, contact: ContactId) -> dict[str, str]:
        return {"mail": f"{contact}@example.com", "name": f"number {contact}"}

    def check_replies(self) -> None:
        """Each is sent once at most, to whoever wrote, whole."""
        sent = [(asked, words) for asked, words in self.outer.asked if isinstance(asked, SendMessage) and asked.reply]
        assert max(Counter(asked.contact for asked, _ in sent).values(), default=0) <= 1, "a mail that is sent twice"
        for asked, words in sent:
            request = self._request_of(asked.contact)
            assert (words["to"], words["text"]) == (request["mail"], f"Здравствуйте, {request['name']}!")

    def _written(self, life: Life | None) -> list[LiveContact]:
        return [contact for contact in self._contacts(life) if contact.channel == "web" and contact.open]

    def _what_is_written_goes_on(self, life: Life | None) -> None:
        if not (written := self._written(life)):
            return
        contact = self.dice.choice(written)
        mine: dict[str, Any] = {"contact": contact.id, "agent": contact.agent or AgentId("")}
        later = None if self.dice.random() < 0.5 else NOON + self.passed + 30.0
        parker = contact.parking.agent if contact.parking is not None else AgentId("")
        of: dict[ContactState, list[Fact]] = {
            ContactState.OFFERED: [
                OfferAnswered(**mine, offer=contact.offer),
                OfferDeclined(**mine, offer=contact.offer),
            ],
            ContactState.TALKING: [ContactParked(**mine, reason=None, returns_at=later), ContactFinished(**mine)],
            ContactState.PARKED: [
                ContactResumed(contact=contact.id, agent=parker),
                ContactReturned(contact=contact.id, by=OLGA),
                CustomerWrote(contact=contact.id),
            ],
        }
        wishes = of.get(contact.state, [CustomerWrote(contact=contact.id)])
        self._submit(life, self.dice.choice(wishes))

    def supervisors_phone(self, life: Life | None) -> None:
        phone = self.switch.phone(OLGA)
        phone.tenant, phone.user, phone.voice = self.tenant, "olga", "supervisor"
        if not phone.registered and life is not None:
            phone.register()

    def _supervisor_joins(self, life: Life | None) -> None:
        self.supervisors_phone(life)
        talks = [c for c in self._spoken(life) if c.state is ContactState.TALKING and c.consults is None]
        if talks:
            way: Joining = self.dice.choice(["listen", "whisper", "barge"])
            contact = self.dice.choice(talks).id
            self._submit(life, SupervisionStarted(contact=contact, supervisor=OLGA, name="Ольга", way=way))

    def _supervisor_does_something(self, life: Life | None) -> None:
        joined = life.centre.engine.supervised_by(OLGA) if life is not None else None
        if joined is not None:
            contact = joined[0].id
            way: Joining = self.dice.choice(["listen", "whisper", "barge"])
            wishes: list[Fact] = [
                SupervisionChanged(contact=contact, supervisor=OLGA, way=way),
                SupervisionEnded(contact=contact, supervisor=OLGA),
                ContactTakenOver(contact=contact, supervisor=OLGA),
                ContactStopped(contact=contact, by=OLGA),
            ]
            self._submit(life, self.dice.choice(wishes))

    def _spoken(self, life: Life | None) -> list[LiveContact]:
        return [contact for contact in self._contacts(life) if contact.channel == "voice"]

    def _contacts(self, life: Life | None) -> list[LiveContact]:
        return list(life.centre.engine.contacts()) if life is not None else []

    def _agent_comes(self, life: Life | None) -> None:
        if not self.configuration.agents or life is None:
            return
        agent = self.dice.choice(self.configuration.agents).id
        known = life.centre.engine.agent(agent)
        phone = self.switch.phone(agent, "desk" if known is not None and known.phone == "desk" else "page")
        phone.tenant, phone.user = self.tenant, phone.user or "user"
        if not phone.registered:
            phone.register()
        self._submit(life, ShiftStarted(agent=agent))
        self._submit(life, StatusChosen(agent=agent, status="ready"))

    def _time_passes(self, life: Life | None) -> None:
        self.passed += self.dice.choice([0.1, 1.0, 7.0, 21.0])
        if life is not None and not life.fate.dead:
            life.centre.timers.fire_due()

    def _told_again(self, life: Life | None) -> None:
        again = (
            OfferAnswered, OfferDeclined, OfferExpired, VerbFinished, Answered, WrapUpFinished, ContactFinished,
            CallbackDue, CallPlaced, ColleagueCalled, OutsideAsked, OutsideAnswered, OutsideEnded,
        )  # fmt: skip
        if old := [fact for fact in self.told[-200:] if isinstance(fact, again)]:
            fact = self.dice.choice(old)
            line = self.switch._calls.get(getattr(fact, "contact", ContactId("")))
            if not isinstance(fact, OfferAnswered | ContactFinished) or line is None:
                self._submit(life, fact)
            elif isinstance(fact, OfferAnswered):
                leg = line.legs.get((line.contact, fact.offer))
                if leg is None or leg.answered:  # an answer that nobody gave would be a lie, no repetition
                    self._submit(life, fact)

    def _clock_is_set(self, life: Life | None) -> None:
        self.wall_is_off += self.dice.choice([-3600.0, -5.0, 5.0, 3600.0])

    def _set_up_changes(self, life: Life | None) -> None:
        if self.configuration.queues:
            self._submit(life, Configured(configuration=another_set_up(self.configuration, self.dice)))

    # what must hold

    async def settle(self, life: Life, seconds: float = 10.0) -> None:
        """Until nothing is under way: no fact waits, none is being written, nothing is being performed or looked up."""
        quiet = 0
        async with asyncio.timeout(seconds):
            while quiet < 5:
                await asyncio.sleep(0.0005)
                if life.fate.dead:
                    raise Killed
                busy = (
                    life.centre._waiting or life.log().appending or life.wire.performing or life.centre.cards._loading or life.centre.cards._later
                    or not life.centre.outboxes.idle
                    or not {*life.centre.asking._asked.values(), *life.centre.asking._leaving} <= self.outer.held_by
                    or any(call._dialogue.speech is not None for call in self._alive())
                )  # fmt: skip
                quiet = 0 if busy else quiet + 1

    def check_switch(self, life: Life) -> None:
        """What the centre believes is what the switch does; nobody is lost, offered twice, or on two lines."""
        assert not self.broken, self.broken[:2]
        engine = life.centre.engine
        spoken = [contact for contact in engine.contacts() if contact.channel == "voice"]
        believed = {contact.id: contact for contact in spoken if contact.open and contact.consults is None}
        asked = {contact.id: contact for contact in engine.contacts() if contact.consults is not None}
        lines = Counter(call.contact for call in self._alive())
        lines.update(call.contact for call in self.switch._calls.values() if call.dialling)
        assert max(lines.values(), default=1) == 1, f"two lines to one customer: {lines}"
        placed = [each for each in believed.values() if each.state is ContactState.DIALLING]
        dialling = {each.id for each in placed if each.colleague is None}
        assert dialling == {call.contact for call in self.switch._calls.values() if call.dialling}
        assert {each.id for each in believed.values() if not (each.away or each.id in dialling)} == {
            call.contact for call in self._alive()
        }
        outside = {each.id for each in believed.values() if each.outside is not None}
        assert outside >= {each.id for each in believed.values() if each.state is ContactState.OUTSIDE}
        assert outside == {call.contact for call in self.switch._calls.values() if call.outside is not None}
        by_agent: dict[AgentId, list[tuple[ContactId, OfferNumber]]] = {}
        for call in self.switch._calls.values():
            contact = believed[call.contact]
            replaced = {leg.replaces for leg in call.legs.values()}
            for leg in call.legs.values():
                if leg.contact != call.contact or leg.offer not in replaced:
                    by_agent.setdefault(leg.agent, []).append((leg.contact, leg.offer))
            beside = {line for each in contact.supervisors for line in each.lines}
            ringing = Counter(
                leg.contact
                for leg in call.legs.values()
                if not leg.answered and not (leg.contact == contact.id and leg.offer in beside)
            )
            assert max(ringing.values(), default=0) <= 1, "offered twice at once"
            own = {contact.id, contact.consultation, *contact.conference.members}
            assert {leg.contact for leg in call.legs.values()} <= own, "a line left over"
            for each in contact.conference.members:
                self._check_participant(contact, asked[each], call)
            if call.alive:
                self._check_hears(contact, call, life)
                assert bool(ringing[contact.id]) == (
                    contact.state is ContactState.OFFERED or contact.rejoin is not None
                )
            if contact.colleague is not None:
                self._check_inside(contact, asked.get(contact.consultation or contact.id), call)
            elif contact.consultation is not None:
                second = asked[contact.consultation]
                rings = second.state is ContactState.OFFERED or second.rejoin is not None
                assert bool(ringing[contact.consultation]) == rings, (asked[contact.consultation], call.legs)
        assert all(len(lines) == 1 for lines in by_agent.values()), f"an agent on two lines: {by_agent}"

    def _check_participant(self, contact: LiveContact, member: LiveContact, call: SimulatedCall) -> None:
        """Whoever was added is wherever the customer is."""
        rings = [leg for leg in call.legs.values() if leg.contact == member.id and not leg.answered]
        assert bool(rings) == (member.rejoin is not None), (member, call.legs)
        leg = call.legs.get((member.id, member.connected_line))
        if call.alive and member.state is ContactState.TALKING and leg is not None:
            heard = call.heard_by_agent(leg)
            assert (heard == {"music"}) == apart(contact), (contact, member, heard)
            together = contact.state is ContactState.TALKING
            assert reloads(contact) or ("customer" in heard) == together, (contact, member, heard)

    def _check_inside(self, contact: LiveContact, second: LiveContact | None, call: SimulatedCall) -> None:
        """Two agents who call each other: what rings, and what each of them hears."""
        sides = [each for each in (contact, second) if each is not None]
        for side in sides:
            rings = [leg for leg in call.legs.values() if leg.contact == side.id and not leg.answered]
            assert bool(rings) == (side.state is ContactState.PLACED or side.rejoin is not None), (side, call.legs)
        lines = [call.legs.get((side.id, side.connected_line)) for side in sides]
        if contact.state is ContactState.DIALLING and lines[0] is not None:
            assert call.heard_by_agent(lines[0]) == {"ringing"}
        if second is None or any(line is None or not line.answered for line in lines):
            return
        for one, other, line in zip(sides, reversed(sides), lines, strict=True):
            assert line is not None
            waits = "music" if other.state in (ContactState.HELD, ContactState.REJOINING) else None
            if one.state is ContactState.TALKING and waits is not None:
                assert call.heard_by_agent(line) == {"music"}, (one, other)
            elif one.state is ContactState.TALKING:
                assert call.heard_by_agent(line) == (set() if other.muted else {"agent"}), (one, other)

    def _check_hears(self, contact: LiveContact, call: SimulatedCall, life: Life) -> None:
        state, heard = contact.state, set(call.hears)
        if contact.agent == OLGA:  # has taken it over
            heard = {"agent" if voice == "supervisor" else voice for voice in heard}
        heard.discard("supervisor")
        if contact.outside is not None and contact.outside.beside is not None:
            self._check_asked_outside(contact, call)
            heard.discard("outside")
        if state is ContactState.TALKING and (contact.talks_to == "both" or contact.conference.members):
            assert heard <= {"agent"} and (heard or contact.muted), (contact, call.legs)
        elif state is ContactState.TALKING:
            assert heard == (set() if contact.muted else {"agent"}), (contact, call.legs)
        elif state in (ContactState.HELD, ContactState.WAITING, ContactState.OFFERED):
            assert call.hears == {"music"}, (state, call.hears)
        elif state is ContactState.OUTSIDE:
            self._check_outside(contact, call)
        elif state is ContactState.SCENARIO:
            asked = contact.id in life.centre.asking._asked or contact.id in life.centre.handling._asked
            run = life.centre.runs.get(contact.id)
            if run is not None and isinstance(run._verb, Pause):
                assert call.hears == {"music"}, (contact, run._verb)
                return
            assert asked or call._dialogue._prompt is not None, "a customer in the menu for whom nothing is being done"

    def _check_asked_outside(self, contact: LiveContact, call: SimulatedCall) -> None:
        """By an agent: the customer hears them in a conference alone, and they hear music while the agent is not there."""
        assert contact.outside is not None and call.outside is not None
        assert contact.outside.attempt == call.outside.attempt and call.outside.beside == contact.outside.beside
        assert (contact.outside.answered_at is not None) == call.outside.answered
        added = outside_takes_part(contact)
        with_them = contact.talks_to == "both" or added
        together = call.outside.answered and with_them and contact.state is ContactState.TALKING
        assert reloads(contact) or ("outside" in call.hears) == together, (contact, call.hears)
        aside = apart(contact) if added else contact.state is ContactState.TALKING and contact.talks_to == "customer"
        if aside and call.outside.answered:
            assert call.outside.hears() == {"music"}
        if contact.state is ContactState.HELD and call.outside.answered:
            assert "customer" not in call.outside.hears()

    def _check_outside(self, contact: LiveContact, call: SimulatedCall) -> None:
        assert contact.outside is not None and call.outside is not None, (contact, "nobody is called outside")
        assert contact.outside.attempt == call.outside.attempt
        assert (contact.outside.answered_at is not None) == call.outside.answered
        meanwhile = "music" if call.outside.music else "ringing"
        assert call.hears == {"outside" if call.outside.answered else meanwhile}

    async def check_log(self) -> None:
        """Numbers without a gap; everything confirmed is there, once, and as it was."""
        log = FatedLog(self.url, self.tenant, Fate(), Ledger())
        stored = {seq: (at, fact) async for seq, at, fact in log.read(0)}
        await log.close()
        assert list(stored) == list(range(1, len(stored) + 1))
        assert {seq: stored.get(seq) for seq in self.ledger.confirmed} == self.ledger.confirmed
        arrivals = [fact.contact for _, fact in stored.values() if isinstance(fact, ContactArrived)]
        assert len(arrivals) == len(set(arrivals))

    async def check_fold(self, life: Life) -> None:
        """The living state is what the whole log folds to, from nothing and without any snapshot."""
        live, centre = life.centre.engine.snapshot(), life.centre
        log = centre.event_log
        again = Centre(self.tenant, database=life.database, event_log=log, voice=life.wire, clock=centre.clock)
        async for seq, at, fact in log.read(0):
            if seq > centre.last_seq:
                break
            recovery._fold(again, fact, at, {})
        folded = again.engine.snapshot()
        again.timers.compact(again.matters)
        mattering = [(at, fact) for at, fact in centre.timers.pending() if centre.matters(fact)]
        assert sorted(map(repr, again.timers.pending())) == sorted(map(repr, mattering))
        assert _wordless(folded.contacts) == _wordless(live.contacts)
        assert folded.agents == live.agents
        assert folded.configuration == live.configuration
        assert folded.notices == live.notices
        assert set(again.runs) == set(centre.runs)
        assert again.lock_outs.entries() == centre.lock_outs.entries()
        await again.cards.close()

    async def evening(self) -> None:
        """The last life: everybody hangs up, everything is written; then the books must balance."""
        life = await self.begin(Fate())
        assert life is not None
        await self.settle(life)
        self.check_switch(life)
        for _ in range(4):  # an offer that rings, then the attempt that it was for, then the next
            for call in self._alive():
                call.hang_up()
            for call in list(self.switch._calls.values()):
                call.fail("busy")
                if call.rings_inside is not None:
                    for leg in list(call.legs.values()):
                        leg.end("hung_up")
            for kept in self._contacts(life):
                if kept.channel in ("web", "voicemail") and kept.open:  # nobody is on the line who could hang up
                    self._submit(life, CustomerLeft(contact=kept.id, cause="hung_up"))
            await self.settle(life)
            self.passed += 3600
            life.centre.timers.fire_due()
            await self.settle(life)
        left = list(life.centre.engine.contacts())
        assert not left, left
        await self.check_fold(life)
        await life.centre.projector.flush()
        await self.check_books(life)
        self.check_replies()
        await self.end(life)
        await self.check_log()

    async def check_books(self, life: Life) -> None:
        async with life.database.transaction(self.tenant) as connection:
            rows = list(await connection.execute(text(_BOOKS)))
        assert {row.id for row in rows} >= set(self.calls) - self.unwritten, "a contact without an account"
        for row in rows:
            assert row.outcome in OUTCOMES, row
            assert row.gaps == 0
            assert abs(row.counted - row.lasted) < 1e-3, row


_BOOKS = """
select c.id, c.outcome, extract(epoch from c.ended_at - c.arrived_at)::float8 as lasted,
       (select coalesce(sum(extract(epoch from s.ended_at - s.started_at)), 0)::float8 from contact_segment s
         where s.contact_id = c.id and s.kind <> 'consultation') as counted,
       (select count(*) from (select s.started_at, lag(s.ended_at) over (order by s.number) as before
         from contact_segment s where s.contact_id = c.id and s.kind <> 'consultation') as pairs
         where before is distinct from started_at and before is not null) as gaps
  from contact c
"""


def reloads(contact: LiveContact) -> bool:
    """The page of the agent does, and the customer has noticed nothing yet."""
    return contact.state is ContactState.REJOINING and not contact.music


def _wordless(contacts: list[LiveContact]) -> list[LiveContact]:
    """What customers said stands beside the log, which a day without a database does not have."""
    return [structs.replace(each, words=NOBODY) for each in contacts]
