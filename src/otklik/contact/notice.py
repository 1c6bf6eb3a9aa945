"""Messages of supervisors to agents at work. Their texts, which people wrote, are kept beside the log. Nothing follows from them
for contacts and agents."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.ids import AgentId, QueueId


class NoticePosted(Struct, frozen=True, kw_only=True):
    """A message to the agents of these queues and to these agents; where none are named, to everybody. Whoever comes to work
    while it lasts is shown it too. Twice it is once."""

    notice: str
    by: str
    """The id of the person."""
    lasts_seconds: float
    queues: tuple[QueueId, ...] = ()
    agents: tuple[AgentId, ...] = ()
    urgent: bool = False


class NoticeSeen(Struct, frozen=True, kw_only=True):
    """An agent has put it away. The first time counts; refused where it is not for the agent, or is there no more."""

    notice: str
    agent: AgentId


class NoticeWithdrawn(Struct, frozen=True, kw_only=True):
    """Nobody is shown it any more. Late or twice it changes nothing."""

    notice: str
    by: str


NoticeFact = NoticePosted | NoticeSeen | NoticeWithdrawn
