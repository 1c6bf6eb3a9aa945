"""Alerts by rule, from the leader's look every second to the supervisor who has seen to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from tests.feed import FollowedPage
from tests.web.conftest import AtDesk, Site, refusal, until

from otklik.contact.facts import Configured
from otklik.contact.ports import Watcher
from otklik.contact.watching import AlertRule
from otklik.switchboard import exchange


async def shown(site: Site) -> list[dict[str, Any]]:
    feed = site.live.subscribe(site.tenant, Watcher(person="olga", floor=True))
    page = FollowedPage()
    await page.read(feed)
    feed.close()
    alerts: list[dict[str, Any]] = page.state["floor"]["alerts"]
    return alerts


async def test_supervisor_is_told_and_says_that_it_is_seen_to(
    site: Site, anna: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "ALERTS_SECONDS", 0.05)
    centre = site.exchange._centres[site.tenant]
    before = centre.engine.configuration
    rule = AlertRule(id="talk", kind="long_talk", after_seconds=0.2)
    await site.exchange.submit(site.tenant, Configured(configuration=replace(before, alerts=(rule,))))
    call = await anna.talk()
    await until(lambda: centre.engine.alerts())
    (alert,) = await shown(site)
    assert (alert["kind"], alert["agent"]["name"], alert["contact"]) == ("long_talk", "Анна Смирнова", call.contact)
    async with site.signed_in("olga") as olga:
        where = f"/api/supervision/alerts/{alert['id']}/acknowledge"
        assert (await olga.post(where, json={})).status_code == 204
        assert (await shown(site))[0]["seen"]["name"] == "Ольга Петрова"
        unknown = await olga.post(f"/api/supervision/alerts/{uuid4()}/acknowledge", json={})
        assert refusal(unknown) == (409, "no_such_alert")
    assert refusal(await anna.client.post(where, json={})) == (403, "not_permitted")
    await site.exchange.submit(site.tenant, Configured(configuration=before))
    await until(lambda: all(each.over_at is not None for each in centre.engine.alerts()))
