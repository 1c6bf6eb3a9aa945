"""Whoever has gone waits for nothing: what only answers a question ends with the connection that asked it. Pure ASGI.

An editor asks anew with each change and lets go of what it asked before. Of what is left alone, a test call of code would keep a core,
and the tenant's turn, from the one that is looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENDED: Final = frozenset({"/api/flows/check", "/api/flows/trial", "/api/handlers/trial", "/api/handlers/tests"})
"""They change nothing, so that any moment is good to end them."""
CLIENT_CLOSED_REQUEST: Final = 499
"""For logs and figures alone; nginx's own."""


class EndsWithItsAsker:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in ENDED:
            await self._app(scope, receive, send)
            return
        whole = asyncio.Event()

        async def read() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                whole.set()
            return message

        answering = asyncio.create_task(_run(self._app, scope, read, send), name="answers whoever still asks")
        going = asyncio.create_task(_gone(whole, receive), name="watches whoever asks")
        try:
            await asyncio.wait((answering, going), return_when=asyncio.FIRST_COMPLETED)
        finally:
            left = not answering.done()
            for task in (answering, going):
                task.cancel()
            await asyncio.gather(answering, going, return_exceptions=True)
        if left:
            await send({"type": "http.response.start", "status": CLIENT_CLOSED_REQUEST, "headers": []})
            await send({"type": "http.response.body"})
            return
        answering.result()


async def _run(
    app: Callable[[Scope, Receive, Send], Awaitable[None]], scope: Scope, receive: Receive, send: Send
) -> None:
    await app(scope, receive, send)


async def _gone(whole: asyncio.Event, receive: Receive) -> None:
    """Returns as the connection is closed."""
    await whole.wait()
    while (await receive())["type"] != "http.disconnect":
        pass
