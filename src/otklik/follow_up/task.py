"""A task that follows from a contact, and what may be done with any task: the bodies of the HTTP API. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from otklik.contact.configuration import Configuration
from otklik.contact.ids import AgentId, QueueId
from otklik.customer.notes import Short

QueueName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]


class FollowUp(BaseModel):
    """What is to be done, by whom: one of `assignee` and `queue`, or neither, which is whoever writes it."""

    text: Short
    due_at: AwareDatetime | None = None
    assignee: UUID | None = None
    queue: QueueName | None = None


class Handling(BaseModel):
    """What is left out stays as it is. `assignee` takes it off its queue, `queue` off its person; `due_at` null: no date."""

    due_at: AwareDatetime | None = None
    assignee: UUID | None = None
    queue: QueueName | None = None
    done: bool | None = None


def queues_of(configuration: Configuration, agent: AgentId | None) -> list[QueueId]:
    """Whose tasks this agent may take."""
    if agent is None:
        return []
    own: Iterable[QueueId] = next((each.queues for each in configuration.agents if each.id == agent), ())
    return sorted({*own, *(queue.id for queue in configuration.queues if queue.everyone)})


def asks_task(configuration: Configuration, disposition: str | None) -> bool:
    """Must a task follow from this result?"""
    return any(each.id == disposition and each.task == "required" for each in configuration.dispositions)
