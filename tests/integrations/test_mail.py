"""A mail server that accepts and then says nothing: those who write by it are told in time, and nobody else waits. And whose mailbox an
address is, however a stranger writes it.
"""

from __future__ import annotations

import asyncio

import pytest

from otklik.contact.mail_address import mailbox
from otklik.contact.outside import Mail
from otklik.errors import PeerError
from otklik.integrations import mail as mails
from otklik.integrations.mail import MailServers
from otklik.integrations.secrets import Secrets


async def test_a_server_that_hangs_is_given_up_and_holds_no_thread_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "IN_ALL_SECONDS", 0.5)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    mail = Mail(server="127.0.0.1", port=port, sender="a@example.com", security="none")
    servers = MailServers(Secrets({}))
    posts = [servers.post(mail, to="b@example.com", subject="x", text="x", key=f"k{n}") for n in range(12)]
    async with asyncio.timeout(60):
        told = await asyncio.gather(*posts, return_exceptions=True)
    assert {each.reason for each in told if isinstance(each, PeerError)} == {"late"}
    assert len([each for each in told if isinstance(each, PeerError)]) == 12
    server.close()


@pytest.mark.parametrize(
    "written",
    [
        "ivan@example.com",
        "IVAN@Example.com",
        "Ivan <ivan@example.com>",
        '"ivan"@example.com',
        "ivan+shop@example.com",
        "(x) ivan@example.com (y)",
        "ivan@\uff45xample.com",
    ],
)
def test_one_mailbox_has_one_name(written: str) -> None:
    assert mailbox(written) == "ivan@example.com"


@pytest.mark.parametrize("written", ["", "ivan", "<", "a@example.com, b@example.com"])
def test_nothing_can_be_sent_to_what_is_no_address(written: str) -> None:
    assert mailbox(written) == ""
