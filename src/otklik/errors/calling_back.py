"""What may be against a call at a chosen time. `nearest` stands beside, where there is a time that can be had."""

from __future__ import annotations

from typing import Final, Literal

CALLING_BACK: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "site_too_fast": {
        "ru": "Сайт спрашивает слишком часто. Повторите через {seconds} с.",
        "en": "The site asks too often. Try again in {seconds} s.",
    },
    "callback_no_times": {
        "ru": "В этой очереди время звонка не выбирают.",
        "en": "In this queue nobody chooses the time of a call.",
    },
    "callback_time_past": {"ru": "Это время уже прошло.", "en": "This time is over already."},
    "callback_too_far": {
        "ru": "Так далеко вперёд звонок не назначить.",
        "en": "A call cannot be planned so far ahead.",
    },
    "callback_closed": {
        "ru": "В это время мы не звоним. Выберите другое.",
        "en": "We do not call at that time. Choose another one.",
    },
    "callback_full": {
        "ru": "На это время звонков уже достаточно. Выберите другое.",
        "en": "There are enough calls for that time already. Choose another one.",
    },
    "callback_turned_away": {
        "ru": "В это время здесь никого не принимают.",
        "en": "Nobody is taken here at that time.",
    },
    "call_number_differs": {
        "ru": "Под этим id уже просили звонок на другой номер. Для нового звонка нужен новый id.",
        "en": "With this id a call to another number was asked for already. A new call needs a new id.",
    },
    "callback_no_agent": {
        "ru": "Этот оператор не может позвонить от имени очереди.",
        "en": "This agent cannot call in the name of the queue.",
    },
    "config_flow_times": {
        "ru": "За раз называют от 1 до 8 времён, а не {found}.",
        "en": "From 1 to 8 times are read out at once, not {found}.",
    },
    "config_callback_window": {
        "ru": "Окно времени — от 300 до 86400 секунд, а не {found}.",
        "en": "A window of time lasts from 300 to 86400 seconds, not {found}.",
    },
}
