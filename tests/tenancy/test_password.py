"""Passwords and tokens."""

from __future__ import annotations

from argon2 import PasswordHasher, extract_parameters

from otklik.tenancy import password


def test_password_matches_its_own_hash_only() -> None:
    made = password.hashed("correct-horse")
    assert password.matches(made, "correct-horse")
    assert not password.matches(made, "correct-horsf")
    assert not password.matches("no hash at all", "correct-horse")
    assert not password.matches(None, "correct-horse")


def test_unknown_login_costs_the_same_work_as_a_known_one() -> None:
    """The constant that stands for nobody must have today's parameters, or its time would tell."""
    assert extract_parameters(password._NOBODY) == extract_parameters(password.hashed("x"))
    assert not PasswordHasher().check_needs_rehash(password._NOBODY)


def test_tokens_are_long_random_and_known_by_their_hash() -> None:
    tokens = {password.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)
    assert len({password.token_hash(token) for token in tokens}) == 100
