"""What a person is to be told of while the page is closed, read from the folded state. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal, get_args

from otklik.errors import Language
from otklik.routing import ContactState, Engine, LiveContact
from otklik.tenancy.person import Permission, Person

Kind = Literal["offer", "waiting", "message", "call", "task", "alert"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CALL_AHEAD_SECONDS: Final = 120.0
"""So long before a planned call its agent is told."""

NEEDS: Final[dict[Kind, Permission]] = {
    "offer": "desk.use",
    "message": "desk.use",
    "waiting": "desk.use",
    "call": "desk.use",
    "task": "customers.edit",
    "alert": "contacts.read_all",
}
LASTS_SECONDS: Final[dict[Kind, int]] = {"offer": 20, "waiting": 120, "call": 120}
"""How long a push service keeps it for a browser that cannot be reached; what is not named: ten minutes."""
_WORDS: Final[dict[Kind, dict[Language, str]]] = {
    "offer": {"ru": "К вам обращение: ответьте.", "en": "A contact rings for you."},
    "message": {"ru": "Вам сообщение от руководителя.", "en": "A message from your supervisor."},
    "waiting": {"ru": "Вас лично ждёт клиент.", "en": "A customer waits for you personally."},
    "call": {"ru": "Скоро запланированный звонок.", "en": "A planned call comes soon."},
    "task": {"ru": "Пора сделать задачу.", "en": "A task is due."},
    "alert": {"ru": "Сработало оповещение.", "en": "An alert was raised."},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """`to`: the person, or everybody who may have it where it is None. `about`: the same thing is told once."""

    kind: Kind
    to: str | None
    about: str


def standing(engine: Engine, now: float, wanted: AbstractSet[Kind]) -> set[News]:
    """All of these kinds that is to be told at this moment; what was told before is among it. `waiting` and `call` look at every
    contact there is, so that nobody looks whom nobody has asked."""
    found: set[News] = set()
    if "offer" in wanted:
        found.update(_offers(engine))
    if wanted & {"waiting", "call"}:
        found.update(each for each in _of_contacts(engine, now) if each.kind in wanted)
    if "message" in wanted:
        found.update(_notices(engine))
    if "alert" in wanted:
        found.update(_alerts(engine))
    return found


def _offers(engine: Engine) -> Iterator[News]:
    for agent in engine.agents():
        for each in engine.contacts_of(agent.id):
            contact = engine.contact(each)
            if contact is not None and contact.state is ContactState.OFFERED:
                if (number := contact.offer_to(agent.id)) is not None:
                    yield News(kind="offer", to=agent.id, about=f"{contact.id} {number}")


def _of_contacts(engine: Engine, now: float) -> Iterator[News]:
    for contact in engine.contacts():
        callback = contact.callback
        if contact.state is ContactState.WAITING and contact.pinned is not None:
            yield News(kind="waiting", to=contact.pinned, about=contact.id)
        elif callback is not None and callback.agent is not None and callback.chosen_at is not None and _comes(contact):
            if callback.chosen_at - CALL_AHEAD_SECONDS <= now:
                yield News(kind="call", to=callback.agent, about=f"{contact.id} {callback.chosen_at}")


def _comes(contact: LiveContact) -> bool:
    return contact.state is ContactState.POSTPONED and contact.callback is not None and contact.callback.attempts == 0


def _notices(engine: Engine) -> Iterator[News]:
    if not engine.notices():
        return
    for agent in engine.agents():
        for notice in engine.notices_for(agent):
            yield News(kind="message", to=agent.id, about=notice.id)


def _alerts(engine: Engine) -> Iterator[News]:
    for alert in engine.alerts():
        if alert.over_at is None:
            yield News(kind="alert", to=None, about=alert.id)


def may_have(person: Person, kind: Kind) -> bool:
    return NEEDS[kind] in person.permissions


def trial(language: Language) -> dict[str, str]:
    """What somebody is sent who wants to see whether it comes."""
    return {
        "title": "Отклик" if language == "ru" else "Otklik",
        "body": "Уведомления доходят." if language == "ru" else "Notifications arrive.",
        "to": "/",
        "tag": "trial",
    }


def message(news: News, language: Language) -> dict[str, str]:
    """What the browser shows, and where a press leads. One of the same `tag` takes the place of the earlier; the tag of an offer is
    its contact, as in the page."""
    return {
        "title": "Отклик" if language == "ru" else "Otklik",
        "body": _WORDS[news.kind][language],
        "to": "/floor" if news.kind == "alert" else "/desk",
        "tag": news.about.split(" ")[0] if news.kind == "offer" else news.kind,
    }
