"""What outer systems know of the customer in hand, asked from the desk. Never within a transaction of ours, never for long."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field
from uuid_utils import uuid7

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Fetch, LookUp
from otklik.contact.ids import ContactId, CustomerId
from otklik.contact.look_up import DeskLookUp
from otklik.contact.ports import Outside
from otklik.customer import store as customers
from otklik.desk.found import Found, found
from otklik.errors import MESSAGES, AppError, PeerError
from otklik.looking_up.question import asks, called, lacking, parameters, standing, told
from otklik.storage.engine import Database
from otklik.talk.store import known_of
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import hand_of
from otklik.tenancy.page import in_hand
from otklik.tenancy.person import Person

router = APIRouter(tags=["look-ups"])
LONGEST_SECONDS: Final = 10.0
"""The set-up's own limit is usually less; nobody at a desk waits longer."""


class Lacking(BaseModel):
    """What is not known of the customer, and what people call it."""

    name: str
    ru: str
    en: str


class LookUpHead(BaseModel):
    """`asks_ru` and `asks_en` are null where nothing is to be typed. `lacks`: with it unknown nothing can be asked."""

    id: str
    ru: str
    en: str
    asks_ru: str | None
    asks_en: str | None
    lacks: Lacking | None


class LookUps(BaseModel):
    look_ups: list[LookUpHead]


class Entered(BaseModel):
    entered: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""


class LookedUp(BaseModel):
    """`message` says what went wrong where `outcome` is `failed`."""

    outcome: Literal["found", "not_found", "failed"]
    reason: str
    message: str
    values: list[Found]


@dataclass(frozen=True, slots=True)
class _Hand:
    """A contact in hand, with what is known of it."""

    person: Person
    customer: CustomerId | None
    configuration: Configuration
    standing: list[DeskLookUp]
    values: dict[str, str]


@router.get(
    "/api/desk/contacts/{contact}/look-ups", summary="What may be asked of outer systems about a contact in hand"
)
async def look_ups(request: Request, contact: UUID) -> LookUps:
    hand = await _hand(request, contact)
    values = hand.values | {"entered": "–"}
    return LookUps(
        look_ups=[
            LookUpHead(
                id=each.id,
                ru=each.ru,
                en=each.en,
                asks_ru=each.asks_ru if asks(each) else None,
                asks_en=each.asks_en if asks(each) else None,
                lacks=_lacks(each, values, hand.configuration),
            )
            for each in hand.standing
        ]
    )


def _lacks(look_up: DeskLookUp, values: dict[str, str], configuration: Configuration) -> Lacking | None:
    name = lacking(look_up, values)
    if name is None:
        return None
    ru, en = called(name, configuration.customer_fields, configuration.attributes)
    return Lacking(name=name, ru=ru, en=en)


@router.post("/api/desk/contacts/{contact}/look-ups/{question}", summary="Ask an outer system about a contact in hand")
async def look_up(
    request: Request, contact: UUID, question: Annotated[str, Path(max_length=64)], body: Entered
) -> LookedUp:
    hand = await _hand(request, contact)
    wanted = next((each for each in hand.standing if each.id == question), None)
    if wanted is None:
        raise AppError("no_such_look_up", 404)
    given = parameters(wanted, hand.values | {"entered": body.entered})
    identity = ContactId(str(contact))
    database: Database = request.app.state.database
    async with database.transaction(hand.person.tenant) as connection:
        address = request.client.host if request.client else ""
        await tenancy.audit(
            connection,
            hand.person.id,
            f"looked_up {wanted.id}",
            contact=identity,
            customer=hand.customer,
            address=address,
        )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            answer = await _asked(request.app.state.outside, hand, wanted, given)
    except TimeoutError:
        return _failed(hand.person, "late")
    except PeerError as error:
        return _failed(hand.person, error.reason)
    if answer is None:
        return LookedUp(outcome="not_found", reason="", message="", values=[])
    return LookedUp(outcome="found", reason="", message="", values=found(answer, wanted.shown))


async def _asked(
    outside: Outside | None, hand: _Hand, wanted: DeskLookUp, given: dict[str, str]
) -> dict[str, str] | None:
    if outside is None:
        raise PeerError(wanted.id, "unknown", retryable=False)
    contact = ContactId(
        str(uuid7())
    )  # each time another question: a service that keeps what it has answered is asked anew
    asked: LookUp | Fetch = (
        LookUp(contact=contact, step=0, connection=wanted.connection, statement=wanted.statement)
        if wanted.connection is not None
        else Fetch(contact=contact, step=0, service=wanted.service or "", request=wanted.request)
    )
    return await outside.ask(hand.person.tenant, hand.configuration, asked, given)


def _failed(person: Person, reason: str) -> LookedUp:
    return LookedUp(outcome="failed", reason=reason, message=MESSAGES[told(reason)][person.language], values=[])


async def _hand(request: Request, contact: UUID) -> _Hand:
    """Raises `no_such_contact` where it is not in the hands of whoever asks."""
    person, agent = hand_of(request.state.person)
    shown = in_hand(request.app.state.live, person, agent, ContactId(str(contact)))
    if shown is None:
        raise AppError("no_such_contact", 409)
    card: dict[str, Any] = shown["customer"] or {}
    customer = CustomerId(card["id"]) if card.get("id") else None
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        found = await tenancy.bare_version(connection)
        configuration = found[1] if found is not None else Configuration()
        _, values = await known_of(connection, configuration, shown, person)
        identities = await customers.identities(connection, customer) if customer is not None else []
    mail = next((each.value for each in identities if each.kind == "mail"), "")
    queue = (shown["queue"] or {}).get("id")
    return _Hand(person, customer, configuration, standing(configuration.look_ups, queue), values | {"mail": mail})
