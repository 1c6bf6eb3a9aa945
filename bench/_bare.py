"""The least that a program can do for a call over ARI, in a process of its own: a caller comes, the next agent's line is dialled, both go
into a bridge; whoever hangs up, so does the other. Nothing is decided and nothing is kept: what is left is the price of ARI itself.

`python -m bench._bare` with `Order` as JSON on its input; "ready" when calls may come. Ends with its input.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import sys

import msgspec
import structlog
import uvloop

from otklik.channels.voice.ari import Ari, AriAddress, Event

APP = "bare"
EVENTS = ("StasisStart", "StasisEnd")


class Order(msgspec.Struct):
    """Where the switch is, and whom to dial in turn."""

    ari_url: str
    ari_user: str
    ari_password: str
    endpoints: list[str]


class Loop:
    """`agent-<caller>` is the agent's channel, `bridge-<caller>` their bridge."""

    def __init__(self, order: Order) -> None:
        self._endpoints = itertools.cycle(order.endpoints)
        address = AriAddress(url=order.ari_url, user=order.ari_user, password=order.ari_password)
        self.ari = Ari(address, APP, on_event=self._on_event, on_connect=self._on_connect, events=EVENTS)

    async def _on_connect(self) -> None:
        """There is nothing to put right."""

    def _on_event(self, event: Event) -> None:
        channel: str = event["channel"]["id"]
        caller = channel.removeprefix("agent-")
        if event["type"] == "StasisEnd":
            other = caller if channel != caller else f"agent-{caller}"
            self.ari.send("DELETE", f"channels/{other}")
        elif channel == caller:
            number = event["channel"]["caller"]["number"]
            called = {"endpoint": next(self._endpoints), "app": APP, "callerId": number, "channelId": f"agent-{caller}"}
            self.ari.send("POST", "channels", **called)
        else:
            bridge = f"bridge-{caller}"
            self.ari.send("POST", f"channels/{caller}/answer")
            self.ari.send("POST", f"bridges/{bridge}", type="mixing")
            self.ari.send("POST", f"bridges/{bridge}/addChannel", channel=f"{caller},{channel}")


async def main(order: Order) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    loop = Loop(order)
    running = asyncio.create_task(loop.ari.run())
    await loop.ari.ready()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    running.cancel()


if __name__ == "__main__":
    uvloop.run(main(msgspec.json.decode(sys.stdin.readline(), type=Order)))
