"""What may be wrong with the card of a customer."""

from __future__ import annotations

from typing import Final, Literal

CUSTOMER: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "card_conflict": {
        "ru": "Карточку тем временем изменили ({by}). Посмотрите, что изменилось, и решите, что оставить.",
        "en": "The card was changed meanwhile ({by}). See what has changed and decide what stays.",
    },
    "customer_merged": {
        "ru": "Эту карточку объединили с другой. Откройте её заново: она приведёт к общей.",
        "en": "This card was merged into another. Open it again: it leads to the common one.",
    },
    "identity_known": {"ru": "{value} уже есть в этой карточке.", "en": "{value} is on this card already."},
    "mail_not_set_up": {
        "ru": "Отправить нечем или некуда: почта не настроена, или клиент не оставил адреса. Ответ сохранён здесь.",
        "en": "There is no way to send it: mail is not set up, or the customer has given no address. The answer is kept here.",
    },
    "config_empty": {"ru": "Здесь нужен текст.", "en": "A text is needed here."},
    "config_choices": {
        "ru": "Полю с выбором нужно ровно одно: choices или choices_from.",
        "en": "A field of choices needs exactly one of choices and choices_from.",
    },
    "config_pattern": {
        "ru": "Образец «{found}» не читается. Это регулярное выражение без просмотра вперёд и назад, например [A-Z]{{2}}-[0-9]{{4}}.",
        "en": "The pattern “{found}” cannot be read. It is a regular expression without look-around, as [A-Z]{{2}}-[0-9]{{4}}.",
    },
    "config_longest": {
        "ru": "Длина — от 0 (обычная) до {most}, а указано {found}.",
        "en": "A length is 0 (the usual one) to {most}, and not {found}.",
    },
    "config_most": {
        "ru": "Наибольшее ({found}) меньше наименьшего ({least}).",
        "en": "The most ({found}) is less than the least ({least}).",
    },
    "config_not_of_kind": {
        "ru": "У поля вида {kind} этого нет.",
        "en": "A field of the kind {kind} has no such thing.",
    },
    "config_no_group": {"ru": "Группы полей «{id}» нет.", "en": "There is no group of fields “{id}”."},
    "config_no_list": {"ru": "Списка «{id}» нет.", "en": "There is no list “{id}”."},
    "form_invalid": {"ru": "Поле «{name}»: {reason}.", "en": "Field “{name}”: {reason}."},
    "form_required": {"ru": "заполните его", "en": "fill it in"},
    "form_no_field": {"ru": "такого поля нет в форме", "en": "the form has no such field"},
    "form_text": {"ru": "нужен текст", "en": "must be text"},
    "form_long": {"ru": "не длиннее {most} зн.", "en": "must have at most {most} characters"},
    "form_pattern": {"ru": "не такого вида, как нужно", "en": "does not have the form that is needed"},
    "form_number": {"ru": "нужно число", "en": "must be a number"},
    "form_least": {"ru": "не меньше {least}", "en": "must be at least {least}"},
    "form_most": {"ru": "не больше {most}", "en": "must be at most {most}"},
    "form_date": {"ru": "нужна дата, например 2027-01-31", "en": "must be a date such as 2027-01-31"},
    "form_choice": {"ru": "такого варианта нет", "en": "there is no such choice"},
    "form_yes_no": {"ru": "нужно да или нет", "en": "must be yes or no"},
    "form_phone": {"ru": "это не номер телефона", "en": "is no telephone number"},
    "form_mail": {"ru": "это не адрес почты", "en": "is no mail address"},
    "form_link": {
        "ru": "нужна ссылка, которая начинается с https:// или http://",
        "en": "must be a link that begins with https:// or http://",
    },
    "merge_itself": {"ru": "Карточку нельзя объединить с ней самой.", "en": "A card cannot be merged with itself."},
    "merge_changed": {
        "ru": "Одну из карточек тем временем изменили. Посмотрите на обе ещё раз.",
        "en": "One of the cards was changed meanwhile. Look at both again.",
    },
    "merge_not_last": {
        "ru": "После этого объединения были другие. Сначала отмените последнее.",
        "en": "There were other merges after this one. Undo the last one first.",
    },
    "merge_undone": {"ru": "Это объединение уже отменено.", "en": "This merge is undone already."},
    "not_your_note": {"ru": "Править заметку может только её автор.", "en": "Only the author may mend a note."},
    "no_such_person": {"ru": "Такого сотрудника нет.", "en": "There is no such person."},
    "no_number": {
        "ru": "«{value}» — не номер телефона. Пример: +7 916 123-45-67.",
        "en": "“{value}” is no telephone number. Example: +44 20 7946 0123.",
    },
    "no_mail": {
        "ru": "«{value}» — не адрес почты. Пример: ivan@example.com.",
        "en": "“{value}” is no mail address. Example: john@example.com.",
    },
    "no_handle": {
        "ru": "«{value}» не годится в имена мессенджера: буквы, цифры, точка, дефис и подчёркивание, от 2 до 64.",
        "en": "“{value}” cannot be a messenger's name: 2 to 64 letters, digits, dots, hyphens and underscores.",
    },
}
