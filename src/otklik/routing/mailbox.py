"""A mailbox at the end of a wait: the flow that it is, so that nothing but scenarios ever speaks to a customer before an agent. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from otklik.contact.configuration import Configuration, Destination, Queue
from otklik.contact.fault import Fault, fault_if
from otklik.contact.flow import Block, Flow, HangUpBlock, Texts, VoicemailBlock
from otklik.contact.ids import QueueId, ScenarioId
from otklik.contact.voicemail import Mailbox

LONGEST_MESSAGE_SECONDS: Final = 600.0
WORDS: Final[Texts] = {
    "ru": "Сейчас ответить некому. Оставьте сообщение после сигнала.",
    "en": "Nobody can answer now. Please leave a message after the tone.",
}
THANKS: Final[Texts] = {"ru": "Спасибо, мы получили ваше сообщение.", "en": "Thank you, we have your message."}


def mailbox_id(queue: QueueId, mailbox: Mailbox) -> ScenarioId:
    """The same as long as the same is said, in whatever order languages are written: the log sorts them, a set-up as it was
    saved does not. A blank stands in no id that people give."""
    said = (mailbox.queue, sorted(mailbox.text.items()), sorted(mailbox.thanks.items()), float(mailbox.max_seconds))
    return ScenarioId(f"mailbox {queue} {zlib.crc32(repr(said).encode()):08x}")


def mailbox_flow(queue: QueueId, mailbox: Mailbox) -> Flow:
    """`queue`: where the customer waits."""
    text, thanks = _in_order(mailbox.text or WORDS), _in_order(mailbox.thanks or THANKS)
    takes = VoicemailBlock(queue=mailbox.queue or queue, text=text, max_seconds=mailbox.max_seconds)
    return Flow(
        id=mailbox_id(queue, mailbox),
        languages=tuple(text),
        otherwise=queue,
        blocks=(
            Block(id="mailbox", voicemail=takes, exits={"done": "thanks"}),
            Block(id="thanks", hang_up=HangUpBlock(text=thanks)),
        ),
    )


def _in_order(texts: Texts) -> Texts:
    """The program's own languages first, then by name: whoever speaks none of them hears the first."""
    return {
        each: texts[each] for each in (*(own for own in WORDS if own in texts), *sorted(texts.keys() - WORDS.keys()))
    }


def leads_of(queue: Queue) -> Iterator[tuple[str, Destination]]:
    """Out of a queue: each with its place."""
    if queue.otherwise is not None:
        yield "otherwise", queue.otherwise
    for number, each in enumerate(queue.exits):
        yield f"exits[{number}].to", each.to
    for number, overflow in enumerate(queue.overflow):
        yield f"overflow[{number}]" + (".to" if overflow.to is not None else ""), overflow.there


def mailboxes(configuration: Configuration) -> dict[ScenarioId, Flow]:
    found = (
        mailbox_flow(queue.id, to.mailbox)
        for queue in configuration.queues
        for _, to in leads_of(queue)
        if to.mailbox is not None
    )
    return {flow.id: flow for flow in found}


def mailbox_faults(place: str, mailbox: Mailbox) -> Iterator[Fault]:
    most = LONGEST_MESSAGE_SECONDS
    yield from fault_if(
        not 1 <= mailbox.max_seconds <= most, f"{place}.max_seconds", "config_outside_seconds", most=most
    )
