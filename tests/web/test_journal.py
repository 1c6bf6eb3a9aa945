"""The journal of contacts, and who may hear what was said."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import obstore
import pytest
from sqlalchemy import text
from tests.web.conftest import AtDesk, Site, calling, recording, refusal, until

from otklik.contact.facts import ContactArrived, OfferAnswered, OfferExpired
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber
from otklik.contact.record import ContactRecord
from otklik.desk import store as desk
from otklik.desk.card import CardCustomer


async def customer(site: Site, number: str) -> CardCustomer:
    statement = desk.card_statement(site.database)
    card, _ = await desk.card(statement, site.tenant, ContactId(str(uuid4())), number)
    await statement.close()
    assert card.customer is not None
    return card.customer


async def listed(client: httpx.AsyncClient, **question: Any) -> list[str]:
    """Ids of all pages."""
    found: list[str] = []
    while True:
        answer = await client.get("/api/contacts", params=question)
        assert answer.status_code == 200, answer.text
        found += [row["id"] for row in answer.json()["contacts"]]
        if answer.json()["next"] is None:
            return found
        question["before"] = answer.json()["next"]


async def test_row_tells_everything_of_a_contact(site: Site) -> None:
    ivan = await customer(site, "+79161234567")
    record = await site.save(customer=ivan.id)
    anna = await site.person("anna")
    async with site.signed_in("anna") as client:
        answer = await client.get(f"/api/contacts/{record.contact}")
    assert answer.json() == {
        "id": record.contact,
        "channel": "voice",
        "direction": "in",
        "arrived_at": "2026-09-21T14:13:20.250000Z",
        "ended_at": "2026-09-21T14:14:40.250000Z",
        "outcome": "answered",
        "stage": "talking",
        "ani": "+79161234567",
        "dnis": "1000",
        "customer": {"id": ivan.id, "name": "Иван Петров"},
        "queue": {"id": "sales", "name": "Продажи"},
        "agent": {"id": anna, "name": "Анна Смирнова"},
        "colleague": None,
        "choices": ["Продажи"],
        "wait_seconds": 10.0,
        "talk_seconds": 60.0,
        "hold_seconds": 0.0,
        "wrap_up_seconds": 5.5,
        "disposition": {"id": "resolved", "ru": "Вопрос решён", "en": "Resolved"},
        "note": None,
        "recording": {"seconds": 1.0, "silences": []},
        "entry_rule": None,
        "letters": [],
        "dialling_seconds": 0.0,
        "outside_seconds": 0.0,
        "failure": None,
        "parked_seconds": 0.0,
        "callback_seconds": None,
        "callback_attempts": None,
        "callback_number": None,
        "promised_seconds": None,
        "callback_promised_seconds": None,
        "callback_at": None,
        "line_mos": None,
        "lines": [],
        "timeline": [],
        "found": [],
    }


async def test_contact_with_nothing_known_has_a_row_too(site: Site) -> None:
    record = await site.save(
        ani=None, agent=None, queue=None, disposition=None, recording_key=None, outcome="abandoned", segments=()
    )
    async with site.signed_in("olga") as client:
        row = (await client.get(f"/api/contacts/{record.contact}")).json()
    assert [row[name] for name in ("ani", "agent", "queue", "customer", "disposition", "recording")] == [None] * 6


async def test_pages_follow_one_another_without_a_gap_or_a_repeat(site: Site) -> None:
    same_moment = 1_700_000_000.0
    made = [(await site.save(arrived_at=same_moment, dnis="7777")).contact for _ in range(5)]
    async with site.signed_in("olga") as client:
        assert await listed(client, scope="all", q="7777", limit=2) == sorted(made, reverse=True)


async def test_agent_sees_own_contacts_only(site: Site) -> None:
    boris = AgentId(await site.person("boris"))
    mine, theirs = await site.save(dnis="5555"), await site.save(agent=boris, segments=(), dnis="5555")
    transferred = await site.save(agent=boris, dnis="5555")
    async with site.signed_in("anna") as client:
        assert set(await listed(client, q="5555")) == {mine.contact, transferred.contact}
        assert refusal(await client.get("/api/contacts", params={"scope": "all"})) == (403, "not_permitted")
        assert refusal(await client.get(f"/api/contacts/{theirs.contact}")) == (404, "not_found")
        assert refusal(await client.get(f"/api/contacts/{theirs.contact}/recording")) == (404, "not_found")
    async with site.signed_in("olga") as client:
        assert len(await listed(client, scope="all", q="5555")) == 3
        assert await listed(client, scope="own", q="5555") == []


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"q": "8 (903) 111-22-33"}, True),
        ({"q": "1112233"}, True),
        ({"q": "ива"}, True),
        ({"q": "Иванова"}, True),
        ({"q": "доставк"}, True),
        ({"q": "%"}, False),
        ({"q": "_______"}, False),
        ({"q": "'; drop table contact; --"}, False),
        ({"outcome": "lost"}, True),
        ({"outcome": "answered"}, False),
        ({"queue": "support"}, True),
        ({"queue": "sales"}, False),
    ],
)
async def test_search_finds_by_number_name_and_note(site: Site, question: dict[str, str], found: bool) -> None:
    maria = await customer(site, "+79031112233")
    record = await site.save(ani="+79031112233", customer=maria.id, queue="support", outcome="lost")
    async with site.database.transaction(site.tenant) as connection:
        await connection.execute(
            text(
                "insert into contact_note (tenant_id, contact_id, person_id, note)"
                " values (current_tenant(), :c, :c, 'Вопрос о доставке')"
            ),
            {"c": record.contact},
        )
    async with site.signed_in("olga") as client:
        assert (record.contact in await listed(client, scope="all", limit=200, **question)) is found


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"before": "nonsense"}, "before"),
        ({"before": "OTk5OTk5OTk5OTk5OTk5OTk5OTkueA"}, "before"),
        ({"limit": 0}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"outcome": "eaten"}, "outcome"),
        ({"scope": "everything"}, "scope"),
        ({"q": "a\x00"}, "q"),
    ],
)
async def test_bad_question_names_its_field(site: Site, question: dict[str, Any], field: str) -> None:
    async with site.signed_in("olga") as client:
        answer = await client.get("/api/contacts", params=question)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


async def test_timeline_tells_what_happened_and_leaves_out_late_timers(site: Site) -> None:
    record = await site.save(arrived_at=1_790_000_000.0)
    anna = AgentId(await site.person("anna"))
    identity, offer = record.contact, OfferNumber(1)
    arrived = ContactArrived(
        contact=identity, channel="voice", entry_point=EntryPointId("russian"), dnis="1000", leg="x"
    )
    answered = OfferAnswered(contact=identity, agent=anna, offer=offer)
    late = OfferExpired(contact=identity, agent=anna, offer=offer)
    log = site.exchange._centres[site.tenant].event_log
    await log.append([(1_790_000_000.0, arrived), (1_790_000_005.0, answered), (1_790_000_020.0, late)])
    async with site.signed_in("anna") as client:
        told = (await client.get(f"/api/contacts/{identity}")).json()["timeline"]
    assert told == [
        {"at": "2026-09-21T14:13:20Z", "what": "contact_arrived", "who": None, "text": "1000", "found": []},
        {"at": "2026-09-21T14:13:25Z", "what": "offer_answered", "who": "Анна Смирнова", "text": None, "found": []},
    ]


async def test_call_just_ended_stands_in_the_journal_with_its_story(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await anna.until(lambda seen: seen["contacts"][0]["customer"])  # or it would be over before anybody was found
    await anna.ask(call, "end")
    async with asyncio.timeout(30):
        row: dict[str, Any] = {}
        while row.get("ended_at") is None:
            answer = await anna.client.get(f"/api/contacts/{call.contact}")
            row = answer.json() if answer.status_code == 200 else {}
    assert (row["outcome"], row["customer"]["name"], row["choices"]) == ("answered", "Иван Петров", ["Продажи"])
    kinds = [entry["what"] for entry in row["timeline"]]
    assert kinds[0] == "contact_arrived"
    assert {"contact_queued", "offer_answered", "contact_finished"} < set(kinds)


# Recordings.


async def path(site: Site, **changes: Any) -> str:
    record: ContactRecord = await site.save(**changes)
    return f"/api/contacts/{record.contact}"


async def test_whole_recording_and_any_part_of_it_can_be_played(site: Site) -> None:
    sound, contact = recording(), await path(site)
    async with site.signed_in("anna") as client:
        whole = await client.get(f"{contact}/recording")
        assert (whole.status_code, whole.content) == (200, sound)
        assert whole.headers["content-type"] == "audio/wav"
        assert whole.headers["accept-ranges"] == "bytes"
        size = len(sound)
        for header, begin, end in (("bytes=0-43", 0, 44), ("bytes=100-", 100, size), ("bytes=-10", size - 10, size)):
            answer = await client.get(f"{contact}/recording", headers={"Range": header})
            assert (answer.status_code, answer.content) == (206, sound[begin:end])
            assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{size}"
        for odd in ("bytes=5-1", "bytes=0-1,5-9", "lines=1-2", "bytes=-"):
            answer = await client.get(f"{contact}/recording", headers={"Range": odd})
            assert (answer.status_code, len(answer.content)) == (200, len(sound))
        beyond = await client.get(f"{contact}/recording", headers={"Range": f"bytes={len(sound)}-"})
        assert refusal(beyond) == (416, "no_such_range")


async def test_waveform_shows_each_side_on_its_own(site: Site) -> None:
    contact = await path(site)
    async with site.signed_in("anna") as client:
        shape = (await client.get(f"{contact}/waveform")).json()
    assert shape["seconds"] == 1.0
    assert shape["customer"] == [0.5] * 400 + [0.0] * 400
    assert shape["agent"] == [0.0] * 400 + [1.0] * 400


async def test_supervisor_hears_all_and_each_playing_is_audited_once(site: Site) -> None:
    contact = await path(site)
    async with site.signed_in("olga") as client:
        for header in ("bytes=0-99", "bytes=100-199", "bytes=200-"):
            await client.get(f"{contact}/recording", headers={"Range": header})
    played = "select count(*) from audit where what = 'recording_played' and contact_id = :contact and person_id = :who"
    identity = contact.rsplit("/", 1)[1]
    assert await site.scalar(played, contact=identity, who=await site.person("olga")) == 1


async def test_playing_from_the_middle_is_audited_too(site: Site) -> None:
    contact = await path(site)
    async with site.signed_in("olga") as client:
        await client.get(f"{contact}/recording", headers={"Range": "bytes=1-"})
    identity = contact.rsplit("/", 1)[1]
    assert await site.scalar("select count(*) from audit where contact_id = :contact", contact=identity) == 1


@pytest.mark.parametrize("what", ["recording", "waveform"])
async def test_what_is_not_there_is_not_found(site: Site, what: str) -> None:
    await obstore.put_async(site.objects, "broken.wav", b"not a sound at all")
    async with site.signed_in("olga") as client:
        for contact in (
            f"/api/contacts/{uuid4()}",
            await path(site, recording_key=None),
            await path(site, recording_key="gone.wav"),
        ):
            assert refusal(await client.get(f"{contact}/{what}")) == (404, "not_found")
        broken = await path(site, recording_key="broken.wav")
        assert refusal(await client.get(f"{broken}/waveform")) == (404, "not_found")


async def test_a_supervisor_is_told_why_and_an_agent_is_not(site: Site) -> None:
    call = site.voice.arrive("1000", "+79161234567")
    assert call is not None
    call.hang_up()
    path = f"/api/contacts/{call.contact}/why"
    async with site.signed_in("olga") as client:
        async with asyncio.timeout(30):
            while len((told := (await client.get(path)).json()).get("steps", [])) < 2:
                await asyncio.sleep(0.02)
        assert told["steps"][0]["en"].startswith("The contact arrived at 1000")
        assert any(step["ru"].startswith("Линия клиента закончилась") for step in told["steps"])
        first = (await client.get(path, params={"at": told["steps"][0]["seq"]})).json()
        assert first["steps"] == told["steps"][:1]
        assert refusal(await client.get(f"/api/contacts/{uuid4()}/why")) == (404, "not_found")
    async with site.signed_in("anna") as client:
        assert refusal(await client.get(path)) == (403, "not_permitted")


async def test_a_supervisor_is_told_who_could_have_a_waiting_contact_at_this_moment(site: Site) -> None:
    call = await calling(site)
    call.press("1")
    await until(lambda: call.hears == {"music"})
    async with site.signed_in("olga") as client:
        told = (await client.get(f"/api/contacts/{call.contact}/why")).json()
        assert "offline" in {each["rule"] for each in told["now"]}
        earlier = (
            await client.get(f"/api/contacts/{call.contact}/why", params={"at": told["steps"][-1]["seq"]})
        ).json()
        assert earlier["now"] == []
        call.hang_up()
        async with asyncio.timeout(30):
            while (await client.get(f"/api/contacts/{call.contact}/why")).json()["now"]:
                await asyncio.sleep(0.02)
