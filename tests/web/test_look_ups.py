"""Outer systems asked from the desk: what is found, what is not, what fails in words, and who may ask at all."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.web.conftest import AtDesk, Site, apply, at_desk, current, refusal

from otklik.integrations.outside import OuterSystems
from otklik.integrations.secrets import PREFIX, Secrets

SET_UP = """
connections:
  - id: shop
    url_secret: SHOP_URL
    statements:
      orders: select id as "order", state from orders where phone = :phone
      parcel: select state from orders where id = :number
  - id: gone
    url_secret: GONE_URL
    statements:
      any: select 1 as one where :phone <> ''
look_ups:
  - {id: orders, ru: Заказы, en: Orders, connection: shop, statement: orders, gives: {phone: '{number}'},
     shown: [{id: state, ru: Состояние, en: State}]}
  - {id: parcel, ru: Посылка, en: Parcel, connection: shop, statement: parcel, gives: {number: '{entered}'}, asks_en: Number}
  - {id: card, ru: Договор, en: Contract, connection: shop, statement: orders, gives: {phone: '{contact.contract}'}}
  - {id: gone, ru: Склад, en: Stock, connection: gone, statement: any, gives: {phone: '{number}'}}
  - {id: other, ru: Прочее, en: Other, connection: gone, statement: any, gives: {phone: '{number}'}, queues: [support]}
"""


@pytest.fixture
async def asked(site: Site, admin: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[Site]:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("create table orders (id text, phone text, state text)")
        shop.execute("insert into orders values ('A-7', '+79161234567', 'sent')")
    urls = {f"{PREFIX}SHOP_URL": f"sqlite:///{tmp_path}/shop.db", f"{PREFIX}GONE_URL": f"sqlite:///{tmp_path}/none.db"}
    state, shop_systems = site.app.state, OuterSystems(Secrets(urls))
    before_them, state.outside = state.outside, shop_systems
    before = await current(admin)
    answer = await apply(admin, before["text"] + SET_UP, before["version"])
    assert answer.status_code == 200, answer.text
    yield site
    state.outside = before_them
    await shop_systems.close()


async def test_what_outer_systems_know_is_asked_at_the_desk_and_fails_in_words(asked: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    path = f"/api/desk/contacts/{call.contact}/look-ups"
    found = (await anna.client.get(path)).json()["look_ups"]
    assert [(each["id"], each["asks_en"], each["lacks"] and each["lacks"]["en"]) for each in found] == [
        ("orders", None, None),
        ("parcel", "Number", None),
        ("card", None, "contract"),
        ("gone", None, None),
    ]
    before = await asked.scalar("select count(*) from audit where what like 'looked_up %'")
    orders = (await anna.ask(call, "look-ups/orders")).json()
    assert orders["outcome"] == "found"
    assert [(each["name"], each["en"], each["value"]) for each in orders["values"]] == [
        ("state", "State", "sent"),
        ("order", "order", "A-7"),
    ]
    assert (await anna.ask(call, "look-ups/parcel", {"entered": " A-7 "})).json()["outcome"] == "found"
    injected = {"entered": "' or 1=1 --"}
    assert (await anna.ask(call, "look-ups/parcel", injected)).json()["outcome"] == "not_found"
    gone = (await anna.ask(call, "look-ups/gone")).json()
    assert (gone["outcome"], gone["values"], "администратору" in gone["message"]) == ("failed", [], True)
    assert await asked.scalar("select count(*) from audit where what like 'looked_up %'") == before + 4
    assert refusal(await anna.ask(call, "look-ups/parcel")) == (409, "look_up_lacks")
    assert refusal(await anna.ask(call, "look-ups/card")) == (409, "look_up_lacks")
    assert refusal(await anna.ask(call, "look-ups/other")) == (404, "no_such_look_up")
    async with at_desk(asked, "boris") as boris:
        assert refusal(await boris.client.get(path)) == (409, "no_such_contact")
        assert refusal(await boris.client.post(f"{path}/orders", json={})) == (409, "no_such_contact")


async def test_look_ups_that_cannot_be_asked_are_not_let_in(admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    wrong = """
connections: [{id: shop, url_secret: SHOP_URL, statements: {orders: 'select 1 where :a = :b'}}]
look_ups:
  - {id: a, ru: А, en: A}
  - {id: b, ru: Б, en: B, connection: none, statement: orders}
  - {id: c, ru: В, en: C, connection: shop, statement: none}
  - {id: d, ru: Г, en: D, connection: shop, statement: orders, gives: {a: '{weather}', b: '{card.none}', c: x}}
  - {id: e, ru: Д, en: E, connection: shop, statement: orders, gives: {a: '{ number }', b: '{number'}}
"""
    plan = (await admin.post("/api/configuration/plan", json={"text": before["text"] + wrong})).json()
    assert [(each["place"], each["code"]) for each in plan["faults"] if each["place"].startswith("look_ups")] == [
        ("look_ups[0]", "config_look_up_of_what"),
        ("look_ups[1].connection", "config_no_connection"),
        ("look_ups[2].statement", "config_no_statement"),
        ("look_ups[3].gives.a", "config_look_up_hole"),
        ("look_ups[3].gives.b", "config_look_up_hole"),
        ("look_ups[3].gives.c", "config_look_up_needless"),
        ("look_ups[4].gives.a", "config_look_up_hole"),
        ("look_ups[4].gives.b", "config_look_up_hole"),
    ]
