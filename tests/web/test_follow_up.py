"""What follows from a result: asked for where the set-up says so, for a person or a queue, taken, postponed, handed on and done."""

from __future__ import annotations

from uuid import uuid4

import httpx
from tests.web.conftest import AtDesk, Json, Site, refusal

from otklik.channels.voice.simulator import SimulatedCall

QUALITY = {"disposition": "complaint-quality", "note": "", "then": "not_ready", "reason": "lunch"}
"""Of the demo: it requires a task, usually for the queue of support."""
DUE = "2027-01-31T09:00:00Z"


async def follow_up(anna: AtDesk, call: SimulatedCall, **body: object) -> httpx.Response:
    return await anna.put(f"/api/desk/contacts/{call.contact}/follow-up", body)


async def tasks(client: httpx.AsyncClient, contact: str) -> list[Json]:
    return [each for each in (await client.get("/api/tasks")).json()["tasks"] if each["contact"] == contact]


async def test_a_result_that_requires_a_task_is_saved_only_with_one(site: Site, anna: AtDesk) -> None:
    shown = {each["id"]: each for each in (await anna.state())["dispositions"]}
    assert (shown["complaint-quality"]["task"], shown["complaint-quality"]["task_queue"]) == ("required", "support")
    call = await anna.talk()
    await anna.ask(call, "end")
    assert refusal(await anna.ask(call, "wrap-up", QUALITY)) == (409, "task_required")
    assert (await follow_up(anna, call, text="Заменить товар", queue="support")).status_code == 204
    assert (await follow_up(anna, call, text="Заменить чайник", queue="support", due_at=DUE)).status_code == 204
    assert (await anna.ask(call, "wrap-up", QUALITY)).status_code == 204
    (task,) = await tasks(anna.client, call.contact)
    assert (task["text"], task["due_at"], task["queue"]["id"], task["assignee"]) == (
        "Заменить чайник",
        DUE,
        "support",
        None,
    )
    assert task["by"]["id"] == anna.agent


async def test_a_task_of_a_queue_is_taken_postponed_handed_on_and_done(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await follow_up(anna, call, text="Проверить", queue="support")
    boris = await site.person("boris")
    async with site.signed_in("boris") as client:
        (task,) = await tasks(client, call.contact)
        path = f"/api/tasks/{task['id']}"
        await client.patch(path, json={"assignee": boris})
        assert await tasks(anna.client, call.contact) == []
        await client.patch(path, json={"due_at": DUE})
        (mine,) = await tasks(client, call.contact)
        assert (mine["assignee"]["id"], mine["queue"], mine["due_at"]) == (boris, None, DUE)
        await client.patch(path, json={"assignee": anna.agent})
        assert await tasks(client, call.contact) == []
        (hers,) = await tasks(anna.client, call.contact)
        await anna.client.patch(path, json={"done": True})
        assert hers["due_at"] == DUE and await tasks(anna.client, call.contact) == []


async def test_who_it_is_for_must_be_one_who_is_there(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    both = await follow_up(anna, call, text="x", queue="support", assignee=anna.agent)
    assert refusal(both) == (400, "one_target")
    assert refusal(await follow_up(anna, call, text="x", queue="nowhere")) == (409, "no_such_queue")
    stranger = await site.person("zoe")
    assert refusal(await follow_up(anna, call, text="x", assignee=stranger)) == (409, "no_such_person")
    assert refusal(await follow_up(anna, call, text="  ")) == (400, "invalid_input")
    assert (await follow_up(anna, call, text="x")).status_code == 204
    (task,) = await tasks(anna.client, call.contact)
    assert task["assignee"]["id"] == anna.agent
    await anna.client.delete(f"/api/desk/contacts/{call.contact}/follow-up")
    assert await tasks(anna.client, call.contact) == []


async def test_after_a_task_is_done_another_may_follow_from_the_same_contact(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await follow_up(anna, call, text="Проверить")
    (first,) = await tasks(anna.client, call.contact)
    await anna.client.patch(f"/api/tasks/{first['id']}", json={"done": True})
    await follow_up(anna, call, text="Перезвонить")
    (second,) = await tasks(anna.client, call.contact)
    assert second["text"] == "Перезвонить" and second["id"] != first["id"]
    await anna.client.patch(f"/api/tasks/{first['id']}", json={"done": False})
    assert [each["text"] for each in await tasks(anna.client, call.contact)] == ["Проверить", "Перезвонить"]
    await anna.client.patch(f"/api/tasks/{second['id']}", json={"done": True})
    await anna.client.patch(f"/api/tasks/{first['id']}", json={"done": True})
    await anna.ask(call, "end")
    assert refusal(await anna.ask(call, "wrap-up", QUALITY)) == (409, "task_required"), "nothing is left to do"


async def test_who_has_taken_a_task_keeps_it_when_it_is_worded_anew(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await follow_up(anna, call, text="Проверить", queue="support")
    boris = await site.person("boris")
    async with site.signed_in("boris") as client:
        (task,) = await tasks(client, call.contact)
        await client.patch(f"/api/tasks/{task['id']}", json={"assignee": boris})
        await follow_up(anna, call, text="Проверить ещё раз", queue="support")
        (his,) = await tasks(client, call.contact)
        assert (his["id"], his["text"], his["assignee"]["id"]) == (task["id"], "Проверить ещё раз", boris)
        assert his["queue"] is None


async def test_a_task_of_a_queue_is_taken_by_whoever_is_first(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await follow_up(anna, call, text="Проверить", queue="support")
    (task,) = await tasks(anna.client, call.contact)
    path = f"/api/tasks/{task['id']}"
    async with site.signed_in("boris") as client:
        assert (await client.patch(path, json={"take": True})).status_code == 200
        assert (await client.patch(path, json={"take": True})).status_code == 200, "twice is once"
        late = await anna.client.patch(path, json={"take": True})
        assert refusal(late) == (409, "task_taken") and "Борис" in late.json()["error"]["message"]
        both = await client.patch(path, json={"take": True, "queue": "support"})
        assert refusal(both) == (400, "one_target")
        await anna.client.delete(f"/api/desk/contacts/{call.contact}/follow-up")
        assert len(await tasks(client, call.contact)) == 1, "whoever has taken it keeps it"
        await client.patch(path, json={"done": True})


async def test_a_task_is_handed_on_only_from_whom_it_was_seen_with(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await follow_up(anna, call, text="Проверить", queue="support")
    (task,) = await tasks(anna.client, call.contact)
    path = f"/api/tasks/{task['id']}"
    boris, kate = await site.person("boris"), await site.person("kate")
    async with site.signed_in("boris") as client:
        await client.patch(path, json={"take": True})
        for late in ({"assignee": kate}, {"queue": "sales"}):
            refused = await anna.client.patch(path, json={**late, "seen": None})
            assert refusal(refused) == (409, "task_taken") and "Борис" in refused.json()["error"]["message"]
        assert len(await tasks(client, call.contact)) == 1
        handed = {"assignee": anna.agent, "seen": boris}
        assert (await client.patch(path, json=handed)).status_code == 200
        assert (await client.patch(path, json=handed)).status_code == 200, "twice is once"
        await anna.client.patch(path, json={"done": True})
        assert refusal(await client.patch(path, json={"queue": "support", "seen": anna.agent})) == (409, "task_taken")
        nobody = path.replace(task["id"], str(uuid4()))
        assert refusal(await client.patch(nobody, json={"queue": "support", "seen": None})) == (404, "not_found")


async def test_supervisors_see_tasks_that_nobody_else_does(site: Site, anna: AtDesk, admin: httpx.AsyncClient) -> None:
    call = await anna.talk()
    await follow_up(anna, call, text="Проверить", queue="support")
    boris = await site.person("boris")
    async with site.signed_in("olga") as olga:

        async def of(whose: str) -> list[Json]:
            found = (await olga.get("/api/tasks", params={"of": whose})).json()["tasks"]
            return [each for each in found if each["contact"] == call.contact]

        assert (len(await of("all")), await of("nobody"), await of("own")) == (1, [], [])
        for assigned in ("null, queue_id = 'gone'", f"'{boris}', queue_id = null"):
            whose = f"update customer_task set assignee_id = {assigned} where contact_id = '{call.contact}' returning 1"
            await site.scalar(whose)
            there = f"update person set disabled_at = %s where id = '{boris}' returning 1"
            await site.scalar(there % "now()")
            try:
                assert len(await of("nobody")) == 1
            finally:
                await site.scalar(there % "null")
        (task,) = await of("all")
        await olga.patch(f"/api/tasks/{task['id']}", json={"assignee": anna.agent})
        assert await of("nobody") == [] and len(await tasks(anna.client, call.contact)) == 1
    assert refusal(await anna.client.get("/api/tasks", params={"of": "all"})) == (403, "not_permitted")


async def test_a_list_that_is_cut_tells_how_many_there_are(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    more = (
        "with made as (insert into customer_task (tenant_id, person_id, queue_id, text, contact_id)"
        f" select '{site.tenant}', '{anna.agent}', 'gone', 'Проверить ' || each, '{call.contact}'"
        " from generate_series(1, 120) each returning 1) select count(*) from made"
    )
    assert await site.scalar(more) == 120
    try:
        async with site.signed_in("olga") as olga:
            for whose in "nobody", "all":
                found = (await olga.get("/api/tasks", params={"of": whose})).json()
                assert len(found["tasks"]) == 100 and found["total"] >= 120
            own = (await olga.get("/api/tasks")).json()
            assert own["total"] == len(own["tasks"])
    finally:
        await site.scalar("with gone as (delete from customer_task where queue_id = 'gone' returning 1) select 1")
