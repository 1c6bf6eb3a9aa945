"""A supervisor moves an agent to another queue for the shift: whoever waits there rings at once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Json, Site, refusal, until

from otklik.contact.ports import Watcher
from otklik.tenancy import demo


async def row_of(site: Site, agent: str) -> Json:
    feed = site.live.subscribe(site.tenant, Watcher(person="olga", floor=True))
    page = FollowedPage()
    await page.read(feed)
    feed.close()
    (row,) = [each for each in page.state["floor"]["agents"] if each["id"] == agent]
    return dict(row)


async def test_moved_agent_is_offered_who_waits_and_comes_back_in_one_click(site: Site, anna: AtDesk) -> None:
    where = f"/api/supervision/agents/{anna.agent}/assignment"
    usual = (await row_of(site, anna.agent))["levels"]
    async with site.signed_in("olga") as olga:
        assert (await olga.put(where, json={"queues": {}, "skills": {}})).status_code == 204
        call = site.voice.arrive("1000", "+79161234567")
        assert call is not None
        await until(lambda: call.said)
        call.press("1")
        phone = site.voice.phone(anna.agent)
        await anna.until(lambda seen: any(each["waiting"] for each in seen["queues"]))
        assert not phone.ringing
        assert (await olga.put(where, json={"queues": {demo.SALES: 3}, "skills": {}})).status_code == 204
        await until(lambda: phone.ringing)
        row = await row_of(site, anna.agent)
        assert row["levels"] == {demo.SALES: 3}
        assert row["assigned_at"] is not None
        assert (await olga.delete(where)).status_code == 204
        row = await row_of(site, anna.agent)
        assert (row["levels"], row["assigned_at"]) == (usual, None)


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"queues": {"none": 5}, "skills": {}}, (409, "no_such_queue")),
        ({"queues": {}, "skills": {"none": 5}}, (409, "no_such_skill")),
        ({"queues": {"sales": 11}, "skills": {}}, (400, "invalid_input")),
        ({"queues": {"sales": 0}, "skills": {}}, (400, "invalid_input")),
    ],
)
async def test_what_cannot_be_is_refused(
    site: Site, anna: AtDesk, body: dict[str, Any], answer: tuple[int, str]
) -> None:
    async with site.signed_in("olga") as olga:
        assert refusal(await olga.put(f"/api/supervision/agents/{anna.agent}/assignment", json=body)) == answer
        nobody = await olga.put(f"/api/supervision/agents/{uuid4()}/assignment", json={"queues": {}, "skills": {}})
        assert refusal(nobody) == (409, "no_such_agent")
    refused = await anna.put(f"/api/supervision/agents/{anna.agent}/assignment", {"queues": {}, "skills": {}})
    assert refusal(refused) == (403, "not_permitted")
