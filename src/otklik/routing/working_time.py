"""Keeps the account of each agent's time: told after every change of what an agent does, it ends a stretch and begins the
next one. Pure; two changes in one instant leave no time between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from msgspec.structs import replace

from otklik.contact.configuration import Channel
from otklik.contact.ids import ContactId
from otklik.contact.working_time import Activity, Stretch
from otklik.routing.agent import AgentState, LiveAgent
from otklik.routing.contact import LiveContact

_OFFLINE: Final = AgentState.OFFLINE


def follow_time(
    agent: LiveAgent, contacts: Mapping[ContactId, LiveContact], now: float, account: list[Stretch]
) -> None:
    """`account` is given what is new: the stretch that has ended, and the one that goes on from now."""
    before = agent.stretch
    if agent.state is _OFFLINE:
        end_time(agent, now, account)
        return
    contact: ContactId | None = None
    channel: Channel | None = None
    activity: Activity | None = None
    hands = agent.hands
    if hands:
        contact = next(iter(hands)) if len(hands) == 1 else cast("ContactId", agent.pressing)
        hand = hands[contact]
        channel, activity = hand.channel, cast("Activity", hand.state.value)
        about = contacts.get(contact)
        if about is not None and about.consults is not None:
            contact = about.consults
    status = agent.status.value
    if before is not None:
        if (
            before.activity == activity
            and before.contact == contact
            and before.status == status
            and before.reason == agent.reason
        ):
            return
        account.append(replace(before, ended_at=now))
    agent.stretch = Stretch(
        agent=agent.id,
        shift_at=agent.shift_at if agent.shift_at is not None else now,
        began_at=now,
        ended_at=None,
        status="ready" if status == "ready" else "not_ready",
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
        follow_time(agent, contacts, agent.since, account)
