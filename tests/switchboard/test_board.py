"""What many pages share: encoded once, read by each at its own pace, and begun again by whoever is too far behind."""

from __future__ import annotations

import json
from typing import Any

from otklik.switchboard.board import KEPT, Board


def told(board: Board, stands: int) -> tuple[list[dict[str, Any]], int]:
    """Everything a page that stands there gets until it is level."""
    messages = []
    while stands < board.seq:
        text, stands = board.after(stands)
        messages.append(json.loads(text))
    return messages, stands


def test_page_reads_every_change_in_order_and_once() -> None:
    board = Board("floor", dict)
    for number in range(3):
        board.add({"set": {"n": number}})
    messages, stands = told(board, 1)
    assert messages == [{"type": "shared", "of": "floor", "seq": seq, "set": {"n": seq - 1}} for seq in (2, 3)]
    assert stands == 3


def test_message_is_the_same_object_for_all_who_read_it() -> None:
    board = Board("floor", dict)
    board.add({"set": {"n": 1}})
    assert board.after(0)[0] is board.after(0)[0]


def test_page_too_far_behind_gets_the_whole_and_goes_on_from_there_while_others_read_changes() -> None:
    state = {"n": 0}
    board = Board("floor", lambda: state)
    for _ in range(KEPT + 1):
        state["n"] += 1
        board.add({"set": dict(state)})
    slow, stands = told(board, 0)
    assert slow == [{"type": "shared", "of": "floor", "seq": KEPT + 1, "whole": {"n": KEPT + 1}}]
    assert stands == board.seq
    quick, _ = told(board, board.seq - 1)
    assert quick == [{"type": "shared", "of": "floor", "seq": KEPT + 1, "set": {"n": KEPT + 1}}]


def test_whole_is_encoded_once_until_something_changes() -> None:
    asked = []

    def whole() -> dict[str, object]:
        asked.append(1)
        return {"n": len(asked)}

    board = Board("floor", whole)
    assert (board.whole(), board.whole(), len(asked)) == (board.whole(), board.whole(), 1)
    board.add({"set": {}})
    assert (bytes(board.whole()), len(asked)) == (b'{"n":2}', 2)
