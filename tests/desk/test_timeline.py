"""A contact's story told from its facts. Pure."""

from __future__ import annotations

from otklik.contact import facts
from otklik.contact.facts import Fact
from otklik.contact.ids import AgentId, ContactId, EntryPointId, OfferNumber, QueueId
from otklik.contact.recording import RecordingPaused, RecordingPauseExpired, RecordingResumed
from otklik.desk.timeline import timeline
from otklik.storage.codec import KINDS

C, ANNA, BORIS = ContactId("c"), AgentId("anna"), AgentId("boris")


def told(*happened: Fact) -> list[tuple[str, str | None, str | None]]:
    numbered = [(float(at), KINDS[type(fact)], fact) for at, fact in enumerate(happened)]
    entries = timeline(numbered, {"anna": "Анна", "boris": "Борис"}, {"sales": "Продажи"})
    return [(entry.what, entry.who, entry.text) for entry in entries]


def test_story_of_a_call_that_two_agents_were_offered() -> None:
    first, second = OfferNumber(1), OfferNumber(2)
    assert told(
        facts.ContactArrived(contact=C, channel="voice", entry_point=EntryPointId("e"), dnis="1000", leg="l"),
        facts.VerbFinished(contact=C, step=1, outcome="done"),
        facts.VerbFinished(contact=C, step=2, outcome="digits", digits="1"),
        facts.ContactQueued(contact=C, queue=QueueId("sales"), choices=("Продажи",)),
        facts.OfferExpired(contact=C, agent=ANNA, offer=first),
        facts.AnnouncementDue(contact=C, number=1),
        facts.OfferAnswered(contact=C, agent=BORIS, offer=second),
        facts.OfferExpired(contact=C, agent=BORIS, offer=second),
        facts.ContactHeld(contact=C, agent=BORIS),
        facts.AgentMuted(contact=C, agent=BORIS, muted=True),
        facts.CustomerLeft(contact=C, cause="hung_up"),
        facts.WrapUpFinished(contact=C, agent=BORIS, disposition="order"),
        facts.WrapUpExpired(contact=C, agent=BORIS),
    ) == [
        ("contact_arrived", None, "1000"),
        ("verb_finished", None, "1"),
        ("contact_queued", None, "Продажи"),
        ("offer_expired", "Анна", None),
        ("offer_answered", "Борис", None),
        ("contact_held", "Борис", None),
        ("agent_muted", "Борис", "on"),
        ("customer_left", None, "hung_up"),
        ("wrap_up_finished", "Борис", "order"),
    ]


def test_a_pause_is_told_once_and_ends_once() -> None:
    pause, resume = RecordingPaused(contact=C, agent=ANNA), RecordingResumed(contact=C, agent=ANNA)
    assert told(resume, pause, pause, resume, resume, RecordingPauseExpired(contact=C, number=1), pause) == [
        ("recording_paused", "Анна", None),
        ("recording_resumed", "Анна", None),
        ("recording_paused", "Анна", None),
    ]


def test_agent_who_was_removed_and_queue_that_is_gone_leave_a_line_all_the_same() -> None:
    assert told(
        facts.ContactQueued(contact=C, queue=QueueId("gone")),
        facts.OfferDeclined(contact=C, agent=AgentId("gone"), offer=OfferNumber(1)),
    ) == [("contact_queued", None, "gone"), ("offer_declined", None, None)]
