"""Test calls of flows where no code can be run."""

from __future__ import annotations

from otklik.contact.decisions import Enqueue
from otklik.contact.flow import Expected, FlowTest
from otklik.contact.ids import TenantId
from otklik.scenario.rehearsal import Computed
from otklik.tenancy import document
from otklik.web.rehearsals import HandlerRehearsals


async def test_where_no_code_is_run_a_function_fails_and_the_test_call_goes_on_by_that() -> None:
    blocks = [
        {
            "id": "level",
            "function": {"code": "rules", "function": "level"},
            "exits": {"done": "sales", "fault": "help"},
        },
        {"id": "sales", "queue": {"queue": "sales"}},
        {"id": "help", "queue": {"queue": "help"}},
    ]
    set_up = document.stored(
        {
            "queues": [{"id": "sales", "name": "Sales"}, {"id": "help", "name": "Help"}],
            "flows": [{"id": "drawn", "languages": ["ru"], "otherwise": "sales", "blocks": blocks}],
            "handlers": [{"id": "rules", "language": "ru", "otherwise": "sales", "code": "def level():\n    pass\n"}],
        }
    )
    test = FlowTest(name="", expect=Expected())
    found = await HandlerRehearsals(None).play_flow(TenantId("t"), set_up.flows[0], set_up, test, after="hang_up")
    assert isinstance(found.end, Enqueue) and found.end.queue == "help"
    computed = found.story[0]
    assert isinstance(computed, Computed) and computed.answer.fault == "handlers are not run here"
