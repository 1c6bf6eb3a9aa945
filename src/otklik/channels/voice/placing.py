"""Calls that Asterisk makes to telephones of others: on a desk, outside, of customers.

In two commands, not by `POST channels/{id}`: that follows a telephone which answers with another address (SIP 3xx), and the address
may be a dial string (`sip:PJSIP%2Ftrunk%2F…`), by which whoever holds the telephone calls anywhere at our expense. Dialled so, a
redirection is only a refusal. The line is in our hands first (`StasisStart`), and then dialled; that it is answered is told by
`ChannelStateChange`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from otklik.channels.voice.ari import Reply


class Call(Protocol):
    """What of a call is needed here."""

    @property
    def undialled(self) -> dict[str, Undialled]:
        """By channel: made, and not in our hands yet."""

    def send(
        self,
        method: str,
        path: str,
        body: dict[str, object] | None = None,
        *,
        refused: Callable[[Reply], None] | None = None,
        **query: str,
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`argument` tells our lines apart; `caller` is the number that is shown."""

    channel: str
    endpoint: str
    argument: str
    caller: str
    ring_seconds: int
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undialled:
    ring_seconds: int
    refused: Callable[[Reply], None]


def ring(call: Call, placed: Placed, refused: Callable[[Reply], None], *, page: bool) -> None:
    """An agent's telephone. A page is dialled in one command, which is quicker: what it answers comes through our own proxy, where
    no redirection passes (`web/sip.py`)."""
    if not page:
        place(call, placed, refused)
        return
    body: dict[str, object] = {
        "endpoint": placed.endpoint,
        "app": "otklik",
        "appArgs": placed.argument,
        "callerId": f'"{placed.caller}" <{placed.caller}>',
        "timeout": placed.ring_seconds,
        "formats": "ulaw",
        "variables": dict(placed.variables),
    }
    call.send("POST", f"channels/{placed.channel}", body, refused=refused)


def place(call: Call, placed: Placed, refused: Callable[[Reply], None]) -> None:
    """Made; `dial` follows once it is in our hands."""
    call.undialled[placed.channel] = Undialled(placed.ring_seconds, refused)
    shown = {f"CONNECTEDLINE({part},i)": placed.caller for part in ("name", "num")}
    call.send(
        "POST",
        "channels/create",
        {
            "endpoint": placed.endpoint,
            "app": "otklik",
            "appArgs": placed.argument,
            "channelId": placed.channel,
            "formats": "ulaw,alaw",
            "variables": {**shown, **placed.variables},
        },
        refused=refused,
    )


def dial(call: Call, channel: str) -> None:
    """Once; told twice it changes nothing."""
    made = call.undialled.pop(channel, None)
    if made is not None:
        call.send("POST", f"channels/{channel}/dial", refused=made.refused, timeout=str(made.ring_seconds))
