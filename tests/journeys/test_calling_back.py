"""A call at a chosen time in the browser: planned from the dial, seen and moved by agent and supervisor, made when its time has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_calling_out import outside, type_number
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import called, until

MARIA = "+79990000045"


async def test_agent_plans_a_call_moves_it_and_is_rung_when_its_time_has_come(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    anna = await (await (await open_page("anna")).sign_in()).start_shift()
    await type_number(anna, MARIA)
    await anna.button("Call later…").click()
    times = anna.page.get_by_label(anna.word("When"))
    await expect(times).to_be_enabled()
    await times.select_option(index=2)
    await looks_right(anna, "planned-dial")
    await anna.button("Plan the call").click()
    mine = anna.page.get_by_role("region", name=anna.word("Planned calls"))
    await expect(mine.get_by_role("listitem")).to_have_count(1)
    await expect(mine).to_contain_text(anna.word("To me"))
    await looks_right(anna, "planned-desk")
    with product.signed_in("olga") as client:
        (planned,) = client.get("/api/callbacks").json()
    olga = await (await open_page("olga")).sign_in()
    await olga.go("floor")
    await expect(olga.button("Move the call")).to_be_visible()
    await looks_right(olga, "planned-floor")
    await olga.button("Move the call").click()
    other = olga.page.get_by_label(olga.word("When"))
    await expect(other).to_be_enabled()
    await other.select_option(index=4)
    await olga.button("Move").click()
    await expect(other).to_be_hidden()
    await anna.be_ready()
    with product.signed_in("olga") as client:
        (moved,) = client.get("/api/callbacks").json()
        assert moved["id"] == planned["id"] and moved["at"] > planned["at"]
        with called(outside(product)) as customer:
            soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
            assert client.post(f"/api/callbacks/{moved['id']}/move", json={"at": soon}).status_code == 204
            await anna.button("Accept").click()
            await anna.until_agent("dialling")
            await customer.rings()
            assert customer.invite().startswith(f"{MARIA}@")
            await customer.answer()
            await anna.until_agent("talking")
            await anna.button("End call").click()
            await customer.wait_until_over()
        await anna.wrap_up("Вопрос решён", "Как договорились.")
        row: dict[str, Any] = {}

        def written() -> bool:
            row.update(client.get(f"/api/contacts/{moved['id']}").json())
            return bool(row["outcome"] == "answered")

        await until("the account", written)
        assert row["callback_attempts"] == 1 and row["callback_at"] is not None
