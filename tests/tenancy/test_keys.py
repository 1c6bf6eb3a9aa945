"""Keys of the desk: what may be chosen, and that two actions never wait for the same key at the same time."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from otklik.errors import AppError
from otklik.tenancy.keys import ACTIONS, chosen, keys_of

PAGE = Path(__file__).resolve().parents[2] / "ui" / "src" / "app" / "actions.ts"


def refused(own: dict[str, str]) -> tuple[str, str | None]:
    with pytest.raises(AppError) as caught:
        chosen(own)
    return caught.value.code, caught.value.field


def test_no_two_actions_that_are_there_together_have_the_same_key_to_begin_with() -> None:
    for (one, a), (other, b) in combinations(ACTIONS.items(), 2):
        assert a.key != b.key or not a.when & b.when, (one, other)


def test_only_what_differs_is_kept() -> None:
    assert chosen({"mute": "M", "hold": "J"}) == {"hold": "J"}
    assert keys_of({"hold": "J"})["hold"] == "J"
    assert keys_of({"hold": "J"})["mute"] == "M"


def test_key_of_an_action_that_is_there_at_the_same_time_is_refused_by_name() -> None:
    with pytest.raises(AppError) as caught:
        chosen({"hold": "T"})
    assert (caught.value.code, caught.value.data["action"], caught.value.field) == (
        "key_taken",
        "transfer",
        "keys.hold",
    )
    assert refused({"accept": "alt+D"})[0] == "key_taken"


def test_same_key_serves_two_actions_that_are_never_there_together() -> None:
    assert chosen({"park": "M"}) == {"park": "M"}
    assert chosen({"save": "alt+S", "complete": "alt+S"}) == {"save": "alt+S", "complete": "alt+S"}


def test_two_actions_can_change_keys_in_one_step() -> None:
    assert chosen({"mute": "H", "hold": "M", "swap": "J"}) == {"mute": "H", "hold": "M", "swap": "J"}
    assert refused({"mute": "H", "hold": "M"}) == ("key_taken", "keys.mute")  # swap is on H while a colleague is asked


def test_an_action_may_have_no_key() -> None:
    assert chosen({"mute": "", "hold": "", "transfer": "H"}) == {"mute": "", "hold": "", "transfer": "H"}


@pytest.mark.parametrize(
    "key", ["ctrl+C", "ctrl+W", "F5", "Enter", "Tab", "Escape", "Space", "m", "M+ctrl", "ctrl+", "😀", "ctrl+alt"]
)
def test_keys_of_the_browser_and_of_texts_are_refused(key: str) -> None:
    assert refused({"mute": key}) == ("key_not_usable", "keys.mute")


def test_unknown_action_is_refused() -> None:
    assert refused({"fly": "F"}) == ("no_such_action", "keys.fly")


def test_page_knows_every_action_and_no_other() -> None:
    listed = re.search(r"export const KEYED = \[(.*?)\] as const", PAGE.read_text(), re.DOTALL)
    assert listed
    assert re.findall(r'"(\w+)"', listed[1]) == list(ACTIONS)
