"""What a page sees while the program cannot yet answer: that it will, and that the page asks again by itself."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from otklik.errors import AppError
from otklik.web import errors
from otklik.web.health import Health, Role

_PAGE: Final = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="color-scheme" content="light dark"><title>Отклик</title></head><body>
<h1>Отклик запускается</h1>
<p>База данных ещё не отвечает. Страница обновится сама.</p>
<h1 lang="en">Otklik is starting</h1>
<p lang="en">The database does not answer yet. This page reloads by itself.</p>
</body></html>
"""


class Front:
    """Stands before an application that comes later: set `app`."""

    def __init__(self, role: Role) -> None:
        self.app: ASGIApp | None = None
        self._role = role

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.app is not None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Not accepted: the server answers 403 and the page tries again later.
            await send({"type": "websocket.close", "code": 1013})
        elif scope["type"] == "http":
            await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.url.path.startswith("/api/"):
            return errors.answer(AppError("database_down", 503), request)
        headers = {"Cache-Control": "no-store", "Retry-After": "2"}
        if request.url.path == "/health":
            health = Health(status="degraded", role=self._role, database="down", telephony=None, switchboard="down")
            return JSONResponse(health.model_dump(), 503, headers=headers)
        return HTMLResponse(_PAGE, 503, headers=headers)
