"""What may be missing or wrong with what follows from a result."""

from __future__ import annotations

from typing import Final, Literal

FOLLOW_UP: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "task_required": {
        "ru": "Этот результат просит задачу: напишите, что нужно сделать дальше.",
        "en": "This result asks for a task: write what is to be done next.",
    },
    "call_required": {
        "ru": "Этот результат просит запланировать звонок клиенту.",
        "en": "This result asks for a planned call to the customer.",
    },
    "mail_required": {
        "ru": "Этот результат просит написать клиенту письмо.",
        "en": "This result asks for a mail to the customer.",
    },
    "task_taken": {
        "ru": "Эту задачу уже взял другой: {by}.",
        "en": "This task was taken by somebody else: {by}.",
    },
}
