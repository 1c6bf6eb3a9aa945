"""How contacts end, as the tenant names it, and what is to follow from that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from otklik.contact.flow import Texts
from otklik.contact.ids import QueueId

FollowUp = Literal["never", "optional", "required"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """How a contact ended, in the agent's judgement. One that has others under it is a heading, and not chosen itself."""

    id: str
    ru: str
    en: str
    under: str | None = None
    """The heading it stands under; none: it stands at the top."""
    task: FollowUp = "never"
    """Whether the agent says with it what is to be done next."""
    task_queue: QueueId | None = None
    """For whom the task usually is: whoever of this queue takes it. None: the agent."""
    task_seconds: float = 86_400.0
    """By when it is usually to be done, from now; 0: no time is proposed."""
    call: FollowUp = "never"
    """Whether the agent plans with it a call to the customer, in the name of the contact's queue."""
    call_seconds: float = 86_400.0
    """When the customer is usually called: at the first free time after so long."""
    call_own: bool = True
    """Whether the agent who plans it is usually tried alone first."""
    mail: FollowUp = "never"
    """Whether the agent writes with it to the customer. Nothing is asked where no `mail` is set up."""
    mail_reply: str | None = None
    """The canned reply with which the text begins."""
    mail_subject: Texts = field(default_factory=dict)
    """By language: the customer's, else the first. Without any, that of `mail`."""
