"""The tenant's own fields: what is taken, what is refused, and how a set-up of them is audited."""

from __future__ import annotations

from typing import Any

import pytest

from otklik.contact.configuration import Configuration
from otklik.contact.form import Choice, ChoiceList, CustomerField, FieldGroup
from otklik.contact.ids import ChoiceListId, FieldGroupId
from otklik.customer.form import checked, form_of
from otklik.routing.audit import faults

CITIES = ChoiceListId("cities")
A, B = Choice(id="a", ru="А", en="A"), Choice(id="b", ru="Б", en="B")


def field(kind: Any, **more: Any) -> CustomerField:
    return CustomerField(id="x", kind=kind, ru="Поле", en="Field", **more)


def with_fields(*fields: CustomerField) -> Configuration:
    return Configuration(customer_fields=fields, choice_lists=(ChoiceList(id=CITIES, choices=(A, B)),))


@pytest.mark.parametrize(
    ("made", "written", "stands"),
    [
        (field("text"), "  two   words ", "two words"),
        (field("text", pattern=r"[A-Z]{2}-\d{4}"), "AB-1234", "AB-1234"),
        (field("long_text"), "one\ntwo ", "one\ntwo"),
        (field("number"), "12,5", 12.5),
        (field("number", least=0, most=10), 10, 10),
        (field("date"), "2027-01-31", "2027-01-31"),
        (field("choice", choices=(A, B)), "a", "a"),
        (field("choice", choices_from=CITIES), "b", "b"),
        (field("choices", choices_from=CITIES), ["b", "a", "b"], ["b", "a"]),
        (field("yes_no"), False, False),
        (field("phone"), "8 (916) 123-45-67", "+79161234567"),
        (field("mail"), "A@B.RU", "a@b.ru"),
        (field("link"), "https://example.com/a?b=c", "https://example.com/a?b=c"),
        (field("text"), "<script>alert(1)</script> \u202e", "<script>alert(1)</script> \u202e"),
        (field("text"), "", None),
        (field("choices", choices_from=CITIES), [], None),
    ],
)
def test_value_stands_in_the_one_form_of_its_kind(made: CustomerField, written: Any, stands: Any) -> None:
    assert checked(with_fields(made), {}, {"x": written}) == ({"x": stands}, {})


@pytest.mark.parametrize(
    ("made", "written", "code"),
    [
        (field("text"), 5, "form_text"),
        (field("text", longest=3), "four", "form_long"),
        (field("text", pattern=r"\d+"), "12a", "form_pattern"),
        (field("text", pattern=r"a|b"), "ac", "form_pattern"),
        (field("text", pattern=r"(a+)+"), "a" * 400 + "!", "form_pattern"),
        (field("number"), "a lot", "form_number"),
        (field("number"), float("nan"), "form_number"),
        (field("number"), True, "form_number"),
        (field("number", least=1), 0, "form_least"),
        (field("number", most=1), "1,5", "form_most"),
        (field("date"), "2027-02-30", "form_date"),
        (field("choice", choices=(A,)), "z", "form_choice"),
        (field("choices", choices=(A,)), "a", "form_choice"),
        (field("choices", choices=(A,)), [["a"]], "form_choice"),
        (field("yes_no"), "yes", "form_yes_no"),
        (field("phone"), "101", "form_phone"),
        (field("mail"), "nobody", "form_mail"),
        (field("link"), "javascript:alert(1)", "form_link"),
        (field("link"), "https://", "form_link"),
        (field("link"), 'https://a.b/"onclick="x', "form_link"),
        (field("text", required=True), " ", "form_required"),
    ],
)
def test_value_that_does_not_do_is_named_with_its_reason(made: CustomerField, written: Any, code: str) -> None:
    right, wrong = checked(with_fields(made), {}, {"x": written})
    assert {name: each.code for name, each in wrong.items()} == {"x": code}
    assert all(each.reason(language) for each in wrong.values() for language in ("ru", "en"))
    assert right in ({}, {"x": None})


def test_required_field_that_nobody_wrote_to_is_asked_for_and_an_unknown_one_is_refused() -> None:
    made = with_fields(field("text", required=True), CustomerField(id="y", kind="text", ru="И", en="Y"))
    _, wrong = checked(made, {}, {"y": "something", "z": 1})
    assert {name: each.code for name, each in wrong.items()} == {"x": "form_required", "z": "form_no_field"}
    assert checked(made, {"x": "there"}, {"y": "something"}) == ({"y": "something"}, {})


def test_choice_that_has_gone_from_the_form_may_stay_but_not_come_anew() -> None:
    made = with_fields(field("choice", choices=(A,)))
    assert checked(made, {"x": "gone"}, {"x": "gone"}) == ({"x": "gone"}, {})
    assert checked(made, {"x": "a"}, {"x": "gone"})[1]["x"].code == "form_choice"


def test_form_is_drawn_in_the_order_of_the_file_with_the_choices_of_its_lists_and_no_empty_group() -> None:
    groups = tuple(FieldGroup(id=FieldGroupId(each), ru=each, en=each) for each in ("one", "empty"))
    fields = (field("choice", choices_from=CITIES, group=FieldGroupId("one")),)
    form = form_of(Configuration(customer_fields=fields, field_groups=groups, choice_lists=with_fields().choice_lists))
    assert [each.id for each in form.groups] == ["one"]
    assert [each.id for each in form.fields[0].choices] == ["a", "b"]


@pytest.mark.parametrize(
    ("made", "place", "code"),
    [
        (field("choice"), "customer_fields[0].choices", "config_choices"),
        (field("choice", choices=(A,), choices_from=CITIES), "customer_fields[0].choices", "config_choices"),
        (field("choice", choices=(A, A)), "customer_fields[0].choices[1].id", "config_twice"),
        (field("choice", choices_from="towns"), "customer_fields[0].choices_from", "config_no_list"),
        (field("text", group="nowhere"), "customer_fields[0].group", "config_no_group"),
        (field("text", pattern="("), "customer_fields[0].pattern", "config_pattern"),
        (field("text", pattern="(?=a)"), "customer_fields[0].pattern", "config_pattern"),
        (field("text", longest=501), "customer_fields[0].longest", "config_longest"),
        (field("number", least=2, most=1), "customer_fields[0].most", "config_most"),
        (field("number", pattern="a"), "customer_fields[0].pattern", "config_not_of_kind"),
        (field("date", least=1), "customer_fields[0].least", "config_not_of_kind"),
        (CustomerField(id="x", kind="text", ru="", en="X"), "customer_fields[0].ru", "config_empty"),
        (CustomerField(id="a b", kind="text", ru="X", en="X"), "customer_fields[0].id", "config_id"),
    ],
)
def test_slip_in_the_form_is_told_with_its_place(made: CustomerField, place: str, code: str) -> None:
    found = faults(with_fields(made))
    assert [(fault.place, fault.code) for fault in found] == [(place, code)]
    assert all(fault.message(language) for fault in found for language in ("ru", "en"))
