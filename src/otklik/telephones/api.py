"""Accounts of desk telephones for administrators, and an agent's choice of a telephone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from otklik.calling.number import LONGEST, dialled
from otklik.contact.configuration import Configuration
from otklik.contact.facts import PhoneChosen
from otklik.contact.ids import AgentId
from otklik.contact.phone import Phone
from otklik.contact.ports import Inbox, Lines
from otklik.errors import AppError
from otklik.routing.audit import faults
from otklik.storage.engine import Database
from otklik.telephones import store
from otklik.telephones.account import new_account
from otklik.tenancy import store as tenancy
from otklik.tenancy.access import agent_of, require

router = APIRouter(prefix="/api/telephones", tags=["telephones"])
desk = APIRouter(prefix="/api/desk", tags=["desk"])


class AgentsTelephone(BaseModel):
    """`allowed`: the set-up says `desk_telephone`. `user` is null where there is no account yet."""

    agent: str
    name: str
    login: str
    allowed: bool
    outside_number: str
    user: str | None
    made_at: datetime | None


class Telephones(BaseModel):
    """`server`: host and port at which telephones register. `calls_out`: is there a trunk for numbers outside?"""

    server: str
    calls_out: bool
    agents: list[AgentsTelephone]


class MadeTelephone(BaseModel):
    """What is to be typed into the telephone. The password is shown this once."""

    user: str
    password: str
    server: str


class Allowed(BaseModel):
    """What is left out stays as it is. `outside_number` as people write it; empty: none."""

    desk_telephone: bool | None = None
    outside_number: Annotated[str | None, Field(max_length=LONGEST, pattern=r"^[^\x00]*$")] = None


class ChosenPhone(BaseModel):
    phone: Phone


@router.get("", summary="Who may work at a desk telephone, and by which account")
async def telephones(request: Request) -> Telephones:
    person = require(request.state.person, "configuration.edit")
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        accounts = await tenancy.accounts(connection)
        set_up = {each.id: each for each in (await tenancy.configuration(connection)).agents}
        kept = await store.telephones(connection)
    return Telephones(
        server=request.app.state.sip_server,
        calls_out="trunk" not in request.app.state.lacks,
        agents=[
            AgentsTelephone(
                agent=agent,
                name=account.name,
                login=account.login,
                allowed=agent in set_up and set_up[agent].desk_telephone,
                outside_number=set_up[agent].outside_number if agent in set_up else "",
                user=kept[agent].telephone.user if agent in kept else None,
                made_at=kept[agent].made_at if agent in kept else None,
            )
            for agent, account in accounts.items()
        ],
    )


@router.patch("/{agent}", status_code=204, summary="Allow an agent a desk telephone, or a number outside")
async def allow_telephone(request: Request, agent: UUID, body: Allowed) -> None:
    """A new version of the set-up, where it changes anything. Whoever has a call at a telephone keeps it until its end."""
    person = require(request.state.person, "configuration.edit")
    identity, address = AgentId(str(agent)), request.client.host if request.client else ""
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        await tenancy.lock_configuration(connection)
        version, current = await tenancy.set_up(connection)
        account = (await tenancy.accounts(connection)).get(identity)
        if account is None:
            raise AppError("not_found", 404)
        wanted = _allowing(current, identity, body)
        if wanted != current:
            await tenancy.change_configuration(
                connection,
                request.app.state.inbox,
                person,
                wanted,
                version=version,
                comment=account.login,
                address=address,
            )


def _allowing(current: Configuration, agent: AgentId, body: Allowed) -> Configuration:
    """Raises `number_unreadable`, and what is wrong with the number."""
    change: dict[str, Any] = {}
    if body.desk_telephone is not None:
        change["desk_telephone"] = body.desk_telephone
    if body.outside_number is not None:
        number = dialled(body.outside_number) if body.outside_number.strip() else ""
        if number is None:
            raise AppError("number_unreadable", 400, field="outside_number")
        change["outside_number"] = number
    agents = tuple(replace(each, **change) if each.id == agent else each for each in current.agents)
    wanted = replace(current, agents=agents)
    known = faults(current)
    wrong = next((each for each in faults(wanted) if not each.warning and each not in known), None)
    if wrong is not None:
        raise AppError(wrong.code, 400, field="outside_number", **wrong.values)
    return wanted


@router.post("/{agent}", status_code=201, summary="An account for an agent's desk telephone; the earlier one is void")
async def make_telephone(request: Request, agent: UUID) -> MadeTelephone:
    person = require(request.state.person, "configuration.edit")
    identity = AgentId(str(agent))
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if identity not in await tenancy.accounts(connection):
            raise AppError("not_found", 404)
        telephone, password = new_account()
        while not await store.keep(connection, identity, telephone, person.id):
            telephone, password = new_account()
        await tenancy.audit(connection, person.id, "telephone_made")
    lines: Lines = request.app.state.lines
    await lines.set_telephone(person.tenant, identity, telephone)
    return MadeTelephone(user=telephone.user, password=password, server=request.app.state.sip_server)


@router.delete("/{agent}", status_code=204, summary="The telephone can register no more")
async def remove_telephone(request: Request, agent: UUID) -> None:
    person = require(request.state.person, "configuration.edit")
    identity = AgentId(str(agent))
    database: Database = request.app.state.database
    async with database.transaction(person.tenant) as connection:
        if not await store.remove(connection, identity):
            raise AppError("not_found", 404)
        await tenancy.audit(connection, person.id, "telephone_removed")
    lines: Lines = request.app.state.lines
    await lines.set_telephone(person.tenant, identity, None)


@desk.put("/phone", status_code=204, summary="Take calls in the page, at the desk telephone, or at the number outside")
async def choose_phone(request: Request, body: ChosenPhone) -> None:
    """Between calls; the choice holds for later shifts, too."""
    person, agent = agent_of(request.state.person)
    inbox: Inbox = request.app.state.inbox
    try:
        await inbox.submit(person.tenant, PhoneChosen(agent=agent, phone=body.phone))
    except AppError as err:
        err.field = err.field or "phone"
        raise
