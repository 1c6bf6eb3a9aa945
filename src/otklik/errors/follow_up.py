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
    "config_mail_sender": {
        "ru": "«{found}» — не адрес почты. Пример: help@example.com или Помощь <help@example.com>.",
        "en": "“{found}” is no mail address. Example: help@example.com, or Help <help@example.com>.",
    },
    "config_mail_server": {
        "ru": "Это не имя сервера почты: «{found}». Пример: smtp.example.com.",
        "en": "This is no name of a mail server: “{found}”. Example: smtp.example.com.",
    },
    "config_mail_port": {"ru": "Порт — от 1 до 65535, а не {found}.", "en": "A port is 1 to 65535, not {found}."},
    "config_mail_password": {
        "ru": "Для входа с именем user нужен пароль: назовите секрет в password_secret.",
        "en": "To sign in as user a password is needed: name its secret in password_secret.",
    },
    "config_mail_open": {
        "ru": "Письма и пароль пойдут на {found} незашифрованными. Нужно security: starttls или tls.",
        "en": "Mail and password go to {found} unencrypted. security: starttls or tls is needed.",
    },
    "config_no_reply": {
        "ru": "Готового ответа «{id}» нет.",
        "en": "There is no canned reply “{id}”.",
    },
    "config_no_mail": {
        "ru": "Почта не настроена (mail): с этим результатом письма не попросят.",
        "en": "Mail is not set up: with this result no mail will be asked for.",
    },
}
