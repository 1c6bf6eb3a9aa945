"""Parts of the set-up over HTTP: one is read, held against the rules, published beside what others change, and taken back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.web.conftest import AtDesk, Json, Site, apply, current, refusal

from otklik.parts import store

PATH = "/api/configuration/parts/talk-scripts"


def over(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


async def opened(client: httpx.AsyncClient, path: str = PATH, **asked: int) -> Json:
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def step(id: str, say: str, **more: Any) -> Json:
    return {"id": id, "say": say, **more}


async def publish(client: httpx.AsyncClient, version: int, scripts: list[Json], **more: Any) -> httpx.Response:
    body = {"value": {"talk_scripts": scripts}, **more}
    return await client.put(PATH, json=body, headers=over(version))


async def test_a_talk_script_is_published_and_read_at_the_desk_with_its_branches(
    site: Site, admin: httpx.AsyncClient, anna: AtDesk
) -> None:
    before = await opened(admin)
    (order,) = before["value"]["talk_scripts"]
    assert order["steps"][0]["branches"] == []
    branch = {"of": "queue", "test": "known", "value": "", "then": "bye"}
    script = {
        **order,
        "steps": [step("hello", "{agent}, {contact.order}", branches=[branch]), step("bye", "Bye", hint="Smile")],
    }
    answer = await publish(admin, before["version"], [script], comment="shorter")
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"] == before["version"] + 1
    assert (await opened(admin))["value"]["talk_scripts"][0]["steps"][1]["hint"] == "Smile"
    call = await anna.talk()
    path = f"/api/desk/contacts/{call.contact}/talk"
    found = (await anna.client.get(path)).json()
    assert found["known"] == {"queue": "Продажи"}
    assert [(each["id"], each["hint"], each["branches"]) for each in found["steps"]] == [
        ("hello", "", [branch]),
        ("bye", "Smile", []),
    ]
    body = {"script": "order", "version": found["version"], "answers": [{"step": "hello"}, {"step": "bye"}]}
    assert (await anna.put(path, body)).status_code == 204


async def test_what_is_wrong_is_told_at_once_and_not_published(admin: httpx.AsyncClient) -> None:
    before = await opened(admin)
    scripts = [{"id": "order", "name": "Order", "steps": [step("a", "{price}", then="lost"), step("b", "B")]}]
    sent = {"value": {"talk_scripts": scripts}, "queues": {"support": {"talk_script": "none", "name": "x"}}}
    checked = (await admin.post(f"{PATH}/check", json=sent)).json()
    assert {(each["place"], each["code"], each["warning"]) for each in checked["faults"]} == {
        ("queues[1].talk_script", "config_no_talk_script", False),
        ("talk_scripts[0].steps[0].say", "config_talk_hole", True),
        ("talk_scripts[0].steps[0].then", "config_talk_step", False),
        ("talk_scripts[0].steps[1]", "config_talk_unreached", True),
    }
    assert refusal(await publish(admin, before["version"], scripts)) == (400, "config_rejected")
    assert refusal(await publish(admin, before["version"], [{"id": "x", "colour": 1}])) == (400, "config_rejected")
    assert refusal(await publish(admin, before["version"], [step("x", "\x00")])) == (400, "part_unreadable")
    assert refusal(await admin.put(PATH, json={"value": {}})) == (428, "config_version_required")
    assert (await opened(admin)) == before


async def test_queues_take_the_script_and_everything_else_stays(admin: httpx.AsyncClient) -> None:
    before, text = await opened(admin), (await current(admin))["text"]
    scripts = [*before["value"]["talk_scripts"], {"id": "new", "name": "New", "steps": [step("a", "A")]}]
    sent = {"value": {"talk_scripts": scripts}, "queues": {"support": {"talk_script": "new", "name": "x"}}}
    changes = (await admin.post(f"{PATH}/check", json=sent)).json()["changes"]
    assert [each["place"] for each in changes] == ["queues.support.talk_script", "talk_scripts.new"]
    answer = await publish(admin, before["version"], scripts, queues=sent["queues"])
    assert answer.status_code == 200, answer.text
    after = await opened(admin)
    assert [each["talk_script"] for each in after["queues"] if each["id"] == "support"] == ["new"]
    assert (await publish(admin, after["version"], scripts)).json()["version"] == after["version"]
    assert refusal(await publish(admin, before["version"], scripts)) == (412, "config_conflict")
    again = await apply(admin, text, after["version"])
    assert again.status_code == 200, again.text


async def test_any_list_of_the_file_is_a_part_by_its_name_and_tells_what_there_is_to_refer_to(
    admin: httpx.AsyncClient,
) -> None:
    path = "/api/configuration/parts/queues"
    before, text = await opened(admin, path), (await current(admin))["text"]
    assert [each["id"] for each in before["value"]] == ["sales", "support"]
    assert before["value"][0]["ring_seconds"] == 20, "usual values are told, too"
    assert {"id": "anna", "ru": "Анна Смирнова", "en": "Анна Смирнова"} in before["names"]["agents"]
    assert [each["id"] for each in before["names"]["scenarios"]] == ["menu-ru", "menu-en"]
    sales, support = before["value"]
    sent = [
        support,
        {**sales, "name": "", "strategy": "hunt", "hunt": ["anna", "nobody"], "otherwise": {"queue": "no"}},
    ]
    checked = (await admin.post(f"{path}/check", json={"value": sent})).json()
    assert {each["place"] for each in checked["faults"] if not each["warning"]} == {
        "queues[1].hunt[1]",
        "queues[1].otherwise.queue",
    }
    sent = [support, {**sales, "strategy": "hunt", "hunt": ["anna"], "ring_seconds": 25}]
    answer = await admin.put(path, json={"value": sent}, headers=over(before["version"]))
    assert answer.status_code == 200, answer.text
    assert {each["place"] for each in answer.json()["changes"]} == {
        "queues",
        "queues.sales.strategy",
        "queues.sales.hunt",
        "queues.sales.ring_seconds",
    }
    after = await opened(admin, path)
    assert [after["version"], after["value"]] == [before["version"] + 1, sent]
    history = (await admin.get(f"{path}/versions", params={"item": "sales"})).json()["versions"]
    assert history[0]["version"] == after["version"]
    assert (await apply(admin, text, after["version"])).status_code == 200


async def test_queues_and_who_serves_them_become_one_version_or_none(admin: httpx.AsyncClient) -> None:
    path = "/api/configuration/parts/queues"
    before, text = await opened(admin, path), (await current(admin))["text"]
    who = {each["login"]: each for each in before["agents"]}
    assert set(who["anna"]) == {"login", "queues", "weight"}
    assert (await opened(admin))["agents"] == [], "of other parts agents are no part"
    night = {**before["value"][0], "id": "night", "name": "Night"}
    sent: Json = {"value": [*before["value"], night]}
    sent["agents"] = {"anna": {"queues": {"night": 11, "gone": 1}, "skills": {"x": 1}}, "nobody": {"queues": {}}}
    number = list(who).index("anna")
    checked = (await admin.post(f"{path}/check", json=sent)).json()
    assert {each["place"] for each in checked["faults"] if not each["warning"]} == {
        f"agents[{number}].queues.night",
        f"agents[{number}].queues.gone",
    }
    answer = await admin.put(path, json=sent, headers=over(before["version"]))
    assert refusal(answer) == (400, "config_rejected")
    assert (await opened(admin, path)) == before, "neither half"
    sent["agents"] = {"anna": {"queues": {**who["anna"]["queues"], "night": 7}, "skills": {"x": 1}}}
    answer = await admin.put(path, json=sent, headers=over(before["version"]))
    assert answer.status_code == 200, answer.text
    after = await opened(admin, path)
    assert [after["version"], after["value"]] == [before["version"] + 1, sent["value"]]
    stands = {each["login"]: each for each in after["agents"]}
    assert stands == {**who, "anna": {**who["anna"], "queues": {**who["anna"]["queues"], "night": 7}}}
    assert refusal(await admin.put(path, json=sent, headers=over(before["version"]))) == (412, "config_conflict")
    assert (await apply(admin, text, after["version"])).status_code == 200


async def test_parts_that_are_not_there_and_other_shapes_are_told(admin: httpx.AsyncClient) -> None:
    for method, path in ("get", "nothing"), ("post", "nothing/check"), ("put", "mail"), ("get", "nothing/versions"):
        answer = await admin.request(method, f"/api/configuration/parts/{path}", json={"value": []}, headers=over(1))
        assert refusal(answer) == (404, "part_unknown")
        assert "dispositions, divisions" in answer.json()["error"]["message"]
    for path, value in ("queues", {"queues": []}), ("results", []):
        answer = await admin.post(f"/api/configuration/parts/{path}/check", json={"value": value})
        assert refusal(answer) == (400, "part_shape")


async def test_versions_of_one_script_are_those_that_changed_it(admin: httpx.AsyncClient) -> None:
    before = await opened(admin)
    (order,) = before["value"]["talk_scripts"]
    told = (await admin.get(f"{PATH}/versions", params={"item": "order"})).json()["versions"]
    one = (await publish(admin, before["version"], [order, {**order, "id": "other"}])).json()["version"]
    two = (await publish(admin, one, [{**order, "name": "Renamed"}], comment="two")).json()["version"]
    found = (await admin.get(f"{PATH}/versions", params={"item": "order"})).json()["versions"]
    assert [(each["version"], each["comment"]) for each in found[: len(found) - len(told)]] == [(two, "two")]
    gone = (await admin.get(f"{PATH}/versions", params={"item": "other"})).json()["versions"]
    assert [(each["version"], each["gone"]) for each in gone] == [(two, True), (one, False)]
    assert [each["version"] for each in (await admin.get(f"{PATH}/versions")).json()["versions"][:2]] == [two, one]
    assert (await opened(admin, version=one))["value"]["talk_scripts"][0] == order
    assert refusal(await admin.get(PATH, params={"version": 9999})) == (404, "config_no_version")


async def test_of_a_long_history_the_newest_versions_alone_are_looked_at(
    admin: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, made = (await opened(admin))["version"], []
    (order, *_) = (await opened(admin))["value"]["talk_scripts"]
    for name in "one", "two", "three":
        version = (await publish(admin, version, [{**order, "name": name}])).json()["version"]
        made.append(version)
    monkeypatch.setattr(store, "LOOKED_AT", 3)
    for asked in {}, {"item": "order"}:
        found = (await admin.get(f"{PATH}/versions", params=asked)).json()["versions"]
        assert [each["version"] for each in found] == [made[2], made[1]], "the third is what they are compared with"


async def test_parts_are_for_people_who_may_change_the_set_up(site: Site, anna: AtDesk) -> None:
    for answer in (
        await anna.client.get(PATH),
        await anna.client.post(f"{PATH}/check", json={"value": {}}),
        await anna.client.put(PATH, json={"value": {}}, headers=over(1)),
        await anna.client.get(f"{PATH}/versions"),
    ):
        assert refusal(answer) == (403, "not_permitted")
