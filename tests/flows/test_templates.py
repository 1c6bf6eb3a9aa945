"""The templates of flows: sound, with tests that hold, take every exit, and notice every way that leads elsewhere. A template
without tests, or with one that does not hold, fails here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from otklik.assembly.scenarios import test_scenarios as try_scenarios
from otklik.contact.configuration import Configuration
from otklik.contact.flow import Flow
from otklik.contact.ids import ScenarioId
from otklik.errors import LANGUAGES, Language
from otklik.flows.templates import Template, templates
from otklik.scenario.rehearsal import judge, play
from otklik.scenario.uncovered import uncovered
from otklik.scenario.verbs import OTHERWISE
from otklik.tenancy import yaml
from otklik.tenancy.document import Plain, from_plain

SET_UP = """
format: 1
calendars:
  - {id: office, name: Office, time_zone: Europe/Moscow, weekly: {mon: ['09:00-18:00']}}
queues:
  - {id: sales, name: Sales, everyone: true}
  - {id: support, name: Support, everyone: true}
"""
DRAWN = [each for each in templates() if each.id != "empty"]
EVERY = [pytest.param(each, language, id=f"{each.id}-{language}") for each in DRAWN for language in LANGUAGES]


def plain_set_up() -> Plain:
    found: Plain = yaml.read(SET_UP).plain
    return found


def set_up(*flows: Plain) -> Configuration:
    configuration, told = from_plain({**plain_set_up(), "flows": list(flows)}, {})
    assert told == []
    return configuration


def plain(template: Template, language: Language) -> Plain:
    return template.flow(set_up(), language, ScenarioId(template.id))


def made(template: Template, language: Language) -> Flow:
    """As it stands in a set-up: one that is unfit, or whose tests do not hold, is refused."""
    (flow,) = set_up(plain(template, language)).flows
    return flow


def test_there_are_those_that_a_centre_needs_first() -> None:
    assert [each.id for each in templates()] == ["empty", "menu", "survey", "hours", "callback", "incident"]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_flow_made_of_a_template_has_tests_that_hold_and_take_every_exit(
    template: Template, language: Language
) -> None:
    flow = made(template, language)
    verdicts = judge(flow, (flow,))
    assert verdicts
    assert [verdict.wrong for verdict in verdicts if verdict.wrong] == []
    assert uncovered(flow, (flow,), verdicts) == []
    taken = {(block, name) for verdict in verdicts for _, block, name in verdict.exits}
    for block in flow.blocks:
        drawn = {name for each, name in taken if each == block.id}
        assert set(block.exits) - {OTHERWISE} <= drawn, f"{template.id}: {block.id}"
        if OTHERWISE in block.exits:
            assert drawn - (set(block.exits) - {OTHERWISE}), f"{template.id}: nothing goes by otherwise of {block.id}"


def led_astray(flow: Flow) -> Iterator[tuple[str, Flow]]:
    """The flow with one exit that leads to another block, each in turn."""
    for number, block in enumerate(flow.blocks):
        for name, to in block.exits.items():
            for other in flow.blocks:
                if other.id in (to, block.id) or other == flow.blocks[0]:
                    continue
                wrong = replace(block, exits={**block.exits, name: other.id})
                blocks = (*flow.blocks[:number], wrong, *flow.blocks[number + 1 :])
                yield f"{block.id}.{name} → {other.id}", replace(flow, blocks=blocks)


def outcomes(flow: Flow) -> list[object]:
    """Of each of its tests: where the caller ends, and with what."""
    found = [play(flow, (flow,), test) for test in flow.tests]
    return [
        (each.end and (type(each.end), getattr(each.end, "queue", ""), getattr(each.end, "callback", False)), each.left)
        for each in found
    ]


@pytest.mark.parametrize("template", DRAWN, ids=lambda template: str(template.id))
def test_tests_of_a_template_notice_an_exit_that_leads_to_another_end(template: Template) -> None:
    """With two queues, so that they can be told apart."""
    flow = made(template, "en")
    astray = [(what, each) for what, each in led_astray(flow) if outcomes(each) != outcomes(flow)]
    assert astray
    unnoticed = [what for what, each in astray if not any(verdict.wrong for verdict in judge(each, (each,)))]
    assert unnoticed == []


@pytest.mark.parametrize("template", DRAWN, ids=lambda template: str(template.id))
def test_languages_differ_in_words_alone(template: Template) -> None:
    """And each has all of its words."""
    one, other = (plain(template, language) for language in LANGUAGES)
    assert shape(one) == shape(other)
    for language in LANGUAGES:
        assert template.name[language] and template.help[language]


def shape(what: object) -> object:
    """Without the words: texts and names by where they stand."""
    if isinstance(what, dict):
        return {"text" if name in LANGUAGES else name: shape(each) for name, each in what.items()}
    if isinstance(what, list):
        return [shape(each) for each in what]
    return type(what)


def test_the_command_plays_the_tests_of_flows_that_were_made_of_templates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "set-up.yaml"
    flows = [plain(each, "ru") for each in DRAWN]
    file.write_text(yaml.write({**plain_set_up(), "flows": flows}))
    assert asyncio.run(try_scenarios(file)) == 0
    told = capsys.readouterr().out
    for flow in flows:
        assert f"{flow['id']}: {len(flow['tests'])} ✓" in told
    assert "✗" not in told


def test_a_flow_for_a_set_up_without_queues_and_calendars_leaves_them_to_be_chosen() -> None:
    bare = Configuration()
    for template in templates():
        flow = template.flow(bare, "en", ScenarioId("one"), "Mine")
        assert (flow["name"], flow["otherwise"]) == ("Mine", "")
        assert "$" not in str(flow)
