"""What a contact asks of an agent: read, asked, printed; and the same over a whole roster at once."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.contact.configuration import Agent
from otklik.contact.ids import AgentId, QueueId
from otklik.routing.agent import AgentStatus, LiveAgent
from otklik.routing.requirement import (
    NOTHING,
    AgentTest,
    AttributeTest,
    BadRequirement,
    Either,
    Every,
    Not,
    Requirement,
    SkillTest,
    both,
    fault,
    holds,
    named,
    parse,
    text,
)
from otklik.routing.roster import Roster

ANNA = Agent(
    id=AgentId("anna"),
    name="Анна",
    skills={"english": 5, "продажи": 3},
    attributes={"language": "ru", "city": "Казань"},
)

NAMES = st.sampled_from(["english", "продажи", "tech-2", "_x", "and", "7", 'a "b" \\', "два слова"])
TESTS: st.SearchStrategy[Requirement] = st.one_of(
    st.builds(SkillTest, NAMES, st.sampled_from([">=", ">", "=", "<", "<=", "!="]), st.integers(0, 10)),
    st.builds(AttributeTest, NAMES, NAMES, st.booleans()),
    st.builds(AgentTest, st.sampled_from(["anna", "0198c0de-7b", "42"])),
)


def grown(inner: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, inner), st.builds(Every, several), st.builds(Either, several))


REQUIREMENTS = st.recursive(TESTS, grown, max_leaves=8)


@pytest.mark.parametrize(
    ("asked", "met"),
    [
        ("", True),
        ("english", True),
        ("german", False),
        ("english >= 5 and продажи = 3", True),
        ("english > 5", False),
        ("english < 6 and english <= 5 and not english != 5", True),
        ('language = ru and city = "Казань"', True),
        ("language != ru or agent boris", False),
        ("not (agent boris or agent kate)", True),
        ("german or english and not language = en", True),
        ("city = english", False),
        ("german < 1 and team != sales", True),
    ],
)
def test_requirement_is_asked_of_an_agent(asked: str, met: bool) -> None:
    assert holds(parse(asked), ANNA) is met


def test_not_binds_closest_then_and_then_or() -> None:
    assert parse("a or not b and c") == Either(
        (SkillTest("a", ">=", 1), Every((Not(SkillTest("b", ">=", 1)), SkillTest("c", ">=", 1))))
    )


@pytest.mark.parametrize(
    ("written", "position", "wanted"),
    [
        ("english and", 12, "a skill, an attribute, 'agent', 'not' or '(' is wanted here"),
        ("(english or sales", 18, "')' is wanted here"),
        ("english >= хорошо", 12, "after '>=' a level from 1 to 10 is wanted"),
        ("english >=", 11, "a level or a text is wanted here"),
        ("english sales", 9, "'and', 'or' or the end is wanted here"),
        ('city = "Казань', 8, "the quotation is not closed"),
        ("english & sales", 9, "unknown sign"),
        ("agent", 6, "an agent's id is wanted here"),
        ("or sales", 1, "a skill, an attribute, 'agent', 'not' or '(' is wanted here"),
        ("english > 123456", 11, "a level is a number from 1 to 10"),
    ],
)
def test_mistake_is_told_with_its_place(written: str, position: int, wanted: str) -> None:
    with pytest.raises(BadRequirement) as mistake:
        parse(written)
    assert (mistake.value.position, mistake.value.wanted) == (position, wanted)


@pytest.mark.parametrize("written", ["(" * 5000 + "a" + ")" * 5000, "not " * 5000 + "a"])
def test_what_is_nested_too_deeply_is_a_mistake_and_no_crash(written: str) -> None:
    with pytest.raises(BadRequirement, match="levels within each other"):
        parse(written)


@given(REQUIREMENTS)
def test_printed_and_read_again_it_is_the_same(requirement: Requirement) -> None:
    assert parse(text(requirement)) == requirement


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        assert parse(text(parse(written))) == parse(written)
    except BadRequirement as mistake:
        assert 1 <= mistake.position <= len(written) + 1


@given(REQUIREMENTS, st.integers(0, 2**32))
def test_over_a_roster_it_is_the_same_as_over_each_agent(requirement: Requirement, seed: int) -> None:
    dice = Random(seed)
    known = {name: agent(dice, name) for name in ["anna", "boris", "42", "0198c0de-7b", "kate"]}
    live = {
        name: LiveAgent(id=name, name=name, queues=dict[QueueId, int](), status=AgentStatus.OFFLINE)
        for name in map(AgentId, known)
    }
    roster = Roster(live, {AgentId(name): found for name, found in known.items()})
    able = roster.able(requirement)
    assert [bool(able >> n & 1) for n in range(len(known))] == [holds(requirement, a) for a in known.values()]
    assert list(roster.flags(able)) == [able >> n & 1 for n in range(len(known) + 1)], "the last is nobody of them"


def agent(dice: Random, name: str) -> Agent:
    words = ["english", "продажи", "tech-2", "_x", "and", "7"]
    skills = {word: dice.randint(0, 11) for word in dice.sample(words, 3)}
    return Agent(id=AgentId(name), name=name, skills=skills, attributes={dice.choice(words): dice.choice(words)})


@given(REQUIREMENTS)
def test_what_is_unmet_is_a_part_that_is_not_held(requirement: Requirement) -> None:
    found = fault(requirement, ANNA)
    assert (found is None) is holds(requirement, ANNA)
    assert found is None or not holds(found, ANNA)


def test_unmet_part_is_as_small_as_can_be() -> None:
    asked = parse("english and (german or french) and city = Москва")
    assert text(fault(asked, ANNA) or NOTHING) == "german or french"


def test_two_requirements_hold_together() -> None:
    assert text(both(parse("a and b"), parse("c or d"))) == "a and b and (c or d)"
    assert both(NOTHING, parse("a")) == parse("a")
    assert both(NOTHING, NOTHING) == NOTHING


def test_everything_that_is_named_can_be_listed() -> None:
    asked = parse("a and not (b or agent c) and d = e")
    assert [text(test) for test in named(asked)] == ["a", "b", "agent c", "d = e"]
