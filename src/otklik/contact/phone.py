"""At what an agent's calls ring: the page, a desk telephone, or a number outside."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from otklik.contact.ids import AgentId

Phone = Literal["page", "desk", "outside"]


class Outside(Struct, frozen=True, kw_only=True):
    """An agent's number outside, to be dialled through the trunk. Whoever answers there accepts by a key: a mailbox does not."""

    number: str
    caller: str
    """The number that is shown there."""
    language: str = ""


class PhoneChosen(Struct, frozen=True, kw_only=True):
    """The agent takes calls here from now on, in later shifts too; refused while a call is in hand, and where it is not set up."""

    agent: AgentId
    phone: Phone
