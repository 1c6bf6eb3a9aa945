"""What else a day may bring: what people decide by hand, what the tenant switches, and what befalls the telephones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from uuid_utils import uuid7

from otklik.contact.assigning import AgentAssigned, AssignmentEnded
from otklik.contact.facts import (
    AgentForwarded,
    AlertAcknowledged,
    AlertOver,
    AlertRaised,
    CallbackAsked,
    CallbackCancelled,
    CallbackMoved,
    CallPlaced,
    CallsOutChanged,
    ColleagueCalled,
    ConsultationAsked,
    ConsultationTurned,
    ContactAnsweredFor,
    ContactPulled,
    ContactPushed,
    ContactTransferred,
    Fact,
    IncidentSwitched,
    ParticipantReleased,
    PhoneChosen,
    RecordingStored,
    ShiftEnded,
    StatusChosen,
    WrapUpExtended,
)
from otklik.contact.forwarding import Forward
from otklik.contact.ids import AgentId, ContactId, QueueId
from otklik.contact.notice import NoticePosted, NoticeSeen, NoticeWithdrawn
from otklik.contact.outside_number import ContactSentOutside, OutsideConsulted
from otklik.contact.phone import Phone
from otklik.routing import ContactState

if TYPE_CHECKING:
    from tests.switchboard.hazard import Day, Life

OLGA = AgentId("01a2223a-0000-7000-8000-00000000000f")
"""A supervisor."""
Wish = Callable[["Day", "Life | None"], None]


def outer_system_answers(day: Day, life: Life | None) -> None:
    day.outer.answer_one()


def agent_calls_somebody(day: Day, life: Life | None) -> None:
    """In the name of any queue; now and then a number that may not be called."""
    if not day.configuration.agents:
        return
    known = f"+7916{day.dice.randrange(10**7):07}"
    placed = CallPlaced(
        contact=ContactId(str(uuid7())),
        agent=day.dice.choice(day.configuration.agents).id,
        queue=day.dice.choice(day.configuration.queues).id,
        entry_point=day.dice.choice(day.configuration.entry_points).id,
        number=day.dice.choice([known, known, known, "112", "+4930123456", "911", "no number"]),
    )
    day._submit(life, placed)


def agent_calls_a_colleague(day: Day, life: Life | None) -> None:
    """Also oneself, and whoever is busy, away or not there."""
    if day.configuration.agents:
        agents = [each.id for each in day.configuration.agents]
        call, side = ContactId(str(uuid7())), ContactId(str(uuid7()))
        agent, colleague = day.dice.choice(agents), day.dice.choice(agents)
        day._submit(life, ColleagueCalled(contact=call, agent=agent, colleague=colleague, consultation=side))


def supervisor_answers_for_an_agent(day: Day, life: Life | None) -> None:
    """What rings, mostly; now and then what does not, or not any more."""
    contacts = [each for each in day._spoken(life) if each.consults is None]
    rings = [each for each in contacts if each.state is ContactState.OFFERED] or contacts
    if life is not None and rings:
        day.supervisors_phone(life)
        contact = day.dice.choice(rings).id
        day._submit(life, ContactAnsweredFor(contact=contact, supervisor=OLGA, name="Ольга"))


def call_is_asked_for(day: Day, life: Life | None) -> None:
    """For a time, or as soon as may be; of the queue or of one agent; now and then what cannot be kept."""
    if life is None or not day.configuration.agents:
        return
    known = f"+7916{day.dice.randrange(10**7):07}"
    agents = [each.id for each in day.configuration.agents]
    seconds = day.dice.choice([None, 1.0, 20.0, 60.0, 400.0, -5.0])
    asked = CallbackAsked(
        contact=ContactId(str(uuid7())),
        number=day.dice.choice([known, known, known, "112"]),
        queue=day.dice.choice([None, *(queue.id for queue in day.configuration.queues)]),
        entry_point=day.dice.choice(day.configuration.entry_points).id,
        at=life.centre.clock() + seconds if seconds is not None else None,
        by=day.dice.choice(["", "olga", day.dice.choice(agents)]),
        agent=day.dice.choice([None, None, *agents]),
        agent_seconds=30.0,
    )
    day._submit(life, asked)


def call_is_moved(day: Day, life: Life | None) -> None:
    waiting = [each for each in day._contacts(life) if each.to_be_called]
    if life is not None and waiting:
        contact, at = day.dice.choice(waiting).id, life.centre.clock() + day.dice.choice([1.0, 30.0, 300.0])
        day._submit(life, CallbackMoved(contact=contact, at=at, by="olga"))


def somebody_decides_by_hand(day: Day, life: Life | None) -> None:
    contacts = day._contacts(life)
    if not contacts or not day.configuration.agents:
        return
    contact, agent = day.dice.choice(contacts), day.dice.choice(day.configuration.agents).id
    mine: dict[str, Any] = {"contact": contact.id, "agent": contact.agent or agent}
    to_queue = day.dice.choice([None, *(queue.id for queue in day.configuration.queues)])
    transferred = ContactTransferred(**mine, to_queue=to_queue, to_agent=agent if to_queue is None else None)
    of: dict[ContactState, list[Fact]] = {
        ContactState.WAITING: [
            ContactPulled(contact=contact.id, agent=agent),
            ContactPushed(contact=contact.id, agent=agent, by="olga"),
            CallbackCancelled(contact=contact.id, by="olga"),
        ],
        ContactState.POSTPONED: [CallbackCancelled(contact=contact.id, by="olga")],
        ContactState.TALKING: [transferred],
        ContactState.HELD: [transferred],
        ContactState.WRAP_UP: [WrapUpExtended(**mine)],
    }
    day._submit(life, day.dice.choice(of.get(contact.state, [ContactPulled(contact=contact.id, agent=agent)])))


def agent_is_moved(day: Day, life: Life | None) -> None:
    """Into other queues for the shift, some of which may be no more; and back."""
    if not day.configuration.agents:
        return
    agent = day.dice.choice(day.configuration.agents).id
    queues = [*(queue.id for queue in day.configuration.queues), QueueId("extra")]
    chosen = {queue: day.dice.randint(1, 10) for queue in queues if day.dice.random() < 0.5}
    moved = AgentAssigned(agent=agent, by="olga", queues=chosen, skills={})
    wishes: list[Fact] = [moved, moved, AssignmentEnded(agent=agent, by="olga")]
    day._submit(life, day.dice.choice(wishes))


def supervisor_writes(day: Day, life: Life | None) -> None:
    if not day.configuration.agents:
        return
    agents = [each.id for each in day.configuration.agents]
    queues = [queue.id for queue in day.configuration.queues]
    notice = f"n{day.dice.randrange(6)}"
    wishes: list[Fact] = [
        NoticePosted(notice=notice, by="olga", lasts_seconds=60.0),
        NoticePosted(notice=notice, by="olga", lasts_seconds=600.0, queues=(day.dice.choice(queues),), urgent=True),
        NoticePosted(notice=notice, by="olga", lasts_seconds=600.0, agents=(day.dice.choice(agents),)),
        NoticeSeen(notice=notice, agent=day.dice.choice(agents)),
        NoticeSeen(notice=notice, agent=day.dice.choice(agents)),
        NoticeWithdrawn(notice=notice, by="olga"),
    ]
    day._submit(life, day.dice.choice(wishes))


def code_goes_on(day: Day, life: Life | None) -> None:
    day.coder.go_on_one()


def recording_is_stored(day: Day, life: Life | None) -> None:
    """Also long after the contact is forgotten."""
    if day.calls:
        call = day.dice.choice(list(day.calls.values()))
        if call.contact in day._arrived():
            day._submit(life, RecordingStored(contact=call.contact, key="r", seconds=1.0, attempt=call.attempt))


def agent_goes(day: Day, life: Life | None) -> None:
    if day.configuration.agents:
        agent = day.dice.choice(day.configuration.agents).id
        reasons = [each.id for each in day.configuration.reasons]
        pause = StatusChosen(agent=agent, status="not_ready", reason=day.dice.choice([None, *reasons]))
        elsewhere = PhoneChosen(agent=agent, phone=day.dice.choice(get_args(Phone)))
        wishes: list[Fact] = [pause, pause, ShiftEnded(agent=agent), elsewhere]
        day._submit(life, day.dice.choice(wishes))


def something_is_switched(day: Day, life: Life | None) -> None:
    if not day.configuration.entry_points:
        return
    where = day.dice.choice([None, *(entry.id for entry in day.configuration.entry_points)])
    alert = f"a{day.dice.randrange(3)}"
    wishes: list[Fact] = [
        IncidentSwitched(on=day.dice.random() < 0.5, entry_point=where, by="olga"),
        AlertRaised(alert=alert, rule="long", kind="long_wait", subject="sales", queue="sales"),
        AlertOver(alert=alert),
        AlertAcknowledged(alert=alert, by="olga", name="Ольга"),
    ]
    day._submit(life, day.dice.choice(wishes))


def trunk_comes_or_goes(day: Day, life: Life | None) -> None:
    """A centre that is dead hears of it when it begins again."""
    day.switch.trunk = not day.switch.trunk or day.dice.random() < 0.3
    day._submit(life, CallsOutChanged(possible=day.switch.trunk))


def customer_says_something(day: Day, life: Life | None) -> None:
    """Words for a choice, for none, a noise; now and then nobody can listen."""
    day.switch.listens = day.dice.choice(("well", "well", "well", "until_spoken_to", "never"))
    asked = [call for call in day._alive() if call.hearing.wanted]
    if asked:
        day.dice.choice(asked).say(
            day.dice.choice(("первая", "вторая очередь", "пер вая", "да", "нет", "семь", "", "погода"))
        )


def switch_dies(day: Day, life: Life | None) -> None:
    """And is back at once; whoever was in it has been cut off."""
    if day.dice.random() < 0.8:
        return
    day.switch.crash()
    for phone in day._phones():
        phone.lose()
        if phone.registered:
            phone.register()


def somebody_outside_does_something(day: Day, life: Life | None) -> None:
    lines = [call.outside for call in day.switch._calls.values() if call.outside is not None]
    if lines:
        line = day.dice.choice(lines)
        wishes: list[Callable[[], None]] = [
            line.answer, line.answer, line.hang_up, partial(line.end, "busy"), partial(line.end, "lost"),
        ]  # fmt: skip
        day.dice.choice(wishes)()


def agent_calls_outside(day: Day, life: Life | None) -> None:
    """About a customer: to pass them on at once, or after talking to whoever answers."""
    talks = [c for c in day._spoken(life) if c.state in (ContactState.TALKING, ContactState.HELD) and c.agent]
    if not talks:
        return
    contact, kept = day.dice.choice(talks), -day.dice.randint(1, 2**30)
    mine: dict[str, Any] = {"contact": contact.id, "agent": contact.agent, "kept": kept}
    number = day.dice.choice(["+79031112233", "+79031112233", "112", "+15550100100"])
    asked = OutsideConsulted(**mine, consultation=ContactId(str(uuid7())), number=number)
    wishes: list[Fact] = [asked, asked, ContactSentOutside(**mine, number=number)]
    day._submit(life, day.dice.choice(wishes))


def conference_goes_on(day: Day, life: Life | None) -> None:
    """Whoever was asked is brought together with the customer, the next one is asked, and now and then one is taken out of it."""
    talks = [c for c in day._spoken(life) if c.agent is not None and c.consults is None and c.colleague is None]
    beside = {c.id: [c.outside.beside] for c in talks if c.outside is not None and c.outside.beside is not None}
    talks = [c for c in talks if c.consultation is not None or c.conference.members or c.id in beside]
    if not talks or not day.configuration.agents:
        return
    contact = day.dice.choice(talks)
    mine: dict[str, Any] = {"contact": contact.id, "agent": contact.agent}
    to: dict[str, Any] = {"consultation": ContactId(str(uuid7())), "conference": True}
    asked = ConsultationAsked(**mine, **to, to_agent=day.dice.choice(day.configuration.agents).id)
    outside = OutsideConsulted(**mine, **to, kept=-day.dice.randint(1, 2**30), number="+79031112233")
    together = ConsultationTurned(**mine, talks_to="both")
    wishes: list[Fact] = [together, together, together, asked, asked, outside]
    there = [*contact.conference.members, *beside.get(contact.id, [])]
    if there:
        wishes.append(ParticipantReleased(**mine, consultation=day.dice.choice(there)))
    day._submit(life, day.dice.choice(wishes))


def agent_forwards(day: Day, life: Life | None) -> None:
    """To any colleague, that one's own calls may come back; to a queue that may be no more; or nowhere again."""
    if not day.configuration.agents:
        return
    agent, colleague = (day.dice.choice(day.configuration.agents).id for _ in range(2))
    queue = [QueueId("extra"), *(queue.id for queue in day.configuration.queues)][-1]
    outside = Forward(outside=day.dice.choice(["+79031112233", "112"]))
    to = day.dice.choice([None, Forward(), Forward(agent=colleague), Forward(queue=queue), outside])
    day._submit(life, AgentForwarded(agent=agent, to=to))


MORE: list[tuple[int, Wish]] = [
    (5, outer_system_answers),
    (6, customer_says_something),
    (4, agent_calls_somebody),
    (4, agent_calls_a_colleague),
    (3, supervisor_answers_for_an_agent),
    (4, somebody_decides_by_hand),
    (2, call_is_asked_for),
    (2, call_is_moved),
    (2, agent_is_moved),
    (1, supervisor_writes),
    (3, code_goes_on),
    (1, recording_is_stored),
    (2, agent_goes),
    (1, something_is_switched),
    (1, trunk_comes_or_goes),
    (1, switch_dies),
    (6, somebody_outside_does_something),
    (4, agent_calls_outside),
    (2, agent_forwards),
    (6, conference_goes_on),
]
