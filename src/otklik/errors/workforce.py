"""What may be wrong with a question about working time."""

from __future__ import annotations

from typing import Final, Literal

WORKFORCE: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "too_many_days": {
        "ru": "Поле «to»: последний день не раньше первого, и всего не больше {days} дней.",
        "en": "Field “to”: the last day comes no earlier than the first, and there are at most {days} days in all.",
    },
    "no_such_time_zone": {
        "ru": "Поле «time_zone»: часового пояса «{found}» нет. Напишите, например, Europe/Moscow.",
        "en": "Field “time_zone”: there is no time zone “{found}”. Write for example Europe/London.",
    },
}
