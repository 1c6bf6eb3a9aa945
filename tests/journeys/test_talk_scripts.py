"""A talk script is written on a screen, tried with a made-up customer, published and taken back; everything by keys."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_flows import restored
from tests.journeys.test_looks import looks_right

_ = restored


async def scripts(page: Page) -> dict[str, list[str]]:
    """What counts now: the steps of each script."""
    answer = await page.context.request.get("/api/configuration/parts/talk-scripts")
    return {
        each["name"]: [step["id"] for step in each["steps"]] for each in (await answer.json())["value"]["talk_scripts"]
    }


async def publish(desk: DeskPage, why: str) -> None:
    await desk.button("Publish").click()
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog.get_by_role("list")).to_be_visible()
    await desk.until_typing(dialog)
    await desk.page.keyboard.type(why)
    if why == "опрос":
        await looks_right(desk, "script-publish")
    await desk.page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(desk.text("Not published")).to_be_hidden()


async def test_a_talk_script_is_written_tried_published_and_taken_back(open_page: OpenPage, restored: None) -> None:
    desk = await (await open_page("admin")).sign_in()
    page, keys = desk.page, desk.page.keyboard
    await desk.go("configuration/scripts")
    await looks_right(desk, "scripts")
    await desk.button("New talk script").press("Enter")
    await desk.until_typing()
    await keys.type("Опрос")
    await keys.press("Enter")
    says = page.get_by_role("textbox", name=desk.word("The agent says"))
    await says.press_sequentially("Здравствуйте, ")
    await page.get_by_role("combobox", name=desk.word("Put a name in")).first.select_option("customer")
    await expect(says).to_have_value("Здравствуйте, {customer}")
    await desk.button("Add an answer").press("Enter")
    await page.get_by_role("textbox", name=desk.word("Answer {at}").format(at=1)).fill("Да")
    await page.get_by_role("combobox", name=desk.word("After answer {at}").format(at=1)).select_option(
        desk.word("A new step")
    )
    rows = page.locator(".partRow")
    await expect(rows).to_have_count(3)
    await rows.nth(1).focus()
    await keys.press("ArrowDown")
    await expect(rows.nth(2)).to_be_focused()
    await keys.press("Enter")
    await expect(says).to_have_value("")
    await says.fill("Сколько штук?")
    await page.get_by_role("combobox", name=desk.word("What is written")).select_option("number")
    await page.get_by_role("spinbutton", name=desk.word("No less than")).fill("1")
    await page.get_by_role("checkbox", name=desk.word("It has to be filled in")).check()
    await desk.button("Add a condition").press("Enter")
    await page.get_by_role("combobox", name=desk.word("How it is looked at")).select_option("more")
    await page.get_by_role("textbox", name=desk.word("With what it is compared")).fill("9")
    await page.get_by_role("combobox", name=desk.word("Where condition {at} leads").format(at=1)).select_option(
        "step-1"
    )
    await looks_right(desk, "script-editor")
    await _try(desk)
    await publish(desk, "опрос")
    assert (await scripts(page))["Опрос"] == ["step-1", "step-2"]
    await rows.nth(2).focus()
    await keys.press("Delete")
    await publish(desk, "короче")
    assert (await scripts(page))["Опрос"] == ["step-1"]
    await page.get_by_role("tab", name=desk.word("Versions")).click()
    await page.get_by_role("tabpanel").get_by_role("button", name=desk.word("Compare")).last.click()
    await desk.button("Take it into the editor").click()
    await publish(desk, "обратно")
    assert (await scripts(page))["Опрос"] == ["step-1", "step-2"]


async def _try(desk: DeskPage) -> None:
    """The preview goes as the agent would: what does not fit stays, and a condition leads back."""
    keys = desk.page.keyboard
    preview = desk.page.get_by_role("region", name=desk.word("The script as the agent sees it"))
    await expect(preview).to_contain_text(f"Здравствуйте, {desk.word('Anna Brown')}")
    await preview.get_by_role("button", name="Да").press("Enter")
    await desk.until_typing(preview)
    await keys.press("Enter")
    await expect(preview.get_by_role("alert")).to_have_text(desk.word("Fill this in to go on."))
    await keys.type("12")
    await keys.press("Enter")
    await expect(preview.locator(".talkSay")).to_contain_text("Здравствуйте")
    await expect(preview.locator(".talkBehind li")).to_have_count(2)
