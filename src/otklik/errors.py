"""What may go wrong, said so that a person knows what to do.

`AppError` carries a code, an HTTP status and data; its text stands in `MESSAGES` in Russian and English and is
chosen at the edge. `PeerError` is what adapters make of foreign failures: nothing foreign passes a port.
"""

from __future__ import annotations

from typing import Final, Literal

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
    "wrong_login": {
        "ru": "Логин или пароль не подходят. Проверьте раскладку клавиатуры и Caps Lock.",
        "en": "The login or the password does not match. Check the keyboard layout and Caps Lock.",
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
    "invalid_input": {
        "ru": "Поле «{name}»: {reason}.",
        "en": "Field “{name}”: {reason}.",
    },
    "not_in_shift": {
        "ru": "Сначала начните смену.",
        "en": "Start the shift first.",
    },
    "move_not_allowed": {
        "ru": "Сейчас это невозможно: состояние «{state}».",
        "en": "Not possible now: the state is “{state}”.",
    },
    "no_such_contact": {
        "ru": "Этого обращения уже нет у вас на руках.",
        "en": "You no longer have this contact.",
    },
    "no_such_reason": {
        "ru": "Такой причины перерыва нет в списке.",
        "en": "There is no such not-ready reason in the list.",
    },
    "no_such_disposition": {
        "ru": "Такого результата нет в списке.",
        "en": "There is no such disposition in the list.",
    },
    "disposition_required": {
        "ru": "Выберите результат обращения.",
        "en": "Choose the disposition of the contact.",
    },
    "telephony_down": {
        "ru": "Телефония не работает. {advice}",
        "en": "Telephony is not running. {advice}",
    },
    "centre_stopping": {
        "ru": "Сервер перезапускается. Повторите через несколько секунд.",
        "en": "The server is restarting. Try again in a few seconds.",
    },
    "centre_overloaded": {
        "ru": "Сервер перегружен. Повторите через несколько секунд.",
        "en": "The server is overloaded. Try again in a few seconds.",
    },
}
