"""The recording of a call from the desk: pause, resume, on demand; what of it is audited, and what the list of contacts tells."""

from __future__ import annotations

import httpx
from tests.web.conftest import AtDesk, Json, Site, apply, current, refusal, until

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.facts import ContactFinished, RecordingStored
from otklik.contact.ids import AgentId
from otklik.contact.recording import RecordedSilence


async def recording(anna: AtDesk) -> Json:
    shown: Json = (await anna.state())["contacts"][0]["recording"]
    return shown


async def wish(anna: AtDesk, call: SimulatedCall, what: str) -> httpx.Response:
    return await anna.ask(call, "recording", {"wish": what})


async def test_pause_silences_the_line_is_shown_and_is_audited_with_the_person(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    assert (await wish(anna, call, "paused")).status_code == 204
    await until(lambda: call.silent)
    shown = await recording(anna)
    assert (shown["state"], shown["pause_ends_at"] is None, shown["pause_expired"]) == ("paused", False, False)
    assert (await wish(anna, call, "resumed")).status_code == 204
    await until(lambda: not call.silent)
    assert (await recording(anna))["state"] == "on"
    audited = "select string_agg(what, ' ' order by at) from audit where contact_id = :contact and person_id = :person"
    told = await site.scalar(audited, contact=call.contact, person=anna.agent)
    assert told == "recording_paused recording_resumed"


async def test_refused_wish_is_not_audited(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await site.inbox.submit(site.tenant, ContactFinished(contact=call.contact, agent=anna.agent))
    assert refusal(await wish(anna, call, "paused")) == (409, "move_not_allowed")
    assert refusal(await wish(anna, call, "stopped")) == (400, "invalid_input")
    count = await site.scalar("select count(*) from audit where contact_id = :contact", contact=call.contact)
    assert count == 0


async def test_the_list_of_contacts_tells_where_nothing_was_kept_and_the_course_who_paused(
    site: Site, anna: AtDesk
) -> None:
    call = await anna.talk()
    await wish(anna, call, "paused")
    await wish(anna, call, "resumed")
    await anna.ask(call, "end")
    await until(lambda: not call.alive)
    await site.inbox.submit(site.tenant, RecordingStored(contact=call.contact, key="k.wav", seconds=9.0))
    detail = (await anna.client.get(f"/api/contacts/{call.contact}")).json()
    assert detail["recording"]["seconds"] == 9.0
    (silence,) = detail["recording"]["silences"]
    assert silence["paused"] and 0 <= silence["begins"] <= silence["ends"]
    told = {entry["what"]: entry["who"] for entry in detail["timeline"]}
    assert told["recording_paused"] == told["recording_resumed"] == "Анна Смирнова"


async def test_silences_of_a_queue_that_does_not_record_are_told_apart_from_pauses(site: Site, anna: AtDesk) -> None:
    silences = (
        RecordedSilence(begins_seconds=0.0, ends_seconds=4.0),
        RecordedSilence(begins_seconds=6.0, agent=AgentId(anna.agent)),
    )
    record = await site.save(recording_silences=silences)
    detail = (await anna.client.get(f"/api/contacts/{record.contact}")).json()
    assert detail["recording"]["silences"] == [
        {"begins": 0.0, "ends": 4.0, "paused": False},
        {"begins": 6.0, "ends": None, "paused": True},
    ]


async def test_a_queue_that_records_on_demand_waits_for_the_agent(
    site: Site, anna: AtDesk, admin: httpx.AsyncClient
) -> None:
    now = await current(admin)
    wanted = now["text"].replace("- id: sales\n", "- id: sales\n    recording: on_demand\n", 1)
    assert wanted != now["text"]
    assert (await apply(admin, wanted, now["version"])).status_code == 200
    call = await anna.talk()
    await until(lambda: call.silent)
    shown = await recording(anna)
    assert (shown["state"], shown["may_start"]) == ("off", True)
    assert refusal(await wish(anna, call, "paused")) == (409, "not_recorded")
    assert (await wish(anna, call, "started")).status_code == 204
    await until(lambda: not call.silent)
    assert (await recording(anna))["state"] == "on"
