"""What an agent has in hand, as the agent's own page shows it."""

from __future__ import annotations

from typing import Any

from otklik.contact.ids import AgentId, ContactId
from otklik.contact.ports import FeedClosed, Live, Watcher
from otklik.errors import AppError
from otklik.tenancy.person import Person


async def in_hand(live: Live, person: Person, agent: AgentId, contact: ContactId) -> dict[str, Any] | None:
    """The contact as this agent's page shows it now; None if it is not in the agent's hands."""
    subscription = live.subscribe(person.tenant, Watcher(person=person.id, agent=agent))
    try:
        message: dict[str, Any] = await subscription.next()
    except FeedClosed as err:
        raise AppError("centre_stopping", 503) from err
    finally:
        subscription.close()
    contacts: list[dict[str, Any]] = message["state"]["contacts"]
    return next((each for each in contacts if each["id"] == contact), None)
