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
