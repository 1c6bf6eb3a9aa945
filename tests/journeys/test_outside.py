"""A caller keys the number of an order; a real PostgreSQL and a real service know where it is, and the call goes by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from otklik.tenancy import yaml
from tests.conftest import Databases
from tests.integrations.test_services import Peer, says
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, closed_row
from tests.journeys.test_callback import apply
from tests.product import Product
from tests.sipp import Callers, dial, until

TEMPLATE = Path(__file__).parents[2] / "examples" / "scenarios" / "order-status.yaml"
SHOP = """
create table orders (number integer primary key, state text, total numeric(10, 2), parcel text);
insert into orders values (4711, 'sent', 990, 'P7'), (4712, 'paid', 25, null);
"""


@pytest.fixture
async def shop(databases: Databases) -> str:
    url = await databases.empty()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as shop:
        await shop.execute(SHOP)
    return url


@pytest.fixture
async def delivery() -> AsyncIterator[Peer]:
    made = Peer(says('{"parcel": {"place": "Тверь", "day": "завтра"}}'.encode()))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@pytest.fixture
def served(product: Product, shop: str, delivery: Peer) -> Iterator[None]:
    """By the template; afterwards the set-up is as it was."""
    for name, secret in (("SHOP_URL", shop), ("DELIVERY_KEY", "hush")):
        Path(product.settings["SECRETS_DIR"], name).write_text(secret)
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
        document = yaml.read(before).plain
        for name, things in yaml.read(TEMPLATE.read_text()).plain.items():
            if isinstance(things, list):
                document[name] = [*document.get(name, []), *things]
        document["services"][-1]["url"] = f"http://127.0.0.1:{delivery.port}/api"
        for entry in document["entry_points"]:
            entry["scenario"] = "order-status"
        apply(client, yaml.write(document))
        yield
        apply(client, before)


async def key(caller: Callers, digits: str) -> None:
    """While the question is asked, as people do who know it."""
    await until("the centre speaks", lambda: caller.heard(0.5).size > 0)
    for digit in digits:
        caller.press(digit)
        await asyncio.sleep(0.4)


async def test_a_caller_is_served_by_what_a_database_and_a_service_say(
    product: Product, floor: Floor, delivery: Peer, served: None
) -> None:
    log = Path(product.settings["DATA_DIR"]) / "logs" / "otklik.log"
    earlier = log.stat().st_size
    async with dial(product.sip_port, MENU, ani="+79300000051") as sent:
        await key(sent, "4711#")
        await until("the service is asked", lambda: bool(delivery.asked))
        await sent.wait_until_over(60)
    assert delivery.asked[0].startswith("GET /api/parcels/P7 ")
    assert "Authorization: hush" in delivery.asked[0]
    async with dial(product.sip_port, MENU, ani="+79300000052") as unknown:
        await key(unknown, "99#")
        await floor.until_contact("+79300000052", "waiting")
        await unknown.hang_up()
    await floor.until_gone("+79300000052")
    with product.signed_in("olga") as client:
        told_all = await closed_row(client, "+79300000051")
        assert told_all["outcome"] == "served"
        told = client.get(f"/api/contacts/{told_all['id']}").json()["timeline"]
        assert [each["text"] for each in told if each["what"] == "answered"] == ["Заказ: found", "Посылка: found"]
        left = await closed_row(client, "+79300000052")
        assert (left["outcome"], left["queue"]) == ("abandoned", {"id": "orders", "name": "Заказы"})
        found = client.get(f"/api/contacts/{left['id']}").json()["found"]
        assert ("number", "99") in [(each["name"], each["value"]) for each in found]
    written = log.read_bytes()[earlier:].decode()
    assert written and "parcels" not in written and "hush" not in written
