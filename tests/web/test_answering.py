"""An agent answers what was written, by mail where there is a way, and enters what came on paper."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text as sql
from tests.web.conftest import AtDesk, Json, Site, apply, current, refusal
from tests.web.test_correspondence import one, post, take

from otklik.contact.outside import Mail
from otklik.errors import AppError, PeerError
from otklik.integrations.mail import MailServers
from otklik.integrations.secrets import Secrets

PAPER = {
    "way": "paper",
    "subject": "Возврат",
    "text": "Прошу вернуть деньги.",
    "name": "Иван",
    "mail": "ivan@example.com",
}


class SmtpServer:
    """As much of RFC 5321 as a client needs. `refuses`: every recipient."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.refuses = False
        self.leaves_badly = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.port = 0

    @property
    def good_bye(self) -> bytes:
        return b"554 never\r\n" if self.leaves_badly else b"221 bye\r\n"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                self.messages.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                await self.goes_on.wait()
            refused = verb == "RCPT" and self.refuses
            writer.write(b"550 nobody\r\n" if refused else self.good_bye if verb == "QUIT" else b"250 well\r\n")
            if verb == "QUIT":
                break
        writer.close()


@pytest.fixture
async def smtp() -> AsyncIterator[SmtpServer]:
    known = SmtpServer()
    server = await asyncio.start_server(known.serve, "127.0.0.1", 0)
    known.port = server.sockets[0].getsockname()[1]
    async with server:
        yield known


@asynccontextmanager
async def mail_set_up(admin: httpx.AsyncClient, port: int) -> AsyncIterator[None]:
    before = await current(admin)
    mail = f"mail:\n  server: 127.0.0.1\n  port: {port}\n  security: none\n  sender: help@example.com\n"
    assert (await apply(admin, before["text"] + mail, before["version"])).status_code == 200
    yield
    after = await current(admin)
    assert (await apply(admin, before["text"], after["version"])).status_code == 200


async def enter(anna: AtDesk, **more: object) -> str:
    answer = await anna.client.post("/api/desk/requests", json={**PAPER, **more})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["contact"]
    return found


async def answer(anna: AtDesk, contact: str, **body: object) -> httpx.Response:
    return await anna.client.post(f"/api/desk/contacts/{contact}/answers", json=body)


async def shown(anna: AtDesk, contact: str) -> list[Json]:
    found: list[Json] = one(await anna.state(), contact)["letters"]
    return found


async def test_what_came_on_paper_waits_in_a_queue_and_is_answered_in_its_own_timeline(
    site: Site, anna: AtDesk
) -> None:
    contact = await enter(anna)
    await take(anna, contact)
    seen = one(await anna.until(lambda seen: one(seen, contact)["letters"]), contact)
    assert (seen["letters"][0]["text"], seen["letters"][0]["sender"]["way"]) == (PAPER["text"], "paper")
    assert (await answer(anna, contact, text="Вернём в среду.")).json() == {
        "number": 2,
        "delivery": "kept",
        "failure": None,
    }
    await anna.until(lambda seen: len(one(seen, contact)["letters"]) == 2)
    detail = (await anna.client.get(f"/api/contacts/{contact}")).json()
    ours = detail["letters"][1]
    assert (ours["text"], ours["by"], ours["delivery"]) == ("Вернём в среду.", "Анна Смирнова", "kept")
    assert [each["what"] for each in detail["timeline"]][-1] == "answer_written"
    await post(anna, contact, "end")


async def test_an_answer_goes_out_by_mail_and_one_that_does_not_is_told_and_sent_again(
    site: Site, anna: AtDesk, admin: httpx.AsyncClient, smtp: SmtpServer
) -> None:
    async with mail_set_up(admin, smtp.port):
        contact = await enter(anna)
        await take(anna, contact)
        smtp.refuses = True
        failed = (await answer(anna, contact, text="Вернём в среду.")).json()
        assert (failed["delivery"], failed["failure"], smtp.messages) == ("failed", "refused", [])
        assert (await anna.until(lambda seen: len(one(seen, contact)["letters"]) == 2)) is not None
        assert (await shown(anna, contact))[1]["failure"] == "refused"
        smtp.refuses = False
        path, again = f"/api/desk/contacts/{contact}/answers/send", {"number": failed["number"]}
        assert (await anna.client.post(path, json=again)).json()["delivery"] == "sent"
        (message,) = smtp.messages
        assert "To: ivan@example.com" in message and "From: help@example.com" in message
        assert "Auto-Submitted" not in message, "a person has written it"
        assert refusal(await anna.client.post(path, json=again)) == (404, "not_found"), "once is enough"
        await anna.until(lambda seen: one(seen, contact)["letters"][1]["delivery"] == "sent")
        await post(anna, contact, "end")


async def test_a_mail_after_a_result_is_sent_again_to_whom_it_was_written(
    site: Site, anna: AtDesk, admin: httpx.AsyncClient, smtp: SmtpServer
) -> None:
    async with mail_set_up(admin, smtp.port):
        contact = await enter(anna)
        await take(anna, contact)
        smtp.refuses = True
        mail = {"to": "accounts@example.org", "subject": "Invoice", "text": "Please see to it."}
        path = f"/api/desk/contacts/{contact}"
        assert (await anna.put(f"{path}/follow-up/mail", mail)).json()["delivery"] == "failed"
        smtp.refuses = False
        assert (await anna.client.post(f"{path}/answers/send", json={"number": 2})).json()["delivery"] == "sent"
        (message,) = smtp.messages
        assert "To: accounts@example.org" in message and "Subject: Invoice" in message
        await post(anna, contact, "end")


async def test_only_what_is_in_hand_is_answered(site: Site, anna: AtDesk) -> None:
    call = await anna.talk()
    assert refusal(await answer(anna, call.contact, text="x")) == (409, "move_not_allowed")
    assert refusal(await answer(anna, str(uuid4()), text="x")) == (409, "no_such_contact")
    assert refusal(await answer(anna, call.contact, text=" ")) == (400, "invalid_input")
    wrong = await anna.client.post("/api/desk/requests", json={**PAPER, "entry_point": "nowhere"})
    assert refusal(wrong) == (400, "no_such_entry_point")


@pytest.mark.parametrize(
    ("user", "environment", "reason"), [("help", {}, "secret"), ("", {"OTKLIK_SECRET_MAIL": "x"}, "unreachable")]
)
async def test_why_a_message_is_not_handed_over(user: str, environment: Mapping[str, str], reason: str) -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    mail = Mail(
        server="127.0.0.1",
        port=server.sockets[0].getsockname()[1],
        security="none",
        sender="help@example.com",
        user=user,
        password_secret="MAIL",
    )
    async with server:
        with pytest.raises(PeerError) as found:
            await MailServers(Secrets(environment)).post(mail, to="a@example.com", subject="x", text="x", key="k")
    assert found.value.reason == reason


WRONG = (
    "",
    "ivan",
    "ivan@",
    "@example.com",
    "<",
    "a@[",
    "a@example.com, b@example.com",
    "a@example.com\nBcc: b@example.com",
)


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_message_goes_to_exactly_one_address_from_exactly_one(smtp: SmtpServer, wrong: str) -> None:
    for sender, to in (("help@example.com", wrong), (wrong, "a@example.com")):
        with pytest.raises(PeerError) as found:
            await hand_over(smtp.port, to=to, sender=sender)
        assert (found.value.reason, smtp.messages) == ("refused", [])


async def hand_over(port: int, *, to: str = "Anna <a@example.com>", sender: str = "Help <help@example.com>") -> None:
    mail = Mail(server="127.0.0.1", port=port, security="none", sender=sender)
    await MailServers(Secrets({})).post(mail, to=to, subject="x", text="x", key="2.c.t")


async def test_a_message_that_was_taken_is_sent_however_the_server_says_good_bye(smtp: SmtpServer) -> None:
    smtp.leaves_badly = True
    await hand_over(smtp.port)
    (message,) = smtp.messages
    assert "Message-ID: <2.c.t@example.com>" in message and "To: Anna <a@example.com>" in message


async def test_a_domain_in_other_letters_is_written_as_servers_know_it(smtp: SmtpServer) -> None:
    await hand_over(smtp.port, to="Anna <a@пример.рф>")
    (message,) = smtp.messages
    assert "To: Anna <a@xn--e1afmkfd.xn--p1ai>" in message


async def test_a_certificate_that_nobody_vouches_for_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise ssl.SSLCertVerificationError("self-signed certificate")

    monkeypatch.setattr(smtplib, "SMTP", unknown)
    with pytest.raises(PeerError) as found:
        await hand_over(25)
    assert (found.value.reason, found.value.retryable) == ("unreachable", True)


async def test_two_who_send_the_same_answer_again_send_it_once(
    site: Site, anna: AtDesk, admin: httpx.AsyncClient, smtp: SmtpServer
) -> None:
    contact = await enter(anna)
    await take(anna, contact)
    number = (await answer(anna, contact, text="Вернём в среду.")).json()["number"]
    path = f"/api/desk/contacts/{contact}/answers/send"
    async with mail_set_up(admin, smtp.port):
        smtp.goes_on.clear()
        first = asyncio.create_task(anna.client.post(path, json={"number": number}))
        await until_sent(smtp)
        assert refusal(await anna.client.post(path, json={"number": number})) == (404, "not_found")
        smtp.goes_on.set()
        assert (await first).json()["delivery"] == "sent"
        assert len(smtp.messages) == 1
    await post(anna, contact, "end")


async def until_sent(smtp: SmtpServer) -> None:
    async with asyncio.timeout(30):
        while not smtp.messages:
            await asyncio.sleep(0.01)


async def test_what_a_process_left_on_its_way_may_be_sent_again_after_some_minutes(
    site: Site, anna: AtDesk, admin: httpx.AsyncClient, smtp: SmtpServer
) -> None:
    contact = await enter(anna)
    await take(anna, contact)
    number = (await answer(anna, contact, text="Вернём в среду.")).json()["number"]
    path, again = f"/api/desk/contacts/{contact}/answers/send", {"number": number}
    left = "update letter set delivery = 'sending', claimed_at = now() - cast(:ago as interval) where contact_id = :contact and number = 2"

    async def leave(ago: str) -> Json:
        async with site.database.transaction(site.tenant) as connection:
            await connection.execute(sql(left), {"contact": contact, "ago": ago})
        found: Json = (await anna.client.get(f"/api/contacts/{contact}")).json()["letters"][1]
        return found

    async with mail_set_up(admin, smtp.port):
        assert (await leave("1 minute"))["delivery"] == "sending"
        assert refusal(await anna.client.post(path, json=again)) == (404, "not_found")
        seen = await leave("4 minutes")
        assert (seen["delivery"], seen["failure"]) == ("failed", "unknown")
        assert (await anna.client.post(path, json=again)).json()["delivery"] == "sent"
        assert f"Message-ID: <2.{contact}." in smtp.messages[0]
    await post(anna, contact, "end")


async def test_an_answer_that_went_out_is_no_error_where_the_contact_has_left_meanwhile(
    site: Site, anna: AtDesk, admin: httpx.AsyncClient, smtp: SmtpServer
) -> None:
    async with mail_set_up(admin, smtp.port):
        contact = await enter(anna)
        await take(anna, contact)
        smtp.goes_on.clear()
        writing = asyncio.create_task(answer(anna, contact, text="Вернём в среду."))
        await until_sent(smtp)
        await post(anna, contact, "end")
        smtp.goes_on.set()
        answered = await writing
        assert (answered.status_code, answered.json()["delivery"]) == (201, "sent")


class _Refusing:
    """In place of the switchboard."""

    def __init__(self, error: AppError) -> None:
        self.error = error

    async def submit(self, tenant: str, fact: object) -> None:
        raise self.error


@pytest.mark.parametrize(("code", "status", "stays"), [("switchboard_away", 503, 1), ("no_such_entry_point", 409, 0)])
async def test_a_request_that_may_have_come_all_the_same_keeps_its_text(
    site: Site, anna: AtDesk, code: str, status: int, stays: int
) -> None:
    words, inbox = f"Не дошло: {code}", site.app.state.inbox
    site.app.state.inbox = _Refusing(AppError(code, status))
    try:
        refused = await anna.client.post("/api/desk/requests", json={**PAPER, "text": words})
    finally:
        site.app.state.inbox = inbox
    assert refusal(refused) == (status, code)
    async with site.database.transaction(site.tenant) as connection:
        found = await connection.execute(sql("delete from letter where text = :text returning 1"), {"text": words})
        assert len(found.all()) == stays
