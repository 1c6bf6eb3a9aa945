"""What a contact asks of an agent: `english >= 5 and (sales or support >= 3) and not agent boris and language = ru`.

A bare skill means level 1 or more; `=` and `!=` with a word or a quoted text compare an attribute (`language` is one);
`agent ID` is one agent. `not` binds closest, then `and`, then `or`. The empty text asks for nothing.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple, Protocol, assert_never

from otklik.contact.configuration import Queue

DEPTH_LIMIT: Final = 40
"""Parentheses and negations within each other; deeper is a mistake, or somebody who tries us."""

Comparison = Literal[">=", ">", "=", "<", "<=", "!="]

COMPARE: Final[dict[Comparison, Callable[[int, int], bool]]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class SkillTest:
    """An agent without the skill has level 0 in it."""

    skill: str
    comparison: Comparison
    level: int


@dataclass(frozen=True, slots=True)
class AttributeTest:
    """An agent without the attribute has the empty text in it."""

    name: str
    value: str
    equal: bool = True


@dataclass(frozen=True, slots=True)
class AgentTest:
    agent: str


@dataclass(frozen=True, slots=True)
class Not:
    term: Requirement


@dataclass(frozen=True, slots=True)
class Every:
    terms: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Either:
    terms: tuple[Requirement, ...]


Test = SkillTest | AttributeTest | AgentTest
Requirement = Test | Not | Every | Either

NOTHING: Final = Every(())
"""Asks for nothing: everybody will do."""


class BadRequirement(Exception):
    """The text is no requirement. `position` counts characters from 1; `wanted` says what should stand there."""

    def __init__(self, position: int, wanted: str) -> None:
        super().__init__(f"at character {position}: {wanted}")
        self.position = position
        self.wanted = wanted


class Able(Protocol):
    """Whoever can be asked: an agent as configured."""

    @property
    def id(self) -> str: ...
    @property
    def skills(self) -> dict[str, int]: ...
    @property
    def attributes(self) -> dict[str, str]: ...


# asking


def holds(requirement: Requirement, agent: Able) -> bool:
    match requirement:
        case SkillTest():
            return COMPARE[requirement.comparison](agent.skills.get(requirement.skill, 0), requirement.level)
        case AttributeTest():
            return (agent.attributes.get(requirement.name, "") == requirement.value) is requirement.equal
        case AgentTest():
            return agent.id == requirement.agent
        case Not():
            return not holds(requirement.term, agent)
        case Every():
            return all(holds(term, agent) for term in requirement.terms)
        case Either():
            return any(holds(term, agent) for term in requirement.terms)
        case _:
            assert_never(requirement)


def fault(requirement: Requirement, agent: Able) -> Requirement | None:
    """The first part, as small as can be, that the agent does not meet; None: all is met."""
    if holds(requirement, agent):
        return None
    if isinstance(requirement, Every):
        return next(found for term in requirement.terms if (found := fault(term, agent)) is not None)
    return requirement


def both(first: Requirement, second: Requirement) -> Requirement:
    """First, and second as well."""
    terms = [*_terms(first), *_terms(second)]
    return terms[0] if len(terms) == 1 else Every(tuple(terms))


def _terms(requirement: Requirement) -> tuple[Requirement, ...]:
    return requirement.terms if isinstance(requirement, Every) else (requirement,)


def named(requirement: Requirement) -> Iterator[Test]:
    """Every skill, attribute and agent that is named, in the order of the text."""
    match requirement:
        case Not():
            yield from named(requirement.term)
        case Every() | Either():
            for term in requirement.terms:
                yield from named(term)
        case _:
            yield requirement


# printing


def text(requirement: Requirement) -> str:
    """The canonical text: parsed again it is the same requirement."""
    match requirement:
        case SkillTest(comparison=">=", level=1):
            return _name(requirement.skill)
        case SkillTest():
            return f"{_name(requirement.skill)} {requirement.comparison} {requirement.level}"
        case AttributeTest():
            return f"{_name(requirement.name)} {'=' if requirement.equal else '!='} {_name(requirement.value)}"
        case AgentTest():
            return f"agent {_name(requirement.agent)}"
        case Not():
            return f"not {_inner(requirement.term, (Every, Either))}"
        case Every():
            return " and ".join(_inner(term, (Every, Either)) for term in requirement.terms)
        case Either():
            return " or ".join(_inner(term, (Either,)) for term in requirement.terms)
        case _:
            assert_never(requirement)


def _inner(term: Requirement, bracketed: tuple[type, ...]) -> str:
    return f"({text(term)})" if isinstance(term, bracketed) else text(term)


def _name(name: str) -> str:
    if _WORD.fullmatch(name) and not name.isdecimal() and name not in _RESERVED:
        return name
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


# parsing

_WORD: Final = re.compile(r"\w+(?:-\w+)*")
_RESERVED: Final = frozenset({"and", "or", "not", "agent"})
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<word>\w+(?:-\w+)*)|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<sign>>=|<=|!=|[><=()])|(?P<end>\Z))""", re.DOTALL
)


class Token(NamedTuple):
    kind: Literal["word", "number", "quoted", "sign", "end"]
    text: str
    position: int


def ring_requirement(queue: Queue, ring: int) -> str:
    """What the queue asks for once so many of its rings are reached."""
    rings = queue.rings
    return rings[min(ring, len(rings)) - 1].requires if ring and rings else queue.requires


def read(source: str) -> Requirement:
    """What cannot be read asks for nothing: a slip in the set-up must not leave customers waiting for ever."""
    try:
        return parse(source)
    except BadRequirement:
        return NOTHING


@lru_cache(maxsize=4_096)
def parse(source: str) -> Requirement:
    """Raises `BadRequirement`."""
    tokens = list(_read(source))
    if tokens[0].kind == "end":
        return NOTHING
    reader = _Reader(tokens)
    requirement = reader.either(0)
    if reader.next.kind != "end":
        raise BadRequirement(reader.next.position, "'and', 'or' or the end is wanted here")
    return requirement


def _read(source: str) -> Iterator[Token]:
    place = 0
    while True:
        found = _TOKEN.match(source, place)
        if found is None:
            start = place + len(source[place:]) - len(source[place:].lstrip())
            raise BadRequirement(start + 1, "the quotation is not closed" if source[start] == '"' else "unknown sign")
        kind = found.lastgroup
        position, word = found.start(kind or 0) + 1, found[kind or 0]
        if kind == "word":
            yield Token("number" if word.isdecimal() else "word", word, position)
        elif kind == "quoted":
            yield Token("quoted", re.sub(r"\\(.)", r"\1", word[1:-1], flags=re.DOTALL), position)
        elif kind == "sign":
            yield Token("sign", word, position)
        else:
            yield Token("end", "", position)
            return
        place = found.end()


class _Reader:
    """Recursive descent over the tokens; `next` is the first that is not yet taken."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = iter(tokens)
        self.next = next(self._tokens)

    def _take(self) -> Token:
        token = self.next
        self.next = next(self._tokens, token)
        return token

    def _at(self, word: str) -> bool:
        return self.next.kind in ("word", "sign") and self.next.text == word

    def either(self, depth: int) -> Requirement:
        terms = [self._every(depth)]
        while self._at("or"):
            self._take()
            terms.append(self._every(depth))
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def _every(self, depth: int) -> Requirement:
        terms = [self._one(depth)]
        while self._at("and"):
            self._take()
            terms.append(self._one(depth))
        return terms[0] if len(terms) == 1 else Every(tuple(terms))

    def _one(self, depth: int) -> Requirement:
        if depth > DEPTH_LIMIT:
            raise BadRequirement(self.next.position, f"more than {DEPTH_LIMIT} levels within each other")
        if self._at("not"):
            self._take()
            return Not(self._one(depth + 1))
        if self._at("("):
            self._take()
            inner = self.either(depth + 1)
            if not self._at(")"):
                raise BadRequirement(self.next.position, "')' is wanted here")
            self._take()
            return inner
        if self._at("agent"):
            self._take()
            return AgentTest(self._value("an agent's id").text)
        return self._test()

    def _test(self) -> Test:
        name = self.next
        if name.kind not in ("word", "quoted") or (name.kind == "word" and name.text in _RESERVED):
            raise BadRequirement(name.position, "a skill, an attribute, 'agent', 'not' or '(' is wanted here")
        self._take()
        if self.next.kind != "sign" or self.next.text in "()":
            return SkillTest(name.text, ">=", 1)
        sign = self._take()
        value = self._value("a level or a text")
        if value.kind == "number":
            return SkillTest(name.text, _comparison(sign.text), int(value.text))
        if sign.text not in ("=", "!="):
            raise BadRequirement(value.position, f"after '{sign.text}' a level from 1 to 10 is wanted")
        return AttributeTest(name.text, value.text, equal=sign.text == "=")

    def _value(self, wanted: str) -> Token:
        value = self.next
        if value.kind in ("end", "sign") or (value.kind == "word" and value.text in _RESERVED):
            raise BadRequirement(value.position, f"{wanted} is wanted here")
        if value.kind == "number" and len(value.text) > 4 and wanted == "a level or a text":
            raise BadRequirement(value.position, "a level is a number from 1 to 10")
        return self._take()


def _comparison(sign: str) -> Comparison:
    return next(comparison for comparison in COMPARE if comparison == sign)
