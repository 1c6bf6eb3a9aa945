"""What scenarios may reach outside: databases by named statements, services by named requests; and what is answered.

Neither a secret nor a statement of a caller's making ever stands here: secrets are named, callers give values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

from otklik.contact.ids import ContactId

Outcome = Literal["found", "not_found", "failed"]
Written = Literal["mail", "sms"]
"""How somebody is written to."""
Submitted = Literal["", "auto-replied", "auto-generated"]
"""Of a mail that a machine wrote, in answer to one or of itself (RFC 3834): robots do not answer it. Empty: a person did."""
Failure = Literal[
    "",
    "unknown",
    "secret",
    "late",
    "unreachable",
    "refused",
    "unreadable",
    "too_large",
    "forgotten",
    "fault",
    "no_address",
    "interrupted",
    "too_many",
]
"""unknown: not in the set-up; secret: not given to this installation; late: no answer in time, or others are waited for;
refused: by the other side; unreadable: the answer is none;
forgotten: keys that are kept nowhere were to be sent, and the program was started again meanwhile; fault: the code of a
function failed; no_address: who wrote has left none; interrupted: the program ended while it was being sent, so that nobody knows
whether it has gone, and it is not sent again; too_many: scenarios have written to this address often enough today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A database of yours, only read from. Nobody but you writes its statements: what a caller keys is a value in them,
    never a part of them."""

    id: str
    url_secret: str
    """The name of the secret that is its URL, `postgresql://user:password@host/shop` or `sqlite:////srv/shop.db`."""
    statements: dict[str, str] = field(default_factory=dict)
    """Name to one SQL statement that reads, `SELECT` or `WITH`. `:name` in it is a parameter. Its first row is the answer."""
    timeout_seconds: float = 5.0
    """With the time to connect and to wait for the others; then it has failed."""
    at_once: int = 4
    """So many statements run at the same time; the others wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a service. Its parameters are the `{name}`s in it. Answered with JSON; 404 means that there is none."""

    path: str
    """Below the service's `url`. A value is one part of it, whatever it holds."""
    method: Literal["GET", "POST"] = "GET"
    """A POST is sent with an `Idempotency-Key`, and may be sent again with the same one."""
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, str] = field(default_factory=dict)
    """Of a POST: an object of JSON with these texts."""
    values: dict[str, str] = field(default_factory=dict)
    """The name of a value to its place in the answer: `state`, `parcel.state`, `parcels.0.state`. None named: whatever
    stands at the top of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of yours that answers over HTTP. Nothing but this host is ever asked, wherever it redirects to."""

    id: str
    url: str
    """What all its requests begin with: `https://api.example.com/v1`."""
    secret_headers: dict[str, str] = field(default_factory=dict)
    """The name of a header to the name of the secret that is its value."""
    requests: dict[str, Request] = field(default_factory=dict)
    timeout_seconds: float = 5.0
    """As with a connection."""
    at_once: int = 8
    """So many requests are under way at the same time; the others wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """By which server answers in writing go out, and what scenarios write."""

    server: str
    sender: str
    """From whom: `help@example.com`, or `Help <help@example.com>`."""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """tls: from the first byte, usually on port 465; none: only for a server on the same machine."""
    user: str = ""
    """Empty: the server asks for no sign-in."""
    password_secret: str = ""
    """The name of the secret that is the password."""
    subject: str = "Ответ на ваше обращение / Your request"
    """Of an answer to what had no subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessages:
    """By which request of which service SMS go out. Its parameters are `to`, the number as it is known, and `text`. Any answer of 200
    to 299 says that it has gone; where the request names values one of them must stand in it."""

    service: str
    request: str


class Answered(Struct, frozen=True, kw_only=True):
    """A database, a service or a function answered what step `step` of the scenario asked, or did not in time."""

    contact: ContactId
    step: int
    outcome: Outcome
    values: dict[str, str] = {}
    reason: Failure = ""
    """Of one that failed."""
    block: str = ""
    """What the step is called."""
    exit: str = ""
    """Which way the function has named."""
    fault: str = ""
    """What its code failed of."""
    traceback: str = ""
    reply: bool = False
    """It was the mail that a scenario leaves a written contact with."""
    letter: bool = False
    """It was a mail that stands with the contact as a letter (docs/adr/0069)."""
