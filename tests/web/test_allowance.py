"""How much a web site may ask of us, by its key."""

from __future__ import annotations

from otklik.correspondence.allowance import AT_ONCE, MOST_KEYS, PER_SECOND, TIMES_COST, Allowances


def test_a_quiet_site_may_ask_much_at_once_then_so_much_a_second() -> None:
    allowances = Allowances()
    assert [allowances.take("a", 0.0) for _ in range(int(AT_ONCE))] == [0.0] * int(AT_ONCE)
    assert allowances.take("a", 0.0) == 1 / PER_SECOND
    assert allowances.take("b", 0.0) == 0.0, "another site waits for nobody"
    assert [allowances.take("a", 1.0) for _ in range(int(PER_SECOND))] == [0.0] * int(PER_SECOND)
    assert allowances.take("a", 1.0) > 0


def test_free_times_cost_more_and_who_has_to_wait_has_taken_nothing() -> None:
    allowances = Allowances()
    while allowances.take("a", 0.0, TIMES_COST) == 0.0:
        pass
    assert allowances.take("a", 0.0, TIMES_COST) == TIMES_COST / PER_SECOND
    assert allowances.take("a", TIMES_COST / PER_SECOND, TIMES_COST) == 0.0


def test_a_clock_that_is_set_back_gives_nothing_and_keys_are_not_kept_without_end() -> None:
    allowances = Allowances()
    for number in range(MOST_KEYS + 10):
        allowances.take(str(number), 10.0)
    assert len(allowances._left) == MOST_KEYS
    assert allowances.take("9999", 0.0) == 0.0
