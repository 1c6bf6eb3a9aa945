"""What may be wrong with a set-up: told with the place, before anything of it holds."""

from __future__ import annotations

from typing import Final, Literal

CONFIGURATION: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "config_short_number": {
        "ru": "Короткий номер — от двух до шести цифр, например 112; здесь «{found}».",
        "en": "A short number has two to six digits, such as 112; this is “{found}”.",
    },
    "config_no_queue": {"ru": "Очереди «{id}» нет.", "en": "There is no queue “{id}”."},
    "config_no_scenario": {"ru": "Сценария «{id}» нет.", "en": "There is no scenario “{id}”."},
    "config_no_entry_point": {"ru": "Точки входа «{id}» нет.", "en": "There is no entry point “{id}”."},
    "config_no_calendar": {"ru": "Календаря «{id}» нет.", "en": "There is no calendar “{id}”."},
    "config_no_number_list": {"ru": "Списка номеров «{id}» нет.", "en": "There is no number list “{id}”."},
    "config_no_agent": {
        "ru": "Оператора «{id}» нет. Сначала заведите учётную запись.",
        "en": "There is no agent “{id}”. Make the account first.",
    },
    "config_requirement": {
        "ru": "Требование не читается, начиная с символа {position}. Пример: english >= 5 and not agent anna.",
        "en": "The requirement cannot be read from character {position} on. Example: english >= 5 and not agent anna.",
    },
    "config_nobody_able": {
        "ru": "Этому требованию не отвечает ни один оператор: {found}.",
        "en": "No agent meets this requirement: {found}.",
    },
    "config_no_skill": {"ru": "Квалификации «{id}» нет.", "en": "There is no skill “{id}”."},
    "config_no_disposition": {"ru": "Результата «{id}» нет.", "en": "There is no disposition “{id}”."},
    "config_disposition_circle": {
        "ru": "Результат «{id}» стоит под самим собой.",
        "en": "The disposition “{id}” stands under itself.",
    },
    "config_seconds": {
        "ru": "Здесь нужно число секунд не меньше нуля (время вызова — больше нуля), а указано {found}.",
        "en": "This must be a number of seconds, zero or more (ring time: more than zero), and not {found}.",
    },
    "config_number": {
        "ru": "«{found}» — не номер телефона. Пишите его в кавычках: цифры, с плюсом или без.",
        "en": "“{found}” is no telephone number. Write it in quotes: digits, with or without a plus.",
    },
    "config_outside_number": {
        "ru": "«{found}» — не номер телефона: пишите его полностью, с плюсом и кодом страны, в кавычках.",
        "en": "“{found}” is no telephone number: write it in full, with a plus and the country's code, in quotes.",
    },
    "config_time_zone": {
        "ru": "Часового пояса «{found}» нет. Пример: Europe/Moscow.",
        "en": "There is no time zone “{found}”. Example: Europe/Berlin.",
    },
    "config_hours": {
        "ru": "«{found}» — не промежуток времени. Пример: 09:00-18:00; целые сутки: 00:00-24:00.",
        "en": "“{found}” is no period of the day. Example: 09:00-18:00; a whole day: 00:00-24:00.",
    },
    "config_date": {
        "ru": "Даты «{found}» нет. Пишите 2027-01-07, а ежегодный праздник — 01-07.",
        "en": "There is no date “{found}”. Write 2027-01-07, and for a yearly holiday 01-07.",
    },
    "config_periods_overlap": {
        "ru": "Промежутки {one} и {other} пересекаются.",
        "en": "The periods {one} and {other} overlap.",
    },
    "config_destination": {
        "ru": "Укажите ровно одно: scenario, queue, reject или entry_point.",
        "en": "Name exactly one of scenario, queue, reject and entry_point.",
    },
    "config_never": {"ru": "Эти условия никогда не выполняются вместе.", "en": "These conditions never hold together."},
    "config_unreached": {
        "ru": "До этого правила дело не дойдёт: правило выше подходит всем.",
        "en": "This rule is never reached: one above it holds for everybody.",
    },
    "config_id": {
        "ru": "«{found}» не годится в идентификаторы: от 1 до 64 букв, цифр, точек, дефисов и подчёркиваний.",
        "en": "“{found}” cannot be an id: 1 to 64 letters, digits, dots, hyphens and underscores.",
    },
    "config_key": {
        "ru": "«{found}» — не клавиша телефона: цифры, * или #.",
        "en": "“{found}” is no telephone key: digits, * or #.",
    },
    "config_level": {"ru": "Уровень — от 1 до 10, а указано {found}.", "en": "A level is 1 to 10, and not {found}."},
    "config_twice": {"ru": "«{found}» встречается дважды.", "en": "“{found}” stands here twice."},
    "config_circle": {
        "ru": "Переходы между точками входа замыкаются в круг через «{id}».",
        "en": "The entry points lead in a circle back to “{id}”.",
    },
    "config_queue_circle": {
        "ru": "Переходы между очередями замыкаются в круг через «{id}».",
        "en": "The queues lead in a circle back to “{id}”.",
    },
    "config_limit": {
        "ru": "Здесь нужно целое число не меньше нуля (0 — без ограничения), а указано {found}.",
        "en": "This must be a whole number, zero (no limit) or more, and not {found}.",
    },
    "config_no_otherwise": {
        "ru": "У очереди есть ограничения: укажите otherwise — куда идут те, кто их превысил.",
        "en": "The queue has limits: say in otherwise where those go who exceed them.",
    },
    "config_otherwise": {
        "ru": "Из очереди нельзя уйти в точку входа: укажите queue, scenario, reject или callback.",
        "en": "Out of a queue one cannot go to an entry point: name a queue, a scenario, reject, or callback.",
    },
    "config_attempts": {
        "ru": "Попыток перезвонить — хотя бы одна, а указано {found}.",
        "en": "There must be at least one attempt to call back, and not {found}.",
    },
    "config_callback_place": {
        "ru": "Перезвон возможен только из очереди: в exits или otherwise.",
        "en": "A callback is possible only out of a queue: in exits or otherwise.",
    },
    "config_no_trunk": {
        "ru": "Перезвонить будет некуда: внешняя линия для исходящих не задана (OTKLIK_TRUNK_OUT). Клиенты услышат, что"
        " перезвонить нельзя.",
        "en": "Nobody can be called back: no trunk for calls out is set (OTKLIK_TRUNK_OUT). Customers will hear that it"
        " cannot be done.",
    },
    "config_exit_key": {
        "ru": "Клавиша — одна из 0–9, * и #, а указано {found}.",
        "en": "A key is one of 0-9, * and #, and not {found}.",
    },
    "config_exits_silent": {
        "ru": "Это не прозвучит: место в очереди не объявляется (announce_every_seconds = 0).",
        "en": "This will not be said: the place is never announced (announce_every_seconds is 0).",
    },
    "config_exits_together": {
        "ru": "Пока перезвонить нельзя, не прозвучит весь текст: дайте клавишам свои тексты (exits: announced).",
        "en": "While nobody can be called back, all of it goes unsaid: give the keys words of their own (exits: announced).",
    },
    "config_no_division": {
        "ru": "Такого подразделения нет: {id}.",
        "en": "There is no such division: {id}.",
    },
    "config_other_division": {
        "ru": "Это ведёт в другое подразделение: {id}. Сделайте общим (без division) или ведите внутри своего.",
        "en": "This leads into another division: {id}. Share it (without a division), or stay within the own one.",
    },
    "config_overflow_to": {
        "ru": "Перелив ведёт ровно в одно место: to, outside или mailbox.",
        "en": "An overflow leads to exactly one of to, outside and mailbox.",
    },
    "config_overflow_keep": {
        "ru": "keep — только для другой очереди: to.",
        "en": "keep is for another queue alone: to.",
    },
    "config_mailbox_place": {
        "ru": "В mailbox ведут только из очереди: otherwise, клавиши, overflow. Правилу входа нужен сценарий с блоком voicemail.",
        "en": "A mailbox is led to out of a queue alone: otherwise, keys, overflow. An entry rule needs a scenario with a voicemail block.",
    },
    "config_overflow_at": {
        "ru": "Порог перелива — число больше нуля, а указано {found}.",
        "en": "The threshold of an overflow is a number above zero, and not {found}.",
    },
    "config_conference": {
        "ru": "Должно быть целое число от 3 до 20, а записано «{found}».",
        "en": "A whole number from 3 to 20 is needed, and “{found}” is written.",
    },
    "config_capacity": {"ru": "Нужно целое число от 0, а не {found}.", "en": "A whole number from 0, and not {found}."},
    "config_interrupts_itself": {"ru": "Канал не прерывает сам себя.", "en": "No channel interrupts itself."},
    "config_interrupts_talk": {"ru": "Разговор не прерывают: {id}.", "en": "Nothing interrupts a talk: {id}."},
    "config_status_channels": {"ru": "Нужен хотя бы один канал.", "en": "At least one channel is needed."},
    "config_rings": {
        "ru": "Ступени ослабления идут по возрастанию after_seconds, а здесь {found} после большего или равного.",
        "en": "Rings come in ascending order of after_seconds, and {found} comes after as much or more.",
    },
    "config_queue_without_agents": {
        "ru": "В очереди «{id}» нет ни одного оператора.",
        "en": "The queue “{id}” has no agent.",
    },
    "config_missing": {"ru": "Не хватает обязательного поля.", "en": "A required field is missing."},
    "config_unknown_field": {"ru": "Такого поля нет.{nearest}", "en": "There is no such field.{nearest}"},
    "config_value": {"ru": "Недопустимое значение: {reason}.", "en": "Not a valid value: {reason}."},
    "config_yaml": {"ru": "Файл не читается как YAML: {reason}.", "en": "The file is not valid YAML: {reason}."},
    "config_alias": {
        "ru": "Якоря, ссылки и метки YAML (&, *, !) здесь не допускаются: пишите значение полностью.",
        "en": "YAML anchors, aliases and tags (&, *, !) are not allowed here: write the value in full.",
    },
    "config_rejected": {
        "ru": "Настройки не применены. {place}: {reason}",
        "en": "The configuration was not applied. {place}: {reason}",
    },
    "config_conflict": {
        "ru": "Настройки тем временем изменены: сейчас версия {version}. Посмотрите изменения и примените снова.",
        "en": "The configuration has been changed meanwhile: the version is now {version}. Look at the changes and apply again.",
    },
    "config_version_required": {
        "ru": "Укажите в заголовке If-Match версию, которую вы меняете.",
        "en": "Name the version that you change in the header If-Match.",
    },
    "config_no_version": {
        "ru": "Версии настроек {version} нет.",
        "en": "There is no version {version} of the configuration.",
    },
    "config_number_taken": {
        "ru": "Номер точки входа занят другим контакт-центром.",
        "en": "The number of an entry point belongs to another contact centre.",
    },
    "config_text": {
        "ru": "Здесь нужен текст; число или да/нет возьмите в кавычки.",
        "en": "This must be text; put a number or yes/no in quotes.",
    },
    "config_whole": {"ru": "Здесь нужно целое число.", "en": "This must be a whole number."},
    "config_figure": {"ru": "Здесь нужно число.", "en": "This must be a number."},
    "config_true_false": {"ru": "Здесь нужно true или false.", "en": "This must be true or false."},
    "config_choice": {"ru": "Допустимо одно из: {expected}.", "en": "This must be one of: {expected}."},
    "config_list": {"ru": "Здесь нужен список.", "en": "This must be a list."},
    "config_object": {"ru": "Здесь нужны поля со значениями.", "en": "This must be fields with values."},
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
    "config_no_trunk_call": {
        "ru": "Внешняя линия для исходящих не задана (OTKLIK_TRUNK_OUT): звонок не запланировать, и этот результат не"
        " сохранить.",
        "en": "No trunk for calls out is set (OTKLIK_TRUNK_OUT): no call can be planned, and this result not be saved.",
    },
    "config_no_mail": {
        "ru": "Почта не настроена (mail): с этим результатом письма не попросят.",
        "en": "Mail is not set up: with this result no mail will be asked for.",
    },
}
