"""Values as a person says them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.scenario.spoken import CURRENCIES, fault, filled, said

RUSSIAN = [
    ("0", "number", "ноль"),
    ("-3", "number", "минус три"),
    ("1 234 567", "number", "один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь"),
    ("1,5", "number", "одна целая пять десятых"),
    ("21", "number:feminine", "двадцать одна"),
    ("1", "number:neuter", "одно"),
    ("100", "number:genitive", "ста"),
    ("1", "count:заказ,заказа,заказов", "один заказ"),
    ("11", "count:заказ,заказа,заказов", "одиннадцать заказов"),
    ("23", "count:заказ,заказа,заказов", "двадцать три заказа"),
    ("112", "count:заказ,заказа,заказов", "сто двенадцать заказов"),
    ("2", "count:feminine,заявка,заявки,заявок", "две заявки"),
    ("2000001", "count:feminine,заявка,заявки,заявок", "два миллиона одна заявка"),
    ("1", "count:neuter,письмо,письма,писем", "одно письмо"),
    ("2", "count:genitive,день,дня,дней", "двух дней"),
    ("121", "money:RUB", "сто двадцать один рубль"),
    ("21.01", "money:RUB", "двадцать один рубль одна копейка"),
    ("2 002,02", "money:RUB", "две тысячи два рубля две копейки"),
    ("0.5", "money:RUB", "пятьдесят копеек"),
    ("0", "money:RUB", "ноль рублей"),
    ("-5.999", "money:RUB", "минус шесть рублей"),
    ("1001.21", "money:RUB,accusative", "одну тысячу один рубль двадцать одну копейку"),
    ("121", "money:RUB,genitive", "ста двадцати одного рубля"),
    ("3", "money:EUR", "три евро"),
    ("2026-11-28", "date", "двадцать восьмое ноября"),
    ("28.11.2026", "date:genitive,year", "двадцать восьмого ноября две тысячи двадцать шестого года"),
    ("2000-01-03", "date:year", "третье января двухтысячного года"),
    ("14:05", "time", "четырнадцать часов пять минут"),
    ("01:00", "time", "один час"),
    ("2026-11-28T09:21:00", "time:accusative", "девять часов двадцать одну минуту"),
    ("40071", "digits", "четыре ноль ноль, семь один"),
]
ENGLISH = [
    ("21", "number", "twenty-one"),
    ("-2.50", "number", "minus two point five"),
    ("1", "count:order,orders", "one order"),
    ("0", "count:order,orders", "zero orders"),
    ("21.01", "money:USD", "twenty-one dollars and one cent"),
    ("28.11.2026", "date:year", "November twenty-eighth, twenty twenty-six"),
    ("14:05", "time", "two oh five p.m."),
    ("00:30", "time", "twelve thirty a.m."),
    ("12:00", "time", "noon"),
    ("A-12", "digits", "A - one, two"),
]


@pytest.mark.parametrize(("value", "form", "spoken"), RUSSIAN)
def test_russian_agrees_in_gender_number_and_case(value: str, form: str, spoken: str) -> None:
    assert fault(form, "ru") is None
    assert said(value, form, "ru") == spoken


@pytest.mark.parametrize(("value", "form", "spoken"), ENGLISH)
def test_english_is_spelled_out(value: str, form: str, spoken: str) -> None:
    assert fault(form, "en") is None
    assert said(value, form, "en") == spoken


@pytest.mark.parametrize("form", ["number", "count:a,b,c", "money:RUB", "date", "time", "nothing"])
@pytest.mark.parametrize("value", ["", "завтра", "NaN", "Infinity", "1e400", "31.02.2026", "25:00", "**"])
def test_what_is_not_of_its_form_is_said_as_it_is(value: str, form: str) -> None:
    assert said(value, form, "ru") == value


@pytest.mark.parametrize("form", ["sum", "", "money", "money:XXX", "money:RUB,USD", "count", "count:a,b", "date:soon", "digits:1"])  # fmt: skip
def test_unknown_form_is_refused_with_what_there_is(form: str) -> None:
    assert fault(form, "ru")


def test_text_has_its_values_in_the_language_it_is_said_in() -> None:
    values = {"sum": "21", "day": "2026-01-02"}
    text = "К оплате {sum|money:RUB}, {day|date:genitive}. {gone}{gone|date}"
    assert filled(text, values, "ru") == "К оплате двадцать один рубль, второго января. "
    assert filled("{sum|money:RUB}, code {sum}", values, "en") == "twenty-one roubles, code 21"


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.text(max_size=12), st.sampled_from(["ru", "en", "de"]))
def test_any_value_can_be_said(value: object, language: str) -> None:
    forms = ["number:genitive", "count:a,b,c", "count:a,b", "date:year", "time", "digits"]
    for form in [*forms, *(f"money:{code}" for code in CURRENCIES)]:
        assert isinstance(said(str(value), form, language), str)
