"""The words of customers in what a scenario says and asks. Decisions are logged, and words stand nowhere but in `contact_said`
(docs/adr/0041): so a decision names the step that heard them, and whoever performs it puts them in. Pure.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from msgspec.structs import replace

from otklik.contact.decisions import Ask, CallFunction, Fetch, LookUp, Say, SendMessage
from otklik.contact.facts import VerbFinished
from otklik.contact.handler import HandlerFact, HandlerFailed, HandlerStepped
from otklik.contact.hearing import PLACE as PLACE
from otklik.contact.hearing import REQUEST_STEP, fields_of_request, place_in_request, place_of, put, put_all
from otklik.contact.mail_address import mailbox
from otklik.scenario.asked import CALLERS_NUMBER
from otklik.scenario.verbs import Visitor

OF_REQUEST: Final = "request."
Spoken = Say | Ask | LookUp | Fetch | CallFunction | SendMessage
"""Decisions with places for words."""
OfThem = TypeVar("OfThem", bound=Spoken)
_SAID: Final = (Say, Ask)
_IN_REQUEST: Final = f"{{said {REQUEST_STEP} "


@dataclass(slots=True)
class Words:
    """By the name they have in texts and conditions. They do not go with the contact, except a phrase that an attribute keeps."""

    known: dict[str, str] = field(default_factory=dict)
    """To be compared, and nothing else."""
    places: dict[str, str] = field(default_factory=dict)
    """To be written."""
    heard: dict[int, str] = field(default_factory=dict)
    """By step, to be compared: those for which an attribute has a place."""

    def __post_init__(self) -> None:
        """What a written request has brought is known as `request.` and its name."""
        for name, value in fields_of_request(self.heard.get(REQUEST_STEP, "")).items():
            self.known[OF_REQUEST + name], self.places[OF_REQUEST + name] = value, place_in_request(name)

    def keep(self, name: str, words: str, step: int) -> None:
        self.known[name], self.places[name] = words, place_of(step)

    def phrase(self, words: str, step: int) -> str:
        """What an attribute keeps of it."""
        self.heard[step] = words
        return place_of(step)

    def compared(self, attributes: Mapping[str, str]) -> dict[str, str]:
        return {**put_all(attributes, self.heard), **self.known}

    def forget(self, name: str) -> None:
        self.known.pop(name, None)
        self.places.pop(name, None)


class Stepped(Protocol):
    """A run of a handler."""

    replies: list[VerbFinished]
    stepped: list[HandlerFact]

    @property
    def visitor(self) -> Visitor: ...


LEAST_LETTERS: Final = 4
"""Fewer say little of anybody, and would be found in anything."""
LEAST_OF_A_FIELD: Final = 2
"""Of a written request, whose fields are names, too: fewer than `LEAST_LETTERS` are looked for as a whole word. Figures are not, since
they are compared with others."""


def places_of(run: Stepped) -> dict[str, str]:
    """What the code of a handler was told that must not be written, and the place that stands for it."""
    asked = {went.verb.get("step"): went.verb for went in run.stepped if isinstance(went, HandlerStepped)}
    before = {words: place_of(step) for step, words in run.visitor.said.items() if len(words) >= LEAST_LETTERS}
    request = fields_of_request(run.visitor.said.get(REQUEST_STEP, ""))
    before |= {value: place_in_request(name) for name, value in request.items() if _tells_of_somebody(value)}
    return before | {
        reply.said: place_of(reply.step)
        for reply in run.replies
        if len(reply.said) >= LEAST_LETTERS and reply.said.casefold() not in _listened_for(asked.get(reply.step))
    }


def _tells_of_somebody(value: str) -> bool:
    """The field of a request."""
    return len(value) >= LEAST_LETTERS or (len(value) >= LEAST_OF_A_FIELD and any(map(str.isalpha, value)))


def _listened_for(verb: dict[str, Any] | None) -> set[str]:
    """Judged already, when the step was performed."""
    phrases: dict[str, list[str]] = ((verb or {}).get("hearing") or {}).get("phrases") or {}
    return {phrase.casefold() for each in phrases.values() for phrase in each}


def told_to_code(visitor: Visitor) -> dict[str, str]:
    """The attributes as a handler sees them: with the words, and with what a written request has brought."""
    request = fields_of_request(visitor.said.get(REQUEST_STEP, ""))
    return {**put_all(visitor.attributes, visitor.said), **{OF_REQUEST + name: each for name, each in request.items()}}


_VALUES: Final = {"parameters": "", "attributes": "", "choices": "", "speech": "text", "cases": "one_of"}
"""Where a step of a handler has values, and under what name in there. All else names something of the set-up, which a caller may say, too."""
_NUMBERS: Final = {"to": "dial", "counted": ""}
"""Where the caller's number alone is looked for: they are known by what they are."""


def hidden(went: HandlerFact, places: Mapping[str, str], numbers: Sequence[str]) -> HandlerFact:
    """What came of a step, with a place wherever a value has the caller's words or one of the `numbers`, which are the caller's own.
    Names of attributes and parameters stay."""
    own = dict.fromkeys(numbers, CALLERS_NUMBER)
    every = {**places, **own}
    learnt = _of_its_own(went.learnt)
    if not every:
        return went if learnt is went.learnt else replace(went, learnt=learnt)
    learnt = _values_hidden(learnt, every)
    if isinstance(went, HandlerFailed):
        reason, told = _hidden(went.reason, every), _hidden(went.traceback, every)
        return replace(went, reason=reason, traceback=told, learnt=learnt)
    verb = _values_hidden(went.verb, every)
    for name in verb.keys() & _NUMBERS.keys():
        verb[name] = _hidden(verb[name], own, _NUMBERS[name])
    return replace(went, verb=verb, learnt=learnt)


def _of_its_own(learnt: dict[str, Any]) -> dict[str, Any]:
    """What a request has brought is there anyway, and does not go with the contact."""
    attributes = learnt.get("attributes")
    if not isinstance(attributes, dict) or not any(name.startswith(OF_REQUEST) for name in attributes):
        return learnt
    own = {name: value for name, value in attributes.items() if not name.startswith(OF_REQUEST)}
    return {**learnt, "attributes": own}


def hidden_values(
    values: Mapping[str, str], parameters: Mapping[str, str], run: Heard, numbers: Sequence[str]
) -> dict[str, str]:
    """What a function gave back, likewise; the words are those that it was given, by the places in its `parameters`."""
    found = {place[0] for value in parameters.values() for place in PLACE.finditer(value)}
    said = words_of(run)
    places = {
        words: place
        for place in found
        if len(words := put(place, said)) >= LEAST_LETTERS
        or (place.startswith(_IN_REQUEST) and _tells_of_somebody(words))
    }
    every = places | dict.fromkeys(numbers, CALLERS_NUMBER)
    return {name: str(_hidden(value, every)) for name, value in values.items()}


def _values_hidden(told: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    return {name: _hidden(value, places, _VALUES[name]) if name in _VALUES else value for name, value in told.items()}


def _hidden(value: Any, places: Mapping[str, str], under: str = "") -> Any:
    """`under`: only what has this name; empty: every value."""
    if isinstance(value, dict):
        return {name: _hidden(each, places, "" if name == under else under) for name, each in value.items()}
    if isinstance(value, list):
        return [_hidden(each, places, under) for each in value]
    if not isinstance(value, str) or under or not places:
        return value
    # At once, so that nothing is found in a place; the longest first.
    longest_first = sorted(places, key=len, reverse=True)
    found = re.compile("|".join(_looked_for(words, places[words]) for words in longest_first))
    return found.sub(lambda each: places[each[0]], value)


def _looked_for(words: str, place: str) -> str:
    short = len(words) < LEAST_LETTERS and place.startswith(_IN_REQUEST)
    return rf"(?<!\w){re.escape(words)}(?!\w)" if short else re.escape(words)


class Heard(Protocol):
    """A run, that is."""

    replies: list[VerbFinished]

    @property
    def name(self) -> str: ...

    @property
    def visitor(self) -> Visitor: ...


def words_of(run: Heard | None) -> dict[int, str]:
    """By step, those that an earlier scenario of the contact has heard among them."""
    if run is None:
        return {}
    return {**run.visitor.said, **{reply.step: reply.said for reply in run.replies if reply.said}}


def letter_of(asked: LookUp | Fetch | SendMessage, run: Heard | None) -> str | None:
    """The name of the scenario whose letter it is: the mail of a written request, or one to an address that the customer has said or
    written, also where code has written it differently, which may be anybody's. None: it is no letter, and is sent each time."""
    if not isinstance(asked, SendMessage) or asked.by != "mail" or asked.reply:
        return asked.block if isinstance(asked, SendMessage) and asked.reply else None
    if run is None:
        return None
    to = mailbox(put(asked.parameters.get("to", ""), words_of(run)))
    told = [each for said in words_of(run).values() for each in (said, *fields_of_request(said).values())]
    return run.name if to and to in map(mailbox, told) else None


def worded(decision: OfThem, run: Heard | None) -> OfThem:
    """With the words in their places, to be performed and not to be kept. Of a step that heard none, none."""
    if isinstance(decision, _SAID):
        if not any("{said " in part.text for part in decision.speech):
            return decision
        known = words_of(run)
        speech = tuple(dataclasses.replace(part, text=put(part.text, known)) for part in decision.speech)
        return replace(decision, speech=speech)
    if not any("{said " in value for value in decision.parameters.values()):
        return decision
    return replace(decision, parameters=dict(put_all(decision.parameters, words_of(run))))
