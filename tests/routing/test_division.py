"""Independent centres in one tenant: what belongs to one never comes to another; what belongs to none is shared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, ENGLISH, KATE, RUSSIAN, SALES, SUPPORT, Office, of, only

from otklik.contact.assigning import AgentAssigned
from otklik.contact.configuration import (
    Calling,
    Configuration,
    Destination,
    EntryRule,
    Exit,
    IncidentSwitch,
    Overflow,
)
from otklik.contact.decisions import Offer, Refuse
from otklik.contact.division import Division
from otklik.contact.facts import (
    Configured,
    ConsultationAsked,
    ContactPulled,
    ContactPushed,
    ContactQueued,
    ContactTransferred,
)
from otklik.contact.flow import Block, CallbackBlock, Flow, QueueBlock, SubFlowBlock, VoicemailBlock
from otklik.contact.handler import Handler
from otklik.contact.ids import AgentId, ContactId, EntryPointId, QueueId, ScenarioId
from otklik.desk.view import colleagues
from otklik.routing.audit import faults

NORTH, SOUTH = "north", "south"
BOTH = QueueId("both")
LED = ScenarioId("led")
C1 = ContactId("c1")


def two(**queues: Any) -> Configuration:
    """Boris and sales are of the north, Kate and support of the south, Anna is shared, as is the queue `both`."""
    sales = replace(CONFIGURATION.queues[0], division=NORTH, everyone=True, calling=Calling(), **queues)
    support = replace(CONFIGURATION.queues[1], division=SOUTH, everyone=True)
    both = replace(CONFIGURATION.queues[1], id=BOTH, name="Общая", everyone=True)
    anna, boris, kate = CONFIGURATION.agents
    return replace(
        CONFIGURATION,
        divisions=(Division(id=NORTH, name="Север"), Division(id=SOUTH, name="Юг")),
        queues=(sales, support, both),
        agents=(replace(anna, queues={}), replace(boris, queues={}, division=NORTH), replace(kate, queues={}, division=SOUTH)),
        scenarios=tuple(replace(each, choices=(), otherwise=BOTH) for each in CONFIGURATION.scenarios),
        entry_points=(replace(CONFIGURATION.entry_points[0], division=NORTH), CONFIGURATION.entry_points[1]),
    )  # fmt: skip


def found(configuration: Configuration) -> list[tuple[str, object]]:
    return [(each.place, each.values["id"]) for each in faults(configuration) if each.code == "config_other_division"]


def test_contact_comes_to_agents_of_its_centre_and_to_shared_ones_alone() -> None:
    office = Office(two(), KATE)
    assert of(Offer, office.queue("c1")) == []
    assert only(Offer, office.come(BORIS)).agent == BORIS
    office = Office(two(), KATE)
    office.queue("c1")
    assert only(Offer, office.come(ANNA)).agent == ANNA


def test_shared_queue_is_open_to_all() -> None:
    office = Office(two(), KATE)
    assert only(Offer, office.queue("c1", BOTH)).agent == KATE


@pytest.mark.parametrize(("queue", "agent"), [(SUPPORT, None), (None, KATE)])
def test_nobody_passes_a_contact_on_into_another_centre_nor_asks_there(
    queue: QueueId | None, agent: AgentId | None
) -> None:
    office = Office(two(), BORIS, KATE)
    office.talk("c1")
    code = "no_such_queue" if queue else "no_such_agent"
    asked = ContactTransferred(contact=C1, agent=BORIS, to_queue=queue, to_agent=agent)
    assert office.do(asked) == [Refuse(code=code)]
    wanted = ConsultationAsked(
        contact=C1, agent=BORIS, consultation=ContactId("k"), to_queue=queue, to_agent=agent
    )  # fmt: skip
    assert office.do(wanted) == [Refuse(code=code)]


def test_contact_of_one_centre_is_neither_picked_nor_given_to_another() -> None:
    office = Office(two(), KATE)
    office.queue("c1")
    assert office.engine.pickable(KATE, 5) == []
    assert office.do(ContactPulled(contact=C1, agent=KATE)) == [Refuse(code="agent_cannot_take", state="not_in_queue")]
    pushed = office.do(ContactPushed(contact=C1, agent=KATE, by="olga"))
    assert pushed == [Refuse(code="agent_cannot_take", state="not_in_queue")]


def test_nobody_is_moved_into_a_queue_of_another_centre() -> None:
    office = Office(two(), BORIS)
    moved = AgentAssigned(agent=BORIS, by="olga", queues={SUPPORT: 3}, skills={})
    assert office.do(moved) == [Refuse(code="no_such_queue")]
    assert office.do(AgentAssigned(agent=BORIS, by="olga", queues={BOTH: 3}, skills={})) == []


def test_agents_see_colleagues_of_their_own_centre_and_shared_ones() -> None:
    office = Office(two(), ANNA, BORIS, KATE)
    names = {agent: {each["name"] for each in colleagues(office.engine, agent)} for agent in (ANNA, BORIS, KATE)}
    assert names == {ANNA: {"Борис", "Kate"}, BORIS: {"Анна"}, KATE: {"Анна"}}


def test_contact_whose_queue_is_no_more_goes_to_another_of_its_own_centre() -> None:
    office = Office(two())
    known = two()
    office.do(Configured(configuration=replace(known, queues=known.queues[1:])))
    office.arrive("c1")
    office.do(ContactQueued(contact=C1, queue=SALES))
    assert office.contact("c1").queue == BOTH, "support is of the other centre"


def test_whatever_leads_into_another_centre_is_refused_with_its_place() -> None:
    known = two(
        overflow=(Overflow(when="wait", at=10, to=SUPPORT),),
        otherwise=Destination(queue=SUPPORT),
        max_waiting=5,
        exits=(Exit(digit="1", to=Destination(queue=SUPPORT)), Exit(digit="2", to=Destination(queue=BOTH))),
    )
    entry = replace(
        known.entry_points[0],
        rules=(
            EntryRule(id="a", to=Destination(queue=SUPPORT)),
            EntryRule(id="b", to=Destination(entry_point=ENGLISH)),
        ),
    )
    kate = replace(known.agents[2], queues={SALES: 1, BOTH: 1})
    switch = IncidentSwitch(entry_point=RUSSIAN, to=Destination(queue=SUPPORT))
    mixed = replace(
        known,
        agents=(*known.agents[:2], kate),
        entry_points=(entry, replace(known.entry_points[1], division=SOUTH)),
        incident_switches=(switch,),
    )
    assert sorted(found(mixed)) == [
        ("agents[2].queues.sales", SALES),
        ("entry_points[0].rules[0].to", SUPPORT),
        ("entry_points[0].rules[1].to", ENGLISH),
        ("incident_switches[0].to", SUPPORT),
        ("queues[0].exits[0].to", SUPPORT),
        ("queues[0].otherwise", SUPPORT),
        ("queues[0].overflow[0].to", SUPPORT),
    ]
    assert found(two()) == []


@pytest.mark.parametrize(
    "led",
    [
        {"flows": (Flow(id=LED, languages=("ru",), otherwise=BOTH, blocks=(Block(id="left", voicemail=VoicemailBlock(queue=SUPPORT, text={"ru": "?"})),)),)},
        {"handlers": (Handler(id=LED, language="ru", otherwise=SUPPORT, code=""),)},
    ],
    ids=["a message", "a scenario in Python"],
)  # fmt: skip
def test_scenario_that_ends_in_another_centre_is_refused(led: dict[str, Any]) -> None:
    known = two()
    entry = replace(known.entry_points[0], scenario=LED)
    assert found(replace(known, entry_points=(entry, known.entry_points[1]), **led)) == [
        ("entry_points[0].scenario", SUPPORT)
    ]


def test_queue_of_another_centre_that_code_names_is_not_entered() -> None:
    office = Office(two())
    office.arrive("c1")
    office.do(ContactQueued(contact=C1, queue=SUPPORT))
    assert office.contact("c1").queue == SALES


def test_scenarios_are_followed_through_the_flows_within_them() -> None:
    inner = Flow(
        id=ScenarioId("inner"),
        languages=("ru",),
        otherwise=BOTH,
        blocks=(Block(id="back", callback=CallbackBlock(queue=SUPPORT), exits={"impossible": "q"}), Block(id="q", queue=QueueBlock(queue=SALES))),
    )  # fmt: skip
    outer = Flow(
        id=ScenarioId("outer"),
        languages=("ru",),
        otherwise=BOTH,
        blocks=(Block(id="sub", flow=SubFlowBlock(flow=inner.id)),),
    )
    known = two()
    entry = replace(known.entry_points[0], scenario=outer.id)
    mixed = replace(known, flows=(outer, inner), entry_points=(entry, known.entry_points[1]))
    assert found(mixed) == [("entry_points[0].scenario", SUPPORT)]


def test_callers_of_another_centre_are_not_shown_and_unknown_ones_are_refused() -> None:
    known = two()
    calling = replace(known.queues[0], calling=Calling(callers=(EntryPointId("2000"),)))
    entries = (known.entry_points[0], replace(known.entry_points[1], division=SOUTH))
    assert found(replace(known, queues=(calling, *known.queues[1:]), entry_points=entries)) == [
        ("queues[0].calling.callers[0]", ENGLISH)
    ]
    lost = replace(known, queues=(replace(known.queues[0], division="west"), *known.queues[1:]))
    assert [(each.place, each.code) for each in faults(lost)] == [("queues[0].division", "config_no_division")]
