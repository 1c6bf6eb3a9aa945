"""What people outside write is text and nothing else: on every screen, in every field, of any length and direction.

And a customer of many years opens at once and goes back page by page without the page growing.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import httpx
import psycopg
import pytest
from playwright.async_api import expect

from otklik.contact.record import Outcome
from otklik.embedded.postgres import OWNER, SUPERUSER
from otklik.tenancy import yaml
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_callback import apply
from tests.journeys.test_every_screen import ADDRESSES, finish_tasks, open_address, sent
from tests.journeys.test_looks import faults_of_fit
from tests.product import Product

SCRIPT = "<img src=x onerror=window.stranger=1><script>window.stranger=1</script>"
BACKWARDS = "\u202eгнилебо\u202c شركة التوريدات العامة"
LONG = "Щ" * 60
STRANGE = f"{SCRIPT}{BACKWARDS}{LONG}"
HOLE = "{{customer.name}}"
"""As of a canned reply: while it stands in a note, the note is not saved."""
PROSE = f"{STRANGE} {HOLE} ${{7*7}} javascript:window.stranger=1\n" + "W" * 400
LOOK_UP = {
    "connections": [
        {
            "id": "shop",
            "url_secret": "SHOP_URL",
            "statements": {"last": "select state, state as another from orders where :phone <> ''"},
        }
    ],
    "look_ups": [
        {
            "id": "last",
            "ru": "Заказ",
            "en": "Order",
            "connection": "shop",
            "statement": "last",
            "gives": {"phone": "{number}"},
            "shown": [{"id": "state", "ru": STRANGE, "en": STRANGE}],
        }
    ],
}
"""What the desk asks of the tenant's own database."""
SPOKEN_OF = (
    "look_ups",
    "queues",
    "reasons",
    "dispositions",
    "statuses",
    "entry_points",
    "customer_fields",
    "field_groups",
)
"""Parts of the set-up whose names an administrator gives and others see."""


def strangely_named(document: dict[str, Any]) -> dict[str, Any]:
    """Every name that people see, made hostile; each still another one."""
    for part in SPOKEN_OF:
        for number, each in enumerate(document.get(part, [])):
            for field in ("name", "ru", "en", "title", "label"):
                if isinstance(each.get(field), str):
                    each[field] = f"{number}{STRANGE}"[:200]
    for queue in document["queues"]:
        queue["talk_script"] = "order"
    for script in document.get("talk_scripts", []):
        script["name"] = f"{script['name']}{STRANGE}"[:200]
        for step in script["steps"]:
            step["say"] = f"{step['say']} {STRANGE}"
            for answer in step.get("answers", []):
                answer["text"] = f"{answer['text']}{STRANGE}"[:200]
    return document


@contextlib.asynccontextmanager
async def strange_people(product: Product) -> AsyncIterator[None]:
    """Agents, supervisors and administrators as well; they count with the next set-up that does."""
    async with tables(product) as database:
        rows = await (await database.execute("select id, name from person")).fetchall()
        strangely = "update person set name = left(left(name, 4) || %(strange)s, 200)"
        await database.execute(strangely, {"strange": STRANGE})
        try:
            yield
        finally:
            for person, name in rows:
                await database.execute(
                    "update person set name = %(name)s where id = %(id)s", {"name": name, "id": person}
                )


@pytest.fixture
async def strange(product: Product, tmp_path: Path) -> AsyncIterator[httpx.Client]:
    """A set-up whose every name is hostile, and a database of the tenant's that answers so."""
    with sqlite3.connect(tmp_path / "strange.db") as shop:
        shop.execute("create table orders (state text)")
        shop.execute("insert into orders values (?)", (STRANGE,))
    Path(product.settings["SECRETS_DIR"], "SHOP_URL").write_text(f"sqlite:///{tmp_path}/strange.db")
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
        async with strange_people(product):
            apply(client, yaml.write(strangely_named({**yaml.read(before).plain, **LOOK_UP})))
            yield client
        apply(client, before)


@pytest.fixture
def left(strange: httpx.Client) -> Iterator[list[str]]:
    """Addresses of what is deleted, or cancelled, however the test ends: others share the product."""
    addresses: list[str] = []
    yield addresses
    answers = {}
    for address in addresses:
        answer = strange.post(address, json={}) if address.endswith("/cancel") else strange.delete(address)
        answers[address] = answer.status_code
    assert set(answers.values()) <= {204}, answers


@contextlib.asynccontextmanager
async def tables(product: Product) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """The product's database, past all rules: what years leave behind cannot be waited for."""
    home = Path(product.settings["DATA_DIR"]) / "postgres"
    where = quote(str(home / "run"), safe="")
    url = f"postgresql://{SUPERUSER}:{(home / 'password').read_text()}@/{OWNER}?host={where}"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:
        await database.execute("set search_path = otklik, public")
        yield database


@pytest.fixture
async def ended_in_all_ways(product: Product) -> AsyncIterator[None]:
    """A contact for each way a contact ends, on the first page of the lists."""
    insert = """
      insert into contact (tenant_id, id, channel, entry_point_id, dnis, leg, arrived_at, outcome, stage)
      select t.tenant_id, uuidv7(), 'voice', 'russian', '1000', 'in all ways', now(), outcome, 'talking'
      from tenant t, unnest(%(outcomes)s::text[]) outcome where t.is_demo
    """
    outcomes = [each for each in get_args(Outcome) if each != "open"]
    async with tables(product) as database:
        made = await database.execute(insert, {"outcomes": outcomes})
        assert made.rowcount == len(outcomes)
        yield
        await database.execute("delete from contact where leg = 'in all ways'")


async def task_of_a_queue(product: Product, customer: str) -> None:
    """Beside the one there is: for whoever of the queue takes it, as the result of a contact leaves it."""
    insert = """
      insert into customer_task (tenant_id, customer_id, person_id, queue_id, text)
      select tenant_id, customer_id, person_id, 'support', text from customer_task where customer_id = %(id)s limit 1
    """
    async with tables(product) as database:
        assert (await database.execute(insert, {"id": customer})).rowcount == 1


def put_an_article(product: Product, admin: httpx.Client, contact: str, left: list[str]) -> None:
    """A strange article, put into the text of the contact that Anna has in hand."""
    body = {"language": "ru", "title": STRANGE, "body": PROSE, "tags": ["strange"], "queues": [], "publish": True}
    made = admin.post("/api/articles", json=body)
    assert made.status_code == 201, made.text
    article = made.json()["id"]
    left.append(f"/api/articles/{article}")
    with product.signed_in("anna") as anna:
        put = anna.put(f"/api/knowledge/{article}/contacts/{contact}", json={"put": True, "helped": True})
        assert put.status_code == 204, put.text


async def hand_in(product: Product, admin: httpx.Client, left: list[str]) -> str:
    """As the server of a web site does."""
    key = admin.post("/api/web-keys", json={"name": STRANGE, "entry_point": "russian"}).json()
    left.append(f"/api/web-keys/{key['id']}")
    body = {
        "text": PROSE,
        "name": STRANGE,
        "phone": "+79160009900",
        "mail": "a@b.example",
        "fields": {STRANGE: STRANGE},
    }
    async with httpx.AsyncClient(base_url=product.url, headers={"Authorization": f"Bearer {key['key']}"}) as site:
        answer = await site.post("/api/requests", json=body)
        assert answer.status_code == 201, answer.text
        wish = {"phone": "+79160009901", "name": STRANGE, "text": PROSE, "fields": {STRANGE: STRANGE}}
        wish["at"] = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        called = await site.post("/api/requests/calls", json=wish)
        assert called.status_code in (201, 409), called.text
        if called.status_code == 201:
            left.append(f"/api/contacts/{called.json()['contact']}/callback/cancel")
    contact: str = answer.json()["contact"]
    return contact


async def harmless(page: DeskPage) -> list[str]:
    """Nothing ran, nothing was fetched; what sticks out at the width of a telephone."""
    assert await page.page.evaluate("window.stranger") is None
    assert await page.page.locator("main img[src='x'], main script").count() == 0
    where = page.page.url.removeprefix(page.product.url).partition("?")[0].strip("/")
    return await faults_of_fit(page, f"strange-{page.person.login}-{where}")


@pytest.mark.timeout(600)
async def test_what_strangers_write_is_text_on_every_screen(
    open_page: OpenPage, product: Product, strange: httpx.Client, left: list[str], ended_in_all_ways: None
) -> None:
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    phones = [{"kind": "phone", "value": "+79160009900"}]
    card = await sent(anna, "/api/customers", name=STRANGE, company=STRANGE, about=PROSE, identities=phones)
    await sent(anna, f"/api/customers/{card['id']}/notes", text=PROSE)
    await sent(anna, f"/api/customers/{card['id']}/tasks", text=STRANGE, due_at=None, assignee=None)
    await task_of_a_queue(product, card["id"])
    contact = await hand_in(product, strange, left)
    await expect(anna.ringing).to_contain_text(SCRIPT)
    faults = await harmless(anna)
    await anna.ringing.get_by_role("button", name=anna.word("Accept")).click()
    await anna.until_agent("talking")
    letters = anna.page.get_by_role("region", name=anna.word("What the customer wrote"))
    await expect(letters).to_contain_text(SCRIPT)
    await expect(anna.page.locator(".talk")).to_contain_text(SCRIPT)
    await anna.page.get_by_role("tab", name=anna.word("Look-ups")).click()
    await expect(anna.page.get_by_role("region", name=SCRIPT)).to_contain_text(SCRIPT)
    faults += await harmless(anna)
    put_an_article(product, strange, contact, left)
    await anna.page.locator(".talkAnswers button").first.click()
    faults += await harmless(anna)
    await anna.button("Finish").click()
    await anna.until_agent("wrap_up")
    await anna.page.locator("label:has([type=radio])").first.click()
    await anna.page.locator("#note").fill(PROSE)
    faults += await harmless(anna)
    await anna.page.locator("#note").fill(PROSE.replace(HOLE, ""))
    await anna.page.keyboard.press("Control+Enter")
    await anna.until_live("the result is saved", "live.contacts.length === 0")
    faults += await walk(anna, f"/customers?customer={card['id']}", f"/history?contact={contact}")
    olga = await (await open_page("olga")).sign_in()
    notice = await sent(olga, "/api/notices", text=STRANGE, queues=[], agents=[], urgent=True)
    left.append(f"/api/notices/{notice['id']}")
    await expect(anna.page.get_by_text(SCRIPT).first).to_be_visible()
    faults += await harmless(anna)
    faults += await walk(olga, f"/contacts?contact={contact}", "/floor?tasks=all")
    faults += await walk(await (await open_page("admin")).sign_in())
    finish_tasks(product, "anna")
    assert faults == [], "\n".join(faults)


async def walk(page: DeskPage, *more: str) -> list[str]:
    faults: list[str] = []
    for address in (*ADDRESSES, *more):
        if await open_address(page, address):
            faults += await harmless(page)
    return faults


async def test_customer_with_5000_contacts_is_gone_through_page_by_page(open_page: OpenPage, product: Product) -> None:
    anna = await (await open_page("anna")).sign_in()
    card = await sent(anna, "/api/customers", name="Пять Тысяч")
    insert = """
      with customers as (select tenant_id from customer where id = %(id)s)
      insert into contact (tenant_id, id, channel, entry_point_id, dnis, leg, arrived_at, outcome, stage, customer_id)
      select tenant_id, uuidv7(), 'voice', 'russian', '1000', 'leg', timestamptz '2026-01-01' + n * interval '1 hour',
        'answered', 'talking', %(id)s from customers, generate_series(1, 5000) n
    """
    async with tables(product) as database:
        await database.execute(insert, {"id": card["id"]})
        try:
            await gone_through(anna, card["id"])
        finally:
            await database.execute("delete from contact where customer_id = %(id)s", {"id": card["id"]})


async def gone_through(anna: DeskPage, customer: str) -> None:
    await open_address(anna, f"/customers?customer={customer}")
    await anna.page.get_by_role("tab", name=anna.word("History")).click()
    items = anna.page.get_by_role("region", name=anna.word("History of the customer")).get_by_role("listitem")
    last = items.last.locator("[title]")
    seen = [await last.get_attribute("title") or ""]
    for _ in range(8):
        await anna.button("Show more").click()
        await expect(last).not_to_have_attribute("title", seen[-1])
        seen.append(await last.get_attribute("title") or "")
        assert await items.count() <= 120
    assert len(set(seen)) == len(seen)
    await anna.button("Show newer").click()
    await expect(last).to_have_attribute("title", seen[-2])
    assert await anna.page.evaluate("document.querySelectorAll('*').length") < 4_000
