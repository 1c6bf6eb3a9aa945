"""Music of a queue: said again to whoever moves to a queue that has another, or waits while the set-up changes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.routing.centre import ANNA, CONFIGURATION, SALES, SUPPORT, Office, of

from otklik.contact.configuration import Configuration, Destination, Exit, Music, Overflow
from otklik.contact.decisions import PlayMusic
from otklik.contact.facts import Configured, KeyPressed
from otklik.contact.ids import ContactId
from otklik.routing.audit import faults
from otklik.switchboard.recordings import Recordings

C1 = ContactId("c1")
WALTZ, MARCH = (Music(recording=each * 64, name=each) for each in "ab")
NOTHING = Music(silence=True)
PLAYS = [PlayMusic(contact=C1)]


def queues(sales: Music | None, support: Music | None, **of_sales: Any) -> Configuration:
    first, second = (replace(each, announce_every_seconds=0) for each in CONFIGURATION.queues)
    return replace(CONFIGURATION, queues=(replace(first, music=sales, **of_sales), replace(second, music=support)))


def tune(office: Office) -> str:
    return Recordings(lambda: office.engine.configuration).tune(office.engine.contact(C1))


def test_each_queue_has_its_own() -> None:
    office = Office(queues(WALTZ, None))
    assert of(PlayMusic, office.queue("c1", SALES)) == PLAYS
    assert tune(office) == "a" * 64
    assert Recordings(lambda: office.engine.configuration).tune(None) == ""


@pytest.mark.parametrize(
    ("sales", "support", "said", "heard"),
    [
        (None, None, [], ""),
        (WALTZ, WALTZ, [], "a" * 64),
        (WALTZ, MARCH, PLAYS, "b" * 64),
        (WALTZ, None, PLAYS, ""),
        (None, NOTHING, PLAYS, "silence"),
    ],
)
def test_who_moves_on_hears_that_of_the_other_queue(
    sales: Music | None, support: Music | None, said: list[PlayMusic], heard: str
) -> None:
    """It is said again only where it is another: nobody's music begins anew for nothing."""
    office = Office(queues(sales, support, overflow=(Overflow(when="wait", at=10, to=SUPPORT),)))
    office.queue("c1", SALES)
    assert of(PlayMusic, office.wait(10)) == said
    assert office.contact("c1").queue == SUPPORT
    assert tune(office) == heard


def test_who_presses_a_key_hears_that_of_the_other_queue() -> None:
    office = Office(queues(None, MARCH, exits=(Exit(digit="1", to=Destination(queue=SUPPORT)),)))
    office.queue("c1", SALES)
    assert of(PlayMusic, office.do(KeyPressed(contact=C1, key="1"))) == PLAYS


def test_other_music_counts_at_once_for_those_who_wait_and_not_for_those_who_talk() -> None:
    office = Office(queues(WALTZ, None))
    office.queue("c1", SALES)
    assert of(PlayMusic, office.do(Configured(configuration=queues(MARCH, WALTZ)))) == PLAYS
    assert of(PlayMusic, office.do(Configured(configuration=queues(MARCH, MARCH)))) == []
    office.come(ANNA)
    office.answer("c1")
    assert of(PlayMusic, office.do(Configured(configuration=queues(None, None)))) == []


def test_who_waits_in_a_queue_that_is_taken_away_hears_that_of_the_one_they_come_to() -> None:
    office = Office(queues(WALTZ, MARCH))
    office.queue("c1", SALES)
    left = replace(CONFIGURATION, queues=queues(WALTZ, MARCH).queues[1:], scenarios=(), entry_points=())
    assert of(PlayMusic, office.do(Configured(configuration=left))) == PLAYS
    assert tune(office) == "b" * 64


@pytest.mark.parametrize(
    ("music", "wrong"),
    [
        (Music(), [("queues[0].music", "config_music")]),
        (Music(silence=True, recording="a" * 64), [("queues[0].music", "config_music")]),
        (Music(recording="../../etc/passwd"), [("queues[0].music.recording", "config_recording")]),
        (Music(recording="a" * 64), []),
        (Music(silence=True), []),
    ],
)
def test_it_is_a_recording_or_silence(music: Music, wrong: list[tuple[str, str]]) -> None:
    assert [(each.place, each.code) for each in faults(queues(music, None))] == wrong
