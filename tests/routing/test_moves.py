"""The diagrams in the documents are those of the tables of moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from otklik.routing.agent import HAND_MOVES, STATUS_MOVES
from otklik.routing.contact import CONTACT_MOVES
from otklik.routing.moves import diagram
from otklik.routing.rules import Rule
from otklik.routing.strategy import RANKINGS

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs" / "explanation").glob("routing*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_about_routing_draws_the_tables_of_moves(page: Path) -> None:
    text = page.read_text()
    for moves in (diagram(CONTACT_MOVES), diagram(STATUS_MOVES), diagram(HAND_MOVES)):
        assert f"```mermaid\n{moves}\n```" in text, f"the table of moves is now:\n{moves}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_about_routing_names_every_rule_and_every_strategy(page: Path) -> None:
    text = page.read_text()
    assert [name for name in (*Rule, *RANKINGS) if f"`{name}`" not in text] == []


def test_both_pages_are_there() -> None:
    assert [page.name for page in PAGES] == ["routing.md", "routing.ru.md"]
