"""The floor kept up from what was touched is the floor looked at anew, whatever happens."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, RUSSIAN, SALES, SUPPORT, Office
from tests.routing.test_consultation import C1, consulting
from tests.routing.test_machine import AnyDay

from otklik.contact.facts import ContactArrived, ContactQueued, SupervisionStarted, VerbFinished
from otklik.contact.ids import AgentId, ContactId
from otklik.routing import Engine
from otklik.supervision.floor import Change, Floor

Page = dict[str, Any]


def follow(floor: Floor, engine: Engine) -> Change:
    touched = engine.take_touched()
    return floor.follow(engine, touched.agents, touched.contacts)


def looked_at_anew(engine: Engine) -> Page:
    fresh = Floor()
    fresh.follow(engine, (), ())
    return by_id(json.loads(json.dumps(fresh.whole())))


def by_id(floor: Page) -> Page:
    return {
        name: part if name in ("incidents", "alerts", "notices", "skills") else {row["id"]: row for row in part}
        for name, part in floor.items()
    }


def applied(page: Page, change: Change) -> None:
    """As the browser does it: through JSON, row by row."""
    told = json.loads(json.dumps({"put": change.put, "gone": change.gone, "set": change.set}))
    for table, rows in told["put"].items():
        page[table] |= {row["id"]: row for row in rows}
    for table, ids in told["gone"].items():
        for each in ids:
            del page[table][each]
    page |= told["set"]


class FloorOnAnyDay(AnyDay):
    """`stale + changes == fresh` after any facts, late and twice, restarts and new set-ups among them."""

    def __init__(self) -> None:
        super().__init__()
        self.floor = Floor()
        self.page: Page = by_id(self.floor.whole())

    @invariant()
    def page_shows_the_floor(self) -> None:
        applied(self.page, follow(self.floor, self.day.engine))
        assert self.page == looked_at_anew(self.day.engine)


TestFloorOnAnyDay = FloorOnAnyDay.TestCase
TestFloorOnAnyDay.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_floor_shows_every_agent_and_every_contact() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    office.wait(1)
    office.queue("c2", SUPPORT)
    floor = looked_at_anew(office.engine)
    assert {name: agent["state"] for name, agent in floor["agents"].items()} == {
        "anna": "talking",
        "boris": "offline",
        "kate": "offline",
    }
    assert floor["agents"]["anna"]["contact"] == {
        "id": "c1",
        "ani": "+79161234567",
        "queue": {"id": "sales", "name": "Продажи"},
        "state": "talking",
        "since": "1970-01-01T00:16:40.000Z",
        "asked": False,
        "direction": "in",
        "supervisors": [],
    }
    assert floor["agents"]["anna"]["others"] == []
    assert floor["contacts"]["c1"]["agent"] == {"id": "anna", "name": "Анна"}
    assert {name: (contact["state"], contact["since"]) for name, contact in floor["contacts"].items()} == {
        "c1": ("talking", "1970-01-01T00:16:40.000Z"),
        "c2": ("waiting", "1970-01-01T00:16:41.000Z"),
    }
    assert {name: queue["waiting"] for name, queue in floor["queues"].items()} == {"sales": 0, "support": 1}


def test_contact_in_a_scenario_names_it_and_counts_its_steps() -> None:
    office = Office()
    floor = Floor()
    follow(floor, office.engine)
    office.arrive("c1")
    (row,) = follow(floor, office.engine).put["contacts"]
    assert (row["scenario"], row["steps"]) == ("menu-ru", 0)
    office.do(VerbFinished(contact=C1, step=1, outcome="done"))
    (row,) = follow(floor, office.engine).put["contacts"]
    assert row["steps"] == 1
    office.do(ContactQueued(contact=C1, queue=SUPPORT))
    (row,) = follow(floor, office.engine).put["contacts"]
    assert row["scenario"] is None


def test_agents_row_has_all_that_is_in_hand_the_most_pressing_first() -> None:
    office = Office(replace(CONFIGURATION, capacity={"chat": 2}), ANNA)
    for name in ("c1", "c2"):
        written = ContactArrived(contact=ContactId(name), channel="chat", entry_point=RUSSIAN, dnis="1000", leg=name)
        office.do(written)
        office.do(ContactQueued(contact=ContactId(name), queue=SALES))
        if name == "c1":
            office.answer(name)
    row = looked_at_anew(office.engine)["agents"]["anna"]
    assert [(each["id"], each["state"]) for each in (row["contact"], *row["others"])] == [
        ("c2", "offered"),
        ("c1", "talking"),
    ]


def test_row_of_a_colleague_who_is_asked_follows_the_customers_contact() -> None:
    office = consulting()
    floor = Floor()
    follow(floor, office.engine)
    office.do(SupervisionStarted(contact=C1, supervisor=AgentId("olga"), name="Ольга", way="listen"))
    change = follow(floor, office.engine)
    shown = {row["id"]: row["contact"] for row in change.put["agents"]}
    assert {name: (contact["asked"], contact["supervisors"]) for name, contact in shown.items()} == {  # type: ignore[index]  # both have one
        BORIS: (False, [{"name": "Ольга", "way": "listen"}]),
        KATE: (True, [{"name": "Ольга", "way": "listen"}]),
    }


def test_change_holds_the_rows_that_changed_and_no_other() -> None:
    office = Office(CONFIGURATION, ANNA, BORIS)
    floor = Floor()
    follow(floor, office.engine)
    office.talk("c1")
    follow(floor, office.engine)
    joined = SupervisionStarted(contact=ContactId("c1"), supervisor=AgentId("olga"), name="Ольга", way="listen")
    office.do(joined)
    change = follow(floor, office.engine)
    talker = office.contact("c1").agent
    assert {table: [row["id"] for row in rows] for table, rows in change.put.items()} == {"agents": [talker]}
    assert (change.gone, change.set) == ({}, {})
    assert not follow(floor, office.engine), "nothing happened since"
