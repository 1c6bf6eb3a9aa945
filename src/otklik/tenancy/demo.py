"""What the demo tenant consists of: a small centre in Russian and English that serves one client company."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from otklik.contact.configuration import (
    Calling,
    CannedReply,
    Configuration,
    Disposition,
    EntryPoint,
    MenuChoice,
    Queue,
    Reason,
    Scenario,
    TalkAnswer,
    TalkScript,
    TalkStep,
)
from otklik.contact.form import Choice, ChoiceList, CustomerField, FieldGroup
from otklik.contact.ids import ChoiceListId, EntryPointId, FieldGroupId, QueueId, ScenarioId, TenantId
from otklik.errors import Language
from otklik.tenancy.person import Role

PROVIDER: Final = "Отклик"
TENANT: Final = "Отклик Демо"
CLIENT: Final = "Ромашка"

SALES: Final = QueueId("sales")
SUPPORT: Final = QueueId("support")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Who may sign in to the demo tenant."""

    login: str
    name: str
    role: Role
    language: Language = "ru"
    queues: dict[QueueId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoNumber:
    """A number to dial and what it leads to."""

    number: str
    title: str


PEOPLE: Final = (
    DemoPerson("anna", "Анна Смирнова", "agent", queues={SALES: 10, SUPPORT: 5}),
    DemoPerson("boris", "Борис Ким", "agent", queues={SALES: 5, SUPPORT: 10}),
    DemoPerson("kate", "Kate Wilson", "agent", language="en", queues={SALES: 8, SUPPORT: 8}),
    DemoPerson("olga", "Ольга Петрова", "supervisor"),
    DemoPerson("admin", "Администратор", "administrator"),
)

_RUSSIAN: Final = Scenario(
    id=ScenarioId("menu-ru"),
    language="ru",
    greeting="Здравствуйте! Вы позвонили в компанию «Ромашка». Разговор записывается.",
    prompt="Чтобы поговорить с отделом продаж, нажмите один. Чтобы поговорить с поддержкой, нажмите два.",
    choices=(
        MenuChoice(digit="1", label="Продажи", queue=SALES),
        MenuChoice(digit="2", label="Поддержка", queue=SUPPORT),
    ),
    otherwise=SUPPORT,
    wrong_choice="Такого пункта нет.",
)
_ENGLISH: Final = Scenario(
    id=ScenarioId("menu-en"),
    language="en",
    greeting="Hello! You have called Romashka. This call is recorded.",
    prompt="For sales, press one. For support, press two.",
    choices=(
        MenuChoice(digit="1", label="Sales", queue=SALES),
        MenuChoice(digit="2", label="Support", queue=SUPPORT),
    ),
    otherwise=SUPPORT,
    wrong_choice="There is no such choice.",
)

_ORDER: Final = TalkScript(
    id="order",
    name="Заказ букета",
    steps=(
        TalkStep(
            id="hello",
            say="{customer}, здравствуйте! Меня зовут {agent}. Для кого выбираем букет?",
            answers=(
                TalkAnswer(id="gift", text="В подарок", then="when"),
                TalkAnswer(id="office", text="В офис", then="company"),
                TalkAnswer(id="think", text="Пока узнаю", then="price"),
            ),
        ),
        TalkStep(
            id="company", say="На какую компанию выписать счёт?", field="text", label="Компания и ИНН", then="when"
        ),
        TalkStep(id="when", say="К какому дню привезти?", field="date", label="День доставки", then="sum"),
        TalkStep(id="sum", say="На какую сумму рассчитываете?", field="number", label="Сумма, ₽", then="bye"),
        TalkStep(
            id="price",
            say="Букеты от 1 900 ₽, доставка по городу бесплатно от 3 000 ₽. Прислать каталог?",
            answers=(
                TalkAnswer(id="yes", text="Да, пришлите", then="address"),
                TalkAnswer(id="no", text="Нет, спасибо", then="bye"),
            ),
        ),
        TalkStep(id="address", say="На какой адрес прислать?", field="text", label="Электронная почта", then="bye"),
        TalkStep(id="bye", say="Спасибо за звонок! Хорошего дня."),
    ),
)

_REPLIES: Final = (
    CannedReply(
        id="адрес",
        ru="{customer.name}, наш салон: Тверская, 12, каждый день с 9 до 21.",
        en="{customer.name}, our shop is at 12 Tverskaya, every day from 9 to 21.",
    ),
    CannedReply(
        id="доставка",
        ru="Доставка по городу бесплатно от 3 000 ₽, в день заказа до 18:00. {agent.name}, «Ромашка».",
        en="Delivery in town is free from 3,000 ₽, on the same day until 18:00. {agent.name}, Romashka.",
        queues=(SALES,),
    ),
    CannedReply(
        id="возврат",
        ru="Пришлите фото букета в течение суток: заменим его или вернём деньги.",
        en="Send a picture of the bouquet within a day: we replace it or return the money.",
    ),
)

_ZONE: Final = "Europe/Moscow"
_DEAL: Final = FieldGroupId("deal")
_TASTE: Final = FieldGroupId("taste")
_CITIES: Final = ChoiceListId("cities")
_CALLING: Final = Calling(callers=(EntryPointId("russian"), EntryPointId("english")))
CONFIGURATION: Final = Configuration(
    queues=(
        Queue(id=SALES, name="Продажи", talk_script=_ORDER.id, calling=_CALLING),
        Queue(id=SUPPORT, name="Поддержка", calling=_CALLING),
    ),
    short_numbers=("112",),
    scenarios=(_RUSSIAN, _ENGLISH),
    entry_points=(
        EntryPoint(
            id=EntryPointId("russian"), number="1000", scenario=_RUSSIAN.id, name="Меню на русском", time_zone=_ZONE
        ),
        EntryPoint(
            id=EntryPointId("english"), number="2000", scenario=_ENGLISH.id, name="Menu in English", time_zone=_ZONE
        ),
    ),
    talk_scripts=(_ORDER,),
    canned_replies=_REPLIES,
    reasons=(
        Reason(id="lunch", ru="Обед", en="Lunch"),
        Reason(id="break", ru="Перерыв", en="Break"),
        Reason(id="training", ru="Обучение", en="Training"),
        Reason(id="paperwork", ru="Документы", en="Paperwork"),
    ),
    dispositions=(
        Disposition(id="resolved", ru="Вопрос решён", en="Resolved"),
        Disposition(id="order", ru="Заказ оформлен", en="Order placed"),
        Disposition(id="callback", ru="Перезвонить", en="Call back", call="optional"),
        Disposition(id="complaint", ru="Жалоба", en="Complaint"),
        Disposition(id="complaint-delivery", ru="Доставка", en="Delivery", under="complaint"),
        Disposition(
            id="complaint-quality",
            ru="Качество",
            en="Quality",
            under="complaint",
            task="required",
            task_queue=SUPPORT,
        ),
        Disposition(id="complaint-staff", ru="Обслуживание", en="Service", under="complaint"),
        Disposition(id="wrong-number", ru="Ошибка номером", en="Wrong number"),
        Disposition(id="spam", ru="Спам", en="Spam"),
    ),
    customer_fields=(
        CustomerField(
            id="contract",
            kind="text",
            ru="Номер договора",
            en="Contract number",
            help_ru="Две буквы, дефис, четыре цифры: РМ-1234.",
            help_en="Two letters, a hyphen, four digits: RM-1234.",
            pattern="[A-ZА-Я]{2}-[0-9]{4}",
            group=_DEAL,
        ),
        CustomerField(id="city", kind="choice", ru="Город", en="City", choices_from=_CITIES, group=_DEAL),
        CustomerField(id="since", kind="date", ru="Клиент с", en="Customer since", group=_DEAL),
        CustomerField(
            id="bouquets",
            kind="choices",
            ru="Что заказывает",
            en="What is ordered",
            choices=(
                Choice(id="roses", ru="Розы", en="Roses"),
                Choice(id="daisies", ru="Ромашки", en="Daisies"),
                Choice(id="pots", ru="Горшечные", en="Potted plants"),
            ),
            group=_TASTE,
        ),
        CustomerField(
            id="budget", kind="number", ru="Обычная сумма, ₽", en="Usual sum, ₽", least=0, most=1_000_000, group=_TASTE
        ),
        CustomerField(id="news", kind="yes_no", ru="Согласен на рассылку", en="Agrees to newsletters", group=_TASTE),
        CustomerField(id="site", kind="link", ru="Сайт", en="Website"),
        CustomerField(id="remarks", kind="long_text", ru="Как доставлять", en="How to deliver", group=_TASTE),
    ),
    field_groups=(
        FieldGroup(id=_DEAL, ru="Договор", en="Contract"),
        FieldGroup(id=_TASTE, ru="Предпочтения", en="Preferences"),
    ),
    choice_lists=(
        ChoiceList(
            id=_CITIES,
            choices=(
                Choice(id="msk", ru="Москва", en="Moscow"),
                Choice(id="spb", ru="Санкт-Петербург", en="Saint Petersburg"),
                Choice(id="kzn", ru="Казань", en="Kazan"),
                Choice(id="nsk", ru="Новосибирск", en="Novosibirsk"),
            ),
        ),
    ),
)
NUMBERS: Final = tuple(DemoNumber(entry.number, entry.name) for entry in CONFIGURATION.entry_points)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSeed:
    """The demo tenant as it stands in the database; `created`: just now."""

    tenant: TenantId
    created: bool
    people: tuple[DemoPerson, ...] = PEOPLE
    numbers: tuple[DemoNumber, ...] = NUMBERS
