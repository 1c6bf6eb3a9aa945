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


def diagram(moves: Moves[State]) -> str:
    """The table as a Mermaid state diagram; the first state is where everything begins."""
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(moves))}"]
    for before, afters in moves.items():
        lines += [f"    {before} --> {after}" for after in moves if after in afters]
        if not afters:
            lines.append(f"    {before} --> [*]")
    return "\n".join(lines)
