"""Whom the demo tenant knows."""

from __future__ import annotations

from typing import Final

from otklik.contact.ids import CustomerId
from otklik.customer.identity import Customer

_NEW: Final = CustomerId("")
CUSTOMERS: Final = (
    Customer(
        id=_NEW,
        name="Иван Петров",
        company="ООО «Вектор»",
        vip=True,
        language="ru",
        about="Оптовый покупатель с 2019 года. Просит счёт на почту.",
        phones=("+79161234567", "+74952223344"),
        mails=("ivan.petrov@example.com",),
    ),
    Customer(
        id=_NEW,
        name="John Miller",
        company="Miller & Sons",
        language="en",
        about="Prefers e-mail. Ships to Boston.",
        phones=("+12025550123",),
        mails=("john@example.com",),
    ),
    Customer(id=_NEW, name="Мария Иванова", language="ru", phones=("+79031112233",)),
    Customer(
        id=_NEW,
        name="Алексей Фёдоров",
        company="Кафе «Пион»",
        language="ru",
        about="Доставка только до 11:00.",
        phones=("+78125556677", "+79217778899"),
    ),
    Customer(id=_NEW, name="Emma Brown", company="Bloom Ltd", vip=True, language="en", phones=("+442079460123",)),
)
