"""A task that follows from a contact, and what may be done with any task: the bodies of the HTTP API. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from otklik.contact.configuration import Configuration, Disposition
from otklik.contact.ids import AgentId, QueueId
from otklik.customer.notes import Short, Text

QueueName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]


class FollowUp(BaseModel):
    """What is to be done, by whom: one of `assignee` and `queue`, or neither, which is whoever writes it."""

    text: Short
    due_at: AwareDatetime | None = None
    assignee: UUID | None = None
    queue: QueueName | None = None


class PlannedAfter(BaseModel):
    """`number` left out: the customer's own. `at` and `own` left out: as usual with this result."""

    number: Annotated[str | None, Field(max_length=40, pattern=r"^[^\x00]*$")] = None
    at: AwareDatetime | None = None
    own: bool | None = None
    disposition: QueueName | None = None


class WrittenAfter(BaseModel):
    """One address; the text is what the agent sees, with nothing left to be filled in."""

    to: Annotated[str, Field(min_length=1, max_length=254, pattern=r"^[^\x00]*$")]
    subject: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    text: Text


class Handling(BaseModel):
    """What is left out stays as it is. `take`: for oneself, off its queue, unless somebody else was first. `assignee` takes it off
    its queue, `queue` off its person, if it is still whose it was `seen` to be (null: nobody's); `due_at` null: no date."""

    take: bool = False
    seen: UUID | None = None
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


def staffed_queues(configuration: Configuration) -> list[QueueId]:
    """To which some agent belongs."""
    named = {queue for agent in configuration.agents for queue in agent.queues}
    staffed = configuration.agents
    return sorted(queue.id for queue in configuration.queues if queue.id in named or (queue.everyone and staffed))


Kind = Literal["task", "call", "mail"]


def required(configuration: Configuration, disposition: str | None, said: Collection[Kind]) -> Kind | None:
    """What must follow from this result, and was not said. Of mail nothing is asked where none can go out."""
    for each in configuration.dispositions:
        if each.id == disposition:
            asked: dict[Kind, str] = {"task": each.task, "call": each.call}
            if configuration.mail is not None:
                asked["mail"] = each.mail
            return next((kind for kind, wanted in asked.items() if wanted == "required" and kind not in said), None)
    return None


def left_out(configuration: Configuration, disposition: str | None, said: Collection[Kind]) -> set[Kind]:
    """What was said to follow and never follows from this result. Of none nothing is known."""
    for each in configuration.dispositions:
        if each.id == disposition:
            asked: dict[Kind, str] = {"task": each.task, "call": each.call, "mail": each.mail}
            return {kind for kind in said if asked[kind] == "never"}
    return set()


def usually_called(configuration: Configuration, disposition: str | None) -> Disposition:
    """By what holds for its call where the agent says nothing else."""
    unknown = Disposition(id="", ru="", en="")
    return next((each for each in configuration.dispositions if each.id == disposition), unknown)
