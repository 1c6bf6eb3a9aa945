"""The words of the page in its two languages, from the catalogues it was built from: what a test looks for on the
screen is what the translator wrote, and a wording may change without a test.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).resolve().parents[2] / "ui" / "src" / "locales"

_ENTRY = re.compile(r'^msgid ((?:"[^\n]*"\n)+)msgstr ((?:"[^\n]*"(?:\n|$))+)', re.MULTILINE)
_PIECE = re.compile(r'"(.*)"')
_ESCAPES = {r"\"": '"', r"\\": "\\", r"\n": "\n"}


def _text(lines: str) -> str:
    joined = "".join(_PIECE.findall(lines))
    return re.sub(r'\\["\\n]', lambda found: _ESCAPES[found.group()], joined)


@cache
def catalogue(language: str) -> dict[str, str]:
    """English source text to what is shown."""
    entries = [entry for file in (LOCALES / language).glob("*.po") for entry in _ENTRY.findall(file.read_text())]
    return {_text(source): _text(shown) or _text(source) for source, shown in entries if _text(source)}


def word(language: str, source: str) -> str:
    """What the page shows for this English source text; a text that is not in the catalogue fails the test."""
    return catalogue(language)[source]


def pattern(language: str, source: str) -> re.Pattern[str]:
    """As `word`, for a text with {places}: they match anything."""
    parts = re.split(r"\{[^}]*\}", word(language, source))
    return re.compile(".*".join(re.escape(part) for part in parts))
