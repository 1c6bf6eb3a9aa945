"""Which results a queue offers after its contacts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.routing.centre import ANNA, CONFIGURATION, SALES, Office

from otklik.contact.configuration import Configuration, Disposition
from otklik.contact.decisions import Refuse
from otklik.contact.facts import ContactFinished, WrapUpFinished
from otklik.contact.ids import ContactId, QueueId
from otklik.routing.outcome import Outcomes, full_names

C1 = ContactId("c1")
GONE = QueueId("gone")


def word(name: str, under: str | None = None) -> Disposition:
    return Disposition(id=name, ru=name.upper(), en=name, under=under)


TREE = (word("sold"), word("complaint"), word("late", "complaint"), word("broken", "complaint"), word("spam"))


def centre(*offered: str, required: bool = True, tree: tuple[Disposition, ...] = TREE) -> Configuration:
    queues = tuple(
        replace(queue, dispositions=offered, disposition_required=required) if queue.id == SALES else queue
        for queue in CONFIGURATION.queues
    )
    return replace(CONFIGURATION, queues=queues, dispositions=tree)


def test_headings_are_not_chosen() -> None:
    assert Outcomes(centre()).of(SALES) == {"sold", "late", "broken", "spam"}
    assert Outcomes(centre()).fault(SALES, "complaint") == "disposition_not_offered"


def test_queue_offers_what_it_names_with_all_that_stands_under_it() -> None:
    outcomes = Outcomes(centre("complaint", "spam"))
    assert outcomes.of(SALES) == {"late", "broken", "spam"}
    assert outcomes.offered(SALES) == ["late", "broken", "spam"]
    assert outcomes.fault(SALES, "sold") == "disposition_not_offered"
    assert outcomes.of(GONE) == {"sold", "late", "broken", "spam"}
    assert outcomes.offered(GONE) is None


def test_a_circle_and_unknown_names_end_nowhere() -> None:
    outcomes = Outcomes(centre("a", "nothing", tree=(word("a", "b"), word("b", "a"), word("c"))))
    assert outcomes.of(SALES) == set()
    assert not outcomes.required(SALES), "nothing can be chosen, so nothing is asked for"
    assert full_names((word("a", "b"), word("b", "a")))["a"] == ("B › A", "b › a")


def test_names_say_the_headings_too() -> None:
    assert full_names(TREE)["late"] == ("COMPLAINT › LATE", "complaint › late")


@pytest.mark.parametrize(
    ("configuration", "disposition", "answer"),
    [
        (centre(), None, [Refuse(code="disposition_required")]),
        (centre(), "complaint", [Refuse(code="disposition_not_offered")]),
        (centre("complaint"), "sold", [Refuse(code="disposition_not_offered")]),
        (centre("complaint"), "late", []),
        (centre(required=False), None, []),
        (centre(tree=()), None, []),
    ],
)
def test_wrap_up_takes_what_the_queue_offers(
    configuration: Configuration, disposition: str | None, answer: list[Refuse]
) -> None:
    office = Office(configuration, ANNA)
    office.talk("c1")
    office.do(ContactFinished(contact=C1, agent=ANNA))
    decided = office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition=disposition))
    assert [each for each in decided if isinstance(each, Refuse)] == answer


def test_late_result_is_measured_by_the_queue_of_the_part() -> None:
    office = Office(centre("complaint"), ANNA)
    office.talk("c1")
    office.do(ContactFinished(contact=C1, agent=ANNA))
    office.wait(60)
    assert office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition="sold")) == [
        Refuse(code="disposition_not_offered")
    ]
    assert office.do(WrapUpFinished(contact=C1, agent=ANNA, disposition="late")) == []
    assert office.record("c1").disposition == "late"
