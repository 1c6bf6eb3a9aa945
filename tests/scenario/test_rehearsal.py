"""The fake caller, tests that stand in the set-up, and the templates with theirs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from otklik.assembly.scenarios import test_scenarios as try_scenarios
from otklik.contact.decisions import Enqueue
from otklik.scenario import Contact
from otklik.scenario.rehearsal import Stage, judge, rehearse
from otklik.scenario.uncovered import uncovered
from otklik.scenario.verbs import QueueState
from otklik.tenancy import yaml
from otklik.tenancy.document import Unfit, from_plain

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "examples" / "scenarios").glob("*.yaml"))


def menu() -> str:
    return next(path for path in TEMPLATES if path.stem == "menu").read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_template_is_sound_its_tests_hold_and_take_every_exit(path: Path) -> None:
    configuration, told = from_plain(yaml.read(path.read_text()).plain, {})
    assert told == []
    (flow,) = configuration.flows
    verdicts = judge(flow, configuration.flows)
    assert verdicts
    assert not any(verdict.wrong for verdict in verdicts)
    assert uncovered(flow, configuration.flows, verdicts) == []


def test_set_up_of_which_a_test_does_not_hold_is_refused_with_its_place() -> None:
    with pytest.raises(Unfit) as unfit:
        from_plain(yaml.read(menu().replace("presses: ['1']", "presses: ['2']")).plain, {})
    (fault,) = unfit.value.faults
    assert (fault.place, fault.code) == ("flows[0].tests[0]", "config_flow_test")
    assert "queue: sales ≠ support" in fault.message("en")


def test_exit_that_no_test_takes_is_named() -> None:
    configuration, _ = from_plain(yaml.read(menu().replace("presses: ['7', '2']", "presses: ['7', '7']")).plain, {})
    (flow,) = configuration.flows
    assert uncovered(flow, configuration.flows, judge(flow, configuration.flows)) == [("menu", "2")]


async def handler(contact: Contact) -> None:
    pressed = await contact.menu("Продажи: 1", {"1": "Продажи"}, attempts=2, timeout_seconds=7)
    await contact.wait(30)
    waiting = (await contact.queue_state("sales")).waiting
    await contact.to_queue("sales" if pressed.outcome == "digits" and waiting < 5 else "support")


@pytest.mark.parametrize(
    ("caller", "waiting", "queue", "seconds"),
    [
        (("1",), 0, "sales", 32.0),
        (("1",), 5, "support", 32.0),
        ((), 0, "support", 48.0),
        (("failed",), 0, "support", 32.0),
    ],
)
def test_handler_is_played_on_a_virtual_clock(
    caller: tuple[str, ...], waiting: int, queue: str, seconds: float
) -> None:
    found = rehearse(handler, caller, Stage(queues={"sales": QueueState(waiting=waiting)}))
    assert isinstance(found.end, Enqueue)
    assert (found.end.queue, found.seconds) == (queue, seconds)


def test_caller_who_hangs_up_leaves_no_end() -> None:
    found = rehearse(handler, ("hang_up",))
    assert (found.end, found.said) == (None, ["Продажи: 1"])


def test_command_prints_each_test_and_what_none_reaches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "menu.yaml"
    file.write_text(menu())
    assert asyncio.run(try_scenarios(file)) == 0
    assert "menu: 3 ✓, 3/3 →" in capsys.readouterr().out
    file.write_text(menu().replace("presses: ['1']", "presses: ['2']"))
    assert asyncio.run(try_scenarios(file)) == 1
    assert "flows[0].tests[0]" in capsys.readouterr().err
