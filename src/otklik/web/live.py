"""`/api/live`: a snapshot of what the page shows, then sequenced changes, as long as the session lasts."""

from __future__ import annotations

from prometheus_client import Gauge
from starlette.websockets import WebSocket, WebSocketDisconnect

from otklik.contact.ports import FeedClosed, Live, Watcher
from otklik.errors import AppError
from otklik.web import sockets

PING_SECONDS = 15.0
TRY_LATER = 1013
PAGES = Gauge("otklik_live_pages", "Pages that follow the live state")


async def live(socket: WebSocket) -> None:
    person = await sockets.person_of(socket)
    if person is None:
        return
    await socket.accept()
    watcher = Watcher(person=person.id, agent=person.line, floor="contacts.read_all" in person.permissions)
    feed: Live = socket.app.state.live
    try:
        subscription = feed.subscribe(person.tenant, watcher)
    except AppError:
        await sockets.close(socket, TRY_LATER)
        return
    with PAGES.track_inprogress():
        try:
            ended = await sockets.until_first(
                sockets.follow(socket, subscription),
                sockets.session_over(socket),
                sockets.ping(socket, PING_SECONDS),
                sockets.gone(socket),
            )
            await sockets.close(socket, sockets.SESSION_OVER if ended == 1 else 1000)
        except FeedClosed:
            await sockets.close(socket, TRY_LATER)
        except (WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
            await sockets.close(socket)
        finally:
            subscription.close()
