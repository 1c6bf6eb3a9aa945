"""Who is signed in, and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from otklik.contact.ids import AgentId, TenantId
from otklik.errors import Language

Role = Literal["agent", "supervisor", "administrator"]
Theme = Literal["system", "light", "dark"]
Permission = Literal[
    "desk.use",
    "contacts.read_all",
    "contacts.give",
    "calls.join",
    "agents.direct",
    "customers.edit",
    "recordings.play_own",
    "recordings.play_all",
    "system.see",
    "configuration.edit",
    "incident.switch",
    "demo.control",
]

PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    "agent": frozenset({"desk.use", "customers.edit", "recordings.play_own"}),
    "supervisor": frozenset(
        {
            "contacts.read_all",
            "contacts.give",
            "calls.join",
            "agents.direct",
            "customers.edit",
            "recordings.play_all",
            "incident.switch",
            "demo.control",
        }
    ),
    "administrator": frozenset(
        {
            "contacts.read_all",
            "contacts.give",
            "agents.direct",
            "customers.edit",
            "recordings.play_all",
            "incident.switch",
            "system.see",
            "configuration.edit",
            "demo.control",
        }
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A signed-in person of a tenant."""

    tenant: TenantId
    tenant_name: str
    id: str
    login: str
    name: str
    role: Role
    language: Language = "ru"
    theme: Theme = "system"

    @property
    def permissions(self) -> frozenset[Permission]:
        return PERMISSIONS[self.role]

    @property
    def agent(self) -> AgentId | None:
        """The agent that this person is; supervisors and administrators take no contacts."""
        return AgentId(self.id) if self.role == "agent" else None

    @property
    def line(self) -> AgentId | None:
        """Under which name this person's telephone is known: an agent's, or that of a supervisor who joins calls."""
        return AgentId(self.id) if self.permissions & {"desk.use", "calls.join"} else None
