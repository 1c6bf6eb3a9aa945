"""What is wrong with the form of the customer's card: choices without choices, limits of something else, bad patterns."""

from __future__ import annotations

import math
from collections.abc import Iterator

from otklik.contact.form import CHOOSING, WRITTEN, CustomerField
from otklik.contact.pattern import readable

Finding = tuple[str, str, dict[str, object]]
"""The part of the field that is wrong, the code, its values."""
LONGEST: dict[str, int] = {"text": 500, "long_text": 10_000}


def wrong_with(field: CustomerField) -> Iterator[Finding]:
    for part in ("ru", "en"):
        if not getattr(field, part).strip():
            yield part, "config_empty", {}
    choosing = field.kind in CHOOSING
    sources = bool(field.choices) + (field.choices_from is not None)
    if choosing and sources != 1:
        yield "choices", "config_choices", {}
    if field.pattern and field.kind in WRITTEN and not readable(field.pattern):
        yield "pattern", "config_pattern", {"found": field.pattern}
    most = LONGEST.get(field.kind, 0)
    if not 0 <= field.longest <= (most or field.longest):
        yield "longest", "config_longest", {"most": most, "found": field.longest}
    for part in ("least", "most"):
        limit = getattr(field, part)
        if limit is not None and not math.isfinite(limit):
            yield part, "config_figure", {}
    if field.least is not None and field.most is not None and field.least > field.most:
        yield "most", "config_most", {"least": field.least, "found": field.most}
    yield from _of_another_kind(field, choosing)


def _of_another_kind(field: CustomerField, choosing: bool) -> Iterator[Finding]:
    """What would never be looked at."""
    said = {
        "pattern": bool(field.pattern) and field.kind not in WRITTEN,
        "longest": bool(field.longest) and field.kind not in WRITTEN,
        "least": field.least is not None and field.kind != "number",
        "most": field.most is not None and field.kind != "number",
        "choices": bool(field.choices) and not choosing,
        "choices_from": field.choices_from is not None and not choosing,
    }
    for part, needless in said.items():
        if needless:
            yield part, "config_not_of_kind", {"kind": field.kind}
