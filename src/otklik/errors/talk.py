"""What may be wrong with a talk script and its answers."""

from __future__ import annotations

from typing import Final, Literal

TALK: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "no_talk_script": {
        "ru": "Для этого обращения сценария разговора нет.",
        "en": "There is no talk script for this contact.",
    },
    "talk_not_on_the_way": {
        "ru": "Такого ответа на этом шаге сценария разговора нет. Обновите страницу.",
        "en": "There is no such answer at this step of the talk script. Reload the page.",
    },
    "talk_bad_value": {
        "ru": "Это не подходит к полю: нужно число или дата вида 2027-01-31.",
        "en": "This does not fit the field: a number is wanted, or a date like 2027-01-31.",
    },
    "config_no_talk_script": {"ru": "Сценария разговора «{id}» нет.", "en": "There is no talk script “{id}”."},
    "config_reply_shortcut": {
        "ru": "В сокращении «{id}» пробел или косая черта: его набирают после «/» одним словом.",
        "en": "The shortcut “{id}” has a space or a slash in it: it is typed after “/” as one word.",
    },
    "config_reply_empty": {
        "ru": "У заготовки «{id}» нет текста ни по-русски, ни по-английски.",
        "en": "The canned reply “{id}” has no text, neither in Russian nor in English.",
    },
    "config_reply_hole": {
        "ru": "«{found}» не подставляется: останется в тексте как есть.",
        "en": "“{found}” is not filled in: it stays in the text as it is.",
    },
    "config_talk_empty": {"ru": "В сценарии разговора нет ни одного шага.", "en": "The talk script has no steps."},
    "config_talk_step": {
        "ru": "Шага «{id}» в этом сценарии разговора нет.",
        "en": "There is no step “{id}” in this talk script.",
    },
    "config_talk_unreached": {
        "ru": "До шага «{id}» нельзя дойти от первого.",
        "en": "The step “{id}” cannot be reached from the first one.",
    },
    "config_talk_then": {
        "ru": "У шага есть ответы: продолжение стоит в них, а не у шага.",
        "en": "The step has answers: what follows stands with them, not with the step.",
    },
    "config_talk_hole": {
        "ru": "{{{id}}} заполнить нечем: есть {{customer}}, {{company}}, {{number}}, {{agent}} и {{queue}}.",
        "en": "Nothing is known to fill {{{id}}} with: there are {{customer}}, {{company}}, {{number}}, {{agent}} and {{queue}}.",
    },
}
