"""Values in texts as a person says them: `{sum|money:RUB}` becomes "сто двадцать один рубль", and not figures that each
voice reads as it likes. Pure. Numerals are spelled by num2words; genders, cases, nouns and months stand here.

A value that is not what its form expects is said as it is: an odd word is better than silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from otklik.scenario import words

PLACE: Final = re.compile(r"\{(\w+(?:\.\w+)*)(?:\|([^{}|]*))?\}")
"""`{name}`, or `{name|form}`."""
LARGEST: Final = Decimal(10) ** 15
"""From here on a number is said as it is."""
FINEST: Final = Decimal("0.000001")
_WORDS: Final = frozenset({"feminine", "neuter", "genitive", "accusative", "year"})
_DATES: Final = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M")
_TIMES: Final = ("%H:%M", "%H:%M:%S", *_DATES[2:])
_GROUP: Final = 3

Nouns = tuple[str, ...]
"""Russian: one, two, five of them. English: one, several."""


@dataclass(frozen=True, slots=True)
class _Unit:
    russian: Nouns
    english: Nouns
    feminine: bool = False
    accusative: str = ""
    """Of one, where it differs (Russian)."""


_KOPEK: Final = _Unit(("копейка", "копейки", "копеек"), ("kopek", "kopeks"), feminine=True, accusative="копейку")
_CENT: Final = _Unit(("цент", "цента", "центов"), ("cent", "cents"))
CURRENCIES: Final[Mapping[str, tuple[_Unit, _Unit]]] = {
    "RUB": (_Unit(("рубль", "рубля", "рублей"), ("rouble", "roubles")), _KOPEK),
    "BYN": (_Unit(("рубль", "рубля", "рублей"), ("rouble", "roubles")), _KOPEK),
    "USD": (_Unit(("доллар", "доллара", "долларов"), ("dollar", "dollars")), _CENT),
    "EUR": (_Unit(("евро", "евро", "евро"), ("euro", "euros")), _CENT),
    "KZT": (
        _Unit(("тенге", "тенге", "тенге"), ("tenge", "tenge")),
        _Unit(("тиын", "тиына", "тиынов"), ("tiyn", "tiyn")),
    ),
    "CNY": (
        _Unit(("юань", "юаня", "юаней"), ("yuan", "yuan")),
        _Unit(("фэнь", "фэня", "фэней"), ("fen", "fen")),
    ),
}
_HOUR: Final = _Unit(("час", "часа", "часов"), ("hour", "hours"))
_MINUTE: Final = _Unit(("минута", "минуты", "минут"), ("minute", "minutes"), feminine=True, accusative="минуту")
_MONTHS: Final = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def filled(text: str, values: Mapping[str, str], language: str) -> str:
    """With the values in their places; one that is not there is left out."""

    def value(found: re.Match[str]) -> str:
        known = values.get(found[1], "")
        return said(known, found[2], language) if found[2] and known and not words.PLACE.fullmatch(known) else known

    return PLACE.sub(value, text) if "{" in text else text


def said(value: str, form: str, language: str) -> str:
    """`form` as `fault` lets pass. Another language than Russian is spelled in English."""
    name, words = _parsed(form)
    language = "ru" if language == "ru" else "en"
    spoken = _FORMS[name](value.strip(), words, language) if name in _FORMS else None
    return value if spoken is None else spoken


def fault(form: str, language: str) -> str | None:
    """What may stand there instead, if this may not. None: it may."""
    name, words = _parsed(form)
    if name not in _FORMS:
        return ", ".join(_FORMS)
    allowed = _ALLOWED.get(name, frozenset())
    plain = [word for word in words if word not in allowed]
    if name == "money":
        return None if len(plain) == 1 and plain[0] in CURRENCIES else ", ".join(f"money:{code}" for code in CURRENCIES)
    if name == "count":
        nouns = 3 if language == "ru" else 2
        return None if len(plain) == nouns and all(plain) else "count:" + ("1,2,5" if nouns == 3 else "1,2")
    return (f"{name}:" + ", ".join(sorted(allowed)) if allowed else name) if plain else None


def _parsed(form: str) -> tuple[str, list[str]]:
    name, _, rest = form.partition(":")
    return name.strip(), [word.strip() for word in rest.split(",")] if rest.strip() else []


# The forms: what is said, or None where the value is not of this form.


def _number(value: str, words: list[str], language: str) -> str | None:
    number = _decimal(value)
    if number is None:
        return None
    return _cardinal(number, language, feminine="feminine" in words, neuter="neuter" in words, case=_case(words))


def _count(value: str, words: list[str], language: str) -> str | None:
    number = _decimal(value)
    nouns = tuple(word for word in words if word not in _WORDS)
    if number is None or number != number.to_integral_value() or len(nouns) != (3 if language == "ru" else 2):
        return None
    unit = _Unit(nouns, nouns, feminine="feminine" in words)
    return _counted(number, unit, language, _case(words), neuter="neuter" in words)


def _money(value: str, words: list[str], language: str) -> str | None:
    number = _decimal(value)
    found = next((CURRENCIES[word] for word in words if word in CURRENCIES), None)
    if number is None or found is None:
        return None
    whole, hundredths = divmod(int((abs(number) * 100).quantize(Decimal(1), ROUND_HALF_UP)), 100)
    case = _case(words)
    parts = [_counted(Decimal(whole), found[0], language, case)] if whole or not hundredths else []
    if hundredths:
        parts.append(_counted(Decimal(hundredths), found[1], language, case))
    minus = "минус " if language == "ru" else "minus "
    return (minus if number < 0 and (whole or hundredths) else "") + (" " if language == "ru" else " and ").join(parts)


def _date(value: str, words: list[str], language: str) -> str | None:
    found = _instant(value, _DATES)
    if found is None:
        return None
    day, month = found.day, _MONTHS[language][found.month - 1]
    if language == "ru":
        case = "g" if "genitive" in words else "n"
        year = f" {_spelled(found.year, 'ru', to='ordinal', case='g')} года" if "year" in words else ""
        return f"{_spelled(day, 'ru', to='ordinal', gender='n', case=case)} {month}{year}"
    year = f", {_spelled(found.year, 'en', to='year')}" if "year" in words else ""
    return f"{month} {_spelled(day, 'en', to='ordinal')}{year}"


def _time(value: str, words: list[str], language: str) -> str | None:
    found = _instant(value, _TIMES)
    if found is None:
        return None
    clock = found.time()
    if language == "ru":
        hours = _counted(Decimal(clock.hour), _HOUR, "ru", _case(words))
        return f"{hours} {_counted(Decimal(clock.minute), _MINUTE, 'ru', _case(words))}" if clock.minute else hours
    return _english_time(clock)


def _english_time(clock: time) -> str:
    if not clock.minute and clock.hour in (0, 12):
        return "noon" if clock.hour else "midnight"
    minutes = f" {'oh ' if clock.minute < 10 else ''}{_spelled(clock.minute, 'en')}" if clock.minute else ""
    return f"{_spelled(clock.hour % 12 or 12, 'en')}{minutes} {'a.m.' if clock.hour < 12 else 'p.m.'}"


def _digits(value: str, _words: list[str], language: str) -> str | None:
    """One by one, with a breath after each three."""
    each = [_spelled(int(mark), language) if mark in "0123456789" else mark for mark in value if not mark.isspace()]
    groups = [" ".join(each[start : start + _GROUP]) for start in range(0, len(each), _GROUP)]
    return ", ".join(groups) or None


_FORMS: Final[Mapping[str, Callable[[str, list[str], str], str | None]]] = {
    "number": _number,
    "count": _count,
    "money": _money,
    "date": _date,
    "time": _time,
    "digits": _digits,
}
_ALLOWED: Final[Mapping[str, Collection[str]]] = {
    "number": frozenset({"feminine", "neuter", "genitive", "accusative"}),
    "count": frozenset({"feminine", "neuter", "genitive", "accusative"}),
    "money": frozenset({"genitive", "accusative"}),
    "date": frozenset({"genitive", "year"}),
    "time": frozenset({"genitive", "accusative"}),
}


# Numerals.


def _case(words: list[str]) -> str:
    return "g" if "genitive" in words else "a" if "accusative" in words else "n"


def _counted(number: Decimal, unit: _Unit, language: str, case: str, *, neuter: bool = False) -> str:
    numeral = _cardinal(number, language, feminine=unit.feminine, neuter=neuter, case=case)
    return f"{numeral} {_noun(abs(int(number)), unit, language, case)}"


def _noun(number: int, unit: _Unit, language: str, case: str) -> str:
    if language != "ru":
        return unit.english[number != 1]
    one, few, many = unit.russian
    single = number % 10 == 1 and number % 100 != 11
    if case == "g":
        return few if single else many
    if single:
        return unit.accusative or one if case == "a" else one
    return few if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else many


_AGREES: Final = {
    ("один", "feminine", "n"): "одна",
    ("один", "neuter", "n"): "одно",
    ("один", "feminine", "a"): "одну",
    ("один", "neuter", "a"): "одно",
    ("два", "feminine", "n"): "две",
    ("два", "feminine", "a"): "две",
    ("одного", "feminine", "g"): "одной",
}


def _cardinal(number: Decimal, language: str, *, feminine: bool, neuter: bool, case: str) -> str:
    whole = number == number.to_integral_value()
    spelled_out: str
    if language != "ru":
        return _spelled(int(number) if whole else _plain(number), "en")
    if not whole:
        return _spelled(_plain(number), "ru")
    spelled_out = _spelled(int(number), "ru", case=case, animate=False)
    # Only the last word agrees with what is counted; the library would have it of the millions too.
    before, space, last = spelled_out.rpartition(" ")
    gender = "feminine" if feminine else "neuter" if neuter else ""
    return before + space + _AGREES.get((last, gender, case), last)


def _plain(number: Decimal) -> Decimal:
    """Without zeros at the end, and never as a power of ten, which the library cannot read."""
    return Decimal(f"{number:f}".rstrip("0"))


def _spelled(number: int | Decimal, language: str, **how: Any) -> str:
    from num2words import num2words  # it reads all its languages, which takes longer than most commands

    return str(num2words(number, lang=language, **how))


def _decimal(value: str) -> Decimal | None:
    """Grouped by blanks, with a comma or a point."""
    try:
        number = Decimal("".join(value.split()).replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= LARGEST:
        return None
    return number.quantize(FINEST) if number != number.to_integral_value() else number


def _instant(value: str, forms: tuple[str, ...]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(value, form)  # noqa: DTZ007  said by the clock that the value was written by
        except ValueError:
            continue
    return None
