"""From what is typed to what is asked of the full-text search, and from Markdown to the text that is searched. Pure."""

from __future__ import annotations

import re
from typing import Final

from otklik.knowledge.article import Piece

BEGIN, END = "\x02", "\x03"
"""Around what was found. No text has them: both are taken out before it is kept."""
MOST_WORDS = 12
_WORD: Final = re.compile(r"\w+")
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_LINE_MARKS: Final = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+|```.*$|-{3,}[ \t]*$)", re.M
)
_MARKS: Final = re.compile(r"\*\*|__|[*_`~|]")


def plain(body: str) -> str:
    """The words of a body without the marks of Markdown."""
    words = _MARKS.sub(" ", _LINE_MARKS.sub("", _LINK.sub(r"\1", body)))
    return re.sub(r"\s+", " ", words.replace(BEGIN, "").replace(END, "")).strip()


def queries(typed: str) -> tuple[str, str]:
    """For `to_tsquery`: with all words, and with any of them. The last one may go on: it is still being typed."""
    words = _WORD.findall(typed.lower().replace("ё", "е"))[:MOST_WORDS]
    parts = [f"'{word}'" for word in words]
    if parts:
        parts[-1] += ":*"
    return " & ".join(parts), " | ".join(parts)


def pieces(marked: str) -> list[Piece]:
    """A text with `BEGIN` and `END` in it, cut into what was looked for and the rest."""
    found: list[Piece] = []
    for number, part in enumerate(re.split(f"[{BEGIN}{END}]", marked)):
        if part:
            found.append(Piece(text=part, hit=number % 2 == 1))
    return found
