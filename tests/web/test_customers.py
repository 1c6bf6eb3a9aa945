"""Cards of customers over HTTP: found by any identity, changed by several people at once, shown at the desk."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from tests.web.conftest import AtDesk, Json, Site, refusal, until

IVAN = "Иван Петров"


async def find(client: httpx.AsyncClient, q: str) -> list[str]:
    answer = await client.get("/api/customers", params={"q": q})
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()["customers"]]


async def make(client: httpx.AsyncClient, name: str, *identities: tuple[str, str], **more: Any) -> Json:
    known = [{"kind": kind, "value": value} for kind, value in identities]
    answer = await client.post("/api/customers", json={"name": name, "identities": known, **more})
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def edit(client: httpx.AsyncClient, card: Json, **changes: Any) -> httpx.Response:
    return await client.patch(f"/api/customers/{card['id']}", json={"version": card["version"], **changes})


@pytest.mark.parametrize(
    "q",
    ["+79161234567", "8 (916) 123-45-67", "1234567", "IVAN.petrov@example.com", "@example.com", "петр", "иван век"],
)
async def test_customer_is_found_by_number_mail_and_words_however_they_are_written(site: Site, q: str) -> None:
    async with site.signed_in("anna") as client:
        assert IVAN in await find(client, q)


@pytest.mark.parametrize("q", ["+79990000001", "nobody@example.com", "етров", "%", "_", "\\", "!!!"])
async def test_nobody_is_found_by_what_nobody_has(site: Site, q: str) -> None:
    async with site.signed_in("anna") as client:
        assert await find(client, q) == []


async def test_pages_of_the_list_follow_one_another_without_a_gap(site: Site) -> None:
    async with site.signed_in("anna") as client:
        for number in range(3):
            await make(client, f"Страничкин {number}")
        names: list[str] = []
        before: str | None = None
        for _ in range(4):
            params = {"q": "страничкин", "limit": "1"} | ({"before": before} if before else {})
            page = (await client.get("/api/customers", params=params)).json()
            names += [row["name"] for row in page["customers"]]
            before = page["next"]
            if before is None:
                break
        assert names == ["Страничкин 2", "Страничкин 1", "Страничкин 0"]


async def test_new_card_keeps_every_identity_in_its_comparable_form_and_says_who_else_has_it(site: Site) -> None:
    async with site.signed_in("anna") as client:
        written = (("phone", "8 (495) 111-22-33"), ("mail", "A.B@Example.ORG"), ("telegram", "https://t.me/Someone"))
        made = await make(client, "  Анна   Каренина ", *written, language="ru")
        assert made["name"] == "Анна Каренина"
        found = [(each["kind"], each["value"], each["shared"]) for each in made["identities"]]
        assert found == [
            ("phone", "+74951112233", 0),
            ("mail", "a.b@example.org", 0),
            ("telegram", "someone", 0),
        ]
        other = await make(client, "Алексей Каренин", ("phone", "+74951112233"))
        assert [each["shared"] for each in other["identities"]] == [1]


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("phone", "101", "no_number"),
        ("whatsapp", "hello", "no_number"),
        ("mail", "a@b", "no_mail"),
        ("mail", 'a"@b.c', "no_mail"),
        ("telegram", "two words", "no_handle"),
    ],
)
async def test_identity_that_is_none_is_refused_with_an_example_and_nothing_is_made(
    site: Site, kind: str, value: str, code: str
) -> None:
    async with site.signed_in("anna") as client:
        body = {"name": "Неудачник", "identities": [{"kind": kind, "value": value}]}
        answer = await client.post("/api/customers", json=body)
        assert refusal(answer) == (400, code)
        assert answer.json()["error"]["field"] == "identities.0.value"
        assert value in answer.json()["error"]["message"]
        assert await find(client, "неудачник") == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b"])
async def test_card_without_a_proper_name_is_refused(site: Site, name: str) -> None:
    async with site.signed_in("anna") as client:
        answer = await client.post("/api/customers", json={"name": name})
        assert (refusal(answer), answer.json()["error"]["field"]) == ((400, "invalid_input"), "name")


async def test_two_who_change_different_fields_both_succeed_and_the_later_one_is_told(site: Site) -> None:
    async with site.signed_in("anna") as anna, site.signed_in("boris") as boris:
        seen = await make(anna, "Пётр Общий")
        assert (await edit(boris, seen, company="Вектор")).status_code == 200
        saved = (await edit(anna, seen, about="Звонить после обеда")).json()
        assert (saved["card"]["company"], saved["card"]["about"]) == ("Вектор", "Звонить после обеда")
        told = [(each["field"], each["before"], each["after"], each["by"]) for each in saved["meanwhile"]]
        assert told == [("company", "", "Вектор", "Борис Ким")]


async def test_the_later_change_of_the_same_field_is_refused_told_by_whom_and_overwrites_nothing(site: Site) -> None:
    async with site.signed_in("anna") as anna, site.signed_in("boris") as boris:
        seen = await make(anna, "Пётр Спорный")
        assert (await edit(boris, seen, company="Вектор")).status_code == 200
        late = await edit(anna, seen, company="Заря", about="и это тоже")
        assert refusal(late) == (409, "card_conflict")
        error = late.json()["error"]
        assert (error["field"], error["by"], error["version"]) == ("company", "Борис Ким", 2)
        assert [(each["field"], each["after"]) for each in error["changes"]] == [("company", "Вектор")]
        now = (await anna.get(f"/api/customers/{seen['id']}")).json()
        assert (now["company"], now["about"]) == ("Вектор", "")
        assert (await edit(anna, now, company="Заря")).status_code == 200
        same = await edit(boris, seen, company="Заря")
        assert same.status_code == 200, "the same word twice is no quarrel"


async def test_of_many_at_once_on_one_field_exactly_one_is_first(site: Site) -> None:
    async with site.signed_in("anna") as client:
        seen = await make(client, "Пётр Многих")
        answers = await asyncio.gather(*(edit(client, seen, company=f"Фирма {n}") for n in range(6)))
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
        now = (await client.get(f"/api/customers/{seen['id']}")).json()
        assert now["version"] == 2


async def test_identities_are_labelled_confirmed_and_taken_away(site: Site) -> None:
    async with site.signed_in("anna") as client:
        made = await make(client, "Ольга Номерова", ("phone", "+74953334455"))
        path = f"/api/customers/{made['id']}/identities"
        twice = await client.post(path, json={"kind": "phone", "value": "8 495 333 44 55"})
        assert refusal(twice) == (409, "identity_known")
        card = (await client.post(path, json={"kind": "viber", "value": "+79035550101", "label": "личный"})).json()
        viber = next(each for each in card["identities"] if each["kind"] == "viber")
        assert (viber["label"], viber["confirmed_at"]) == ("личный", None)
        card = (await client.patch(f"{path}/{viber['id']}", json={"confirmed": True})).json()
        viber = next(each for each in card["identities"] if each["kind"] == "viber")
        assert viber["confirmed_at"] is not None and viber["label"] == "личный"
        card = (await client.delete(f"{path}/{viber['id']}")).json()
        assert [each["kind"] for each in card["identities"]] == ["phone"]
        assert refusal(await client.delete(f"{path}/{viber['id']}")) == (404, "not_found")


async def test_manager_must_be_an_agent_of_the_same_centre(site: Site) -> None:
    async with site.signed_in("anna") as client:
        made = await make(client, "Ирина Личная")
        for stranger in (await site.person("olga"), await site.person("zoe")):
            answer = await edit(client, made, manager=stranger)
            assert (refusal(answer), answer.json()["error"]["field"]) == ((409, "no_such_agent"), "manager")
        boris = await site.person("boris")
        card = (await edit(client, made, manager=boris)).json()["card"]
        assert card["manager"] == {"id": boris, "name": "Борис Ким"}
        card = (await edit(client, card, manager=None)).json()["card"]
        assert card["manager"] is None
        listed = (await client.get("/api/customers/people")).json()["people"]
        assert {each["name"] for each in listed if each["agent"]} == {"Анна Смирнова", "Борис Ким", "Kate Wilson"}


async def test_looking_and_changing_are_written_down_looking_once_an_hour(site: Site) -> None:
    async with site.signed_in("anna") as client:
        made = await make(client, "Ревизор")
        for _ in range(2):
            await client.get(f"/api/customers/{made['id']}")
        await edit(client, made, vip=True)
    query = "select string_agg(what, ' ' order by what) from audit where customer_id = :id"
    assert await site.scalar(query, id=made["id"]) == "customer_changed customer_viewed"


async def test_desk_shows_what_is_changed_on_the_card_while_the_call_is_on(site: Site, anna: AtDesk) -> None:
    call = site.voice.arrive("1000", "+79057770011")
    assert call is not None
    await until(lambda: call.said)
    call.press("1")
    phone = site.voice.phone(anna.agent)
    await until(lambda: phone.ringing)
    phone.answer()
    await until(lambda: call.hears == {"agent"})
    await anna.until(lambda seen: bool(seen["contacts"]) and seen["contacts"][0]["customer"] is None)
    made = await make(anna.client, "Новая Знакомая", ("phone", "8 905 777 00 11"))
    await anna.until(lambda seen: (seen["contacts"][0]["customer"] or {}).get("id") == made["id"])
    boris = await site.person("boris")
    assert (await edit(anna.client, made, name="Старая Знакомая", vip=True, manager=boris)).status_code == 200
    seen = await anna.until(lambda seen: (seen["contacts"][0]["customer"] or {}).get("name") == "Старая Знакомая")
    assert (seen["contacts"][0]["customer"]["vip"], seen["contacts"][0]["customer"]["manager"]) == (True, boris)
    centre = site.exchange._centres[site.tenant]
    found = centre.engine.contact(call.contact)
    await until(lambda: found is not None and found.vip and found.manager == boris)
