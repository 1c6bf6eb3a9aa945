"""Scenarios in Python over HTTP: written, saved, opened in an earlier version, deleted, and everything that may be wrong."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
from sqlalchemy import text
from tests.web.conftest import Json, Site, apply, current, refusal, until

from otklik.contact.decisions import ReportFault
from otklik.contact.ids import ContactId, ScenarioId
from otklik.handlers import store
from otklik.tenancy import yaml
from otklik.tenancy.api import COOKIE
from otklik.web.rehearsals import HandlerRehearsals

CODE = "async def scenario(contact):\n    await contact.to_queue('sales')\n"
SENT: Json = {"name": "Заказы", "language": "ru", "otherwise": "support", "code": CODE, "comment": "first"}


def over(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


async def version_of(client: httpx.AsyncClient) -> int:
    return int((await client.get("/api/handlers")).json()["version"])


async def saved(client: httpx.AsyncClient, **fields: object) -> int:
    answer = await client.put("/api/handlers/orders", json={**SENT, **fields}, headers=over(await version_of(client)))
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])


async def line_of_its_own(admin: httpx.AsyncClient) -> str:
    """A number that nobody has called."""
    stands = await current(admin)
    document = yaml.read(stands["text"]).plain
    document["entry_points"].append(
        {"id": "orders-line", "number": "4790", "scenario": document["entry_points"][0]["scenario"]}
    )
    answer = await apply(admin, yaml.write(document), stands["version"])
    assert answer.status_code == 200, answer.text
    return "orders-line"


async def test_code_is_saved_and_leads_where_it_says_and_an_earlier_version_can_be_seen(
    admin: httpx.AsyncClient,
) -> None:
    line = await line_of_its_own(admin)
    first = await saved(admin)
    second = await saved(admin, code=CODE.replace("\n", "\r\n") + "\r\n", comment="second")
    opened = (await admin.get("/api/handlers/orders")).json()
    assert (opened["name"], opened["otherwise"], opened["code"]) == ("Заказы", "support", CODE + "\n")
    assert [(each["version"], each["comment"], each["gone"]) for each in opened["versions"]] == [
        (second, "second", False),
        (first, "first", False),
    ]
    assert (await admin.get(f"/api/handlers/orders/code?version={first}")).json()["code"] == CODE
    (led,) = [each for each in opened["entry_points"] if each["id"] == line]
    third = await saved(admin, entry_points=[led["id"]])
    (row,) = (await admin.get("/api/handlers")).json()["handlers"]
    assert (row["id"], row["numbers"], row["last_fault"]) == ("orders", [led["number"]], None)
    whole = (await admin.get("/api/configuration")).json()["text"]
    assert "handlers:" in whole and "async def scenario(contact):" in whole
    course = (await admin.get("/api/handlers/orders/course")).json()
    assert course["contained"] is None, "nobody has called"
    refused = await admin.delete("/api/handlers/orders", headers=over(third))
    assert refusal(refused) == (409, "handler_in_use")


async def test_what_is_no_scenario_is_refused_with_its_place_and_changes_nothing(admin: httpx.AsyncClient) -> None:
    before = await version_of(admin)
    for wrong in (
        {"code": "async def scenario(contact)"},
        {"code": "x = 1"},
        {"otherwise": "nowhere"},
    ):
        answer = await admin.put("/api/handlers/orders", json={**SENT, **wrong}, headers=over(before))
        assert refusal(answer) == (400, "handler_not_fit"), answer.text
        assert "handlers[0]." in answer.json()["error"]["message"]
    answer = await admin.put("/api/handlers/support", json={**SENT, "entry_points": ["?"]}, headers=over(before))
    assert refusal(answer) == (400, "no_such_entry_point")
    answer = await admin.put("/api/handlers/orders", json={**SENT, "code": "x" * 70_000}, headers=over(before))
    assert answer.status_code in (400, 422)
    assert refusal(await admin.put("/api/handlers/orders", json=SENT, headers=over(before + 1))) == (
        412,
        "config_conflict",
    )
    assert refusal(await admin.put("/api/handlers/orders", json=SENT)) == (428, "config_version_required")
    assert await version_of(admin) == before


async def test_what_is_not_there_is_told_so(admin: httpx.AsyncClient) -> None:
    version = await version_of(admin)
    assert refusal(await admin.get("/api/handlers/none")) == (404, "no_such_handler")
    assert refusal(await admin.get(f"/api/handlers/none/code?version={version}")) == (404, "no_such_handler")
    assert refusal(await admin.get("/api/handlers/none/course")) == (404, "no_such_handler")
    assert refusal(await admin.delete("/api/handlers/none", headers=over(version))) == (404, "no_such_handler")


async def test_deleted_scenario_is_gone_and_its_versions_say_so(admin: httpx.AsyncClient, site: Site) -> None:
    version = await saved(admin)
    answer = await admin.delete("/api/handlers/orders", headers=over(version))
    assert answer.status_code == 200
    assert (await admin.get("/api/handlers")).json()["handlers"] == []
    async with site.database.transaction(site.tenant) as connection:
        newest = (await store.versions(connection, ScenarioId("orders")))[0]
    assert newest.gone and newest.version == answer.json()["version"]


async def test_faults_are_shown_newest_first_and_the_oldest_go(admin: httpx.AsyncClient, site: Site) -> None:
    contact = ContactId("0190c6a0-0000-7000-8000-000000000001")
    found = [
        (
            float(number),
            ReportFault(
                contact=contact, scenario=ScenarioId("orders"), block="b\0", reason=f"no. {number}", traceback="t"
            ),
        )
        for number in range(store.FAULTS_KEPT + 5)
    ]
    async with site.database.transaction(site.tenant) as connection:
        await store.keep_faults(connection, found)
    await saved(admin)
    shown = (await admin.get("/api/handlers/orders")).json()["faults"]
    assert [each["reason"] for each in shown[:2]] == [f"no. {store.FAULTS_KEPT + 4}", f"no. {store.FAULTS_KEPT + 3}"]
    assert shown[0] == {
        "at": datetime.fromtimestamp(store.FAULTS_KEPT + 4, UTC).isoformat().replace("+00:00", "Z"),
        "contact": contact,
        "scenario": "orders",
        "block": "b",
        "reason": f"no. {store.FAULTS_KEPT + 4}",
        "traceback": "t",
    }
    async with site.database.transaction(site.tenant) as connection:
        assert (await connection.execute(text("select count(*) from scenario_fault"))).scalar() == store.FAULTS_KEPT
        await connection.execute(text("delete from scenario_fault"))


async def test_only_those_who_may_edit_the_set_up_see_code_and_faults(site: Site) -> None:
    for login in ("anna", "olga"):
        async with site.signed_in(login) as client:
            assert refusal(await client.get("/api/handlers"))[0] == 403
            assert refusal(await client.get("/api/handlers/orders"))[0] == 403
            assert refusal(await client.put("/api/handlers/orders", json=SENT, headers=over(1)))[0] == 403


MENU = """
async def scenario(contact):
    pressed = await contact.menu("Продажи: один", {"1": "Продажи"}, attempts=1, name="menu")
    found = await contact.look_up("shop", "order", {"number": "{ani}"}, into="order", name="shop")
    contact.set(found=found)
    if pressed.digits == "2":
        {}["нет такого"]
    if found == "found":
        await contact.voicemail("support", "Скажите", name="message")
    await contact.to_queue("sales")
"""
TRIED: Json = {"language": "ru", "otherwise": "support", "code": MENU}


async def tried(client: httpx.AsyncClient, *presses: str, **fields: object) -> Json:
    answer = await client.post("/api/handlers/trial", json={**TRIED, "presses": presses, **fields})
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_a_test_call_goes_to_the_first_question_that_has_no_answer_and_shows_where_the_code_stands(
    admin: httpx.AsyncClient,
) -> None:
    before = await version_of(admin)
    waits = await tried(admin, ani="+79161230001")
    assert [(each["kind"], each["text"], each["verb"], each["line"]) for each in waits["turns"]] == [
        ("step", "menu", "ask", 3),
        ("said", "Продажи: один", "", 0),
    ]
    assert (waits["asks"], waits["line"], waits["queue"], waits["fault"]) == ("keys", 3, None, None)
    over = await tried(admin, "1", ani="+79161230001")
    assert (over["asks"], over["queue"], over["choices"], over["attributes"]) == (
        "",
        "sales",
        ["Продажи"],
        {"found": "failed"},
    )
    given = {"shop": [{"outcome": "found", "values": {"state": "sent"}}]}
    message = await tried(admin, "1", answers=given)
    assert (message["asks"], message["attributes"]) == ("message", {"order.state": "sent", "found": "found"})
    left = await tried(admin, "1", "Перезвоните", answers=given)
    assert (left["queue"], left["voicemail"]) == ("sales", "support")
    assert await version_of(admin) == before


async def test_what_would_be_written_is_shown_and_nobody_is_written_to(admin: httpx.AsyncClient) -> None:
    code = "async def scenario(contact):\n    contact.set(sent=await contact.send_sms('Готов'))\n"
    found = await tried(admin, ani="+79161230001", code=code)
    assert found["turns"][-1]["kind"] == "wrote" and found["turns"][-1]["text"] == "+79161230001: Готов"
    assert (found["queue"], found["attributes"]) == ("support", {"sent": "done"})


async def test_whoever_goes_keeps_nobody_waiting_for_a_turn(site: Site, address: str, admin: httpx.AsyncClient) -> None:
    """One turn of each tenant, 20 s each, and nobody waits for more than 65 s: four that are left alone would be too many."""
    endless = {**TRIED, "code": "async def scenario(contact):\n    while True:\n        pass\n"}
    headers = {"X-Otklik": "1", "Cookie": f"{COOKIE}={site.cookies['admin']}"}
    rehearsals: HandlerRehearsals = site.app.state.rehearsals
    async with httpx.AsyncClient(base_url=f"http://{address}", headers=headers, timeout=None) as panel:
        asked = [asyncio.create_task(panel.post("/api/handlers/trial", json=endless)) for _ in range(4)]
        await until(lambda: len(getattr(rehearsals._own.get(site.tenant), "_waiters", None) or ()) == 3)
        for each in asked:
            each.cancel()
        found = await panel.post("/api/handlers/trial", json={**TRIED, "presses": ["1"]})
    assert (found.status_code, found.json().get("queue")) == (200, "sales"), found.text


async def test_a_fault_of_a_test_call_names_the_line_and_keeps_the_traceback(admin: httpx.AsyncClient) -> None:
    failed = await tried(admin, "2")
    assert (failed["queue"], failed["line"]) == ("support", 7)
    assert 'line 7, in scenario\n    {}["нет такого"]' in failed["traceback"]
    unread = await tried(admin, code="async def scenario(contact):\n    x = (\n")
    assert "SyntaxError" in unread["fault"] and unread["line"] == 2
    endless = await admin.post(
        "/api/handlers/trial",
        json={**TRIED, "code": "async def scenario(contact):\n    while True:\n        await contact.wait(1)\n"},
    )
    assert refusal(endless) == (400, "handler_trial_endless")
    lost = await tried(admin, code="async def scenario(contact):\n    await contact.to_queue('nowhere')\n")
    assert lost["fault"] == "there is no queue “nowhere”"


async def test_tests_of_code_are_played_and_keep_what_does_not_hold_from_counting(admin: httpx.AsyncClient) -> None:
    tests = [
        {"name": "один", "presses": ["1"], "expect": {"queue": "sales", "choices": ["Продажи"]}},
        {"name": "два", "presses": ["2"], "expect": {"queue": "sales"}},
    ]
    answer = await admin.post("/api/handlers/tests", json={**TRIED, "tests": tests})
    right, wrong = answer.json()["verdicts"]
    assert (right["name"], right["wrong"], wrong["name"]) == ("один", [], "два")
    assert "нет такого" in wrong["wrong"][0]
    before = await version_of(admin)
    refused = await admin.put("/api/handlers/orders", json={**SENT, "code": MENU, "tests": tests}, headers=over(before))
    assert refusal(refused) == (400, "handler_not_fit")
    assert "handlers[0].tests[1]" in refused.json()["error"]["message"]
    made = await saved(admin, code=MENU, tests=tests[:1])
    assert made > before
    opened = (await admin.get("/api/handlers/orders")).json()
    assert [each["name"] for each in opened["tests"]] == ["один"]
    kept = await saved(admin, code=MENU + "# more\n")
    assert kept > made and len((await admin.get("/api/handlers/orders")).json()["tests"]) == 1
    await admin.delete("/api/handlers/orders", headers=over(kept))


async def test_the_configuration_file_is_held_against_the_tests_of_code_too(admin: httpx.AsyncClient) -> None:
    tests = [{"name": "один", "presses": ["1"], "expect": {"queue": "sales", "said": ["Продажи: один"]}}]
    await saved(admin, code=MENU, tests=tests)
    now = (await admin.get("/api/configuration")).json()
    wrong = now["text"].replace("- 'Продажи: один'", "- Поддержка")
    assert wrong != now["text"]
    (fault,) = [
        each
        for each in (await admin.post("/api/configuration/plan", json={"text": wrong})).json()["faults"]
        if each["code"] == "config_flow_test"
    ]
    assert (fault["place"], fault["warning"]) == ("handlers[0].tests[0]", False)
    refused = await admin.put("/api/configuration", json={"text": wrong}, headers=over(now["version"]))
    assert refusal(refused) == (400, "config_rejected")
    warned = wrong.replace("format: 1\n", "format: 1\nscenario_tests: warn\n", 1)
    applied = await admin.put("/api/configuration", json={"text": warned}, headers=over(now["version"]))
    assert applied.status_code == 200, applied.text
    assert [each["warning"] for each in applied.json()["faults"] if each["code"] == "config_flow_test"] == [True]
    strict = await admin.put(
        "/api/flows/tests", json={"scenario_tests": "always"}, headers=over(applied.json()["version"])
    )
    assert refusal(strict) == (409, "flow_not_fit")
    back = {"version": now["version"]}
    again = await admin.post("/api/configuration/rollback", json=back, headers=over(applied.json()["version"]))
    assert again.status_code == 200, again.text
    await admin.delete("/api/handlers/orders", headers=over(again.json()["version"]))


async def test_only_those_who_may_edit_the_set_up_try_code(site: Site) -> None:
    for login in ("anna", "olga"):
        async with site.signed_in(login) as client:
            assert refusal(await client.post("/api/handlers/trial", json=TRIED))[0] == 403
            assert refusal(await client.post("/api/handlers/tests", json={**TRIED, "tests": []}))[0] == 403
