"""Any facts, in any order, late and twice: nobody is lost or has too much in hand, the same facts decide the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Literal, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, LUNCH, RUSSIAN, SALES, SOLD, SUPPORT, with_queue
from tests.routing.day import ConsultationKind, Day, DeskKind

from otklik.contact.assigning import AgentAssigned
from otklik.contact.calling_back import CallbackAsked
from otklik.contact.configuration import (
    Callback,
    Channel,
    Configuration,
    Destination,
    Exit,
    Overflow,
    Ring,
    Speech,
    Status,
)
from otklik.contact.facts import (
    AgentForwarded,
    AgentMuted,
    CallFailure,
    CallPlaced,
    Configured,
    ConsultationCancelled,
    ConsultationCompleted,
    ContactFinished,
    ContactHeld,
    ContactQueued,
    ContactRetrieved,
    CustomerIdentified,
    CustomerLeft,
    Fact,
    Joining,
    KeyPressed,
    OfferAnswered,
    OfferDeclined,
    RejoinAsked,
    StatusChosen,
    TalksTo,
)
from otklik.contact.forwarding import Forward
from otklik.contact.ids import AgentId, ContactId, CustomerId, EntryPointId, OfferNumber, QueueId
from otklik.contact.outside_number import ContactSentOutside, OutsideConsulted, OutsideEnd
from otklik.routing import ContactState

AGENTS = [ANNA, BORIS, KATE]
SUPERVISORS = [AgentId("olga"), AgentId("igor")]
WAYS: list[Joining] = ["listen", "whisper", "barge"]
CALLED: list[Channel] = ["voice", "voice", "chat", "chat", "email"]
CONTACTS = [ContactId(f"c{n}") for n in range(12)]
QUEUES = [SALES, SUPPORT, QueueId("nowhere")]
CONFIGURATIONS = [
    CONFIGURATION,
    with_queue(wrap_up_seconds=0, decline_pause_seconds=0),
    with_queue(announce_every_seconds=0),
    replace(CONFIGURATION, queues=CONFIGURATION.queues[1:]),
    replace(CONFIGURATION, queues=()),
    replace(
        CONFIGURATION,
        queues=(
            replace(
                CONFIGURATION.queues[0],
                overflow=(
                    Overflow(when="wait", at=1.0, to=SUPPORT, keep=True),
                    Overflow(when="wait", at=5.0, to=SUPPORT),
                    Overflow(when="ratio", at=2.0, to=SUPPORT),
                ),
                max_waiting=2,
                leave_empty="ready",
                otherwise=Destination(queue=SUPPORT, priority=1),
                exits=(
                    Exit(digit="1", to=Destination(queue=SUPPORT)),
                    Exit(digit="2", to=Destination(scenario=CONFIGURATION.scenarios[0].id)),
                    Exit(digit="4", to=Destination(callback=True)),
                    Exit(digit="3", to=Destination(reject=Speech(text="До свидания.", language="ru"))),
                ),
            ),
            replace(
                CONFIGURATION.queues[1],
                overflow=(
                    Overflow(when="agents", at=1.0, to=SALES),
                    Overflow(when="length", at=3.0, to=SALES),
                    Overflow(when="wait", at=2.0, to=SALES, keep=True),
                ),
                max_wait_seconds=20.0,
                join_empty="logged_in",
                exits=(Exit(digit="1", to=Destination(queue=SALES)), Exit(digit="4", to=Destination(callback=True))),
                callback=Callback(attempts=2, retry_seconds=5.0, lifetime_seconds=120.0),
                otherwise=Destination(reject=Speech(text="Позвоните позже.", language="ru")),
            ),
        ),
    ),
    replace(CONFIGURATION, agents=CONFIGURATION.agents[1:], reasons=(), dispositions=()),
    Configuration(),
    replace(
        CONFIGURATION,
        capacity={"chat": 2, "email": 1},
        statuses=(Status(id="calls", ru="Звонки", en="Calls", channels=("voice",)),),
        agents=(replace(CONFIGURATION.agents[0], capacity={"chat": 1, "voice": 2}), *CONFIGURATION.agents[1:]),
    ),
    replace(
        CONFIGURATION,
        queues=(
            replace(
                CONFIGURATION.queues[0],
                requires="english >= 3",
                rings=(Ring(after_seconds=5.0, requires="english"), Ring(after_seconds=20.0)),
                last_agent_seconds=5.0,
                personal_seconds=1.0,
                priority=1,
            ),
            replace(CONFIGURATION.queues[1], strategy="ring_all", everyone=True, adjustment_seconds=3.0),
        ),
        agents=(
            replace(CONFIGURATION.agents[0], skills={"english": 5}),
            replace(CONFIGURATION.agents[1], skills={"english": 1}, attributes={"language": "ru"}),
            CONFIGURATION.agents[2],
        ),
        order="furthest_behind",
    ),
]
VALUES: dict[str, st.SearchStrategy[object]] = {
    "contact": st.sampled_from([*CONTACTS, ContactId("nobody")]),
    "agent": st.sampled_from([*AGENTS, AgentId("nobody")]),
    "offer": st.sampled_from([OfferNumber(n) for n in range(4)]),
    "queue": st.sampled_from(QUEUES),
    "entry_point": st.sampled_from([RUSSIAN, EntryPointId("9999")]),
    "configuration": st.sampled_from(CONFIGURATIONS),
    "reason": st.sampled_from([None, LUNCH, "calls", "unknown"]),
    "channel": st.sampled_from(CALLED),
    "disposition": st.sampled_from([None, SOLD, "unknown"]),
    # JSON knows no infinity: what cannot be written into the log cannot happen.
    "seconds": st.floats(0, 1e6),
    "to_queue": st.sampled_from([None, *QUEUES]),
    "to_agent": st.sampled_from([None, None, *AGENTS]),
    "requires": st.sampled_from(["", "english", "not agent boris and", "language = ru or english > 4"]),
    "priority": st.integers(-1, 2),
    "customer": st.sampled_from([CustomerId("ivan"), CustomerId("olga")]),
    "manager": st.sampled_from([None, *AGENTS]),
    "vip": st.booleans(),
    "possible": st.booleans(),
    "identity_follows": st.booleans(),
    "ring": st.integers(0, 3),
    "number": st.integers(0, 4),
    "returns_at": st.sampled_from([None, 1001.0, 1030.0]),
    "key": st.sampled_from("1234"),
    "attempt": st.integers(0, 3),
    "ani": st.sampled_from([None, "+79161234567", "100"]),
    "consultation": st.sampled_from([ContactId("k1"), ContactId("k2"), ContactId("x1"), *CONTACTS[:2]]),
    "colleague": st.sampled_from(AGENTS),
    "talks_to": st.sampled_from(["customer", "colleague", "both"]),
    "supervisor": st.sampled_from([*SUPERVISORS, ANNA]),
    "way": st.sampled_from(WAYS),
    "alert": st.sampled_from(["a1", "a2", "a3"]),
    "notice": st.sampled_from(["n1", "n2", "n3"]),
    "rule": st.sampled_from(["patience", "talkative"]),
    "subject": st.sampled_from(["sales", "c1"]),
}
FORWARDS: st.SearchStrategy[Forward | None] = st.one_of(
    st.none(),
    st.builds(Forward, agent=st.sampled_from([*AGENTS, AgentId("nobody")])),
    st.builds(Forward, queue=st.sampled_from(QUEUES)),
    st.builds(Forward, outside=st.sampled_from(["", "+79161234567", "112", "911"])),
)
KINDS: tuple[type[Fact], ...] = get_args(Fact)
DESK: list[DeskKind] = [ContactHeld, ContactHeld, ContactRetrieved, RejoinAsked, RejoinAsked, ContactFinished]
ASKED: list[ConsultationKind] = [ConsultationCompleted, ConsultationCompleted, ConsultationCancelled]
ANSWERS: list[type[OfferAnswered] | type[OfferDeclined]] = [OfferAnswered, OfferAnswered, OfferDeclined]
BACK: list[Literal["resumed", "returned", "wrote"]] = ["resumed", "returned", "wrote"]
NTH = st.integers(0, 5)
ANYBODY = st.sampled_from([None, *AGENTS])
OUTSIDE: list[OutsideEnd | None] = [None, None, "busy", "no_answer", "hung_up", "lost"]
CAUSES: list[CallFailure | None] = [None, None, "busy", "lost"]


def any_fact(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    """Any fact of this kind, with ids that exist, have existed, or never will."""
    chosen = {name: VALUES[name] for name in kind.__struct_fields__ if name in VALUES}
    if kind is ContactQueued:
        chosen["agent"] = st.sampled_from([None, None, *AGENTS])
    if kind is AgentAssigned:
        chosen["queues"] = st.dictionaries(st.sampled_from(QUEUES), st.integers(1, 10))
        chosen["skills"] = st.just({})
    if kind in (CallPlaced, CallbackAsked, ContactSentOutside, OutsideConsulted):
        chosen["number"] = st.sampled_from([None, "+79161234567", "112", "911", "8 916", "+15550100100"])
    if kind is AgentForwarded:
        chosen["to"] = FORWARDS
    return st.builds(kind, **chosen)


@settings(
    max_examples=80,
    stateful_step_count=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
class AnyDay(RuleBasedStateMachine):
    """Most steps make sense, so that deep states are reached; some are anything at all."""

    def __init__(self) -> None:
        super().__init__()
        self.day = Day()

    @initialize()
    def day_begins(self) -> None:
        self.day.tell(Configured(configuration=CONFIGURATION))
        self.everybody_is_ready()

    @rule(
        queue=st.sampled_from(QUEUES),
        channel=st.sampled_from(CALLED),
        follows=st.booleans(),
        priority=st.sampled_from([0, 0, 0, 1, 3]),
    )
    def contact_comes_to_a_queue(self, queue: QueueId, channel: Channel, follows: bool, priority: int) -> None:
        self.day.call(queue, channel=channel, follows=follows, priority=priority)

    @rule(nth=NTH, customer=st.sampled_from([None, *(CustomerId(name) for name in ("ivan", "olga"))]), agent=ANYBODY)
    def it_is_said_who_it_is(self, nth: int, customer: CustomerId | None, agent: AgentId | None) -> None:
        who = CustomerIdentified(contact=CONTACTS[0], customer=customer, manager=agent) if customer else None
        self.day.say_who(nth, who)

    @rule()
    def everybody_is_ready(self) -> None:
        for agent in AGENTS:
            self.day.come(agent)

    @precondition(lambda self: self.day.ringing)
    @rule(nth=NTH, how=st.sampled_from(ANSWERS))
    def ringing_line_is_taken_or_refused(self, nth: int, how: type[OfferAnswered] | type[OfferDeclined]) -> None:
        self.day.take_or_refuse(nth, how)

    @precondition(lambda self: self.day.in_hand())
    @rule(nth=NTH, kind=st.sampled_from(DESK))
    def agent_acts(self, nth: int, kind: DeskKind) -> None:
        self.day.act(nth, kind)

    @precondition(lambda self: self.day.in_hand())
    @rule(nth=NTH, cause=st.sampled_from(["lost", "hung_up"]))
    def line_ends(self, nth: int, cause: Literal["lost", "hung_up"]) -> None:
        self.day.end_line(nth, cause)

    @rule(nth=NTH)
    def customer_asks_to_be_called_back(self, nth: int) -> None:
        if waiting := sorted(c.id for c in self.day.engine.contacts() if c.state is ContactState.WAITING):
            self.day.tell(KeyPressed(contact=waiting[nth % len(waiting)], key="4"))

    @rule(agent=st.sampled_from(AGENTS), to=FORWARDS)
    def agent_forwards_personal_calls(self, agent: AgentId, to: Forward | None) -> None:
        self.day.tell(AgentForwarded(agent=agent, to=to))

    @rule(queue=st.sampled_from(QUEUES[:2]), agent=st.sampled_from(AGENTS))
    def contact_comes_for_one_agent(self, queue: QueueId, agent: AgentId) -> None:
        self.day.call(queue, agent=agent, agent_seconds=5.0)

    @rule(agent=st.sampled_from(AGENTS), queue=st.sampled_from([SALES, SALES, SUPPORT]))
    def agent_calls_out(self, agent: AgentId, queue: QueueId) -> None:
        self.day.place(agent, queue)

    @rule(agent=st.sampled_from(AGENTS), colleague=st.sampled_from(AGENTS))
    def agent_calls_a_colleague(self, agent: AgentId, colleague: AgentId) -> None:
        self.day.call_inside(agent, colleague)

    @precondition(lambda self: self.day.in_hand())
    @rule(nth=NTH, number=st.sampled_from(["+79161234567", "+79031112233", "112"]), first=st.booleans())
    def agent_calls_outside(self, nth: int, number: str, first: bool) -> None:
        self.day.call_outside(nth, number, first=first)

    @rule(nth=NTH, cause=st.sampled_from(OUTSIDE))
    def somebody_outside_does_something(self, nth: int, cause: OutsideEnd | None) -> None:
        self.day.outside_goes_on(nth, cause)

    @rule(nth=NTH, cause=st.sampled_from(CAUSES))
    def callback_goes_on(self, nth: int, cause: CallFailure | None) -> None:
        self.day.call_back(nth, cause)

    @precondition(lambda self: self.day.in_hand())
    @rule(nth=NTH, queue=st.sampled_from([None, SALES, SUPPORT]), agent=st.sampled_from([None, *AGENTS]))
    def colleague_is_asked(self, nth: int, queue: QueueId | None, agent: AgentId | None) -> None:
        self.day.consult(nth, queue, agent)

    @precondition(lambda self: self.day.asked)
    @rule(nth=NTH, how=st.sampled_from(ASKED))
    def consultation_goes_on(self, nth: int, how: ConsultationKind) -> None:
        self.day.go_on(nth, how)

    @precondition(lambda self: self.day.asked)
    @rule(nth=NTH, talks_to=st.sampled_from(["customer", "colleague", "both"]))
    def agent_turns(self, nth: int, talks_to: TalksTo) -> None:
        self.day.turn(nth, talks_to)

    @precondition(lambda self: self.day.asked)
    @rule(nth=NTH)
    def participant_is_released(self, nth: int) -> None:
        self.day.release(nth)

    @precondition(lambda self: self.day.in_hand())
    @rule(nth=NTH, seconds=st.sampled_from([None, 3.0, 30.0]))
    def contact_is_parked(self, nth: int, seconds: float | None) -> None:
        self.day.park(nth, None, seconds)

    @rule(nth=NTH, how=st.sampled_from(BACK), agent=st.sampled_from([None, *AGENTS]))
    def parked_contact_comes_back(
        self, nth: int, how: Literal["resumed", "returned", "wrote"], agent: AgentId | None
    ) -> None:
        self.day.unpark(nth, how, agent)

    @rule(nth=NTH, supervisor=st.sampled_from(SUPERVISORS), way=st.sampled_from(WAYS))
    def supervisor_joins(self, nth: int, supervisor: AgentId, way: Joining) -> None:
        self.day.supervise(nth, supervisor, way)

    @rule(supervisor=st.sampled_from(SUPERVISORS))
    def supervisor_takes_over(self, supervisor: AgentId) -> None:
        self.day.take_over(supervisor)

    @precondition(lambda self: self.day.in_hand())
    @rule(nth=NTH)
    def outcome_is_saved(self, nth: int) -> None:
        self.day.save_outcome(nth)

    @rule(seconds=st.sampled_from([0.5, 1.0, 5.0, 20.0, 61.0]))
    def time_passes(self, seconds: float) -> None:
        self.day.pass_time(seconds)

    @rule(fact=st.sampled_from(KINDS).flatmap(any_fact))
    def something_happens(self, fact: Fact) -> None:
        self.day.tell(fact)

    @rule()
    def process_is_restarted(self) -> None:
        self.day.restart()

    @invariant()
    def everything_holds(self) -> None:
        self.day.check()

    def teardown(self) -> None:
        self.day.check_replay()


TestAnyDay = AnyDay.TestCase


@pytest.mark.parametrize("seed", range(4))
def test_long_busy_day_goes_by_the_naive_scan_and_replays_to_the_same_decisions(seed: int) -> None:
    """400 steps of a centre that works, of the kind that chance alone seldom strings together."""
    dice, day = Random(seed), Day()
    day.tell(Configured(configuration=CONFIGURATION))
    steps: list[tuple[int, Callable[[], None]]] = [
        (
            8,
            lambda: day.call(
                dice.choice([SALES, SUPPORT]), channel=dice.choice(CALLED), priority=dice.choice([0, 0, 2])
            ),
        ),
        (8, lambda: day.come(dice.choice(AGENTS))),
        (12, lambda: day.take_or_refuse(dice.randrange(6), dice.choice(ANSWERS))),
        (12, lambda: day.act(dice.randrange(6), dice.choice(DESK))),
        (4, lambda: day.consult(dice.randrange(6), dice.choice([None, SALES, SUPPORT]), dice.choice([None, *AGENTS]))),
        (3, lambda: day.turn(dice.randrange(6), dice.choice(["customer", "colleague", "both"]))),
        (1, lambda: day.release(dice.randrange(6))),
        (3, lambda: day.go_on(dice.randrange(6), dice.choice(ASKED))),
        (3, lambda: day.end_line(dice.randrange(6), dice.choice(["lost", "lost", "hung_up"]))),
        (4, lambda: day.park(dice.randrange(6), None, dice.choice([None, 3.0, 30.0]))),
        (4, lambda: day.unpark(dice.randrange(6), dice.choice(BACK), dice.choice([None, *AGENTS]))),
        (4, lambda: day.supervise(dice.randrange(6), dice.choice(SUPERVISORS), dice.choice(WAYS))),
        (1, lambda: day.take_over(dice.choice(SUPERVISORS))),
        (6, lambda: day.save_outcome(dice.randrange(6))),
        (10, lambda: day.pass_time(dice.choice([0.5, 1.0, 3.0, 15.0]))),
        (2, lambda: day.tell(StatusChosen(agent=dice.choice(AGENTS), status="not_ready", reason=LUNCH))),
        (2, lambda: day.tell(CustomerLeft(contact=any_open(day, dice), cause="hung_up"))),
        (2, lambda: day.tell(muted(day, dice))),
        (4, lambda: day.tell(KeyPressed(contact=any_open(day, dice), key="4"))),
        (8, lambda: day.call_back(dice.randrange(6), dice.choice(CAUSES))),
        (6, lambda: day.place(dice.choice(AGENTS), SALES)),
        (6, lambda: day.call_outside(dice.randrange(6), "+79031112233", first=dice.random() < 0.6)),
        (8, lambda: day.outside_goes_on(dice.randrange(6), dice.choice(OUTSIDE))),
        (6, lambda: day.call_inside(dice.choice(AGENTS), dice.choice(AGENTS))),
        (1, lambda: day.tell(Configured(configuration=dice.choice(CONFIGURATIONS[:6] + CONFIGURATIONS[8:9])))),
        (1, day.restart),
    ]
    weights = [weight for weight, _ in steps]
    for _ in range(400):
        ((_, step),) = dice.choices(steps, weights)
        step()
        day.check()
    day.check_replay()


def any_open(day: Day, dice: Random) -> ContactId:
    return dice.choice(sorted(contact.id for contact in day.engine.contacts()) or CONTACTS)


def muted(day: Day, dice: Random) -> AgentMuted:
    contact, agent = dice.choice(day.in_hand() or [(CONTACTS[0], ANNA)])
    return AgentMuted(contact=contact, agent=agent, muted=dice.random() < 0.5)
