"""What a person's own page shows at this moment, for those who must know it before they ask for anything."""

from __future__ import annotations

from typing import Any

from otklik.contact.ids import AgentId, ContactId
from otklik.contact.ports import Live
from otklik.tenancy.person import Person


def in_hand(live: Live, person: Person, agent: AgentId, contact: ContactId) -> dict[str, Any] | None:
    """The contact as this agent's page shows it now; None if it is not in the agent's hands."""
    contacts: list[dict[str, Any]] = live.own_state(person.tenant, agent)["contacts"]
    return next((each for each in contacts if each["id"] == contact), None)
