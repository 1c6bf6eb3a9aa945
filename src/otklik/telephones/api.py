"""Accounts of desk telephones for administrators, and an agent's choice of a telephone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from otklik.contact.facts import PhoneChosen
from otklik.contact.ids import AgentId
from otklik.contact.phone import Phone
from otklik.contact.ports import Inbox, Lines
from otklik.errors import AppError
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
    """`server`: host and port at which telephones register."""

    server: str
    agents: list[AgentsTelephone]


class MadeTelephone(BaseModel):
    """What is to be typed into the telephone. The password is shown this once."""

    user: str
    password: str
    server: str


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
