"""What goes wrong while a customer is listened to: it is told, and nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from otklik.channels.voice.ari import Ari, Reply
from otklik.channels.voice.dialogue import Dialogue
from otklik.channels.voice.listener import Listener
from otklik.contact.hearing import Hearing
from otklik.contact.ids import ContactId
from otklik.contact.ports import Recogniser
from otklik.errors import PeerError


class OddAri:
    """Its answers are not what they should be, or it refuses."""

    def __init__(self, answer: Callable[[str, str], str]) -> None:
        self._answer = answer
        self.asked: list[tuple[str, str]] = []

    async def request(self, method: str, path: str, **_: Any) -> Reply:
        self.asked.append((method, path))
        return Reply(200, "OK", self._answer(method, path))


class Told:
    def __init__(self) -> None:
        self.deaf_to: list[int] = []

    def deaf(self, token: int) -> None:
        self.deaf_to.append(token)


class Node:
    recogniser: Recogniser | None = None

    def __init__(self, ari: OddAri) -> None:
        self.ari = cast(Ari, ari)
        self.works: list[asyncio.Task[None]] = []

    def spawn(self, contact: ContactId | None, work: Coroutine[Any, Any, None]) -> None:
        self.works.append(asyncio.ensure_future(work))


class Call:
    contact = ContactId("c")
    channel = "customer"
    alive = True


async def listened(answer: Callable[[str, str], str]) -> tuple[OddAri, Told]:
    ari, told = OddAri(answer), Told()
    node = Node(ari)
    Listener(node, Call(), cast(Dialogue, told)).hear(Hearing(language="ru", phrases={}), 7)
    await asyncio.gather(*node.works)
    return ari, told


@pytest.mark.parametrize("answer", ["not JSON", "[]", "{}"])
async def test_an_answer_that_is_not_what_it_should_be_is_told_at_once(answer: str) -> None:
    _, told = await listened(lambda method, path: answer)
    assert told.deaf_to == [7]


async def test_what_cannot_be_taken_away_leaves_nothing_else_behind() -> None:
    def refuses(method: str, path: str) -> str:
        raise PeerError("asterisk", "500", retryable=True)

    ari, told = await listened(refuses)
    assert told.deaf_to == [7]
    gone = [path for method, path in ari.asked if method == "DELETE"]
    assert [path.partition("/")[0] for path in gone] == ["channels", "channels", "bridges"]
