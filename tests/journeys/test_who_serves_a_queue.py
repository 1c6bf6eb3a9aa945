"""An administrator makes a queue with its agents, their order and its keys, a number, and an alert; by forms, all by keys."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Locator, Route, expect

from otklik.tenancy import yaml
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.test_hours_and_queues import put_back
from tests.journeys.test_looks import looks_right
from tests.journeys.test_talk_scripts import publish
from tests.product import Product

OWN = "+7 495 000-11-22"


def combobox(admin: DeskPage, name: str) -> Locator:
    return admin.page.get_by_role("combobox", name=admin.word(name), exact=True)


async def new_queue(admin: DeskPage) -> None:
    await admin.go("configuration/queues")
    await admin.button("New queue").press("Enter")
    name = admin.page.get_by_role("textbox", name=admin.word("Name"), exact=True)
    await name.fill("Ночь")
    await name.press("Enter")
    await expect(admin.page.get_by_role("heading", name="Ночь", level=1)).to_be_visible()


async def put_in(admin: DeskPage, group: str, add: str, agent: str) -> None:
    region = admin.page.get_by_role("region", name=admin.word(group))
    await region.get_by_role("combobox", name=admin.word(add)).select_option(agent)
    await region.get_by_role("button", name=admin.word("Add"), exact=True).press("Enter")


async def served_in_a_fixed_order(admin: DeskPage) -> None:
    page = admin.page
    for agent in "Анна Смирнова", "Борис Ким":
        await put_in(admin, "Who serves it", "Put in an agent", agent)
        await expect(combobox_of(admin, agent)).to_be_visible()
    await combobox_of(admin, "Борис Ким").select_option("9")
    await combobox(admin, "Strategy").select_option("hunt")
    rows = page.get_by_role("tree", name=admin.word("Agents in their order")).get_by_role("treeitem")
    for count, agent in enumerate(("Анна Смирнова", "Борис Ким"), 1):
        await put_in(admin, "Who gets the contact", "Put into the order", agent)
        await expect(rows).to_have_count(count)
    await expect(rows.last).to_have_attribute("aria-selected", "true")
    await admin.button("Move up").press("Enter")
    await expect(rows.first).to_contain_text("Борис Ким")


def combobox_of(admin: DeskPage, agent: str) -> Locator:
    return admin.page.get_by_role("combobox", name=admin.word("Level: {name}").format(name=agent), exact=True)


async def left_by_a_key(admin: DeskPage) -> None:
    """A second key is the same as the first until it is another: the problem leads to it."""
    page = admin.page
    rows = page.get_by_role("list", name=admin.word("Keys"), exact=True).get_by_role("listitem")
    for count in 1, 2:
        await admin.button("Add a key").press("Enter")
        await expect(rows).to_have_count(count)
    keys = combobox(admin, "Key")
    await keys.last.select_option("1")
    await expect(keys.last).to_have_attribute("aria-invalid", "true")
    problems = page.get_by_role("list", name=admin.word("Problems")).get_by_role("listitem")
    await problems.filter(has_text=admin.word("Keys while they wait")).get_by_role("button").first.press("Enter")
    await expect(keys.last).to_be_focused()
    await keys.last.select_option("2")
    leads = combobox(admin, "Leads")
    await leads.last.select_option("callback")
    said = admin.word("Names key {0}").format("2")
    await page.get_by_role("textbox", name=f"{said}, ru").fill("Чтобы мы перезвонили, нажмите 2.")
    await combobox(admin, "Conversations are recorded").select_option("on_demand")
    await page.get_by_role("spinbutton", name=admin.word("Warning below, percent")).fill("80")
    await looks_right(admin, "queue-whole-form", whole_words=True)


async def helped_by_others_than_agents(admin: DeskPage) -> None:
    """A number of ours would lead in a circle; whom a limit turns away leaves a message."""
    page = admin.page
    await admin.button("Add help from elsewhere").press("Enter")
    helps = combobox(admin, "Who helps")
    await helps.select_option("outside")
    number = page.get_by_role("textbox", name=admin.word("Number outside"), exact=True)
    await number.fill(OWN)
    await expect(number).to_have_accessible_description(re.compile(f"^{re.escape(OWN)} — ваш собственный номер"))
    await expect(number).to_have_attribute("aria-invalid", "true")
    problems = page.get_by_role("list", name=admin.word("Problems")).get_by_role("listitem")
    await problems.filter(has_text=admin.word("Limits and overflow")).get_by_role("button").first.press("Enter")
    await expect(number).to_be_focused()
    await is_told_of_help_as_a_whole(admin)
    await number.fill("+49 30 9876543")
    await combobox(admin, "Whose number is shown there").select_option(label="Меню на русском")
    await combobox(admin, "Who exceeds a limit goes").select_option("mailbox")
    await page.get_by_role("textbox", name=admin.word("Said before the tone, {language}").format(language="ru")).fill(
        "Мы спим."
    )
    await page.get_by_role("spinbutton", name=admin.word("The longest message, in seconds")).fill("90")
    await expect(number).not_to_have_attribute("aria-invalid", "true")
    await looks_right(admin, "queue-beyond", whole_words=True)


async def is_told_of_help_as_a_whole(admin: DeskPage) -> None:
    """What is said of no single field, as that there is no trunk, stands beside who helps."""

    async def without_trunk(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        (dial,) = [each["place"] for each in told["faults"] if each["place"].endswith(".dial")]
        lacks = {"place": dial.removesuffix(".dial"), "code": "config_no_trunk_outside", "message": "Без линии."}
        await route.fulfill(response=answer, json={**told, "faults": [{**lacks, "warning": True}]})

    check = "**/api/configuration/parts/queues/check"
    await admin.page.route(check, without_trunk)
    await admin.page.get_by_role("textbox", name=admin.word("Number outside"), exact=True).fill("2000")
    await expect(combobox(admin, "Who helps")).to_have_accessible_description("Без линии.")
    await admin.page.unroute(check, without_trunk)


async def published_though_it_cannot_be_read_again(admin: DeskPage) -> None:
    """What counts now is shown, not what stood there before."""
    part = "**/api/configuration/parts/queues"
    admin.forgive(r"ERR_FAILED.*/api/configuration/parts/queues")

    async def lost(route: Route) -> None:
        await (route.abort() if route.request.method == "GET" else route.continue_())

    await admin.page.route(part, lost)
    await publish(admin, "ночь")
    await expect(admin.page.get_by_role("heading", name="Ночь", level=1)).to_be_visible()
    await expect(combobox_of(admin, "Борис Ким")).to_have_value("9")
    await expect(admin.button("Undo")).to_be_disabled()
    await admin.page.unroute(part, lost)


async def new_number(admin: DeskPage) -> None:
    page = admin.page
    await admin.go("configuration/entry")
    await admin.button("New number").press("Enter")
    name = page.get_by_role("textbox", name=admin.word("Name"), exact=True)
    await name.fill("Ночной номер")
    await name.press("Enter")
    number = page.get_by_role("textbox", name=admin.word("Number"), exact=True)
    await expect(number).to_have_attribute("aria-invalid", "true")
    await number.fill(OWN)
    await expect(number).not_to_have_attribute("aria-invalid", "true")
    await publish(admin, "ночной номер")


async def new_alert(admin: DeskPage) -> None:
    """As the newest one there is; a figure that cannot be leads to its field."""
    page = admin.page
    await admin.go("configuration/alerts")
    rules = page.get_by_role("list", name=admin.word("Alerts"), exact=True).get_by_role("listitem")
    earlier = await rules.count()
    await admin.button("New alert").press("Enter")
    await expect(rules).to_have_count(earlier + 1)
    await combobox(admin, "When").last.select_option("service_level")
    percent = rules.last.get_by_role("spinbutton", name=admin.word("Percent"), exact=True)
    await percent.fill("101")
    await expect(percent).to_have_attribute("aria-invalid", "true")
    await rules.last.get_by_role("checkbox", name="Продажи").check()
    await looks_right(admin, "alerts", whole_words=True)
    await percent.fill("75")
    await expect(percent).not_to_have_attribute("aria-invalid", "true")
    await publish(admin, "порог")


def named(things: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [each for each in things if each.get("name") == name]
    return found


async def test_a_queue_with_its_agents_and_a_number_are_made_by_form(open_page: OpenPage, product: Product) -> None:
    admin = await (await open_page("admin")).sign_in()
    with product.signed_in("admin") as client:
        before = client.get("/api/configuration").json()["text"]
        try:
            await new_number(admin)
            await new_queue(admin)
            await served_in_a_fixed_order(admin)
            await left_by_a_key(admin)
            await helped_by_others_than_agents(admin)
            await published_though_it_cannot_be_read_again(admin)
            await new_alert(admin)
            after = yaml.read(client.get("/api/configuration").json()["text"]).plain
        finally:
            put_back(client, before)
    stood = yaml.read(before).plain
    queue = named(after["queues"], "Ночь")
    levels = {each["login"]: each.get("queues", {}) for each in after["agents"]}
    expected = {each["login"]: each.get("queues", {}) for each in stood["agents"]}
    expected["anna"] = {**expected["anna"], queue["id"]: 5}
    expected["boris"] = {**expected["boris"], queue["id"]: 9}
    assert levels == expected
    assert [queue["strategy"], queue["hunt"]] == ["hunt", ["boris", "anna"]]
    one, two = queue["exits"]
    assert one["digit"] == "1" and two == {
        "digit": "2",
        "to": {"callback": True},
        "announced": [{"text": "Чтобы мы перезвонили, нажмите 2.", "language": "ru"}],
    }
    (help_from,) = queue["overflow"]
    assert help_from["outside"] == {"dial": "+49 30 9876543", "entry_point": "russian"}
    assert queue["otherwise"] == {"mailbox": {"text": {"ru": "Мы спим."}, "max_seconds": 90}}
    assert [queue["recording"], queue["thresholds"]] == ["on_demand", {"level_warning": 80}]
    number = named(after["entry_points"], "Ночной номер")
    assert number["number"] == OWN
    *others, alert = after["alerts"]
    assert others == stood.get("alerts", [])
    assert alert == {"id": alert["id"], "kind": "service_level", "percent": 75, "queues": ["sales"]}
    assert [each for each in after["queues"] if each is not queue] == stood["queues"]
