"""What a waiting customer hears about the place in the queue and the wait.

Worded with a bare number after "под номером", so that Russian needs no ordinals and no cases, and so that texts
are few enough to be rendered once and cached. The wait is said in one of a few steps, so that each stands in its case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from otklik.contact.configuration import Speech

_STEPS: Final = (
    (60.0, "меньше минуты", "less than a minute"),
    (120.0, "около двух минут", "about two minutes"),
    (180.0, "около трёх минут", "about three minutes"),
    (300.0, "около пяти минут", "about five minutes"),
    (600.0, "около десяти минут", "about ten minutes"),
    (900.0, "около пятнадцати минут", "about fifteen minutes"),
    (1200.0, "около двадцати минут", "about twenty minutes"),
    (1800.0, "около получаса", "about half an hour"),
)
"""Up to so many seconds: rather too much is said than too little."""


def position_speech(position: int, language: str) -> Speech:
    """`position` counts from 1; another language than Russian is answered in English."""
    if language == "ru":
        return Speech(text=_russian(position), language="ru")
    return Speech(text=_english(position), language="en")


def wait_speech(seconds: float, language: str) -> Speech:
    """Another language than Russian is answered in English."""
    longer = ("больше получаса", "more than half an hour")
    russian, english = next(((ru, en) for limit, ru, en in _STEPS if seconds < limit), longer)
    if language == "ru":
        return Speech(text=f"Ожидание: {russian}.", language="ru")
    return Speech(text=f"The wait is {english}.", language="en")


def message_speech(texts: Mapping[str, str], language: str) -> Speech:
    """In the customer's language, else in the first that there is."""
    said = language if language in texts else next(iter(texts))
    return Speech(text=texts[said], language=said)


def callback_speech(language: str, *, given: bool = False) -> Speech:
    """Without the number: it is personal, and each would be a text of its own. `given`: the customer has named another."""
    if language == "ru":
        where = "который вы набрали" if given else "с которого вы звоните"
        text = f"Мы перезвоним на номер, {where}. Ваше место в очереди сохранено. Можно положить трубку."
        return Speech(text=text, language="ru")
    where = "you have entered" if given else "you are calling from"
    text = f"We will call you back at the number {where}. Your place in the queue is kept. You may hang up."
    return Speech(text=text, language="en")


def callback_at_speech(language: str, *, given: bool = False) -> Speech:
    """Without the time, which the scenario has said: each would be a text of its own."""
    if language == "ru":
        where = "который вы набрали" if given else "с которого вы звоните"
        text = f"Мы перезвоним в выбранное время на номер, {where}. Можно положить трубку."
        return Speech(text=text, language="ru")
    where = "you have entered" if given else "you are calling from"
    return Speech(text=f"We will call you at the chosen time, at the number {where}. You may hang up.", language="en")


def callback_impossible_speech(language: str) -> Speech:
    if language == "ru":
        text = "Перезвонить не получится: ваш номер скрыт или не подходит. Пожалуйста, оставайтесь на линии."
        return Speech(text=text, language="ru")
    text = "We cannot call you back: your number is withheld or cannot be called. Please stay on the line."
    return Speech(text=text, language="en")


def no_callback_speech(language: str) -> Speech:
    """Of ours is the fault, not of the number."""
    if language == "ru":
        return Speech(text="Сейчас перезвонить не получится. Пожалуйста, оставайтесь на линии.", language="ru")
    return Speech(text="We cannot call you back at the moment. Please stay on the line.", language="en")


def agent_lost_speech(language: str) -> Speech:
    """The customer has been talking to somebody who is suddenly not there any more."""
    if language == "ru":
        return Speech(text="Связь с оператором прервалась. Пожалуйста, оставайтесь на линии.", language="ru")
    return Speech(text="The line to your agent was lost. Please stay on the line.", language="en")


def standard_speech(language: str) -> list[Speech]:
    """All of the program's own texts that do not depend on a number."""
    steps = [limit - 1 for limit, _, _ in _STEPS] + [_STEPS[-1][0]]
    return [
        position_speech(1, language),
        *(wait_speech(seconds, language) for seconds in steps),
        callback_speech(language),
        callback_speech(language, given=True),
        callback_at_speech(language),
        callback_at_speech(language, given=True),
        callback_impossible_speech(language),
        no_callback_speech(language),
        agent_lost_speech(language),
    ]


def _russian(position: int) -> str:
    if position == 1:
        return "Ваш звонок следующий. Оставайтесь на линии."
    return f"Вы в очереди под номером {position}. Оставайтесь на линии."


def _english(position: int) -> str:
    if position == 1:
        return "Your call is next. Please stay on the line."
    return f"You are number {position} in the queue. Please stay on the line."
