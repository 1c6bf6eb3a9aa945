"""What may be wrong with what supervisors are told, and with what they tell."""

from __future__ import annotations

from typing import Final, Literal

WATCHING: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "no_such_notice": {"ru": "Такого сообщения уже нет.", "en": "There is no such message any more."},
    "no_such_skill": {"ru": "Такой квалификации нет.", "en": "There is no such skill."},
    "config_alert_seconds": {
        "ru": "Укажите, сколько секунд это должно длиться, больше нуля.",
        "en": "Say for how many seconds it has to last, more than zero.",
    },
    "config_alert_percent": {
        "ru": "Укажите долю в процентах, от {least} до {most}.",
        "en": "Say the share in per cent, from {least} to {most}.",
    },
    "config_alert_window": {
        "ru": "Окно — от {least} до {most} секунд.",
        "en": "The window is from {least} to {most} seconds.",
    },
    "config_alert_at_least": {
        "ru": "Здесь нужно целое число от 1.",
        "en": "This must be a whole number from 1.",
    },
    "config_alert_not_of_kind": {
        "ru": "У оповещения вида {kind} этого нет.",
        "en": "An alert of the kind {kind} has no such thing.",
    },
}
