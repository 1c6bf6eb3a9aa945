"""A talk script and the way that answers take through it."""

from __future__ import annotations

import pytest

from otklik.contact.configuration import TalkAnswer, TalkBranch, TalkScript, TalkStep
from otklik.contact.form import Choice, ChoiceList, CustomerField
from otklik.contact.ids import ChoiceListId
from otklik.errors import AppError
from otklik.talk.script import Given, card_values, filled, looked_at, prefilled, walk

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


@pytest.mark.parametrize("words", ["1 900,50", "1\u00a0900.5", "1\u202f900", "1\t900"])
def test_a_number_may_be_written_with_any_space(words: str) -> None:
    given = [Given(step="ask", answer="yes"), Given(step="when"), Given(step="sum", value=words)]
    assert walk(SCRIPT, given, {})[-1].value == words


BRANCHED = TalkScript(
    id="b",
    name="B",
    steps=(
        TalkStep(
            id="sum",
            say="How much?",
            field="number",
            required=True,
            least=1,
            branches=(
                TalkBranch(of="card.city", test="is", value="msk", then="big"),
                TalkBranch(of="written.sum", test="more", value="9"),
            ),
            then="bye",
        ),
        TalkStep(id="big", say="{written.sum} in {card.city}?", field="mail", prefill="{card.mail}"),
        TalkStep(id="bye", say="Bye"),
    ),
)


def test_any_way_that_a_condition_may_lead_is_followed_and_no_other() -> None:
    given = [Given(step="sum", value="12"), Given(step="big", value="a@b.example")]
    assert [each.said for each in walk(BRANCHED, given, {"card.city": "Moscow"})] == ["How much?", "12 in Moscow?"]
    assert walk(BRANCHED, [given[0], Given(step="bye")], {})[1].said == "Bye"
    with pytest.raises(AppError) as caught:
        walk(BRANCHED, [given[0], Given(step="sum", value="1")], {})
    assert (caught.value.code, caught.value.field) == ("talk_not_on_the_way", "answers.1.step")


@pytest.mark.parametrize(
    ("value", "code"),
    [(None, "talk_required"), (" ", "talk_required"), ("0", "talk_bad_value"), ("x", "talk_bad_value")],
)
def test_a_field_holds_what_it_asks_for(value: str | None, code: str) -> None:
    with pytest.raises(AppError) as caught:
        walk(BRANCHED, [Given(step="sum", value=value)], {})
    assert caught.value.code == code


def test_a_field_begins_with_what_stands_on_the_card_or_with_nothing() -> None:
    big = BRANCHED.steps[1]
    assert prefilled(big, {"card.mail": "a@b.example"}) == "a@b.example"
    assert (prefilled(big, {"card.mail": ""}), prefilled(big, {})) == ("", "")
    assert looked_at(BRANCHED) == {"card.city"}


def test_fields_of_the_card_are_read_in_words_and_looked_at_by_ids() -> None:
    cities = ChoiceList(id=ChoiceListId("cities"), choices=(Choice(id="msk", ru="Москва", en="Moscow"),))
    form = (
        CustomerField(id="city", kind="choice", ru="Город", en="City", choices_from=cities.id),
        CustomerField(id="club", kind="yes_no", ru="Клуб", en="Club"),
        CustomerField(id="mail", kind="mail", ru="Почта", en="Mail"),
    )
    read, bare = card_values(form, {cities.id: cities.choices}, {"city": "msk", "club": False}, "ru")
    assert read == {"card.city": "Москва", "card.club": "нет", "card.mail": ""}
    assert bare == {"card.city": "msk", "card.club": "false", "card.mail": ""}
