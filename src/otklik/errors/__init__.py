"""What may go wrong, said so that a person knows what to do.

`AppError` carries a code, an HTTP status and data; its text stands in `MESSAGES` in Russian and English and is
chosen at the edge; those of customers and of the machine have files of their own. `PeerError` is what adapters make of
foreign failures: nothing foreign passes a port.
"""

from __future__ import annotations

from typing import Final, Literal

from otklik.errors.calling_back import CALLING_BACK
from otklik.errors.configuration import CONFIGURATION
from otklik.errors.customer import CUSTOMER
from otklik.errors.flows import FLOWS
from otklik.errors.follow_up import FOLLOW_UP
from otklik.errors.inside import INSIDE
from otklik.errors.knowledge import KNOWLEDGE
from otklik.errors.looking_up import LOOKING_UP
from otklik.errors.machine import MACHINE
from otklik.errors.outside import OUTSIDE
from otklik.errors.prompts import PROMPTS
from otklik.errors.talk import TALK
from otklik.errors.watching import WATCHING
from otklik.errors.workforce import WORKFORCE

Language = Literal["ru", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ru", "en")


class AppError(Exception):
    """A refusal that is shown to a person; `data` fills the places in the message and goes out beside it."""

    def __init__(self, code: str, status: int = 400, *, field: str | None = None, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.field = field
        self.data = data

    def message(self, language: Language) -> str:
        return MESSAGES[self.code][language].format(**self.data)

    def __str__(self) -> str:
        return self.message("en") if self.code in MESSAGES else self.code


class PeerError(Exception):
    """A peer (Asterisk, a database, a mail server) failed; `retryable` says whether trying again may help."""

    def __init__(self, peer: str, reason: str, *, retryable: bool) -> None:
        super().__init__(f"{peer}: {reason}")
        self.peer = peer
        self.reason = reason
        self.retryable = retryable


MESSAGES: Final[dict[str, dict[Language, str]]] = {
    **CONFIGURATION,
    **FLOWS,
    **FOLLOW_UP,
    **LOOKING_UP,
    **OUTSIDE,
    **PROMPTS,
    "push_not_public": {
        "ru": "Такой адрес уведомлений не принимается: нужна служба браузера в интернете, по https.",
        "en": "This address of notifications is not taken: it must be a browser's service on the internet, over https.",
    },
    "push_key": {
        "ru": "Секрет PUSH_KEY негоден: нужны 32 байта в base64url. Создать: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
        "en": "The secret PUSH_KEY is no good: it must be 32 bytes in base64url. Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
    },
    "push_failed": {
        "ru": "Служба уведомлений браузера не приняла сообщение. Выключите и включите уведомления снова.",
        "en": "The browser's notification service did not take the message. Switch notifications off and on again.",
    },
    "push_too_often": {
        "ru": "Пробное уже отправлялось. Повторите через {seconds} с.",
        "en": "One was sent just now. Try again in {seconds} s.",
    },
    "switchboard_away": {
        "ru": "Коммутатор перезапускается: это займёт несколько секунд. Разговоры продолжаются; повторите действие.",
        "en": "The switchboard is restarting; this takes a few seconds. Conversations go on; do it again then.",
    },
    "wrong_login": {
        "ru": "Логин или пароль не подходят. Проверьте раскладку клавиатуры и Caps Lock.",
        "en": "The login or the password does not match. Check the keyboard layout and Caps Lock.",
    },
    "no_such_action": {
        "ru": "Действия «{action}» нет: обновите страницу.",
        "en": "There is no action “{action}”: reload the page.",
    },
    "key_not_usable": {
        "ru": "Клавиши «{key}» занять нельзя: они нужны браузеру или тому, кто правит текст. Возьмите букву или сочетание с Alt.",
        "en": "The keys “{key}” cannot be used: the browser needs them, or whoever edits a text. Take a letter, or one with Alt.",
    },
    "key_taken": {
        "ru": "Клавиши «{key}» уже делают другое в то же время. Возьмите другие или сначала освободите эти.",
        "en": "The keys “{key}” already do something else at the same time. Take others, or free these first.",
    },
    "too_many_attempts": {
        "ru": "Слишком много попыток входа. Повторите через {seconds} с.",
        "en": "Too many sign-in attempts. Try again in {seconds} s.",
    },
    "not_signed_in": {
        "ru": "Сеанс закончился или вход не выполнен. Войдите ещё раз.",
        "en": "The session has ended or you are not signed in. Sign in again.",
    },
    "not_permitted": {
        "ru": "Для этого действия нужны другие права. Обратитесь к администратору.",
        "en": "This needs other permissions. Ask your administrator.",
    },
    "not_found": {"ru": "Не найдено.", "en": "Not found."},
    "invalid_input": {"ru": "Поле «{name}»: {reason}.", "en": "Field “{name}”: {reason}."},
    "not_in_shift": {"ru": "Сначала начните смену.", "en": "Start the shift first."},
    "move_not_allowed": {
        "ru": "Сейчас это невозможно: состояние «{state}».",
        "en": "Not possible now: the state is “{state}”.",
    },
    "no_such_contact": {"ru": "Этого обращения уже нет у вас на руках.", "en": "You no longer have this contact."},
    "not_recorded": {
        "ru": "Этот разговор и так не записывается.",
        "en": "This conversation is not being recorded anyway.",
    },
    "recording_forbidden": {
        "ru": "Разговоры этой очереди не записываются.",
        "en": "Conversations of this queue are not recorded.",
    },
    "contact_not_waiting": {
        "ru": "Это обращение больше не ждёт в очереди.",
        "en": "This contact no longer waits in a queue.",
    },
    "no_such_callback": {
        "ru": "Этому клиенту перезванивать не нужно.",
        "en": "This customer is not to be called back.",
    },
    "callback_no_trunk": {
        "ru": "Перезвонить нельзя: внешней линии для исходящих звонков нет.",
        "en": "Nobody can be called back: there is no trunk for calls out.",
    },
    "callback_no_number": {
        "ru": "Перезвонить нельзя: номер клиента скрыт или не похож на номер.",
        "en": "This customer cannot be called back: the number is withheld or cannot be called.",
    },
    "callback_not_allowed": {
        "ru": "Перезвонить нельзя: номера с таким началом в очереди не разрешены.",
        "en": "This customer cannot be called back: the queue does not allow numbers that begin so.",
    },
    "callback_once": {"ru": "Этому клиенту уже перезванивали.", "en": "This customer was called back already."},
    "queue_calls_nobody": {
        "ru": "От имени этой очереди не звонят: администратор не назначил ей номеров для исходящих (queues.calling.callers).",
        "en": "Nobody calls out in the name of this queue: the administrator has given it no numbers (queues.calling.callers).",
    },
    "nobody_calls_out": {
        "ru": "Исходящие звонки не настроены: ни одной из ваших очередей не назначены номера. Обратитесь к администратору.",
        "en": "Calling out is not set up: none of your queues has numbers to call from. Ask your administrator.",
    },
    "not_your_queue": {
        "ru": "Вы не работаете в этой очереди. Выберите другую.",
        "en": "You do not work in this queue. Choose another one.",
    },
    "no_such_caller": {
        "ru": "С этого номера очередь не звонит. Выберите другой номер.",
        "en": "The queue does not call from this number. Choose another one.",
    },
    "no_trunk_out": {
        "ru": "Позвонить нельзя: внешней линии для исходящих нет. Администратор задаёт её в OTKLIK_TRUNK_OUT.",
        "en": "No calls can be placed: there is no trunk for calls out. The administrator names one in OTKLIK_TRUNK_OUT.",
    },
    "number_unreadable": {
        "ru": "Это не номер телефона. Введите его с кодом: +7 916 123-45-67; добавочный наберите после ответа.",
        "en": "This is no telephone number. Type it with its code: +7 916 123-45-67; dial an extension after the answer.",
    },
    "number_not_allowed": {
        "ru": "На такие номера от имени этой очереди звонить не разрешено. Проверьте номер или выберите другую очередь.",
        "en": "The queue does not allow numbers that begin so. Check the number, or choose another queue.",
    },
    "short_number_not_allowed": {
        "ru": "Этого короткого номера нет в списке разрешённых. Администратор добавляет их в short_numbers.",
        "en": "This short number is not among those allowed. The administrator adds them to short_numbers.",
    },
    "phone_unreachable": {
        "ru": "Ваш телефон сейчас не на связи. Проверьте микрофон и подключение, затем позвоните снова.",
        "en": "Your telephone is not connected now. Check the microphone and the connection, then call again.",
    },
    "phone_not_set_up": {
        "ru": "Для вас это не настроено. Администратор разрешает настольный телефон и внешний номер в настройках операторов.",
        "en": "This is not set up for you. The administrator allows desk telephones and outside numbers in the agents' set-up.",
    },
    "phone_in_use": {
        "ru": "Сейчас идёт звонок. Смените телефон, когда он закончится.",
        "en": "A call is in hand. Change the telephone when it is over.",
    },
    "call_while_ringing": {
        "ru": "Сейчас вам звонят или ваша линия занята. Ответьте или отклоните, затем звоните.",
        "en": "Your line is ringing or busy. Answer or decline, then call.",
    },
    "call_after_wrap_up": {
        "ru": "Сначала сохраните результат предыдущего разговора.",
        "en": "Save the outcome of the previous conversation first.",
    },
    "call_hands_full": {
        "ru": "Сначала закончите разговор, который идёт.",
        "en": "Finish the conversation you have first.",
    },
    "talk_not_parked": {
        "ru": "Разговор отложить нельзя: откладывается только то, что написано.",
        "en": "A conversation cannot be parked: only what is written can.",
    },
    "parked_too_long": {
        "ru": "Срок возврата — в будущем и не дальше, чем разрешает parking.longest_seconds.",
        "en": "The time to return lies in the future, and no further than parking.longest_seconds allows.",
    },
    "parked_too_many": {
        "ru": "Отложено столько, сколько разрешено. Сначала верните что-нибудь из отложенного.",
        "en": "You have parked as many as allowed. Take one back first.",
    },
    "contact_not_parked": {"ru": "Это обращение у вас не отложено.", "en": "This contact is not parked with you."},
    "bad_key": {
        "ru": "Ключ сайта не подходит: нужен заголовок «Authorization: Bearer КЛЮЧ». Новый ключ делает администратор.",
        "en": "The site's key does not fit: the header is “Authorization: Bearer KEY”. An administrator makes a new one.",
    },
    "no_such_entry_point": {
        "ru": "Такой точки входа нет. Они перечислены в настройках.",
        "en": "There is no such entry point. They are listed in the configuration.",
    },
    "agent_cannot_take": {
        "ru": "Оператор не может взять это обращение сейчас: «{state}».",
        "en": "The agent cannot take this contact now: “{state}”.",
    },
    "consultation_on": {
        "ru": "Вы уже советуетесь об этом обращении. Сначала переведите клиента коллеге или вернитесь к нему.",
        "en": "You are asking a colleague about this contact already. Complete that transfer first, or go back to the customer.",
    },
    "no_consultation": {
        "ru": "Сейчас вы ни с кем не советуетесь об этом обращении.",
        "en": "You are not asking anybody about this contact now.",
    },
    "conference_full": {
        "ru": "В разговоре уже столько людей, сколько разрешено. Сначала отключите кого-нибудь.",
        "en": "There are as many people in the conversation as may be. Release somebody first.",
    },
    "conference_outside": {
        "ru": "В разговоре уже есть собеседник на внешнем номере, а второго быть не может. Сначала отключите его.",
        "en": "Somebody at an outside number is in the conversation already, and there can be only one. Release them first.",
    },
    "no_participant": {
        "ru": "Этого участника в разговоре уже нет.",
        "en": "They are not in the conversation any more.",
    },
    "nobody_answered": {
        "ru": "Коллега ещё не ответил: соединить троих нельзя.",
        "en": "The colleague has not answered yet: the three of you cannot be brought together.",
    },
    "nobody_talks": {
        "ru": "Разговора, к которому можно подключиться, сейчас нет.",
        "en": "There is no conversation to join now.",
    },
    "call_in_hand": {
        "ru": "У вас на руках другое обращение. Сначала завершите его.",
        "en": "You have a contact of your own in hand. Finish it first.",
    },
    "not_joined": {
        "ru": "Вы не подключены к этому разговору.",
        "en": "You have not joined this conversation.",
    },
    "no_such_queue": {"ru": "Такой очереди нет.", "en": "There is no such queue."},
    "no_such_agent": {"ru": "Такого оператора сейчас нет в смене.", "en": "There is no such agent in shift now."},
    "one_target": {"ru": "Укажите ровно одно: очередь или оператора.", "en": "Name exactly one: a queue or an agent."},
    "wrap_up_limit": {"ru": "Постобработку больше продлить нельзя.", "en": "Wrap-up cannot be extended any further."},
    "no_such_reason": {
        "ru": "Такой причины перерыва нет в списке.",
        "en": "There is no such not-ready reason in the list.",
    },
    "no_such_status": {"ru": "Такого статуса нет в списке.", "en": "There is no such status in the list."},
    "no_such_disposition": {"ru": "Такого результата нет в списке.", "en": "There is no such disposition in the list."},
    "disposition_not_offered": {
        "ru": "Этот результат — заголовок или не предлагается в этой очереди. Выберите другой.",
        "en": "This disposition is a heading, or is not offered in this queue. Choose another.",
    },
    "disposition_required": {"ru": "Выберите результат обращения.", "en": "Choose the disposition of the contact."},
    "telephony_down": {"ru": "Телефония не работает. {advice}", "en": "Telephony is not running. {advice}"},
    "centre_stopping": {
        "ru": "Сервер перезапускается. Повторите через несколько секунд.",
        "en": "The server is restarting. Try again in a few seconds.",
    },
    "centre_overloaded": {
        "ru": "Сервер перегружен. Повторите через несколько секунд.",
        "en": "The server is overloaded. Try again in a few seconds.",
    },
    "too_far_back": {
        "ru": "Это было слишком давно, чтобы пересказать на ходу. Наберите на сервере: otklik why {contact}",
        "en": "This is too far back to be retold while calls go on. Type on the server: otklik why {contact}",
    },
    "log_begins_later": {
        "ru": "Журнал начинается с факта {first}: более ранние удалены по сроку хранения, и ни один снимок их не помнит."
        " Это уже не пересказать.",
        "en": "The log begins with fact {first}: earlier ones were dropped as OTKLIK_LOG_KEEP_DAYS says, and no snapshot"
        " remembers them. This can no longer be retold.",
    },
    "log_cut": {
        "ru": "Центр {tenant} не запущен: журнал начинается с факта {first}, а снимок, который эта версия умеет читать,"
        " знает факты до {known}. Часть состояния (кто ждёт, обещанные звонки) пропала бы молча. Запустите версию,"
        " которая работала до обновления, или восстановите базу из резервной копии.",
        "en": "Centre {tenant} was not started: its log begins with fact {first}, and what this version can read of its"
        " snapshots knows facts up to {known}. A part of its state (who waits, promised calls) would be lost in silence."
        " Run the version that ran before the upgrade, or restore the database from a backup.",
    },
    "port_in_use": {
        "ru": "Порт {port} ({purpose}) занят другой программой. Освободите его или задайте другой в {setting}.",
        "en": "Port {port} ({purpose}) is taken by another program. Free it, or set another one in {setting}.",
    },
    "no_such_login": {"ru": "Логина «{login}» нет.", "en": "There is no login “{login}”."},
    "password_too_short": {
        "ru": "Пароль короче {least} знаков.",
        "en": "The password is shorter than {least} characters.",
    },
    "peer_unavailable": {
        "ru": "Сервис «{peer}» сейчас не отвечает. Повторите через несколько секунд.",
        "en": "The service “{peer}” does not answer now. Try again in a few seconds.",
    },
    "database_down": {
        "ru": "База данных не отвечает. Повторите через несколько секунд.",
        "en": "The database does not answer. Try again in a few seconds.",
    },
    "internal_error": {
        "ru": "Внутренняя ошибка. Сообщите администратору номер {id}.",
        "en": "Internal error. Tell your administrator the number {id}.",
    },
    "method_not_allowed": {
        "ru": "Этот адрес такого запроса не принимает.",
        "en": "This address does not take such a request.",
    },
    "too_large": {
        "ru": "Запрос слишком большой: можно не более {limit} байт.",
        "en": "The request is too large: at most {limit} bytes.",
    },
    "no_such_range": {"ru": "Такой части записи нет.", "en": "The recording has no such part."},
    "no_demo": {
        "ru": "Имитация звонков не включена. Запустите otklik run --demo.",
        "en": "Simulated calls are not switched on. Start otklik run --demo.",
    },
    "invalid_cursor": {
        "ru": "Поле «before»: такой страницы нет. Начните с первой.",
        "en": "Field “before”: there is no such page. Start from the first one.",
    },
    "lease_held": {
        "ru": "Контакт-центром управляет другая копия: {holder}. Остановите её; если она погибла, повторите через "
        "{seconds} с.",
        "en": "Another copy is running this contact centre: {holder}. Stop it; if it died, try again in {seconds} s.",
    },
    "no_such_alert": {"ru": "Такого оповещения нет.", "en": "There is no such alert."},
    "incident_time": {
        "ru": "Когда починят — в будущем, не дальше 30 дней.",
        "en": "When it is mended has to be in the future, within 30 days.",
    },
    "no_such_incident_switch": {
        "ru": "Такого аварийного переключателя в настройках нет.",
        "en": "There is no such incident switch in the set-up.",
    },
    **CALLING_BACK,
    **CUSTOMER,
    **MACHINE,
    **TALK,
    **KNOWLEDGE,
    **WATCHING,
    **INSIDE,
    **WORKFORCE,
}
