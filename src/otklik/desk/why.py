"""Why a contact went where it went, in words: each step with what was decided, and each agent with the rule against."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from msgspec import structs
from pydantic import BaseModel

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
    Supervise,
    TakeMessage,
    TransferOutside,
    Withdraw,
)
from otklik.contact.facts import AgentForwarded, Answered, CallbackAsked, CallbackMoved, Fact, VerbFinished
from otklik.contact.handler import HandlerFailed, HandlerStepped
from otklik.contact.ids import ContactId, TenantId
from otklik.contact.outside_number import OutsideAsked
from otklik.desk.history import Named
from otklik.desk.instant import instant
from otklik.desk.why_written import of_writing
from otklik.errors import MESSAGES
from otklik.routing import Candidate

Texts = tuple[str, str]
"""Russian, English."""

_FACTS: Final[Mapping[str, Texts]] = {
    "configured": ("Изменены настройки", "The set-up was changed"),
    "contact_arrived": ("Обращение поступило на {dnis}", "The contact arrived at {dnis}"),
    "customer_not_found": ("Под этим номером или адресом никого нет", "Nobody is known by this number or address"),
    "identification_expired": ("Кто это, не узнано вовремя", "It was not found out in time who this is"),
    "customer_identified": ("Клиент узнан", "The customer was recognised"),
    "verb_finished": ("Сценарий, {block}: {outcome} {digits}", "Scenario, {block}: {outcome} {digits}"),
    "answered": ("Сценарий, {block}: {outcome} {reason} {exit}", "Scenario, {block}: {outcome} {reason} {exit}"),
    "scenario_finished": ("Сценарий обслужил клиента", "The scenario has served the customer"),
    "contact_queued": ("Встало в очередь «{queue}»", "Queued in “{queue}”"),
    "customer_left": ("Линия клиента закончилась: {cause}", "The customer's line ended: {cause}"),
    "recording_stored": ("Запись сохранена", "The recording was stored"),
    "recording_paused": ("{agent} приостанавливает запись", "{agent} paused the recording"),
    "recording_resumed": ("{agent} продолжает запись", "{agent} resumed the recording"),
    "recording_pause_expired": ("Время паузы записи вышло", "The pause of the recording ran out"),
    "recording_asked": ("{agent} включает запись", "{agent} began the recording"),
    "answer_written": ("{agent} отвечает письменно", "{agent} answered in writing"),
    "line_measured": ("Слышимость линии: {now}, MOS {mos} {agent}", "How the line is heard: {now}, MOS {mos} {agent}"),
    "offer_answered": ("{agent} отвечает", "{agent} answered"),
    "offer_declined": ("{agent} отклоняет", "{agent} declined"),
    "offer_expired": ("{agent} не отвечает вовремя", "{agent} did not answer in time"),
    "offer_failed": ("До {agent} не дозвониться: {cause}", "{agent} could not be rung: {cause}"),
    "agent_leg_ended": ("Линия {agent} закончилась: {cause}", "The line of {agent} ended: {cause}"),
    "rejoin_asked": ("{agent} возвращается после перезагрузки", "{agent} comes back after a reload"),
    "rejoin_expired": ("{agent} не возвращается вовремя", "{agent} did not come back in time"),
    "contact_held": ("{agent} ставит на удержание", "{agent} put it on hold"),
    "contact_retrieved": ("{agent} снимает с удержания", "{agent} took it back from hold"),
    "agent_muted": ("{agent}: микрофон, выключен: {muted}", "{agent}: microphone, muted: {muted}"),
    "contact_finished": ("{agent} завершает разговор", "{agent} ended the conversation"),
    "wrap_up_finished": ("{agent} сохраняет результат", "{agent} saved the outcome"),
    "wrap_up_expired": ("Время постобработки вышло", "Wrap-up ran out"),
    "announcement_due": ("Пора назвать место в очереди", "Time to say the place in the queue"),
    "wrap_up_extended": ("{agent} просит ещё времени", "{agent} asked for more time"),
    "contact_pulled": ("{agent} берёт из очереди", "{agent} picked it from the queue"),
    "contact_pushed": ("{by} передаёт оператору: {agent}", "{by} gave it to {agent}"),
    "contact_transferred": ("{agent} переводит: {target}", "{agent} transferred it to {target}"),
    "consultation_asked": ("{agent} советуется: {target}", "{agent} asks a colleague: {target}"),
    "consultation_turned": ("{agent} говорит теперь: {talks_to}", "{agent} talks to: {talks_to}"),
    "consultation_completed": ("{agent} передаёт клиента коллеге", "{agent} passed the customer on to the colleague"),
    "consultation_cancelled": ("{agent} возвращается к клиенту", "{agent} went back to the customer"),
    "participant_released": ("{agent} отключает участника", "{agent} took somebody out of the conference"),
    "supervision_started": ("{supervisor} подключается: {way}", "{supervisor} joins: {way}"),
    "supervision_changed": ("{supervisor} переходит: {way}", "{supervisor} goes over: {way}"),
    "supervision_ended": ("{supervisor} отключается", "{supervisor} leaves the conversation"),
    "contact_answered_for": ("{supervisor} отвечает за оператора", "{supervisor} answers for the agent"),
    "contact_taken_over": ("{supervisor} забирает разговор себе", "{supervisor} takes the conversation over"),
    "contact_stopped": ("{by} завершает разговор", "{by} ended the conversation"),
    "ring_due": ("Требование ослаблено, ступень {ring}", "The requirement was relaxed, ring {ring}"),
    "pin_expired": ("Время, отведённое одному оператору, вышло: {agent}", "The time for {agent} alone is over"),
    "incident_switched": ("Аварийный переключатель, включён: {on}", "Incident switch, on: {on}"),
    "alert_raised": ("Оповещение по правилу {rule}", "Alert by the rule {rule}"),
    "alert_over": ("Оповещение больше не действует", "The alert is over"),
    "alert_acknowledged": ("{name} видит оповещение", "{name} has seen to the alert"),
    "notice_posted": ("{by} пишет операторам", "{by} wrote to agents"),
    "notice_seen": ("{agent} видит сообщение", "{agent} has seen the message"),
    "notice_withdrawn": ("{by} отзывает сообщение", "{by} withdrew the message"),
    "agent_assigned": ("{by} переводит в другие очереди: {agent}", "{by} moved {agent} to other queues"),
    "assignment_ended": ("{by} возвращает в свои очереди: {agent}", "{by} returned {agent} to the usual queues"),
    "shift_started": ("{agent} начинает смену", "{agent} started the shift"),
    "shift_ended": ("{agent} заканчивает смену", "{agent} ended the shift"),
    "agent_reachable": ("Телефон доступен: {agent}", "The phone of {agent} is reachable"),
    "agent_unreachable": ("Телефон недоступен: {agent}", "The phone of {agent} is not reachable"),
    "agent_forwarded": ("Переадресация личных звонков: {agent}: {target}", "Personal calls of {agent} go: {target}"),
    "phone_chosen": ("{agent} принимает звонки теперь: {phone}", "{agent} takes calls now at: {phone}"),
    "status_chosen": ("{agent} выбирает статус: {status}", "{agent} chose the status {status}"),
    "colleague_called": ("{agent} звонит коллеге: {colleague}", "{agent} calls a colleague: {colleague}"),
    "call_placed": ("{agent} звонит клиенту", "{agent} calls the customer"),
    "call_answered": (
        "Клиент ответил на наш звонок, попытка {attempt}",
        "The customer answered our call, attempt {attempt}",
    ),
    "call_failed": (
        "Дозвониться не вышло, попытка {attempt}: {cause}",
        "The customer was not reached, attempt {attempt}: {cause}",
    ),
    "calls_out_changed": ("Внешняя линия для исходящих есть: {possible}", "A trunk for calls out is there: {possible}"),
    "callback_due": ("Время перезвона: пора в очередь", "Time to stand in line for the callback"),
    "callback_asked": ("{by} просит позвонить: {at}", "{by} asks for a call: {at}"),
    "callback_moved": ("{by} переносит звонок: {at}", "{by} moves the call: {at}"),
    "callback_expired": ("Срок перезвона вышел", "The time for the callback is over"),
    "callback_cancelled": ("{by} отменяет перезвон", "{by} cancelled the callback"),
    "contact_parked": ("{agent} откладывает", "{agent} parked it"),
    "contact_resumed": ("{agent} возвращает отложенное", "{agent} took it back from parking"),
    "contact_returned": ("{by} снимает с отложенных", "{by} returned it from parking"),
    "customer_wrote": ("Клиент пишет ещё", "The customer wrote more"),
    "parking_due": ("Пора вернуть отложенное", "Time for the parked contact to return"),
    "key_pressed": ("Клиент нажимает {key}", "The customer pressed {key}"),
    "limit_due": ("Прошло время, заданное для очереди", "A time set for the queue has passed"),
    "handler_stepped": (
        "Сценарий на Python после шага {step}: {verb}",
        "The Python scenario after step {step}: {verb}",
    ),
    "handler_failed": (
        "Сбой сценария на Python ({cause}): {reason}\n{traceback}",
        "The Python scenario failed ({cause}): {reason}\n{traceback}",
    ),
    "outside_asked": (
        "Сценарий, {block}: перевести на внешний номер",
        "Scenario, {block}: put through to an outside number",
    ),
    "contact_sent_outside": ("{agent} переводит на внешний номер", "{agent} transferred it to an outside number"),
    "outside_consulted": (
        "{agent} звонит посоветоваться на внешний номер",
        "{agent} asks somebody at an outside number",
    ),
    "outside_answered": ("На внешнем номере ответили", "The outside number answered"),
    "outside_ended": ("Линия на внешний номер закончилась: {cause}", "The line to the outside number ended: {cause}"),
    "outside_expired": ("Время, отведённое внешнему номеру, вышло", "The time for the outside number is over"),
    "decline_lapsed": ("{agent} снова может получить предложение", "{agent} may be offered it again"),
}
_DECISIONS: Final[Mapping[type[Decision], Texts]] = {
    Offer: ("предложено: {agent} (№ {offer}, звонит {ring_seconds:g} с)", "offered to {agent} (no. {offer}, rings {ring_seconds:g} s)"),
    Withdraw: ("предложение снято: {agent} (№ {offer})", "offer withdrawn from {agent} (no. {offer})"),
    Dial: ("звоним клиенту, попытка {attempt}", "calling the customer, attempt {attempt}"),
    CallOutside: ("звоним на внешний номер, до {ring_seconds:g} с", "calling the outside number, for {ring_seconds:g} s"),
    PutThrough: ("клиент соединён с внешним номером", "the customer was put through to the outside number"),
    EndOutside: ("линия на внешний номер закрыта", "the line to the outside number hung up"),
    Connect: ("соединено: {agent}", "connected with {agent}"),
    Rejoin: ("звоним снова: {agent}", "ringing {agent} again"),
    Release: ("линия отпущена: {agent}", "line of {agent} released"),
    Forwarded: ("личный звонок переадресован, не отвечает {agent}: {target}", "a personal call led on, since {agent} is away: {target}"),
    Refuse: ("отказано: {code}", "refused: {code}"),
    End: ("линия клиента закрыта", "the customer's line hung up"),
    HandOver: ("клиент соединён с коллегой: {agent}", "the customer was connected with the colleague: {agent}"),
    Join: ("звоним супервизору: {agent}", "ringing the supervisor: {agent}"),
    Supervise: ("супервизор {agent}: {way}", "supervisor {agent}: {way}"),
    EndSupervision: ("супервизор больше не слышит", "the supervisor hears nothing any more"),
    LookUp: ("спрошена база «{connection}»: {statement}", "asked the database “{connection}”: {statement}"),
    CallFunction: ("вызвана функция «{function}» из «{code}»", "called the function “{function}” of “{code}”"),
    Fetch: ("спрошен сервис «{service}»: {request}", "asked the service “{service}”: {request}"),
    SendMessage: ("отправлено письменно: {by}", "written: {by}"),
    ReportFault: ("сбой сценария, блок «{block}»: {reason}", "the scenario failed at “{block}”: {reason}"),
    EndConsultation: ("консультация закончена", "the consultation ended"),
    LeaveVoicemail: ("сообщение ждёт в очереди отдельным обращением", "the message waits in a queue as a contact of its own"),
}  # fmt: skip
_UNTOLD: Final = (
    RunScenario,
    CallHandler,
    TransferOutside,
    Enqueue,
    Finish,
    PlayMusic,
    Announce,
    Record,
    Say,
    Ask,
    TakeMessage,
    Hold,
    Retrieve,
    Mute,
    Consult,
    Gather,
)
_RULES: Final[Mapping[str, Texts]] = {
    "contact_not_waiting": ("обращение не ждёт", "the contact is not waiting"),
    "parked": ("отложено оператором", "parked by an agent"),
    "pinned_to_another": ("сейчас предлагается только другому", "offered to another agent alone now"),
    "identity_awaited": ("ещё не узнано, кто звонит", "it is not yet known who the customer is"),
    "ring_not_reached": ("ждёт слишком мало для этого оператора", "has not waited long enough for this agent"),
    "requirement_not_met": ("не отвечает требованию", "does not meet the requirement"),
    "not_in_queue": ("не в этой очереди", "not in this queue"),
    "offline": ("не на смене", "not on shift"),
    "not_ready": ("не готов", "not ready"),
    "ringing": ("звонит другое обращение или потеряна линия", "another contact rings there, or a line is lost"),
    "at_capacity": ("больше обращений этого канала сразу не берёт", "has as many of this channel as allowed"),
    "not_interruptible": ("занят тем, что этот канал не прерывает", "has in hand what this channel may not interrupt"),
    "other_channels": ("выбран статус для других каналов", "chose a status for other channels"),
    "draining": ("освобождается для того, кто ждёт на линии", "is coming free for somebody who waits on the line"),
    "in_wrap_up": ("постобработка", "in wrap-up"),
    "unreachable": ("телефон недоступен", "phone unreachable"),
    "declined": ("только что отклонил или передал это обращение", "has just declined this contact or passed it on"),
}

_IN_HAND: Final[Texts] = ("у этого оператора", "in this agent's hands")

_VALUES: Final[Mapping[object, Texts]] = {
    "code": ("ошибка в коде", "a fault in the code"),
    "time": ("вышло время", "out of time"),
    "memory": ("вышла память", "out of memory"),
    "crash": ("процесс завершился", "its process ended"),
    "start": ("не запустился", "it did not start"),
    "confinement": ("нечем изолировать", "it cannot be confined"),
    None: ("–", "–"),
    True: ("да", "yes"),
    False: ("нет", "no"),
    "listen": ("слушает обоих", "hears both"),
    "whisper": ("слышен только оператору", "heard by the agent alone"),
    "barge": ("говорит с обоими", "talks with both"),
    "customer": ("с клиентом", "the customer"),
    "colleague": ("с коллегой", "the colleague"),
    "both": ("с обоими", "both"),
    "hung_up": ("положена трубка", "hung up"),
    "busy_nowhere": ("некуда направить", "nowhere to go"),
    "media_lost": ("пропал звук", "the sound was lost"),
    "node_lost": ("перезапуск телефонной станции", "the telephone switch restarted"),
    "failed": ("технический сбой", "technical failure"),
    "lost": ("связь потеряна", "connection lost"),
    "busy": ("занято", "busy"),
    "no_answer": ("не отвечает", "no answer"),
    "rejected": ("отклонён", "rejected"),
    "cancelled": ("прекращён нами", "ended by us"),
    "impossible": ("звонить туда нельзя", "it must not be called"),
    "unallocated": ("такого номера нет", "no such number"),
    "no_line": ("телефон оператора не ответил", "the agent's own telephone did not answer"),
    "done": ("выполнен", "done"),
    "digits": ("нажато", "pressed"),
    "heard": ("сказано, понято как", "spoken, taken for"),
    "phrase": ("сказано своими словами, распознано на", "said in one's own words, recognised at"),
    "deaf": ("слушать некому", "nobody can listen"),
    "timeout": ("ничего не нажато", "no key pressed"),
    "found": ("найдено", "found"),
    "not_found": ("не найдено", "not found"),
    "no_address": ("адреса почты нет", "no mail address was left"),
    "too_many": ("адресу ушло слишком много писем за сутки", "this address has had too many mails within 24 hours"),
    "interrupted": ("неизвестно, ушло ли", "nobody knows whether it went out"),
    "forgotten": ("набранное не сохранилось", "what was keyed is kept no longer"),
    "late": ("не ответили вовремя", "no answer in time"),
    "unknown": ("нет в настройках", "not in the set-up"),
    "secret": ("секрет не задан", "the secret is not set"),
    "unreachable": ("нет связи", "cannot be reached"),
    "refused": ("отказано", "refused"),
    "unreadable": ("ответ не прочитать", "the answer cannot be read"),
    "too_large": ("ответ слишком велик", "the answer is too large"),
    "ready": ("готов", "ready"),
    "not_ready": ("не готов", "not ready"),
}


class WhyCandidate(BaseModel):
    """`rule` is null where an offer was possible; `facts` are the figures that the order was made by."""

    agent: Named
    rule: str | None
    ru: str
    en: str
    facts: dict[str, Any]


class WhyStep(BaseModel):
    """`considered` is not empty where somebody was offered, or could have been: best first, then the excluded."""

    seq: int
    at: datetime
    what: str
    ru: str
    en: str
    considered: list[WhyCandidate]


class Why(BaseModel):
    """`now`: every agent beside the contact at this moment, if it still waits."""

    contact: str
    steps: list[WhyStep]
    now: list[WhyCandidate] = []


class WhyContact(BaseModel):
    """A contact beside one agent: in hand, or waiting; `rule` is null where it could be offered at this moment."""

    contact: str
    queue: Named | None
    waited_seconds: float
    rule: str | None
    ru: str
    en: str
    facts: dict[str, Any]


class WhyAgent(BaseModel):
    """What an agent has in hand, what would come next, and what waits in the agent's queues for others."""

    agent: Named
    contacts: list[WhyContact]


class Told(Protocol):
    """A step as the switchboard retells it."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def fact(self) -> Fact: ...
    @property
    def decisions(self) -> Sequence[Decision]: ...
    @property
    def considered(self) -> Sequence[Candidate]: ...


Inquiry = Callable[[TenantId, ContactId, int | None], Awaitable[Sequence[Told]]]
"""The steps of a tenant's contact, up to a number in the log; empty for an unknown one."""


def tell(
    contact: str,
    steps: Iterable[Told],
    agents: Mapping[str, str],
    queues: Mapping[str, str],
    now: Iterable[Candidate] = (),
) -> Why:
    """`agents` and `queues`: names by id."""
    told = [_step(step, agents, queues) for step in steps]
    return Why(contact=contact, steps=told, now=[_candidate(each, agents, queues) for each in now])


def tell_agent(
    agent: str, beside: Iterable[Candidate], agents: Mapping[str, str], queues: Mapping[str, str]
) -> WhyAgent:
    """`agents` and `queues`: names by id."""
    in_hand = dict(zip(("ru", "en"), _IN_HAND, strict=True))
    shown = [
        WhyContact(
            contact=each.contact,
            queue=Named(id=each.queue, name=queues.get(each.queue, each.queue)) if each.queue else None,
            waited_seconds=each.waited_seconds,
            **_candidate(each, agents, queues).model_dump(exclude={"agent"})
            | (in_hand if each.rule == "contact_not_waiting" else {}),
        )
        for each in beside
    ]
    return WhyAgent(agent=Named(id=agent, name=agents.get(agent, agent)), contacts=shown)


def _step(step: Told, agents: Mapping[str, str], queues: Mapping[str, str]) -> WhyStep:
    texts = of_writing(step.fact) or _FACTS.get(step.kind, (step.kind, step.kind))
    clauses = [
        _DECISIONS.get(type(each), (type(each).__name__,) * 2) + (each,)
        for each in step.decisions
        if not isinstance(each, _UNTOLD)
        and not (isinstance(each, ReportFault) and isinstance(step.fact, HandlerFailed))
    ]

    def say(language: int) -> str:
        parts = [_fill(texts[language], language, step.fact, agents, queues)]
        return " → ".join(
            parts + [_fill(str(clause[language]), language, clause[2], agents, queues) for clause in clauses]
        )

    return WhyStep(
        seq=step.seq,
        at=datetime.fromtimestamp(step.at, UTC),
        what=step.kind,
        ru=say(0),
        en=say(1),
        considered=[_candidate(each, agents, queues) for each in step.considered],
    )


def _fill(
    text: str, language: int, about: Fact | Decision, agents: Mapping[str, str], queues: Mapping[str, str]
) -> str:
    values = structs.asdict(about)
    for field, names in (
        ("agent", agents),
        ("queue", queues),
        ("to_agent", agents),
        ("to_queue", queues),
        ("by", agents),
        ("supervisor", agents),
        ("colleague", agents),
    ):
        if values.get(field):
            values[field] = names.get(values[field], values[field])
    if isinstance(about, Refuse):
        values["code"] = MESSAGES[about.code]["en" if language else "ru"].format(state=_said(about.state, language))
    if isinstance(about, CallbackAsked | CallbackMoved):
        values["by"] = values["by"] or ("The customer" if language else "Клиент")
        values["at"] = instant(about.at, language)
    if isinstance(about, VerbFinished | Answered | OutsideAsked):
        unnamed, named = (("шаг {}", "«{}»"), ("step {}", "“{}”"))[language]
        values["block"] = named.format(about.block) if about.block else unnamed.format(about.step)
    if isinstance(about, VerbFinished) and about.outcome == "heard" and not about.digits and about.confidence:
        values |= {"outcome": "phrase", "digits": f"{about.confidence:.0%}"}
    if isinstance(about, HandlerStepped):
        values["verb"] = " ".join(str(about.verb[each]) for each in ("kind", "block", "queue") if about.verb.get(each))
    values["target"] = values.get("to_agent") or values.get("to_queue") or _led_to(about, language, agents, queues)
    return text.format(**{name: _said(value, language) for name, value in values.items()}).strip()


def _led_to(about: Fact | Decision, language: int, agents: Mapping[str, str], queues: Mapping[str, str]) -> str | None:
    """Without the number: it may be somebody's own."""
    usual, nowhere, outside = (
        ("как в настройках", "никуда", "внешний номер"),
        ("as the set-up says", "nowhere", "a number outside"),
    )[language]
    if isinstance(about, Forwarded):
        return outside if about.outside else None
    if not isinstance(about, AgentForwarded):
        return None
    to = about.to
    if to is None:
        return usual
    if to.agent is not None:
        return agents.get(to.agent, to.agent)
    if to.queue is not None:
        return queues.get(to.queue, to.queue)
    return outside if to.outside else nowhere


def _said(value: object, language: int) -> object:
    """In words, where a program's word would be read. Numbers stay: 1 is no "yes"."""
    if value is None or isinstance(value, str | bool):
        texts = _VALUES.get(value)
        return texts[language] if texts else value
    return value


def _candidate(candidate: Candidate, agents: Mapping[str, str], queues: Mapping[str, str]) -> WhyCandidate:
    values = asdict(candidate)
    agent, rule = values.pop("agent"), values.pop("rule")
    del values["contact"], values["queue"]
    ru, en = _RULES.get(str(rule), (str(rule), str(rule))) if rule else ("можно предложить", "could be offered")
    if candidate.through is not None:
        queue = queues.get(candidate.through, candidate.through)
        ru, en = f"{ru} (помогает очередь «{queue}»)", f"{en} (“{queue}” helps out)"
    return WhyCandidate(
        agent=Named(id=agent, name=agents.get(agent, agent)),
        rule=str(rule) if rule else None,
        ru=ru,
        en=en,
        facts={name: value for name, value in values.items() if value is not None},
    )
