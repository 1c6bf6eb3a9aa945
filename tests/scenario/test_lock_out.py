"""PINs: sent as they were pressed, known to nobody on the way, and not to be guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenario.test_outside import LOOK_UP, found

from otklik.contact.decisions import Ask, Enqueue, LookUp
from otklik.contact.facts import Answered, VerbFinished
from otklik.contact.flow import LockOut
from otklik.contact.ids import ContactId
from otklik.scenario import Contact, Run
from otklik.scenario.lock_out import LockOuts
from otklik.scenario.rehearsal import Stage, rehearse

C1 = ContactId("c1")
THRICE = LockOut(by=("{ani}", "{account}"), wrong=3, lock_seconds=60)


async def pin(contact: Contact) -> None:
    contact.attributes["account"] = "77"
    pressed = await contact.collect("PIN", masked=True, name="PIN")
    came = await contact.look_up(
        "bank", "check", {"account": "{account}", "pin": pressed}, lock_out=THRICE, name="check"
    )
    await contact.to_queue(came)


def asked() -> tuple[Run, LookUp]:
    run = Run(C1, pin)
    (ask,) = run.start()
    assert isinstance(ask, Ask) and ask.masked
    (look_up,) = run.handle(VerbFinished(contact=C1, step=1, outcome="digits", digits="****", block="PIN"))
    assert isinstance(look_up, LookUp)
    return run, look_up


def test_masked_keys_are_named_by_their_step_and_counted_without_the_number() -> None:
    _, look_up = asked()
    assert look_up.parameters == {"account": "77"}
    assert look_up.of_keys == {"pin": 1}
    assert look_up.counted == ("bank.check {ani}", "bank.check 77")
    assert look_up.counted_seconds == 60


def test_run_told_again_goes_the_same_way_whatever_is_locked_by_then() -> None:
    run, look_up = asked()
    locked = Stage(branches={"check": "locked"})
    again = Run(C1, pin, world=locked, recorded=(*run.replies, *run.known))
    assert again.start() == [look_up]


def test_locked_one_is_not_even_asked_about() -> None:
    played = rehearse(pin, ("1234",), Stage(branches={"check": "locked"}))
    assert isinstance(played.end, Enqueue) and played.end.queue == "locked"


def test_keys_that_a_restart_has_lost_are_told_apart_from_a_fault() -> None:
    async def again(contact: Contact) -> None:
        await contact.look_up("bank", "check", {})
        await contact.to_queue(contact.reason)

    run = Run(C1, again)
    run.start()
    (end,) = run.handle(Answered(contact=C1, step=1, outcome="failed", reason="forgotten"))
    assert isinstance(end, Enqueue) and end.queue == "forgotten"


def test_entries_count_from_when_they_are_sent_until_their_time_is_over() -> None:
    outs = LockOuts()
    for at in (0, 10, 20):
        assert not outs.locked(["a"], 3, at)
        outs.count(["a"], 60, at)
    assert outs.locked(["a"], 3, 21)
    assert outs.locked(["b", "a"], 3, 21)
    assert not outs.locked(["b"], 3, 21)
    assert not outs.locked(["a"], 3, 60)


def test_right_one_forgets_those_before_and_one_without_an_answer_only_itself() -> None:
    outs = LockOuts()
    outs.count(["a"], 60, 0)
    outs.count(["a"], 60, 0)
    outs.unanswered(["a"])
    assert outs.locked(["a"], 1, 1) and not outs.locked(["a"], 2, 1)
    outs.right(["a", "b"])
    assert not outs.locked(["a"], 1, 1)
    outs.unanswered(["a"])
    assert outs.entries() == {}


def test_who_tries_many_at_once_has_no_more_of_them() -> None:
    outs, tried = LockOuts(), 0
    for _ in range(100):
        if not outs.locked(["a"], 3, 0):
            outs.count(["a"], 60, 0)
            tried += 1
    assert tried == 3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 100)), max_size=60))
def test_what_counts_no_more_is_forgotten_before_long(entries: list[tuple[str, int]]) -> None:
    outs = LockOuts()
    for key, at in sorted(entries, key=lambda each: each[1]):
        outs.count([key], 10, at)
    outs.count(["last"], 10, 200)
    assert set(outs.entries()) == {"last"}
    assert LockOuts(outs.entries()).locked(["last"], 1, 201)


PIN = {"id": "pin", "collect": {"text": {"ru": "Код"}, "into": "pin", "masked": True}, "exits": {"done": "order"}}
LOCKS = {**LOOK_UP, "lock_out": {"by": ["{number}"]}}
ORDER = {"look_up": LOCKS, "exits": {"found": "note", "not_found": "end", "locked": "end"}}


def test_question_with_a_lock_out_has_an_exit_for_it() -> None:
    assert found(order=ORDER) == []
    without = {**ORDER, "exits": {"found": "note", "not_found": "end"}}
    assert ("flows[0].blocks[0].exits", "config_flow_no_exit") in found(order=without)
    plain = {"exits": {"found": "note", "not_found": "end", "locked": "end"}}
    assert ("flows[0].blocks[0].exits.locked", "config_flow_exit") in found(order=plain)


@pytest.mark.parametrize(
    ("lock_out", "place", "code"),
    [
        ({"by": []}, "by", "config_lock_out_by"),
        ({"by": ["{ani}"], "wrong": 0}, "wrong", "config_flow_attempts"),
        ({"by": ["{ani}"], "lock_seconds": 0}, "lock_seconds", "config_outside_seconds"),
    ],
)
def test_lock_out_that_locks_nobody_is_refused(lock_out: dict[str, Any], place: str, code: str) -> None:
    changed = {**ORDER, "look_up": {**LOOK_UP, "lock_out": lock_out}}
    assert (f"flows[0].blocks[0].look_up.lock_out.{place}", code) in found(order=changed)


def test_masked_digits_are_no_part_of_an_address() -> None:
    blocks = [
        PIN,
        {"id": "order", "fetch": {"service": "crm", "request": "check", "parameters": {"pin": "{pin}"}}, "exits": {"found": "end", "not_found": "end"}},
        {"id": "end", "queue": {"queue": "sales"}},
    ]  # fmt: skip
    place = ("flows[0].blocks[1].fetch.parameters.pin", "config_masked_path")
    for request, refused in (
        ({"path": "/pin/{pin}"}, True),
        ({"path": "/pin", "query": {"pin": "{pin}"}}, True),
        ({"path": "/pin", "method": "POST", "body": {"pin": "{pin}"}}, False),
    ):
        told = found(crm={"requests": {"check": request}}, flow={"blocks": blocks})
        assert (place in told) is refused
