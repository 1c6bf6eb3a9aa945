"""What a wallboard shows: figures of queues and how many agents do what. Pure, and nobody's name or number is in it."""

from __future__ import annotations

from collections import Counter
from typing import Final

from otklik.desk.view import Json
from otklik.routing import Engine
from otklik.supervision.floor import queue_row

BUSY: Final = ("dialling", "talking", "held", "rejoining")


def wall_state(engine: Engine) -> Json:
    counted = Counter(agent.state.value for agent in engine.agents())
    return {
        "queues": [queue_row(engine, queue) for queue in engine.queues()],
        "agents": {
            "ready": counted["ready"],
            "busy": sum(counted[state] for state in (*BUSY, "offered")),
            "wrap_up": counted["wrap_up"],
            "not_ready": counted["not_ready"],
        },
    }
