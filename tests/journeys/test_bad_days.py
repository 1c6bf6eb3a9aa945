"""Bad input and bad days: each gets a clear message or a defined outcome, and nothing is lost.

A database that is too old or has the wrong ctype is covered in tests/storage (a second server is not at hand here).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from tests.journeys.conftest import OpenPage, following
from tests.journeys.floor import Floor
from tests.journeys.test_call import MENU, SALES, SUPPORT, both_hear, choose, closed_row, talking
from tests.product import Product, journal, journal_of
from tests.sipp import Callers, dial, until

MakeProduct = Callable[..., Product]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A copy of its own without telephony: started in no time, and its sign-in may be spoilt."""
    product = Product(tmp_path_factory.mktemp("quiet"), TELEPHONY="off").start(telephony=False)
    try:
        yield product
    finally:
        product.stop()


@pytest.fixture(scope="module")
def spare_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("spare"))
    yield product
    if product.running:
        product.stop()


@pytest.fixture
def spare(spare_home: Product) -> Product:
    """A whole copy for the tests that end it; running again for each of them."""
    return spare_home if spare_home.running else spare_home.start()


def refused(product: Product, *, status: int, seconds: float = 30, shared_folder: bool = False) -> str:
    """Starts a program that must not start, and leaves nothing; what it said."""
    program = product.launch()
    try:
        assert program.wait(seconds) == status, product.tail()
    except subprocess.TimeoutExpired:
        product.kill()
        raise AssertionError(f"still running after {seconds:g} s:\n{product.tail()}") from None
    if not shared_folder:
        product.wait_until_nothing_runs(2)
    text = product.tail()
    assert "Traceback" not in text, text
    return text


# signing in


async def test_a_wrong_password_and_a_wrong_login_get_the_same_answer(open_page: OpenPage, quiet: Product) -> None:
    page = await open_page("anna", on=quiet)
    page.forgive(r"status of (401|429)")
    messages = []
    for login, password in (("anna", "wrong"), ("nobody", "wrong"), ("anna' --", "wrong"), ("Анна", "пароль")):
        await page.page.goto("/sign-in")
        await page.page.locator("#login").fill(login)
        await page.page.locator("#password").fill(password)
        await page.page.locator("form button[type=submit]").click()
        message = page.page.get_by_role("alert")
        await expect(message).to_be_visible()
        messages.append(await message.inner_text())
    assert len(set(messages)) == 1 and "Логин или пароль не подходят" in messages[0], messages


def test_guessing_a_password_is_slowed_down_with_the_seconds_to_wait(quiet: Product) -> None:
    with httpx.Client(base_url=quiet.url, headers={"Origin": quiet.url, "Accept-Language": "en"}) as client:
        for _ in range(30):
            answer = client.post("/api/session", json={"login": "boris", "password": "guess"})
            if answer.status_code == 429:
                break
            assert answer.status_code == 401
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (429, "too_many_attempts")
    assert error["seconds"] > 0 and str(error["seconds"]) in error["message"]


async def test_a_session_ended_elsewhere_leads_to_the_sign_in_and_back(open_page: OpenPage, product: Product) -> None:
    anna = await (await open_page("anna")).sign_in()
    await expect(anna.button("Start the shift")).to_be_visible()
    cookies = {
        one["name"]: one["value"] for one in await anna.page.context.cookies() if "name" in one and "value" in one
    }
    with httpx.Client(base_url=product.url, headers={"X-Otklik": "1", "Origin": product.url}, cookies=cookies) as other:
        assert other.delete("/api/session").status_code == 204
    await expect(anna.page.locator("#login")).to_be_visible()
    await expect(anna.text("The session has ended. Sign in to go on from where you were.")).to_be_visible()
    anna.forgive("401|4401")
    await anna.page.locator("#login").fill("anna")
    await anna.page.locator("#password").fill(anna.person.password)
    await anna.page.locator("form button[type=submit]").click()
    await expect(anna.button("Start the shift")).to_be_visible()


# starting


def test_a_second_copy_on_the_same_folder_is_refused_and_harms_nothing(quiet: Product, tmp_path: Path) -> None:
    second = Product(tmp_path, DATA_DIR=quiet.settings["DATA_DIR"], TELEPHONY="off")
    text = refused(second, status=1, shared_folder=True)
    assert quiet.settings["DATA_DIR"] in text and str(quiet.processes()["otklik"]) in text
    assert "OTKLIK_DATA_DIR" in text and "другая копия" in text and "Another copy" in text
    assert httpx.get(f"{quiet.url}/health").json()["database"]


def test_a_taken_http_port_is_named_with_its_setting(quiet: Product, fresh_product: MakeProduct) -> None:
    port = quiet.settings["HTTP_PORT"]
    text = refused(fresh_product(HTTP_PORT=port, TELEPHONY="off"), status=1)
    assert port in text and "OTKLIK_HTTP_PORT" in text


def test_a_taken_sip_port_is_named_with_its_setting(product: Product, fresh_product: MakeProduct) -> None:
    text = refused(fresh_product(SIP_PORT=str(product.sip_port)), status=1)
    assert str(product.sip_port) in text and "OTKLIK_SIP_PORT" in text


def test_a_database_that_does_not_answer_is_told_with_what_to_check(fresh_product: MakeProduct) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://otklik:secret-word@127.0.0.1:{nobody.getsockname()[1]}/otklik"
        text = refused(fresh_product(DATABASE_URL=url, TELEPHONY="off"), status=1)
    assert "OTKLIK_DATABASE_URL" in text and "secret-word" not in text


def test_settings_that_are_wrong_are_all_told_at_once(fresh_product: MakeProduct) -> None:
    wrong = {"HTTP_PORT": "99999", "RTP_PORTS": "20000", "DATABASE_URL": "mysql://x", "TELEPHONY": "perhaps"}
    text = refused(fresh_product(**wrong), status=2)
    assert all(f"OTKLIK_{name}" in text for name in wrong), text


async def test_without_telephony_everything_else_is_there_and_the_screen_says_why(
    open_page: OpenPage, quiet: Product
) -> None:
    assert httpx.get(f"{quiet.url}/health").json()["telephony"] != "ok"
    admin = await (await open_page("admin", on=quiet)).sign_in()
    for place in ("floor", "contacts", "system"):
        await admin.go(place)
        await expect(admin.page.get_by_role("status").get_by_text("OTKLIK_TELEPHONY=off")).to_be_visible()
    await admin.shot("telephony-off")


async def test_without_a_network_for_the_first_fetch_everything_but_telephony_is_there(
    open_page: OpenPage, fresh_product: MakeProduct, tmp_path: Path
) -> None:
    """Nobody listens on port 9: that is where the packages should come from."""
    product = fresh_product("lonely", CACHE_DIR=str(tmp_path / "cache"))
    product.environment = {name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy")} | {"no_proxy": ""}
    product.start(telephony=False)
    admin = await (await open_page("admin", on=product)).sign_in()
    await expect(admin.page.get_by_role("status").get_by_text(admin.word("Telephony is down."))).to_be_visible()
    await admin.go("system")
    await expect(admin.page.get_by_role("status").get_by_text("Проверьте сеть")).to_be_visible()
    await admin.shot("no-network")
    assert "Телефонии пока нет" in product.stop()


# in operation


@pytest.mark.alone
async def test_two_hundred_calls_at_once_with_one_agent_and_none_is_lost(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani, calls = "+79400000000", 200
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    async with dial(product.sip_port, MENU, ani=ani, tone=None, calls=calls) as callers:
        await floor.until("200 contacts", lambda: len(floor.contacts()) == calls, 60)
        await _all_choose(callers, floor, calls)
        await expect(anna.ringing).to_be_visible()
        await anna.button("Accept").click()
        await anna.until_agent("talking")
        await floor.until("one talks, all others wait", lambda: floor.waiting("sales") == calls - 1)
        assert [one["state"] for one in floor.contacts()].count("waiting") == calls - 1
        assert httpx.get(f"{product.url}/health", timeout=5).status_code == 200
        await callers.hang_up()
    await floor.until(
        "everybody has left", lambda: not [one for one in floor.contacts() if one["state"] != "wrap_up"], 60
    )
    await anna.until_agent("wrap_up")
    with product.signed_in("olga") as client:
        await until("all are closed in the journal", lambda: _outcomes(client, ani).count("open") == 0, 30)
        outcomes = _outcomes(client, ani)
    assert (len(outcomes), outcomes.count("answered"), outcomes.count("abandoned")) == (calls, 1, calls - 1)


async def _all_choose(callers: Callers, floor: Floor, calls: int) -> None:
    await until("the centre speaks to all", lambda: callers.lines() == calls, 60)

    def chosen() -> bool:
        return all(one["state"] != "scenario" for one in floor.contacts())

    await callers.press_until(SALES, chosen, 60)


def _outcomes(client: httpx.Client, ani: str) -> list[object]:
    return [row["outcome"] for row in journal_of(client, ani)]


@pytest.mark.alone
async def test_asterisk_killed_in_mid_call_is_back_and_the_next_call_works(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    ani, waiting, after = "+79400000001", "+79400000002", "+79400000003"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    anna.forgive("WebSocket")
    async with (
        dial(product.sip_port, MENU, ani=ani) as caller,
        dial(product.sip_port, MENU, ani=waiting) as other,
    ):
        await talking(anna, caller, floor, ani)
        await choose(other, floor, waiting, SUPPORT)
        killed = product.processes()["asterisk"]
        os.kill(killed, signal.SIGKILL)
        await anna.until_agent("wrap_up")
        await floor.until_gone(waiting)
        caller.vanish()
        other.vanish()
    await until("Asterisk is back", lambda: product.processes().get("asterisk", killed) != killed)
    await anna.until_reachable()
    await anna.wrap_up("Вопрос решён", "Связь оборвалась")
    await anna.until_agent("ready")
    with product.signed_in("olga") as client:
        assert (await closed_row(client, ani))["outcome"] == "answered"
        assert (await closed_row(client, waiting))["outcome"] == "lost"
    async with dial(product.sip_port, MENU, ani=after) as caller:
        await talking(anna, caller, floor, after)
        await caller.hang_up()
    await anna.until_agent("wrap_up")


async def test_after_kill_9_nothing_is_left_running_and_the_next_start_has_lost_nothing(spare: Product) -> None:
    in_menu, in_queue, earlier = "+79400000011", "+79400000012", "+79400000013"
    async with following(spare) as floor:
        async with dial(spare.sip_port, MENU, ani=earlier) as caller:
            await floor.until_contact(earlier, "scenario")
            await caller.hang_up()
        await floor.until_gone(earlier)
        async with (
            dial(spare.sip_port, MENU, ani=in_queue) as waiting,
            dial(spare.sip_port, MENU, ani=in_menu) as listening,
        ):
            await choose(waiting, floor, in_queue)
            await floor.until_contact(in_menu, "scenario", "waiting")
            before = {row["ani"]: row["id"] for row in spare.contacts()}
            spare.kill()
            spare.wait_until_nothing_runs(5)
            waiting.vanish()
            listening.vanish()
    spare.start()
    with spare.signed_in("olga") as client:
        await until("no contact is open", lambda: all(row["outcome"] != "open" for row in journal(client)))
        rows = {row["ani"]: row for row in journal(client)}
    assert {ani: row["id"] for ani, row in rows.items()} == before
    assert [rows[ani]["outcome"] for ani in (earlier, in_queue, in_menu)] == ["abandoned", "lost", "lost"]


async def test_ctrl_c_in_mid_call_leaves_nothing_and_says_goodbye_to_the_caller(spare: Product) -> None:
    ani = "+79400000021"
    async with following(spare) as floor, dial(spare.sip_port, MENU, ani=ani) as caller:
        await floor.until_contact(ani, "scenario")
        await until("the greeting", lambda: caller.heard(0.5).size > 0)
        said = spare.stop()
        assert "Traceback" not in said, said
        await caller.wait_until_over()


@pytest.mark.alone
async def test_a_caller_is_heard_again_after_the_desks_network_blinked(
    open_page: OpenPage, product: Product, floor: Floor
) -> None:
    """The page's websockets are cut in mid-call: the sound goes on, and the desk works again by itself."""
    ani = "+79400000031"
    anna = await (await (await (await open_page("anna")).sign_in()).start_shift()).be_ready()
    anna.forgive("ERR_INTERNET_DISCONNECTED|WebSocket")
    async with dial(product.sip_port, MENU, ani=ani) as caller:
        await talking(anna, caller, floor, ani)
        await anna.page.context.set_offline(True)
        await anna.page.context.set_offline(False)
        await both_hear(anna, caller)
        await anna.until_reachable()
        await anna.button("End call").click()
        await caller.wait_until_over()
    await anna.until_agent("wrap_up")
