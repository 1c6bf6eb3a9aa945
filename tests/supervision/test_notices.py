"""Messages of supervisors to agents: on whose desk they are, until when, and who has seen them."""

from __future__ import annotations

from tests.routing.centre import ANNA, BORIS, CONFIGURATION, KATE, SALES, SUPPORT, Office

from otklik.contact.decisions import Refuse
from otklik.contact.ids import AgentId, QueueId
from otklik.contact.notice import NoticePosted, NoticeSeen, NoticeWithdrawn
from otklik.routing import Engine
from otklik.routing.notices import KEPT
from otklik.supervision.floor import Floor


def post(
    office: Office,
    name: str = "n1",
    *,
    queues: tuple[QueueId, ...] = (),
    agents: tuple[AgentId, ...] = (),
    lasts: float = 600,
) -> list[object]:
    fact = NoticePosted(notice=name, by="olga", lasts_seconds=lasts, queues=queues, agents=agents)
    return [*office.do(fact)]


def on_desk(office: Office, agent: AgentId) -> list[str]:
    return [each.id for each in office.engine.notices_for(office.agent(agent))]


def where(office: Office) -> dict[AgentId, list[str]]:
    return {agent: shown for agent in (ANNA, BORIS, KATE) if (shown := on_desk(office, agent))}


def test_message_is_on_the_desks_it_is_for_at_once_and_on_no_other() -> None:
    office = Office(CONFIGURATION, ANNA, BORIS, KATE)
    office.engine.take_touched()
    post(office)
    assert where(office) == {ANNA: ["n1"], BORIS: ["n1"], KATE: ["n1"]}
    assert office.engine.take_touched().agents == {ANNA, BORIS, KATE}
    post(office, "n2", queues=(SUPPORT,))
    assert office.engine.take_touched().agents == {ANNA, KATE}
    post(office, "n3", queues=(SUPPORT,), agents=(BORIS,))
    assert where(office) == {ANNA: ["n1", "n2", "n3"], BORIS: ["n1", "n3"], KATE: ["n1", "n2", "n3"]}


def test_message_changes_nothing_for_a_conversation() -> None:
    office = Office(CONFIGURATION, ANNA)
    office.talk("c1")
    before = office.contact("c1").record()
    assert post(office) == []
    assert office.contact("c1").record() == before


def test_whoever_puts_it_away_has_seen_it_and_the_first_time_counts() -> None:
    office = Office(CONFIGURATION, ANNA, BORIS)
    post(office)
    office.wait(5)
    office.do(NoticeSeen(notice="n1", agent=ANNA))
    office.wait(5)
    office.do(NoticeSeen(notice="n1", agent=ANNA))
    assert office.engine.notices()[0].seen == ((ANNA, 1005.0),)
    assert (on_desk(office, ANNA), on_desk(office, BORIS)) == ([], ["n1"])


def test_it_goes_when_its_time_is_over_or_it_is_withdrawn() -> None:
    office = Office(CONFIGURATION, ANNA)
    post(office, "n1", lasts=60)
    post(office, "n2")
    office.wait(60)
    office.do(NoticeWithdrawn(notice="none", by="olga"))  # anything: the engine learns what time it is
    assert on_desk(office, ANNA) == ["n2"]
    office.engine.take_touched()
    office.do(NoticeWithdrawn(notice="n2", by="olga"))
    assert on_desk(office, ANNA) == []
    assert ANNA in office.engine.take_touched().agents
    office.wait(5)
    office.do(NoticeWithdrawn(notice="n2", by="igor"))
    assert [each.withdrawn_at for each in office.engine.notices()] == [None, 1060.0]


def test_who_comes_to_work_later_is_shown_it_too_and_a_restart_knows_it() -> None:
    office = Office()
    post(office, queues=(SALES,))
    office.come(BORIS)
    office.do(NoticeSeen(notice="n1", agent=ANNA))
    restarted = Engine.restore(office.engine.snapshot())
    assert restarted.notices() == office.engine.notices()
    boris = restarted.agent(BORIS)
    assert boris is not None
    assert [each.id for each in restarted.notices_for(boris)] == ["n1"]


def test_what_cannot_be_is_refused_and_twice_is_once() -> None:
    office = Office(CONFIGURATION, ANNA, KATE)
    gone = [Refuse(code="no_such_notice")]
    assert post(office, queues=(QueueId("none"),)) == [Refuse(code="no_such_queue")]
    assert post(office, agents=(AgentId("none"),)) == [Refuse(code="no_such_agent")]
    assert office.engine.notices() == ()
    post(office, queues=(SALES,))
    post(office, queues=(SUPPORT,))
    assert [each.queues for each in office.engine.notices()] == [(SALES,)]
    assert office.do(NoticeSeen(notice="n1", agent=KATE)) == gone  # is not for her
    assert office.do(NoticeSeen(notice="none", agent=ANNA)) == gone
    office.do(NoticeWithdrawn(notice="n1", by="olga"))
    assert office.do(NoticeSeen(notice="n1", agent=ANNA)) == gone
    assert office.do(NoticeWithdrawn(notice="none", by="olga")) == gone


def test_the_last_are_remembered() -> None:
    office = Office()
    for number in range(KEPT + 3):
        post(office, f"n{number}")
    kept = [each.id for each in office.engine.notices()]
    assert (kept[0], kept[-1], len(kept)) == ("n3", f"n{KEPT + 2}", KEPT)


def test_floor_shows_who_has_seen_it_by_name() -> None:
    office = Office(CONFIGURATION, ANNA)
    floor = Floor()
    floor.follow(office.engine, (), ())
    post(office, queues=(SALES,), agents=(KATE,))
    office.do(NoticeSeen(notice="n1", agent=ANNA))
    change = floor.follow(office.engine, (), ())
    assert change.set["notices"] == [
        {
            "id": "n1",
            "at": "1970-01-01T00:16:40.000Z",
            "expires_at": "1970-01-01T00:26:40.000Z",
            "withdrawn_at": None,
            "urgent": False,
            "queues": ["sales"],
            "agents": ["kate"],
            "seen": [{"id": "anna", "name": "Анна", "at": "1970-01-01T00:16:40.000Z"}],
        }
    ]
    assert "notices" not in floor.follow(office.engine, (), ()).set
