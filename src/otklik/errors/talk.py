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
        "ru": "В поле «{label}» это не подходит: проверьте вид и границы. Дата пишется как 2027-01-31.",
        "en": "This does not fit the field “{label}”: check its form and limits. A date is written as 2027-01-31.",
    },
    "talk_required": {
        "ru": "Поле «{label}» нужно заполнить: без него сценарий дальше не идёт.",
        "en": "The field “{label}” has to be filled in: the script does not go on without it.",
    },
    "part_too_long": {
        "ru": "Вместе это длиннее {most} КБ: столько в настройках не помещается.",
        "en": "All of this is longer than {most} KB: more than a set-up may have.",
    },
    "part_unreadable": {
        "ru": "В тексте есть знаки, которых не бывает в письме. Наберите его заново.",
        "en": "There are characters in the text that no writing has. Type it again.",
    },
    "part_unknown": {
        "ru": "Части настроек «{part}» нет. Есть: {known}.",
        "en": "The set-up has no part “{part}”. There are: {known}.",
    },
    "part_shape": {
        "ru": "Поле «value» этой части выглядит так: {expected}.",
        "en": "The field “value” of this part looks like this: {expected}.",
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
        "ru": "{{{id}}} заполнить нечем: есть {{customer}}, {{company}}, {{number}}, {{agent}}, {{queue}}, {{card.ПОЛЕ}}, {{contact.ЧТО}}, {{chosen.ШАГ}} и {{written.ШАГ}}.",
        "en": "Nothing is known to fill {{{id}}} with: there are {{customer}}, {{company}}, {{number}}, {{agent}}, {{queue}}, {{card.FIELD}}, {{contact.WHAT}}, {{chosen.STEP}} and {{written.STEP}}.",
    },
    "config_talk_card": {
        "ru": "Своего поля карточки для «{id}» нет: оно всегда будет пустым.",
        "en": "There is no own field of the card for “{id}”: it will always be empty.",
    },
    "config_talk_looked_at": {
        "ru": "Условию не на что смотреть: «{id}» здесь не бывает известно.",
        "en": "The condition has nothing to look at: “{id}” is never known here.",
    },
    "config_talk_no_value": {
        "ru": "Условие на «{id}» ни с чем не сравнивает: впишите значение.",
        "en": "The condition on “{id}” compares with nothing: give a value.",
    },
    "config_talk_no_answer": {
        "ru": "Ответа «{id}» на том шаге нет: условие не выполнится никогда.",
        "en": "There is no answer “{id}” at that step: the condition never holds.",
    },
    "config_talk_needless": {
        "ru": "У поля вида «{found}» на это не смотрят.",
        "en": "This is not looked at in a field of the kind “{found}”.",
    },
    "config_talk_most": {
        "ru": "Наибольшее значение {found} меньше наименьшего.",
        "en": "The largest value {found} is below the smallest.",
    },
    "config_talk_silent": {
        "ru": "На шаге «{id}» агенту нечего сказать.",
        "en": "At the step “{id}” the agent has nothing to say.",
    },
    "config_talk_endless": {
        "ru": "С шага «{id}» до конца сценария не дойти: он водит по кругу.",
        "en": "From the step “{id}” the script never ends: it leads in a circle.",
    },
}
