"""What the forms of the browser take for usual is what the set-up takes for usual."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import TypeAdapter

from otklik.contact.configuration import Queue
from otklik.contact.ids import QueueId
from otklik.contact.watching import AlertRule

FORMS = Path(__file__).resolve().parents[2] / "ui" / "src"


def test_a_new_queue_of_the_form_has_the_usual_values() -> None:
    usual = TypeAdapter(Queue).dump_python(Queue(id=QueueId(""), name=""), mode="json")
    shown = json.loads((FORMS / "queues" / "usual.json").read_text())
    assert shown == {name: usual[name] for name in shown}


def test_a_new_alert_of_the_form_has_the_usual_values() -> None:
    usual = TypeAdapter(AlertRule).dump_python(AlertRule(id="", kind="long_wait"), mode="json")
    shown = json.loads((FORMS / "alerts" / "usual.json").read_text())
    assert {"id": "", "kind": "long_wait", **shown} == usual
