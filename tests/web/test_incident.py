"""An incident is switched on with the time of repair; callers of a flow hear it, and once it has passed they hear that it takes longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.web.conftest import Json, Site, apply, current, refusal, until
from tests.web.test_configuration import floor
from tests.web.test_flows import admin as admin
from tests.web.test_flows import published

from otklik.channels.voice.simulator import SimulatedCall

FLOW: Json = {
    "id": "drawn",
    "languages": ["ru"],
    "otherwise": "support",
    "blocks": [{"id": "tell", "hang_up": {"text": {"ru": "Авария. {incident}"}}}],
}


async def heard(site: Site) -> str:
    """By a call that is over as soon as it has been told."""
    call: SimulatedCall | None = site.voice.arrive("1000", "+79161234567")
    assert call is not None
    await until(lambda: bool(call.said))
    said = str(call.said[0])
    await until(lambda: not call.alive)
    return said


@pytest.fixture
async def ready(site: Site, admin: httpx.AsyncClient) -> None:
    """A switch that diverts nobody by itself, and a flow at the entry point."""
    before = await current(admin)
    await apply(admin, before["text"] + "incident_switches: [{}]\n", before["version"])
    await published(admin, FLOW, entry_points=["russian"])


async def test_who_is_turned_away_by_the_switch_itself_hears_it_too(site: Site, admin: httpx.AsyncClient) -> None:
    before = await current(admin)
    switch = 'incident_switches: [{to: {reject: {text: "Авария. {incident}", language: ru}}}]\n'
    await apply(admin, before["text"] + switch, before["version"])
    async with site.signed_in("olga") as olga:
        wanted = {"on": True, "texts": {"ru": "Чиним кабель."}}
        assert (await olga.put("/api/incidents", json=wanted)).status_code == 204
        assert await heard(site) == "Авария. Чиним кабель."
        assert (await olga.put("/api/incidents", json={"on": True})).status_code == 204
        assert await heard(site) == "Авария."
        assert (await olga.put("/api/incidents", json={"on": False})).status_code == 204


@pytest.mark.usefixtures("ready")
async def test_callers_hear_when_it_will_be_mended_and_later_that_it_takes_longer(
    site: Site,
) -> None:
    ends = datetime.now(UTC) + timedelta(days=3)
    wanted = {"on": True, "repaired_by": ends.isoformat(), "texts": {"ru": " Чиним кабель. ", "en": ""}}
    async with site.signed_in("olga") as olga:
        assert await heard(site) in ("Авария.", "Авария. ")
        assert (await olga.put("/api/incidents", json=wanted)).status_code == 204
        (shown,) = (await floor(site))["incidents"]
        assert (shown["texts"], datetime.fromisoformat(shown["repaired_by"])) == (
            {"ru": "Чиним кабель."},
            ends.replace(microsecond=ends.microsecond // 1000 * 1000),
        )
        said = await heard(site)
        assert said.startswith("Авария. Ожидаем восстановления ")
        assert said.endswith(". Чиним кабель.")
        assert not any(sign.isdigit() for sign in said), said
        past = await olga.put("/api/incidents", json={"on": True, "repaired_by": "2020-01-01T00:00:00Z"})
        assert refusal(past) == (409, "incident_time")
        bare = await olga.put("/api/incidents", json={"on": True, "repaired_by": "2030-01-01T00:00:00"})
        assert bare.status_code == 422 or bare.status_code == 400
        soon = datetime.now(UTC) + timedelta(seconds=1)
        assert (await olga.put("/api/incidents", json={"on": True, "repaired_by": soon.isoformat()})).status_code == 204
        await until(lambda: datetime.now(UTC) > soon)
        assert await heard(site) == "Авария. Ремонт занимает больше времени, чем мы ожидали."
        (shown,) = (await floor(site))["incidents"]
        again = {"on": True, "repaired_by": shown["repaired_by"], "texts": {"ru": "Ищем."}}
        assert (await olga.put("/api/incidents", json=again)).status_code == 204, "the text alone is corrected"
        assert await heard(site) == "Авария. Ремонт занимает больше времени, чем мы ожидали. Ищем."
        assert (await olga.put("/api/incidents", json={"on": False})).status_code == 204
        assert (await floor(site))["incidents"][0]["texts"] == {}
        assert (await heard(site)).strip() == "Авария."
