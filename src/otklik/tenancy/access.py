"""The one place that says no: every route asks here before it does anything."""

from __future__ import annotations

from otklik.contact.ids import AgentId
from otklik.errors import AppError
from otklik.tenancy.person import Permission, Person


def signed_in(person: Person | None) -> Person:
    """Raises `not_signed_in`."""
    if person is None:
        raise AppError("not_signed_in", 401)
    return person


def require(person: Person | None, permission: Permission) -> Person:
    """The person, if signed in and permitted. Raises `not_signed_in` or `not_permitted`."""
    someone = signed_in(person)
    if permission not in someone.permissions:
        raise AppError("not_permitted", 403)
    return someone


def agent_of(person: Person | None) -> tuple[Person, AgentId]:
    """The person and the agent that the person is. Raises as `require`."""
    someone = require(person, "desk.use")
    agent = someone.agent
    if agent is None:
        raise AppError("not_permitted", 403)
    return someone, agent


def hand_of(person: Person | None) -> tuple[Person, AgentId]:
    """The person, and the one in whose hands a contact may be: an agent, or a supervisor who has taken one over. Raises as
    `require`."""
    someone = signed_in(person)
    if someone.line is None:
        raise AppError("not_permitted", 403)
    return someone, someone.line


def may_read(person: Person, involved: bool) -> bool:
    """May this person see a contact? `involved`: the person handled it."""
    return "contacts.read_all" in person.permissions or (involved and "desk.use" in person.permissions)


def may_play(person: Person, involved: bool) -> bool:
    """May this person hear a contact's recording?"""
    granted = person.permissions
    return "recordings.play_all" in granted or (involved and "recordings.play_own" in granted)
