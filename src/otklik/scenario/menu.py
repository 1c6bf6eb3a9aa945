"""A menu: by keys, and by words where customers may speak. Who is not understood is asked again, then for keys only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from msgspec import structs

from otklik.contact.flow import BySpeech
from otklik.contact.hearing import Hearing
from otklik.scenario.heard import Pressed, Texts
from otklik.scenario.understood import YES, yes_or_no

AGAIN: Final = "="
"""Before the key of a choice that is said in place of yes or no."""
HEARD: Final = "{heard}"
"""The place of what was understood, in the text that asks whether it was meant."""


Phrases = Mapping[str, Sequence[str]]
"""What may be said for each key, in the contact's language."""


class Contact(Protocol):
    """Whom the menu is for."""

    language: str
    choices: list[str]

    async def ask(
        self,
        *texts: Texts,
        max_digits: int = 1,
        timeout_seconds: float = 5.0,
        interruptible: bool = True,
        hearing: Hearing | None = None,
        name: str = "ask",
    ) -> Pressed: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """As `Contact.menu` has it."""

    text: Texts
    keys: Mapping[str, str]
    wrong: Texts = ""
    silence: Texts = ""
    attempts: int = 3
    timeout_seconds: float = 5.0
    interruptible: bool = True
    name: str = "menu"

    def before(self, came: Pressed, opening: Texts) -> Texts:
        """What is said before the text is said again. Of whom nobody could listen to, nothing was wrong."""
        if came.outcome == "deaf":
            return opening
        return self.wrong if came.outcome == "no_match" else self.silence


async def ask(contact: Contact, menu: Menu, opening: Texts, speech: BySpeech | Phrases | None) -> Pressed:
    if isinstance(speech, Mapping):
        speech = BySpeech(phrases={key: {contact.language: tuple(said)} for key, said in speech.items()})
    text, before, came = menu.text, opening, Pressed(outcome="no_input")
    if speech is not None:
        came = await _in_words(contact, menu, opening, speech)
        if came.outcome in ("digits", "failed", "unsure"):
            return came
        text, before = speech.keys_only or text, menu.before(came, opening)
    for _ in range(menu.attempts):
        came = by_key(contact, menu, await _once(contact, menu, (before, text), None))
        if came.outcome in ("digits", "failed"):
            return came
        before = menu.before(came, opening)
    return came


async def _in_words(contact: Contact, menu: Menu, before: Texts, speech: BySpeech) -> Pressed:
    """ "deaf", "no_match" or "no_input": go on by keys."""
    came = Pressed(outcome="no_input")
    hearing = _hearing(contact, menu, speech)
    for _ in range(speech.attempts):
        came = await _once(contact, menu, (before, menu.text), hearing)
        if came.outcome == "heard":
            came = await _judged(contact, menu, speech, hearing, came)
        else:
            came = by_key(contact, menu, came)
        if came.outcome not in ("no_match", "no_input"):
            break
        before = menu.before(came, "")
    return came


def _hearing(contact: Contact, menu: Menu, speech: BySpeech) -> Hearing:
    """In the contact's language, else in the one that the text is said in."""
    text = menu.text
    language = contact.language
    if not isinstance(text, str) and language not in text:
        language = next(iter(text), language)
    phrases = {key: tuple(speech.phrases.get(key, {}).get(language, ())) for key in menu.keys}
    return Hearing(
        language=language,
        phrases=phrases,
        longest_seconds=speech.longest_seconds,
        silence_seconds=speech.silence_seconds,
    )


async def _once(contact: Contact, menu: Menu, texts: tuple[Texts, ...], hearing: Hearing | None) -> Pressed:
    return await contact.ask(
        *texts,
        max_digits=max(map(len, menu.keys), default=1),
        timeout_seconds=menu.timeout_seconds,
        interruptible=menu.interruptible,
        hearing=hearing,
        name=menu.name,
    )


def by_key(contact: Contact, menu: Menu, came: Pressed) -> Pressed:
    if came.outcome != "digits":
        return came
    if came.digits in menu.keys:
        return _chosen(contact, menu, came)
    return replace(came, outcome="no_match")


async def _judged(contact: Contact, menu: Menu, speech: BySpeech, hearing: Hearing, came: Pressed) -> Pressed:
    if came.digits not in menu.keys or came.confidence < speech.unsure:
        return replace(came, outcome="no_match")
    if came.confidence >= speech.sure:
        return _chosen(contact, menu, came)
    if not speech.confirm:
        return replace(came, outcome="unsure")
    meant = next(iter(hearing.phrases[came.digits]), "") or menu.keys[came.digits]
    answer = await contact.ask(
        {language: text.replace(HEARD, meant) for language, text in speech.confirm.items()},
        timeout_seconds=menu.timeout_seconds,
        interruptible=menu.interruptible,
        hearing=_back(hearing),
        name=menu.name,
    )
    if answer.outcome in ("failed", "deaf"):
        return answer
    if answer.outcome == "digits" or answer.confidence >= speech.unsure:
        if answer.digits in (YES, f"{AGAIN}{came.digits}"):
            return _chosen(contact, menu, came)
        if answer.digits.startswith(AGAIN) and answer.confidence >= speech.sure:
            return _chosen(contact, menu, replace(answer, digits=answer.digits.removeprefix(AGAIN)))
    return replace(came, outcome="no_match")


def _back(hearing: Hearing) -> Hearing:
    """Yes or no; or the choice once more, or another one."""
    phrases = {f"{AGAIN}{key}": said for key, said in hearing.phrases.items() if said}
    return structs.replace(yes_or_no(hearing.language), phrases=yes_or_no(hearing.language).phrases | phrases)


def _chosen(contact: Contact, menu: Menu, came: Pressed) -> Pressed:
    contact.choices.append(menu.keys[came.digits])
    return replace(came, outcome="digits")
