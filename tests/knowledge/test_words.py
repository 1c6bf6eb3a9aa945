"""What is asked of the full-text search, and what of a body is searched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from otklik.knowledge.words import BEGIN, END, pieces, plain, queries


def test_marks_of_markdown_are_not_searched_and_not_shown_in_snippets() -> None:
    body = "# Возврат\n\n> **Срок**: 14 дней\n\n- [форма](https://a.example/x)\n- `код`\n\n```\nx = 1\n```\n1. раз"
    assert plain(body) == "Возврат Срок : 14 дней форма код x = 1 раз"


def test_all_words_count_and_the_last_one_may_go_on() -> None:
    assert queries("Как вернуть Бук") == ("'как' & 'вернуть' & 'бук':*", "'как' | 'вернуть' | 'бук':*")
    assert queries(" ... ") == ("", "")


def test_ё_is_typed_as_е() -> None:
    assert queries("счёт") == queries("счет")


@given(st.text())
def test_whatever_is_typed_is_a_query_of_words_alone(typed: str) -> None:
    for query in queries(typed):
        words = query.replace(":*", "").replace(" & ", " ").replace(" | ", " ").split(" ") if query else []
        assert all(word[0] == word[-1] == "'" and "'" not in word[1:-1] and "\\" not in word for word in words)


@given(st.text())
def test_nothing_of_a_text_is_lost_in_its_pieces(words: str) -> None:
    words = words.replace(BEGIN, "").replace(END, "")
    marked = f"{words}{BEGIN}{words}{END}{words}"
    found = pieces(marked)
    assert "".join(each.text for each in found) == words * 3
    assert [each.hit for each in found] == ([False, True, False] if words else [])
