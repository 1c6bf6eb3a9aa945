"""Calling numbers in all the ways they come."""

from __future__ import annotations

import pytest

from otklik.channels.voice.number import normal_number


@pytest.mark.parametrize(
    "written",
    ["+79161234567", "89161234567", "79161234567", "9161234567", "8 (916) 123-45-67", " +7 916 123.45.67 "],
)
def test_a_russian_number_is_the_same_number_however_it_is_written(written: str) -> None:
    assert normal_number(written) == "+79161234567"


def test_a_foreign_number_without_its_plus_gets_it_back() -> None:
    assert normal_number("12025550123") == "+12025550123"


def test_a_number_is_read_by_the_rules_of_the_region() -> None:
    assert normal_number("020 7946 0018", "GB") == "+442079460018"


@pytest.mark.parametrize("internal", ["101", "1001", "02", "*55"])
def test_an_internal_number_stays_as_it_is(internal: str) -> None:
    assert normal_number(internal) == internal


@pytest.mark.parametrize("nobody", ["", None, "anonymous", "Anonymous", "unknown", "restricted", "  "])
def test_a_caller_who_hides_has_no_number(nobody: str | None) -> None:
    assert normal_number(nobody) is None


def test_a_name_instead_of_a_number_keeps_only_harmless_letters() -> None:
    assert normal_number('alice"<x>\r\nX: y') == "alicexXy"
    assert normal_number("длинное " * 20) is not None
    assert len(normal_number("длинное " * 20) or "") <= 40
