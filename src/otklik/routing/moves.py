"""What a table of legal moves is, and what happens to a move that is not in it: a fault of ours, never of a fact."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Moves = Mapping[State, frozenset[State]]


class IllegalMove(Exception):
    """The engine tried a move that its own table forbids. No sequence of facts may cause it: the tests hold that."""


def check_move(moves: Moves[State], before: State, after: State) -> None:
    if after not in moves[before]:
        raise IllegalMove(f"{before} -> {after}")
