"""A caller leaves a message and hangs up; an agent takes it without a telephone, hears the caller's voice, and calls back."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from playwright.async_api import expect

from otklik.tenancy import yaml
from tests import tones
from tests.journeys.conftest import OpenPage
from tests.journeys.desk_page import DeskPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import IVAN, MENU
from tests.journeys.test_callback import apply
from tests.journeys.test_calling_out import outside
from tests.journeys.test_flows import restored
from tests.journeys.test_looks import looks_right
from tests.product import Product
from tests.sipp import called, dial

pytestmark = pytest.mark.alone
_ = restored

FLOW = """
- id: night
  languages: [ru]
  otherwise: sales
  blocks:
    - {id: message, name: Сообщение, voicemail: {queue: sales, text: {ru: Говорите после сигнала.}}, exits: {done: bye, otherwise: bye}}
    - {id: bye, hang_up: {text: {ru: Спасибо.}}}
"""
PLAYED = """
() => {
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    const context = new AudioContext();
    const ear = context.createAnalyser();
    ear.fftSize = 8192;
    context.createMediaElementSource(this).connect(ear);
    window.played = { context, ear };
    return play.call(this);
  };
}
"""
HEARD = """
() => {
  const { context, ear } = window.played;
  const heard = new Float32Array(8192);
  ear.getFloatTimeDomainData(heard);
  return { rate: context.sampleRate, samples: Array.from(heard) };
}
"""


async def _plays_the_caller(desk: DeskPage) -> None:
    await desk.page.evaluate(PLAYED)
    await desk.button("Play").click()
    for _attempt in range(400):
        sound = await desk.page.evaluate(HEARD)
        if tones.is_heard(np.asarray(sound["samples"]), tones.CUSTOMER_TONE, int(sound["rate"])):
            return
        await desk.page.wait_for_timeout(50)
    raise AssertionError("the message does not sound of its caller")


async def test_message_is_left_heard_and_called_back(
    open_page: OpenPage, product: Product, floor: Floor, restored: None
) -> None:
    with product.signed_in("admin") as client:
        document = yaml.read(client.get("/api/configuration").json()["text"]).plain
        document["flows"] = [*document.get("flows", []), *yaml.read(FLOW).plain]
        for entry in document["entry_points"]:
            entry["scenario"] = "night"
        apply(client, yaml.write(document))
    async with dial(product.sip_port, MENU, ani=IVAN) as caller:
        await floor.until_contact(IVAN, "scenario")
        await caller.wait_to_hear(1400, 30)  # the tone
        await caller.wait_for_silence_of(1400)
        await asyncio.sleep(2.0)  # so long the caller speaks
        await caller.hang_up()
    await floor.until_contact(IVAN, "waiting")
    anna = await (await (await open_page("anna")).sign_in()).start_shift()
    await anna.button("Ready for calls").click()
    await expect(anna.ringing).to_be_visible()
    await looks_right(anna, "voicemail-offered")
    await anna.button("Accept").click()
    await anna.until_agent("talking")
    await expect(anna.page.get_by_role("slider")).to_be_visible()
    await looks_right(anna, "voicemail-in-hand")
    await _plays_the_caller(anna)
    with called(outside(product)) as customer:
        await anna.button("Call back").click()
        await anna.button("Place the call").click()
        await customer.rings()
        assert customer.invite().startswith(f"{IVAN}@")
        await customer.answer()
        await anna.until_live(
            "the call is answered", "live.contacts.some((one) => one.direction === 'out' && one.state === 'talking')"
        )
        await looks_right(anna, "voicemail-called-back")
        await anna.button("End call").click()
        await customer.wait_until_over()
