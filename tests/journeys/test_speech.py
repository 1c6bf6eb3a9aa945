"""An administrator lets a menu be spoken to and tries it; a caller says what it is about, and is understood."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from otklik.channels.voice.speech import EspeakSpeech
from otklik.contact.configuration import Speech
from otklik.embedded.asterisk import find_espeak
from otklik.scenario.understood import plain
from otklik.tenancy import yaml
from tests import tones
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU
from tests.journeys.test_callback import apply
from tests.journeys.test_flows import restored
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import dial, until

_ = restored

CALLER = "+79161230007"
FLOW = """
- id: spoken
  name: Говорящее меню
  languages: [en]
  otherwise: sales
  blocks:
    - id: topic
      name: Тема
      ask:
        text: {en: What is it about?}
        keys: {'1': Sales, '2': Support}
        attempts: 1
        into: topic
      exits: {'1': sales, '2': support, otherwise: topic}
    - {id: sales, name: Sales, queue: {queue: sales}}
    - {id: support, name: Support, queue: {queue: support}}
"""

REASON = "i have lost my card"
WHY = f"""
- id: why
  name: Причина
  listen: {{text: {{en: In a few words.}}, into: reason, attempts: 9, sure: 0.2, unsure: 0.2}}
  exits: {{done: which, otherwise: sales}}
- id: which
  name: Какая
  branch: {{cases: [{{exit: told, attributes: [{{attribute: reason, one_of: [{REASON}]}}]}}]}}
  exits: {{told: support, otherwise: why}}
"""
"""What the caller has said leads on only if it is what was heard; else it is asked for again."""


async def spoken(words: str, folder: Path) -> tones.Samples:
    """By the machine's own voice."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    espeak = find_espeak(Path(os.environ.get("OTKLIK_CACHE_DIR") or home / "otklik"))
    assert espeak is not None
    voice = EspeakSpeech(espeak.argv, folder, environment=espeak.env)
    rendered = (await voice.render(Speech(text=words, language="en"))).read_bytes()
    rate, (sound,) = tones.read_wav(rendered)
    assert rate == tones.TELEPHONE_RATE
    return sound


async def test_a_menu_is_let_be_spoken_to_tried_and_published(
    open_page: OpenPage, product: Product, restored: None
) -> None:
    with product.signed_in("admin") as client:
        document = yaml.read(client.get("/api/configuration").json()["text"]).plain
        document["flows"] = [*document.get("flows", []), *yaml.read(FLOW).plain]
        apply(client, yaml.write(document))
    desk = await (await open_page("admin")).sign_in()
    await desk.go("configuration/flows?flow=spoken")
    await _let_it_be_spoken_to(desk)
    await _try(desk)
    await _publish(desk)


@pytest.mark.alone
async def test_a_spoken_phrase_is_recognised_and_leads_to_its_queue(
    product: Product, floor: Floor, restored: None, tmp_path: Path
) -> None:
    """By the real recogniser. It has no browser beside it: sound that comes in pieces is heard wrongly."""
    with product.signed_in("admin") as client:
        document = yaml.read(client.get("/api/configuration").json()["text"]).plain
        flow = yaml.read(FLOW).plain
        phrases = {"1": {"en": ["sales"]}, "2": {"en": ["customer service"]}}
        flow[0]["blocks"][0]["ask"]["speech"] = {"phrases": phrases}
        flow[0]["blocks"][0]["exits"]["2"] = "why"
        flow[0]["blocks"] += yaml.read(WHY).plain
        document["flows"] = [*document.get("flows", []), *flow]
        for entry in document["entry_points"]:
            entry["scenario"] = "spoken"
        apply(client, yaml.write(document))
        # Few words of this voice are understood at once.
        topic, reason = [await spoken(words, tmp_path) for words in ("customer service, please", REASON)]
        async with dial(product.sip_port, MENU, ani=CALLER, tone=None) as caller:
            await floor.until_contact(CALLER, "scenario")
            await caller.wait_to_hear_other(tones.CUSTOMER_TONE)
            await caller.say_until(topic, lambda: _is_asked_why(client))
            await caller.say_until(reason, lambda: (floor.contact(CALLER) or {"state": "gone"})["state"] != "scenario")
            contact = await floor.until_contact(CALLER, "waiting")
            assert contact["queue"]["id"] == "support"
            await caller.hang_up()
    await floor.until_gone(CALLER)
    with product.signed_in("olga") as client:
        await until("the journal has it", lambda: _journal(client, contact["id"])["outcome"] == "abandoned")
        row = _journal(client, contact["id"])
    found = {each["name"]: each["value"] for each in row["found"]}
    assert plain(found["reason"]) == REASON


def _is_asked_why(admin: httpx.Client) -> bool:
    return bool(admin.get("/api/flows/spoken/course").json()["steps"]["why"]["now"])


def _journal(client: httpx.Client, contact: str) -> dict[str, Any]:
    row: dict[str, Any] = client.get(f"/api/contacts/{contact}").json()
    return row


async def _let_it_be_spoken_to(desk: DeskPage) -> None:
    page = desk.page
    await page.locator("[data-block=topic]").click()
    await page.get_by_role("checkbox", name=desk.word("Customers may say it, too")).check()
    await page.get_by_role("textbox", name="1 Sales: английский").fill("sales, buy something")
    await page.get_by_role("textbox", name="2 Support: английский").fill("technical support, it is broken")
    await page.get_by_role("textbox", name=f"{desk.word('Asked back when it is not sure')}: английский").fill(
        "Did you mean {heard}?"
    )
    await looks_right(desk, "flow-speech")
    await page.keyboard.press("Control+s")
    await expect(desk.text("Draft saved")).to_be_visible()


async def _try(desk: DeskPage) -> None:
    await desk.page.get_by_role("tab", name=desk.word("Test call")).click()
    said = desk.page.get_by_role("textbox", name=desk.word("What the caller says"))
    await said.fill("tech support")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("log")).to_contain_text("Did you mean technical support?")
    await said.fill("yes")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".flowEnding")).to_contain_text("topic = 2")
    await looks_right(desk, "flow-speech-trial")
    await desk.button("Keep as a test").click()


async def _publish(desk: DeskPage) -> None:
    await desk.page.keyboard.press("Control+s")
    await desk.button("Publish").click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("checkbox", name=MENU).check()
    await dialog.get_by_role("button", name=desk.word("Publish")).click()
    await expect(desk.text("Published")).to_be_visible()
