"""An agent passes a customer on to a number outside over HTTP, at once or after asking there; and who sees what of it."""

from __future__ import annotations

from typing import Any

import httpx
from tests.web.conftest import AtDesk, Site, refusal, until

from otklik.channels.voice.simulated_callback import SimulatedOutside
from otklik.channels.voice.simulator import SimulatedCall

LAWYER = "+79031112233"


async def in_hand(desk: AtDesk, call: SimulatedCall, state: str) -> dict[str, Any]:
    def there(seen: dict[str, Any]) -> bool:
        return any((each["id"], each["state"]) == (call.contact, state) for each in seen["contacts"])

    seen = await desk.until(there)
    return next(each for each in seen["contacts"] if each["id"] == call.contact)


async def rung(site: Site) -> SimulatedOutside:
    await until(lambda: site.voice.outside(LAWYER))
    line = site.voice.outside(LAWYER)
    assert line is not None
    return line


async def told(client: httpx.AsyncClient, call: SimulatedCall) -> dict[str, Any]:
    answer = await client.get(f"/api/contacts/{call.contact}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_customer_is_passed_on_and_the_journal_says_to_which_number_and_for_how_long(
    site: Site, anna: AtDesk
) -> None:
    call = await anna.talk()
    answer = await anna.ask(call, "transfer", {"number": "8 (903) 111-22-33"})
    assert answer.status_code == 204, answer.text
    lawyer = await rung(site)
    await until(lambda: call.hears == {"ringing"})
    assert (await in_hand(anna, call, "wrap_up"))["outside_end"] is None
    lawyer.answer()
    await until(lambda: call.hears == {"outside"})
    lawyer.hang_up()
    await until(lambda: not call.alive)
    async with site.signed_in("olga") as olga:
        row = await told(olga, call)
        assert (row["outcome"], row["stage"]) == ("answered", "outside")
        (sent,) = [each for each in row["timeline"] if each["what"] == "contact_sent_outside"]
        assert (sent["who"], sent["text"]) == ("Анна Смирнова", LAWYER)
        why = (await olga.get(f"/api/contacts/{call.contact}/why")).json()["steps"]
        assert any("transferred it to an outside number" in step["en"] for step in why)
        assert not any(LAWYER in step["en"] for step in why)


async def test_who_is_busy_gives_the_customer_back_and_the_ringing_card_says_why(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    assert (await anna.ask(call, "transfer", {"number": LAWYER})).status_code == 204
    (await rung(site)).end("busy")
    card = await in_hand(anna, call, "offered")
    assert card["outside_end"] == "busy"
    phone = site.voice.phone(anna.agent)
    await until(lambda: phone.ringing)
    phone.answer()
    await until(lambda: call.hears == {"agent"})
    assert (await in_hand(anna, call, "talking"))["outside_end"] is None


async def test_somebody_outside_is_asked_brought_together_and_has_the_customer(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    answer = await anna.ask(call, "consult", {"number": LAWYER})
    assert answer.status_code == 200, answer.text
    lawyer = await rung(site)
    await until(lambda: site.voice.phone(anna.agent).hears == {"ringing"})
    asking = (await in_hand(anna, call, "held"))["consultation"]
    assert (asking["number"], asking["answered"], asking["talks_to"]) == (LAWYER, False, "colleague")
    lawyer.answer()
    await until(lambda: site.voice.phone(anna.agent).hears == {"outside"})
    assert call.hears == {"music"}
    assert (await anna.ask(call, "consult/turn", {"talks_to": "both"})).status_code == 204
    await until(lambda: call.hears == {"agent", "outside"})
    assert (await in_hand(anna, call, "talking"))["consultation"]["answered"]
    assert (await anna.ask(call, "consult/complete")).status_code == 204
    await until(lambda: call.hears == {"outside"})
    await in_hand(anna, call, "wrap_up")
    assert lawyer.hears() == {"customer"}
    call.hang_up()
    await until(lambda: not call.alive and site.voice.outside(LAWYER) is None)


async def test_who_hangs_up_just_as_the_agent_goes_gives_the_customer_back(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await anna.ask(call, "consult", {"number": LAWYER})
    lawyer = await rung(site)
    lawyer.answer()
    await until(lambda: site.voice.phone(anna.agent).hears == {"outside"})
    assert (await anna.ask(call, "consult/complete")).status_code == 204
    await until(lambda: call.hears == {"outside"})
    lawyer.hang_up()
    assert (await in_hand(anna, call, "offered"))["outside_end"] == "hung_up"
    await until(lambda: call.hears == {"music"})


async def test_who_does_not_answer_leaves_the_customer_on_hold_with_the_agent(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await anna.ask(call, "consult", {"number": LAWYER})
    (await rung(site)).end("no_answer")
    await anna.until(lambda seen: seen["contacts"][0]["consultation"] is None)
    held = await in_hand(anna, call, "held")
    assert held["outside_end"] == "no_answer"
    assert call.hears == {"music"}
    assert (await anna.ask(call, "retrieve")).status_code == 204
    assert (await in_hand(anna, call, "talking"))["outside_end"] is None


async def test_a_number_that_cannot_be_called_is_refused_beside_its_field_and_the_call_goes_on(
    site: Site, anna: AtDesk
) -> None:
    call = await anna.talk()
    async with site.signed_in("olga") as olga:
        owned = (await olga.get("/api/desk/calls")).status_code  # no agent, no calls
    assert owned == 403
    faults: list[tuple[dict[str, Any], int, str]] = [
        ({"number": "nobody"}, 400, "number_unreadable"),
        ({"number": "911"}, 409, "short_number_not_allowed"),
        ({"number": LAWYER, "queue": "sales"}, 400, "one_target"),
        ({"number": ""}, 400, "invalid_input"),
        ({"number": "1" * 41}, 400, "invalid_input"),
    ]
    for action in ("transfer", "consult"):
        for body, status, code in faults:
            answer = await anna.ask(call, action, body)
            assert refusal(answer) == (status, code), body
            assert answer.json()["error"]["field"] == "number", body
    assert call.hears == {"agent"}


async def test_the_number_stands_beside_the_log_and_is_read_back(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await anna.ask(call, "transfer", {"number": LAWYER})
    await rung(site)
    async with site.database.transaction(site.tenant) as connection:
        bodies = await connection.exec_driver_sql("select body::text from fact where kind = 'contact_sent_outside'")
        assert not any(LAWYER in row[0] for row in bodies)
        kept = await connection.exec_driver_sql("select said from contact_said where step < 0")
        assert LAWYER in {row[0] for row in kept}
