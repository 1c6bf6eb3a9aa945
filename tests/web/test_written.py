"""A web site's requests and a scenario that serves them: answered by mail without an agent, or handed to one with what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.web.conftest import AtDesk, Json, Site, apply, current, refusal, until
from tests.web.test_answering import SmtpServer, smtp
from tests.web.test_correspondence import hand_in, one, post, take, web_site

from otklik.answering import store
from otklik.tenancy import yaml

__all__ = ["smtp"]

KNOWN = {"exit": "known", "attributes": [{"attribute": "request.Номер_заказа", "one_of": ["4711"]}]}
FLOW: Json = {
    "id": "letters",
    "name": "Заявки",
    "languages": ["ru"],
    "otherwise": "support",
    "written": True,
    "blocks": [
        {"id": "hello", "say": {"text": {"ru": "{request.name}, спасибо за письмо."}}, "exits": {"done": "which"}},
        {"id": "which", "branch": {"cases": [KNOWN]}, "exits": {"known": "bye", "otherwise": "channel"}},
        {"id": "bye", "hang_up": {"text": {"ru": "Заказ {request.Номер_заказа} едет к вам."}}},
        {
            "id": "channel",
            "branch": {"cases": [{"exit": "asks", "attributes": [{"attribute": "request.way", "one_of": ["key"]}]}]},
            "exits": {"asks": "menu", "otherwise": "support"},
        },
        {
            "id": "menu",
            "name": "Меню",
            "ask": {"text": {"ru": "Нажмите 1"}, "keys": {"1": "Да"}},
            "exits": {"1": "bye"},
        },
        {"id": "support", "queue": {"queue": "support"}},
    ],
    "tests": [
        {
            "name": "known",
            "request": {"mail": "ivan@example.com", "name": "Иван", "Номер заказа": "4711"},
            "expect": {"served": True, "written": "ivan@example.com: Иван, спасибо за письмо.\n\nЗаказ 4711 едет"},
        }
    ],
}
ORDER = {"Номер заказа": "4711"}


@pytest.fixture
async def set_up(admin: httpx.AsyncClient, smtp: SmtpServer) -> AsyncIterator[Json]:
    """The requests of the site go to the flow; afterwards the set-up is as it was."""
    before = await current(admin)
    document = yaml.read(before["text"]).plain
    document["flows"] = [*document.get("flows", ()), FLOW]
    document["mail"] = {"server": "127.0.0.1", "port": smtp.port, "security": "none", "sender": "help@example.com"}
    for entry in document["entry_points"]:
        if entry["id"] == "russian":
            entry["rules"] = [{"id": "letters", "when": {"channel": ["web"]}, "to": {"scenario": "letters"}}]
    answer = await apply(admin, yaml.write(document), before["version"])
    assert answer.status_code == 200, answer.text
    yield answer.json()
    after = await current(admin)
    assert (await apply(admin, before["text"], after["version"])).status_code == 200


async def detail(admin: httpx.AsyncClient, contact: str, outcome: str) -> Json:
    """Of a contact that has ended so."""
    async with asyncio.timeout(30):
        while True:
            answer = await admin.get(f"/api/contacts/{contact}")
            found: Json = answer.json()
            if found.get("outcome") == outcome:
                return found
            await asyncio.sleep(0.02)


async def test_a_request_is_answered_by_mail_without_an_agent(
    site: Site, admin: httpx.AsyncClient, smtp: SmtpServer, set_up: Json
) -> None:
    async with web_site(site) as client:
        contact = await hand_in(client, name="Иван", mail="ivan@example.com", fields=ORDER)
        await until(lambda: smtp.messages)
        told = await detail(admin, contact, "served")
    assert told["outcome"] == "served" and told["agent"] is None, told
    ours = told["letters"][1]
    assert (ours["by"], ours["delivery"], ours["text"]) == (
        "Заявки",
        "sent",
        "Иван, спасибо за письмо.\n\nЗаказ 4711 едет к вам.",
    )
    assert ours["sender"].keys() == {"mail", "subject"}
    whats = [each["what"] for each in told["timeline"]]
    assert "reply_sent" in whats and "scenario_finished" in whats  # who the customer is may be found out later
    why = (await admin.get(f"/api/contacts/{contact}/why")).json()["steps"]
    assert any("Сценарий «Заявки» ответил письмом" in each["ru"] for each in why)
    (message,) = smtp.messages
    assert "To: ivan@example.com" in message


async def test_a_mail_that_has_not_gone_is_sent_by_the_agent_who_has_the_request(
    site: Site, anna: AtDesk, smtp: SmtpServer, set_up: Json
) -> None:
    smtp.refuses = True
    async with web_site(site) as client:
        contact = await hand_in(client, name="Иван", mail="ivan@example.com")
        await take(anna, contact)
        seen = await anna.until(lambda seen: len(one(seen, contact)["letters"]) == 2)
        ours = one(seen, contact)["letters"][1]
        assert (ours["by"], ours["delivery"], ours["failure"]) == ("Заявки", "failed", "refused")
        smtp.refuses = False
        path = f"/api/desk/contacts/{contact}/answers/send"
        assert (await anna.client.post(path, json={"number": ours["number"]})).json()["delivery"] == "sent"
        (message,) = smtp.messages
        assert "To: ivan@example.com" in message
        await post(anna, contact, "end")


async def test_what_a_scenario_wrote_in_a_call_is_sent_by_the_agent_and_nothing_else_is_written_there(
    site: Site, anna: AtDesk, smtp: SmtpServer, set_up: Json
) -> None:
    call = await anna.talk()
    sender = {"mail": "ivan@example.com", "subject": "", "scenario": "Заявки", "step": "4"}
    async with site.database.transaction(site.tenant) as connection:
        left = await store.reply(connection, call.contact, "Мы записали вас.", sender, unsent="no_server")
    answer = await anna.ask(call, "answers/send", {"number": left.number})
    assert (answer.status_code, answer.json()["delivery"]) == (200, "sent")
    (message,) = smtp.messages
    assert "To: ivan@example.com" in message
    seen = await anna.until(lambda seen: one(seen, call.contact)["letters"])
    (letter,) = one(seen, call.contact)["letters"]
    assert (letter["by"], letter["delivery"]) == ("Заявки", "sent")
    assert refusal(await anna.ask(call, "answers", {"text": "И ещё."})) == (409, "move_not_allowed")


async def test_a_question_is_for_calls_alone_and_the_course_says_so(
    site: Site, anna: AtDesk, smtp: SmtpServer, set_up: Json
) -> None:
    async with web_site(site) as client:
        contact = await hand_in(client, name="Иван", mail="ivan@example.com", fields={"way": "key"})
        await take(anna, contact)
        told = (await anna.client.get(f"/api/contacts/{contact}")).json()
        (left,) = [each for each in told["timeline"] if each["what"] == "only_a_call"]
        assert left["text"] == "Меню" and smtp.messages == []
        await post(anna, contact, "end")


async def test_a_test_call_says_that_something_was_written(admin: httpx.AsyncClient) -> None:
    request = {"mail": "ivan@example.com", "name": "Иван", **ORDER}
    came = (await admin.post("/api/flows/trial", json={"flow": FLOW, "request": request})).json()
    assert (came["served"], came["fault"]) == (True, None)
    (wrote,) = [each["text"] for each in came["turns"] if each["kind"] == "wrote"]
    assert wrote.startswith("ivan@example.com: Иван, спасибо")
    came = (await admin.post("/api/flows/trial", json={"flow": FLOW, "request": {"way": "key"}})).json()
    assert came["queue"] == "support" and came["turns"][-1]["kind"] == "unspoken"
    problems = (await admin.post("/api/flows/check", json={"flow": FLOW})).json()["problems"]
    assert {(each["code"], each["warning"]) for each in problems} == {
        ("config_only_a_call", True),
        ("config_written_no_mail", True),
    }
