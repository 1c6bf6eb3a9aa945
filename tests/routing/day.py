"""A day in the centre under watch: every fact is told to the engine, and to those who know what must follow from it."""

from __future__ import annotations

from typing import Literal

from msgspec import json
from msgspec.structs import replace
from tests.routing import oracle
from tests.routing.centre import RUSSIAN, SOLD

from otklik.contact.conference import ParticipantReleased
from otklik.contact.configuration import Channel
from otklik.contact.decisions import (
    Connect,
    Consult,
    Decision,
    Dial,
    HandOver,
    Join,
    Offer,
    Rejoin,
    Release,
    SetTimer,
    Withdraw,
)
from otklik.contact.facts import (
    AgentLegEnded,
    AgentReachable,
    CallAnswered,
    CallFailed,
    CallFailure,
    CallPlaced,
    ColleagueCalled,
    ConsultationAsked,
    ConsultationCancelled,
    ConsultationCompleted,
    ConsultationTurned,
    ContactArrived,
    ContactFinished,
    ContactHeld,
    ContactParked,
    ContactQueued,
    ContactResumed,
    ContactRetrieved,
    ContactReturned,
    ContactTakenOver,
    ContactTransferred,
    CustomerIdentified,
    CustomerLeft,
    CustomerNotFound,
    CustomerWrote,
    Fact,
    Joining,
    OfferAnswered,
    OfferDeclined,
    OfferFailed,
    RejoinAsked,
    ShiftStarted,
    StatusChosen,
    SupervisionChanged,
    SupervisionStarted,
    TalksTo,
    WrapUpFinished,
)
from otklik.contact.ids import AgentId, ContactId, OfferNumber, QueueId
from otklik.contact.outside_number import (
    ContactSentOutside,
    OutsideAnswered,
    OutsideConsulted,
    OutsideEnd,
    OutsideEnded,
)
from otklik.contact.working_time import Stretch
from otklik.routing import ContactState, Engine, EngineState
from otklik.routing.contact import RINGS
from otklik.routing.engine import decide

ConsultationKind = type[ConsultationCompleted] | type[ConsultationCancelled]
DeskKind = type[ContactHeld] | type[ContactRetrieved] | type[RejoinAsked] | type[ContactFinished]


class Day:
    """Facts that make sense by calls; any other by `tell`. Each is checked against the naive scan as it goes in."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.now = 1000.0
        self.timers: list[SetTimer] = []
        self.log: list[tuple[Fact, float, list[Decision]]] = []
        self.ringing: dict[tuple[ContactId, AgentId], OfferNumber] = {}
        self.numbers: dict[ContactId, set[OfferNumber]] = {}
        self.keys: dict[ContactId, float] = {}
        self.arrived: set[ContactId] = set()
        self.lines: dict[ContactId, int] = {}
        """The one line to each customer: 0 the customer's own, else the attempt to call back."""
        self.dialled: dict[AgentId, ContactId] = {}
        """By the decisions alone, whatever the engine thinks of it: agents who listen to a customer's phone ringing."""
        self.asked = self.placed = 0
        self.time: dict[tuple[AgentId, float], Stretch] = {}
        """The account of working time: the last word of each stretch."""

    def tell(self, fact: Fact) -> None:
        expected = self._expected_offers(fact)
        decisions = self.engine.handle(fact, self.now)
        self.log.append((fact, self.now, decisions))
        self.timers += [decision for decision in decisions if isinstance(decision, SetTimer)]
        if (
            isinstance(fact, ContactArrived | CallPlaced | ColleagueCalled)
            and self.engine.record(fact.contact) is not None
        ):
            self.arrived.add(fact.contact)
        self._follow_time()
        self._follow_lines(fact, decisions)
        self._follow_ringing(fact, decisions)
        offers = [(offer.contact, offer.agent) for offer in decisions if isinstance(offer, Offer)]
        assert offers == expected
        for contact, agent in offers:
            self._check_capacity(contact, agent)

    def _follow_time(self) -> None:
        self.time |= {(each.agent, each.began_at): each for each in self.engine._centre.stretches}
        self.engine._centre.stretches.clear()

    def _expected_offers(self, fact: Fact) -> list[tuple[ContactId, AgentId]]:
        """Those given by hand, then those of the naive scan from the state just before matching."""
        twin = Engine.restore(self.engine.snapshot())
        twin._centre.now = self.now
        given = [(d.contact, d.agent) for d in decide(twin._centre, fact) if isinstance(d, Offer)]
        state = twin.snapshot()
        found = oracle.offers(state)
        oracle.check_nobody_is_passed_over(state, found)
        return given + found

    def _follow_lines(self, fact: Fact, decisions: list[Decision]) -> None:
        """Nobody is called who may still be on another line of ours."""
        if isinstance(fact, ContactArrived):
            self.lines.setdefault(fact.contact, 0)
        if isinstance(fact, CustomerLeft | CallFailed) and self.lines.get(fact.contact) == fact.attempt:
            del self.lines[fact.contact]
        for decision in decisions:
            match decision:
                case Dial():
                    assert decision.contact not in self.lines, "two lines to one customer"
                    assert decision.agent not in self.dialled, "two customers are called for one agent"
                    self.lines[decision.contact] = decision.attempt
                    self.dialled[decision.agent] = decision.contact
                case Connect() | Release() if self.dialled.get(decision.agent) == decision.contact:
                    del self.dialled[decision.agent]
                case Offer() | Rejoin():
                    assert decision.agent not in self.dialled, "something rings while the customer is called"
                case _:
                    pass

    def _check_capacity(self, contact: ContactId, agent_id: AgentId) -> None:
        """Whatever brought the offer about: nobody is over capacity by it or interrupted against the table."""
        agent = self.engine.agent(agent_id)
        assert agent is not None
        others = [hand for each, hand in agent.hands.items() if each != contact]
        assert oracle.fits_in_hand(self.engine.snapshot(), agent_id, agent.hands[contact].channel, others)

    def _follow_ringing(self, fact: Fact, decisions: list[Decision]) -> None:
        """As the telephone sees it: what rings is withdrawn, answered or failed before anything else rings."""
        if isinstance(fact, OfferFailed | AgentLegEnded) and self._rings(fact):
            del self.ringing[fact.contact, fact.agent]
        ringing_all = {c.id for c in self.engine.contacts() if c.ringing}
        for decision in decisions:
            match decision:
                case Offer() | Rejoin():
                    at_others = {contact for contact, _ in self.ringing}
                    assert decision.contact not in at_others - ringing_all, "offered twice at once"
                    rings = {agent for _, agent in self.ringing}
                    assert decision.agent not in rings or isinstance(decision, Rejoin), "one offer rings at a time"
                    assert decision.offer not in self.numbers.setdefault(decision.contact, set()), "a number of its own"
                    self.numbers[decision.contact].add(decision.offer)
                    self.ringing[decision.contact, decision.agent] = decision.offer
                case Withdraw():
                    assert self.ringing.pop((decision.contact, decision.agent)) == decision.offer
                case Consult() if decision.line is not None:
                    asked = self.engine.contact(decision.consultation)
                    assert asked is not None and asked.agent is not None
                    assert self.ringing.pop((asked.id, asked.agent), decision.line) == decision.line
                case Join():
                    assert decision.offer not in self.numbers.setdefault(decision.contact, set()), "a number of its own"
                    self.numbers[decision.contact].add(decision.offer)
                case HandOver():
                    self.numbers[decision.contact].add(decision.offer)
                case Connect():  # of a line that rang, or again of one that is up
                    assert self.ringing.pop((decision.contact, decision.agent), decision.offer) == decision.offer
                case _:
                    pass
        if isinstance(fact, OfferAnswered | OfferDeclined) and self._rings(fact):
            del self.ringing[fact.contact, fact.agent]  # back on hold, or a declined rejoin

    def _rings(self, fact: OfferFailed | AgentLegEnded | OfferAnswered | OfferDeclined) -> bool:
        return self.ringing.get((fact.contact, fact.agent)) == fact.offer

    def check(self) -> None:
        oracle.check(self.engine)
        oracle.check_time(self.engine, self.time)
        for contact in self.arrived:
            oracle.check_account(self.engine, contact)
        for open_contact in self.engine.contacts():
            if (queued_at := open_contact.queued_at) is not None:
                assert self.keys.setdefault(open_contact.id, queued_at) == queued_at, "the place is kept"
        contacts = list(self.engine.contacts())
        rings = {(c.id, c.agent) for c in contacts if c.state in RINGS or c.rejoin is not None}
        assert self.dialled == {
            c.agent: c.id for c in contacts if c.state is ContactState.DIALLING and c.colleague is None
        }
        assert set(self.ringing) == rings | {(c.id, agent) for c in contacts for agent in c.ringing}

    def check_replay(self) -> None:
        """The same facts decide the same, also without the restarts in between."""
        again = Engine()
        for fact, now, decisions in self.log:
            assert again.handle(fact, now) == decisions
        assert again.snapshot() == self.engine.snapshot()

    # what makes sense

    def call(
        self,
        queue: QueueId,
        customer: CustomerIdentified | None = None,
        channel: Channel = "voice",
        follows: bool = False,
        **asked: object,
    ) -> None:
        """`follows`: who it is is being looked up; see `say_who`. `asked` are further fields of `ContactQueued`."""
        contact = ContactId(f"c{len(self.arrived)}")
        self.tell(
            ContactArrived(
                contact=contact,
                channel=channel,
                entry_point=RUSSIAN,
                dnis="1000",
                leg=f"leg-{contact}",
                ani=f"+7916000000{len(self.arrived) % 7}",
                identity_follows=follows,
            )
        )
        if customer is not None:
            self.tell(replace(customer, contact=contact))
        self.tell(replace(ContactQueued(contact=contact, queue=queue), **asked))

    def place(self, agent: AgentId, queue: QueueId, number: str = "+79161234567") -> None:
        self.placed += 1
        contact = ContactId(f"p{self.placed}")
        self.tell(CallPlaced(contact=contact, agent=agent, queue=queue, entry_point=RUSSIAN, number=number))

    def call_inside(self, agent: AgentId, colleague: AgentId) -> None:
        self.placed += 1
        contact, side = ContactId(f"p{self.placed}"), ContactId(f"k-p{self.placed}")
        self.tell(ColleagueCalled(contact=contact, agent=agent, colleague=colleague, consultation=side))

    def call_back(self, nth: int, cause: CallFailure | None) -> None:
        """Whatever comes next of a callback: the customer hangs up, or is called and answers (`cause` None), or not."""
        under_way = [c for c in self.engine.contacts() if c.callback is not None and not c.away]
        if not under_way:
            return
        contact = sorted(under_way, key=lambda c: c.id)[nth % len(under_way)]
        assert contact.callback is not None
        attempt = contact.callback.attempts
        if not contact.callback.live:
            self.tell(CustomerLeft(contact=contact.id, cause="hung_up"))
        elif cause is None:
            self.tell(CallAnswered(contact=contact.id, attempt=attempt))
        else:
            self.tell(CallFailed(contact=contact.id, attempt=attempt, cause=cause))

    def say_who(self, nth: int, customer: CustomerIdentified | None) -> None:
        """Of somebody who is being looked up; None: nobody is known by this number."""
        if awaited := sorted(c.id for c in self.engine.contacts() if c.identity_awaited):
            contact = awaited[nth % len(awaited)]
            self.tell(replace(customer, contact=contact) if customer else CustomerNotFound(contact=contact))

    def come(self, agent: AgentId) -> None:
        self.tell(ShiftStarted(agent=agent))
        self.tell(AgentReachable(agent=agent))
        self.tell(StatusChosen(agent=agent, status="ready"))

    def in_hand(self) -> list[tuple[ContactId, AgentId]]:
        return sorted((contact, agent.id) for agent in self.engine.agents() for contact in agent.hands)

    def take_or_refuse(self, nth: int, how: type[OfferAnswered] | type[OfferDeclined]) -> None:
        if self.ringing:
            (contact, agent), offer = sorted(self.ringing.items())[nth % len(self.ringing)]
            self.tell(how(contact=contact, agent=agent, offer=offer))

    def act(self, nth: int, kind: DeskKind) -> None:
        if hands := self.in_hand():
            contact, agent = hands[nth % len(hands)]
            self.tell(kind(contact=contact, agent=agent))

    def transfer(self, nth: int, queue: QueueId | None, agent: AgentId | None) -> None:
        if hands := self.in_hand():
            contact, by = hands[nth % len(hands)]
            self.tell(ContactTransferred(contact=contact, agent=by, to_queue=queue, to_agent=agent, agent_seconds=5.0))

    def consult(self, nth: int, queue: QueueId | None, agent: AgentId | None) -> None:
        if hands := self.in_hand():
            contact, by = hands[nth % len(hands)]
            self.asked += 1
            asked = ContactId(f"k{self.asked}")
            fact = ConsultationAsked(
                contact=contact,
                agent=by,
                consultation=asked,
                to_queue=queue,
                to_agent=agent,
                agent_seconds=5.0,
                conference=self.asked % 4 > 0,
            )
            self.tell(fact)

    def call_outside(self, nth: int, number: str, *, first: bool) -> None:
        """The customer is passed on to somebody outside; `first`: who is asked before."""
        if hands := self.in_hand():
            contact, by = hands[nth % len(hands)]
            self.asked += 1
            talk = ContactId(f"k{self.asked}")
            sent = ContactSentOutside(contact=contact, agent=by, kept=-self.asked, number=number)
            asked = OutsideConsulted(
                contact=contact,
                agent=by,
                consultation=talk,
                kept=-self.asked,
                number=number,
                conference=self.asked % 4 > 0,
            )
            self.tell(asked if first else sent)

    def outside_goes_on(self, nth: int, cause: OutsideEnd | None) -> None:
        """Somebody outside answers, or their line ends."""
        if on := sorted(c.id for c in self.engine.contacts() if c.outside is not None):
            found = self.engine.contact(on[nth % len(on)])
            assert found is not None and found.outside is not None
            attempt = found.outside.attempt
            if cause is None:
                self.tell(OutsideAnswered(contact=found.id, attempt=attempt))
            else:
                self.tell(OutsideEnded(contact=found.id, attempt=attempt, cause=cause))

    def go_on(self, nth: int, how: ConsultationKind) -> None:
        """With a consultation that is on, if there is one."""
        if on := self._asking():
            contact, agent = on[nth % len(on)]
            self.tell(how(contact=contact, agent=agent))

    def _asking(self) -> list[tuple[ContactId, AgentId]]:
        """Contacts about which their agent asks a colleague or somebody outside."""
        open_contacts = list(self.engine.contacts())
        outside = {c.id for c in open_contacts if c.outside is not None and c.outside.beside is not None}
        return sorted(
            (c.id, c.agent)
            for c in open_contacts
            if c.agent and (c.consultation or c.conference.members or c.id in outside)
        )

    def turn(self, nth: int, talks_to: TalksTo) -> None:
        if on := self._asking():
            contact, agent = on[nth % len(on)]
            self.tell(ConsultationTurned(contact=contact, agent=agent, talks_to=talks_to))

    def release(self, nth: int) -> None:
        """One of a conference, a colleague or whoever is outside."""
        for contact in sorted(self.engine.contacts(), key=lambda each: each.id):
            beside = contact.outside.beside if contact.outside is not None else None
            there = [*contact.conference.members, *([beside] if beside is not None else [])]
            if there and contact.agent is not None:
                which = there[nth % len(there)]
                self.tell(ParticipantReleased(contact=contact.id, agent=contact.agent, consultation=which))
                return

    def supervise(self, nth: int, supervisor: AgentId, way: Joining) -> None:
        """Joins, and the phone is answered; from then on the way is changed."""
        if on := sorted(c.id for c in self.engine.contacts() if c.answered_at is not None and c.consults is None):
            contact = on[nth % len(on)]
            found = self.engine.contact(contact)
            if found is not None and any(each.supervisor == supervisor for each in found.supervisors):
                self.tell(SupervisionChanged(contact=contact, supervisor=supervisor, way=way))
                return
            self.tell(SupervisionStarted(contact=contact, supervisor=supervisor, name="", way=way))
            if joined := self.engine.supervised_by(supervisor):
                self.tell(OfferAnswered(contact=joined[0].id, agent=supervisor, offer=joined[0].offer))

    def take_over(self, supervisor: AgentId) -> None:
        if joined := self.engine.supervised_by(supervisor):
            self.tell(ContactTakenOver(contact=joined[0].id, supervisor=supervisor))

    def end_line(self, nth: int, cause: Literal["lost", "hung_up"]) -> None:
        if hands := self.in_hand():
            contact, agent = hands[nth % len(hands)]
            found = self.engine.contact(contact)
            offer = found.line if found and found.line is not None else OfferNumber(0)
            self.tell(AgentLegEnded(contact=contact, agent=agent, offer=offer, cause=cause))

    def park(self, nth: int, reason: str | None, seconds: float | None) -> None:
        """Whatever is in hand: calls, and contacts that only ring, are refused."""
        if hands := self.in_hand():
            contact, agent = hands[nth % len(hands)]
            at = None if seconds is None else self.now + seconds
            self.tell(ContactParked(contact=contact, agent=agent, reason=reason, returns_at=at))

    def unpark(self, nth: int, how: Literal["resumed", "returned", "wrote"], to_agent: AgentId | None = None) -> None:
        """With a contact that is parked, if there is one."""
        parked = sorted((c.id, c.parking.agent) for c in self.engine.contacts() if c.parking is not None)
        if not parked:
            return
        contact, agent = parked[nth % len(parked)]
        match how:
            case "resumed":
                self.tell(ContactResumed(contact=contact, agent=agent))
            case "returned":
                self.tell(ContactReturned(contact=contact, by="boss", to_agent=to_agent))
            case "wrote":
                self.tell(CustomerWrote(contact=contact))

    def save_outcome(self, nth: int) -> None:
        if hands := self.in_hand():
            contact, agent = hands[nth % len(hands)]
            self.tell(WrapUpFinished(contact=contact, agent=agent, disposition=SOLD))

    def pass_time(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self.timers if timer.at <= end]:
            timer = min(due, key=lambda timer: timer.at)
            self.timers.remove(timer)
            self.now = max(self.now, timer.at)
            self.tell(timer.fact)
        self.now = end

    def restart(self) -> None:
        self.engine = Engine.restore(json.decode(json.encode(self.engine.snapshot()), type=EngineState))
