"""An agent calls somebody, outside or a colleague: the facts from which such contacts begin."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId

CallFailure = Literal["busy", "no_answer", "rejected", "unallocated", "failed", "cancelled", "lost", "no_line"]
"""unallocated: there is no such number; cancelled: we ended it; lost: not there when we came back, or the telephone switch
died; no_line: the agent's own line did not answer, and nothing was dialled; failed: any other reason."""


class CallPlaced(Struct, frozen=True, kw_only=True):
    """An agent wants to call `number`; refused if the queue, the number or the agent's hands do not allow it. The contact
    exists from this moment: first the agent's own line is rung, then the number. Twice is once."""

    contact: ContactId
    agent: AgentId
    queue: QueueId
    """In whose name: its rules, its outcomes, its script."""
    entry_point: EntryPointId
    """Whose number the customer sees, and where a call back of theirs would arrive."""
    number: str | None = None
    """E.164, or one of the tenant's short numbers; personal data, as `ContactArrived.ani`. None only where the log is read
    without it."""
    against: str = ""
    """Which rule the number met when it was wished, by the code of the refusal; empty: none. Stays where the number is erased."""


class ColleagueCalled(Struct, frozen=True, kw_only=True):
    """An agent wants to talk to a colleague; refused, and in words why, if one of the two cannot now. The contact exists from this
    moment: first the agent's own line is rung, then the colleague's, who has it as `consultation`. Twice is once."""

    contact: ContactId
    agent: AgentId
    colleague: AgentId
    consultation: ContactId
