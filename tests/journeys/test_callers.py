"""Callers who do not get as far as an agent, and those whom no centre expects: each has a defined outcome."""

from __future__ import annotations

import socket

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, SUPPORT, both_hear, choose, closed_row
from tests.product import Product
from tests.sipp import dial, until

MALFORMED: dict[str, bytes] = {
    "an empty datagram": b"",
    "blank lines": b"\r\n\r\n\r\n",
    "bytes that are no text": bytes(range(256)) * 4,
    "no SIP at all": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a request line alone": b"INVITE sip:1000@127.0.0.1 SIP/2.0\r\n",
    "an INVITE without any header": b"INVITE sip:1000@127.0.0.1 SIP/2.0\r\n\r\n",
    "a wrong version": b"INVITE sip:1000@127.0.0.1 SIP/9.9\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKa\r\n\r\n",
    "a broken Via": b"INVITE sip:1000@127.0.0.1 SIP/2.0\r\nVia: ;;;=\r\nCSeq: 1 INVITE\r\n\r\n",
    "a length that lies": b"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKb\r\n"
    b"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: len\r\nCSeq: 1 OPTIONS\r\nContent-Length: 999999999\r\n\r\nx",
    "a negative length": b"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKc\r\n"
    b"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: neg\r\nCSeq: 1 OPTIONS\r\nContent-Length: -1\r\n\r\n",
    "an endless header": b"INVITE sip:1000@127.0.0.1 SIP/2.0\r\nVia: " + b"A" * 60_000 + b"\r\n\r\n",
    "a broken SDP": b"INVITE sip:1000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKd\r\n"
    b"From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:1000@127.0.0.1>\r\nCall-ID: sdp\r\nCSeq: 1 INVITE\r\n"
    b"Contact: <sip:a@127.0.0.1:9>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: 14\r\n\r\n"
    b"v=0\r\nm=audio\r\n\x00",
    "a BYE of no call": b"BYE sip:1000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKe\r\n"
    b"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: nobody\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n",
}


async def test_who_hangs_up_in_the_menu_is_abandoned_in_the_scenario(product: Product, floor: Floor) -> None:
    ani = "+79300000001"
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await floor.until_contact(ani, "scenario")
        await until("the greeting", lambda: caller.heard(0.5).size > 0)
        await caller.hang_up()
    await floor.until_gone(ani)
    with product.signed_in("olga") as client:
        row = await closed_row(client, ani)
    assert (row["outcome"], row["stage"], row["queue"], row["choices"]) == ("abandoned", "scenario", None, [])


async def test_who_hangs_up_before_the_answer_is_abandoned_too(product: Product, floor: Floor) -> None:
    """The contact exists from the INVITE on; the caller leaves as soon as it does."""
    ani = "+79300000007"
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await floor.until_contact(ani, "scenario")
        await caller.hang_up()
    await floor.until_gone(ani)
    with product.signed_in("olga") as client:
        row = await closed_row(client, ani)
    assert (row["outcome"], row["stage"]) == ("abandoned", "scenario")


async def test_who_hangs_up_in_the_queue_is_abandoned_while_waiting(product: Product, floor: Floor) -> None:
    ani = "+79300000002"
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani, SUPPORT)
        await floor.until("the queue counts the caller", lambda: floor.waiting("support") == 1)
        await caller.hang_up()
    await floor.until("the queue is empty", lambda: floor.waiting("support") == 0)
    with product.signed_in("olga") as client:
        row = await closed_row(client, ani)
    assert (row["outcome"], row["stage"], row["choices"]) == ("abandoned", "waiting", ["Поддержка"])
    assert row["queue"] == {"id": "support", "name": "Поддержка"} and row["agent"] is None


async def test_who_hangs_up_while_it_rings_is_abandoned_and_the_agent_is_ready_again(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani = "+79300000003"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await choose(caller, floor, ani)
        await expect(anna.ringing).to_be_visible()
        await caller.hang_up()
    await expect(anna.ringing).to_be_hidden()
    await anna.until_agent("ready")
    with product.signed_in("olga") as client:
        row = await closed_row(client, ani)
    assert (row["outcome"], row["stage"], row["agent"]) == ("abandoned", "offered", None)


@pytest.mark.alone
async def test_a_caller_without_a_number_is_served_like_anybody(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=None) as caller:
        await choose(caller, floor, None)
        await expect(anna.ringing).to_contain_text(anna.word("Number withheld"))
        await anna.button("Accept").click()
        await both_hear(anna, caller)
        await caller.hang_up()
    await anna.until_agent("wrap_up")
    with product.signed_in("olga") as client:
        row = await closed_row(client, None)
    assert (row["outcome"], row["ani"], row["customer"]) == ("answered", None, None)


async def test_a_number_that_is_nobodys_is_refused_with_404(product: Product) -> None:
    async with dial(product.sip_port, "4711", ani="+79300000004", scenario="refused") as caller:
        await caller.wait_until_over()
    assert "+79300000004" not in [row["ani"] for row in product.contacts()]


@pytest.mark.parametrize("number", ["1" * 60, "%00", "1000'--"])
async def test_a_number_that_nobody_could_mean_is_refused_too(product: Product, number: str) -> None:
    async with dial(product.sip_port, number, ani="+79300000005", scenario="refused") as caller:
        await caller.wait_until_over()
    assert "+79300000005" not in [row["ani"] for row in product.contacts()]


async def test_malformed_sip_changes_nothing(product: Product, floor: Floor) -> None:
    """The switch is the same process as before, and the next call is greeted."""
    asterisk = product.processes()["asterisk"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for datagram in MALFORMED.values():
            out.sendto(datagram, ("127.0.0.1", product.sip_port))
    ani = "+79300000006"
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await floor.until_contact(ani, "scenario")
        await until("the greeting", lambda: caller.heard(0.5).size > 0)
        await caller.hang_up()
    await floor.until_gone(ani)
    assert product.processes()["asterisk"] == asterisk
