"""What a waiting customer hears about the place in the queue.

Worded with a bare number after "под номером", so that Russian needs no ordinals and no cases, and so that texts
are few enough to be rendered once and cached.
"""

from __future__ import annotations

from otklik.contact.configuration import Speech


def position_speech(position: int, language: str) -> Speech:
    """`position` counts from 1; another language than Russian is answered in English."""
    if language == "ru":
        return Speech(text=_russian(position), language="ru")
    return Speech(text=_english(position), language="en")


def _russian(position: int) -> str:
    if position == 1:
        return "Ваш звонок следующий. Оставайтесь на линии."
    return f"Вы в очереди под номером {position}. Оставайтесь на линии."


def _english(position: int) -> str:
    if position == 1:
        return "Your call is next. Please stay on the line."
    return f"You are number {position} in the queue. Please stay on the line."
