"""How lines were heard, over HTTP: a page tells of its own, the desk is told of the customer's, a supervisor sees all."""

from __future__ import annotations

from tests.web.conftest import AtDesk, Site, refusal

from otklik.contact.facts import LineMeasured

POOR = {"loss": 0.1, "jitter_ms": 20.0, "round_trip_ms": 100.0, "worst_mos": 2.5, "now": "poor"}


async def test_a_poor_line_is_with_the_contact_in_the_filter_and_in_the_figures(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    assert (await anna.client.put(f"/api/desk/contacts/{call.contact}/line", json=POOR)).status_code == 204
    await site.inbox.submit(
        site.tenant,
        LineMeasured(contact=call.contact, mos=4.1, worst_mos=3.9, loss=0.0, jitter_ms=3.0, round_trip_ms=30.0),
    )
    assert (await anna.state())["contacts"][0]["customer_line"] == "good"
    await anna.ask(call, "end")
    detail = (await anna.client.get(f"/api/contacts/{call.contact}")).json()
    his = {"agent": None, "mos": 4.1, "worst_mos": 3.9, "loss": 0.0, "jitter_ms": 3.0, "round_trip_ms": 30.0}
    hers = {"agent": {"id": anna.agent, "name": "Анна Смирнова"}, "mos": 3.28} | {
        name: POOR[name] for name in ("worst_mos", "loss", "jitter_ms", "round_trip_ms")
    }
    assert detail["lines"] == [hers, his] and detail["line_mos"] == 3.28
    assert [entry["text"] for entry in detail["timeline"] if entry["what"] == "line_measured"] == ["agent_line_poor"]
    async with site.signed_in("olga") as olga:
        found = (await olga.get("/api/contacts?scope=all&poor_line=true")).json()["contacts"]
        assert [row["id"] for row in found] == [call.contact]
        figures = (await olga.get("/api/supervision/lines")).json()
    assert figures == {
        "agents": [{"id": anna.agent, "name": "Анна Смирнова", "calls": 1, "mos": 3.28, "poor": 1}],
        "customers": {"calls": 1, "mos": 4.1, "poor": 0},
    }


async def test_figures_of_others_are_not_for_an_agent_and_nonsense_is_refused(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    assert refusal(await anna.client.get("/api/supervision/lines")) == (403, "not_permitted")
    wrong = POOR | {"loss": 2}
    refused = await anna.client.put(f"/api/desk/contacts/{call.contact}/line", json=wrong)
    assert refusal(refused) == (400, "invalid_input")
