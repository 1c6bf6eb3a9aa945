"""Why, of what scenarios of written requests come to, in words: Russian, English."""

from __future__ import annotations

from typing import Final

from otklik.contact.facts import Answered, ContactQueued, Fact

_REPLIED: Final = ("Сценарий {block} ответил письмом", "The scenario {block} has answered by mail")
_NOT_REPLIED: Final = ("Письмо сценария {block} не ушло: {reason}", "The mail of {block} has not gone: {reason}")
_ONLY_A_CALL: Final = (
    "Шаг «{unspoken}» бывает только в звонке: встало в очередь «{queue}», письма не будет",
    "The step “{unspoken}” is for calls alone: queued in “{queue}”, and nothing is mailed",
)


def of_writing(fact: Fact) -> tuple[str, str] | None:
    """None: it is none of theirs."""
    if isinstance(fact, Answered) and fact.reply:
        return _REPLIED if fact.outcome == "found" else _NOT_REPLIED
    return _ONLY_A_CALL if isinstance(fact, ContactQueued) and fact.unspoken else None
