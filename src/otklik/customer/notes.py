"""What people write about a customer and what is to be done for one: the bodies of the HTTP API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from otklik.customer.card import Named

Text = Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Short = Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class Note(BaseModel):
    id: str
    text: str
    at: datetime
    by: Named
    edited_at: datetime | None
    pinned_at: datetime | None


class Task(BaseModel):
    """`customer` is the card that is meant today; None: nobody knew whose the contact was, and `number` is all there is. Without
    `assignee` it is for whoever of `queue` takes it. `contact`: of which it follows."""

    id: str
    customer: Named | None
    contact: str | None = None
    number: str | None = None
    queue: Named | None = None
    text: str
    at: datetime
    by: Named
    assignee: Named | None
    due_at: datetime | None
    done_at: datetime | None
    done_by: str | None


class Written(BaseModel):
    """Notes: the pinned ones first, then the newest; at most 100. Tasks: the open ones by when they are due, then the done ones."""

    notes: list[Note]
    tasks: list[Task]


class Tasks(BaseModel):
    """`total`: with those beyond the first hundred, which are not listed."""

    tasks: list[Task]
    total: int


class NewNote(BaseModel):
    text: Text
    pinned: bool = False


class NoteChange(BaseModel):
    """What is left out stays as it is. The text is the author's; everybody may pin."""

    text: Text | None = None
    pinned: bool | None = None


class NewTask(BaseModel):
    """`assignee` left out: whoever writes it."""

    text: Short
    due_at: AwareDatetime | None = None
    assignee: UUID | None = None


class TaskChange(BaseModel):
    """What is left out stays as it is; `due_at` null: no date."""

    text: Short | None = None
    due_at: AwareDatetime | None = None
    assignee: UUID | None = None
    done: bool | None = None
