"""Canned replies made ready for a contact: filled in, and never with a hole that nobody sees."""

from __future__ import annotations

import pytest

from otklik.contact.configuration import CannedReply, Configuration
from otklik.contact.ids import QueueId
from otklik.routing.audit import faults
from otklik.routing.audit_talk import REPLY_HOLES, reply_faults
from otklik.talk.reply import ready

KNOWN = {
    "customer.name": "Иван",
    "customer.company": " ",
    "customer.number": "+7",
    "agent.name": "Анна",
    "queue.name": "Q",
}
SALES = QueueId("sales")


def texts(*replies: CannedReply, queue: str | None = "sales") -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(each.shortcut, each.language, each.text, each.missing) for each in ready(replies, queue, KNOWN)]


def test_what_is_known_is_filled_in_both_languages() -> None:
    found = texts(CannedReply(id="hi", ru="{customer.name}, это {agent.name}", en="{customer.name}, {agent.name} here"))
    assert found == [("hi", "ru", "Иван, это Анна", ()), ("hi", "en", "Иван, Анна here", ())]


def test_what_is_not_known_stays_in_the_text_and_is_named() -> None:
    found = texts(
        CannedReply(id="c", ru="Для {customer.company} и {customer.company}: {customer.colour}, {agent.name}")
    )
    assert found == [
        ("c", "ru", "Для {customer.company} и {customer.company}: {customer.colour}, Анна", ("customer.company",))
    ]


def test_value_that_looks_like_a_hole_is_not_filled_again() -> None:
    assert (
        ready([CannedReply(id="x", ru="{customer.name}")], None, KNOWN | {"customer.name": "{agent.name}"})[0].text
        == "{agent.name}"
    )


def test_reply_of_other_queues_is_not_offered() -> None:
    own, other = CannedReply(id="a", ru="a", queues=(SALES,)), CannedReply(id="b", ru="b", queues=(QueueId("support"),))
    assert [each[0] for each in texts(own, other, CannedReply(id="c", ru="c"))] == ["a", "c"]
    assert [each[0] for each in texts(own, other, queue=None)] == []


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        (CannedReply(id="a b", ru="x"), ("p.id", "config_reply_shortcut", False, "a b")),
        (CannedReply(id="a/b", ru="x"), ("p.id", "config_reply_shortcut", False, "a/b")),
        (CannedReply(id="a", ru=" "), ("p", "config_reply_empty", False, "a")),
        (CannedReply(id="a", en="{customer.nmae}"), ("p.en", "config_reply_hole", True, "customer.nmae")),
    ],
)
def test_faults_are_named_with_their_place(reply: CannedReply, found: tuple[str, str, bool, str]) -> None:
    assert list(reply_faults("p", reply)) == [found]


def test_every_hole_the_set_up_may_name_is_filled() -> None:
    assert REPLY_HOLES == set(KNOWN)


def test_unknown_queue_and_twice_the_same_shortcut_are_faults_of_the_set_up() -> None:
    wrong = CannedReply(id="a", ru="x", queues=(QueueId("nowhere"),))
    found = {(fault.place, fault.code) for fault in faults(Configuration(canned_replies=(wrong, wrong)))}
    assert ("canned_replies[0].queues[0]", "config_no_queue") in found
    assert ("canned_replies[1].id", "config_twice") in found
