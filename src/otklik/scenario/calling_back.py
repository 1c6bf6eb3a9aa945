"""A customer on the line asks to be called back: at which number, at which time, and whether it can be at all."""

from __future__ import annotations

from typing import Final, Literal, NoReturn, Protocol, TypedDict

from otklik.contact.flow import CallbackBlock
from otklik.contact.ids import QueueId
from otklik.scenario import choosing
from otklik.scenario.heard import Pressed, Texts
from otklik.scenario.verbs import IMPOSSIBLE

NUMBER_DIGITS: Final = (6, 18)
"""Of a telephone number that is keyed, with whatever goes before it."""


class HowBack(TypedDict, total=False):
    """As in `CallbackBlock`; a text may be one for whatever language is spoken."""

    ask_number: bool
    text: Texts
    entered: Texts
    right: Texts
    ask_time: bool
    time: Texts
    times: int
    attempts: int
    timeout_seconds: float


class Contact(choosing.Contact, Protocol):
    """Who is called back."""

    async def collect(
        self,
        text: Texts,
        *,
        min_digits: int = 1,
        max_digits: int = 20,
        masked: bool = False,
        attempts: int = 3,
        timeout_seconds: float = 5.0,
        name: str = "collect",
    ) -> Pressed: ...

    async def confirm(
        self, number: Pressed, entered: Texts = "", right: Texts = "", *, timeout_seconds: float = 5.0, name: str = ""
    ) -> Literal["right", "wrong", "no_input", "failed"]: ...

    async def may_call_back(self, queue: str, *, own: bool = True, name: str = "call back") -> bool: ...

    async def call_back(
        self, queue: str, number: Pressed | None = None, *, at: float | None = None, name: str = "call back"
    ) -> NoReturn: ...


def block_of(queue: str, how: HowBack, language: str) -> CallbackBlock:
    def texts(text: Texts) -> dict[str, str]:
        return dict(text) if not isinstance(text, str) else {language: text} if text else {}

    return CallbackBlock(
        queue=QueueId(queue),
        ask_number=how.get("ask_number", False),
        text=texts(how.get("text", "")),
        entered=texts(how.get("entered", "")),
        right=texts(how.get("right", "")),
        ask_time=how.get("ask_time", False),
        time=texts(how.get("time", "")),
        times=how.get("times", 3),
        attempts=how.get("attempts", 3),
        timeout_seconds=how.get("timeout_seconds", 5.0),
    )


async def offer(contact: Contact, block: CallbackBlock, name: str) -> str:
    """Never comes back where the customer will be called; else why not, as the block's exits are called."""
    if not await contact.may_call_back(block.queue, own=not block.ask_number, name=name):
        return IMPOSSIBLE
    at = await choosing.choose_time(contact, block, name) if block.ask_time else None
    if isinstance(at, str):
        return at
    if not block.ask_number:
        await contact.call_back(block.queue, at=at, name=name)
    came = "no_match"
    for _ in range(block.attempts):
        keyed = await contact.collect(
            block.text,
            min_digits=NUMBER_DIGITS[0],
            max_digits=NUMBER_DIGITS[1],
            masked=True,
            attempts=1,
            timeout_seconds=block.timeout_seconds,
            name=name,
        )
        if keyed.outcome == "failed":
            return keyed.outcome
        came = keyed.outcome
        if came == "digits":
            came = await contact.confirm(
                keyed, block.entered, block.right, timeout_seconds=block.timeout_seconds, name=name
            )
        if came == "right":
            await contact.call_back(block.queue, keyed, at=at, name=name)
    return "no_match" if came == "wrong" else came
