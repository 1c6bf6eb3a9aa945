"""The card of a customer as people use it: by keyboard, by two at once, over a reload, right to left."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_looks import looks_right

HOSTILE = '<img src=x onerror="document.title=1">'
RIGHT_TO_LEFT = "محمد عبد الرحمن"


async def api(page: Page, product_url: str, method: str, path: str, body: dict[str, Any]) -> Any:
    answer = await page.context.request.fetch(
        f"/api/customers{path}", method=method, data=body, headers={"X-Otklik": "1", "Origin": product_url}
    )
    assert answer.ok, await answer.text()
    return await answer.json()


async def open_card(desk: DeskPage, customer: str) -> None:
    await desk.go(f"customers?customer={customer}")
    await expect(desk.button("Change the card")).to_be_visible()


async def test_two_at_one_card_lose_no_word_over_a_reload(open_page: OpenPage) -> None:
    anna = await (await open_page("anna")).sign_in()
    anna.forgive(r"status of 409 .*/api/customers")
    card = await api(anna.page, anna.product.url, "POST", "", {"name": RIGHT_TO_LEFT, "about": HOSTILE})
    await open_card(anna, card["id"])
    await expect(anna.page.get_by_text(HOSTILE)).to_be_visible()
    await anna.button("Change the card").focus()
    await anna.page.keyboard.press("Enter")
    company = anna.page.get_by_role("textbox", name=anna.word("Company"), exact=True)
    await company.fill("Вектор")
    await anna.page.reload()
    await anna.button("Change the card").click()
    await expect(company).to_have_value("Вектор")
    await looks_right(anna, "card-draft")
    boris = await (await open_page("boris")).sign_in()
    body = {"version": card["version"], "company": "Заря", "language": "ar"}
    await api(boris.page, boris.product.url, "PATCH", f"/{card['id']}", body)
    await company.press("Enter")
    theirs = anna.page.get_by_role("radio", name="Заря")
    await expect(theirs).to_be_visible()
    await looks_right(anna, "card-quarrel")
    await theirs.check()
    await anna.button("Go on with these").click()
    await anna.button("Save").click()
    await expect(anna.button("Change the card")).to_be_visible()
    await expect(anna.page.get_by_role("tabpanel").get_by_text("Заря")).to_be_visible()


async def test_merge_and_its_undoing_by_keyboard(open_page: OpenPage) -> None:
    kate = await (await open_page("kate", locale="en-GB")).sign_in()
    phone = [{"kind": "phone", "value": "+442079460777"}]
    kept, other = [
        await api(kate.page, kate.product.url, "POST", "", {"name": name, "identities": phone, "company": company})
        for name, company in (("Ada Double", ""), ("Ada Doubles", "Bloom Ltd"))
    ]
    await open_card(kate, kept["id"])
    await kate.page.get_by_role("button", name=f"Compare with {other['name']}").press("Enter")
    await expect(kate.page.get_by_role("dialog")).to_be_visible()
    await looks_right(kate, "merge")
    await kate.button("Merge the cards").press("Enter")
    await expect(kate.page.get_by_role("tabpanel").get_by_text("Bloom Ltd")).to_be_visible()
    await kate.button("Undo the merge").press("Enter")
    await kate.button("Make two cards again").press("Enter")
    await expect(kate.page.get_by_role("tabpanel").get_by_text("Bloom Ltd")).not_to_be_visible()
    await open_card(kate, other["id"])
    await expect(kate.page.get_by_role("heading", name="Ada Doubles", exact=True)).to_be_visible()


KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('otklik.card.'))"


async def test_what_was_typed_into_a_card_is_not_there_for_the_next_person_at_the_computer(open_page: OpenPage) -> None:
    anna = await (await open_page("anna")).sign_in()
    card = await api(anna.page, anna.product.url, "POST", "", {"name": "Секретный клиент"})
    secret = anna.page.get_by_role("textbox", name=anna.word("Company"), exact=True)
    for leave in ("signs out", "is cut off"):
        await open_card(anna, card["id"])
        await anna.button("Change the card").click()
        await secret.fill("Паспорт 4510 123456")
        assert len(await anna.page.evaluate(KEPT)) == 1
        if leave == "signs out":
            await anna.page.get_by_role("banner").get_by_role("button").last.click()
            await anna.button("End shift and sign out").click()
            await expect(anna.page.locator("#login")).to_be_visible()
            assert await anna.page.evaluate(KEPT) == []
        else:
            await anna.page.context.clear_cookies()
            await anna.page.goto("/sign-in")
            await expect(anna.page.locator("#login")).to_be_visible()
        login = "anna" if leave == "signs out" else "boris"
        await anna.page.locator("#login").fill(login)
        await anna.page.locator("#password").fill(anna.product.login(login).password)
        await anna.page.locator("form button[type=submit]").click()
        await expect(anna.page.get_by_role("navigation")).to_be_visible()
        assert await anna.page.evaluate(KEPT) == []
    assert "4510" not in await anna.page.evaluate(
        "JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})"
    )
