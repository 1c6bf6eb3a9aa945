"""Who may do what, and how often a password may be tried. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.contact.ids import TenantId
from otklik.errors import AppError
from otklik.tenancy import access
from otklik.tenancy.attempts import (
    FORGOTTEN_SECONDS,
    FREE_PER_ADDRESS,
    FREE_PER_LOGIN,
    LONGEST_WAIT_SECONDS,
    MOST_KEYS,
    Attempts,
    network,
)
from otklik.tenancy.person import Person, Role


def person(role: Role) -> Person:
    return Person(tenant=TenantId("t"), tenant_name="T", id="p", login="l", name="N", role=role)


def test_agent_is_an_agent_and_others_are_not() -> None:
    assert access.agent_of(person("agent"))[1] == "p"
    for role in ("supervisor", "administrator"):
        with pytest.raises(AppError, match="other permissions"):
            access.agent_of(person(role))


def test_nobody_is_told_to_sign_in_and_somebody_that_it_is_not_permitted() -> None:
    for someone, code in ((None, "not_signed_in"), (person("agent"), "not_permitted")):
        with pytest.raises(AppError) as refused:
            access.require(someone, "system.see")
        assert refused.value.code == code


def test_agent_reads_and_hears_own_contacts_supervisor_all() -> None:
    rights = {
        role: (
            access.may_read(person(role), True),
            access.may_read(person(role), False),
            access.may_play(person(role), True),
            access.may_play(person(role), False),
        )
        for role in ("agent", "supervisor", "administrator")
    }
    assert rights == {
        "agent": (True, False, True, False),
        "supervisor": (True,) * 4,
        "administrator": (True,) * 4,
    }


def waits(attempts: Attempts, login: str, address: str, times: int, now: float = 0.0) -> list[float]:
    """Each wrong attempt made as soon as it is allowed; how long each had to wait."""
    waited = []
    for _ in range(times):
        wait = attempts.begin(login, address, now)
        now += wait
        if wait:
            assert attempts.begin(login, address, now) == 0
        waited.append(wait)
    return waited


def test_each_next_wrong_password_waits_twice_as_long_up_to_a_quarter_of_an_hour() -> None:
    free = [0.0] * FREE_PER_LOGIN
    doubling = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS]
    assert waits(Attempts(), "anna", "10.0.0.1", 17) == free + doubling


def test_right_password_takes_its_attempts_back() -> None:
    attempts = Attempts()
    for _ in range(20):
        waits(attempts, "anna", "10.0.0.1", FREE_PER_LOGIN - 1)
        assert attempts.begin("anna", "10.0.0.1", 0.0) == 0
        attempts.succeeded("anna", "10.0.0.1")
        attempts._counts.pop(("", "10.0.0.1"))


def test_one_address_that_tries_many_logins_is_slowed_and_its_neighbour_is_not() -> None:
    attempts = Attempts()
    for number in range(FREE_PER_ADDRESS):
        assert attempts.begin(f"login{number}", "10.0.0.1", 0.0) == 0
    assert attempts.begin("anna", "10.0.0.1", 0.0) > 0
    assert attempts.begin("anna", "10.0.0.2", 0.0) == 0


def test_quiet_half_hour_is_forgiven() -> None:
    attempts = Attempts()
    waits(attempts, "anna", "10.0.0.1", FREE_PER_LOGIN)
    assert attempts.begin("anna", "10.0.0.1", 0.5) > 0
    assert attempts.begin("anna", "10.0.0.1", FORGOTTEN_SECONDS + 1) == 0


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix", "unix"),
        ("", ""),
    ],
)
def test_subscriber_of_ipv6_is_one_however_many_addresses(address: str, whose: str) -> None:
    assert network(address) == whose


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(0, 1e6)), max_size=50))
def test_whatever_is_tried_the_wait_is_bounded(tries: list[tuple[str, float]]) -> None:
    attempts = Attempts()
    for login, now in sorted(tries, key=lambda each: each[1]):
        assert 0 <= attempts.begin(login, "10.0.0.1", now) <= LONGEST_WAIT_SECONDS


def test_memory_of_attempts_is_bounded() -> None:
    attempts = Attempts()
    for number in range(MOST_KEYS + 100):
        attempts.begin(str(number), str(number), 0.0)
    assert len(attempts._counts) <= MOST_KEYS
