"""Keeps the account of each agent's time: told once after each fact of whoever may do something else since, it ends a stretch
and begins the next one. Pure; what came and went within one fact took no time, and is in no account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, cast

from msgspec.structs import replace

from otklik.contact.configuration import Channel
from otklik.contact.ids import AgentId, ContactId
from otklik.contact.working_time import Activity, Stretch
from otklik.routing.agent import AgentState, AgentStatus, HandState, LiveAgent
from otklik.routing.contact import LiveContact

_OFFLINE: Final = AgentState.OFFLINE
_STATUSES: Final[Mapping[AgentStatus, Literal["not_ready", "ready"]]] = {
    each: "ready" if each is AgentStatus.READY else "not_ready" for each in AgentStatus
}
_ACTIVITIES: Final[Mapping[HandState, Activity]] = {
    each: cast("Activity", each.value) for each in HandState if each is not HandState.OVER
}


def follow_time(
    turned: dict[AgentId, LiveAgent], contacts: Mapping[ContactId, LiveContact], now: float, account: list[Stretch]
) -> None:
    """Of all who may do something else since the fact; nobody is any more then. `account` is given what is new of each:
    the stretch that has ended, and the one that goes on from now."""
    for agent in turned.values():
        _turn(agent, contacts, now, account)
    turned.clear()


def _turn(agent: LiveAgent, contacts: Mapping[ContactId, LiveContact], now: float, account: list[Stretch]) -> None:
    if agent.state is _OFFLINE:
        end_time(agent, now, account)
        return
    before, hands = agent.stretch, agent.hands
    contact: ContactId | None = None
    channel: Channel | None = None
    activity: Activity | None = None
    if hands:
        if len(hands) == 1:
            ((contact, hand),) = hands.items()
        else:
            hand = hands[contact := cast("ContactId", agent.pressing)]
        channel, activity = hand.channel, _ACTIVITIES[hand.state]
        about = contacts.get(contact)
        if about is not None and about.consults is not None:
            contact = about.consults
    status, shift_at = _STATUSES[agent.status], agent.shift_at
    if shift_at is None:
        shift_at = now if before is None else before.shift_at
    if before is not None:
        if (
            before.activity == activity
            and before.contact == contact
            and before.status == status
            and before.reason == agent.reason
            and before.shift_at == shift_at
        ):
            return
        account.append(replace(before, ended_at=now))
    agent.stretch = Stretch(
        agent=agent.id,
        shift_at=shift_at,
        began_at=now,
        ended_at=None,
        status=status,
        reason=agent.reason,
        activity=activity,
        contact=contact,
        channel=channel,
    )
    account.append(agent.stretch)


def end_time(agent: LiveAgent, now: float, account: list[Stretch]) -> None:
    """The shift is over, or the agent is no longer one of ours."""
    if agent.stretch is not None:
        account.append(replace(agent.stretch, ended_at=now))
        agent.stretch = None


def take_up_time(agent: LiveAgent, contacts: Mapping[ContactId, LiveContact], account: list[Stretch]) -> None:
    """Of a shift from before there was an account: it begins with what is shown now, since when that is shown."""
    if agent.stretch is None:
        _turn(agent, contacts, agent.since, account)
