"""Everything about a customer in one order: contacts of all channels, notes, tasks, changes of the card. HTTP bodies."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel

ItemKind = Literal["contact", "note", "task", "change"]
KINDS: Final[tuple[ItemKind, ...]] = get_args(ItemKind)


class Word(BaseModel):
    id: str
    ru: str
    en: str


class TimelineItem(BaseModel):
    """`what`: of a contact its outcome, of a change what was done, of a task `open` or `done`. `by`: the agent, the author,
    whoever changed. `card`: the card that it was written on, which is another one where cards were merged."""

    id: str
    kind: ItemKind
    at: datetime
    card: str
    what: str
    by: str | None = None
    text: str = ""
    channel: str | None = None
    direction: str | None = None
    number: str | None = None
    queue: str | None = None
    disposition: Word | None = None
    talk_seconds: float | None = None
    recorded: bool = False
    due_at: datetime | None = None
    field: str | None = None
    before: Any = None
    after: Any = None


class TimelinePage(BaseModel):
    """Newest first; `next` is the cursor of the following page, null on the last one."""

    items: list[TimelineItem]
    next: str | None
