"""What is wrong with how mail goes out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from otklik.contact.configuration import Configuration
from otklik.contact.fault import Fault, fault_if, warning_if
from otklik.contact.outside import Mail

_ADDRESS: Final = r"[^@\s\"<>(),:;]+@[^@\s\"<>(),:;.]+(\.[^@\s\"<>(),:;.]+)*"
_SENDER: Final = re.compile(rf"{_ADDRESS}|[^<>@\r\n]*<{_ADDRESS}>")
_SERVER: Final = re.compile(r"[\w.-]+|[0-9a-fA-F:]+")
_HERE: Final = re.compile(r"localhost|127\.[0-9.]+|::1")


def mail_faults(place: str, mail: Mail) -> Iterator[Fault]:
    yield from fault_if(
        _SERVER.fullmatch(mail.server) is None, f"{place}.server", "config_mail_server", found=mail.server
    )
    yield from fault_if(
        _SENDER.fullmatch(mail.sender) is None, f"{place}.sender", "config_mail_sender", found=mail.sender
    )
    yield from fault_if(not 1 <= mail.port <= 65_535, f"{place}.port", "config_mail_port", found=mail.port)
    yield from fault_if(
        bool(mail.user) and not mail.password_secret, f"{place}.password_secret", "config_mail_password"
    )
    abroad = mail.security == "none" and _HERE.fullmatch(mail.server) is None
    yield from warning_if(abroad, f"{place}.security", "config_mail_open", found=mail.server)


def without_mail(configuration: Configuration) -> Iterator[Fault]:
    """A result asks to write to the customer, and nothing can go out."""
    for number, each in enumerate(configuration.dispositions):
        lacks = each.mail != "never" and configuration.mail is None
        yield from warning_if(lacks, f"dispositions[{number}].mail", "config_no_mail")
