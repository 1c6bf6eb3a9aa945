"""What follows from a result beside a task: a call that is planned, a mail that goes out; asked for where the set-up says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.datastructures import State
from tests.web.conftest import AtDesk, Json, Site, apply, current, refusal
from tests.web.test_answering import SmtpServer, smtp

from otklik.channels.voice.simulator import SimulatedCall
from otklik.contact.decisions import Decision
from otklik.contact.facts import CallbackCancelled, Fact
from otklik.contact.ids import TenantId
from otklik.contact.ports import Inbox
from otklik.errors import AppError

__all__ = ["smtp"]
CALLED, WRITTEN = "wrong-number", "spam"
IVAN = "+79161234567"
MAIL = {"to": "Ivan@Example.com", "subject": "Ваш  заказ", "text": "Здравствуйте! Заказ готов."}


@pytest.fixture
async def asking(site: Site, admin: httpx.AsyncClient, smtp: SmtpServer) -> AsyncIterator[SmtpServer]:
    """Two results of the demo ask for a call and for a mail."""
    before = await current(admin)
    text = before["text"]
    for result, asked in ((CALLED, "call: required\n    call_seconds: 7200"), (WRITTEN, "mail: required")):
        text = text.replace(f"  - id: {result}\n", f"  - id: {result}\n    {asked}\n")
    text += f"mail:\n  server: 127.0.0.1\n  port: {smtp.port}\n  security: none\n  sender: help@example.com\n"
    answer = await apply(admin, text, before["version"])
    assert answer.status_code == 200, answer.text
    yield smtp
    async with site.signed_in("olga") as olga:
        for each in (await olga.get("/api/callbacks")).json():
            await olga.post(f"/api/contacts/{each['id']}/callback/cancel", json={})


class Unreached:
    """Whoever leads the centre is not reached for a while with what calls a call off."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.times = 1

    async def submit(self, tenant: TenantId, fact: Fact) -> list[Decision]:
        if isinstance(fact, CallbackCancelled) and self.times:
            self.times -= 1
            raise AppError("switchboard_away", 503)
        return await self.inbox.submit(tenant, fact)


@pytest.fixture
def unreached(site: Site, monkeypatch: pytest.MonkeyPatch) -> Unreached:
    state: State = site.app.state
    made = Unreached(state.inbox)
    monkeypatch.setitem(state._state, "inbox", made)
    return made


def result(disposition: str) -> Json:
    return {"disposition": disposition, "note": "", "then": "not_ready", "reason": "lunch"}


async def say(anna: AtDesk, call: SimulatedCall, what: str, **body: object) -> httpx.Response:
    return await anna.put(f"/api/desk/contacts/{call.contact}/follow-up/{what}", body)


async def forget(anna: AtDesk, call: SimulatedCall, what: str) -> None:
    answer = await anna.client.delete(f"/api/desk/contacts/{call.contact}/follow-up/{what}")
    assert answer.status_code == 204, answer.text


async def planned(anna: AtDesk) -> list[Json]:
    found: list[Json] = (await anna.client.get("/api/desk/callbacks")).json()
    return found


async def letters(anna: AtDesk, call: SimulatedCall) -> list[Json]:
    found: list[Json] = (await anna.client.get(f"/api/contacts/{call.contact}")).json()["letters"]
    return found


async def test_a_result_that_requires_a_call_is_saved_only_with_one_planned(
    site: Site, anna: AtDesk, asking: SmtpServer
) -> None:
    call = await anna.talk()
    await anna.ask(call, "end")
    assert refusal(await anna.ask(call, "wrap-up", result(CALLED))) == (409, "call_required")
    usual = (await say(anna, call, "call", disposition=CALLED)).json()
    assert usual["number"] == IVAN
    ahead = datetime.fromisoformat(usual["at"]) - datetime.now(UTC)
    assert timedelta(hours=2) - timedelta(minutes=1) < ahead < timedelta(hours=3), "the first free time after two hours"
    (shown,) = await planned(anna)
    assert (shown["id"], shown["agent"]["id"], shown["by"]["id"]) == (usual["contact"], anna.agent, anna.agent)
    assert (await anna.ask(call, "wrap-up", result(CALLED))).status_code == 204


async def test_said_again_a_planned_call_is_moved_and_for_another_number_it_is_another(
    site: Site, anna: AtDesk, asking: SmtpServer
) -> None:
    call = await anna.talk()
    first = (await say(anna, call, "call")).json()
    at = (datetime.fromisoformat(first["at"]) + timedelta(hours=1)).isoformat()
    moved = (await say(anna, call, "call", at=at)).json()
    assert moved["contact"] == first["contact"] and moved["at"] != first["at"]
    assert [each["at"] for each in await planned(anna)] == [moved["at"].replace("+00:00", "Z")]
    other = (await say(anna, call, "call", number="8 999 000-00-77", own=False)).json()
    (shown,) = await planned(anna)
    assert (shown["id"], shown["number"], shown["agent"]) == (other["contact"], "+79990000077", None)
    past = await say(anna, call, "call", number=IVAN, at="2020-01-01T10:00:00Z")
    assert refusal(past) == (409, "callback_time_past")
    assert [each["id"] for each in await planned(anna)] == [other["contact"]], "a refused one takes nothing away"
    await forget(anna, call, "call")
    assert await planned(anna) == []
    again = await say(anna, call, "call")
    assert again.json()["contact"] not in (first["contact"], other["contact"])
    assert refusal(await say(anna, call, "call", number="письмо")) == (400, "number_unreadable")


async def test_a_planned_call_that_could_not_be_called_off_stands_until_it_is(
    site: Site, anna: AtDesk, asking: SmtpServer, unreached: Unreached
) -> None:
    call = await anna.talk()
    first = (await say(anna, call, "call")).json()
    path = f"/api/desk/contacts/{call.contact}/follow-up/call"
    assert (await anna.client.delete(path)).status_code == 503
    assert [each["id"] for each in await planned(anna)] == [first["contact"]]
    await forget(anna, call, "call")
    assert await planned(anna) == []


async def test_another_call_in_place_of_one_that_could_not_be_called_off_is_asked_for_again(
    site: Site, anna: AtDesk, asking: SmtpServer, unreached: Unreached
) -> None:
    call = await anna.talk()
    first = (await say(anna, call, "call")).json()
    assert (await say(anna, call, "call", number="8 999 000-00-77")).status_code == 503
    assert [each["id"] for each in await planned(anna)] == [first["contact"]]
    second = (await say(anna, call, "call", number="8 999 000-00-77")).json()
    assert [each["id"] for each in await planned(anna)] == [second["contact"]]


async def test_what_followed_from_a_result_chosen_before_does_not_follow_from_another_one(
    site: Site, anna: AtDesk, asking: SmtpServer, unreached: Unreached
) -> None:
    call = await anna.talk()
    await say(anna, call, "call")
    asking.refuses = True
    assert (await say(anna, call, "mail", **MAIL)).json()["delivery"] == "failed"
    await anna.put(f"/api/desk/contacts/{call.contact}/follow-up", {"text": "Проверить"})
    await anna.ask(call, "end")
    assert refusal(await anna.ask(call, "wrap-up", result(WRITTEN))) == (503, "switchboard_away")
    assert len(await planned(anna)) == 1, "it is told, and tried again"
    assert (await anna.ask(call, "wrap-up", result("resolved"))).status_code == 204
    assert (await planned(anna), await letters(anna, call)) == ([], [])
    found = (await anna.client.get("/api/tasks")).json()["tasks"]
    assert [each for each in found if each["contact"] == call.contact] == []


async def test_a_result_that_requires_a_mail_sends_it_and_keeps_it_with_the_contact(
    site: Site, anna: AtDesk, asking: SmtpServer
) -> None:
    shown = {each["id"]: each for each in (await anna.state())["dispositions"]}[WRITTEN]
    assert (shown["mail"], shown["mail_reply"], list(shown["mail_subject"])) == ("required", None, [""])
    call = await anna.talk()
    await anna.ask(call, "end")
    assert refusal(await anna.ask(call, "wrap-up", result(WRITTEN))) == (409, "mail_required")
    assert refusal(await say(anna, call, "mail", **{**MAIL, "to": "Иван"})) == (400, "no_mail")
    assert (await say(anna, call, "mail", **MAIL)).json() == {"delivery": "sent", "failure": None}
    assert (await say(anna, call, "mail", **{**MAIL, "text": "Ещё раз"})).json()["delivery"] == "sent"
    (message,) = asking.messages
    assert "To: ivan@example.com" in message and "From: help@example.com" in message
    await forget(anna, call, "mail")
    (kept,) = await letters(anna, call)
    assert (kept["text"], kept["sender"], kept["delivery"], kept["by"]) == (
        MAIL["text"],
        {"mail": "ivan@example.com", "subject": "Ваш заказ"},
        "sent",
        "Анна Смирнова",
    )
    assert (await anna.ask(call, "wrap-up", result(WRITTEN))).status_code == 204


async def test_a_mail_that_was_not_taken_is_kept_said_so_and_sent_with_other_words(
    site: Site, anna: AtDesk, asking: SmtpServer
) -> None:
    call = await anna.talk()
    asking.refuses = True
    assert (await say(anna, call, "mail", **MAIL)).json() == {"delivery": "failed", "failure": "refused"}
    assert [each["delivery"] for each in await letters(anna, call)] == ["failed"]
    asking.refuses = False
    assert (await say(anna, call, "mail", **{**MAIL, "text": "Заказ ждёт."})).json()["delivery"] == "sent"
    assert [(each["text"], each["delivery"]) for each in await letters(anna, call)] == [("Заказ ждёт.", "sent")]
    assert len(asking.messages) == 1


async def test_where_no_mail_is_set_up_none_is_asked_for_and_one_that_is_written_is_kept(
    site: Site, anna: AtDesk
) -> None:
    call = await anna.talk()
    assert (await say(anna, call, "mail", **MAIL)).json()["delivery"] == "kept"
    await forget(anna, call, "mail")
    assert await letters(anna, call) == []


async def test_where_the_customer_may_be_reached_is_proposed(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    await anna.until(lambda seen: seen["contacts"] and seen["contacts"][0]["customer"])
    found = (await anna.client.get(f"/api/desk/contacts/{call.contact}/follow-up")).json()
    assert found["number"] == IVAN and all("@" in each for each in found["mails"])
