"""What may be wrong with a recording of a text."""

from __future__ import annotations

from typing import Final, Literal

PROMPTS: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "config_recording": {
        "ru": "Здесь должна быть сумма SHA-256 записи (64 знака), а не «{found}». Её выдаёт экран «Записи».",
        "en": "Here stands the SHA-256 of a recording (64 characters), not “{found}”. The screen Prompts gives it.",
    },
    "config_music": {
        "ru": "Нужно что-то одно: запись (recording) или тишина (silence: true). Без того и другого уберите music.",
        "en": "One of both is needed: a recording, or silence: true. With neither, take music out.",
    },
    "config_message_empty": {
        "ru": "Нужен текст хотя бы на одном языке, и ни один не может быть пустым.",
        "en": "A text in at least one language is needed, and none may be empty.",
    },
    "config_message_values": {
        "ru": "В сообщениях очереди нет значений в фигурных скобках: их слышат все одинаково.",
        "en": "Messages of a queue have no values in braces: everybody hears the same.",
    },
    "prompt_unreadable": {
        "ru": "Это не звук или звук незнакомого вида. Подойдут WAV, FLAC, Ogg, MP3 и AIFF.",
        "en": "This is no sound, or of an unknown form. WAV, FLAC, Ogg, MP3 and AIFF will do.",
    },
    "prompt_too_large": {
        "ru": "Файл больше {megabytes} МБ. Сохраните его в моно или в MP3.",
        "en": "The file has over {megabytes} MB. Save it in mono, or as MP3.",
    },
    "prompt_too_long": {
        "ru": "Запись длиннее {minutes} минут. Столько никто не выслушает: разделите текст на части.",
        "en": "The recording is over {minutes} minutes long. Nobody listens for so long: divide the text.",
    },
    "prompt_silent": {
        "ru": "В записи ничего не слышно. Проверьте микрофон и запишите ещё раз.",
        "en": "Nothing can be heard in the recording. Check the microphone and record again.",
    },
    "prompt_varies": {
        "ru": "В этом тексте есть значения в фигурных скобках: они у каждого свои, и его говорит голос.",
        "en": "This text has values in braces, which differ for everybody: a voice speaks it.",
    },
    "prompt_no_text": {
        "ru": "Такого текста в конфигурации больше нет. Обновите страницу.",
        "en": "There is no such text in the set-up any more. Reload the page.",
    },
    "prompt_gone": {
        "ru": "Файл записи пропал из хранилища; звонящие слышат голос. Запишите ещё раз.",
        "en": "The recording's file is gone from the storage; callers hear a voice. Record it again.",
    },
}
