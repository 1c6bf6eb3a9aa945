"""Keys of a telephone that knows no other way than SIP INFO: they lead through a menu as any others do."""

from __future__ import annotations

import pytest

from tests.journeys.floor import Floor
from tests.product import Product
from tests.sipp import dial, until

MENU = "1000"


@pytest.mark.parametrize(
    ("kind", "body", "caller", "queue"),
    [
        ("application/dtmf-relay", "Signal=1", "+79160007001", "sales"),
        ("application/dtmf", "2", "+79160007002", "support"),
    ],
)
async def test_a_key_by_sip_info_chooses_in_a_menu(
    product: Product, floor: Floor, kind: str, body: str, caller: str, queue: str
) -> None:
    words = {"key_type": kind, "key_body": body}
    async with dial(product.sip_port, MENU, ani=caller, scenario="info", words=words) as telephone:
        await floor.until_contact(caller, "scenario")
        await until("the centre speaks to the caller", lambda: telephone.lines() > 0)
        await telephone.ask()
        contact = await floor.until_contact(caller, "waiting", "offered")
        assert contact["queue"]["id"] == queue
        await telephone.hang_up()
    await floor.until_gone(caller)
