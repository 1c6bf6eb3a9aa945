"""How queues are served, over HTTP: for whoever watches the floor."""

from __future__ import annotations

from tests.web.conftest import AtDesk, Site, refusal


async def test_supervisor_sees_waits_beside_targets_and_an_agent_does_not(site: Site, anna: AtDesk) -> None:
    await anna.talk()
    async with site.signed_in("olga") as client:
        found = (await client.get("/api/supervision/queues/figures")).json()
    assert found["order"] == "oldest"
    answered = [each for each in found["queues"] if each["answers"]]
    assert answered
    assert all(each["of_target"] == each["waited_seconds"] / each["target_seconds"] for each in answered)
    assert {"promises", "callbacks"} <= set(answered[0])
    refused = await anna.client.get("/api/supervision/queues/figures")
    assert refusal(refused) == (403, "not_permitted")
