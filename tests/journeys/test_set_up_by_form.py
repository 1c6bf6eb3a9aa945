"""Who has no IT department sets results and the card up by forms; agents see both at the desk. By keys, but for what is dragged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_callback import apply
from tests.journeys.test_every_screen import sent
from tests.journeys.test_looks import looks_right
from tests.product import Product

PHONE = "+79161239876"
CARD = "/api/configuration/parts/card"


@pytest.fixture
def kept(product: Product) -> Iterator[None]:
    """At the end the set-up is as it was."""
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
    yield
    with product.signed_in("admin") as client:
        apply(client, before)


async def publish(desk: DeskPage) -> None:
    await desk.button("Publish").click()
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog.get_by_role("list")).to_be_visible()
    await desk.until_typing(dialog)
    await desk.page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(desk.text("Not published")).to_be_hidden()


async def typed_in_both_languages(desk: DeskPage, russian: str, english: str) -> None:
    """Into the form that has just been opened."""
    await expect(desk.page.get_by_role("textbox", name=desk.word("In Russian")).first).to_be_focused()
    await desk.page.keyboard.type(russian)
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.type(english)


async def test_a_result_and_a_field_made_by_form_are_at_the_desk(
    open_page: OpenPage, product: Product, kept: None
) -> None:
    admin = await (await open_page("admin")).sign_in()
    await make_a_result(admin)
    await make_a_field(admin)
    with product.signed_in("admin") as colleague:
        stands = colleague.get(CARD).json()
        (first, *groups) = stands["value"]["field_groups"]
        changed = stands["value"] | {"field_groups": [first | {"ru": "Сделка"}, *groups]}
        over = {"If-Match": f'"{stands["version"]}"'}
        assert colleague.put(CARD, json={"value": changed}, headers=over).status_code == 200
    await publish_over_a_colleague(admin)
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    card = {"name": "Инна Каталожная", "identities": [{"kind": "phone", "value": PHONE}]}
    await sent(anna, "/api/customers", **card)
    request = {"way": "paper", "text": "Пришлите каталог.", "name": "", "phone": PHONE, "mail": "", "subject": ""}
    await sent(anna, "/api/desk/requests", **request)
    await anna.ringing.get_by_role("button", name=anna.word("Accept")).click()
    await anna.until_agent("talking")
    await anna.button("Change the card").click()
    await anna.page.get_by_role("combobox", name="Размер").select_option("Большой")
    await anna.page.get_by_role("radio", name="Просьба").check(force=True)
    await anna.page.get_by_role("radio", name="Хочет каталог").check(force=True)
    await expect(anna.page.get_by_role("textbox", name=anna.word("Task"), exact=True)).to_be_visible()


async def make_a_result(admin: DeskPage) -> None:
    """Under a new heading, in the first place, with a task."""
    page, keys = admin.page, admin.page.keyboard
    await admin.go("configuration/results")
    tree = page.get_by_role("tree")
    await tree.get_by_role("treeitem").last.click()
    await keys.press("Insert")
    await typed_in_both_languages(admin, "Просьба", "Wish")
    await tree.get_by_role("treeitem", name="Просьба").focus()
    await keys.press("Insert")
    await typed_in_both_languages(admin, "Хочет каталог", "Wants a catalogue")
    await page.get_by_role("combobox", name=admin.word("A task")).select_option("required")
    await tree.get_by_role("treeitem", name="Хочет каталог").focus()
    await keys.press("Alt+ArrowRight")
    wish = tree.get_by_role("treeitem", name="Хочет каталог")
    await expect(wish).to_have_attribute("aria-level", "2")
    await expect(wish).to_be_focused()
    await tree.get_by_role("treeitem", name="Просьба").drag_to(
        tree.get_by_role("treeitem").first, target_position={"x": 40, "y": 4}
    )
    await expect(tree.get_by_role("treeitem").first).to_contain_text("Просьба")
    await expect(tree.get_by_role("treeitem").nth(1)).to_contain_text("Хочет каталог")
    await looks_right(admin, "results-editor")
    await publish(admin)


async def make_a_field(admin: DeskPage) -> None:
    page = admin.page
    await admin.go("configuration/fields")
    await admin.button("Add a field").press("Enter")
    await typed_in_both_languages(admin, "Размер", "Size")
    await page.get_by_role("combobox", name=admin.word("What stands in it")).select_option("choice")
    await expect(page.get_by_role("tree").get_by_role("treeitem", name="Размер")).to_contain_text(admin.word("fault"))
    await expect(admin.button("Publish")).to_be_disabled()
    for place, (russian, english) in enumerate((("Малый", "Small"), ("Большой", "Large")), 1):
        await admin.button("Add a choice").press("Enter")
        await page.get_by_role("textbox", name=admin.word("Choice {place} in Russian").format(place=place)).fill(
            russian
        )
        await page.get_by_role("textbox", name=admin.word("Choice {place} in English").format(place=place)).fill(
            english
        )
    preview = page.get_by_role("group", name=admin.word("As the agent sees it"))
    await expect(preview.get_by_role("combobox", name="Размер").get_by_role("option")).to_have_text(
        ["–", "Малый", "Большой"]
    )
    await looks_right(admin, "fields-editor")


async def publish_over_a_colleague(admin: DeskPage) -> None:
    """Who is second sees what would be taken back before it is."""
    admin.forgive(r"status of 412 .*/api/configuration/parts/card")
    await admin.button("Publish").click()
    dialog = admin.page.get_by_role("dialog")
    await expect(dialog.get_by_role("list")).to_be_visible()
    await admin.until_typing(dialog)
    await admin.page.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await expect(dialog.get_by_role("list")).to_contain_text("Сделка")
    await looks_right(admin, "set-up-meanwhile")
    await admin.button("Publish mine").click()
    await expect(dialog).to_be_hidden()
    await expect(admin.text("Not published")).to_be_hidden()
