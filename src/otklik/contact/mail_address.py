"""The address that a mail goes to, as servers know it. Pure."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage

from otklik.errors import PeerError


def address(written: str) -> Address:
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


def mailbox(written: str) -> str:
    """Whose it is, however it is written: `Ivan <IVAN+shop@Example.com>` is ivan@example.com. Empty: nothing can be sent to it."""
    try:
        found = address(written)
    except PeerError:
        return ""
    return f"{found.username.partition('+')[0]}@{found.domain}".lower()


def _spoken_by_servers(domain: str) -> str:
    """пример.рф -> xn--e1afmkfd.xn--p1ai (RFC 5891). Raises `ValueError`."""
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")
