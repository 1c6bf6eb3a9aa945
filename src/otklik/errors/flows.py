"""What may be wrong with a drawn flow."""

from __future__ import annotations

from typing import Final, Literal

FLOWS: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "config_flow_languages": {"ru": "Нужен хотя бы один язык.", "en": "At least one language is needed."},
    "config_flow_empty": {"ru": "В сценарии нет ни одного блока.", "en": "The flow has no block."},
    "config_flow_kind": {"ru": "Нужно ровно одно из: {expected}.", "en": "Exactly one of these is needed: {expected}."},
    "config_flow_text": {"ru": "Нет текста на языке «{language}».", "en": "There is no text in “{language}”."},
    "config_flow_language": {"ru": "Языка «{id}» нет в languages.", "en": "“{id}” is not among the languages."},
    "config_flow_keys": {"ru": "Нужна хотя бы одна клавиша.", "en": "At least one key is needed."},
    "config_flow_attempts": {"ru": "Нужна хотя бы одна попытка, а не {found}.", "en": "At least 1, and not {found}."},
    "config_flow_digits": {
        "ru": "Должно быть 1 ≤ min_digits ≤ max_digits ≤ 40.",
        "en": "This must hold: 1 ≤ min_digits ≤ max_digits ≤ 40.",
    },
    "config_flow_name": {
        "ru": "Имя — из букв, цифр и подчёркиваний, а не «{found}».",
        "en": "A name is made of letters, digits and underscores, and not “{found}”.",
    },
    "config_flow_form": {
        "ru": "«{found}» сказать не получится. Можно так: {expected}.",
        "en": "“{found}” cannot be said. These can: {expected}.",
    },
    "config_flow_exit": {"ru": "Здесь бывают выходы: {expected}.", "en": "The exits here are: {expected}."},
    "config_flow_no_block": {"ru": "Блока «{id}» нет.", "en": "There is no block “{id}”."},
    "config_flow_no_exit": {"ru": "Выход «{exit}» никуда не ведёт.", "en": "The exit “{exit}” leads nowhere."},
    "config_flow_unreached": {"ru": "В блок «{id}» ничто не ведёт.", "en": "Nothing leads to the block “{id}”."},
    "config_flow_endless": {
        "ru": "Блок «{id}» идёт по кругу, ничего не спрашивая и не говоря.",
        "en": "The block “{id}” goes round in a circle without asking or saying anything.",
    },
    "config_only_a_call": {
        "ru": "«{id}» бывает только в звонке: письменная заявка отсюда пойдёт в очередь для всего остального, и письма не будет.",
        "en": "“{id}” is for calls alone: a written request goes on from here to the queue for everything else, and nothing is mailed.",
    },
    "config_written_circle": {
        "ru": "Письменная заявка от «{id}» может ходить по кругу: её никто ни о чём не спросит. Через 200 шагов или 10 минут ожиданий она уйдёт в очередь для всего остального, и письма не будет. Выведите её из круга условием по каналу или уберите ожидание.",
        "en": "From “{id}” a written request may go round in a circle, since it is asked nothing. After 200 steps, or 10 minutes of waits, it goes to the queue for everything else, and nothing is mailed. Lead it out by a condition on the channel, or do without the wait.",
    },
    "config_written_no_mail": {
        "ru": "Почтового сервера в настройках нет: написавшему ничего не придёт.",
        "en": "The set-up has no mail server: nothing is sent to whoever wrote.",
    },
    "config_flow_branch": {"ru": "У «{id}» нет выхода «{exit}».", "en": "“{id}” has no exit “{exit}”."},
    "config_flow_answer": {
        "ru": "Блок «{id}» никого не спрашивает: ответы бывают у look_up и fetch.",
        "en": "The block “{id}” asks nobody: answers belong to look_up and fetch.",
    },
    "config_speech_key": {"ru": "Клавиши «{id}» в меню нет.", "en": "The menu has no key “{id}”."},
    "config_speech_no_phrase": {
        "ru": "Для «{id}» нет слов на языке «{language}»: этот выбор назовут только цифрой.",
        "en": "“{id}” has no words in “{language}”: it can only be chosen by its digit.",
    },
    "config_speech_twice": {
        "ru": "«{found}» значит уже и «{id}»: одни слова не могут вести к двум выборам.",
        "en": "“{found}” means “{id}” already: the same words cannot lead to two choices.",
    },
    "config_speech_long": {
        "ru": "Не больше {most} фраз и {longest} знаков в каждой.",
        "en": "At most {most} phrases, of {longest} characters each.",
    },
    "config_speech_sure": {
        "ru": "Должно быть 0 < unsure ≤ sure ≤ 1.",
        "en": "This must hold: 0 < unsure ≤ sure ≤ 1.",
    },
    "config_speech_words": {
        "ru": "{found} — слова клиента: их можно произнести, сравнить и передать в запросе, но не сохранить в значении, не набрать"
        " как номер и не считать по ним попытки.",
        "en": "{found} is the words of a customer: they can be said, compared and sent in a request, but not kept in a value, dialled"
        " or counted by.",
    },
    "config_no_recogniser": {
        "ru": "Здесь ждут речь, а слушать её некому: звонящих сразу попросят нажать клавишу. Поставьте otklik[asr] или задайте"
        " OTKLIK_RECOGNISER_URL.",
        "en": "Speech is asked for here, and nobody listens: callers are asked for keys at once. Install otklik[asr] or set"
        " OTKLIK_RECOGNISER_URL.",
    },
    "config_no_connection": {"ru": "Подключения «{id}» нет.", "en": "There is no connection “{id}”."},
    "config_no_statement": {"ru": "Запроса «{id}» у подключения нет.", "en": "The connection has no statement “{id}”."},
    "config_no_service": {"ru": "Сервиса «{id}» нет.", "en": "There is no service “{id}”."},
    "config_no_code": {
        "ru": "Кода на Python «{id}» в настройке нет.",
        "en": "The set-up has no Python code “{id}”.",
    },
    "config_no_function": {
        "ru": "Функции «{id}» в этом коде нет. Есть: {expected}.",
        "en": "The code has no function “{id}”. There are: {expected}.",
    },
    "config_function_way": {
        "ru": "Выход «{found}» функция назвать не может: нужно одно слово, кроме done, fault и otherwise.",
        "en": "A function cannot name the exit “{found}”: one word is needed, other than done, fault and otherwise.",
    },
    "config_no_request": {"ru": "Запроса «{id}» у сервиса нет.", "en": "The service has no request “{id}”."},
    "config_sms_method": {
        "ru": "Запрос «{id}», которым уходят SMS, должен быть POST: только у него есть ключ, по которому повтор не станет второй SMS.",
        "en": "The request “{id}”, by which SMS go, has to be a POST: only that has the key by which a repeat is no second SMS.",
    },
    "config_sms_request": {
        "ru": "Параметры запроса «{id}» для SMS — to и text, и других быть не может.",
        "en": "The parameters of the request “{id}”, by which SMS go, are to and text, and no others.",
    },
    "config_no_mail": {
        "ru": "Письма отправлять некому: задайте сервер в mail.",
        "en": "There is no server to send mails by: set it in mail.",
    },
    "config_no_sms": {
        "ru": "SMS отправлять некому: задайте сервис и запрос в sms.",
        "en": "There is nobody to send SMS by: set the service and the request in sms.",
    },
    "config_mail_to": {
        "ru": "Нужен адрес почты или атрибут, в котором он есть: {{order.mail}}.",
        "en": "An address is needed, or the attribute that is one: {{order.mail}}.",
    },
    "config_sms_to": {
        "ru": "Нужен номер цифрами, {{ani}} (номер звонящего) или другой атрибут.",
        "en": "A number in digits is needed, {{ani}} (that of the caller), or another attribute.",
    },
    "config_parameter": {"ru": "Параметры здесь: {expected}.", "en": "The parameters here are: {expected}."},
    "config_parameter_missing": {"ru": "Не задан параметр «{id}».", "en": "The parameter “{id}” is missing."},
    "config_statement": {
        "ru": "Нужен один запрос на чтение: SELECT или WITH.",
        "en": "One statement that reads is needed: SELECT or WITH.",
    },
    "config_secret": {
        "ru": "Здесь стоит имя секрета (заглавные буквы, цифры и подчёркивания), а не он сам.",
        "en": "The name of a secret stands here (capitals, digits and underscores), not the secret itself.",
    },
    "config_service_url": {
        "ru": "Нужен адрес вида https://api.example.com/v1, без имени пользователя и вопросительного знака.",
        "en": "An address like https://api.example.com/v1 is needed, without a user and a question mark.",
    },
    "config_header": {"ru": "Такого заголовка задать нельзя: {found}.", "en": "This header cannot be set: {found}."},
    "config_request_path": {
        "ru": "Нужен путь вида /orders/{{number}}; параметры вопроса стоят в query.",
        "en": "A path like /orders/{{number}} is needed; what follows a question mark stands in query.",
    },
    "config_request_body": {"ru": "Тело бывает только у POST.", "en": "Only a POST has a body."},
    "config_outside_seconds": {
        "ru": "Больше 0 и не больше {most:g} секунд.",
        "en": "More than 0 and at most {most:g} seconds.",
    },
    "config_lock_out_by": {
        "ru": "Назовите, по чему считать ошибки: номер звонящего ({{ani}}), атрибут с номером счёта.",
        "en": "Name what wrong entries are counted by: the caller's number ({{ani}}), the attribute of an account.",
    },
    "config_masked_path": {
        "ru": "Скрытые цифры «{id}» нельзя ставить в адрес: его пишут в журналы. Нужен POST и body.",
        "en": "The masked digits “{id}” cannot be a part of an address, which is written into logs. Use POST with a body.",
    },
    "config_outside_at_once": {"ru": "От 1 до {most}.", "en": "From 1 to {most}."},
    "config_flow_test": {"ru": "Проверка не сходится: {reason}", "en": "The test does not hold: {reason}"},
    "config_flow_circle": {"ru": "Сценарий «{id}» запускает сам себя.", "en": "The flow “{id}” runs itself."},
    "config_handler_long": {
        "ru": "Код длиннее {most} знаков. Разделите сценарий на несколько.",
        "en": "The code is longer than {most} characters. Make several scenarios of it.",
    },
    "config_handler_syntax": {"ru": "Это не Python: {reason}.", "en": "This is no Python: {reason}."},
    "config_handler_entrance": {
        "ru": "Нет входа: нужна функция async def scenario(contact).",
        "en": "There is no entrance: a function async def scenario(contact) is needed.",
    },
    "no_such_handler": {
        "ru": "Такого сценария на Python нет: возможно, его удалили. Вернитесь к списку.",
        "en": "There is no such scenario in Python: it may have been deleted. Go back to the list.",
    },
    "handler_not_fit": {
        "ru": "Сохранить нельзя: {place}: {reason}",
        "en": "It cannot be saved: {place}: {reason}",
    },
    "handler_trial_endless": {
        "ru": "Пробный звонок не кончается: за {most} шагов код ничего не спросил и не отдал звонок.",
        "en": "The test call has no end: in {most} steps the code has asked nothing and has not let the call go.",
    },
    "handler_trial_late": {
        "ru": "Пробные звонки и проверки длятся дольше {seconds} с или ждут других. Попробуйте ещё раз.",
        "en": "Test calls and tests last for more than {seconds} s, or wait for others. Try again.",
    },
    "handler_trial_nowhere": {
        "ru": "Здесь сценарии на Python не выполняются.",
        "en": "Scenarios in Python are not run here.",
    },
    "handler_in_use": {
        "ru": "Удалить нельзя: на этот сценарий ведут {names}. Сначала направьте их в другое место.",
        "en": "It cannot be deleted: {names} lead to this scenario. Lead them elsewhere first.",
    },
    "flow_unreadable": {
        "ru": "Это не сценарий: {place}: {reason}",
        "en": "This is no flow: {place}: {reason}",
    },
    "flow_too_long": {
        "ru": "Сценарий длиннее {most} КБ. Вынесите часть его в другой сценарий.",
        "en": "The flow is longer than {most} KB. Move a part of it into another flow.",
    },
    "no_such_flow": {
        "ru": "Такого сценария нет: возможно, его удалили. Вернитесь к списку.",
        "en": "There is no such flow: it may have been deleted. Go back to the list.",
    },
    "flow_no_draft": {
        "ru": "Этого черновика больше нет: он опубликован или отброшен. Откройте сценарий заново.",
        "en": "This draft is no longer there: it was published or thrown away. Open the flow again.",
    },
    "flow_draft_conflict": {
        "ru": "Черновик тем временем изменил {by} (правка {revision}). Откройте его заново или сохраните свой поверх.",
        "en": "{by} has changed the draft meanwhile (revision {revision}). Open it again, or keep yours over it.",
    },
    "flow_changed_meanwhile": {
        "ru": "Пока вы рисовали, опубликована другая версия этого сценария ({version}). Сравните с ней и сохраните черновик ещё раз.",
        "en": "Another version of this flow was published while you were drawing ({version}). Compare with it and keep the draft once more.",
    },
    "flow_not_fit": {
        "ru": "Опубликовать нельзя: {place}: {reason}",
        "en": "It cannot be published: {place}: {reason}",
    },
    "flow_in_use": {
        "ru": "Удалить нельзя: на этот сценарий ведут {names}. Сначала направьте их в другое место.",
        "en": "It cannot be deleted: {names} lead to this flow. Lead them elsewhere first.",
    },
    "flow_no_version": {
        "ru": "В версии {version} этого сценария нет.",
        "en": "Version {version} does not have this flow.",
    },
}
