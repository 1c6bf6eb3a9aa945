"""Notes, tasks, the tenant's own fields, merges and the timeline of a customer, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from tests.web.conftest import Json, Site, refusal
from tests.web.test_customers import edit, find, make
from uuid_utils import uuid7

from otklik.contact.ids import CustomerId, TenantId
from otklik.customer.store import timeline
from otklik.customer.timeline import KINDS
from otklik.storage.engine import Database


async def get(client: httpx.AsyncClient, path: str, **params: Any) -> Json:
    answer = await client.get(f"/api/customers/{path}", params=params)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def post(client: httpx.AsyncClient, path: str, **body: Any) -> Json:
    answer = await client.post(f"/api/customers/{path}", json=body)
    assert answer.status_code in (200, 201), answer.text
    found: Json = answer.json()
    return found


def lasting(card: Json) -> Json:
    """What a card says but for its count of changes."""
    return {name: value for name, value in card.items() if name not in ("version", "changed_at", "merges")}


# Notes and tasks.


async def test_author_mends_a_note_everybody_pins_it(site: Site) -> None:
    async with site.signed_in("anna") as anna, site.signed_in("boris") as boris:
        card = await make(anna, "Заметный")
        note = (await post(anna, f"{card['id']}/notes", text=" <b>Жирный</b>\nклиент "))["notes"][0]
        assert (note["text"], note["by"]["name"], note["pinned_at"]) == ("<b>Жирный</b>\nклиент", "Анна Смирнова", None)
        path = f"/api/customers/{card['id']}/notes/{note['id']}"
        assert refusal(await boris.patch(path, json={"text": "чужое"})) == (403, "not_your_note")
        await post(anna, f"{card['id']}/notes", text="вторая")
        assert (await boris.patch(path, json={"pinned": True})).status_code == 200
        mended = (await anna.patch(path, json={"text": "Постоянный"})).json()["notes"]
        assert [each["text"] for each in mended] == ["Постоянный", "вторая"], "the pinned one is first"
        assert mended[0]["edited_at"] is not None and mended[0]["pinned_at"] is not None


async def test_task_is_given_to_a_colleague_who_finds_it_and_ticks_it_off(site: Site) -> None:
    async with site.signed_in("anna") as anna, site.signed_in("boris") as boris:
        card = await make(anna, "Дело Петровича")
        stranger = await anna.post(
            f"/api/customers/{card['id']}/tasks", json={"text": "x", "assignee": await site.person("zoe")}
        )
        assert refusal(stranger) == (409, "no_such_person")
        person = await site.person("boris")
        due = "2027-01-31T09:00:00Z"
        await post(anna, f"{card['id']}/tasks", text="Перезвонить", due_at=due, assignee=person)
        mine = [
            each for each in (await boris.get("/api/tasks")).json()["tasks"] if each["customer"]["id"] == card["id"]
        ]
        assert [(each["text"], each["due_at"], each["by"]["name"]) for each in mine] == [
            ("Перезвонить", due, "Анна Смирнова")
        ]
        done = (await boris.patch(f"/api/customers/{card['id']}/tasks/{mine[0]['id']}", json={"done": True})).json()
        assert (done["tasks"][0]["done_by"], done["tasks"][0]["assignee"]["id"]) == ("Борис Ким", person)
        assert card["id"] not in {each["customer"]["id"] for each in (await boris.get("/api/tasks")).json()["tasks"]}


@pytest.mark.parametrize(
    "body", [{"text": " "}, {"text": "x", "due_at": "tomorrow"}, {"text": "x", "due_at": "2027-01-31T09:00"}]
)
async def test_task_with_a_fault_is_refused(site: Site, body: Json) -> None:
    async with site.signed_in("anna") as anna:
        card = await make(anna, "Без дела")
        assert refusal(await anna.post(f"/api/customers/{card['id']}/tasks", json=body)) == (400, "invalid_input")


# The tenant's own fields.


async def test_own_fields_are_drawn_saved_and_refused_all_at_once_in_the_persons_language(site: Site) -> None:
    async with site.signed_in("anna") as anna:
        form = await get(anna, "form")
        assert [each["id"] for each in form["fields"]][:3] == ["contract", "city", "since"]
        card = await make(anna, "Формуляров")
        wrong = await edit(anna, card, fields={"contract": "12", "city": "atlantis", "budget": -1})
        assert refusal(wrong) == (400, "form_invalid")
        told = {each["field"]: each["reason"] for each in wrong.json()["error"]["faults"]}
        assert told == {
            "fields.contract": "не такого вида, как нужно",
            "fields.city": "такого варианта нет",
            "fields.budget": "не меньше 0",
        }
        saved = (await edit(anna, card, fields={"contract": "РМ-1234", "news": False, "bouquets": ["roses"]})).json()
        assert saved["card"]["fields"] == {"contract": "РМ-1234", "news": False, "bouquets": ["roses"]}
        emptied = (await edit(anna, saved["card"], fields={"contract": "", "bouquets": []})).json()
        assert emptied["card"]["fields"] == {"news": False}


async def test_own_fields_quarrel_by_field_too(site: Site) -> None:
    async with site.signed_in("anna") as anna, site.signed_in("boris") as boris:
        card = await make(anna, "Спорная форма")
        assert (await edit(boris, card, fields={"city": "msk"})).status_code == 200
        assert (await edit(anna, card, fields={"news": True})).status_code == 200
        late = await edit(anna, card, fields={"city": "spb"})
        assert (refusal(late), late.json()["error"]["field"]) == ((409, "card_conflict"), "fields.city")


# Merges.


async def two_of_one_person(client: httpx.AsyncClient, name: str, number: str) -> tuple[Json, Json]:
    kept = await make(client, name, ("phone", number))
    other = await make(
        client, f"{name}ов", ("phone", number), ("mail", f"{uuid7()}@example.com"), company="Вектор", vip=True
    )
    return kept, other


async def merge(client: httpx.AsyncClient, kept: Json, other: Json, *take: str) -> Json:
    versions = {"version": kept["version"], "other_version": other["version"]}
    return await post(client, f"{kept['id']}/merge", other=other["id"], take=list(take), why="тот же номер", **versions)


async def test_duplicates_are_told_with_what_speaks_for_them_until_somebody_says_no(site: Site) -> None:
    async with site.signed_in("anna") as anna:
        kept, other = await two_of_one_person(anna, "Двойник Первый", "+74957770001")
        namesake = await make(anna, "Двойник Первый-Второй")
        found = (await get(anna, f"{kept['id']}/duplicates"))["duplicates"]
        assert [each["customer"]["id"] for each in found] == [other["id"], namesake["id"]]
        assert [(each["kind"], each["value"]) for each in found[0]["reasons"]] == [
            ("identity", "phone:+74957770001"),
            ("name", "Двойник Первыйов"),
        ]
        assert [each["kind"] for each in found[1]["reasons"]] == ["name"]
        answer = await anna.post(f"/api/customers/{namesake['id']}/distinct", json={"other": kept["id"]})
        assert answer.status_code == 204
        found = (await get(anna, f"{kept['id']}/duplicates"))["duplicates"]
        assert [each["customer"]["id"] for each in found] == [other["id"]]


async def test_merged_card_has_everything_of_both_and_the_other_id_leads_to_it(site: Site) -> None:
    async with site.signed_in("anna") as anna:
        kept, other = await two_of_one_person(anna, "Слитный", "+74957770002")
        for card in (kept, other):
            await post(anna, f"{card['id']}/notes", text=f"о {card['name']}")
            await site.save(customer=CustomerId(card["id"]))
        preview = await get(anna, f"{kept['id']}/merge/{other['id']}")
        assert [(each["field"], each["suggested"]) for each in preview["fields"]] == [
            ("name", "kept"),
            ("company", "other"),
            ("vip", "other"),
        ]
        assert (preview["contacts"], preview["reasons"][0]["kind"]) == ({"kept": 1, "other": 1}, "identity")
        card = await merge(anna, kept, other, "company", "vip")
        assert (card["name"], card["company"], card["vip"]) == ("Слитный", "Вектор", True)
        assert [each["kind"] for each in card["identities"]] == ["phone", "mail"]
        assert [(each["gone"]["id"], each["undoable"], each["why"]) for each in card["merges"]] == [
            (other["id"], True, "тот же номер")
        ]
        assert (await get(anna, other["id"]))["id"] == kept["id"]
        items = (await get(anna, f"{other['id']}/timeline", kind=["contact", "note"]))["items"]
        assert [each["kind"] for each in items].count("contact") == 2
        assert {each["text"] for each in items if each["kind"] == "note"} == {"о Слитный", "о Слитныйов"}
        assert await find(anna, "слитныйов") == ["Слитный"], "found by the name it had"
        late = await edit(anna, other, name="x")
        assert (refusal(late), late.json()["error"]["customer"]) == ((409, "customer_merged"), kept["id"])
        assert await site.scalar("select count(*) from contact where customer_id = :id", id=other["id"]) == 1, (
            "the log stays"
        )


@pytest.mark.parametrize("side", ["kept", "other"])
async def test_undone_merge_gives_both_back_exactly_and_what_was_added_goes_where_it_was_said(
    site: Site, side: str
) -> None:
    async with site.signed_in("anna") as anna:
        number = f"+7495778{len(side):04}"
        kept, other = await two_of_one_person(anna, f"Обратимый{side}", number)
        before = [lasting(await get(anna, each["id"])) for each in (kept, other)]
        card = await merge(anna, kept, other, "company")
        path = f"/api/customers/{kept['id']}/identities"
        mail = next(each for each in card["identities"] if each["kind"] == "mail")
        await anna.delete(f"{path}/{mail['id']}")
        await anna.post(path, json={"kind": "vk", "value": "added_since"})
        await post(anna, f"{kept['id']}/notes", text="после")
        card = (await edit(anna, await get(anna, kept["id"]), about="узнали потом")).json()["card"]
        apart = await post(anna, f"{kept['id']}/unmerge", merge=card["merges"][0]["id"], added_to=side)
        assert apart["other"]["id"] == other["id"]
        now = [lasting(await get(anna, each["id"])) for each in (kept, other)]
        has, has_not = (0, 1) if side == "kept" else (1, 0)
        assert now[has]["about"] == "узнали потом"
        assert [each["value"] for each in now[has]["identities"] if each["kind"] == "vk"] == ["added_since"]
        now[has]["identities"] = [each for each in now[has]["identities"] if each["kind"] != "vk"]
        now[has]["about"] = ""
        assert now == before, "nothing else differs, the mail that was taken away is back"
        noted = [len((await get(anna, f"{each['id']}/notes"))["notes"]) for each in (kept, other)]
        assert (noted[has], noted[has_not]) == (1, 0)
        again = await anna.post(f"/api/customers/{kept['id']}/unmerge", json={"merge": card["merges"][0]["id"]})
        assert refusal(again) == (409, "merge_undone")
        assert (await get(anna, f"{kept['id']}/duplicates"))["duplicates"] == [], "a person has said so"


async def test_merges_are_undone_last_first_and_a_card_that_changed_is_looked_at_again(site: Site) -> None:
    async with site.signed_in("anna") as anna:
        first, second, third = [await make(anna, f"Цепной {n}") for n in range(3)]
        itself = await anna.post(
            f"/api/customers/{first['id']}/merge", json={"other": first["id"], "version": 1, "other_version": 1}
        )
        assert refusal(itself) == (409, "merge_itself")
        await edit(anna, second, about="новое")
        late = {"other": second["id"], "version": 1, "other_version": 1}
        assert refusal(await anna.post(f"/api/customers/{first['id']}/merge", json=late)) == (409, "merge_changed")
        card = await merge(anna, first, await get(anna, second["id"]), "name")
        card = await merge(anna, card, third, "name")
        undo = f"/api/customers/{first['id']}/unmerge"
        newest, oldest = card["merges"]
        assert refusal(await anna.post(undo, json={"merge": oldest["id"]})) == (409, "merge_not_last")
        for each, name in ((newest, "Цепной 1"), (oldest, "Цепной 0")):
            assert (await anna.post(undo, json={"merge": each["id"]})).status_code == 200
            assert (await get(anna, first["id"]))["name"] == name


async def test_card_into_which_others_were_merged_may_itself_be_merged_and_be_taken_apart(site: Site) -> None:
    async with site.signed_in("anna") as anna:
        leaf, middle, root = [await make(anna, f"Дерево {n}", ("phone", f"+7495779000{n}")) for n in range(3)]
        middle = await merge(anna, middle, leaf)
        card = await merge(anna, root, middle)
        assert (await get(anna, leaf["id"]))["id"] == root["id"]
        assert len(card["identities"]) == 3
        await post(anna, f"{root['id']}/unmerge", merge=card["merges"][0]["id"])
        assert (await get(anna, leaf["id"]))["id"] == middle["id"]
        assert len((await get(anna, middle["id"]))["identities"]) == 2


# The timeline.


async def test_timeline_pages_through_everything_once_and_finds_words(site: Site) -> None:
    async with site.signed_in("anna") as anna:
        card = await make(anna, "Долгая История", ("phone", "+74957771234"))
        for n in range(7):
            await site.save(customer=CustomerId(card["id"]), arrived_at=1_790_000_000.0 + n)
        unknown = await site.save(ani="+74957771234")
        await post(anna, f"{card['id']}/notes", text="Про 100% скидку")
        await post(anna, f"{card['id']}/tasks", text="Отправить счёт")
        seen: list[str] = []
        before: dict[str, str] = {}
        while True:
            page = await get(anna, f"{card['id']}/timeline", limit=3, **before)
            seen += [each["id"] for each in page["items"]]
            if page["next"] is None:
                break
            before = {"before": page["next"]}
        kinds = [each["kind"] for each in (await get(anna, f"{card['id']}/timeline"))["items"]]
        assert len(seen) == len(set(seen)) == len(kinds) == 7 + 1 + 1 + 1 + 2
        assert unknown.contact in seen, "it came before anybody knew whose number that is"
        assert kinds[:3] == ["task", "note", "change"] or kinds.count("contact") == 8
        for q, found in (("100%", ["note"]), ("СЧЁТ", ["task"]), ("продажи", ["contact"] * 8), ("нет такого", [])):
            items = (await get(anna, f"{card['id']}/timeline", q=q))["items"]
            assert [each["kind"] for each in items] == found, q


async def test_page_of_a_customer_with_5000_contacts_is_read_by_index(database: Database, tenant: TenantId) -> None:
    """On a database of its own: contacts that others left without a customer would be read as well."""
    customer = str(uuid7())
    began = datetime(2026, 1, 1, tzinfo=UTC)
    async with database.transaction(tenant) as connection:
        insert = "insert into customer (tenant_id, id, name) values (current_tenant(), :id, 'Пять Тысяч')"
        await connection.execute(text(insert), {"id": customer})
        await connection.execute(
            text(
                "insert into contact (tenant_id, id, channel, entry_point_id, dnis, leg, arrived_at, outcome, stage, customer_id)"
                " select current_tenant(), uuidv7(), 'voice', 'russian', '1000', 'leg', cast(:began as timestamptz) + n * interval '1 hour',"
                " 'answered', 'talking', case when n % 5 = 0 then uuidv7() else cast(:id as uuid) end from generate_series(1, 6250) n"
            ),
            {"id": customer, "began": began},
        )
        middle = (began + timedelta(hours=3_000), str(uuid7()))
        for place in (None, middle):
            query, values = timeline.statement(KINDS, before=place, q=None)
            await connection.execute(text("set local enable_seqscan = off"))
            explained = await connection.execute(
                text(f"explain (analyze, format json) {query}"), {**values, "id": customer, "limit": 51}
            )
            plan = str(explained.scalar_one())
            assert "'Index Name': 'contact_customer'" in plan
            read = max(
                int(rows)
                for rows in __import__("re").findall(r"'Relation Name': 'contact', .*?'Actual Rows': (\d+)", plan)
            )
            assert read <= 51, "no more than the page"
        page = await timeline.timeline(connection, CustomerId(customer), KINDS)
        assert len(page.items) == 50
