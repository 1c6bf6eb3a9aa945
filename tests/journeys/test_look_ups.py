"""An agent asks the shop's database about the customer who is on the line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from otklik.tenancy import yaml
from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, choose
from tests.journeys.test_callback import apply
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial

ANI = "+79300000061"
SET_UP = """
connections:
  - id: shop
    url_secret: SHOP_URL
    statements:
      last: select id as "order", state, made from orders where phone = :phone
      parcel: select place from parcels where id = :id
  - {id: stock, url_secret: NOBODY_GAVE_IT, statements: {any: "select 1 as one where :phone <> ''"}}
look_ups:
  - id: last
    ru: Последний заказ
    en: Last order
    connection: shop
    statement: last
    gives: {phone: '{number}'}
    shown: [{id: order, ru: Заказ, en: Order}, {id: state, ru: Состояние, en: State}, {id: made, ru: Оформлен, en: Made, form: date}]
  - id: parcel
    ru: Посылка
    en: Parcel
    connection: shop
    statement: parcel
    gives: {id: '{entered}'}
    asks_ru: Номер посылки
    asks_en: Number of the parcel
    shown: [{id: place, ru: Где она, en: Where it is}]
  - {id: bill, ru: Счёт, en: Bill, connection: shop, statement: last, gives: {phone: '{card.contract}'}}
  - {id: stock, ru: Склад, en: Stock, connection: stock, statement: any, gives: {phone: '{number}'}}
"""


@pytest.fixture
def shop(product: Product, tmp_path: Path) -> Iterator[None]:
    """A database of orders that the set-up may ask."""
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("create table orders (id text, phone text, state text, made text)")
        shop.execute("insert into orders values ('A-4711', ?, 'отправлен', '2026-11-27')", (ANI,))
        shop.execute("create table parcels (id text, place text)")
        shop.execute("insert into parcels values ('P7', 'Тверь, сортировочный центр')")
    Path(product.settings["SECRETS_DIR"], "SHOP_URL").write_text(f"sqlite:///{tmp_path}/shop.db")
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
        apply(client, yaml.write({**yaml.read(before).plain, **yaml.read(SET_UP).plain}))
        yield
        apply(client, before)


async def test_an_agent_sees_what_the_shops_database_knows_of_the_caller(
    open_page: OpenPage, product: Product, floor: Floor, shop: None
) -> None:
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=ANI) as caller:
        await choose(caller, floor, ANI)
        await anna.button("Accept").click()
        await anna.until_agent("talking")
        await anna.page.get_by_role("tab", name=anna.word("Look-ups")).click()
        last = anna.page.get_by_role("region", name="Последний заказ")
        await expect(last).to_contain_text("A-4711")
        parcel = anna.page.get_by_role("region", name="Посылка")
        await parcel.get_by_role("textbox").fill("P7")
        await anna.page.keyboard.press("Enter")
        await expect(parcel).to_contain_text("Тверь")
        await expect(anna.page.get_by_role("region", name="Склад")).to_contain_text("администратору")
        await looks_right(anna, "look-ups")
        await caller.hang_up()
    await anna.until_agent("wrap_up")
