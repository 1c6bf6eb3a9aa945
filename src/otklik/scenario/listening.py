"""A question that is answered in a few words of one's own. Who is not understood is asked again, then for keys, where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from otklik.contact.hearing import Hearing, place_of
from otklik.scenario import menu
from otklik.scenario.heard import Pressed, Texts
from otklik.scenario.menu import HEARD, Contact, Menu
from otklik.scenario.understood import YES, yes_or_no

_STRIKES: Final = ("no_match", "no_input")
YES_FROM: Final = 0.6
"""How near to a yes an answer must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """As `ListenBlock` has it."""

    text: Texts
    keys: Mapping[str, str] = field(default_factory=dict)
    wrong: Texts = ""
    silence: Texts = ""
    confirm: Texts = ""
    keys_only: Texts = ""
    attempts: int = 3
    timeout_seconds: float = 5.0
    interruptible: bool = True
    sure: float = 0.6
    unsure: float = 0.3
    longest_seconds: float = 12.0
    silence_seconds: float = 1.0
    name: str = "listen"

    @property
    def by_keys(self) -> Menu:
        return Menu(
            text=self.keys_only or self.text,
            keys=self.keys,
            wrong=self.wrong,
            silence=self.silence,
            attempts=self.attempts,
            timeout_seconds=self.timeout_seconds,
            interruptible=self.interruptible,
            name=self.name,
        )


async def ask(contact: Contact, question: Question) -> Pressed:
    """ "heard": the words count; all else is as with a menu."""
    before: Texts = ""
    came = Pressed(outcome="no_input")
    by_keys = question.by_keys
    for _ in range(question.attempts):
        came = await _once(contact, question, before)
        if came.outcome not in _STRIKES:
            break
        before = by_keys.before(came, "")
    if question.keys and came.outcome in (*_STRIKES, "deaf"):
        return await menu.ask(contact, by_keys, before, None)
    return came


async def _once(contact: Contact, question: Question, before: Texts) -> Pressed:
    hearing = Hearing(
        language=_language(contact, question.text),
        phrases={},
        longest_seconds=question.longest_seconds,
        silence_seconds=question.silence_seconds,
        free=True,
    )
    longest = max(map(len, question.keys), default=1)
    came = await _asked(contact, question, (before, question.text), hearing, longest)
    return (
        await _judged(contact, question, came)
        if came.outcome == "heard"
        else menu.by_key(contact, question.by_keys, came)
    )


async def _judged(contact: Contact, question: Question, came: Pressed) -> Pressed:
    """By what was recorded, which is there when the words are erased, too."""
    if came.confidence < question.unsure:
        return replace(came, outcome="no_match")
    if came.confidence >= question.sure:
        return came
    if not question.confirm:
        return replace(came, outcome="unsure")
    back = _said_back(question.confirm, place_of(came.step))
    answer = await _asked(contact, question, (back,), yes_or_no(_language(contact, question.confirm)))
    if answer.outcome in ("failed", "deaf"):
        return answer
    counts = answer.outcome == "digits" or (answer.outcome == "heard" and answer.confidence >= YES_FROM)
    return came if counts and answer.digits == YES else replace(came, outcome="no_match")


async def _asked(
    contact: Contact, question: Question, texts: tuple[Texts, ...], hearing: Hearing, max_digits: int = 1
) -> Pressed:
    return await contact.ask(
        *texts,
        max_digits=max_digits,
        timeout_seconds=question.timeout_seconds,
        interruptible=question.interruptible,
        hearing=hearing,
        name=question.name,
    )


def _said_back(texts: Texts, words: str) -> Texts:
    if isinstance(texts, str):
        return texts.replace(HEARD, words)
    return {language: text.replace(HEARD, words) for language, text in texts.items()}


def _language(contact: Contact, text: Texts) -> str:
    """The contact's, else the one that the text is said in."""
    if isinstance(text, str) or contact.language in text:
        return contact.language
    return next(iter(text), contact.language)
