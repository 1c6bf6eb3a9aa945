"""Mail going out, by the server of the tenant's set-up (SMTP, RFC 5321). A message is handed over or it is not: nothing is queued here."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final

from otklik.contact.outside import Mail
from otklik.errors import PeerError
from otklik.integrations.secrets import Secrets

SERVER_SECONDS: Final = 15.0


class MailServers:
    """`contact.ports.Posting`. One for all tenants; each message is a connection of its own."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    async def post(self, mail: Mail, *, to: str, subject: str, text: str, key: str) -> None:
        sender, recipient = _address(mail.sender), _address(to)
        password = None
        if mail.user:
            password = self._secrets.find(mail.password_secret)
            if password is None:
                raise PeerError("mail", "secret", retryable=False)
        try:
            message = _message(sender, recipient, subject, text, key)
        except ValueError as err:
            raise PeerError("mail", "refused", retryable=False) from err
        await asyncio.to_thread(_hand_over, mail, password, message, sender.addr_spec, recipient.addr_spec)


def _message(sender: Address, recipient: Address, subject: str, text: str, key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, " ".join(subject.split())
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = f"<{key}@{sender.domain}>"
    message.set_content(text)
    return message


def _address(written: str) -> Address:
    """The one that it is. Raises `PeerError` with `refused`: several, none, or one that could not stand in a header."""
    message = EmailMessage()
    try:
        message["To"] = written
        header = message["To"]
        (found,) = header.addresses
        if not header.defects and header.groups[0].display_name is None and found.username and found.domain:
            return Address(found.display_name, found.username, _spoken_by_servers(found.domain))
    except (ValueError, IndexError, AttributeError, HeaderParseError) as err:  # `email` stumbles over "<"
        raise PeerError("mail", "refused", retryable=False) from err
    raise PeerError("mail", "refused", retryable=False)


def _spoken_by_servers(domain: str) -> str:
    """пример.рф -> xn--e1afmkfd.xn--p1ai (RFC 5891). Raises `ValueError`."""
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")


def _hand_over(mail: Mail, password: str | None, message: EmailMessage, sender: str, recipient: str) -> None:
    """Blocks. Raises `PeerError` with `late`, `unreachable`, or `refused`. How the server says good-bye tells nothing of the message."""
    try:
        server = _connected(mail)
        try:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if password is not None:
                server.login(mail.user, password)
            if server.send_message(message, from_addr=sender, to_addrs=[recipient]):
                raise PeerError("mail", "refused", retryable=False)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()
    except TimeoutError as err:
        raise PeerError("mail", "late", retryable=True) from err
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, ConnectionError, ssl.SSLError) as err:
        raise PeerError("mail", "unreachable", retryable=True) from err
    except (smtplib.SMTPException, ValueError) as err:
        raise PeerError("mail", "refused", retryable=False) from err
    except OSError as err:  # no such host
        raise PeerError("mail", "unreachable", retryable=True) from err


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.server, mail.port, timeout=SERVER_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(mail.server, mail.port, timeout=SERVER_SECONDS)
