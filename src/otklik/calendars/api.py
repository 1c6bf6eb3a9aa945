"""What the screen of opening hours asks while a calendar is edited. Changes nothing; for people with `configuration.edit`."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict
from starlette.requests import ClientDisconnect

from otklik.calendars.moment import MOST_PERIODS, crowded, instant, moment
from otklik.contact.hours import Calendar
from otklik.errors import AppError, Language
from otklik.tenancy.access import require
from otklik.tenancy.document import Unfit
from otklik.tenancy.ical import MOST_DAYS, holidays

YEARS: Final = range(2000, 2200)
router = APIRouter(tags=["opening hours"])


def _of_our_time(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise ValueError(f"{YEARS[0]}-{YEARS[-1]}")
    return at


class Holiday(BaseModel):
    """`date`: "2027-01-07", or "01-07" for every year."""

    model_config = ConfigDict(from_attributes=True)

    date: str
    name: str


class Holidays(BaseModel):
    """By date. Nothing is kept yet."""

    holidays: list[Holiday]


class MomentAsked(BaseModel):
    """`calendar`: as it is being edited. `at`: an instant, or without an offset what the clock on the wall of the calendar's zone
    shows then."""

    calendar: Calendar
    at: Annotated[datetime, AfterValidator(_of_our_time)]


class Deciding(BaseModel):
    """Which day of the calendar says so. After midnight it may be the evening before."""

    model_config = ConfigDict(from_attributes=True)

    day: str
    kind: Literal["exception", "holiday", "weekday"]
    name: str


class MomentFound(BaseModel):
    """Times as the clock on the wall of the calendar's zone shows them. `until`: when it opens or closes next; null: not for
    years to come."""

    model_config = ConfigDict(from_attributes=True)

    at: str
    open: bool
    until: str | None
    by: Deciding


@router.post("/api/calendars/holidays", summary="Which days an iCalendar file (the body) would close; keeps nothing")
async def read_holidays(request: Request) -> Holidays:
    require(request.state.person, "configuration.edit")
    file = await _body(request)
    try:
        found = await asyncio.to_thread(holidays, file)
    except Unfit as err:
        raise _refused(err, request.state.person.language) from err
    return Holidays(holidays=[Holiday.model_validate(each) for each in found])


@router.post("/api/calendars/moment", summary="Is a calendar open at an instant, and until when? Changes nothing")
async def look(request: Request, body: MomentAsked) -> MomentFound:
    require(request.state.person, "configuration.edit")
    calendar = body.calendar
    if crowded(calendar):
        raise AppError("calendar_crowded", 400, most=MOST_PERIODS)
    if len(calendar.holidays) > MOST_DAYS or len(calendar.exceptions) > MOST_DAYS:
        raise AppError("ical_too_many", 400, most=MOST_DAYS)
    found = await asyncio.to_thread(moment, calendar, instant(body.at, calendar.time_zone))
    return MomentFound.model_validate(found)


async def _body(request: Request) -> bytes:
    """At most what `web` lets through."""
    try:
        return await request.body()
    except ClientDisconnect as err:
        raise AppError("ical_unreadable", 400, reason="…") from err


def _refused(unfit: Unfit, language: Language) -> AppError:
    """With the first that is wrong in the message, and all of it beside."""
    told = [{"place": each.place, "code": each.code, "message": each.message(language)} for each in unfit.faults]
    first = unfit.faults[0]
    return AppError("ical_refused", 400, place=first.place or "—", reason=first.message(language), faults=told)
