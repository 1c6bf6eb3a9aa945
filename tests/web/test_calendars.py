"""What the screen of opening hours asks: the days of a file before they are kept, and a calendar at an instant."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from tests.web.conftest import Json, Site, current, refusal, until

HOLIDAYS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n"
    "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20270107\r\nSUMMARY:Рождество\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20260509\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:День Победы\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n"
)
OFFICE: Json = {
    "id": "office",
    "name": "Office",
    "time_zone": "Europe/Berlin",
    "weekly": {"thu": ["09:00-13:00", "14:00-18:00"]},
    "holidays": [{"date": "12-25", "name": "Christmas"}],
    "exceptions": [{"date": "2026-12-24", "name": "Christmas Eve", "hours": ["09:00-12:00"]}],
}


async def read(client: httpx.AsyncClient, file: bytes) -> httpx.Response:
    return await client.post("/api/calendars/holidays", content=file, headers={"Content-Type": "text/calendar"})


async def look(client: httpx.AsyncClient, at: str, **changes: object) -> httpx.Response:
    return await client.post("/api/calendars/moment", json={"calendar": OFFICE | changes, "at": at})


async def test_days_of_a_file_are_shown_and_nothing_is_kept(admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    answer = await read(admin, HOLIDAYS.encode())
    assert answer.json() == {
        "holidays": [{"date": "05-09", "name": "День Победы"}, {"date": "2027-01-07", "name": "Рождество"}]
    }
    assert await current(admin) == before


async def test_what_is_wrong_with_a_file_is_told_in_the_readers_language(admin: httpx.AsyncClient) -> None:
    answer = await read(admin, b"PK\x03\x04")
    assert refusal(answer) == (400, "ical_refused")
    wrong = HOLIDAYS.replace("DTSTART;VALUE=DATE:20270107", "DTSTART;VALUE=DATE:tomorrow")
    error = (await read(admin, wrong.encode())).json()["error"]
    assert error["code"] == "ical_refused"
    assert [(each["place"], each["code"]) for each in error["faults"]] == [("VEVENT 1", "ical_event")]
    assert error["message"].startswith("Из файла ничего не взято. VEVENT 1: ")
    assert refusal(await read(admin, b"x" * (2**20 + 1))) == (413, "too_large")


async def test_a_calendar_that_is_being_edited_is_looked_at_by_its_own_clock(admin: httpx.AsyncClient) -> None:
    assert (await look(admin, "2026-12-24T10:30")).json() == {
        "at": "2026-12-24T10:30",
        "open": True,
        "until": "2026-12-24T12:00",
        "by": {"day": "2026-12-24", "kind": "exception", "name": "Christmas Eve"},
    }
    assert (await look(admin, "2026-12-25T09:30:00Z")).json() == {
        "at": "2026-12-25T10:30",
        "open": False,
        "until": "2026-12-31T09:00",
        "by": {"day": "2026-12-25", "kind": "holiday", "name": "Christmas"},
    }
    assert (await look(admin, "2026-12-24T10:30", exceptions=[])).json()["until"] == "2026-12-24T13:00"


async def test_a_calendar_nobody_could_keep_is_not_looked_at(admin: httpx.AsyncClient) -> None:
    assert refusal(await look(admin, "2026-12-24T10:30", weekly={"mon": ["09:00-10:00"] * 17})) == (
        400,
        "calendar_crowded",
    )
    many = [{"date": "2027-01-07"}] * 5_001
    assert refusal(await look(admin, "2026-12-24T10:30", holidays=many)) == (400, "ical_too_many")
    assert refusal(await look(admin, "0001-01-01T00:00")) == (400, "invalid_input")
    assert refusal(await look(admin, "2026-12-24T10:30", weekly={"someday": []})) == (400, "invalid_input")


async def test_neither_is_for_people_who_do_not_edit_the_set_up(site: Site) -> None:
    async with site.signed_in("olga") as olga:
        assert refusal(await read(olga, HOLIDAYS.encode())) == (403, "not_permitted")
        assert refusal(await look(olga, "2026-12-24T10:30")) == (403, "not_permitted")


async def change(client: httpx.AsyncClient, part: str, changed: Callable[[list[Json]], list[Json]]) -> None:
    """As the screens do."""
    path = f"/api/configuration/parts/{part}"
    found = (await client.get(path)).json()
    headers = {"If-Match": f'"{found["version"]}"'}
    answer = await client.put(path, json={"value": changed(found["value"])}, headers=headers)
    assert answer.status_code == 200, answer.text


async def test_hours_and_a_rule_set_by_the_screens_turn_a_caller_away_at_once(
    site: Site, admin: httpx.AsyncClient
) -> None:
    never = {"id": "never", "name": "Never", "time_zone": "Europe/Berlin"}
    rule = {
        "id": "closed",
        "when": {"closed": "never"},
        "to": {"reject": {"text": "Мы закрыты.", "language": "ru"}},
    }
    await change(admin, "calendars", lambda all_of_them: [*all_of_them, never])
    await change(
        admin,
        "entry_points",
        lambda numbers: [each | ({"rules": [rule]} if each["number"] == "1000" else {}) for each in numbers],
    )
    call = site.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: bool(call.said))
    assert str(call.said[0]) == "Мы закрыты."
    await until(lambda: not call.alive)
