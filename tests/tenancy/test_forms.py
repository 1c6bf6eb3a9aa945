"""What the forms of the browser take for usual is what the set-up takes for usual."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path

from otklik.contact.configuration import Queue

USUAL = Path(__file__).resolve().parents[2] / "ui" / "src" / "queues" / "usual.json"


def test_a_new_queue_of_the_form_has_the_usual_values() -> None:
    usual = {each.name: each.default for each in fields(Queue) if each.default is not MISSING}
    shown = json.loads(USUAL.read_text())
    assert shown == {name: list(usual[name]) if isinstance(usual[name], tuple) else usual[name] for name in shown}
