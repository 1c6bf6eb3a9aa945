"""The loop of one tenant: facts in, committed to the log, handed to deciding code, decisions performed.

A fact is appended before anything is decided from it; facts that wait together are committed together.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import assert_never

import structlog
from msgspec.structs import asdict, replace

from otklik.contact.configuration import LIVE, Speech
from otklik.contact.decisions import (
    Announce,
    Ask,
    CallFunction,
    CallHandler,
    CallOutside,
    Connect,
    Consult,
    Decision,
    Dial,
    DropRecording,
    End,
    EndConsultation,
    EndOutside,
    EndSupervision,
    Enqueue,
    Fetch,
    Finish,
    Forwarded,
    Gather,
    HandOver,
    Hold,
    Join,
    LeaveVoicemail,
    LookUp,
    Mute,
    Offer,
    PlayMusic,
    PutThrough,
    Record,
    Refuse,
    Rejoin,
    Release,
    ReportFault,
    Retrieve,
    RunScenario,
    Say,
    SendMessage,
    SetTimer,
    SilenceRecording,
    Supervise,
    TakeMessage,
    TransferOutside,
    VoiceDecision,
    Withdraw,
)
from otklik.contact.facts import (
    Configured,
    ContactArrived,
    ContactQueued,
    CustomerLeft,
    Fact,
    IdentificationExpired,
    RecordingStored,
    ScenarioFinished,
    VerbFinished,
)
from otklik.contact.ids import ContactId, EntryPointId, TenantId
from otklik.contact.ports import Handlers, KnownLine, Outside, Voice
from otklik.customer.identity import e164
from otklik.desk.view import iso
from otklik.errors import AppError, PeerError
from otklik.routing.contact import ContactState, LiveContact
from otklik.scenario.talk import CALLERS_NUMBER
from otklik.scenario.words import letter_of, worded
from otklik.storage.engine import Database
from otklik.storage.log import Deposed, EventLog, Unstorable
from otklik.switchboard.cards import Cards
from otklik.switchboard.decided import Decided
from otklik.switchboard.deciding import Around, Deciding, followed_by, outside_asked, voicemail_of
from otklik.switchboard.faults import Faults
from otklik.switchboard.feed import Feed
from otklik.switchboard.figures import BATCH, DECISIONS, FACTS, WAITING_FACTS
from otklik.switchboard.handling import Handling, failed_instead
from otklik.switchboard.letters import Letters
from otklik.switchboard.outbox import Outboxes
from otklik.switchboard.outside import Asking
from otklik.switchboard.projector import Projector
from otklik.switchboard.recordings import Recordings
from otklik.switchboard.replies import Replies
from otklik.switchboard.timers import Timers

log = structlog.get_logger()

Waiting = tuple[Fact, "asyncio.Future[list[Decision]] | None"]

BATCH_LIMIT = 500
NEW_CONTACT_LIMIT = 5_000
"""Facts that may wait before new contacts are refused; facts of contacts already here are always taken."""
RETRY_SECONDS = 0.5


class Centre(Deciding):
    """One tenant's running centre. Made and recovered by `recovery.open_centre`."""

    def __init__(
        self,
        tenant: TenantId,
        *,
        database: Database,
        event_log: EventLog,
        voice: Voice,
        clock: Callable[[], float],
        outside: Outside | None = None,
        handlers: Handlers | None = None,
        default_region: str = "RU",
    ) -> None:
        super().__init__()
        self.tenant = tenant
        self.event_log = event_log
        self.clock = clock
        self.default_region = default_region
        self.last_seq = 0
        self.changed: set[ContactId] | None = None
        """While a snapshot is being taken: the contacts that changed since they were written into it."""
        self.saving = asyncio.Lock()
        self.owed: dict[ContactId, LeaveVoicemail] = {}
        """Messages that were left, and are not yet in the log as contacts."""
        self.timers = Timers(clock, self._fire)
        self.cards = Cards(
            tenant,
            database,
            self.post,
            lambda contact: self.engine.contact(contact) is not None,
            awaited=lambda contact: self.engine.identity_awaited(contact),
        )
        self.letters = Letters(tenant, database, lambda: self.feed.refresh_all())
        self.feed = Feed(lambda: self.engine, self.cards, clock, self.letters)
        replies = Replies(tenant, database, outside)
        self.asking = Asking(tenant, outside, lambda: self.engine.configuration, self._number, self.post, replies)
        self.handling = Handling(tenant, handlers, self.post)
        self.faults = Faults(tenant, database)
        self.projector = Projector(tenant, database)
        self.decided = Decided(event_log)
        self.recordings = Recordings(lambda: self.engine.configuration)
        self.outboxes = Outboxes(self._perform_on(voice), self.post, self._before_offer, self._known, self._about)
        self._waiting: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._stopping = False

    # facts in

    def post(self, fact: Fact) -> None:
        """See `Inbox.post`."""
        if isinstance(fact, ContactArrived):
            if self._stopping:
                raise AppError("centre_stopping", 503)
            if len(self._waiting) >= NEW_CONTACT_LIMIT:
                raise AppError("centre_overloaded", 503)
        self._come(fact)

    def _come(self, fact: Fact) -> None:
        if isinstance(fact, CustomerLeft) and self.is_over(fact.contact):
            return
        self._take(fact, None)
        if isinstance(fact, ContactArrived) and (self.feed.watched or self.engine.identity_first):
            self.cards.ahead(fact)

    async def submit(self, fact: Fact) -> list[Decision]:
        """See `Inbox.submit`."""
        if self._stopping:
            raise AppError("centre_stopping", 503)
        done: asyncio.Future[list[Decision]] = asyncio.get_running_loop().create_future()
        self._take(fact, done)
        try:
            async with asyncio.timeout(10):
                decisions = await done
        except TimeoutError as error:
            raise AppError("centre_overloaded", 503) from error
        for decision in decisions:
            if isinstance(decision, Refuse):
                raise _error(decision)
        return decisions

    def _fire(self, fact: Fact) -> None:
        if self.matters(fact):
            self.post(fact)

    def matters(self, timer: Fact) -> bool:
        """A timer of a contact that is over would change nothing: it does not even burden the log."""
        contact = _contact(timer)
        if contact is not None and isinstance(timer, IdentificationExpired):
            return self.engine.identity_awaited(contact)
        return contact is not None and self.engine.contact(contact) is not None

    def _take(self, fact: Fact, done: asyncio.Future[list[Decision]] | None) -> None:
        self._waiting.append((self.to_be_written(fact), done))
        self._arrived.set()

    # the loop

    async def run(self) -> None:
        """Until cancelled. Raises `Deposed` when another process has taken the tenant."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_LIMIT))]
                await self._commit_and_handle(batch)

    async def drain(self) -> None:
        """Before a stop: refuse new questions, let what is already here be committed (at most 5 s)."""
        self._stopping = True
        try:
            async with asyncio.timeout(5):
                while self._waiting:  # noqa: ASYNC110  only at a stop; an event on every batch would cost more
                    await asyncio.sleep(0.02)
        except TimeoutError:
            log.warning("drain_incomplete", tenant=self.tenant, facts=len(self._waiting))

    async def _commit_and_handle(self, batch: list[Waiting]) -> None:
        WAITING_FACTS.set(len(self._waiting))
        BATCH.observe(len(batch))
        now = self.clock()
        try:
            await self._append([(now, fact) for fact, _ in batch])
        except Unstorable as error:
            await self._without_the_unstorable(batch, error)
            return
        decided = [(self._handle(fact, now), done) for fact, done in batch]
        # What rings is not to wait for what pages show: one turn for the outboxes, one for what they have sent.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.decided.note(self.last_seq, [decisions or [] for decisions, _ in decided])
        self.touched()
        for (fact, done), (decisions, _) in zip(batch, decided, strict=True):
            if done is None or done.done():
                continue
            if decisions is None:
                done.set_exception(AppError("internal_error", 500, id=type(fact).__name__))
            else:
                done.set_result(decisions)

    async def _without_the_unstorable(self, batch: list[Waiting], error: Unstorable) -> None:
        """One fact that cannot be written must not take its neighbours, let alone the tenant, with it."""
        if len(batch) > 1:
            for one in batch:
                await self._commit_and_handle([one])
            return
        fact, done = batch[0]
        log.error("fact_unstorable", tenant=self.tenant, fact=type(fact).__name__, reason=str(error))
        if (instead := failed_instead(fact)) is not None:
            self.post(instead)
        if done is not None and not done.done():
            done.set_exception(AppError("internal_error", 500, id=type(fact).__name__))

    async def _append(self, stamped: list[tuple[float, Fact]]) -> None:
        """Holds the batch, in order, until the log takes it: nothing is decided from a fact that could be lost."""
        while True:
            try:
                self.last_seq = await self.event_log.append(stamped)
                return
            except PeerError as error:
                log.error("log_unavailable", tenant=self.tenant, facts=len(stamped), reason=str(error))
                await asyncio.sleep(RETRY_SECONDS)
            except Deposed:
                log.error("deposed", tenant=self.tenant, facts=len(stamped))
                await self.outboxes.close()
                raise

    def _handle(self, fact: Fact, now: float) -> list[Decision] | None:
        """None: nothing could be decided."""
        FACTS.labels(type(fact).__name__).inc()
        if isinstance(fact, VerbFinished) and fact.secret:
            fact = self.asking.keep(fact, wanted=fact.contact in self.runs)
        try:
            decisions = self.decide(fact, now)
        except Exception:  # noqa: BLE001  one bad contact must not end the tenant
            log.exception("decide_failed", tenant=self.tenant, fact=type(fact).__name__, contact=_contact(fact))
            if self.changed is not None:
                self.changed |= {contact.id for contact in self.engine.contacts()}
            return None
        if self.changed is not None:
            self.changed |= self.concerned(fact, decisions)
        if isinstance(fact, ContactArrived):
            self.owed.pop(fact.contact, None)
        self.cards.follow(fact)
        self.letters.follow(fact)
        if isinstance(fact, ContactQueued | ScenarioFinished | CustomerLeft):
            self.asking.forget(fact.contact)
            self.handling.forget(fact.contact)
        if isinstance(fact, Configured):
            self.handling.expect(self.engine.configuration.handlers)
        if isinstance(fact, RecordingStored):
            self.projector.follow_recording(fact, self._known)
        for decision in decisions:
            self._perform(decision)
        return decisions

    def concerned(self, fact: Fact, decisions: Sequence[Decision]) -> set[ContactId]:
        """The contacts that the fact may have changed, beside those that the engine calls touched."""
        if isinstance(fact, Configured):
            return {contact.id for contact in self.engine.contacts()}
        timers = [decision.fact for decision in decisions if isinstance(decision, SetTimer)]
        found = {getattr(each, "contact", None) for each in (fact, *decisions, *timers)}
        return {contact for contact in found if contact is not None}

    def lines(self) -> tuple[list[KnownLine], list[KnownLine]]:
        """Those that should be there, and those that should be gone."""
        known = [each for each in (*self.engine.contacts(), *self.engine.ended()) if each.channel in LIVE]
        return [_line(contact) for contact in known if contact.open], [_line(c) for c in known if not c.open]

    def resume(self) -> None:
        """After a restart: what was decided last may not have been done. Whoever was being told or asked something
        hears it again from its beginning, whoever waits hears music."""
        for run in self.runs.values():
            for decision in run.pending:
                if not isinstance(decision, SetTimer):  # it is armed already
                    self._perform(decision)
        for decision in (*self.engine.words_under_way(), *self.engine.calls_under_way()):
            self._perform(self.told_of_incident(decision))
        for contact in [each for each in self.engine.contacts() if each.open and each.music]:
            self._perform(PlayMusic(contact=contact.id))

    # decisions out

    def _perform(self, decision: Decision) -> None:
        DECISIONS.labels(type(decision).__name__).inc()
        match decision:
            case SetTimer():
                self.timers.set(decision.at, decision.fact)
            case Enqueue() | Finish() | TransferOutside():
                self.post(self._followed_by(decision))
            case LeaveVoicemail():
                self.leave_voicemail(decision)
            case ReportFault():
                log.error("scenario_failed", tenant=self.tenant, **asdict(decision))
                self.faults.note(decision, self.now)
            case LookUp() | Fetch() | SendMessage():
                run = self.runs.get(decision.contact)
                self.asking.ask(worded(decision, run), letter_of=letter_of(decision, run))
            case CallHandler() | CallFunction():
                self.handling.call(decision, self.runs.get(decision.contact), Around(self, decision.contact).visitor())
            case RunScenario() | Refuse() | Forwarded():
                pass  # started in `decide`; answered in `submit`; told by `why`
            case Offer() if not decision.away:
                self.outboxes.put(decision)
            case Offer() | Dial() | CallOutside():
                self.outboxes.put(self._with_numbers(decision))
            case Say() | Ask() | Announce():
                self._say(decision)
            case (
                Record() | SilenceRecording() | DropRecording() | TakeMessage() | PlayMusic() | Withdraw() | Connect() | Hold()
                | Retrieve() | Mute() | Rejoin() | Release() | End() | Consult() | EndConsultation() | HandOver() | Gather()
                | Join() | Supervise() | EndSupervision() | EndOutside() | PutThrough()
            ):  # fmt: skip
                self.outboxes.put(decision)
            case _:
                assert_never(decision)

    def _say(self, decision: Say | Ask | Announce) -> None:
        if not isinstance(decision, Announce):
            decision = worded(decision, self.runs.get(decision.contact))
        if isinstance(decision, Ask) and decision.keys_of:
            self._read_back(decision)
        else:
            self.outboxes.put(replace(decision, speech=self._spoken(decision)))

    def _spoken(self, decision: Say | Ask | Announce) -> tuple[Speech, ...]:
        """Where a handler says the caller's number, it stands in no log."""
        speech = decision.speech
        if any(CALLERS_NUMBER in part.text for part in speech):
            number = self._number(decision.contact)
            speech = tuple(dataclasses.replace(each, text=each.text.replace(CALLERS_NUMBER, number)) for each in speech)
        return self.recordings.over(speech)

    def leave_voicemail(self, decision: LeaveVoicemail) -> None:
        """Taken however many contacts wait: it is here already."""
        arrived = voicemail_of(decision, self.engine)
        if arrived is not None:
            self.owed[arrived.contact] = decision
            self._come(arrived)

    def _with_numbers(self, decision: Offer | Dial | CallOutside) -> Offer | Dial | CallOutside:
        """Who is called back, and what number the customer sees: kept out of the log of decisions."""
        if (contact := self.engine.contact(decision.contact)) is None:
            return decision
        if isinstance(decision, CallOutside):
            return self._outside_with_numbers(decision, contact)
        if isinstance(decision, Offer):
            return replace(decision, number=contact.called_number)
        caller = self._number_of(contact.entry_point, contact.dnis)
        return replace(decision, number=contact.called_number, caller=caller)

    def _outside_with_numbers(self, decision: CallOutside, contact: LiveContact) -> CallOutside:
        if (outside := contact.outside) is None or outside.attempt != decision.attempt:
            return decision
        caller = contact.ani if outside.to.shows_customer else None
        caller = caller or self._number_of(outside.to.entry_point or contact.entry_point, contact.dnis)
        return replace(decision, number=outside.number, caller=caller)

    def _number_of(self, entry_point: EntryPointId, otherwise: str) -> str:
        entries = self.engine.configuration.entry_points
        return next((each.number for each in entries if each.id == entry_point), otherwise)

    def _followed_by(self, decision: Enqueue | Finish | TransferOutside) -> Fact:
        if isinstance(decision, TransferOutside):
            return outside_asked(decision, self.default_region, self._number(decision.contact))
        return followed_by(decision, self._given_number(decision))

    def _given_number(self, decision: Enqueue | Finish) -> str | None:
        """In the international form where it can be told; otherwise the engine says that it cannot be called."""
        if not isinstance(decision, Enqueue) or not decision.number_step:
            return None
        keyed = self.asking.keys(decision.contact, decision.number_step)
        return e164(keyed, self.default_region) or e164(f"+{keyed}") or keyed if keyed is not None else None

    def _read_back(self, ask: Ask) -> None:
        keyed = self.asking.keys(ask.contact, ask.keys_of)
        if keyed is None:
            self.post(VerbFinished(contact=ask.contact, step=ask.step, outcome="failed", block=ask.block))
            return
        language = ask.speech[0].language if ask.speech else "ru"
        digits = (Speech(text=digit, language=language) for digit in keyed)
        self.outboxes.put(replace(ask, speech=self.recordings.over((*ask.speech[:1], *digits, *ask.speech[1:]))))

    def _number(self, contact: ContactId) -> str:
        return found.ani or "" if (found := self.engine.contact(contact)) is not None else ""

    def _perform_on(self, voice: Voice) -> Callable[[VoiceDecision], Awaitable[None]]:
        # Not a task: it would stand in line behind pages and records before its command is even sent.
        return lambda decision: voice.perform(self.tenant, decision) if self._on_line(decision) else _shown()

    def _on_line(self, decision: VoiceDecision) -> bool:
        """What was written has no line: the agent's page shows it, and there is nothing to be performed."""
        return self.engine.channel(decision.contact) in LIVE

    def _known(self, contact: ContactId) -> bool:
        return self.engine.record(contact) is not None

    def _about(self, contact: ContactId) -> ContactId:
        return self.engine.about(contact)

    async def _before_offer(self, decision: Offer | Rejoin | Join) -> None:
        """The card is on the screen before the ring, if there is a screen; a telephone alone rings at once."""
        if self.feed.shows(decision.agent):
            await self.cards.ready(self.engine.about(decision.contact))
            await self.letters.ready(self.engine.about(decision.contact))
            self.feed.push(decision.agent)

    def touched(self) -> None:
        """What changed since the last time goes to the accounts and to the pages."""
        touched = self.engine.take_touched()
        if self.changed is not None:
            self.changed |= touched.contacts
        self.projector.add(touched)
        self.feed.touched(touched)


def _error(refused: Refuse) -> AppError:
    if refused.nearest is None:
        return AppError(refused.code, 409, state=refused.state)
    return AppError(refused.code, 409, state=refused.state, nearest=iso(refused.nearest))


async def _shown() -> None:
    pass


def _line(contact: LiveContact) -> KnownLine:
    callback, outside = contact.callback, contact.outside
    attempt = callback.attempts if callback is not None and callback.live else 0
    talks = contact.state in (ContactState.TALKING, ContactState.HELD, ContactState.DIALLING)
    return KnownLine(
        contact=contact.id,
        leg=contact.leg,
        agent=contact.agent if talks else None,
        offer=contact.line if talks else None,
        attempt=attempt,
        dialling=attempt > 0 and contact.state in (ContactState.DIALLING, ContactState.POSTPONED),
        away=contact.away,
        outside=outside.attempt if outside is not None else 0,
        outside_beside=outside.beside if outside is not None else None,
        consults=contact.consults,
        came_from=contact.came_from,
        beside=tuple((each.supervisor, line) for each in contact.supervisors for line in each.lines),
    )


def _contact(fact: Fact) -> ContactId | None:
    return getattr(fact, "contact", None)
