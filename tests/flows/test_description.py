"""The browser's description of blocks, held against the blocks that there are."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from otklik.contact import flow
from otklik.contact.conditions import Conditions
from otklik.contact.flow import Block, BySpeech, Case, Comparison, LockOut, QueueTest
from otklik.scenario.audit import KINDS

SOURCE = Path(__file__).resolve().parents[2] / "ui" / "src" / "flows"
NAME = re.compile(r'name: "([\w.]+)"')
CALLED = {"WRONG": "wrong", "SILENCE": "silence", "ATTEMPTS": "attempts", "TIMEOUT": "timeout_seconds"} | {
    "INTERRUPTIBLE": "interruptible",
    "QUEUE": "queue",
    "PARAMETERS": "parameters",
    "INTO": "into",
    "SAID_FIRST": "text",
    "text": "text",
}
"""Fields that several kinds share, by the name of their constant."""


def described(text: str) -> set[str]:
    constants = re.findall(r"(?<![\w.\"])([A-Z_]+|text)(?=[,\]\n(])", text)
    for several in re.findall(r"\.\.\.([A-Z_]+)", text):
        text += part(several)
    return set(NAME.findall(text)) | {CALLED[each] for each in constants if each in CALLED}


def named(field: str) -> list[str]:
    """What stands in a block as a thing of its own is described field by field."""
    if field == "speech":  # there or not, by a switch of its own
        return [field, *(f"{field}.{each.name}" for each in fields(BySpeech))]
    return [f"{field}.{each.name}" for each in fields(LockOut)] if field == "lock_out" else [field]


def part(name: str) -> str:
    """Of the description: one kind's entry, or a list of fields."""
    source = (SOURCE / "kinds.ts").read_text()
    found = re.search(rf"^  {name}: {{$(.*?)^  }},$", source, re.MULTILINE | re.DOTALL)
    found = found or re.search(rf"^const {name}: Field\[\] = \[(.*?)^\];$", source, re.MULTILINE | re.DOTALL)
    assert found is not None, f"kinds.ts describes no {name}"
    return found[1]


def test_the_browser_knows_every_kind_of_block() -> None:
    known = re.search(r"export const KINDS = \[(.*?)\]", (SOURCE / "flow.ts").read_text())
    assert known is not None
    assert tuple(re.findall(r'"(\w+)"', known[1])) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_block_can_be_changed_in_the_browser(kind: str) -> None:
    body = next(each for each in get_args(get_type_hints(Block, vars(flow))[kind]) if each is not type(None))
    assert described(part(kind)) == {name for each in fields(body) for name in named(each.name)}


def test_every_field_of_a_condition_can_be_changed_in_the_browser() -> None:
    inside = {f"when.{each.name}" for each in fields(Conditions)}
    assert described(part("CASE")) == {each.name for each in fields(Case) if each.name != "when"} | inside
    assert described(part("COMPARISON")) == {each.name for each in fields(Comparison)}
    assert described(part("QUEUE_TEST")) == {each.name for each in fields(QueueTest)}
