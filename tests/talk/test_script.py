"""A talk script and the way that answers take through it."""

from __future__ import annotations

import pytest

from otklik.contact.configuration import TalkAnswer, TalkScript, TalkStep
from otklik.errors import AppError
from otklik.talk.script import Given, filled, walk

SCRIPT = TalkScript(
    id="order",
    name="Order",
    steps=(
        TalkStep(
            id="ask",
            say="{customer}, shall we?",
            answers=(TalkAnswer(id="yes", text="Yes", then="when"), TalkAnswer(id="no", text="No")),
        ),
        TalkStep(id="when", say="When?", field="date", then="sum"),
        TalkStep(id="sum", say="How much?", field="number"),
    ),
)
VALUES = {"customer": "Ann", "company": ""}


def fault(*given: Given) -> tuple[str, str | None]:
    with pytest.raises(AppError) as caught:
        walk(SCRIPT, given, VALUES)
    return caught.value.code, caught.value.field


def test_known_names_are_filled_in_and_unknown_ones_leave_a_line() -> None:
    assert filled("{customer} of {company}: {price} {", VALUES) == "Ann of …: {price} {"


def test_what_a_name_contains_is_not_filled_in_again() -> None:
    assert filled("{customer}", {"customer": "{company}", "company": "x"}) == "{company}"


def test_answers_lead_through_the_script_in_the_words_that_were_read() -> None:
    given = [
        Given(step="ask", answer="yes"),
        Given(step="when", value="2027-01-31"),
        Given(step="sum", value="1 900,50"),
    ]
    told = walk(SCRIPT, given, VALUES)
    assert [(each.said, each.answer, each.value) for each in told] == [
        ("Ann, shall we?", "Yes", None),
        ("When?", None, "2027-01-31"),
        ("How much?", None, "1 900,50"),
    ]


def test_a_field_may_be_left_empty() -> None:
    assert walk(SCRIPT, [Given(step="ask", answer="yes"), Given(step="when", value="  ")], VALUES)[1].value is None


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ([Given(step="when")], "talk_not_on_the_way", "answers.0.step"),
        ([Given(step="ask")], "talk_not_on_the_way", "answers.0.answer"),
        ([Given(step="ask", answer="maybe")], "talk_not_on_the_way", "answers.0.answer"),
        ([Given(step="ask", answer="no"), Given(step="when")], "talk_not_on_the_way", "answers.1.step"),
        ([Given(step="ask", answer="yes", value="x")], "talk_not_on_the_way", "answers.0.value"),
        ([Given(step="ask", answer="yes"), Given(step="when", value="soon")], "talk_bad_value", "answers.1.value"),
        (
            [Given(step="ask", answer="yes"), Given(step="when", answer="yes")],
            "talk_not_on_the_way",
            "answers.1.answer",
        ),
    ],
)
def test_answers_that_do_not_follow_each_other_are_refused_with_their_place(
    given: list[Given], code: str, field: str
) -> None:
    assert fault(*given) == (code, field)


@pytest.mark.parametrize("words", ["nan", "inf", "ten"])
def test_a_number_is_a_number(words: str) -> None:
    given = (Given(step="ask", answer="yes"), Given(step="when"), Given(step="sum", value=words))
    assert fault(*given) == ("talk_bad_value", "answers.2.value")
