"""What a merge would take and what undoing it gives back; pure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.customer.merge import Side, side_by_side, taken, taken_apart

FIELDS = st.dictionaries(
    st.sampled_from(["name", "vip", "fields.a", "fields.b"]), st.sampled_from(["", "x", "y", None])
)


def test_empty_place_takes_the_others_value_and_a_vip_remains_one() -> None:
    kept = {"name": "Иван", "company": "", "vip": False, "about": "a"}
    other = {"name": "И. Петров", "company": "Вектор", "vip": True, "about": "a", "fields.city": "msk"}
    assert [(each.field, each.suggested) for each in side_by_side(kept, other)] == [
        ("name", "kept"),
        ("company", "other"),
        ("vip", "other"),
        ("fields.city", "other"),
    ]


@given(before=FIELDS, other=FIELDS, take=st.lists(st.sampled_from(["name", "vip", "fields.a", "fields.b"])))
def test_undoing_at_once_gives_back_exactly_what_stood(
    before: dict[str, Any], other: dict[str, Any], take: list[str]
) -> None:
    after = {**before, **taken(before, other, take)}
    for side in ("kept", "other"):
        kept, gone = taken_apart(before, after, after, side)
        now = {**after, **kept}
        assert {name: value for name, value in now.items() if value is not None} == {
            name: value for name, value in before.items() if value is not None
        }
        assert gone == {}


@pytest.mark.parametrize(
    ("side", "kept", "other"), [("kept", {"name": "A"}, {}), ("other", {"name": "A", "about": ""}, {"about": "new"})]
)
def test_what_was_changed_since_goes_to_the_side_that_was_said(
    side: Side, kept: dict[str, Any], other: dict[str, Any]
) -> None:
    before, after = {"name": "A", "about": ""}, {"name": "B", "about": ""}
    assert taken_apart(before, after, {"name": "B", "about": "new"}, side) == (kept, other)
