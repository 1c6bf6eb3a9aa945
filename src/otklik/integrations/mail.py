"""Mail going out, by the server of the tenant's set-up (SMTP, RFC 5321). A message is handed over or it is not: nothing is queued here."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final

from otklik.contact.outside import Mail
from otklik.errors import PeerError
from otklik.integrations.secrets import Secrets

SERVER_SECONDS: Final = 15.0


class MailServers:
    """`contact.ports.Posting`. One for all tenants; each message is a connection of its own."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    async def post(self, mail: Mail, *, to: str, subject: str, text: str) -> None:
        password = None
        if mail.user:
            password = self._secrets.find(mail.password_secret)
            if password is None:
                raise PeerError("mail", "secret", retryable=False)
        await asyncio.to_thread(_hand_over, mail, password, to, subject, text)


def _message(mail: Mail, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, to, " ".join(subject.split())
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2].strip(" >") or None)
    message.set_content(text)
    return message


def _hand_over(mail: Mail, password: str | None, to: str, subject: str, text: str) -> None:
    """Blocks. An address that could not stand in a header is refused. Raises `PeerError` with `late`, `unreachable`, or `refused`."""
    try:
        message = _message(mail, to, subject, text)
        with _connected(mail) as server:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if password is not None:
                server.login(mail.user, password)
            server.send_message(message)
    except TimeoutError as err:
        raise PeerError("mail", "late", retryable=True) from err
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, ConnectionError) as err:
        raise PeerError("mail", "unreachable", retryable=True) from err
    except (smtplib.SMTPException, ValueError) as err:
        raise PeerError("mail", "refused", retryable=False) from err
    except OSError as err:  # no such host, a bad certificate
        raise PeerError("mail", "unreachable", retryable=True) from err


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.server, mail.port, timeout=SERVER_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(mail.server, mail.port, timeout=SERVER_SECONDS)
