"""What may be wrong when an agent asks an outer database or service."""

from __future__ import annotations

from typing import Final, Literal

LOOKING_UP: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "no_such_look_up": {
        "ru": "Такого запроса для этого обращения нет. Обновите страницу.",
        "en": "There is no such look-up for this contact. Reload the page.",
    },
    "look_up_lacks": {
        "ru": "Спросить не с чем: о клиенте неизвестно «{name}». Запишите его в карточку или введите.",
        "en": "There is nothing to ask with: “{name}” is not known of the customer. Write it into the card, or type it.",
    },
    "look_up_late": {
        "ru": "Внешняя система отвечает слишком долго. Повторите чуть позже; разговору это не мешает.",
        "en": "The outer system takes too long to answer. Try again a little later; the conversation goes on.",
    },
    "look_up_unreachable": {
        "ru": "Внешняя система недоступна. Скажите администратору; разговору это не мешает.",
        "en": "The outer system cannot be reached. Tell the administrator; the conversation goes on.",
    },
    "look_up_not_set_up": {
        "ru": "Внешняя система здесь не настроена: нет её адреса или запроса. Скажите администратору.",
        "en": "The outer system is not set up here: its address or the question is missing. Tell the administrator.",
    },
    "look_up_refused": {
        "ru": "Внешняя система отказала или ответила непонятно. Скажите администратору.",
        "en": "The outer system refused, or its answer cannot be read. Tell the administrator.",
    },
    "config_look_up_of_what": {
        "ru": "Запрос обращается к одному: либо к базе (connection), либо к службе (service).",
        "en": "A look-up asks one of them: a database (connection) or a service.",
    },
    "config_look_up_parameter": {
        "ru": "Параметр «{name}» ничем не заполнен.",
        "en": "Nothing is given for the parameter “{name}”.",
    },
    "config_look_up_needless": {
        "ru": "Параметра «{name}» в запросе нет.",
        "en": "There is no parameter “{name}” in the question.",
    },
    "config_look_up_hole": {
        "ru": "«{name}» заполнить нечем: есть number, mail, customer, company, entered, card.ПОЛЕ и contact.ЧТО.",
        "en": "Nothing is known to fill “{name}” with: there are number, mail, customer, company, entered, card.FIELD and contact.WHAT.",
    },
}
