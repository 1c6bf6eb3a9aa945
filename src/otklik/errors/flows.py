"""What may be wrong with a drawn flow."""

from __future__ import annotations

from typing import Final, Literal

FLOWS: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "config_flow_languages": {"ru": "Нужен хотя бы один язык.", "en": "At least one language is needed."},
    "config_flow_empty": {"ru": "В сценарии нет ни одного блока.", "en": "The flow has no block."},
    "config_flow_kind": {"ru": "Нужно ровно одно из: {expected}.", "en": "Exactly one of these is needed: {expected}."},
    "config_flow_text": {"ru": "Нет текста на языке «{language}».", "en": "There is no text in “{language}”."},
    "config_flow_language": {"ru": "Языка «{id}» нет в languages.", "en": "“{id}” is not among the languages."},
    "config_flow_keys": {"ru": "Нужна хотя бы одна клавиша.", "en": "At least one key is needed."},
    "config_flow_attempts": {"ru": "Нужна хотя бы одна попытка, а не {found}.", "en": "At least 1, and not {found}."},
    "config_flow_digits": {
        "ru": "Должно быть 1 ≤ min_digits ≤ max_digits ≤ 40.",
        "en": "This must hold: 1 ≤ min_digits ≤ max_digits ≤ 40.",
    },
    "config_flow_name": {
        "ru": "Имя — из букв, цифр и подчёркиваний, а не «{found}».",
        "en": "A name is made of letters, digits and underscores, and not “{found}”.",
    },
    "config_flow_form": {
        "ru": "«{found}» сказать не получится. Можно так: {expected}.",
        "en": "“{found}” cannot be said. These can: {expected}.",
    },
    "config_flow_exit": {"ru": "Здесь бывают выходы: {expected}.", "en": "The exits here are: {expected}."},
    "config_flow_no_block": {"ru": "Блока «{id}» нет.", "en": "There is no block “{id}”."},
    "config_flow_no_exit": {"ru": "Выход «{exit}» никуда не ведёт.", "en": "The exit “{exit}” leads nowhere."},
    "config_flow_unreached": {"ru": "В блок «{id}» ничто не ведёт.", "en": "Nothing leads to the block “{id}”."},
    "config_flow_endless": {
        "ru": "Блок «{id}» идёт по кругу, ничего не спрашивая и не говоря.",
        "en": "The block “{id}” goes round in a circle without asking or saying anything.",
    },
    "config_flow_branch": {"ru": "У «{id}» нет выхода «{exit}».", "en": "“{id}” has no exit “{exit}”."},
    "config_flow_test": {"ru": "Проверка не сходится: {reason}", "en": "The test does not hold: {reason}"},
    "config_flow_circle": {"ru": "Сценарий «{id}» запускает сам себя.", "en": "The flow “{id}” runs itself."},
}
