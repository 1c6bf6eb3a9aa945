"""Mail going out, by the server of the tenant's set-up (SMTP, RFC 5321). A message is handed over or it is not: nothing is queued here."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from functools import partial
from typing import Final

from otklik.contact.mail_address import address
from otklik.contact.outside import Mail, Submitted
from otklik.errors import PeerError
from otklik.integrations.secrets import Secrets

SERVER_SECONDS: Final = 15.0
"""For each step of the conversation with the server."""
IN_ALL_SECONDS: Final = 25.0
"""For all of it, with the wait for others at the same server: a message that is late is not sent behind our back."""
AT_ONE_SERVER: Final = 4
"""As one user. A server that hangs holds these, and nothing else of ours."""
MOST_AT_ONCE: Final = 32


class MailServers:
    """`contact.ports.Posting`. One for all tenants; each message is a connection of its own."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._turns: dict[tuple[str, int, str], asyncio.Semaphore] = {}
        self._threads = ThreadPoolExecutor(max_workers=MOST_AT_ONCE, thread_name_prefix="mail")

    async def post(self, mail: Mail, *, to: str, subject: str, text: str, key: str, submitted: Submitted = "") -> None:
        sender, recipient = address(mail.sender), address(to)
        password = None
        if mail.user:
            password = self._secrets.find(mail.password_secret)
            if password is None:
                raise PeerError("mail", "secret", retryable=False)
        try:
            message = _message(sender, recipient, subject, text, key)
            if submitted:
                message["Auto-Submitted"] = submitted
        except ValueError as err:
            raise PeerError("mail", "refused", retryable=False) from err
        deadline = time.monotonic() + IN_ALL_SECONDS
        turns = self._turns.setdefault((mail.server, mail.port, mail.user), asyncio.Semaphore(AT_ONE_SERVER))
        work = partial(_hand_over, mail, password, message, (sender.addr_spec, recipient.addr_spec), deadline)
        try:
            async with asyncio.timeout(IN_ALL_SECONDS):
                await turns.acquire()
        except TimeoutError as err:
            raise PeerError("mail", "late", retryable=True) from err
        handing = self._threads.submit(work)
        handing.add_done_callback(partial(_let_the_next_in, asyncio.get_running_loop(), turns))
        await asyncio.wrap_future(handing)


def _let_the_next_in(loop: asyncio.AbstractEventLoop, turns: asyncio.Semaphore, _: object) -> None:
    """When the thread is done, not when somebody ceased to wait for it."""
    with suppress(RuntimeError):  # the program has ended meanwhile
        loop.call_soon_threadsafe(turns.release)


def _message(sender: Address, recipient: Address, subject: str, text: str, key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, " ".join(subject.split())
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = f"<{key}@{sender.domain}>"
    message.set_content(text)
    return message


class _Plain(smtplib.SMTP):
    """Before each step: is there time left? The last that is asked for is the text itself."""

    def __init__(self, mail: Mail, deadline: float) -> None:
        self._deadline = deadline
        super().__init__(mail.server, mail.port, timeout=_rest(deadline))

    def putcmd(self, cmd: str, args: str = "") -> None:
        if self.sock is not None:
            self.sock.settimeout(_rest(self._deadline))
        super().putcmd(cmd, args)


class _Encrypted(smtplib.SMTP_SSL):
    """The same."""

    def __init__(self, mail: Mail, deadline: float) -> None:
        self._deadline = deadline
        context = ssl.create_default_context()
        super().__init__(mail.server, mail.port, timeout=_rest(deadline), context=context)

    def putcmd(self, cmd: str, args: str = "") -> None:
        if self.sock is not None:
            self.sock.settimeout(_rest(self._deadline))
        super().putcmd(cmd, args)


def _rest(deadline: float) -> float:
    """Seconds for the next step. Raises `TimeoutError` when there are none left."""
    rest = deadline - time.monotonic()
    if rest <= 0:
        raise TimeoutError
    return min(rest, SERVER_SECONDS)


def _hand_over(
    mail: Mail, password: str | None, message: EmailMessage, between: tuple[str, str], deadline: float
) -> None:
    """Blocks. Raises `PeerError` with `late`, `unreachable`, or `refused`. How the server says good-bye tells nothing of the message."""
    try:
        server = _Encrypted(mail, deadline) if mail.security == "tls" else _Plain(mail, deadline)
        try:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if password is not None:
                server.login(mail.user, password)
            if server.send_message(message, from_addr=between[0], to_addrs=[between[1]]):
                raise PeerError("mail", "refused", retryable=False)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()
    except TimeoutError as err:
        raise PeerError("mail", "late", retryable=True) from err
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, ConnectionError, ssl.SSLError) as err:
        late = isinstance(err.__context__, TimeoutError)  # while a reply was waited for
        raise PeerError("mail", "late" if late else "unreachable", retryable=True) from err
    except (smtplib.SMTPException, ValueError) as err:
        raise PeerError("mail", "refused", retryable=False) from err
    except OSError as err:  # no such host
        raise PeerError("mail", "unreachable", retryable=True) from err
