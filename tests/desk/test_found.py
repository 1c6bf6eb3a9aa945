"""What scenarios found out, as the desk, the list of contacts and texts show it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.routing.centre import ANNA, CONFIGURATION, SALES, Office

from otklik.contact import facts
from otklik.contact.configuration import CannedReply, Configuration
from otklik.contact.ids import ContactId
from otklik.contact.showing import ShownAttribute
from otklik.desk.found import found, holes
from otklik.desk.timeline import timeline
from otklik.desk.view import own_state
from otklik.routing.audit import faults
from otklik.routing.audit_talk import reply_faults
from otklik.talk.reply import ready
from otklik.talk.script import filled

SHOWN = (
    ShownAttribute(id="order.state", ru="Состояние", en="State"),
    ShownAttribute(id="order", en="Order"),
    ShownAttribute(id="secret", hidden=True),
    ShownAttribute(id="sum", ru="Сумма", form="number"),
)
KNOWN = {"order": "4711", "pin": "****", "secret": "x", "city": "Казань", "order.state": "в пути", "blank": " "}


def test_listed_ones_come_first_and_neither_masked_nor_hidden_ones_at_all() -> None:
    shown = [(each.name, each.ru, each.en, each.value) for each in found(KNOWN, SHOWN)]
    assert shown == [
        ("order.state", "Состояние", "State", "в пути"),
        ("order", "Order", "Order", "4711"),
        ("city", "city", "city", "Казань"),
    ]


def test_masked_digits_are_not_shown_even_where_they_are_listed() -> None:
    assert found({"pin": "****"}, [ShownAttribute(id="pin", ru="ПИН")]) == []


def test_ringing_contact_shows_what_was_found_out_before_it_is_accepted() -> None:
    office = Office(replace(CONFIGURATION, attributes=SHOWN), ANNA)
    office.arrive("c1")
    office.do(facts.ContactQueued(contact=ContactId("c1"), queue=SALES, attributes=KNOWN))
    seen: Any = own_state(office.engine, ANNA, cards={}, drafts={}, letters={})
    (shown,) = seen["contacts"]
    assert shown["state"] == "offered"
    assert [each["value"] for each in shown["found"]] == ["в пути", "4711", "Казань"]
    assert "****" not in str(shown)


def test_timeline_says_what_the_scenario_found_out_when_it_ended() -> None:
    queued = facts.ContactQueued(contact=ContactId("c1"), queue=SALES, attributes=KNOWN, path=("a", "b"))
    told = timeline([(1.0, "contact_queued", queued)], {}, {}, SHOWN)
    assert [each.what for each in told] == ["scenario_path", "attributes_found", "contact_queued"]
    assert [each.value for each in told[1].found] == ["в пути", "4711", "Казань"]


def test_texts_are_filled_with_what_was_found_out() -> None:
    values = holes([{"name": "order", "value": "4711"}])
    reply = CannedReply(id="o", ru="Заказ {contact.order}: {contact.order.state}")
    (made,) = ready([reply], None, values)
    assert (made.text, made.missing) == ("Заказ 4711: {contact.order.state}", ("contact.order.state",))
    assert list(reply_faults("r", reply)) == []
    assert filled("Заказ {contact.order}, {contact.day}", values) == "Заказ 4711, …"


def test_an_attribute_is_listed_once() -> None:
    twice = Configuration(attributes=(ShownAttribute(id="a"), ShownAttribute(id="a")))
    assert [(each.place, each.code) for each in faults(twice)] == [("attributes[1].id", "config_twice")]
