"""The talk script at the desk: read with names filled in, answered as the conversation goes, kept for those who read it later."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.web.conftest import AtDesk, Site, at_desk, refusal

GIFT = [{"step": "hello", "answer": "gift"}, {"step": "when", "value": "2027-01-31"}]


async def talk(desk: AtDesk, contact: object) -> dict[str, Any]:
    answer = await desk.client.get(f"/api/desk/contacts/{contact}/talk")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_answers_are_kept_as_they_are_given_and_read_afterwards(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    found = await talk(anna, call.contact)
    name = (await anna.state())["agent"]["name"]
    assert (found["script"], found["answers"]) == ("order", [])
    assert f"Меня зовут {name}" in found["steps"][0]["say"]
    path = f"/api/desk/contacts/{call.contact}/talk"
    body = {"script": "order", "version": found["version"], "answers": GIFT}
    assert (await anna.put(path, body)).status_code == 204
    kept = (await talk(anna, call.contact))["answers"]
    assert [(each["step"], each["answer"], each["value"]) for each in kept] == [
        ("hello", "gift", None),
        ("when", None, "2027-01-31"),
    ]
    await anna.ask(call, "end")
    await anna.ask(call, "wrap-up", {"disposition": "order", "note": "", "then": "ready"})
    assert refusal(await anna.client.get(path)) == (409, "no_such_contact")
    async with asyncio.timeout(30):
        while (told := await anna.client.get(f"/api/contacts/{call.contact}/talk")).status_code == 404:
            pass  # the account of the contact is written a moment later
    parts = told.json()["parts"]
    assert [(part["agent"], part["title"]) for part in parts] == [(name, "Заказ букета")]
    assert [(step["answer"], step["value"]) for step in parts[0]["steps"]] == [
        ("В подарок", None),
        (None, "2027-01-31"),
    ]


async def test_answers_that_lead_nowhere_change_nothing(anna: AtDesk) -> None:
    call = await anna.talk()
    path = f"/api/desk/contacts/{call.contact}/talk"
    version = (await talk(anna, call.contact))["version"]
    for body, code in (
        ({"script": "order", "version": version, "answers": GIFT[1:]}, "talk_not_on_the_way"),
        ({"script": "order", "version": 4711, "answers": []}, "no_talk_script"),
        ({"script": "lost", "version": version, "answers": []}, "no_talk_script"),
        (
            {"script": "order", "version": version, "answers": [*GIFT, {"step": "sum", "value": "much"}]},
            "talk_bad_value",
        ),
        ({"script": "order", "version": version, "answers": [{"step": "hello", "answer": "a\x00"}]}, "invalid_input"),
    ):
        answer = await anna.put(path, body)
        assert (answer.status_code in (400, 404), answer.json()["error"]["code"]) == (True, code)
    assert (await talk(anna, call.contact))["answers"] == []


async def test_a_colleague_neither_reads_nor_answers(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    path = f"/api/desk/contacts/{call.contact}/talk"
    async with at_desk(site, "boris") as boris:
        assert refusal(await boris.client.get(path)) == (409, "no_such_contact")
        assert refusal(await boris.put(path, {"script": "order", "version": 1, "answers": []})) == (
            409,
            "no_such_contact",
        )
        assert refusal(await boris.client.get(f"/api/contacts/{call.contact}/talk")) == (404, "not_found")


async def test_canned_replies_are_filled_in_for_the_contact_in_hand(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    path = f"/api/desk/contacts/{call.contact}/replies"
    name = (await anna.state())["agent"]["name"]
    found = {(each["shortcut"], each["language"]): each for each in (await anna.client.get(path)).json()["replies"]}
    assert f"{name}, «Ромашка»" in found["доставка", "ru"]["text"]
    assert found["доставка", "ru"]["missing"] == []
    async with at_desk(site, "boris") as boris:
        assert refusal(await boris.client.get(path)) == (409, "no_such_contact")
