"""How queues have served their last customers: waits beside their targets, and promises beside what happened. Pure."""

from __future__ import annotations

from dataclasses import asdict

from otklik.desk.view import Json
from otklik.routing import Engine


def queue_figures(engine: Engine) -> Json:
    """`order`: by which the queues of one agent are served; under "furthest_behind" `of_target` should be alike everywhere."""
    queues = [
        asdict(each) | {"of_target": _part(each.waited_seconds, each.target_seconds)} for each in engine.figures()
    ]
    return {"order": engine.configuration.order, "queues": queues}


def _part(waited: float | None, target: float) -> float | None:
    return waited / target if waited is not None and target > 0 else None
