"""What is kept of a conversation: an agent's pause, its limit, the queue's rule, a recording begun on demand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.routing.centre import ANNA, BORIS, CONFIGURATION, RUSSIAN, SALES, SUPPORT, Office, of, only

from otklik.contact.configuration import Configuration
from otklik.contact.decisions import Connect, Decision, DropRecording, Record, Refuse, SetTimer, SilenceRecording
from otklik.contact.facts import (
    CallAnswered,
    CallPlaced,
    ContactHeld,
    ContactTransferred,
    CustomerLeft,
    OfferAnswered,
    RecordingStored,
)
from otklik.contact.ids import ContactId, OfferNumber
from otklik.contact.recording import (
    RecordingAsked,
    RecordingPaused,
    RecordingPauseExpired,
    RecordingPolicy,
    RecordingResumed,
)
from otklik.routing import Engine, TapeState

C1 = ContactId("c1")
PAUSE, RESUME = RecordingPaused(contact=C1, agent=ANNA), RecordingResumed(contact=C1, agent=ANNA)
ASK = RecordingAsked(contact=C1, agent=ANNA)
SILENT, SOUND = SilenceRecording(contact=C1, silent=True), SilenceRecording(contact=C1, silent=False)
STORED = RecordingStored(contact=C1, key="k.wav", seconds=30.0)


def recording(sales: RecordingPolicy, support: RecordingPolicy = "always") -> Configuration:
    rules = {SALES: sales, SUPPORT: support}
    return replace(
        CONFIGURATION, queues=tuple(replace(queue, recording=rules[queue.id]) for queue in CONFIGURATION.queues)
    )


def talking(rule: RecordingPolicy = "always", support: RecordingPolicy = "always") -> Office:
    """Anna talks to c1 since 1000."""
    office = Office(recording(rule, support), ANNA)
    office.talk("c1")
    return office


def silences(office: Office) -> list[tuple[float, float | None, str | None]]:
    return [(each.begins_seconds, each.ends_seconds, each.agent) for each in office.record("c1").recording_silences]


def test_a_pause_is_silence_in_the_recording_until_it_is_resumed() -> None:
    office = talking()
    office.wait(10)
    expired = RecordingPauseExpired(contact=C1, number=1)
    assert office.do(PAUSE) == [SILENT, SetTimer(at=1130.0, fact=expired)]
    assert office.contact("c1").tape.state is TapeState.PAUSED
    office.wait(5)
    assert office.do(RESUME) == [SOUND]
    assert silences(office) == [(10.0, 15.0, ANNA)]


def test_a_forgotten_pause_ends_at_its_limit_and_says_so() -> None:
    office = talking()
    office.do(PAUSE)
    assert of(SilenceRecording, office.wait(119)) == []
    assert of(SilenceRecording, office.wait(1)) == [SOUND]
    assert office.contact("c1").tape.expired
    office.do(PAUSE)
    assert not office.contact("c1").tape.expired


def test_the_limit_of_an_earlier_pause_does_not_end_a_later_one() -> None:
    office = talking()
    office.do(PAUSE)
    office.wait(100)
    office.do(RESUME)
    office.do(PAUSE)
    assert of(SilenceRecording, office.wait(119)) == []
    assert of(SilenceRecording, office.wait(1)) == [SOUND]


@pytest.mark.parametrize("fact", [PAUSE, RESUME])
def test_said_twice_it_changes_nothing(fact: RecordingPaused | RecordingResumed) -> None:
    office = talking()
    office.do(PAUSE)
    office.do(fact)
    assert office.do(fact) == []


def test_only_whoever_talks_may_pause() -> None:
    office = talking()
    stranger = RecordingPaused(contact=C1, agent=BORIS)
    assert office.do(stranger) == [Refuse(code="no_such_contact")]
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert office.do(PAUSE) == [Refuse(code="move_not_allowed", state="wrap_up")]


def test_a_pause_lasts_through_hold() -> None:
    office = talking()
    office.do(PAUSE)
    office.do(ContactHeld(contact=C1, agent=ANNA))
    assert office.contact("c1").tape.state is TapeState.PAUSED
    assert office.do(RESUME) == [SOUND]


def test_whoever_has_it_next_is_recorded_although_the_pause_was_not_ended() -> None:
    office = talking()
    office.do(PAUSE)
    office.wait(3)
    moved = office.do(ContactTransferred(contact=C1, agent=ANNA, to_queue=SUPPORT))
    assert only(SilenceRecording, moved) == SOUND
    assert silences(office) == [(0.0, 3.0, ANNA)]
    assert of(SilenceRecording, office.wait(300)) == []


@pytest.mark.parametrize("rule", ["on_demand", "never"])
def test_a_queue_that_does_not_record_by_itself_silences_the_line_and_nothing_is_kept(rule: RecordingPolicy) -> None:
    office = Office(recording(rule), ANNA)
    assert only(SilenceRecording, office.queue("c1")) == SILENT
    office.answer("c1")
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert office.do(STORED) == [DropRecording(contact=C1, key="k.wav")]
    assert office.record("c1").recording_key is None


def test_a_recording_on_demand_begins_when_the_agent_asks_and_is_kept() -> None:
    office = talking("on_demand")
    assert office.do(PAUSE) == [Refuse(code="not_recorded")]
    office.wait(7)
    assert office.do(ASK) == [SOUND]
    assert office.do(ASK) == []
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert office.do(STORED) == []
    assert office.record("c1").recording_key == "k.wav"
    assert silences(office) == [(0.0, 7.0, None)]


def test_where_nothing_is_recorded_nobody_may_begin() -> None:
    assert talking("never").do(ASK) == [Refuse(code="recording_forbidden")]


def test_what_was_recorded_of_one_queue_is_kept_although_the_next_records_nothing() -> None:
    office = talking("always", "never")
    moved = office.do(ContactTransferred(contact=C1, agent=ANNA, to_queue=SUPPORT))
    assert only(SilenceRecording, moved) == SILENT
    office.do(CustomerLeft(contact=C1, cause="hung_up"))
    assert office.do(STORED) == []
    assert office.record("c1").recording_key == "k.wav"


def test_a_call_out_is_recorded_by_the_rule_of_its_queue_from_the_first_word() -> None:
    office = Office(recording("never"), BORIS)
    placed = CallPlaced(contact=C1, agent=BORIS, queue=SALES, entry_point=RUSSIAN, number="+79161234567")
    office.do(placed)
    office.do(OfferAnswered(contact=C1, agent=BORIS, offer=OfferNumber(1)))
    office.wait(4)
    decided: list[Decision] = office.do(CallAnswered(contact=C1, attempt=1))
    assert [type(each) for each in decided] == [Record, SilenceRecording, Connect]
    assert silences(office) == [(0.0, None, None)]


def test_after_a_restart_the_line_is_as_silent_as_it_was() -> None:
    office = talking()
    assert office.engine.calls_under_way() == []
    office.do(PAUSE)
    assert Engine.restore(office.engine.snapshot()).calls_under_way() == [SILENT]
    office.do(RESUME)
    assert Engine.restore(office.engine.snapshot()).calls_under_way() == [SOUND]
