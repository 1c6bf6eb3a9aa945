"""The figure of a line by a table that the browser's own computation is held to as well, and when it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from otklik.channels.voice.listening import counts
from otklik.contact.ids import AgentId, ContactId
from otklik.contact.quality import Counts, Hearing, LineMeasured, Meter, hearing, mos

TABLE: list[list[float]] = json.loads(
    (Path(__file__).parents[2] / "ui" / "src" / "phone" / "quality.table.json").read_text()
)
C1, ANNA = ContactId("c1"), AgentId("anna")


@pytest.mark.parametrize(("loss", "jitter_ms", "round_trip_ms", "figure"), TABLE)
def test_loss_jitter_and_round_trip_make_a_figure(
    loss: float, jitter_ms: float, round_trip_ms: float, figure: float
) -> None:
    assert mos(loss, jitter_ms, round_trip_ms) == figure


@pytest.mark.parametrize(
    ("figure", "before", "word"),
    [
        (4.4, "good", "good"),
        (3.6, "good", "good"),
        (3.59, "good", "poor"),
        (3.7, "poor", "poor"),
        (3.76, "poor", "good"),
        (3.09, "good", "bad"),
        (3.2, "bad", "bad"),
        (3.3, "bad", "poor"),
        (4.0, "bad", "good"),
    ],
)
def test_a_word_becomes_better_only_when_the_line_is_clearly_so(figure: float, before: Hearing, word: Hearing) -> None:
    assert hearing(figure, before) == word


def test_it_is_told_when_a_line_becomes_worse_and_when_it_is_well_again() -> None:
    meter = Meter()
    assert not meter.heard
    assert not meter.feed(Counts(received=200, round_trip_ms=40)) and meter.heard
    assert meter.feed(Counts(received=364, lost=36, round_trip_ms=40)) and meter.now == "poor"
    assert meter.feed(Counts(received=504, lost=96, round_trip_ms=40)) and meter.now == "bad"
    assert not meter.feed(Counts(received=704, lost=96, round_trip_ms=40)) and meter.now == "bad"
    assert meter.feed(Counts(received=904, lost=96, round_trip_ms=40)) and meter.now == "good"
    whole, worst = mos(0.096, 0, 40), mos(0.24, 0, 40)
    assert meter.measured(C1, ANNA) == LineMeasured(
        contact=C1, agent=ANNA, mos=whole, worst_mos=worst, loss=0.096, jitter_ms=0, round_trip_ms=40, now="good"
    )


def test_what_the_other_end_does_not_hear_counts_as_well() -> None:
    meter = Meter()
    assert meter.feed(Counts(received=200, sent=200, lost_there=40))
    assert meter.now == "bad"


def test_a_line_on_hold_is_not_judged_and_duplicates_are_no_loss() -> None:
    meter = Meter()
    meter.feed(Counts(received=200))
    assert not meter.feed(Counts(received=200, lost=50)) and meter.now == "good"
    assert not meter.feed(Counts(received=400, lost=-3))
    assert meter.measured(C1).loss == 0


def test_what_asterisk_tells_is_in_seconds_and_its_jitter_counts_once_it_has_settled() -> None:
    told = {
        "rxcount": 400,
        "rxploss": 1,
        "txcount": 12,
        "txploss": 2,
        "txjitter": 0.002,
        "rxjitter": 0.004,
        "rtt": 0.05,
    }
    found = Counts(received=400, lost=1, sent=12, lost_there=2, jitter_ms=2, jitter_there_ms=4, round_trip_ms=50)
    assert counts(told) == found
    assert counts(told | {"rxcount": 140, "txjitter": 0.06}).jitter_ms == 0
    assert counts(told | {"txjitter": 4031.0}).jitter_ms == 0
    assert counts({}) == Counts()
