"""What the code of a tenant wants, judged before it is performed: a channel and the centre take it from drawn flows, which are looked at
before they count. Pure.
"""

from __future__ import annotations

import math
from typing import Final

from otklik.contact.decisions import Ask, Fetch, LookUp, Say, SendMessage, TakeMessage, TransferOutside
from otklik.contact.hearing import LONGEST_PHRASE, LONGEST_UTTERANCE_SECONDS, MOST_PHRASES, Hearing
from otklik.contact.ids import QueueId
from otklik.scenario.talk import ScenarioFault
from otklik.scenario.verbs import Choose, FreeTimes, Look, MayCallBack, Pause, Tries, World

LONGEST_SECONDS: Final = 3_600.0
MOST_DIGITS: Final = 40
TEXT_LIMIT: Final = 5_000
KEYS: Final = "0123456789*#"
MOST_TIMES: Final = 20
"""So many free times can be asked for at once."""
Wanted = (
    Say
    | Ask
    | TakeMessage
    | TransferOutside
    | Pause
    | Choose
    | Look
    | Tries
    | MayCallBack
    | FreeTimes
    | LookUp
    | Fetch
    | SendMessage
)


def judge(world: World, verb: Wanted) -> None:
    """Raises `ScenarioFault`."""
    match verb:
        case Say() | Ask():
            _spoken(verb)
        case TakeMessage():
            within("max_seconds", verb.max_seconds, LONGEST_SECONDS)
            within("silence_seconds", verb.silence_seconds, LONGEST_SECONDS)
            if not verb.max_seconds or not set(verb.keys) <= set(KEYS):
                raise ScenarioFault(f"a message takes some seconds, and is ended by keys of {KEYS}")
        case TransferOutside():
            within("ring_seconds", verb.to.ring_seconds, LONGEST_SECONDS)
            within("longest_seconds", verb.to.longest_seconds, 24 * LONGEST_SECONDS)
            if verb.written:
                raise ScenarioFault("a number that code says is none that the set-up has")
        case Pause():
            within("wait", verb.seconds, LONGEST_SECONDS)
        case SendMessage():
            if sum(len(each) for each in verb.parameters.values()) > TEXT_LIMIT:
                raise ScenarioFault(f"more than {TEXT_LIMIT} characters to be written at once")
        case LookUp() | Fetch():
            within("lock_seconds", verb.counted_seconds, 24 * LONGEST_SECONDS)
        case _:
            _asked(world, verb)


def known_queue(world: World, queue: str) -> None:
    if not world.has_queue(QueueId(queue)):
        raise ScenarioFault(f"there is no queue “{queue[:100]}”")


def within(name: str, seconds: float, most: float) -> None:
    if not math.isfinite(seconds) or not 0 <= seconds <= most:
        raise ScenarioFault(f"{name}: 0 to {most:g} seconds, and not {seconds}")


def _spoken(verb: Say | Ask) -> None:
    if sum(len(part.text) for part in verb.speech) > TEXT_LIMIT:
        raise ScenarioFault(f"more than {TEXT_LIMIT} characters to be said at once")
    if isinstance(verb, Say):
        return
    within("timeout_seconds", verb.timeout_seconds, LONGEST_SECONDS)
    if verb.hearing is not None:
        _hearing(verb.hearing)
    if not 1 <= verb.max_digits <= MOST_DIGITS or len(verb.terminator) > 1:
        raise ScenarioFault(f"1 to {MOST_DIGITS} digits and one terminator can be asked for")


def _asked(world: World, verb: Choose | Look | Tries | MayCallBack | FreeTimes) -> None:
    if isinstance(verb, Look | MayCallBack | FreeTimes):
        known_queue(world, verb.queue)
    if isinstance(verb, FreeTimes) and not (1 <= verb.limit <= MOST_TIMES and math.isfinite(verb.since or 0.0)):
        raise ScenarioFault(f"1 to {MOST_TIMES} free times can be asked for, from an instant on")


def _hearing(hearing: Hearing) -> None:
    within("longest_seconds", hearing.longest_seconds, LONGEST_UTTERANCE_SECONDS)
    within("silence_seconds", hearing.silence_seconds, LONGEST_UTTERANCE_SECONDS)
    phrases = [phrase for each in hearing.phrases.values() for phrase in each]
    if len(phrases) > MOST_PHRASES or any(len(phrase) > LONGEST_PHRASE for phrase in phrases):
        raise ScenarioFault(f"at most {MOST_PHRASES} phrases, of {LONGEST_PHRASE} characters each, can be listened for")
