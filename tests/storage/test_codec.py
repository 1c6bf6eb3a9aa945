"""Every kind of fact survives the way to JSON and back."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import NODEFAULT
from msgspec.structs import fields, replace

from otklik.contact.facts import Configured, ContactArrived, Fact, VerbFinished
from otklik.contact.ids import ContactId, EntryPointId
from otklik.contact.voicemail import Voicemail
from otklik.storage import codec

finite = st.floats(allow_nan=False, allow_infinity=False)
st.register_type_strategy(float, finite)
storable = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
st.register_type_strategy(str, storable)
st.register_type_strategy(Voicemail, st.builds(Voicemail, attributes=st.dictionaries(storable, storable)))


@pytest.mark.parametrize("kind", get_args(Fact), ids=lambda kind: kind.__name__)
def test_fact_comes_back_as_it_was(kind: type[Fact]) -> None:
    # A whole set-up is large: fewer of them, and none written out unless it fails.
    @settings(
        max_examples=20 if kind is Configured else 100,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(some(kind))
    def comes_back(fact: Fact) -> None:
        ani = fact.ani if isinstance(fact, ContactArrived) else None
        again = codec.load(codec.KINDS[kind], json.loads(codec.dump(fact)), ani, codec.request_in(fact))
        assert again == (replace(fact, secret="") if isinstance(fact, VerbFinished) else fact)

    comes_back()


def some(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    """Hypothesis takes the default of a dictionary as it stands in the signature, which is no dictionary."""
    made = {each.name for each in fields(kind) if each.default_factory is not NODEFAULT}
    return st.builds(kind, **{name: st.dictionaries(storable, storable) for name in made})


@given(st.text(min_size=1, alphabet="0123456789*#"))
def test_masked_digits_are_not_written(digits: str) -> None:
    fact = VerbFinished(contact=ContactId("c"), step=1, outcome="digits", digits="*" * len(digits), secret=digits)
    assert json.loads(codec.dump(fact))["secret"] == ""


@given(st.lists(st.tuples(finite, some(ContactArrived)), max_size=5))
def test_batch_carries_the_numbers_beside_the_facts(facts: list[tuple[float, Fact]]) -> None:
    batch, personal = codec.dump_batch(facts)
    arrivals = [fact for _, fact in facts if isinstance(fact, ContactArrived)]
    assert [row["at"] for row in json.loads(batch)] == [at for at, _ in facts]
    assert all(row["body"].get("ani") is None for row in json.loads(batch))
    known = [{"contact": fact.contact, "ani": fact.ani} for fact in arrivals if fact.ani is not None]
    assert [each for each in json.loads(personal or "[]") if "ani" in each] == known


def test_what_a_request_has_brought_stands_beside_the_facts() -> None:
    fact = ContactArrived(
        contact=ContactId("c"),
        channel="web",
        entry_point=EntryPointId("e"),
        dnis="",
        leg="web",
        request={"name": "Иван"},
    )
    batch, personal = codec.dump_batch([(1.0, fact)])
    assert "Иван" not in batch
    assert json.loads(personal or "") == [{"contact": "c", "step": 0, "said": '{"name": "Иван"}'}]


def test_kind_of_a_newer_version_is_named() -> None:
    with pytest.raises(codec.UnknownKind, match="contact_teleported"):
        codec.load("contact_teleported", {})


def test_names_are_rid_of_what_the_database_refuses_as_values_are() -> None:
    assert json.loads(codec.storable_json({"a\x00\ud800": {"\ud800b": ["\x00c"]}})) == {"a": {"b": ["c"]}}


@pytest.mark.parametrize("wrong", [object(), {("a",): "x"}])
def test_what_is_no_json_is_unstorable(wrong: object) -> None:
    with pytest.raises(codec.Unstorable):
        codec.storable_json({"x": wrong})


def test_what_is_too_deep_is_unstorable() -> None:
    deep: list[object] = []
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(codec.Unstorable, match="RecursionError"):
        codec.storable_json(deep)
