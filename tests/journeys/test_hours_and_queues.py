"""An administrator sets opening hours with the holidays of a file, what they do to a number, and a queue, by forms; all by keys."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.async_api import FilePayload, expect

from otklik.tenancy import yaml
from tests import tones
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_looks import looks_right
from tests.journeys.test_talk_scripts import publish
from tests.product import Product

EVENT = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART;VALUE=DATE:{0}\r\nSUMMARY:{1}\r\n{2}END:VEVENT\r\n"
DAYS = (("20990107", "Рождество", ""), ("20200509", "День Победы", "RRULE:FREQ=YEARLY\r\n"), ("20200101", "Давно", ""))
HOLIDAYS = "".join(
    ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n", *(EVENT.format(*day) for day in DAYS), "END:VCALENDAR")
)


async def hours_with_holidays(admin: DeskPage) -> None:
    page, keys = admin.page, admin.page.keyboard
    await admin.go("configuration/hours")
    await admin.button("New calendar").press("Enter")
    await admin.until_typing()
    await keys.type("Приёмная")
    await keys.press("Enter")
    await page.get_by_role("combobox", name=admin.word("Time zone")).fill("Europe/Moscow")
    end = page.get_by_role("textbox", name=admin.word("{of}: to").format(of="понедельник"))
    await end.fill("13")
    await page.get_by_role("button", name=admin.word("Add a period: {of}").format(of="понедельник")).press("Enter")
    await expect(end).to_have_count(2)
    await expect(end.first).to_have_value("13:00")
    async with page.expect_file_chooser() as chooser:
        await admin.button("Take from a file (iCal)").press("Enter")
    file = FilePayload(name="holidays.ics", mimeType="text/calendar", buffer=HOLIDAYS.encode())
    await (await chooser.value).set_files(file)
    preview = page.get_by_role("region", name=admin.word("Days of the file"))
    await expect(preview.get_by_role("checkbox")).to_have_count(3)
    await expect(preview.get_by_role("checkbox", name="Давно")).not_to_be_checked()
    await admin.button("Add an exception").press("Enter")
    await looks_right(admin, "hours-import", whole_words=True)
    await day_that_is_typed_is_not_lost(admin)
    await preview.get_by_role("button", name="Взять 2 дня").press("Enter")
    form = page.get_by_role("form", name=admin.word("New day"))
    await form.get_by_role("button", name=admin.word("Cancel")).press("Enter")
    await expect(form).to_have_count(0)
    await page.get_by_label(admin.word("At this time there")).fill("2099-01-07T10:30")
    verdict = page.get_by_role("status").filter(has_text="Рождество")
    await expect(verdict).to_contain_text(admin.word("Closed"))
    await expect(verdict).to_contain_text("8 января 2099")
    await publish(admin, "праздники")


async def day_that_is_typed_is_not_lost(admin: DeskPage) -> None:
    publishing = admin.button("Publish")
    await expect(publishing).to_be_enabled()
    name = admin.page.get_by_role("textbox", name=admin.word("What the day is called"))
    await name.fill("Переезд")
    await expect(publishing).to_be_disabled()
    await admin.button("All calendars").press("Enter")
    await admin.button("Stay").press("Enter")
    await expect(name).to_have_value("Переезд")


async def turned_away_while_it_is_closed(admin: DeskPage) -> None:
    page = admin.page
    await admin.go("configuration/entry")
    await page.get_by_role("button", name="Меню на русском", exact=True).press("Enter")
    await expect(admin.button("Add a rule")).to_be_visible()
    hours = page.get_by_role("combobox", name=admin.word("Opening hours"))
    earlier = await hours.count()
    await admin.button("Add a rule").press("Enter")
    await expect(hours).to_have_count(earlier + 1)
    await hours.last.select_option(admin.word("While it is closed: {0}").format("Приёмная"))
    way = page.get_by_role("combobox", name=admin.word("Then the caller goes"))
    await way.last.select_option(admin.word("Turned away with some words"))
    await page.get_by_role("textbox", name=admin.word("What is said ({0})").format("ru")).last.fill("Мы закрыты.")
    await looks_right(admin, "entry-rule", whole_words=True)
    await publish(admin, "часы")


def put_back(client: httpx.Client, text: str) -> None:
    """Once more where the page was still publishing."""
    for _ in range(2):
        version = client.get("/api/configuration").json()["version"]
        body = {"text": text, "comment": ""}
        answer = client.put("/api/configuration", json=body, headers={"If-Match": f'"{version}"'})
        if answer.status_code != httpx.codes.PRECONDITION_FAILED:
            break
    assert answer.status_code == httpx.codes.OK, answer.text


async def every_row_of_a_queue(admin: DeskPage) -> None:
    """Looked at, and taken back."""
    for what in ("Ask for less after a while", "Add a message between the music", "Add help from elsewhere"):
        await admin.button(what).press("Enter")
    await looks_right(admin, "queue-form", whole_words=True)
    asked = admin.page.get_by_role("textbox", name=admin.word("At once"))
    await asked.fill("english >=")
    await expect(asked).to_have_attribute("aria-invalid", "true")
    told = await admin.page.locator(f"#{await asked.get_attribute('aria-describedby')}").text_content()
    problems = admin.page.get_by_role("list", name=admin.word("Problems")).get_by_role("listitem")
    await problems.filter(has_text=told or "nothing").get_by_role("button").first.press("Enter")
    await expect(asked).to_be_focused()
    for _ in range(4):
        await admin.button("Undo").press("Enter")
    await expect(admin.button("Undo")).to_be_disabled()


async def music_of_ones_own(admin: DeskPage) -> None:
    async with admin.page.expect_file_chooser() as chooser:
        await admin.button("Hand in music").press("Enter")
    sound = tones.wav([tones.tone(440, 2.0, tones.TELEPHONE_RATE)], tones.TELEPHONE_RATE)
    await (await chooser.value).set_files(FilePayload(name="вальс.wav", mimeType="audio/wav", buffer=sound))
    music = admin.page.get_by_role("combobox", name=admin.word("Music, also on hold"))
    await expect(music.locator("option:checked")).to_have_text("вальс.wav, 0:02")
    await expect(admin.button("Hear the music")).to_be_visible()
    await looks_right(admin, "queue-music", whole_words=True)


def rules_of_the_menu(document: dict[str, Any]) -> list[dict[str, Any]]:
    (menu,) = [each for each in document["entry_points"] if each.get("name") == "Меню на русском"]
    rules: list[dict[str, Any]] = menu.get("rules", [])
    return rules


async def test_holidays_of_a_file_and_a_queues_wrap_up_are_set_by_forms(open_page: OpenPage, product: Product) -> None:
    admin = await (await open_page("admin")).sign_in()
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
        try:
            await hours_with_holidays(admin)
            await turned_away_while_it_is_closed(admin)
            await admin.go("configuration/queues")
            await admin.page.get_by_role("button", name="Продажи", exact=True).press("Enter")
            await every_row_of_a_queue(admin)
            await music_of_ones_own(admin)
            wrap_up = admin.page.get_by_role("spinbutton", name=admin.word("Wrap-up, seconds"))
            await wrap_up.fill("0")
            await wrap_up.fill("45")
            await publish(admin, "быстрее")
            after = yaml.read(client.get("/api/configuration").json()["text"]).plain
        finally:
            put_back(client, before)
    stood = yaml.read(before).plain
    (calendar,) = [each for each in after["calendars"] if each["name"] == "Приёмная"]
    assert [each for each in after["calendars"] if each is not calendar] == stood.get("calendars", [])
    assert calendar["holidays"] == [
        {"date": "05-09", "name": "День Победы"},
        {"date": "2099-01-07", "name": "Рождество"},
    ]
    assert calendar["weekly"]["mon"] == ["09:00-13:00", "14:00-18:00"]
    reject = {"reject": {"text": "Мы закрыты.", "language": "ru"}}
    *rules, rule = rules_of_the_menu(after)
    assert rules == rules_of_the_menu(stood)
    assert rule == {"id": rule["id"], "to": reject, "when": {"closed": calendar["id"]}}
    assert rule["id"].startswith("rule-")
    (music,) = [each.pop("music") for each in after["queues"] if "music" in each]
    assert (music["name"], len(music["recording"])) == ("вальс.wav", 64)
    assert after["queues"] == [
        each | ({"wrap_up_seconds": 45.0} if each["name"] == "Продажи" else {}) for each in stood["queues"]
    ]
