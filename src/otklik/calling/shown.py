"""Where an agent's personal calls go, as pages are told of it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Somebody(BaseModel):
    id: str
    name: str | None


class ForwardShown(BaseModel):
    """`number` is shown to the agent alone; `chosen`: by the agent or a supervisor, else the set-up says so."""

    to: Literal["nowhere", "agent", "queue", "outside"]
    agent: Somebody | None
    queue: Somebody | None
    number: str | None
    chosen: bool
