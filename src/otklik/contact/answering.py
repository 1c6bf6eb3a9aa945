"""Answers to what was written. A fact like those of `facts.py`, where it is part of `Fact`."""

from __future__ import annotations

from msgspec import Struct

from otklik.contact.ids import AgentId, ContactId


class AnswerWritten(Struct, frozen=True, kw_only=True):
    """The agent has answered in writing. The text, and whether it went out by mail, stand beside the log. Refused to whoever does not
    have the contact in hand, and on a line."""

    contact: ContactId
    agent: AgentId
