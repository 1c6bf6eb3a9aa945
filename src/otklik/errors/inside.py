"""Texts of what may be wrong with calling a colleague, and with answering in one's place."""

from __future__ import annotations

from typing import Final, Literal

INSIDE: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "no_such_colleague": {
        "ru": "Такого коллеги нет. Найдите его по имени или наберите внутренний номер.",
        "en": "There is no such colleague. Find them by name, or dial an internal number.",
    },
    "colleague_offline": {
        "ru": "Коллега не на смене. Позвоните позже или выберите другого.",
        "en": "Your colleague is not on shift. Call later, or choose another one.",
    },
    "colleague_busy": {
        "ru": "Коллега занят: у него разговор или звонок. Позвоните, когда он освободится.",
        "en": "Your colleague is busy with a conversation or a call. Call when they are free.",
    },
    "colleague_not_ready": {
        "ru": "Коллега на перерыве и звонков сейчас не принимает.",
        "en": "Your colleague is on a pause and takes no calls now.",
    },
    "colleague_unreachable": {
        "ru": "Телефон коллеги не на связи. Позвоните позже или выберите другого.",
        "en": "Your colleague's telephone is not connected. Call later, or choose another one.",
    },
    "forward_to_self": {
        "ru": "Переадресовать звонки самому себе нельзя. Выберите коллегу, очередь или номер.",
        "en": "Calls cannot be forwarded to the agent they are for. Choose a colleague, a queue or a number.",
    },
    "forward_one": {
        "ru": "Звонки можно переадресовать только в одно место: коллеге, в очередь или на номер.",
        "en": "Calls are forwarded to one place: a colleague, a queue or a number.",
    },
    "config_forward": {
        "ru": "Личные звонки идут в одно место: коллеге, в очередь или на номер, и не самому оператору.",
        "en": "Personal calls go to one place: a colleague, a queue or a number, and not to the agent they are for.",
    },
    "internal_call": {
        "ru": "Это звонок между операторами: его можно поставить на удержание или закончить, но не перевести, не записать и не прослушать.",
        "en": "This is a call between agents: it can be held or ended, but not transferred, recorded or listened to.",
    },
    "nobody_rings": {
        "ru": "Ответить за оператора уже нельзя: звонок принят или больше не ждёт именно его.",
        "en": "Nothing is to be answered here any more: the call was taken, or waits for nobody in particular.",
    },
    "only_calls": {
        "ru": "Ответить за оператора можно только на звонок; написанное передайте кнопкой «Передать».",
        "en": "Only calls are answered in an agent's place; give what is written to somebody.",
    },
    "config_internal_number": {
        "ru": "Внутренний номер — от двух до шести цифр, например 205; здесь «{found}».",
        "en": "An internal number has two to six digits, such as 205; this is “{found}”.",
    },
    "config_internal_twice": {
        "ru": "Внутренний номер {found} уже занят: другим оператором или в short_numbers.",
        "en": "The internal number {found} is taken already: by another agent, or in short_numbers.",
    },
}
