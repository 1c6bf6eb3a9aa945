"""What a person's own page shows at this moment, for those who must know it before they ask for anything."""

from __future__ import annotations

from typing import Any

from otklik.contact.ids import AgentId, ContactId
from otklik.contact.ports import FeedClosed, Live, Watcher
from otklik.errors import AppError
from otklik.tenancy.person import Person


async def page_state(live: Live, person: Person, agent: AgentId) -> dict[str, Any]:
    """All that this agent's page shows now."""
    subscription = live.subscribe(person.tenant, Watcher(person=person.id, agent=agent))
    try:
        message: dict[str, Any] = await subscription.next()
    except FeedClosed as err:
        raise AppError("centre_stopping", 503) from err
    finally:
        subscription.close()
    state: dict[str, Any] = message["state"]
    return state


async def in_hand(live: Live, person: Person, agent: AgentId, contact: ContactId) -> dict[str, Any] | None:
    """The contact as this agent's page shows it now; None if it is not in the agent's hands."""
    contacts: list[dict[str, Any]] = (await page_state(live, person, agent))["contacts"]
    return next((each for each in contacts if each["id"] == contact), None)
