"""A centre's state at one place of its log, taken while calls go on.

As a virtual machine is moved while it runs: contacts and timers are written out a few at a time; those that change
meanwhile are written again; when few are left, these and the rest are written in one go, and that is the moment.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import islice
from typing import Final

import msgspec
import structlog
from msgspec import structs

from otklik.contact.decisions import LeaveVoicemail
from otklik.contact.facts import Fact, VerbFinished
from otklik.contact.flow import Flow
from otklik.contact.handler import Handler
from otklik.contact.hearing import REQUEST_STEP, steps_in
from otklik.contact.ids import ContactId, ScenarioId
from otklik.routing.contact import NOBODY, LiveContact
from otklik.routing.engine import EngineState
from otklik.scenario import Run
from otklik.storage import codec
from otklik.storage.log import EventLog
from otklik.switchboard.centre import Centre

log = structlog.get_logger()

SLICE = 50
"""Contacts written without a breath: about 0.3 ms."""
BREATH_SECONDS = 0.001
FEW = 100
PAGES_AT_ONCE = 200
ROUNDS = 20
"""If so many times over more than a few change meanwhile, the rest is written at once however many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All state of a tenant's centre at one place of the log."""

    engine: EngineState
    timers: list[tuple[float, int, str, dict[str, object]]] = field(default_factory=list)
    """When, the place among those due at once, the fact's kind, and its body."""
    scenarios: dict[ContactId, ScenarioId] = field(default_factory=dict)
    replies: dict[ContactId, list[dict[str, object]]] = field(default_factory=dict)
    """The bodies of the `VerbFinished` that each scenario has had, without the words of customers: see `worded`."""
    answers: dict[ContactId, list[dict[str, object]]] = field(default_factory=dict)
    """The bodies of the `Answered`."""
    known: dict[ContactId, list[dict[str, object]]] = field(default_factory=dict)
    """The bodies of what each scenario was answered at once."""
    stepped: dict[ContactId, list[dict[str, object]]] = field(default_factory=dict)
    """The bodies of what the process of each handler said, failures among them."""
    wrong_entries: dict[str, list[float]] = field(default_factory=dict)
    """Of codes, until when they count, by whom or by what."""
    drawn: dict[ContactId, Flow] = field(default_factory=dict)
    """Flows under way of which there is another version by now, or none."""
    handlers: dict[ContactId, Handler] = field(default_factory=dict)
    """Handlers under way, likewise."""
    code: dict[ContactId, list[Handler]] = field(default_factory=dict)
    """Those whose functions a flow under way calls, likewise."""
    owed: list[LeaveVoicemail] = field(default_factory=list)
    """Messages that were left, and are not yet in the log as contacts."""


Pieces = Sequence[bytes | list[bytes]]
"""JSON in pieces; a list among them is the pages of a JSON list, without its commas."""
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Snapshot).decode
_OUTLINE: Final = tuple(each.name for each in fields(EngineState) if each.name not in ("contacts", "ended"))


async def save(centre: Centre) -> None:
    """What the snapshot holds is not folded again, so its accounts are written first. One at a time: of two, one would not
    hear of what changes."""
    async with centre.saving:
        centre.touched()
        seq, pieces = await take(centre)
        body = await asyncio.to_thread(_pack, pieces)
        await centre.projector.flush()
        await centre.event_log.save_snapshot(seq, body)


async def take(centre: Centre) -> tuple[int, Pieces]:
    """The number of the last fact it knows, and the pieces of its JSON."""
    contacts: dict[ContactId, bytes] = {}
    timers: dict[int, bytes] = {}
    changed = centre.changed = {contact.id for contact in _known(centre)}
    try:
        for _ in range(ROUNDS):
            await _write_ahead(centre, changed, contacts, timers)
            centre.touched()
            if len(changed) <= FEW:
                break
        return centre.last_seq, _finish(centre, changed, contacts, timers)
    finally:
        centre.changed = None


def load(seq: int, body: bytes, tenant: str) -> Snapshot | None:
    """A snapshot is only a short cut: one that another version wrote is left aside."""
    try:
        return _decode(zlib.decompress(body))
    except (msgspec.DecodeError, zlib.error) as error:
        log.warning("snapshot_unreadable", tenant=tenant, seq=seq, reason=str(error).splitlines()[0])
        return None


async def worded(event_log: EventLog, snapshot: Snapshot) -> Snapshot:
    """With the words of customers, which stand beside the log alone and go with their contact (docs/adr/0041, 0058)."""
    heard = {contact for contact, replies in snapshot.replies.items() if any(map(_spoken, replies))}
    heard |= {each.id for each in snapshot.engine.contacts if each.channel == "web" and each.id in snapshot.scenarios}
    kept = [each for each in (*snapshot.engine.contacts, *snapshot.engine.ended) if each.id in heard or _places(each)]
    asked = heard.union(each.said_in or each.id for each in kept)
    if not asked:
        return snapshot
    said = await event_log.said(sorted(asked))
    for each in kept:
        steps = _places(each).union(_steps(snapshot.replies.get(each.id, ())))
        steps |= {REQUEST_STEP} if each.id in snapshot.scenarios else set()
        each.words = {
            step: words for step in sorted(steps) if (words := said.get((each.said_in or each.id, step)))
        } or NOBODY
    replies = {
        contact: [
            {**each, "said": said.get((contact, each.get("step")), "")} if _spoken(each) else each for each in known
        ]
        for contact, known in snapshot.replies.items()
    }
    return replace(snapshot, replies=replies)


def _spoken(body: dict[str, object]) -> bool:
    return body.get("outcome") == "heard"


def _steps(replies: Iterable[dict[str, object]]) -> set[int]:
    return {step for each in replies if _spoken(each) and isinstance(step := each.get("step"), int)}


def _places(contact: LiveContact) -> set[int]:
    return steps_in(contact.attributes.values())


def _contact(contact: LiveContact) -> bytes:
    return _encode(structs.replace(contact, words=NOBODY) if contact.words else contact)


def _wordless(reply: VerbFinished) -> VerbFinished:
    return structs.replace(reply, said="") if reply.said else reply


def _known(centre: Centre) -> list[LiveContact]:
    return [*centre.engine.contacts(), *centre.engine.ended()]


async def _write_ahead(
    centre: Centre, changed: set[ContactId], contacts: dict[ContactId, bytes], timers: dict[int, bytes]
) -> None:
    while len(changed) > FEW:
        some = list(islice(changed, SLICE))
        changed.difference_update(some)
        for contact in some:
            if (found := centre.engine.known(contact)) is not None:
                contacts[contact] = _contact(found)
        await asyncio.sleep(BREATH_SECONDS)
    entries = iter([entry for entry in centre.timers.entries() if entry[1] not in timers])
    while some_entries := list(islice(entries, SLICE)):
        timers |= {order: _timer(at, order, fact) for at, order, fact in some_entries}
        await asyncio.sleep(BREATH_SECONDS)


def _finish(
    centre: Centre, changed: set[ContactId], contacts: dict[ContactId, bytes], timers: dict[int, bytes]
) -> Pieces:
    for contact in changed:
        contacts.pop(contact, None)
    state = centre.engine.outline()
    outline = _encode({name: getattr(state, name) for name in _OUTLINE})
    scenarios = {contact: run.id for contact, run in centre.runs.items()}
    replies = {contact: list(map(_wordless, run.replies)) for contact, run in centre.runs.items()}
    answers = {contact: run.answers for contact, run in centre.runs.items() if run.answers}
    known = {contact: run.known for contact, run in centre.runs.items() if run.known}
    stepped = {contact: run.stepped for contact, run in centre.runs.items() if run.stepped}
    changed_since = _no_longer_so(centre)
    drawn = {contact: run.flow for contact, run in changed_since.items() if run.flow is not None}
    handlers = {contact: run.handler for contact, run in changed_since.items() if run.handler is not None}
    return (
        b'{"engine":' + outline[:-1] + b',"contacts":[',
        [contacts.get(contact.id) or _contact(contact) for contact in centre.engine.contacts()],
        b'],"ended":[',
        [contacts.get(contact.id) or _contact(contact) for contact in centre.engine.ended()],
        b']},"timers":[',
        [timers.get(order) or _timer(at, order, fact) for at, order, fact in centre.timers.entries()],
        b'],"scenarios":' + _encode(scenarios),
        b',"replies":' + _encode(replies),
        b',"answers":' + _encode(answers),
        b',"known":' + _encode(known),
        b',"stepped":' + _encode(stepped),
        b',"wrong_entries":' + _encode(centre.lock_outs.entries()),
        b',"drawn":' + _encode(drawn),
        b',"handlers":' + _encode(handlers),
        b',"code":' + _encode(_other_code(centre)),
        b',"owed":' + _encode(list(centre.owed.values())) + b"}",
    )


def _no_longer_so(centre: Centre) -> dict[ContactId, Run]:
    """The scenarios under way that are not what they are called by now. Compared once, however many are in each."""
    same: dict[int, bool] = {}
    for run in centre.runs.values():
        if id(run.scenario) not in same:
            now = centre.engine.scenario(run.id)
            same[id(run.scenario)] = run.scenario is now or run.scenario == now
    return {contact: run for contact, run in centre.runs.items() if not same[id(run.scenario)]}


def _other_code(centre: Centre) -> dict[ContactId, list[Handler]]:
    found = {
        contact: [code for code in run.code.values() if centre.engine.scenario(code.id) != code]
        for contact, run in centre.runs.items()
        if run.code
    }
    return {contact: code for contact, code in found.items() if code}


def _timer(at: float, order: int, fact: Fact) -> bytes:
    return f'[{at!r},{order},"{codec.KINDS[type(fact)]}",'.encode() + codec.dump(fact) + b"]"


def _pack(pieces: Pieces) -> bytes:
    """In a thread: the compressor lets the loop run on meanwhile."""
    packer = zlib.compressobj(1)
    packed: list[bytes] = []
    for piece in pieces:
        pages = [piece] if isinstance(piece, bytes) else piece
        for first in range(0, len(pages), PAGES_AT_ONCE):
            comma = b"," if first else b""
            packed.append(packer.compress(comma + b",".join(pages[first : first + PAGES_AT_ONCE])))
    return b"".join([*packed, packer.flush()])
