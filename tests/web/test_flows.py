"""Flows over HTTP: drafted, tried, published while customers are in them, compared, taken back, and everything that may be wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.web.conftest import Json, Site, calling, refusal, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.integrations.handlers.outside import ConfinedHandlers, Interpreter
from otklik.scenario import Run
from otklik.tenancy.api import COOKIE
from otklik.web.rehearsals import HandlerRehearsals

FLOW: Json = {
    "id": "drawn",
    "name": "Drawn",
    "languages": ["ru"],
    "otherwise": "support",
    "blocks": [
        {
            "id": "menu",
            "name": "Меню",
            "ask": {"text": {"ru": "Продажи: 1."}, "keys": {"1": "Продажи"}, "attempts": 1},
            "exits": {"1": "sales", "otherwise": "bye"},
        },
        {"id": "sales", "queue": {"queue": "sales"}},
        {"id": "bye", "hang_up": {"text": {"ru": "До свидания."}}},
    ],
}


@pytest.fixture
async def admin(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """At the end the set-up is as it was, and no draft is left."""
    async with site.signed_in("admin") as client:
        before = (await client.get("/api/configuration")).json()
        yield client
        now = (await client.get("/api/configuration")).json()
        if now["text"] != before["text"]:
            back = {"version": before["version"]}
            answer = await client.post("/api/configuration/rollback", json=back, headers=over(now["version"]))
            assert answer.status_code == 200, answer.text
        for flow in (await client.get("/api/flows")).json()["flows"]:
            if flow["draft"]:
                where, revision = f"/api/flows/{flow['id']}/draft", flow["draft"]["revision"]
                assert (await client.delete(where, headers=over(revision))).status_code == 204


def over(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def changed(**fields: Any) -> Json:
    return {**FLOW, **fields}


def with_block(number: int, **fields: Any) -> Json:
    blocks = [{**block, **fields} if n == number else block for n, block in enumerate(FLOW["blocks"])]
    return changed(blocks=blocks)


async def version_of(client: httpx.AsyncClient) -> int:
    return int((await client.get("/api/flows")).json()["version"])


async def keep(client: httpx.AsyncClient, flow: Json = FLOW, revision: int = 0) -> httpx.Response:
    body = {"flow": flow, "base": await version_of(client)}
    return await client.put(f"/api/flows/{flow['id']}/draft", json=body, headers=over(revision))


async def publish(client: httpx.AsyncClient, revision: int = 1, **body: Any) -> httpx.Response:
    return await client.post("/api/flows/drawn/publish", json=body, headers=over(revision))


async def published(client: httpx.AsyncClient, flow: Json = FLOW, **body: Any) -> int:
    kept = await keep(client, flow)
    assert kept.status_code == 200, kept.text
    answer = await publish(client, kept.json()["revision"], **body)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["version"])


def run_of(site: Site, call: SimulatedCall) -> Run:
    return site.exchange._centres[site.tenant].runs[call.contact]


async def test_a_drawn_menu_is_kept_published_and_answers_a_call(site: Site, admin: httpx.AsyncClient) -> None:
    kept = (await keep(admin)).json()
    assert (kept["revision"], kept["problems"]) == (1, [])
    row = next(each for each in (await admin.get("/api/flows")).json()["flows"] if each["id"] == "drawn")
    assert (row["published"], row["draft"]["revision"], row["numbers"]) == (False, 1, [])
    answer = await publish(admin, comment="first", entry_points=["russian"])
    assert answer.status_code == 200, answer.text
    opened = (await admin.get("/api/flows/drawn")).json()
    assert opened["draft"] is None
    assert opened["published"]["blocks"] == FLOW["blocks"]
    call = await calling(site)
    call.press("1")
    centre = site.exchange._centres[site.tenant]
    await until(lambda: (found := centre.engine.contact(call.contact)) is not None and found.queue == "sales")
    call.hang_up()
    await until(lambda: centre.engine.contact(call.contact) is None)


async def test_two_administrators_do_not_write_over_each_other(admin: httpx.AsyncClient) -> None:
    assert (await keep(admin)).status_code == 200
    assert refusal(await keep(admin, changed(name="Other"))) == (412, "flow_draft_conflict")
    assert (await keep(admin, changed(name="Mine"), 1)).json()["revision"] == 2
    late = await keep(admin, changed(name="Other"), 1)
    assert refusal(late) == (412, "flow_draft_conflict")
    assert late.json()["error"]["revision"] == 2
    assert (await admin.get("/api/flows/drawn")).json()["draft"]["body"]["name"] == "Mine"
    assert refusal(await publish(admin, 1)) == (412, "flow_draft_conflict")


async def test_a_flow_published_meanwhile_is_not_lost_under_an_older_draft(admin: httpx.AsyncClient) -> None:
    await published(admin)
    stale = {"flow": changed(name="Old"), "base": await version_of(admin) - 1}
    assert (await admin.put("/api/flows/drawn/draft", json=stale, headers=over(0))).status_code == 200
    assert refusal(await publish(admin, 1)) == (409, "flow_changed_meanwhile")
    assert (await keep(admin, changed(name="Old"), 1)).status_code == 200
    assert (await publish(admin, 2)).status_code == 200


@pytest.mark.parametrize(
    ("flow", "place", "block", "code", "warning"),
    [
        (with_block(0, exits={}), "blocks[0].exits", "menu", "config_flow_no_exit", False),
        (
            with_block(0, exits={"1": "sales", "otherwise": "gone"}),
            "blocks[0].exits.otherwise",
            "menu",
            "config_flow_no_block",
            False,
        ),
        (with_block(1, queue={"queue": ""}), "blocks[1].queue.queue", "sales", "config_no_queue", False),
        (with_block(0, exits={"otherwise": "bye"}), "blocks[1]", "sales", "config_flow_unreached", True),
        (changed(blocks=[]), "blocks", None, "config_flow_empty", False),
        (changed(languages=["ru", "en"]), "blocks[0].ask.text", "menu", "config_flow_text", False),
        (
            changed(tests=[{"name": "t", "presses": ["1"], "expect": {"queue": "support"}}]),
            "tests[0]",
            None,
            "config_flow_test",
            False,
        ),
    ],
)
async def test_what_is_wrong_is_told_with_its_block_and_keeps_the_draft_from_being_published(
    admin: httpx.AsyncClient, flow: Json, place: str, block: str | None, code: str, warning: bool
) -> None:
    before = await version_of(admin)
    problems = (await admin.post("/api/flows/check", json={"flow": flow})).json()["problems"]
    assert (place, block, code, warning) in [
        (each["place"], each["block"], each["code"], each["warning"]) for each in problems
    ]
    assert (await keep(admin, flow)).json()["problems"] == problems, "an unfinished flow can be kept"
    if not warning:
        assert refusal(await publish(admin)) == (400, "flow_not_fit")
        assert await version_of(admin) == before


@pytest.mark.parametrize(
    "flow",
    [
        {},
        {"id": "drawn"},
        changed(id="other"),
        changed(blocks="none"),
        changed(blocks=[1]),
        changed(blocks=[{"id": "a", "shout": {}}]),
        changed(name="\x00"),
        with_block(0, ask={"text": "no language", "keys": {}}),
    ],
)
async def test_what_is_no_flow_at_all_is_not_kept(admin: httpx.AsyncClient, flow: Json) -> None:
    body = {"flow": flow, "base": 1}
    answer = await admin.put("/api/flows/drawn/draft", json=body, headers=over(0))
    assert refusal(answer) == (400, "flow_unreadable")
    assert refusal(await admin.get("/api/flows/drawn")) == (404, "no_such_flow")


async def test_a_flow_of_a_megabyte_is_refused(admin: httpx.AsyncClient) -> None:
    assert refusal(await keep(admin, changed(name="x" * 300 * 1024))) == (413, "flow_too_long")


async def test_a_draft_is_thrown_away_once(admin: httpx.AsyncClient) -> None:
    await keep(admin)
    assert refusal(await admin.delete("/api/flows/drawn/draft")) == (428, "config_version_required")
    assert (await admin.delete("/api/flows/drawn/draft", headers=over(1))).status_code == 204
    assert refusal(await admin.delete("/api/flows/drawn/draft", headers=over(1))) == (412, "flow_no_draft")


async def test_what_a_test_that_does_not_hold_keeps_from_counting_is_a_setting(
    site: Site, admin: httpx.AsyncClient
) -> None:
    async def choose(wanted: str) -> httpx.Response:
        return await admin.put(
            "/api/flows/tests", json={"scenario_tests": wanted}, headers=over(await version_of(admin))
        )

    failing = changed(tests=[{"name": "?", "presses": ["1"], "expect": {"queue": "support", "served": True}}])
    kept = (await keep(admin, failing)).json()
    assert refusal(await publish(admin, kept["revision"])) == (400, "flow_not_fit")
    assert (await choose("warn")).status_code == 200
    (told,) = [each for each in (await admin.get("/api/flows/drawn")).json()["problems"] if each["place"] == "tests[0]"]
    assert (told["code"], told["warning"]) == ("config_flow_test", True)
    assert (await publish(admin, kept["revision"])).status_code == 200
    assert refusal(await choose("always")) == (409, "flow_not_fit")
    assert (await choose("never")).status_code == 200
    assert (await admin.get("/api/flows")).json()["scenario_tests"] == "never"
    assert [each["code"] for each in (await admin.get("/api/flows/drawn")).json()["problems"]] == []
    newest = (await admin.get("/api/configuration/versions")).json()["versions"][0]
    assert (newest["comment"], newest["by"]) == ("warn → never", "Администратор")
    await published(admin)
    assert (await choose("always")).status_code == 200


async def test_a_test_call_goes_on_to_the_first_question_without_an_answer(admin: httpx.AsyncClient) -> None:
    first = (await admin.post("/api/flows/trial", json={"flow": FLOW})).json()
    assert [(turn["kind"], turn["text"]) for turn in first["turns"]] == [("said", "Продажи: 1.")]
    assert (first["asks"], first["at"], first["queue"]) == (True, "menu", None)
    pressed = (await admin.post("/api/flows/trial", json={"flow": FLOW, "presses": ["1"]})).json()
    assert [(turn["kind"], turn["text"]) for turn in pressed["turns"]] == [
        ("said", "Продажи: 1."),
        ("pressed", "1"),
        ("passed", "1"),
    ]
    assert (pressed["asks"], pressed["at"], pressed["queue"], pressed["choices"]) == (
        False,
        "sales",
        "sales",
        ["Продажи"],
    )
    silent = (await admin.post("/api/flows/trial", json={"flow": FLOW, "presses": [""]})).json()
    assert (silent["served"], silent["at"]) == (True, "bye")
    assert [turn["kind"] for turn in silent["turns"]] == ["said", "silent", "passed", "said"]


async def test_a_test_call_shows_what_would_be_written(admin: httpx.AsyncClient) -> None:
    sms = {"id": "sms", "sms": {"text": {"ru": "Готов"}}, "exits": {"otherwise": "sales"}}
    flow = changed(blocks=[sms, {"id": "sales", "queue": {"queue": "sales"}}])
    answer = await admin.post("/api/flows/trial", json={"flow": flow, "ani": "+79161230001"})
    assert answer.status_code == 200, answer.text
    assert ("wrote", "+79161230001: Готов") in [(each["kind"], each["text"]) for each in answer.json()["turns"]]


async def test_a_flow_calls_a_function_of_code_that_is_saved_and_keeps_it_there(admin: httpx.AsyncClient) -> None:
    code = "def level(number, order=''):\n    return 'ours'\n"
    sent = {"name": "Правила", "language": "ru", "otherwise": "support", "code": code}
    at = over(await version_of(admin))
    level = {"code": "rules", "function": "level", "parameters": {"number": "{ani}"}, "branches": ["ours"]}
    block = {"id": "level", "function": level, "exits": {"ours": "sales", "fault": "sales"}}
    flow = changed(blocks=[block, {"id": "sales", "queue": {"queue": "sales"}}])
    unknown = (await admin.post("/api/flows/check", json={"flow": flow})).json()["problems"]
    assert [(each["place"], each["code"]) for each in unknown] == [("blocks[0].function.code", "config_no_code")]
    assert (await admin.put("/api/handlers/rules", json=sent, headers=at)).status_code == 200
    assert (await admin.post("/api/flows/check", json={"flow": flow})).json()["problems"] == []
    given = {"ani": "+79161230001", "branches": {"level": "ours"}, "answers": {"level": [{"values": {"a": "1"}}]}}
    trial = (await admin.post("/api/flows/trial", json={"flow": flow, **given})).json()
    assert (trial["queue"], trial["attributes"]) == ("sales", {"a": "1"})
    assert (await publish(admin, (await keep(admin, flow)).json()["revision"])).status_code == 200
    choices = (await admin.get("/api/flows/drawn")).json()["choices"]
    assert choices["codes"] == [{"id": "rules", "name": "Правила"}]
    assert choices["functions"] == [{"id": "level", "name": "level (Правила: number, order)"}]
    at, renamed = over(await version_of(admin)), {**sent, "code": code.replace("level", "rank")}
    assert refusal(await admin.put("/api/handlers/rules", json=renamed, headers=at)) == (400, "handler_not_fit")
    assert refusal(await admin.delete("/api/handlers/rules", headers=at)) == (400, "handler_not_fit")


COMPUTING = """
def due(days, limit="3"):
    print("reckons")
    late = int(days) > int(limit)
    return ("late" if late else ""), {"over": int(days) - int(limit)}
"""


async def test_a_test_call_runs_the_functions_of_a_flow_and_shows_where_they_fail(admin: httpx.AsyncClient) -> None:
    sent = {"name": "Сроки", "language": "ru", "otherwise": "support", "code": COMPUTING}
    at = over(await version_of(admin))
    assert (await admin.put("/api/handlers/terms", json=sent, headers=at)).status_code == 200
    due = {"code": "terms", "function": "due", "parameters": {"days": "{days}"}, "branches": ["late"]}
    exits = {"late": "sales", "done": "bye", "fault": "help"}
    flow = changed(
        blocks=[
            {"id": "due", "name": "Срок", "function": due, "exits": exits},
            {"id": "bye", "hang_up": {}},
            {"id": "sales", "queue": {"queue": "sales"}},
            {"id": "help", "queue": {"queue": "support"}},
        ]
    )

    async def tried(**more: Any) -> Json:
        answer = await admin.post("/api/flows/trial", json={"flow": flow, **more})
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    late = await tried(attributes={"days": "5"})
    assert (late["queue"], late["attributes"]["over"], late["fault"]) == ("sales", "2", None)
    computed, passed = late["turns"]
    shown = {"kind": "computed", "text": "due", "block": "due", "values": {"over": "2"}, "exit": "late", "fault": ""}
    assert computed.items() >= shown.items()
    assert (passed["kind"], passed["text"]) == ("passed", "late")
    assert (await tried(attributes={"days": "1"}))["served"]
    broken = await tried(attributes={"days": "soon"})
    assert (broken["queue"], broken["fault"]) == ("support", None), "a fault is an exit"
    told = broken["turns"][0]
    assert told["fault"].startswith("ValueError: invalid literal for int()")
    assert "late = int(days) > int(limit)" in told["traceback"] and "terms.py" in told["traceback"]
    assert "reckons" in told["traceback"], "what it printed stands beside it"
    given = await tried(attributes={"days": "soon"}, answers={"due": [{"values": {"over": "7"}}]})
    assert (given["served"], given["attributes"]["over"]) == (True, "7"), (
        "what is said of it counts, and no code is run"
    )


async def test_whoever_goes_leaves_no_function_running_that_the_next_one_would_wait_for(
    site: Site, address: str, admin: httpx.AsyncClient
) -> None:
    code = "def slow():\n    while True:\n        pass\n\ndef quick():\n    return 'ours'\n"
    sent = {"name": "Правила", "language": "ru", "otherwise": "support", "code": code}
    at = over(await version_of(admin))
    assert (await admin.put("/api/handlers/rules", json=sent, headers=at)).status_code == 200

    def calls(function: str) -> Json:
        block = {"id": "rule", "function": {"code": "rules", "function": function, "branches": ["ours"]}}
        exits = {"ours": "sales", "fault": "help"}
        ends = [{"id": "sales", "queue": {"queue": "sales"}}, {"id": "help", "queue": {"queue": "support"}}]
        return {"flow": changed(blocks=[{**block, "exits": exits}, *ends])}

    rehearsals: HandlerRehearsals = site.app.state.rehearsals
    handlers = rehearsals._handlers
    assert isinstance(handlers, ConfinedHandlers)

    def running() -> list[Interpreter]:
        kept = [each for version in handlers._versions.values() for each in version.processes]
        return [each for each in kept if each.turn.locked() and not each.over]

    headers = {"X-Otklik": "1", "Cookie": f"{COOKIE}={site.cookies['admin']}"}
    async with httpx.AsyncClient(base_url=f"http://{address}", headers=headers, timeout=None) as panel:
        for _ in range(3):  # more than a version has processes
            asked = asyncio.create_task(panel.post("/api/flows/trial", json=calls("slow")))
            await until(running)
            asked.cancel()
            await until(lambda: not rehearsals._own[site.tenant].locked())
            assert not running(), "the turn is free, and the function goes on"
        found = await panel.post("/api/flows/trial", json=calls("quick"))
    assert (found.status_code, found.json().get("queue")) == (200, "sales"), found.text


async def test_a_test_call_that_goes_round_in_a_circle_ends_and_says_why(admin: httpx.AsyncClient) -> None:
    circle = changed(blocks=[{"id": "a", "set": {}, "exits": {"done": "a"}}])
    found = (await admin.post("/api/flows/trial", json={"flow": circle})).json()
    assert "200 steps" in found["fault"]
    assert found["queue"] == "support"


async def test_versions_are_compared_and_an_earlier_one_is_published_again(admin: httpx.AsyncClient) -> None:
    first = await published(admin, comment="one")
    second = await published(admin, with_block(1, queue={"queue": "support"}), comment="two")
    found = (await admin.get("/api/flows/drawn/versions")).json()["versions"]
    assert [(each["version"], each["comment"]) for each in found[:2]] == [(second, "two"), (first, "one")]
    where = f"/api/flows/drawn/compare?before={first}&after={second}"
    assert (await admin.get(where)).json()["changes"] == [
        {"kind": "~", "place": "blocks.sales.queue.queue", "before": "sales", "after": "support"}
    ]
    answer = await admin.post("/api/flows/drawn/rollback", json={"version": first}, headers=over(second))
    assert answer.status_code == 200, answer.text
    assert (await admin.get("/api/flows/drawn")).json()["published"]["blocks"] == FLOW["blocks"]
    late = await admin.post("/api/flows/drawn/rollback", json={"version": first}, headers=over(second))
    assert refusal(late) == (412, "config_conflict")
    none = await admin.post("/api/flows/drawn/rollback", json={"version": 1}, headers=over(await version_of(admin)))
    assert refusal(none) == (404, "flow_no_version")


async def test_a_draft_is_compared_with_what_is_published(admin: httpx.AsyncClient) -> None:
    first = await published(admin)
    await keep(admin, changed(name="New name"))
    answer = (await admin.get(f"/api/flows/drawn/compare?before={first}")).json()
    assert [(each["place"], each["after"]) for each in answer["changes"]] == [("name", "New name")]


async def test_a_flow_taken_away_lets_its_callers_finish_in_it(site: Site, admin: httpx.AsyncClient) -> None:
    await published(admin, entry_points=["russian"])
    call = await calling(site)
    used = await admin.delete("/api/flows/drawn", headers=over(await version_of(admin)))
    assert refusal(used) == (409, "flow_in_use")
    await published(admin, changed(id="drawn", name="Changed", blocks=FLOW["blocks"][1:]))
    set_up = (await admin.get("/api/configuration")).json()
    text = set_up["text"].replace("scenario: drawn", "scenario: menu-ru")
    put = await admin.put("/api/configuration", json={"text": text}, headers=over(set_up["version"]))
    assert put.status_code == 200, put.text
    gone = await admin.delete("/api/flows/drawn", headers=over(await version_of(admin)))
    assert gone.status_code == 200, gone.text
    assert refusal(await admin.get("/api/flows/drawn")) == (404, "no_such_flow")
    run = run_of(site, call)
    assert run.flow is not None and [block.id for block in run.flow.blocks] == ["menu", "sales", "bye"]
    call.press("1")
    centre = site.exchange._centres[site.tenant]
    await until(lambda: (found := centre.engine.contact(call.contact)) is not None and found.queue == "sales")
    call.hang_up()
    await until(lambda: centre.engine.contact(call.contact) is None)


async def test_where_callers_went_and_are_now_is_told_from_the_log(site: Site, admin: httpx.AsyncClient) -> None:
    await published(admin, entry_points=["russian"])
    where = "/api/flows/drawn/course"
    await site.exchange.written(site.tenant)
    before = (await admin.get(where)).json()
    one, other = await calling(site), await calling(site)
    centre = site.exchange._centres[site.tenant]

    async def seen(**wanted: int) -> Json:
        async with asyncio.timeout(30):
            while True:
                now: Json = (await admin.get(where)).json()
                if all(now[name] - before[name] == more for name, more in wanted.items()):
                    return now
                await asyncio.sleep(0.02)

    both = await seen(contacts=2, now=2)
    assert both["steps"]["menu"]["now"] == before["steps"]["menu"]["now"] + 2
    one.press("1")
    await until(lambda: (found := centre.engine.contact(one.contact)) is not None and found.queue == "sales")
    other.hang_up()
    await until(lambda: centre.engine.contact(other.contact) is None)
    after = await seen(contacts=2, queued=1, left=1, now=0)
    assert after["steps"]["menu"]["left"] == before["steps"]["menu"]["left"] + 1
    assert after["steps"]["sales"]["came"] == before["steps"]["sales"]["came"] + 1
    one.hang_up()
    await until(lambda: centre.engine.contact(one.contact) is None)


async def test_a_neighbour_sees_and_takes_no_draft(site: Site, admin: httpx.AsyncClient) -> None:
    await keep(admin)
    async with site.database.transaction(site.neighbour) as connection:
        from otklik.flows import store

        assert await store.drafts(connection) == []


async def test_a_template_becomes_a_flow_with_its_tests_that_is_published_as_it_is(admin: httpx.AsyncClient) -> None:
    found = (await admin.get("/api/flow-templates")).json()["templates"]
    assert [each["id"] for each in found] == ["empty", "menu", "survey", "hours", "callback", "incident"]
    for template in found[1:]:
        flow = {**template["flow"], "id": "drawn"}
        kept = (await admin.post("/api/flows/check", json={"flow": flow})).json()
        wrong = [each["place"] for each in kept["problems"] if not each["place"].endswith("when.open")]
        assert (flow["languages"], wrong, kept["uncovered"]) == (["ru"], [], []), template["id"]
    survey = next(each["flow"] for each in found if each["id"] == "survey")
    await published(admin, {**survey, "id": "drawn"})
    opened = (await admin.get("/api/flows/drawn")).json()
    assert len(opened["published"]["tests"]) == 6
    broken = {**survey, "id": "drawn", "blocks": [{**block} for block in survey["blocks"]]}
    broken["blocks"][2]["exits"] = {"unhappy": "thanks", "otherwise": "thanks"}
    await keep(admin, broken)
    assert refusal(await publish(admin)) == (400, "flow_not_fit")
